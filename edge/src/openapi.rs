//! The API document, `/openapi.json`: OpenAPI 3.1, made from the types that the handlers read and write.
//!
//! It is made by a test on this machine, so nothing of it is in the Worker. `edge/openapi.json` is the
//! document as it is served; `cargo xtask openapi` writes it anew.

mod components;
mod operation;
mod operations;
mod refusals;
mod schemas;
#[allow(dead_code, reason = "these types are there for their schemas; nobody makes values of them")]
mod submission;
#[allow(dead_code, reason = "as above")]
mod views;

use serde_json::{Map, Value, json};

use schemas::Schemas;

pub use views::Quarantine;

/// The groups of operations, in the order in which a reader meets them.
const TAGS: [(&str, &str); 13] = [
    ("Leads", "Submit leads and read them."),
    (
        "Partners",
        "The APIs of five providers, for partners who speak one of them already. Errors are in the provider's words.",
    ),
    ("Statistics", "How many leads came, and what became of them."),
    ("Personal data", "What is held of a person: taking it out, erasing it, and what was agreed to."),
    ("Forms", "What a form asks, accepts and shows afterwards."),
    ("Deliveries", "Where leads went, and sending them again."),
    ("Keys", "Who may submit and read."),
    ("Audit", "What admins did."),
    ("Destinations", "Where leads go."),
    ("Groups", "Destinations that take turns."),
    ("Alerts", "Where the operator is told of failures."),
    ("Trying out", "What would become of a form's leads, and whether a destination takes them."),
    ("Health", "Whether the Worker can do its work."),
];

const DESCRIPTION: &str = "Leadgate takes leads from websites and servers, keeps them, and delivers them to the APIs of \
    providers.\n\nErrors are `application/problem+json`; [each code](/docs/errors) has its cause and mend. `HEAD` \
    works wherever `GET` does, `OPTIONS` answers with `Allow`, and any other method is 405 with `Allow`. Times are RFC \
    3339 in UTC.";

/// The whole document.
fn document() -> Value {
    let mut schemas = Schemas::new();
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations::all(&mut schemas) {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method] = operation.render();
    }
    let responses = refusals::responses(&mut schemas);
    let document = json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Leadgate",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": TAGS.map(|(name, description)| json!({"name": name, "description": description})),
        "paths": paths,
        "components": {
            "securitySchemes": components::security_schemes(),
            "headers": components::headers(),
            "responses": responses,
        },
    });
    let mut document = schemas.put_into(document);
    for form in ["Form", "FormInput"] {
        // Its type is any text by any name; what may stand there is checked behind it.
        document["components"]["schemas"][form]["properties"]["theme"]
            .as_object_mut()
            .into_iter()
            .for_each(|theme| theme.extend(crate::theme::schema()));
    }
    document
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::router::Route;
    use shared::wire::ErrorCode;

    /// Set by `cargo xtask openapi`.
    const WRITE: &str = "LEADGATE_WRITE";

    #[test]
    fn the_committed_document_is_the_one_that_the_types_make() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        let made = format!("{}\n", serde_json::to_string_pretty(&document()).unwrap());
        if std::env::var_os(WRITE).is_some() {
            std::fs::write(path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(made == committed, "edge/openapi.json is out of date: run `cargo xtask openapi`");
    }

    /// The methods of a path besides HEAD and OPTIONS, which all have.
    fn methods(allow: &str) -> BTreeSet<String> {
        let methods = allow.split(", ").filter(|method| !["HEAD", "OPTIONS"].contains(method));
        methods.map(str::to_ascii_lowercase).collect()
    }

    #[test]
    fn document_and_router_have_the_same_paths_and_methods() {
        // The router's own list of paths: the names it gives them in logs.
        let table = include_str!("router.rs").split("Some(match segments").nth(1).unwrap();
        let table = table.split("_ => return None").next().unwrap();
        let routed: BTreeSet<&str> = table.split('"').filter(|piece| piece.starts_with('/')).collect();
        let document = document();
        let documented: BTreeSet<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(routed, documented, "describe every path in edge/src/openapi/operations/, and no other");
        for path in routed {
            let (_, allow, name) = Route::of(path).unwrap();
            assert_eq!(name, path);
            let found: BTreeSet<String> = document["paths"][path].as_object().unwrap().keys().cloned().collect();
            assert_eq!(found, methods(allow), "{path}");
        }
    }

    #[test]
    fn every_operation_has_an_id_of_its_own_and_every_parameter_of_its_path() {
        let mut ids = BTreeSet::new();
        for operation in operations::all(&mut Schemas::new()) {
            assert!(ids.insert(operation.id), "{}", operation.id);
            assert!(TAGS.iter().any(|(tag, _)| *tag == operation.tag), "{}", operation.tag);
            let rendered = operation.render();
            let named: BTreeSet<&str> = rendered["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] == "path")
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect();
            let wanted: BTreeSet<&str> =
                operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            assert_eq!(named, wanted, "{}", operation.path);
        }
    }

    #[test]
    fn every_error_code_is_in_the_document() {
        let responses = document()["components"]["responses"].to_string();
        for code in ErrorCode::ALL {
            assert!(responses.contains(&format!("`{}`", code.as_str())), "{}", code.as_str());
        }
    }
}
