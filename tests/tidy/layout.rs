//! Where files stand, how long they are, and how they begin.

use crate::none;
use crate::tree::{File, files};

/// Beyond it a file has more than one reason to exist.
const MAX_LINES: usize = 400;

/// Written by hand and read as code.
const SOURCES: [&str; 5] = [".rs", ".js", ".css", ".html", ".sql"];

/// Names that say nothing about what they hold.
const EMPTY_NAMES: [&str; 4] = ["utils", "helpers", "common", "misc"];

fn sources() -> Vec<File> {
    files().into_iter().filter(|file| SOURCES.iter().any(|end| file.path.ends_with(end))).collect()
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let long = sources().into_iter().map(|file| (file.path, file.text.lines().count()));
    none(
        long.filter(|(_, lines)| *lines > MAX_LINES).map(|(path, lines)| format!("{path}: {lines} lines")).collect(),
        "Find the second thing such a file does and give it a file of its own.",
    );
}

#[test]
fn names_of_files_say_what_is_in_them() {
    let vague = |path: &String| {
        path.split(['/', '.'])
            .any(|part| EMPTY_NAMES.iter().any(|name| part == *name || part == &name[..name.len() - 1]))
    };
    none(
        files().into_iter().map(|file| file.path).filter(vague).collect(),
        "Name the file after what it holds; `utils`, `helpers`, `common` and `misc` hold anything.",
    );
}

#[test]
fn modules_are_foo_rs_beside_foo() {
    none(
        files().into_iter().map(|file| file.path).filter(|path| path.ends_with("/mod.rs")).collect(),
        "Move `foo/mod.rs` to `foo.rs`.",
    );
}

#[test]
fn every_rust_file_begins_with_what_it_is_for() {
    let silent = files().into_iter().filter(|file| file.is_rust() && !file.text.starts_with("//! "));
    none(silent.map(|file| file.path).collect(), "Begin the file with a `//!` line that says what it is for.");
}

#[test]
fn every_provider_has_its_wire_types_its_outbound_side_and_a_sandbox() {
    let paths: Vec<String> = files().into_iter().map(|file| file.path).collect();
    let mut providers: Vec<&str> = paths
        .iter()
        .filter_map(|path| path.strip_prefix("edge/src/provider/")?.split_once('/'))
        .map(|(provider, _)| provider)
        .collect();
    providers.sort_unstable();
    providers.dedup();
    assert!(!providers.is_empty(), "no provider has a folder in edge/src/provider/");
    let wanted = providers.iter().flat_map(|name| {
        [
            format!("edge/src/provider/{name}/wire.rs"),
            format!("edge/src/provider/{name}/outbound.rs"),
            format!("edge/src/provider/{name}/outbound/tests.rs"),
            format!("tests/src/sandbox/provider/{name}.rs"),
        ]
    });
    none(
        wanted.filter(|path| !paths.contains(path)).collect(),
        "A provider has wire types, an outbound side, golden requests and answers for it, and a sandbox.",
    );
}
