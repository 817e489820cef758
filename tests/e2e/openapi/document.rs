//! The committed API document, read as a contract that answers are held against.

use std::collections::BTreeMap;

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Map, Value, json};
use tests::harness::Answer;
use tests::repository;

/// The document.
pub struct Document {
    value: Value,
    /// The same, but no object may have a member that its schema does not name: an answer that has one
    /// is one that the document does not tell of.
    strict: Value,
}

/// A path and a method of the document.
pub type Place = (String, String);

impl Document {
    /// The document of this repository.
    pub fn committed() -> Self {
        let text = std::fs::read_to_string(repository::path("edge/openapi.json")).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        let mut strict = value.clone();
        for schema in strict["components"]["schemas"].as_object_mut().unwrap().values_mut() {
            close(schema);
        }
        Self { value, strict }
    }

    /// All of it.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Every path with every method.
    pub fn operations(&self) -> Vec<Place> {
        let paths = self.value["paths"].as_object().unwrap();
        let of_path = |(path, item): (&String, &Value)| {
            item.as_object().unwrap().keys().map(|method| (path.clone(), method.clone())).collect::<Vec<_>>()
        };
        paths.iter().flat_map(of_path).collect()
    }

    /// Every example of a body, with where it stands and its schema.
    pub fn examples(&self) -> Vec<(String, Value, Value)> {
        let mut found = Vec::new();
        collect(&self.value, String::new(), &mut found);
        found
    }

    /// What an answer has that the document does not promise, or lacks.
    pub fn complaints_about(&self, method: &Method, path: &str, answer: &Answer) -> Vec<String> {
        let status = answer.status.to_string();
        let Some(promise) = self.promise(method, path, &status) else {
            return vec![format!("{status} is not documented")];
        };
        let mut complaints: Vec<String> = promise["headers"]
            .as_object()
            .into_iter()
            .flat_map(Map::keys)
            .filter(|name| {
                !["Location", "Idempotent-Replayed"].contains(&name.as_str()) && answer.header(name).is_empty()
            })
            .map(|name| format!("the header {name} is missing"))
            .collect();
        let contents = promise["content"].as_object();
        let kind = answer.header("content-type").split(';').next().unwrap_or_default();
        match contents.and_then(|contents| contents.get(kind)) {
            Some(content) => complaints.extend(self.complaints(&content["schema"], &answer.body)),
            None if contents.is_none() && answer.body == "" => {}
            None => complaints.push(format!("the body is {kind}")),
        }
        complaints
    }

    fn promise(&self, method: &Method, path: &str, status: &str) -> Option<&Value> {
        let item = &self.value["paths"][path][method.as_str().to_ascii_lowercase()];
        let promise = item["responses"].get(status)?;
        Some(match promise["$ref"].as_str() {
            Some(reference) => self.value.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            None => promise,
        })
    }

    /// What a value has that its schema does not allow.
    pub fn complaints(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut schema = json!({ "allOf": [schema], "components": self.strict["components"] });
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
        let validator: Validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }
}

/// Lets an object have no members but those that are named.
fn close(schema: &mut Value) {
    if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
        schema["unevaluatedProperties"] = false.into();
    }
    // A choice between whole objects; where they share members, the object around them is closed.
    let is_closed = schema.get("unevaluatedProperties").is_some();
    if let Some(choices) = schema.get_mut("oneOf").and_then(Value::as_array_mut).filter(|_| !is_closed) {
        choices.iter_mut().for_each(close);
    }
}

fn collect(value: &Value, place: String, found: &mut Vec<(String, Value, Value)>) {
    match value {
        Value::Object(members) => {
            if let Some(schema) = members.get("schema") {
                let several: BTreeMap<&str, &Value> = members
                    .get("examples")
                    .and_then(Value::as_object)
                    .into_iter()
                    .flatten()
                    .map(|(name, example)| (name.as_str(), &example["value"]))
                    .chain(members.get("example").map(|example| ("", example)))
                    .collect();
                found.extend(
                    several
                        .into_iter()
                        .map(|(name, example)| (format!("{place} {name}"), schema.clone(), example.clone())),
                );
            }
            members.iter().for_each(|(name, member)| collect(member, format!("{place}/{name}"), found));
        }
        Value::Array(entries) => entries.iter().for_each(|entry| collect(entry, place.clone(), found)),
        _ => {}
    }
}

#[test]
fn a_member_that_the_document_does_not_name_and_one_that_is_missing_are_complaints() {
    let document = Document::committed();
    let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let count = |name: &str, value: Value| document.complaints(&schema(name), &value).len();
    let receipt = json!({"id": "0199f3a2-7c1e-7d3a-9b54-2f6f1c0a8e11", "created_at": "2026-11-21T10:00:00.000Z"});
    assert_eq!(count("Receipt", receipt.clone()), 0);
    let mut more = receipt;
    more["secret"] = "x".into();
    assert_eq!(count("Receipt", more), 1);
    assert_ne!(count("Receipt", json!({"id": 7})), 0);
    let example = document.examples().into_iter().find(|(_, schema, _)| schema["$ref"] == "#/components/schemas/Key");
    let mut key = example.unwrap().2;
    assert_eq!(count("Key", key.clone()), 0);
    key["hash"] = "x".into();
    assert_ne!(count("Key", key), 0);
}
