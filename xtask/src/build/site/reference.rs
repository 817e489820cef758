//! `/docs`: the API document for readers. Every operation and every schema has an anchor of its name.

use anyhow::{Context, Result};
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::operation::{self, Operation};
use super::page::{markdown, page as whole};
use super::schema;

/// The page out of the API document.
///
/// # Errors
/// When the document lacks what OpenAPI requires.
pub fn page(document: &Value) -> Result<String> {
    let operations = operations(document)?;
    let tags = document["tags"].as_array().context("the document has no tags")?;
    let schemas = document["components"]["schemas"].as_object().context("the document has no schemas")?;
    let navigation = navigation(tags, &operations, schemas);
    let content = html! {
        (markdown(text(&document["info"], "description")))
        (keys(document))
        @for tag in tags {
            section {
                h2 id=(anchor(text(tag, "name"))) { (text(tag, "name")) }
                p { (text(tag, "description")) }
                @for operation in operations.iter().filter(|operation| operation.tag == tag["name"]) {
                    (operation::section(operation, document))
                }
            }
        }
        section {
            h2 id="schemas" { "Schemas" }
            @for (name, schema) in schemas { (schema::section(name, schema)) }
        }
    };
    Ok(whole("API reference", &navigation, &content))
}

/// The text of a member; empty where there is none.
pub fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

fn operations(document: &Value) -> Result<Vec<Operation<'_>>> {
    /// The order in which a reader meets them.
    const METHODS: [&str; 4] = ["get", "post", "put", "delete"];
    let paths = document["paths"].as_object().context("the document has no paths")?;
    let of_path = |(path, item): (&'_ String, &'_ Value)| {
        let methods = METHODS.iter().filter(|method| item.get(**method).is_some());
        methods.map(|method| (path.clone(), *method)).collect::<Vec<_>>()
    };
    let all = paths.iter().flat_map(of_path);
    Ok(all.map(|(path, method)| Operation::new(&document["paths"][&path][method], path, method)).collect())
}

fn navigation(tags: &[Value], operations: &[Operation<'_>], schemas: &Map<String, Value>) -> Markup {
    html! {
        ul {
            li { a href="#keys" { "Presenting a key" } }
            @for tag in tags {
                li {
                    a href={ "#" (anchor(text(tag, "name"))) } { (text(tag, "name")) }
                    ul {
                        @for operation in operations.iter().filter(|operation| operation.tag == tag["name"]) {
                            li { a href={ "#" (operation.id) } { (operation.summary) } }
                        }
                    }
                }
            }
            li { a href="#schemas" { "Schemas (" (schemas.len()) ")" } }
        }
    }
}

fn anchor(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

/// How a key of each kind is presented, ready to be copied.
fn keys(document: &Value) -> Markup {
    let kinds = [
        ("A publishable key", "showFormOfKey", "may stand in a web page. It reads one form and submits leads to it."),
        ("A secret key", "listDeliveries", "stays on a server. It may do what its scopes say."),
        ("The admin token", "listForms", "is the operator's alone. It opens everything below /v1/admin/."),
    ];
    html! {
        section {
            h2 id="keys" { "Presenting a key" }
            p { "The lines of this page run in a shell once these variables hold your keys and the address of your Worker." }
            pre { code { "EDGE=https://leads.example.com\nPUBLISHABLE_KEY=lg_pk_…\nSECRET_KEY=lg_sk_…\nADMIN_TOKEN=…" } }
            dl {
                @for (kind, id, what) in kinds {
                    dt { (kind) }
                    dd { (what)
                        @if let Some(operation) = operations(document).unwrap_or_default().iter().find(|o| o.id == id) {
                            (operation::curl_lines(operation))
                        }
                    }
                }
            }
            table {
                thead { tr { th { "Scheme" } th { "" } } }
                tbody {
                    @for (name, scheme) in document["components"]["securitySchemes"].as_object().into_iter().flatten() {
                        tr { td { code { (name) } } td { (markdown(text(scheme, "description"))) } }
                    }
                }
            }
        }
    }
}
