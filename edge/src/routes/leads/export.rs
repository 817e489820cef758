//! `GET /v1/leads/export`: a key's leads as a file.

use super::super::gate;
use crate::{
    answer::Answer,
    io::{consent_key::ConsentKey, lead_export},
    key::Scope,
    lead_filter::{self, Format},
    problem::Problem,
    routes::exchange::Exchange,
};

/// 1. The key works and may manage leads: 401, 403, 429, 503.
/// 2. The parameters are those of an export: 422.
/// 3. The file, as a stream: 200; 500 where it is to have receipts and the Worker has no key to sign them with; 503
///    if D1 does not answer at its beginning. Later that breaks the stream
///    off, so that nobody takes a part for the whole.
///
/// # Errors
/// As above.
pub async fn export(exchange: &Exchange) -> Result<Answer, Problem> {
    let request = &exchange.request;
    // 1.
    let caller = gate::authenticate(exchange).await?;
    exchange.set_quota(caller.meter(exchange)?);
    caller.must_have(Scope::Manage)?;
    // 2.
    let (filter, format) = lead_filter::export(&request.query).map_err(Problem::Parameters)?;
    // 3.
    let (content_type, extension) = match format {
        Format::Csv { .. } => ("text/csv; charset=utf-8; header=present", "csv"),
        Format::JsonLines { .. } => ("application/jsonl; charset=utf-8", "jsonl"),
    };
    let key = match format {
        Format::JsonLines { receipts: true } => Some(ConsentKey::load(&exchange.bindings).await?),
        _ => None,
    };
    if request.method != "HEAD" {
        let forms = caller.key.grant.forms();
        exchange.set_stream(lead_export::export(exchange.bindings.db()?, filter, forms, format, key).await?);
    }
    let now = request.now.to_string();
    let day = now.split('T').next().unwrap_or_default();
    let disposition = format!("attachment; filename=\"leads-{day}.{extension}\"");
    Ok(Answer::empty(200).with("content-type", content_type).with("content-disposition", disposition))
}
