//! One running Worker with its provider sandbox.

use std::fmt::Display;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::admin::Admin;
use super::client::Client;
use super::database::{Database, Delivery};
use super::worker_folder::WorkerFolder;
use super::{migrations, wrangler};
use crate::guarded_process::GuardedProcess;
use crate::sandbox::{Embed, Sandbox};
use crate::wait;

/// Two cores bear two Workers; more would only make each test wait within its own time limits.
static SLOTS: Semaphore = Semaphore::const_new(2);

/// Retries come after a second, so that a test sees them all.
const RETRY_SCHEDULE: &str = "1,1,1,1,1,1,1";

/// How long the cron trigger is repeated: hundreds of deliveries go out a few at a time.
const SWEEPING: Duration = Duration::from_secs(180);

/// Ports that the system does not give to outgoing connections. A client that keeps calling a Worker
/// while it is down could otherwise be given the Worker's own port.
const PORTS: std::ops::Range<u16> = 20_000..30_000;

/// The real Worker, an empty database, and a sandbox in place of the providers. Dropping it ends all.
#[derive(Debug)]
pub struct Stack {
    /// The providers; shared, so that a test can order faults while it restarts the Worker.
    pub sandbox: Arc<Sandbox>,
    process: Option<GuardedProcess>,
    folder: WorkerFolder,
    port: u16,
    schedule: String,
    _slot: SemaphorePermit<'static>,
}

impl Stack {
    /// Starts the built Worker and waits until it is well.
    pub async fn start() -> Self {
        Self::start_in(WorkerFolder::copy()).await
    }

    /// Starts the Worker of a folder that a test has prepared.
    pub async fn start_in(folder: WorkerFolder) -> Self {
        Self::start_with(folder, RETRY_SCHEDULE).await
    }

    /// Starts the built Worker with these seconds between attempts, such as `5,300`.
    pub async fn start_retrying_after(schedule: &str) -> Self {
        Self::start_with(WorkerFolder::copy(), schedule).await
    }

    /// Starts the built Worker twice, side by side. Both places are taken at once: of two tests that each
    /// held one and waited for another, neither would go on.
    pub async fn start_pair() -> (Self, Self) {
        let mut slots = SLOTS.acquire_many(2).await.expect("the semaphore stays open");
        let slot = slots.split(1).expect("two places are held");
        let first = Self::start_in_slot(WorkerFolder::copy(), RETRY_SCHEDULE, slots).await;
        (first, Self::start_in_slot(WorkerFolder::copy(), RETRY_SCHEDULE, slot).await)
    }

    async fn start_with(folder: WorkerFolder, schedule: &str) -> Self {
        let slot = SLOTS.acquire().await.expect("the semaphore stays open");
        Self::start_in_slot(folder, schedule, slot).await
    }

    async fn start_in_slot(folder: WorkerFolder, schedule: &str, slot: SemaphorePermit<'static>) -> Self {
        migrations::apply(&folder).await;
        let sandbox = Arc::new(Sandbox::start().await);
        let schedule = schedule.to_owned();
        let mut stack = Self { sandbox, process: None, folder, port: free_port(), schedule, _slot: slot };
        stack.restart().await;
        stack
    }

    /// The Worker's origin.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Calls the Worker's public addresses.
    pub fn client(&self) -> Client {
        Client::new(self.origin())
    }

