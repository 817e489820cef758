//! What a lead's contact was before it was changed goes from what is kept beside the lead: nobody who asks for the old
//! address finds the lead by it any more, so it must not stay behind.

use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

use super::d1::{Batch, D1Error, text};

/// The members of a lead that a person is found by.
const CONTACT: [&str; 3] = ["email", "phone", "phone_e164"];

/// Shorter ones are left in the words of providers: they stand in other words and numbers as well.
const TOLD_MIN_CHARS: usize = 6;

/// What stands in the words of a provider instead.
const CORRECTED: &str = "[changed]";

/// In answers that are kept for an `Idempotency-Key`, the member ?2 becomes ?3. All of them are JSON as we write it, in
/// which a quote inside a text has a backslash before it.
const ANSWERS: &str =
    "UPDATE idempotency SET body = replace(body, ?2, ?3) WHERE instr(body, ?2) AND (key_id, idempotency_key) IN
  (SELECT a.value ->> 0, a.value ->> 1 FROM lead l JOIN json_each(l.kept_answers) a WHERE l.id = ?1)";

/// In what providers said of deliveries, ?2 becomes ?3.
const DELIVERIES: &str = "UPDATE delivery SET reason = replace(reason, ?2, ?3),
  attempt_log = (SELECT json_group_array(json(iif(a.value ->> '$.excerpt' IS NULL, a.value,
    json_set(a.value, '$.excerpt', replace(a.value ->> '$.excerpt', ?2, ?3))))) FROM json_each(attempt_log) a)
WHERE lead_id = ?1 AND (instr(attempt_log, ?2) OR instr(reason, ?2))";

/// Adds to a transaction that what the contact was `before` and is not any more goes.
///
/// # Errors
/// When D1 refuses a value's type.
pub(super) fn add(
    batch: &Batch<'_>,
    lead: &JsValue,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Result<(), D1Error> {
    let value = |lead: &Map<String, Value>, name| lead.get(name).cloned().unwrap_or_default();
    for name in CONTACT {
        let (was, is) = (value(before, name), value(after, name));
        if was == is {
            continue;
        }
        let member = |value: &Value| text(&format!("\"{name}\":{value}"));
        batch.add(ANSWERS, &[lead.clone(), member(&was), member(&is)])?;
        // Some write a plus as an escape, and some make addresses small.
        let words = was.as_str().unwrap_or_default().trim_start_matches('+');
        let small = words.to_ascii_lowercase();
        for words in [Some(words), Some(small.as_str()).filter(|small| *small != words)].into_iter().flatten() {
            if words.chars().count() >= TOLD_MIN_CHARS {
                batch.add(DELIVERIES, &[lead.clone(), text(words), text(CORRECTED)])?;
            }
        }
    }
    Ok(())
}
