//! What a file may touch follows from where it stands.

use crate::none;
use crate::tree::{File, rust_below, words};

/// The parts of the Worker that may know the platform.
const PLATFORM: [&str; 5] =
    ["edge/src/lib.rs", "edge/src/router.rs", "edge/src/routes", "edge/src/io", "edge/src/telemetry.rs"];

/// The parts of the widget that decide and do nothing else.
const PURE_IN_WIDGET: [&str; 3] = ["widget/src/options", "widget/src/form_state", "widget/src/messages"];

const IMPURE: [&str; 5] = ["worker", "web_sys", "js_sys", "async", "await"];

fn is_part_of(path: &str, part: &str) -> bool {
    path == part || path.strip_prefix(part).is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
}

fn mentions(files: &[File], forbidden: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        for (number, code) in file.code_lines() {
            let hits = words(&code).filter(|word| forbidden.contains(word));
            found.extend(hits.map(|word| format!("{}:{number}: {word}", file.path)));
        }
    }
    found
}

#[test]
fn pure_files_name_neither_the_platform_nor_async() {
    let mut pure = rust_below("shared/src/");
    let edge = rust_below("edge/src/");
    let widget = rust_below("widget/src/");
    pure.extend(edge.into_iter().filter(|file| !PLATFORM.iter().any(|part| is_part_of(&file.path, part))));
    pure.extend(widget.into_iter().filter(|file| PURE_IN_WIDGET.iter().any(|part| is_part_of(&file.path, part))));
    none(
        mentions(&pure, &IMPURE),
        "Pure files run and are tested on the host. Hand in what they need, or move what touches the platform to the \
         parts that may: io/ and routes/ of the Worker.",
    );
}

#[test]
fn nothing_about_providers_is_in_what_ships_to_browsers() {
    let providers: Vec<String> = rust_below("edge/src/provider/")
        .iter()
        .filter_map(|file| Some(file.path.strip_prefix("edge/src/provider/")?.split_once('/')?.0.to_owned()))
        .collect();
    let names: Vec<&str> = providers.iter().map(String::as_str).chain(["Destination", "credential"]).collect();
    let mut shipped = rust_below("shared/src/");
    shipped.extend(rust_below("widget/src/"));
    none(mentions(&shipped, &names), "Destinations, credentials and providers are the Worker's own affair.");
}
