//! A copy of the built Worker in a temporary folder, with secrets and state of its own.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::repository;

/// What the copy holds of the repository.
const COPIED: [&str; 4] = ["wrangler.toml", "dist", "edge/build", "edge/migrations"];

/// The secrets that the Worker finds; the providers' credentials are those their sandboxes take.
const SECRETS: &str = "ADMIN_TOKEN=test-admin-token
CONSENT_SIGNING_KEY=7e577e577e577e577e577e577e577e577e577e577e577e577e577e577e577e57
ANYHOUSE_TOKEN=sandbox-anyhouse-token
LEADPRO_KEY=sandbox-leadpro-token
MARKETPLACE_KEY=sandbox-marketplace-token
ALTERESTATE_KEY=sandbox-alterestate-token
ACTUALLYCARE_KEY=sandbox-actuallycare-token
TURNSTILE_SECRET=sandbox-turnstile-secret
WEBHOOK_SECRET=whsec_bGVhZGdhdGUtc2FuZGJveC13ZWJob29rLXNlY3JldC0x
META_VERIFY_TOKEN=test-verify-token
META_APP_SECRET=test-app-secret
META_ACCESS_TOKEN=sandbox-meta-token
";

/// What `Authorization: Bearer` must say to the admin addresses.
pub(super) const ADMIN_TOKEN: &str = "test-admin-token";

/// The folder. Dropping it removes it.
#[derive(Debug)]
pub struct WorkerFolder(TempDir);

impl WorkerFolder {
    /// Copies what `cargo xtask build` has built.
    ///
    /// # Panics
    /// When nothing has been built.
    pub fn copy() -> Self {
        let folder = tempfile::Builder::new().prefix("leadgate-worker-").tempdir().expect("a temporary folder");
        for part in COPIED {
            copy(&repository::path(part), &folder.path().join(part));
        }
        fs::write(folder.path().join(".dev.vars"), SECRETS).expect("the temporary folder can be written");
        Self(folder)
    }

    /// The folder with one more secret.
    #[must_use]
    pub fn with_secret(self, name: &str, value: &str) -> Self {
        self.add_secret(name, value);
        self
    }

    /// Puts one more secret into the folder.
    pub(super) fn add_secret(&self, name: &str, value: &str) {
        let path = self.path(".dev.vars");
        let secrets = fs::read_to_string(&path).expect("the secrets are written");
        fs::write(path, format!("{secrets}{name}={value}\n")).expect("the temporary folder can be written");
    }

    /// The folder without a secret.
    #[must_use]
    pub fn without_secret(self, name: &str) -> Self {
        let path = self.path(".dev.vars");
        let secrets = fs::read_to_string(&path).expect("the secrets are written");
        let others = secrets.lines().filter(|line| !line.starts_with(&format!("{name}=")));
        fs::write(path, others.map(|line| format!("{line}\n")).collect::<String>())
            .expect("the temporary folder can be written");
        self
    }

    /// A path in the folder.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.0.path().join(relative)
    }

    /// Where D1, KV and Queues keep their data.
    pub fn state(&self) -> PathBuf {
        self.path("state")
    }
}

/// Copies a file or a whole folder.
pub(super) fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("the temporary folder can be written");
        for entry in fs::read_dir(from).expect("the folder can be read") {
            let entry = entry.expect("the folder can be read");
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().expect("a file is in a folder")).expect("the folder can be written");
        let copied = fs::copy(from, to);
        copied.unwrap_or_else(|error| panic!("{} ({error}): run `cargo xtask build` first", from.display()));
    }
}
