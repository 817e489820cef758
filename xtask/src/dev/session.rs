//! The programs of one `cargo xtask dev`, and what can happen to them: somebody stops us, one of them ends, a minute
//! passes.

use std::process::{Command, ExitStatus};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::child::Child;
use crate::progress::say;
use crate::seed::agent;

/// How long a program may take until it answers; wrangler needs a few seconds.
const START_LIMIT: Duration = Duration::from_secs(120);
/// How often a starting program is asked.
const POLL: Duration = Duration::from_millis(200);
/// wrangler.toml's cron: locally nobody but us rings it.
const CRON_PERIOD: Duration = Duration::from_secs(60);

enum Event {
    Stop,
    Ended(&'static str, ExitStatus),
}

/// Running programs; they end when it is dropped.
pub struct Session {
    children: Vec<Child>,
    sender: Sender<Event>,
    events: Receiver<Event>,
}

impl Session {
    /// From here on Ctrl-C, SIGTERM and a closed terminal are events instead of the end of this process.
    pub fn new() -> Result<Self> {
        let (sender, events) = mpsc::channel();
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let on_signal = sender.clone();
        thread::spawn(move || {
            for _ in signals.forever() {
                let _ = on_signal.send(Event::Stop);
            }
        });
        Ok(Self { children: Vec::new(), sender, events })
    }

    /// Starts a program.
    pub fn start(&mut self, name: &'static str, command: &mut Command) -> Result<()> {
        let sender = self.sender.clone();
        let child = Child::start(name, command, move |status| {
            let _ = sender.send(Event::Ended(name, status));
        })?;
        self.children.push(child);
        Ok(())
    }

    /// Waits until a GET of `address` answers 200.
    ///
    /// # Errors
    /// When a program ends meanwhile, when somebody stops us, or when it takes too long.
    pub fn wait_until_healthy(&self, address: &str) -> Result<()> {
        let agent = agent(Duration::from_secs(10));
        let started = Instant::now();
        loop {
            let answer = agent.get(address).call();
            if answer.as_ref().is_ok_and(|answer| answer.status() == 200) {
                return Ok(());
            }
            if started.elapsed() > START_LIMIT {
                let answer =
                    answer.map_or_else(|error| error.to_string(), |answer| format!("status {}", answer.status()));
                bail!("{address} is not healthy after {} s ({answer}):\n{}", START_LIMIT.as_secs(), self.last_lines());
            }
            match self.events.recv_timeout(POLL) {
                Ok(Event::Stop) => bail!("stopped while starting"),
                Ok(Event::Ended(name, status)) => return Err(self.death(name, status)),
                Err(_) => {}
            }
        }
    }

    /// Shows what the programs print and rings the Worker's cron every minute.
    ///
    /// # Errors
    /// When a program ends by itself.
    pub fn run_until_stopped(&self, worker: &str) -> Result<()> {
        for child in &self.children {
            child.show();
        }
        let mut next_ring = Instant::now() + CRON_PERIOD;
        loop {
            match self.events.recv_timeout(next_ring.saturating_duration_since(Instant::now())) {
                Ok(Event::Stop) => {
                    say(format_args!("> stopping"));
                    return Ok(());
                }
                Ok(Event::Ended(name, status)) => return Err(self.death(name, status)),
                Err(RecvTimeoutError::Timeout) => {
                    next_ring += CRON_PERIOD;
                    // The answer comes when the sweep is done; Ctrl-C must not wait for it.
                    let address = format!("{worker}/cdn-cgi/local/scheduled");
                    thread::spawn(move || ring(&address));
                }
                Err(RecvTimeoutError::Disconnected) => bail!("no program is left"),
            }
        }
    }

    fn death(&self, name: &str, status: ExitStatus) -> anyhow::Error {
        let child = self.children.iter().find(|child| child.name == name);
        let lines = child.map(Child::last_lines).unwrap_or_default();
        anyhow!("the {name} ended by itself ({status}); its last lines:\n{lines}")
    }

    /// What the program that was started last has printed.
    fn last_lines(&self) -> String {
        self.children.last().map(Child::last_lines).unwrap_or_default()
    }
}

fn ring(address: &str) {
    match agent(CRON_PERIOD).get(address).call() {
        Ok(answer) if answer.status().is_success() => {}
        Ok(answer) => say(format_args!("  the cron handler answered {}", answer.status())),
        Err(error) => say(format_args!("  the cron handler could not be called: {error}")),
    }
}