    /// Calls the Worker's admin addresses.
    pub fn admin(&self) -> Admin<'_> {
        Admin::new(self)
    }

    /// Lets the sandbox's pages embed the form of a publishable key.
    pub fn embed(&self, key: &str) {
        self.sandbox.embed(Embed { edge: self.origin(), key: key.to_owned() });
    }

    /// Ends the Worker and everything about it as `kill -9` does.
    pub fn kill_9(&mut self) {
        self.process = None;
    }

    /// Starts the Worker on what it stored, on the same port; first ends it if it runs.
    pub async fn restart(&mut self) {
        self.kill_9();
        let mut command = wrangler::command(&self.folder.path(""));
        command
            .args(["dev", "--local", "--show-interactive-dev-session=false", "--ip", "127.0.0.1"])
            .args(["--inspector-port", "0"])
            .args(["--var", &format!("RETRY_SCHEDULE_SECONDS:{}", self.schedule)])
            .args(["--var", &format!("META_GRAPH_URL:{}/meta", self.sandbox.origin())])
            .args(["--port", &self.port.to_string(), "--persist-to"])
            .arg(self.folder.state());
        let process = self.process.insert(GuardedProcess::start(&command, &self.folder.path("wrangler.log")));
        let health = format!("http://127.0.0.1:{}/healthz", self.port);
        wait::until("the Worker is well", async || {
            assert!(process.is_running(), "wrangler ended:\n{}", process.printed());
            reqwest::get(&health).await.ok().filter(|answer| answer.status() == 200).map(drop)
        })
        .await;
    }

    /// Writes a value to KV behind the Worker's back, and starts the Worker anew.
    ///
    /// # Panics
    /// When KV cannot be written.
    pub async fn put_kv(&mut self, name: &str, value: &str) {
        self.kill_9();
        let mut put = wrangler::command(&self.folder.path(""));
        put.args(["kv", "key", "put", name, value, "--binding", "CONFIG", "--local", "--persist-to"]);
        let output = put.arg(self.folder.state()).output().expect("wrangler can be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.restart().await;
    }

    /// Gives the Worker one more secret, for which it starts anew.
    pub async fn give_secret(&mut self, name: &str, value: &str) {
        self.folder.add_secret(name, value);
        self.restart().await;
    }

    /// Lets the one-minute cron trigger happen now.
    pub async fn run_cron(&self) {
        let address = format!("{}/cdn-cgi/local/scheduled", self.origin());
        let answer = reqwest::get(address).await.expect("the Worker answers");
        assert_eq!(answer.status(), 200, "the cron trigger fails");
    }

    /// What D1 holds.
    pub fn d1(&self) -> Database {
        Database::open(&self.folder.state())
    }

    /// All that wrangler and the Worker have printed.
    pub fn printed(&self) -> String {
        std::fs::read_to_string(self.folder.path("wrangler.log")).unwrap_or_default()
    }

    /// Waits until D1 holds exactly `count` deliveries and each of them is delivered.
    pub async fn delivered(&self, count: usize) -> Vec<Delivery> {
        wait::until(format!("{count} deliveries are delivered"), async || all_delivered(self.d1().deliveries(), count))
            .await
    }

    /// Lets the cron trigger happen until D1 holds exactly `count` deliveries and each of them is
    /// delivered.
    pub async fn sweep_until_delivered(&self, count: usize) -> Vec<Delivery> {
        self.sweep_until(format!("{count} deliveries are delivered"), |deliveries| all_delivered(deliveries, count))
            .await
    }

    /// Lets the cron trigger happen until `found` finds in the deliveries what it looks for. What a killed
    /// Worker was sending becomes due when its lease ends, after 30 seconds.
    ///
    /// # Panics
    /// When [`SWEEPING`] is over, with `what` was awaited.
    pub async fn sweep_until<T>(&self, what: impl Display, found: impl Fn(Vec<Delivery>) -> Option<T>) -> T {
        let swept = wait::within(SWEEPING, async || {
            self.run_cron().await;
            found(self.d1().deliveries())
        });
        match swept.await {
            Some(value) => value,
            None => {
                let standing = self.d1().deliveries_by_status();
                panic!("swept {} s in vain until {what}: {standing:?}", SWEEPING.as_secs())
            }
        }
    }

    /// The memory that the Worker takes, in bytes, with the database that runs in its process.
    ///
    /// # Panics
    /// When it does not run.
    pub fn memory(&self) -> u64 {
        self.process.as_ref().expect("the Worker runs").memory_of("workerd")
    }

    /// A path in the folder that the Worker runs in.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.folder.path(relative)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.kill_9();
        if std::thread::panicking() {
            eprintln!("---- what the Worker printed ----\n{}", self.printed());
        }
    }
}

fn all_delivered(deliveries: Vec<Delivery>, count: usize) -> Option<Vec<Delivery>> {
    let done = deliveries.iter().all(|delivery| delivery.status == "delivered");
    (done && deliveries.len() == count).then_some(deliveries)
}

fn free_port() -> u16 {
    std::iter::repeat_with(|| fastrand::u16(PORTS))
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a port is free")
}
