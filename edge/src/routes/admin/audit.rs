//! `GET /v1/admin/audit`: what admins did and what was erased or taken out, the latest first.

use serde_json::json;

use super::authorise;
use crate::{answer::Answer, io::audit, problem::Problem, routes::exchange::Exchange};

/// Entries on a page, where the request does not say.
const DEFAULT_LIMIT: i64 = 25;

/// Most entries on a page.
const MAX_LIMIT: i64 = 100;

/// 1. The admin token is right: 401, 429.
/// 2. `limit` and `cursor` are numbers, and there is no other parameter: 422.
/// 3. One page: 200, 503.
///
/// # Errors
/// As above.
pub async fn list(exchange: &Exchange) -> Result<Answer, Problem> {
    // 1.
    authorise(exchange)?;
    // 2.
    let (limit, before) = parameters(&exchange.request.query)?;
    // 3. One more than asked for tells whether there are more.
    let mut entries = audit::latest(&exchange.bindings.db()?, before, limit.saturating_add(1)).await?;
    let has_more = i64::try_from(entries.len()).is_ok_and(|length| length > limit);
    if has_more {
        entries.pop();
    }
    let next = entries.last().filter(|_| has_more).map(|entry| entry["seq"].to_string());
    let meta = json!({ "limit": limit, "has_more": has_more, "next_cursor": next });
    Answer::json(200, &json!({ "audit": entries, "meta": meta }))
}

fn parameters(query: &str) -> Result<(i64, i64), Problem> {
    let (mut limit, mut before) = (DEFAULT_LIMIT, i64::MAX >> 11);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let number = value.parse::<i64>().ok().filter(|number| *number >= 1);
        match (name.as_ref(), number) {
            ("limit", Some(number)) if number <= MAX_LIMIT => limit = number,
            ("cursor", Some(number)) => before = number,
            // As in the other lists, what is empty is absent.
            ("limit" | "cursor", _) if value.is_empty() => {}
            ("limit", _) => return Err(wrong("limit", format!("Give a number from 1 to {MAX_LIMIT}."))),
            ("cursor", _) => return Err(wrong("cursor", "Give the next_cursor of the page before.".to_owned())),
            (other, _) => return Err(wrong(other, "There is no such parameter.".to_owned())),
        }
    }
    Ok((limit, before))
}

fn wrong(name: &str, text: String) -> Problem {
    Problem::Parameters([(name.to_owned(), vec![text])].into())
}
