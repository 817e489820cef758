//! One operation of the reference: what it does, who may call it, what it takes and what it ends in.

use maud::{Markup, html};
use serde_json::Value;

use super::curl;
use super::page::markdown;
use super::reference::text;
use super::schema;

/// An operation of the API document.
pub struct Operation<'a> {
    /// Its path with parameters in braces.
    pub path: String,
    /// In lower case.
    pub method: &'static str,
    /// Its anchor.
    pub id: &'a str,
    /// Its group.
    pub tag: &'a str,
    /// Its title.
    pub summary: &'a str,
    /// All of it.
    pub value: &'a Value,
}

impl<'a> Operation<'a> {
    /// The operation that the document has under a path and a method.
    pub fn new(value: &'a Value, path: String, method: &'static str) -> Self {
        let tag = value["tags"][0].as_str().unwrap_or_default();
        Self { path, method, id: text(value, "operationId"), tag, summary: text(value, "summary"), value }
    }
}

/// The whole section.
pub fn section(operation: &Operation<'_>, document: &Value) -> Markup {
    let value = operation.value;
    html! {
        article id=(operation.id) {
            h3 { a href={ "#" (operation.id) } { (operation.summary) } }
            p { span class={ "method " (operation.method) } { (operation.method.to_uppercase()) } " " code { (operation.path) } }
            (markdown(text(value, "description")))
            p { b { "Who: " } (who(value)) }
            (curl_lines(operation))
            (parameters(value))
            @if let Some(body) = value.pointer("/requestBody/content") {
                h4 { "Body" }
                @for (kind, content) in body.as_object().into_iter().flatten() {
                    p { code { (kind) } ": " (schema::kind(&content["schema"])) }
                }
            }
            (answers(value, document))
        }
    }
}

/// The lines of the shell that call it, one for each kind of key.
pub fn curl_lines(operation: &Operation<'_>) -> Markup {
    html! { @for line in curl::lines(operation) { pre.curl { code { (line) } } } }
}

fn who(value: &Value) -> Markup {
    let ways = value["security"].as_array().map(Vec::as_slice).unwrap_or_default();
    let takes = |scheme: &str| ways.iter().find_map(|way| way.get(scheme));
    let scope = takes("bearer").and_then(|scopes| scopes[0].as_str());
    html! {
        @match (takes("adminToken"), takes("queryKey"), takes("bearer"), scope) {
            (Some(_), ..) => "the operator, with the admin token",
            (_, Some(_), _, Some(scope)) => { "a publishable key, or a secret one with " code { (scope) } },
            (_, Some(_), ..) => "a publishable key, or a secret one that is bound to one form",
            (_, _, Some(_), Some(scope)) => { "a secret key with " code { (scope) } },
            _ => "anyone",
        }
    }
}

fn parameters(value: &Value) -> Markup {
    let parameters = value["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        @if !parameters.is_empty() {
            h4 { "Parameters" }
            div.wide { table {
                thead { tr { th { "Name" } th { "In" } th { "Type" } th { "" } } }
                tbody {
                    @for parameter in parameters {
                        tr {
                            td { code { (text(parameter, "name")) } @if parameter["required"] == true { " " span.must { "required" } } }
                            td { (text(parameter, "in")) }
                            td { (schema::kind(&parameter["schema"])) }
                            td { (markdown(text(parameter, "description"))) }
                        }
                    }
                }
            } }
        }
    }
}

fn answers(value: &Value, document: &Value) -> Markup {
    html! {
        h4 { "Answers" }
        div.wide { table {
            thead { tr { th { "Status" } th { "" } th { "Body" } } }
            tbody {
                @for (status, answer) in value["responses"].as_object().into_iter().flatten() {
                    @let answer = schema::resolved(answer, document);
                    tr {
                        td { (status) }
                        td { (markdown(text(answer, "description"))) }
                        td { @for content in answer["content"].as_object().into_iter().flat_map(|content| content.values()) {
                            (schema::kind(&content["schema"]))
                        } }
                    }
                }
            }
        } }
        @for (status, answer) in value["responses"].as_object().into_iter().flatten() {
            @if let Some(example) = answer.pointer("/content/application~1json/example") {
                details { summary { "Example of " (status) } pre { code { (pretty(example)) } } }
            }
        }
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
