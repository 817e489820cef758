//! What the marketplace's answers mean: read from the body, since a lead is sold there once.

use http::Response;
use serde_json::Value;
use shared::{lead::Lead, text::shortened, timestamp::Timestamp};

use super::{category, said};
use crate::provider::{Outcome, answer, marketplace::Settings};

/// What the page answers to a category without a campaign, in small letters.
const NO_CAMPAIGN: &str = "no matching campaign";

/// Longest list of buyers that is kept, in characters.
const BUYERS_MAX_CHARS: usize = 200;

/// Longest price that is kept, in characters.
const PRICE_MAX_CHARS: usize = 20;

/// What an answer to `lead` means. A 408 or a fault of the server leaves open whether the lead was sold,
/// and a repeat could be a second sale.
pub fn outcome(lead: &Lead, settings: &Settings, answer: &Response<Vec<u8>>, now: Timestamp) -> Outcome {
    let words = answer::words(answer);
    let status = answer.status();
    match status.as_u16() {
        400 if lacks_campaign(answer) && !overrides_category(lead, settings) => {
            Outcome::Misconfigured { reason: answer::reason(status, words) }
        }
        // Cloudflare's words for an origin that refused the connection or could not be reached: nothing was read.
        521 | 523 => Outcome::RetryLater {
            reason: answer::reason(status, words),
            after: answer::retry_after(answer.headers(), now),
        },
        408 | 500..=599 => Outcome::Unconfirmed { reason: answer::reason(status, words) },
        _ => answer::by_status(answer, now, words).unwrap_or_else(|| taken(answer)),
    }
}

/// A 2xx: the body says whether the lead was sold, waits for a buyer, or was refused.
fn taken(answer: &Response<Vec<u8>>) -> Outcome {
    let body = answer::value(answer);
    match body.get("success").and_then(Value::as_bool) {
        Some(true) => {}
        Some(false) => {
            let words = answer::words(answer);
            return Outcome::Refused { reason: answer::reason(answer.status(), words) };
        }
        None => return unreadable("does not say whether it was a success"),
    }
    let Some(id) = answer::id(body.get("lead_id")) else { return unreadable("does not name the lead") };
    let remark = match body.get("status").and_then(Value::as_str) {
        Some("sold") => sold(&body),
        Some("pending") => "Pending: no buyer was there yet.".to_owned(),
        _ => return unreadable("has a status that is neither sold nor pending"),
    };
    Outcome::Delivered { reference: Some(answer::reference(&id)), remark: Some(remark) }
}

fn unreadable(how: &str) -> Outcome {
    Outcome::Unconfirmed { reason: format!("The answer {how}.") }
}

/// Such as `Sold for 45.00 to 1 buyer: buyer-uuid-1.`
fn sold(body: &Value) -> String {
    let mut remark = "Sold".to_owned();
    let price = match body.get("price") {
        Some(Value::Number(price)) => Some(with_cents(&price.to_string())),
        Some(Value::String(price)) => Some(price.clone()),
        _ => None,
    };
    if let Some(price) = price {
        remark.push_str(" for ");
        remark.push_str(shortened(&price, PRICE_MAX_CHARS));
    }
    if let Some(Value::Array(buyers)) = body.get("buyer_ids") {
        let count = buyers.len();
        let names: Vec<String> = buyers.iter().filter_map(|buyer| answer::id(Some(buyer))).collect();
        let names = names.join(", ");
        let names = shortened(&names, BUYERS_MAX_CHARS);
        remark.push_str(&format!(" to {count} {}", if count == 1 { "buyer" } else { "buyers" }));
        if !names.is_empty() {
            remark.push_str(": ");
            remark.push_str(names);
        }
    }
    remark.push('.');
    remark
}

/// A price with two decimals, where it has fewer.
fn with_cents(price: &str) -> String {
    match price.split_once('.') {
        None if price.bytes().all(|byte| byte.is_ascii_digit()) => format!("{price}.00"),
        Some((whole, tenths)) if tenths.len() == 1 => format!("{whole}.{tenths}0"),
        _ => price.to_owned(),
    }
}

fn lacks_campaign(answer: &Response<Vec<u8>>) -> bool {
    String::from_utf8_lossy(answer.body()).to_ascii_lowercase().contains(NO_CAMPAIGN)
}

/// Whether the lead went out with another category than the destination's own. Whoever may send a lead
/// may name a category: if one without a campaign were taken for a wrong configuration, anybody could
/// pause the destination for everyone. Where the destination has none of its own, every category is the
/// lead's, and the answer counts as a wrong configuration all the same, since campaigns are the operator's
/// to set up: the others are asked in their turn meanwhile, so one such lead does not hold them up.
fn overrides_category(lead: &Lead, settings: &Settings) -> bool {
    let configured = said(settings.category.as_deref());
    configured.is_some_and(|own| category(lead, settings).is_some_and(|sent| !sent.eq_ignore_ascii_case(own)))
}
