//! An empty database with all migrations applied, made once and copied from then on.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use tokio::sync::OnceCell;

use super::worker_folder::{WorkerFolder, copy};
use super::wrangler;
use crate::repository;

/// Gives the Worker in `folder` a database with all migrations applied.
pub(super) async fn apply(folder: &WorkerFolder) {
    static TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(async || template(folder)).await;
    copy(template, &folder.state());
}

fn template(folder: &WorkerFolder) -> PathBuf {
    let program = std::env::current_exe().expect("a test knows its program");
    let built = program.ancestors().nth(2).expect("a test's program lies in the target folder");
    let template = built.join(format!("migrated-d1-{:016x}", fingerprint()));
    if !template.exists() {
        let state = tempfile::tempdir_in(built).expect("the target folder can be written");
        let mut apply = wrangler::command(&folder.path(""));
        apply.args(["d1", "migrations", "apply", "DB", "--local", "--persist-to"]).arg(state.path());
        let output = apply.output().expect("wrangler can be started");
        assert!(output.status.success(), "the migrations fail:\n{}", String::from_utf8_lossy(&output.stderr));
        // Where another program was faster, its template is as good.
        let _ = fs::rename(state.path(), &template);
    }
    template
}

/// Changes with the migrations and with the configuration they are applied by.
fn fingerprint() -> u64 {
    let mut files: Vec<_> = fs::read_dir(repository::path("edge/migrations"))
        .expect("there are migrations")
        .map(|entry| entry.expect("the migrations can be read").path())
        .chain([repository::path("wrangler.toml"), repository::path("package.json")])
        .collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in &files {
        file.file_name().hash(&mut hasher);
        read(file).hash(&mut hasher);
    }
    hasher.finish()
}

fn read(file: &Path) -> Vec<u8> {
    fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
