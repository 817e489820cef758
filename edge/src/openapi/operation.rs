//! One operation: a path, a method, who may call it, and everything it can end in.

use serde_json::{Map, Value, json};

use super::{components, refusals};
use crate::{key::Scope, partner::Dialect};

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Anyone.
    Anyone,
    /// A publishable key, or a secret key that is bound to one form.
    OneForm,
    /// A publishable key, or a secret key with `leads:write`.
    Writer,
    /// A secret key with that scope.
    Secret(Scope),
    /// Whoever has the admin token.
    Admin,
}

/// In what form errors are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// As a problem.
    AsProblems,
    /// As a problem; as a page where the caller would rather have one.
    Either,
    /// As a page.
    AsPages,
    /// In the words of a provider.
    In(Dialect),
}

/// An operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// With its parameters in braces.
    pub path: &'static str,
    /// In lower case, as the document writes methods.
    pub method: &'static str,
    /// What generated clients call it.
    pub id: &'static str,
    /// Its group.
    pub tag: &'static str,
    summary: String,
    description: String,
    caller: Caller,
    parameters: Vec<Value>,
    request: Option<Value>,
    answers: Map<String, Value>,
    refusals: Vec<u16>,
    told: Told,
}

/// A media type with its schema and an example.
fn content(media_type: &str, schema: Value, example: &Value) -> (String, Value) {
    (media_type.to_owned(), json!({ "schema": schema, "example": example }))
}

impl Operation {
    /// An operation that answers nothing yet.
    pub fn new(method: &'static str, path: &'static str, id: &'static str) -> Self {
        Self {
            path,
            method,
            id,
            tag: "",
            summary: String::new(),
            description: String::new(),
            caller: Caller::Anyone,
            parameters: components::path_parameters(path),
            request: None,
            answers: Map::new(),
            refusals: Vec::new(),
            told: Told::AsProblems,
        }
    }

    /// Its group, its title and what a caller has to know.
    pub fn told(mut self, tag: &'static str, summary: &str, description: &str) -> Self {
        (self.tag, self.summary, self.description) = (tag, summary.to_owned(), description.to_owned());
        self
    }

    /// Who may call, and what follows from that.
    pub fn by(mut self, caller: Caller) -> Self {
        self.caller = caller;
        self.refusals.extend(match caller {
            Caller::Anyone => [].as_slice(),
            Caller::OneForm | Caller::Writer | Caller::Secret(_) => &[401, 403, 429, 500, 503],
            Caller::Admin => &[401, 429, 500, 503],
        });
        self
    }

    /// A parameter besides those of the path.
    pub fn parameter(mut self, parameter: Value) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// A body of JSON, and what can be wrong with it.
    pub fn takes(mut self, schema: Value, example: &Value) -> Self {
        let content = Map::from_iter([content("application/json", schema, example)]);
        self.request = Some(json!({ "required": true, "content": content }));
        self.or(&[400, 413, 415, 422])
    }

    /// The same body as a page or a form builder sends it: fields of text, those inside others in brackets
    /// or behind a dot.
    pub fn takes_form_fields(mut self, example: &Value) -> Self {
        let schema = json!({ "type": "object", "additionalProperties": {"type": "string"} });
        if let Some(request) = &mut self.request {
            for media_type in ["application/x-www-form-urlencoded", "multipart/form-data"] {
                let (name, value) = content(media_type, schema.clone(), example);
                request["content"][name] = value;
            }
        }
        self
    }

    /// Says that the body may be left out.
    pub fn may_be_empty(mut self) -> Self {
        if let Some(request) = &mut self.request {
            request["required"] = false.into();
        }
        self
    }

    /// A success with a body.
    pub fn answers(self, status: u16, what: &str, headers: &[&str], schema: Value, example: &Value) -> Self {
        let body = Map::from_iter([content("application/json", schema, example)]);
        self.success(status, what, headers, Some(body))
    }

    /// Says that a success with a body may also be plain text.
    pub fn or_text(mut self, status: u16, example: &str) -> Self {
        if let Some(answer) = self.answers.get_mut(&status.to_string()) {
            let (name, value) = content("text/plain", json!({"type": "string"}), &example.into());
            answer["content"][name] = value;
        }
        self
    }

    /// A success that is a page.
    pub fn page(self, status: u16, what: &str) -> Self {
        let body = Map::from_iter([("text/html".to_owned(), json!({ "schema": {"type": "string"} }))]);
        self.success(status, what, &[], Some(body))
    }

    /// A success that is a file in one of these formats.
    pub fn file(self, status: u16, what: &str, headers: &[&str], media_types: &[&str]) -> Self {
        let body = media_types.iter().map(|name| ((*name).to_owned(), json!({ "schema": {"type": "string"} })));
        self.success(status, what, headers, Some(body.collect()))
    }

    /// Says in what form errors are told.
    pub fn errors(mut self, told: Told) -> Self {
        self.told = told;
        self
    }

    /// A success without a body.
    pub fn empty(self, status: u16, what: &str, headers: &[&str]) -> Self {
        self.success(status, what, headers, None)
    }

    /// Errors besides those that follow from the caller and the body.
    pub fn or(mut self, statuses: &[u16]) -> Self {
        self.refusals.extend(statuses);
        self
    }

    fn success(mut self, status: u16, what: &str, headers: &[&str], body: Option<Map<String, Value>>) -> Self {
        let quota: &[&str] = match self.caller {
            Caller::Anyone | Caller::Admin => &[],
            Caller::OneForm | Caller::Writer | Caller::Secret(_) => &components::QUOTA_HEADERS,
        };
        let names = ["X-Request-Id"].iter().chain(headers).chain(quota);
        let mut answer = json!({ "description": what, "headers": components::header_references(names.copied()) });
        if let Some(body) = body {
            answer["content"] = Value::Object(body);
        }
        self.answers.insert(status.to_string(), answer);
        self
    }

    /// The operation as the document has it.
    pub fn render(&self) -> Value {
        let mut responses = self.answers.clone();
        for status in &self.refusals {
            let (status, response) = refusals::response(*status, self.told);
            responses.insert(status.to_string(), response);
        }
        let mut rendered = json!({
            "operationId": self.id, "tags": [self.tag], "summary": self.summary, "responses": responses,
            "security": components::security(self.caller),
        });
        let optional = [
            ("description", (!self.description.is_empty()).then(|| self.description.as_str().into())),
            ("parameters", (!self.parameters.is_empty()).then(|| self.parameters.clone().into())),
            ("requestBody", self.request.clone()),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                rendered[name] = value;
            }
        }
        rendered
    }
}
