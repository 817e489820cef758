//! Names of tests, and what no text of the repository may say.

use std::env;

use tests::repository;

use crate::none;
use crate::tree::{files, words};

/// Shorter is a label, not a sentence.
const MIN_WORDS: usize = 3;

#[test]
fn names_of_tests_are_sentences() {
    let mut labels = Vec::new();
    for file in files().iter().filter(|file| file.is_rust()) {
        let mut is_test = false;
        for (number, code) in file.code_lines() {
            let code = code.trim();
            is_test |= code.ends_with("test]") || code.starts_with("#[tokio::test");
            let name =
                code.strip_prefix("async ").unwrap_or(code).strip_prefix("fn ").and_then(|rest| words(rest).next());
            if let Some(name) = name
                && std::mem::take(&mut is_test)
                && (name.split('_').count() < MIN_WORDS || name.starts_with("test_"))
            {
                labels.push(format!("{}:{number}: {name}", file.path));
            }
        }
    }
    none(labels, "Name the test after the behaviour it shows, as a sentence.");
}

#[test]
fn nothing_names_a_folder_of_somebodys_machine() {
    let mut folders: Vec<String> = ["root", "home", "Users"].iter().map(|name| format!("/{name}/")).collect();
    folders.extend(env::var("HOME").ok().filter(|home| home.len() > 1).map(|home| format!("{home}/")));
    folders.push(format!("{}/", repository::root().display()));
    let mut found = Vec::new();
    for file in files() {
        for (index, line) in file.text.lines().enumerate() {
            let is_named = |folder: &String| {
                line.match_indices(folder.as_str()).any(|(at, _)| {
                    // Behind a letter it is the end of another path, as in `edge/src/`.
                    !line[..at].ends_with(|before: char| before.is_alphanumeric() || "._-}])>*".contains(before))
                })
            };
            if let Some(folder) = folders.iter().find(|folder| is_named(folder)) {
                found.push(format!("{}:{}: {folder}", file.path, index + 1));
            }
        }
    }
    none(found, "Give paths from the root of the repository, or find them when the program runs.");
}
