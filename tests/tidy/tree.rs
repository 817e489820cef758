//! The files of the repository, without what `.gitignore` leaves out.

use std::fs;
use std::path::Path;

use tests::repository;
use walkdir::{DirEntry, WalkDir};

/// A file of the repository.
pub struct File {
    /// Path from the root, with `/` between its parts.
    pub path: String,
    /// What it holds; text that is not UTF-8 has replacement characters.
    pub text: String,
}

impl File {
    /// Its lines without comments and without the text of strings, numbered from 1.
    pub fn code_lines(&self) -> impl Iterator<Item = (usize, String)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, code(line)))
    }

    /// Whether it is Rust.
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

/// All files that belong to the repository.
pub fn files() -> Vec<File> {
    let ignored = ignored();
    let keep = |entry: &DirEntry| {
        let path = relative(entry.path());
        entry.file_name() != ".git" && !ignored.iter().any(|rule| is_ignored(&path, rule))
    };
    let files: Vec<File> = WalkDir::new(repository::root())
        .into_iter()
        .filter_entry(keep)
        .map(|entry| entry.expect("the repository can be read"))
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let text = String::from_utf8_lossy(&fs::read(entry.path()).ok()?).into_owned();
            Some(File { path: relative(entry.path()), text })
        })
        .collect();
    assert!(files.iter().any(|file| file.path == "Cargo.toml"), "the repository is not where it is looked for");
    files
}

/// The Rust files below a folder.
pub fn rust_below(folder: &str) -> Vec<File> {
    files().into_iter().filter(|file| file.is_rust() && file.path.starts_with(folder)).collect()
}

/// The text of one file.
pub fn read(path: &str) -> String {
    fs::read_to_string(repository::path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What `.gitignore` leaves out: paths from the root, or names anywhere.
pub fn ignored() -> Vec<String> {
    read(".gitignore").lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

/// Whether a path from the root, or a folder above it, is left out by a rule of `.gitignore`.
pub fn is_ignored(path: &str, rule: &str) -> bool {
    match rule.strip_prefix('/') {
        Some(from_root) => path == from_root || path.starts_with(&format!("{from_root}/")),
        None => path.split('/').any(|part| part == rule.trim_end_matches('/')),
    }
}

/// The words of a piece of code: identifiers and keywords.
pub fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty())
}

fn relative(path: &Path) -> String {
    let path = path.strip_prefix(repository::root()).expect("the walk stays in the repository");
    path.to_string_lossy().replace('\\', "/")
}

fn code(line: &str) -> String {
    let mut code = String::new();
    let mut in_string = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if in_string => drop(letters.next()),
            '"' => in_string = !in_string,
            '/' if !in_string && letters.peek() == Some(&'/') => break,
            _ if in_string => {}
            other => code.push(other),
        }
    }
    code
}
