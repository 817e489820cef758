//! How many tests passed and failed, read off what `cargo test` prints.

use std::fmt::{self, Display, Formatter};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::progress::say;

/// Counts over all test programs so far.
#[derive(Default)]
pub struct Tally {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
}

impl Tally {
    /// Runs `cargo test …`, shows its output and adds its counts.
    ///
    /// # Errors
    /// When a test fails, when nothing compiles, and when there was no test at all: a layer that tests nothing
    /// would stay green for ever.
    pub fn run(&mut self, cargo_test: &mut Command) -> Result<()> {
        let before = self.passed + self.failed;
        let mut child =
            cargo_test.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start cargo test")?;
        let stdout = child.stdout.take().context("cargo test has no output")?;
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            self.count(&line);
            say(format_args!("{line}"));
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("cargo test failed ({status}); its output is above");
        }
        if self.passed + self.failed == before {
            bail!("cargo test found no test to run");
        }
        Ok(())
    }

    /// Takes `test result: ok. 3 passed; 0 failed; 0 ignored; …` in and leaves other lines alone.
    fn count(&mut self, line: &str) {
        let Some((_, counts)) = line.strip_prefix("test result: ").and_then(|result| result.split_once(". ")) else {
            return;
        };
        for count in counts.split("; ") {
            let Some((number, what)) = count.split_once(' ') else {
                continue;
            };
            let number = number.parse().unwrap_or(0);
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                _ => {}
            }
        }
    }
}

impl Display for Tally {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::Tally;

    #[test]
    fn adds_up_the_results_of_several_test_programs() {
        let mut tally = Tally::default();
        tally.count("running 4 tests");
        tally.count("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        tally
            .count("test result: FAILED. 2 passed; 5 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        assert_eq!(tally.to_string(), "5 passed, 5 failed");
    }

    #[test]
    fn a_run_without_a_single_test_is_an_error() {
        let error = Tally::default().run(&mut Command::new("true"));
        assert!(error.unwrap_err().to_string().contains("no test"));
    }
}
