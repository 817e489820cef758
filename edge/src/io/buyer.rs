//! Which destination of a group has a lead.

use worker::worker_sys::D1Database;

use super::d1::{D1Error, rows, text, text_of};

/// How the turns of a lead stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turns {
    /// A destination took it.
    Taken(String),
    /// Somebody has a turn.
    Open,
    /// Everybody had a turn and nobody took it.
    Over,
}

/// How the turns of a lead stand.
///
/// # Errors
/// When D1 does not answer.
pub async fn turns(db: &D1Database, lead_id: &str) -> Result<Turns, D1Error> {
    let sql = "SELECT destination, status FROM delivery
WHERE lead_id = ?1 AND group_id IS NOT NULL AND status IN ('delivered', 'pending', 'delivering')
ORDER BY status LIMIT 1";
    let rows = rows(db, sql, &[text(lead_id)]).await?;
    Ok(match rows.first() {
        Some(row) if text_of(row, "status") == "delivered" => Turns::Taken(text_of(row, "destination").to_owned()),
        Some(_) => Turns::Open,
        None => Turns::Over,
    })
}
