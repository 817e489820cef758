//! Where the parts of this repository lie.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this package lies in a folder of the repository")
}

/// A path inside the repository, given relative to its root.
pub fn path(relative: impl AsRef<Path>) -> PathBuf {
    root().join(relative)
}
