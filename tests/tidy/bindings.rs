//! wrangler.toml, the secrets and the Worker speak of the same bindings.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::none;
use crate::tree::{read, words};

/// The names in `edge/src/io/bindings.rs`: constants that are called what they say.
fn in_code() -> BTreeSet<String> {
    let constant = |line: &str| {
        let (name, value) = line.trim().strip_prefix("pub const ")?.split_once(": &str = ")?;
        let value = value.trim_end_matches(';').trim_matches('"');
        assert_eq!(name, value, "a binding's constant is called what it says");
        Some(name.to_owned())
    };
    read("edge/src/io/bindings.rs").lines().filter_map(constant).collect()
}

/// The names that an environment of wrangler.toml binds, its variables included.
fn bound(environment: &Table) -> BTreeSet<String> {
    fn collect(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Table(table) => {
                found.extend(table.get("binding").and_then(Value::as_str).map(str::to_owned));
                table.values().for_each(|member| collect(member, found));
            }
            Value::Array(list) => list.iter().for_each(|member| collect(member, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    for (key, value) in environment {
        match key.as_str() {
            "env" => {}
            "vars" => found.extend(value.as_table().into_iter().flat_map(|variables| variables.keys().cloned())),
            _ => collect(value, &mut found),
        }
    }
    found
}

fn configuration() -> Table {
    read("wrangler.toml").parse().expect("wrangler.toml is TOML")
}

#[test]
fn what_is_bound_is_known_to_the_worker() {
    none(
        bound(&configuration()).difference(&in_code()).cloned().collect(),
        "Give the binding its constant in edge/src/io/bindings.rs, or take it out of wrangler.toml.",
    );
}

#[test]
fn what_the_worker_knows_is_bound_or_documented() {
    let (configuration, secrets) = (read("wrangler.toml"), read(".dev.vars.example"));
    let told: BTreeSet<&str> = words(&configuration).chain(words(&secrets)).collect();
    none(
        in_code().into_iter().filter(|name| !told.contains(name.as_str())).collect(),
        "Bind the name in wrangler.toml, or say in a comment there or in .dev.vars.example what may be set.",
    );
}

#[test]
fn every_environment_binds_the_same_names() {
    let configuration = configuration();
    let here = bound(&configuration);
    let environments = configuration["env"].as_table().expect("wrangler.toml has environments");
    let mut missing = Vec::new();
    for (name, environment) in environments {
        let there = bound(environment.as_table().expect("an environment is a table"));
        // Assets are inherited, as wrangler's documentation of environments says.
        let lacking = here.difference(&there).filter(|binding| *binding != "ASSETS");
        missing.extend(lacking.map(|binding| format!("env.{name}: {binding}")));
    }
    none(missing, "wrangler does not inherit bindings: repeat them in each environment of wrangler.toml.");
}
