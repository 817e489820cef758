//! A program that runs beside this one, with all it starts itself: its lines are shown under its name, and when it
//! is dropped the whole process group ends.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::progress::say;

/// How long a program may take to end by itself.
const GRACE: Duration = Duration::from_secs(5);
/// The lines kept for the case that it dies.
const KEPT_LINES: usize = 60;

/// A running program.
pub struct Child {
    /// What its lines are shown under.
    pub name: &'static str,
    group: Pid,
    output: Arc<Mutex<Output>>,
    /// Never sends; is closed when the program has ended.
    ended: Receiver<()>,
}

/// Lines are kept back until the program is known to work, and shown from then on.
#[derive(Default)]
struct Output {
    is_shown: bool,
    last: VecDeque<String>,
}

impl Child {
    /// Starts `command` in a process group of its own; `on_end` is called once, when it has ended.
    pub fn start(
        name: &'static str,
        command: &mut Command,
        on_end: impl FnOnce(ExitStatus) + Send + 'static,
    ) -> Result<Self> {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let group = Pid::from_raw(i32::try_from(process.id())?);
        let output = Arc::new(Mutex::new(Output::default()));
        if let Some(stdout) = process.stdout.take() {
            relay(name, stdout, Arc::clone(&output));
        }
        if let Some(stderr) = process.stderr.take() {
            relay(name, stderr, Arc::clone(&output));
        }
        let (alive, ended): (Sender<()>, _) = mpsc::channel();
        thread::spawn(move || {
            let status = process.wait().unwrap_or_else(|_| ExitStatus::from_raw(1));
            drop(alive);
            on_end(status);
        });
        Ok(Self { name, group, output, ended })
    }

    /// Shows the program's lines from now on.
    pub fn show(&self) {
        lock(&self.output).is_shown = true;
    }

    /// The last lines it printed.
    pub fn last_lines(&self) -> String {
        let output = lock(&self.output);
        output.last.iter().map(|line| format!("{line}\n")).collect()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // An error means that nobody is left in the group, which is what is wanted.
        let _ = killpg(self.group, Signal::SIGTERM);
        if self.ended.recv_timeout(GRACE) == Err(RecvTimeoutError::Timeout) {
            say(format_args!("  {} does not end by itself: killed", self.name));
        }
        let _ = killpg(self.group, Signal::SIGKILL);
    }
}

fn relay(name: &'static str, stream: impl Read + Send + 'static, output: Arc<Mutex<Output>>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            let mut output = lock(&output);
            if output.is_shown {
                say(format_args!("{name:<7} | {line}"));
            }
            if output.last.len() == KEPT_LINES {
                output.last.pop_front();
            }
            output.last.push_back(line);
        }
    });
}

fn lock(output: &Mutex<Output>) -> std::sync::MutexGuard<'_, Output> {
    output.lock().unwrap_or_else(PoisonError::into_inner)
}
