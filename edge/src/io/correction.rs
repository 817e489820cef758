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

/// In answers that are kept for an `Idempotency-Key`, the text ?2 in quotes becomes the JSON ?3.
const ANSWERS: &str = "UPDATE idempotency SET body = replace(body, ?2, ?3) WHERE (key_id, idempotency_key) IN
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
    for name in CONTACT {
        let Some(was) = before.get(name).filter(|was| after.get(name) != Some(*was)) else { continue };
        let Some(words) = was.as_str() else { continue };
        let is = after.get(name).unwrap_or(&Value::Null);
        batch.add(ANSWERS, &[lead.clone(), text(&was.to_string()), text(&is.to_string())])?;
        if words.chars().count() >= TOLD_MIN_CHARS {
            batch.add(DELIVERIES, &[lead.clone(), text(words), text(CORRECTED)])?;
        }
    }
    Ok(())
}
