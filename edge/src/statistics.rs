//! Statistics of leads and deliveries: what may be asked, and how what is beyond the groups that are shown is
//! summed up.

use serde_json::{Map, Value, json};
use shared::{field::Choice, form::is_id, timestamp::Timestamp};

use crate::parameters::{self, Edge, ParameterErrors, choice, moment};

/// Most groups that are shown: a year of days and then some. What is beyond is summed as `other`.
pub const MAX_GROUPS: usize = 400;

/// A day, in milliseconds.
const DAY_MILLIS: i64 = 86_400_000;

/// How much time is looked at where the request does not say.
const DEFAULT_DAYS: i64 = 30;

/// Longest time, in days. One row of the index is read for each lead in it.
const MAX_DAYS: i64 = 366;

/// Longest time for deliveries, in days: their rows are not in an index, and are read as a whole.
const MAX_DAYS_OF_DELIVERIES: i64 = 31;

/// What leads are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The day (UTC) on which they were accepted.
    Day,
    /// Their form.
    Form,
    /// What the sender called their origin.
    Source,
    /// The campaign that led to them.
    UtmCampaign,
    /// Where their deliveries go.
    Destination,
    /// Where they stand.
    Status,
}

impl Choice for By {
    const ALL: &'static [(&'static str, Self)] = &[
        ("day", Self::Day),
        ("form", Self::Form),
        ("source", Self::Source),
        ("utm_campaign", Self::UtmCampaign),
        ("destination", Self::Destination),
        ("status", Self::Status),
    ];
}

/// What is counted of leads.
const OF_LEADS: &[&str] = &["leads", "quarantined", "converted"];

/// What is counted of deliveries.
const OF_DELIVERIES: &[&str] =
    &["deliveries", "pending", "delivered", "duplicate", "refused", "unconfirmed", "failed", "skipped", "cancelled"];

impl By {
    /// What is counted in each group.
    pub const fn counts(self) -> &'static [&'static str] {
        match self {
            Self::Destination => OF_DELIVERIES,
            _ => OF_LEADS,
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Leads accepted then or later.
    pub from: Timestamp,
    /// Leads accepted then or earlier.
    pub to: Timestamp,
    /// In which groups.
    pub by: By,
    /// Of this form.
    pub form: Option<String>,
}

/// Reads the query.
///
/// # Errors
/// What is wrong, by parameter.
pub fn asked(query: &str, now: Timestamp) -> Result<Asked, ParameterErrors> {
    let (mut from, mut to, mut by, mut form) = (None, now, By::Day, None);
    parameters::each(query, &[&["from", "to", "by", "form"]], &mut |name, value| {
        match name {
            "from" => from = Some(moment(value, Edge::From)?),
            "to" => to = moment(value, Edge::To)?,
            "by" => by = choice(value)?,
            _ if is_id(value) => form = Some(value.to_owned()),
            _ => return Err("Give the id of a form.".to_owned()),
        }
        Ok(())
    })?;
    let from = from.unwrap_or_else(|| to.plus_millis(DEFAULT_DAYS.saturating_mul(-DAY_MILLIS)));
    let days = if by == By::Destination { MAX_DAYS_OF_DELIVERIES } else { MAX_DAYS };
    let wrong = |text: String| Err([("from".to_owned(), vec![text])].into());
    if from > to {
        return wrong("Give a time before to.".to_owned());
    }
    if to.millis().saturating_sub(from.millis()) > days.saturating_mul(DAY_MILLIS) {
        return wrong(format!("Ask for at most {days} days."));
    }
    Ok(Asked { from, to, by, form })
}

/// The statistics as they are shown. `rows` are the groups that are shown, with `key` and what is counted;
/// `all` is the same of all groups, with `groups`, how many there are.
pub fn shown(asked: &Asked, rows: Vec<Value>, all: &Value) -> Value {
    let count = |row: &Value, name: &str| row.get(name).and_then(Value::as_u64).unwrap_or_default();
    let (mut total, mut other) = (Map::new(), Map::new());
    let left = count(all, "groups").saturating_sub(u64::try_from(rows.len()).unwrap_or_default());
    other.insert("groups".to_owned(), left.into());
    for name in asked.by.counts() {
        let sum = count(all, name);
        let of_rows = rows.iter().fold(0_u64, |sum, row| sum.saturating_add(count(row, name)));
        total.insert((*name).to_owned(), sum.into());
        other.insert((*name).to_owned(), sum.saturating_sub(of_rows).into());
    }
    json!({
        "from": asked.from, "to": asked.to, "by": asked.by.name(), "total": total, "groups": rows,
        "other": if left > 0 { Value::Object(other) } else { Value::Null },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

    #[test]
    fn a_day_is_meant_from_its_first_to_its_last_millisecond() {
        let found = asked("from=2025-12-01&to=2025-12-31&by=utm_campaign&form=contact", NOW).unwrap();
        assert_eq!(found.from.to_string(), "2025-12-01T00:00:00.000Z");
        assert_eq!(found.to.to_string(), "2025-12-31T23:59:59.999Z");
        assert_eq!((found.by, found.form.as_deref()), (By::UtmCampaign, Some("contact")));
        let plain = asked("", NOW).unwrap();
        assert_eq!((plain.to, plain.by), (NOW, By::Day));
        assert_eq!(plain.from.to_string(), "2025-12-02T00:00:00.000Z");
    }

    #[test]
    fn no_more_time_is_looked_at_than_is_cheap() {
        assert!(asked("from=2025-01-01&to=2025-12-31", NOW).is_ok());
        for wrong in [
            "from=2024-12-01&to=2025-12-31",
            "from=2025-11-01&to=2025-12-31&by=destination",
            "from=2026-02-01",
            "from=2025-02-30",
            "to=yesterday",
            "by=hour",
            "form=A",
            "group=day",
        ] {
            assert_eq!(asked(wrong, NOW).unwrap_err().len(), 1, "{wrong}");
        }
        assert!(asked("from=2025-12-01&to=2025-12-31&by=destination", NOW).is_ok());
    }

    #[test]
    fn what_is_beyond_the_groups_that_are_shown_is_summed() {
        let asked = asked("by=form", NOW).unwrap();
        let rows = vec![json!({"key": "a", "leads": 5, "quarantined": 1, "converted": 2})];
        let all = json!({"groups": 3, "leads": 9, "quarantined": 1, "converted": 3});
        let found = shown(&asked, rows.clone(), &all);
        assert_eq!(found["other"], json!({"groups": 2, "leads": 4, "quarantined": 0, "converted": 1}));
        assert_eq!(found["total"], json!({"leads": 9, "quarantined": 1, "converted": 3}));
        let alone = json!({"groups": 1, "leads": 5, "quarantined": 1, "converted": 2});
        assert_eq!(shown(&asked, rows, &alone)["other"], Value::Null);
        assert_eq!(shown(&asked, Vec::new(), &Value::Null)["total"]["leads"], 0);
    }
}
