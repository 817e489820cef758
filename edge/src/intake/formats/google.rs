//! The webhook of Google Ads' lead forms.
//!
//! <https://developers.google.com/google-ads/webhook/docs/implementation>: `lead_id` (the same whenever a lead is
//! sent again), `user_column_data: [{column_id, column_name, string_value}]`, ids of form, campaign, group and
//! creative, `gcl_id`, `is_test`, and `google_key`, which is never kept. Members that are not known are to be
//! expected.

use serde_json::{Map, Value};

use super::{Flat, answers::Answers};

/// Columns that Google itself asks for, and the fields they are.
const COLUMNS: &[(&str, &str)] = &[
    ("FULL_NAME", "name"),
    ("FIRST_NAME", "first_name"),
    ("LAST_NAME", "last_name"),
    ("EMAIL", "email"),
    ("WORK_EMAIL", "email"),
    ("PHONE_NUMBER", "phone"),
    ("WORK_PHONE", "phone"),
    ("STREET_ADDRESS", "address"),
    ("POSTAL_CODE", "postcode"),
    ("CITY", "city"),
    ("REGION", "state"),
    ("COUNTRY", "country"),
];

/// The fields of a lead.
pub fn flatten(body: Map<String, Value>) -> Option<Flat> {
    let mut found = Answers::new("google");
    for column in body.get("user_column_data")?.as_array()? {
        let part = |name: &str| column.get(name).and_then(Value::as_str).unwrap_or("");
        let (id, name) = (part("column_id"), part("column_name"));
        let value = column.get("string_value").unwrap_or(&Value::Null);
        let label = if name.is_empty() { id } else { name };
        match COLUMNS.iter().find(|(column, _)| *column == id) {
            Some((_, field)) => found.typed(field, label, value),
            None => found.named(id, label, value),
        }
    }
    // Google's test data has the same lead_id every time, and each test is meant to arrive.
    let is_test = body.get("is_test").and_then(Value::as_bool) == Some(true);
    for (name, value) in &body {
        match name.as_str() {
            "user_column_data" | "google_key" | "api_version" | "is_test" => {}
            "gcl_id" => found.came_from("gclid", value),
            name => found.keep(name, value),
        }
    }
    if is_test {
        found.keep("is_test", &Value::Bool(true));
    }
    Some(found.finish(body.get("lead_id").filter(|_| !is_test)))
}
