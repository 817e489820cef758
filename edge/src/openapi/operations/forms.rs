//! `/v1/form` and `/v1/admin/forms…`

use serde_json::{Value, json};
use shared::form::{FormDefinition, PublicForm};

use super::super::{
    components::query,
    operation::{Caller, Operation, Told},
    schemas::Schemas,
};

/// Operations of forms.
pub fn operations(schemas: &mut Schemas) -> Vec<Operation> {
    let form = FormDefinition { id: "contact".to_owned(), ..FormDefinition::default() };
    let public = serde_json::to_value(form.public()).unwrap_or_default();
    let example = serde_json::to_value(form).unwrap_or_default();
    vec![
        show_public(schemas, &public),
        script(),
        thanks(),
        list(schemas, &example),
        show(schemas, &example),
        put(schemas, &example),
        delete(),
    ]
}

fn show_public(schemas: &mut Schemas, example: &Value) -> Operation {
    Operation::new("get", "/v1/form", "showFormOfKey")
        .told(
            "Forms",
            "Show the form of a key",
            "The form that the key is bound to, without what only the operator may know.",
        )
        .by(Caller::OneForm)
        .or(&[404])
        .answers(200, "The form.", &[], schemas.answer::<PublicForm>(), example)
}

fn script() -> Operation {
    Operation::new("get", "/form.js", "loadFormOfKey")
        .told(
            "Forms",
            "Load the widget with the form of a key",
            "`/widget.js`, and for a page whose `Origin` the form allows the form with it. Without the form, the script asks \
             for it, and says in the page what is wrong.",
        )
        .parameter(query("key", "The publishable key.", json!({"type": "string"})))
        .file(200, "The script.", &[], &["text/javascript"])
        .empty(303, "The script cannot be read here just now: `Location` has it.", &["Location"])
}

fn thanks() -> Operation {
    Operation::new("get", "/v1/thanks", "showThanks")
        .told("Forms", "Show the page after a form without scripts", "The form's message, or a general one.")
        .by(Caller::OneForm)
        .or(&[404])
        .parameter(query("locale", "The language of the message.", json!({"type": "string"})))
        .page(200, "The page.")
        .errors(Told::AsPages)
}

fn list(schemas: &mut Schemas, example: &Value) -> Operation {
    Operation::new("get", "/v1/admin/forms", "listForms").told("Forms", "List forms", "").by(Caller::Admin).answers(
        200,
        "All forms.",
        &[],
        schemas.list::<FormDefinition>("forms"),
        &json!({"forms": [example]}),
    )
}

fn show(schemas: &mut Schemas, example: &Value) -> Operation {
    Operation::new("get", "/v1/admin/forms/{id}", "showForm")
        .told("Forms", "Show a form", "")
        .by(Caller::Admin)
        .or(&[404])
        .answers(200, "The form.", &[], schemas.answer::<FormDefinition>(), example)
}

fn put(schemas: &mut Schemas, example: &Value) -> Operation {
    let body = json!({
        "name": "Contact", "allowed_origins": ["https://www.example.com"], "phone_region": "GB",
    });
    let schema = schemas.answer::<FormDefinition>();
    Operation::new("put", "/v1/admin/forms/{id}", "putForm")
        .told("Forms", "Create or replace a form", "Everything has a default. The whole form is replaced.")
        .by(Caller::Admin)
        .takes(schemas.request::<FormDefinition>(), &body)
        .answers(200, "The form, replaced.", &[], schema.clone(), example)
        .answers(201, "The form, created.", &[], schema, example)
}

fn delete() -> Operation {
    Operation::new("delete", "/v1/admin/forms/{id}", "deleteForm")
        .told("Forms", "Remove a form", "Its leads stay.")
        .by(Caller::Admin)
        .or(&[404])
        .empty(204, "It is gone.", &[])
}
