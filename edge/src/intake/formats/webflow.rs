//! Webflow's form submissions.
//!
//! Version 2, <https://developers.webflow.com/data/reference/webhooks/events/form-submission>:
//! `triggerType` and a `payload` with `name`, `siteId`, `data`, `schema`, `id`, `formId`, `pageUrl`.
//! Version 1, <https://developers.webflow.com/data/v1.0.0/reference/form_submission>: `name`, `site`,
//! `data`, `d`, `_id` without anything around them.

use serde_json::{Map, Value};

use super::{Flat, answers::Answers};

/// The fields of a submission.
pub fn flatten(body: Map<String, Value>) -> Option<Flat> {
    let payload = match body.get("payload") {
        Some(Value::Object(payload)) => payload,
        Some(_) => return None,
        None => &body,
    };
    let mut data = payload.get("data")?.as_object()?.clone();
    let schema = payload.get("schema").and_then(Value::as_array);
    let mut found = Answers::new("webflow");
    // In the order of the form, where it is told: the first answer that fits a field is it.
    for field in schema.into_iter().flatten() {
        let part = |name: &str| field.get(name).and_then(Value::as_str);
        let Some((label, value)) = part("fieldName").and_then(|label| Some((label, data.remove(label)?))) else {
            continue;
        };
        match part("fieldType") {
            Some("FormTextarea") => found.long(label, label, &value),
            _ => found.named(label, label, &value),
        }
    }
    for (label, value) in &data {
        found.named(label, label, value);
    }
    for (theirs, ours) in [("name", "form_name"), ("pageUrl", "page")] {
        if let Some(value) = payload.get(theirs) {
            found.came_from(ours, value);
        }
    }
    let ids = [("formId", "form_id"), ("siteId", "site_id"), ("site", "site_id"), ("id", "submission_id")];
    found.keep_members(payload, &ids);
    found.keep_members(payload, &[("_id", "submission_id")]);
    Some(found.finish(payload.get("id").or_else(|| payload.get("_id"))))
}
