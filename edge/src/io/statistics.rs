//! Statistics out of D1: of leads by the index `lead_overview` alone, of deliveries by their own rows.

use serde_json::Value;
use shared::lead::LeadId;
use worker::worker_sys::D1Database;

use super::{
    d1::{D1Error, rows, text, whole},
    lead_list::{forms, scope},
};
use crate::statistics::{Asked, By, MAX_GROUPS};

/// The leads `x` of a time.
macro_rules! leads {
    () => {
        "FROM f JOIN lead x INDEXED BY lead_overview
         ON x.form = f.form AND x.id >= ?2 AND x.id < ?3 AND x.erased_at IS NULL"
    };
}

/// The groups that are asked for, and in the last row what is counted of all groups, by one look at the leads
/// or deliveries.
///
/// # Errors
/// When D1 does not answer.
pub async fn groups(db: &D1Database, asked: &Asked, forms: Option<&[String]>) -> Result<Vec<Value>, D1Error> {
    let is = |status: &str| format!("sum(d.status = '{status}') AS {status}");
    let (key, from, mut counted) = match asked.by {
        By::Day => ("strftime('%Y-%m-%d', x.created_at / 1000, 'unixepoch')", leads!(), Vec::new()),
        By::Form => ("x.form", leads!(), Vec::new()),
        By::Source => ("x.source", leads!(), Vec::new()),
        By::UtmCampaign => ("x.campaign", leads!(), Vec::new()),
        By::Status => ("x.status", leads!(), Vec::new()),
        By::Destination => (
            "d.destination",
            concat!(leads!(), " CROSS JOIN delivery d ON d.lead_id = x.id"),
            vec![
                "count(*) AS deliveries".to_owned(),
                "sum(d.status IN ('pending', 'delivering')) AS pending".to_owned(),
            ],
        ),
    };
    if counted.is_empty() {
        counted.extend(
            [
                "sum(x.quarantined_at IS NULL) AS leads",
                "sum(x.quarantined_at IS NOT NULL) AS quarantined",
                "sum(x.status = 'converted' AND x.quarantined_at IS NULL) AS converted",
            ]
            .map(str::to_owned),
        );
    } else {
        counted.extend(asked.by.counts().iter().skip(counted.len()).map(|status| is(status)));
    }
    let counted = counted.join(", ");
    let names = asked.by.counts().join(", ");
    let sums: Vec<String> = asked.by.counts().iter().map(|name| format!("sum({name})")).collect();
    let order = if asked.by == By::Day { "key" } else { "3 DESC, key" };
    let sql = format!(
        "{forms}, g AS MATERIALIZED (SELECT {key} AS key, {counted} {from} GROUP BY 1)
         SELECT * FROM (SELECT NULL AS groups, key, {names} FROM g ORDER BY {order} LIMIT ?4)
         UNION ALL SELECT count(*), NULL, {sums} FROM g",
        forms = forms!(),
        sums = sums.join(", "),
    );
    let first = LeadId::new(asked.from, [0; 10]).to_string();
    let end = LeadId::new(asked.to.plus_millis(1), [0; 10]).to_string();
    let limit = whole(i64::try_from(MAX_GROUPS).unwrap_or(i64::MAX));
    rows(db, &sql, &[scope(asked.form.as_ref(), forms), text(&first), text(&end), limit]).await
}
