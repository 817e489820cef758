//! Whether an output is still what its inputs make: hashes of contents, not times, so that a fresh
//! checkout, a branch switch and a shared cache all answer right.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// A running hash over names and contents.
#[derive(Default)]
pub struct Fingerprint {
    hash: Sha256,
}

impl Fingerprint {
    /// Takes a setting in, such as a tool's version.
    pub fn text(mut self, text: &str) -> Self {
        self.take(text.as_bytes());
        self
    }

    /// Takes a file or a folder with all below it in; one that is missing counts as missing.
    pub fn path(mut self, root: &Path, relative: &str) -> Result<Self> {
        let path = root.join(relative);
        let files = if path.is_dir() { files_below(&path)? } else { vec![path] };
        for file in files {
            let name = file.strip_prefix(root).unwrap_or(&file);
            self.take(name.to_string_lossy().as_bytes());
            match fs::read(&file) {
                Ok(content) => self.take(&content),
                Err(_) => self.take(b"(missing)"),
            }
        }
        Ok(self)
    }

    /// The hash in lower-case hex.
    pub fn finish(self) -> String {
        hex(&self.hash.finalize())
    }

    fn take(&mut self, bytes: &[u8]) {
        // The length keeps "ab" + "c" and "a" + "bc" apart.
        self.hash.update((bytes.len() as u64).to_le_bytes());
        self.hash.update(bytes);
    }
}

/// Lower-case hex of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All files below a folder, sorted.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The record of what an output was made from.
pub struct Stamp {
    path: PathBuf,
}

impl Stamp {
    /// The stamp kept in the file at `path`.
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Whether the `outputs` below `root` are unchanged since they were made from `inputs`.
    pub fn is_current(&self, inputs: &str, root: &Path, outputs: &[&str]) -> Result<bool> {
        match fs::read_to_string(&self.path) {
            Ok(recorded) => Ok(recorded == content(inputs, root, outputs)?),
            Err(_) => Ok(false),
        }
    }

    /// Records that the `outputs` below `root` were just made from `inputs`.
    pub fn record(&self, inputs: &str, root: &Path, outputs: &[&str]) -> Result<()> {
        if let Some(parent) = self.path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&self.path, content(inputs, root, outputs)?)
            .with_context(|| format!("cannot write {}", self.path.display()))
    }
}

fn content(inputs: &str, root: &Path, outputs: &[&str]) -> Result<String> {
    let made = outputs.iter().try_fold(Fingerprint::default(), |made, output| made.path(root, output))?.finish();
    Ok(format!("inputs {inputs}\noutput {made}\n"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Fingerprint, Stamp};

    #[test]
    fn a_changed_a_new_and_a_renamed_file_each_change_the_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let of_src = || Fingerprint::default().path(root, "src").unwrap().finish();
        let mut seen = vec![of_src()];
        fs::create_dir(root.join("src")).unwrap();
        fs::write(root.join("src/a"), "1").unwrap();
        seen.push(of_src());
        fs::write(root.join("src/a"), "2").unwrap();
        seen.push(of_src());
        fs::write(root.join("src/b"), "").unwrap();
        seen.push(of_src());
        fs::rename(root.join("src/b"), root.join("src/c")).unwrap();
        seen.push(of_src());
        assert_eq!(seen.last(), Some(&of_src()));
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 5);
    }

    #[test]
    fn an_output_is_stale_when_its_inputs_or_it_itself_changed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let outputs = ["output", "page"];
        fs::create_dir(root.join("output")).unwrap();
        fs::write(root.join("output/file"), "made").unwrap();
        fs::write(root.join("page"), "made").unwrap();
        let stamp = Stamp::at(root.join("stamps/output"));
        let is_current = |inputs: &str| stamp.is_current(inputs, root, &outputs).unwrap();
        assert!(!is_current("inputs"));
        stamp.record("inputs", root, &outputs).unwrap();
        assert!(is_current("inputs"));
        assert!(!is_current("other inputs"));
        fs::write(root.join("page"), "touched").unwrap();
        assert!(!is_current("inputs"));
        fs::write(root.join("page"), "made").unwrap();
        assert!(is_current("inputs"));
        fs::remove_dir_all(root.join("output")).unwrap();
        assert!(!is_current("inputs"));
    }
}
