//! What the documents speak of exists.

use std::collections::BTreeMap;
use std::path::Path;

use tests::repository;

use crate::none;
use crate::tree::{File, files, ignored, is_ignored, read};

fn documents() -> Vec<File> {
    files().into_iter().filter(|file| file.path.ends_with(".md")).collect()
}

/// Pieces of a line in backticks.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Targets of Markdown links on a line.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split([')', '#', ' ']).next())
}

/// Whether a quoted piece is a path of this repository: it begins with a folder or is a file of the root.
fn is_path(piece: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/".contains(letter);
    let first = piece.split('/').next().unwrap_or_default();
    piece.contains(['/', '.'])
        && piece.chars().all(plain)
        && !first.is_empty()
        && !first.chars().all(|letter| letter == '.')
        && (repository::path(first).is_dir() && piece.contains('/') || repository::path(piece).is_file())
}

fn exists(path: &str) -> bool {
    repository::path(path).exists() || ignored().iter().any(|rule| is_ignored(path.trim_end_matches('/'), rule))
}

#[test]
fn every_path_in_the_documents_exists() {
    let mut missing = Vec::new();
    for document in documents() {
        for (index, line) in document.text.lines().enumerate() {
            let absent = quoted(line).filter(|piece| is_path(piece) && !exists(piece));
            missing.extend(absent.map(|piece| format!("{}:{}: {piece}", document.path, index + 1)));
        }
    }
    none(missing, "Correct the path in the document, or take it out.");
}

#[test]
fn every_relative_link_in_the_documents_leads_somewhere() {
    let mut broken = Vec::new();
    for document in documents() {
        let folder = Path::new(&document.path).parent().unwrap_or(Path::new(""));
        for (index, line) in document.text.lines().enumerate() {
            let relative = links(line).filter(|link| !link.is_empty() && !link.contains(':'));
            let dead = relative.filter(|link| !repository::path(folder.join(link)).exists());
            broken.extend(dead.map(|link| format!("{}:{}: {link}", document.path, index + 1)));
        }
    }
    none(broken, "Correct the link in the document, or take it out.");
}

#[test]
fn every_error_of_the_api_has_a_section_that_begins_with_its_status() {
    let document: serde_json::Value = serde_json::from_str(&read("edge/openapi.json")).expect("the document is JSON");
    let text = read("docs/ERRORS.md");
    let sections: BTreeMap<&str, &str> = text.split("\n## ").filter_map(|section| section.split_once("\n\n")).collect();
    let responses = document["components"]["responses"].as_object().expect("the document has responses");
    let examples = responses
        .values()
        .filter_map(|response| response["content"]["application/problem+json"]["examples"].as_object());
    let mut missing: Vec<String> = examples
        .flat_map(|examples| examples.values())
        .map(|example| (example["value"]["code"].as_str().unwrap_or_default(), &example["value"]["status"]))
        .filter(|(code, status)| !sections.get(code).is_some_and(|text| text.starts_with(&format!("**{status}"))))
        .map(|(code, status)| format!("{code}, {status}"))
        .collect();
    missing.dedup();
    none(missing, "Give the code a section in docs/ERRORS.md: its status, what causes it, and what to do.");
}
