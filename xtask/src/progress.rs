//! What the developer sees: a line when a long step starts, a line when it ends, and the output of what failed.

use std::fmt::{Arguments, Display};
use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// Prints one line. A closed terminal is no reason to stop: `dev` still has children to end.
pub fn say(line: Arguments<'_>) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

/// Runs `work` between a line that says what starts and a line that says how long it took.
/// `expectation` tells how long it takes the first time, for a reader who wonders whether it hangs.
pub fn step<T>(what: impl Display, expectation: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    say(format_args!("> {what} ({expectation})"));
    let started = Instant::now();
    let result = work()?;
    say(format_args!("  done in {:.1} s: {what}", started.elapsed().as_secs_f64()));
    Ok(result)
}

/// Runs a program in the foreground with its output on the terminal.
///
/// # Errors
/// When the program cannot start or ends with another status than 0.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot start {}", name(command)))?;
    if !status.success() {
        bail!("{} failed ({status}); its output is above", name(command));
    }
    Ok(())
}

/// Runs a program out of sight and returns its standard output.
///
/// # Errors
/// When the program cannot start or ends with another status than 0: then with all it printed.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {}", name(command)))?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        bail!("{} failed ({}):\n{stdout}{}", name(command), output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(stdout.into_owned())
}

/// The program's name without its folder.
fn name(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned()
}
