//! The schemas of bodies. A type that is both read and written may have two: what may be left out of a
//! request is always there in an answer.

use std::collections::BTreeSet;

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

/// Where the document keeps them.
const PLACE: &str = "#/components/schemas/";

/// Where those of requests are until it is known which of them have another in answers.
const REQUESTS: &str = "#/requests/";

/// What is added to the name of a type's schema in requests where it differs from that in answers.
const IN_REQUESTS: &str = "Input";

/// Schemas gathered so far.
pub struct Schemas {
    answers: SchemaGenerator,
    requests: SchemaGenerator,
}

impl Schemas {
    /// None yet.
    pub fn new() -> Self {
        let settings = |place: &str| {
            let path = place.trim_matches(['#', '/']);
            SchemaSettings::draft2020_12().with(|settings| {
                settings.meta_schema = None;
                settings.definitions_path = format!("/{path}").into();
            })
        };
        Self {
            answers: settings(PLACE).for_serialize().into_generator(),
            requests: settings(REQUESTS).for_deserialize().into_generator(),
        }
    }

    /// The schema of a type in an answer.
    pub fn answer<T: JsonSchema>(&mut self) -> Value {
        self.answers.subschema_for::<T>().to_value()
    }

    /// The schema of a list in an answer, with the member it stands in.
    pub fn list<T: JsonSchema>(&mut self, member: &str) -> Value {
        let items = self.answer::<T>();
        json!({ "type": "object", "required": [member], "properties": {member: {"type": "array", "items": items}} })
    }

    /// The schema of a type in a request.
    pub fn request<T: JsonSchema>(&mut self) -> Value {
        self.requests.subschema_for::<T>().to_value()
    }

    /// The document with all of them in their place.
    pub fn put_into(mut self, mut document: Value) -> Value {
        let mut all = self.answers.take_definitions(true);
        let requests = self.requests.take_definitions(true);
        let apart = differing(&all, &requests);
        for (name, schema) in requests {
            let name = if apart.contains(&name) { format!("{name}{IN_REQUESTS}") } else { name };
            all.insert(name, schema);
        }
        document["components"]["schemas"] = all.into();
        each(&mut document, &|key, text| match (key, text.strip_prefix(REQUESTS)) {
            ("$ref", Some(name)) if apart.contains(name) => *text = format!("{PLACE}{name}{IN_REQUESTS}"),
            ("$ref", Some(name)) => *text = format!("{PLACE}{name}"),
            // Written for readers of the code, who see lines and can follow links to it.
            ("description", _) => *text = unwrapped(text),
            _ => {}
        });
        document
    }
}

/// The names of types whose schema in requests is another than that in answers, or leads to one.
fn differing(answers: &Map<String, Value>, requests: &Map<String, Value>) -> BTreeSet<String> {
    let mut apart = BTreeSet::new();
    loop {
        let differs = |(name, schema): (&String, &Value)| {
            let answer = answers.get(name)?;
            let request = schema.to_string();
            let leads_to_one = apart.iter().any(|name| request.contains(&format!("\"{REQUESTS}{name}\"")));
            (leads_to_one || request.replace(REQUESTS, PLACE) != *answer.to_string()).then(|| name.clone())
        };
        let found: BTreeSet<String> = requests.iter().filter_map(differs).collect();
        if found == apart {
            return apart;
        }
        apart = found;
    }
}

/// A comment as a text: a line that ends goes on, a paragraph stays, and links into the code go.
fn unwrapped(comment: &str) -> String {
    let paragraphs: Vec<String> = comment.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect();
    paragraphs.join("\n\n").replace("[`", "`").replace("`]", "`")
}

/// Changes every text that is a member of an object, at any depth.
fn each(value: &mut Value, change: &impl Fn(&str, &mut String)) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if let Value::String(text) = value {
                    change(key, text);
                }
                each(value, change);
            }
        }
        Value::Array(entries) => entries.iter_mut().for_each(|entry| each(entry, change)),
        _ => {}
    }
}
