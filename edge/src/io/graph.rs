//! Fetching a lead from Meta's Graph API.

use http::{Request, header::AUTHORIZATION};

use super::{
    bindings::{Bindings, META_GRAPH_URL},
    outbound::{self, TransportError},
};
use crate::{
    intake::formats::META_FIELDS,
    problem::Problem,
    telemetry::{Event, log},
};

/// Where it is. Meta serves a version for at least two years:
/// <https://developers.facebook.com/docs/graph-api/guides/versioning>.
const ADDRESS: &str = "https://graph.facebook.com/v25.0";

/// How long it may take to answer. Meta itself waits a little longer for us.
const TIMEOUT_MS: u32 = 8_000;

/// The lead of that id as JSON text. The token stands in a header, so that no log of addresses has it.
///
/// # Errors
/// [`Problem::Graph`] when it is not given; the log says why.
pub async fn lead(bindings: &Bindings, id: &str, token: &str) -> Result<Vec<u8>, Problem> {
    let elsewhere = if bindings.is_development() { bindings.text(META_GRAPH_URL) } else { None };
    let address = elsewhere.as_deref().unwrap_or(ADDRESS);
    let request = Request::builder()
        .uri(format!("{address}/{id}?fields={META_FIELDS}").as_str())
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .body(Vec::new());
    let request = request.map_err(|_| unfetched("the request cannot be made"))?;
    match outbound::send(request, TIMEOUT_MS).await {
        Ok(answer) if answer.status() == 200 => Ok(answer.into_body()),
        Ok(answer) => Err(unfetched(&format!("status {}", answer.status().as_u16()))),
        Err(TransportError::TimedOut) => Err(unfetched("no answer in time")),
        Err(TransportError::NotSent(cause) | TransportError::Broken(cause)) => Err(unfetched(&cause)),
    }
}

fn unfetched(cause: &str) -> Problem {
    log(&Event::Fault { doing: "fetching a lead from Meta", cause });
    Problem::Graph
}
