//! Versions and lints stand once, and the crates depend on each other in one direction.

use toml::{Table, Value};

use crate::none;
use crate::tree::read;

const CRATES: [&str; 5] = ["shared", "widget", "edge", "tests", "xtask"];

fn manifest(name: &str) -> Table {
    read(&format!("{name}/Cargo.toml")).parse().expect("a manifest is TOML")
}

/// All dependency tables of a manifest, those for one target only included.
fn dependencies(manifest: &Table) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (key, value) in manifest {
        match (key.as_str(), value) {
            ("dependencies" | "dev-dependencies" | "build-dependencies", Value::Table(table)) => {
                found.extend(table.clone());
            }
            ("target", Value::Table(targets)) => {
                found.extend(targets.values().filter_map(Value::as_table).flat_map(dependencies));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn every_version_and_lint_stands_once_in_the_root_manifest() {
    let mut own = Vec::new();
    for name in CRATES {
        let manifest = manifest(name);
        let is_shared = |value: &Value| value.get("workspace").and_then(Value::as_bool) == Some(true);
        let versions = dependencies(&manifest).into_iter().filter(|(_, value)| !is_shared(value));
        own.extend(versions.map(|(dependency, _)| format!("{name}/Cargo.toml: {dependency}")));
        if !manifest.get("lints").is_some_and(is_shared) {
            own.push(format!("{name}/Cargo.toml: lints"));
        }
    }
    none(own, "Put the version or the lint into the root Cargo.toml and say `workspace = true` in the crate.");
}

#[test]
fn the_crates_depend_in_one_direction() {
    let allowed: [(&str, &[&str]); 4] =
        [("shared", &[]), ("widget", &["shared"]), ("edge", &["shared"]), ("xtask", &[])];
    let mut wrong = Vec::new();
    for (name, may) in allowed {
        let used = dependencies(&manifest(name)).into_iter().map(|(dependency, _)| dependency);
        let forbidden =
            used.filter(|dependency| CRATES.contains(&dependency.as_str()) && !may.contains(&dependency.as_str()));
        wrong.extend(forbidden.map(|dependency| format!("{name} depends on {dependency}")));
    }
    none(wrong, "shared knows nobody, widget and edge know shared; only tests may know all.");
}

#[test]
fn locked_npm_packages_name_no_host() {
    let lock = read("package-lock.json");
    let hosts = lock.lines().filter(|line| line.contains("\"resolved\"")).map(|line| line.trim().to_owned());
    none(hosts.collect(), "Lock again with `npm install --package-lock-only --omit-lockfile-registry-resolved`.");
}
