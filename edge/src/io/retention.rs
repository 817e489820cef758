//! Erasing leads that are older than their form keeps them, some with each tick of the cron trigger.

use serde_json::{Value, json};
use shared::timestamp::Timestamp;
use wasm_bindgen::JsValue;
use worker::worker_sys::D1Database;

use super::{
    d1::{D1Error, rows, text, text_of, time, whole},
    entry::Refusal,
    erasure::{self, Erasure},
};
use crate::telemetry::{Event, log};

/// Leads that one look erases, and most that it sees of one form.
const LOOK: usize = 50;

/// Looks in one tick; the ticks after it go on.
const LOOKS: u32 = 4;

/// The oldest leads whose time is over, of each form that keeps leads for a time, behind those that are all erased.
/// A lead's id begins with the time of its acceptance, so that a look reads nothing of forms that have none. A form
/// that is not configured any more says nothing of its leads.
const OVER: &str = "WITH f AS (
  SELECT c.id AS form, max(0, ?1 - (c.document ->> '$.retention_days') * 86400000) AS oldest,
    coalesce((SELECT r.after_id FROM retention r WHERE r.form = c.id), '') AS after_id
  FROM config c WHERE c.kind = 'form' AND c.document ->> '$.retention_days' > 0)
SELECT f.form, n.value ->> 0 AS id, n.value ->> 1 AS is_gone
FROM f JOIN json_each((SELECT json_group_array(json_array(x.id, x.erased_at IS NOT NULL)) FROM
  (SELECT id, erased_at FROM lead INDEXED BY lead_overview
   WHERE form = f.form AND id > f.after_id AND id < printf('%08x-%04x', f.oldest / 65536, f.oldest % 65536)
   ORDER BY id LIMIT ?2) x)) n
ORDER BY f.form, id";

const PASS: &str =
    "INSERT INTO retention (form, after_id) SELECT value ->> 0, value ->> 1 FROM json_each(?1) WHERE true
ON CONFLICT (form) DO UPDATE SET after_id = max(after_id, excluded.after_id)";

/// What one look sees.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    /// The oldest leads whose time is over, of all forms, at most [`LOOK`].
    over: Vec<String>,
    /// For each form that has some at its beginning, the last of those that are erased.
    passed: Vec<(String, String)>,
}

/// Erases what is over.
///
/// # Errors
/// When D1 does not answer.
pub async fn erase_what_is_over(db: &D1Database, now: Timestamp) -> Result<(), D1Error> {
    for _ in 0..LOOKS {
        let seen = Seen::of(&rows(db, OVER, &[time(now), whole(i64::try_from(LOOK).unwrap_or_default())]).await?);
        if seen == Seen::default() {
            return Ok(());
        }
        if !seen.passed.is_empty() {
            rows(db, PASS, &[text(&json!(seen.passed).to_string())]).await?;
        }
        if seen.over.is_empty() {
            continue;
        }
        let leads = json!(seen.over).to_string();
        let erasure = Erasure {
            leads: &leads,
            contacts: "[]",
            version: None,
            key_id: None,
            kind: "retention",
            target: None,
            request_id: "cron",
            now,
        };
        match erasure::erase(db, &erasure).await {
            Ok(_) => log(&Event::Retention { erased: seen.over.len() }),
            Err(Refusal::Store(error)) => return Err(error),
            Err(_) => return Err(D1Error::from(JsValue::UNDEFINED)),
        }
    }
    Ok(())
}

impl Seen {
    fn of(rows: &[Value]) -> Self {
        let mut seen = Self::default();
        // The form whose leads have all been erased so far.
        let (mut form, mut all_gone) = ("", false);
        for row in rows {
            let (id, is_gone) = (text_of(row, "id"), row.get("is_gone").and_then(Value::as_i64) == Some(1));
            if text_of(row, "form") != form {
                (form, all_gone) = (text_of(row, "form"), true);
            }
            all_gone = all_gone && is_gone;
            if all_gone {
                match seen.passed.last_mut() {
                    Some((last, after)) if last == form => id.clone_into(after),
                    _ => seen.passed.push((form.to_owned(), id.to_owned())),
                }
            } else if !is_gone {
                seen.over.push(id.to_owned());
            }
        }
        // An id sorts by its time: the oldest first, whichever form they are of.
        seen.over.sort_unstable();
        seen.over.truncate(LOOK);
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_is_erased_and_what_is_all_erased_is_passed() {
        let row = |form: &str, id: &str, is_gone| json!({"form": form, "id": id, "is_gone": is_gone});
        let seen = Seen::of(&[
            row("a", "1", 1),
            row("a", "2", 1),
            row("a", "5", 0),
            row("a", "6", 1),
            row("b", "3", 0),
            row("c", "7", 1),
        ]);
        assert_eq!(seen.over, ["3", "5"]);
        assert_eq!(seen.passed, [("a".to_owned(), "2".to_owned()), ("c".to_owned(), "7".to_owned())]);
    }

    #[test]
    fn of_many_forms_a_look_erases_no_more_than_of_one() {
        let rows: Vec<Value> = (0..40)
            .flat_map(|form| {
                (0..LOOK).map(move |lead| json!({"form": form.to_string(), "id": format!("{lead:02} {form:02}")}))
            })
            .collect();
        let seen = Seen::of(&rows);
        assert_eq!((seen.over.len(), &*seen.over[0], &*seen.over[49]), (LOOK, "00 00", "01 09"));
    }
}
