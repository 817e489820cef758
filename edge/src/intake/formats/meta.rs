//! Leads of Meta's lead ads.
//!
//! <https://developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving/>: a notification names leads
//! (`object: "page"`, `entry[].changes[]` with `field: "leadgen"` and `value.leadgen_id`) and carries no answers;
//! the Graph API's lead has them in `field_data: [{name, values}]`, and the boxes of the disclaimer in
//! `custom_disclaimer_responses: [{checkbox_key, is_checked}]`. Connectors forward that lead as it is.

use serde_json::{Map, Value};

use super::{
    Flat,
    answers::{Answers, is_yes, text_of},
};

/// What the Graph API is asked for: the fields of a lead that are read below.
pub const FIELDS: &str = "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,\
                          is_organic,platform,field_data,custom_disclaimer_responses";

/// Members that say which lead it is and which advertisement brought it.
const IDS: [&str; 9] =
    ["id", "leadgen_id", "form_id", "ad_id", "ad_name", "adset_id", "campaign_id", "is_organic", "created_time"];

/// Whether the body can be nothing but a lead as the Graph API shows it.
pub fn is_lead(body: &Map<String, Value>) -> bool {
    let is_answer = |field: &Value| field.get("name").is_some() && field.get("values").is_some_and(Value::is_array);
    body.get("field_data").and_then(Value::as_array).is_some_and(|fields| fields.iter().all(is_answer))
}

/// The ids of the leads that a notification names; `None` if it is no notification of leads.
pub fn notified(body: &Map<String, Value>) -> Option<Vec<String>> {
    if body.get("object")?.as_str()? != "page" {
        return None;
    }
    let (mut ids, mut seen) = (Vec::new(), Map::new());
    for entry in body.get("entry")?.as_array()? {
        for change in entry.get("changes").and_then(Value::as_array).into_iter().flatten() {
            let is_lead = change.get("field").and_then(Value::as_str) == Some("leadgen");
            let id = change.get("value").and_then(|value| value.get("leadgen_id")).and_then(text_of);
            // Only digits may become part of the Graph API's address.
            if let Some(id) = id.filter(|id| is_lead && id.len() <= 30 && id.bytes().all(|b| b.is_ascii_digit()))
                && seen.insert(id.clone(), Value::Null).is_none()
            {
                ids.push(id);
            }
        }
    }
    Some(ids)
}

/// The fields of a lead.
pub fn flatten(body: Map<String, Value>) -> Option<Flat> {
    let mut found = Answers::new("meta");
    for field in body.get("field_data")?.as_array()? {
        let name = field.get("name").and_then(Value::as_str).unwrap_or("");
        found.named(name, name, field.get("values").unwrap_or(&Value::Null));
    }
    consent(&mut found, body.get("custom_disclaimer_responses").and_then(Value::as_array));
    for (name, value) in &body {
        match name.as_str() {
            "field_data" | "custom_disclaimer_responses" => {}
            "platform" | "campaign_name" | "adset_name" | "form_name" => found.came_from(name, value),
            name if IDS.contains(&name) => found.keep(name, value),
            // A connector's own.
            name => found.named(name, name, value),
        }
    }
    Some(found.finish(body.get("id").or_else(|| body.get("leadgen_id"))))
}

/// The boxes of the disclaimer. Their words are not sent, only their keys: consent is given where every box
/// is ticked, and each is kept.
fn consent(found: &mut Answers, boxes: Option<&Vec<Value>>) {
    let mut keys = String::new();
    let mut all_ticked = true;
    for response in boxes.into_iter().flatten() {
        let key = response.get("checkbox_key").and_then(Value::as_str).unwrap_or("");
        let ticked = response.get("is_checked").and_then(text_of).is_some_and(|text| is_yes(&text));
        all_ticked &= ticked;
        found.keep(&format!("disclaimer.{key}"), &ticked.into());
        keys.push_str(if keys.is_empty() { "" } else { ", " });
        keys.push_str(key);
    }
    if all_ticked && !keys.is_empty() {
        found.agreed(&format!("Boxes of the lead form's disclaimer: {keys}"), true, &Value::Null);
    }
}
