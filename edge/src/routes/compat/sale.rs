//! A lead that somebody may buy while its sender waits.

use std::time::Duration;

use serde_json::Number;
use worker::Delay;

use crate::{
    answer::Answer,
    io::{
        buyer::{self, Turns},
        entry,
    },
    provider::marketplace,
    routes::exchange::Exchange,
};

/// When it is looked whether there is a buyer, in milliseconds after the look before: five times within 4
/// seconds, since most destinations answer at once, a request has 50 calls of D1 on the free plan, and
/// senders usually wait for 5 seconds or more.
const LOOKS_MILLIS: [u64; 5] = [200, 400, 800, 1_200, 1_400];

/// The answer that says who bought the lead, if somebody does in time; else `pending`, as it is. `kept` is
/// the key and the name under which it is kept for a repeat.
pub(super) async fn answer(
    exchange: &Exchange,
    pending: Answer,
    lead_id: &str,
    price: Option<&Number>,
    kept: Option<(&str, &str)>,
) -> Answer {
    let Ok(db) = exchange.bindings.db() else { return pending };
    for wait in LOOKS_MILLIS {
        Delay::from(Duration::from_millis(wait)).await;
        match buyer::turns(&db, lead_id).await {
            Ok(Turns::Taken(destination)) => {
                let body = marketplace::inbound::sold(lead_id, &destination, price).to_string();
                if let Some((key_id, name)) = kept {
                    // If it is not kept, a repeat is told `pending`, which is true of nobody else's copy.
                    let _ = entry::keep_body(&db, key_id, name, &body).await;
                }
                return Answer { body, ..pending };
            }
            Ok(Turns::Open) => {}
            Ok(Turns::Over) | Err(_) => break,
        }
    }
    pending
}
