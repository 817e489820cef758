//! Schemas in words: the type of a value, and a section for each schema that has a name.

use maud::{Markup, html};
use serde_json::Value;

use super::page::markdown;
use super::reference::text;

/// What a reference of the document leads to; the value itself where it is none.
pub fn resolved<'a>(value: &'a Value, document: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|reference| document.pointer(reference.strip_prefix('#')?));
    target.unwrap_or(value)
}

/// The type of a value, in a few words and with links to named schemas.
pub fn kind(schema: &Value) -> Markup {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return html! { a href={ "#" (name) } { (name) } };
    }
    if let Some(value) = schema.get("const") {
        return html! { code { (value.to_string()) } };
    }
    if let Some(values) = schema["enum"].as_array() {
        return html! { @for (place, value) in values.iter().enumerate() {
            @if place > 0 { ", " } code { (plain(value)) }
        } };
    }
    if let Some(choices) = ["anyOf", "oneOf"].iter().find_map(|name| schema[*name].as_array()) {
        return html! { @for (place, choice) in choices.iter().enumerate() { @if place > 0 { " or " } (kind(choice)) } };
    }
    let names: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return html! { "any" },
    };
    html! {
        @for (place, name) in names.iter().enumerate() {
            @if place > 0 { " or " }
            @match (*name, schema.get("items")) {
                ("array", Some(items)) => { "list of " (kind(items)) },
                _ => (name),
            }
        }
        (limits(schema))
    }
}

/// The limits of a value, in brackets.
fn limits(schema: &Value) -> Markup {
    let named = [
        ("format", ""),
        ("pattern", ""),
        ("minLength", "at least "),
        ("maxLength", "at most "),
        ("minItems", "at least "),
        ("maxItems", "at most "),
        ("minimum", "from "),
        ("maximum", "to "),
    ];
    let is_of_rust =
        |value: &Value| value.as_str().is_some_and(|format| format.starts_with("uint") || format.starts_with("int"));
    let found: Vec<String> = named
        .iter()
        .filter_map(|(name, word)| {
            Some(format!("{word}{}", plain(schema.get(*name).filter(|value| !is_of_rust(value))?)))
        })
        .collect();
    html! { @if !found.is_empty() { " (" (found.join(", ")) ")" } }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The section of a schema.
pub fn section(name: &str, schema: &Value) -> Markup {
    html! {
        article id=(name) {
            h3 { a href={ "#" (name) } { (name) } }
            (markdown(text(schema, "description")))
            (members(schema))
            @for choice in ["oneOf", "anyOf"].iter().filter_map(|name| schema[*name].as_array()).flatten() {
                div.choice {
                    @if choice.get("properties").is_none() { p { (kind(choice)) } }
                    (markdown(text(choice, "description")))
                    (members(choice))
                }
            }
            @if schema.get("enum").is_some() || schema.get("const").is_some() { p { (kind(schema)) } }
        }
    }
}

fn members(schema: &Value) -> Markup {
    let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        @if let Some(members) = schema["properties"].as_object() {
            div.wide { table {
                thead { tr { th { "Member" } th { "Type" } th { "" } } }
                tbody {
                    @for (name, member) in members {
                        tr {
                            td { code { (name) } @if required.contains(&Value::from(name.as_str())) { " " span.must { "always" } } }
                            td { (kind(member)) }
                            td {
                                (markdown(text(member, "description")))
                                @if let Some(default) = member.get("default").filter(|default| !default.is_null()) {
                                    p.default { "Default: " code { (default.to_string()) } }
                                }
                            }
                        }
                    }
                }
            } }
        }
    }
}
