//! Erasing leads that are older than their form keeps them, some with each tick of the cron trigger.

use serde_json::{Value, json};
use shared::timestamp::Timestamp;
use wasm_bindgen::JsValue;
use worker::worker_sys::D1Database;

use super::{
    d1::{Batch, D1Error, rows, text, text_of, time, whole},
    entry::Refusal,
    erasure::{self, Erasure},
};
use crate::telemetry::{Event, log};

/// The oldest leads of a form that one look sees. Each look reads so many rows of the index for each form, 1,440
/// times a day.
const LOOK: u32 = 50;

/// Looks in one tick, each of which may erase what it sees; the ticks after it go on.
const LOOKS: u32 = 4;

/// The oldest leads of each form that keeps leads for a time, behind those that are all erased. A form that is not
/// configured any more says nothing of its leads.
const OLDEST: &str = "WITH f AS (
  SELECT c.id AS form, ?1 - (c.document ->> '$.retention_days') * 86400000 AS oldest,
    coalesce((SELECT r.after_id FROM retention r WHERE r.form = c.id), '') AS after_id
  FROM config c WHERE c.kind = 'form' AND c.document ->> '$.retention_days' > 0)
SELECT f.form, n.value ->> 0 AS id, n.value ->> 1 AS is_gone, n.value ->> 2 < f.oldest AS is_over
FROM f JOIN json_each((SELECT json_group_array(json_array(x.id, x.erased_at IS NOT NULL, x.created_at)) FROM
  (SELECT id, erased_at, created_at FROM lead INDEXED BY lead_overview WHERE form = f.form AND id > f.after_id
   ORDER BY id LIMIT ?2) x)) n
ORDER BY f.form, id";

const PASS: &str = "INSERT INTO retention (form, after_id) VALUES (?1, ?2)
ON CONFLICT (form) DO UPDATE SET after_id = max(after_id, excluded.after_id)";

/// What one look sees.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    /// Leads whose time is over.
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
        let seen = Seen::of(&rows(db, OLDEST, &[time(now), whole(LOOK.into())]).await?);
        if seen == Seen::default() {
            return Ok(());
        }
        if !seen.passed.is_empty() {
            let batch = Batch::new(db);
            for (form, after) in &seen.passed {
                batch.add(PASS, &[text(form), text(after)])?;
            }
            batch.run().await?;
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
            let (id, is) = (text_of(row, "id"), |name: &str| row.get(name).and_then(Value::as_i64) == Some(1));
            if text_of(row, "form") != form {
                (form, all_gone) = (text_of(row, "form"), true);
            }
            all_gone = all_gone && is("is_gone");
            if all_gone {
                match seen.passed.last_mut() {
                    Some((last, after)) if last == form => id.clone_into(after),
                    _ => seen.passed.push((form.to_owned(), id.to_owned())),
                }
            } else if !is("is_gone") && is("is_over") {
                seen.over.push(id.to_owned());
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_is_erased_and_what_is_all_erased_is_passed() {
        let row = |form: &str, id: &str, is_gone, is_over| json!({"form": form, "id": id, "is_gone": is_gone, "is_over": is_over});
        let seen = Seen::of(&[
            row("a", "1", 1, 1),
            row("a", "2", 1, 1),
            row("a", "3", 0, 1),
            row("a", "4", 1, 1),
            row("a", "5", 0, 0),
            row("b", "6", 0, 0),
            row("c", "7", 1, 0),
        ]);
        assert_eq!(seen.over, ["3"]);
        assert_eq!(seen.passed, [("a".to_owned(), "2".to_owned()), ("c".to_owned(), "7".to_owned())]);
    }
}
