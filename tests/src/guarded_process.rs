//! A program with everything it starts, as one process group that never outlives the test.

use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// Leads the process group: ends all of it when the program ends, and when its own standard input ends,
/// which happens as soon as the test's process is gone, however that came about.
const GUARD: &str = r#"("$@"; kill -9 0) </dev/null & cat >/dev/null; kill -9 0"#;

/// A running program. Dropping it kills the program and all its descendants.
#[derive(Debug)]
pub struct GuardedProcess {
    guard: Child,
    log: PathBuf,
}

impl GuardedProcess {
    /// Starts `command` (its program, arguments, environment and folder); what it prints goes to `log`.
    ///
    /// # Panics
    /// When no shell can be started or `log` cannot be written.
    pub fn start(command: &Command, log: &Path) -> Self {
        let output = File::options().create(true).append(true).open(log);
        let output = output.unwrap_or_else(|error| panic!("cannot write {}: {error}", log.display()));
        let mut guard = Command::new("sh");
        guard
            .args([OsStr::new("-c"), OsStr::new(GUARD), OsStr::new("guard"), command.get_program()])
            .args(command.get_args())
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(output.try_clone().expect("a file handle can be cloned"))
            .stderr(output);
        if let Some(folder) = command.get_current_dir() {
            guard.current_dir(folder);
        }
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => guard.env(name, value),
                None => guard.env_remove(name),
            };
        }
        let guard = guard.spawn().expect("`sh` can be started");
        Self { guard, log: log.to_owned() }
    }

    /// Whether the program still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.guard.try_wait(), Ok(None))
    }

    /// The resident memory, in bytes, of what the program started under that name.
    ///
    /// # Panics
    /// When `ps` cannot be asked.
    pub fn memory_of(&self, name: &str) -> u64 {
        let output = Command::new("ps").args(["-A", "-o", "pgid=,rss=,comm="]).output().expect("`ps` can be started");
        let group = self.guard.id().to_string();
        let kilobytes = String::from_utf8_lossy(&output.stdout).lines().fold(0, |sum, line| {
            let parts: Vec<&str> = line.split_whitespace().collect();
            match parts.as_slice() {
                [of, kilobytes, program, ..] if *of == group && program.ends_with(name) => {
                    sum + kilobytes.parse::<u64>().expect("`ps` tells a number")
                }
                _ => sum,
            }
        });
        kilobytes * 1024
    }

    /// All the program has printed so far.
    pub fn printed(&self) -> String {
        std::fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Kills the program and its descendants as `kill -9` does, and returns when the system has let go of
    /// the group's leader.
    pub fn kill_9(&mut self) {
        if self.is_running() {
            let group = i32::try_from(self.guard.id()).expect("process ids fit");
            // The group may end by itself in between; then there is nothing left to kill.
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
            let _ = self.guard.wait();
        }
    }
}

impl Drop for GuardedProcess {
    fn drop(&mut self) {
        self.kill_9();
    }
}
