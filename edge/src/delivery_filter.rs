//! Which deliveries are meant: the filters of the list and of a replay, checked. A name that is not
//! known is refused, since a mistyped filter would list or send everything.

use serde_json::{Map, Value};
use shared::{field::Choice, form::is_id, lead::LeadId, timestamp::Timestamp};

use crate::{
    delivery::{DeliveryId, Status},
    delivery_view::parse_id,
    parameters::{self, Edge, ParameterErrors, moment, number},
    provider,
};

/// Deliveries on a page, where the request does not say.
const DEFAULT_LIMIT: u32 = 25;

/// Most deliveries on a page: each brings up to 20 attempts.
const MAX_LIMIT: u32 = 100;

/// The names of the filters.
const FILTERS: &[&str] = &["status", "destination", "provider", "created_from", "created_to"];

/// Where a delivery stands that a person may send again. The partial index `delivery_in_trouble` holds
/// these and no other.
pub const REPLAYABLE: &[Status] =
    &[Status::Duplicate, Status::Refused, Status::Unconfirmed, Status::Failed, Status::Skipped, Status::Cancelled];

/// Which deliveries are meant; what is not said does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where they stand: any of these.
    pub statuses: Vec<Status>,
    /// Where they go.
    pub destination: Option<String>,
    /// What kind of API is there.
    pub provider: Option<String>,
    /// Their lead was accepted then or later.
    pub created_from: Option<Timestamp>,
    /// Their lead was accepted then or earlier.
    pub created_to: Option<Timestamp>,
    /// They came to stand where they stand before then. A replay's only.
    pub settled_before: Option<Timestamp>,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Which deliveries.
    pub filter: Filter,
    /// At most so many.
    pub limit: u32,
    /// Those behind this one; the newest without it.
    pub after: Option<DeliveryId>,
}

impl Filter {
    /// The first and the last id that a lead accepted in the time asked for can have. Ids begin with
    /// that time, so the primary key finds them.
    pub fn lead_ids(&self) -> (String, String) {
        let earliest = self.created_from.unwrap_or(Timestamp::from_millis(0));
        let latest = self.created_to.unwrap_or(Timestamp::from_millis(i64::MAX));
        (LeadId::new(earliest, [0; 10]).to_string(), LeadId::new(latest, [255; 10]).to_string())
    }

    /// Sets the filter of that name.
    fn set(&mut self, name: &str, text: &str) -> Result<(), String> {
        match name {
            "status" => self.statuses.push(status(text, |_| true)?),
            "destination" if is_id(text) => self.destination = Some(text.to_owned()),
            "destination" => return Err("Give the id of a destination.".to_owned()),
            "provider" if provider::NAMES.contains(&text) => self.provider = Some(text.to_owned()),
            "provider" => return Err(format!("Use one of: {}.", provider::NAMES.join(", "))),
            "created_from" => self.created_from = Some(moment(text, Edge::From)?),
            "created_to" => self.created_to = Some(moment(text, Edge::To)?),
            _ => return Err("There is no such filter.".to_owned()),
        }
        Ok(())
    }
}

/// Reads the query of the list. A parameter without a value counts as left out.
///
/// # Errors
/// What is wrong, by parameter.
pub fn page(query: &str) -> Result<PageRequest, ParameterErrors> {
    let mut page = PageRequest { filter: Filter::default(), limit: DEFAULT_LIMIT, after: None };
    parameters::each(query, &[FILTERS, &["limit", "cursor"]], &mut |name, value| {
        match name {
            "limit" => page.limit = number(value, 1, MAX_LIMIT)?,
            "cursor" => page.after = Some(cursor(value)?),
            name => page.filter.set(name, value)?,
        }
        Ok(())
    })?;
    Ok(page)
}

/// Reads the body of a replay. Without a status only what has failed is meant: whoever wants a lead
/// sent that its provider may have already must say so.
///
/// # Errors
/// What is wrong, by member.
pub fn replay(body: &Map<String, Value>) -> Result<Filter, ParameterErrors> {
    let (mut filter, mut errors) = (Filter::default(), ParameterErrors::new());
    for (name, value) in body {
        let result = match (name.as_str(), value) {
            ("status", Value::String(one)) => replayable(one).map(|status| filter.statuses.push(status)),
            ("status", Value::Array(several)) if !several.is_empty() => several.iter().try_for_each(|one| {
                filter.statuses.push(replayable(one.as_str().unwrap_or_default())?);
                Ok(())
            }),
            ("status", _) => Err("Give one status or a list of them.".to_owned()),
            ("settled_before", Value::String(text)) => {
                moment(text, Edge::From).map(|at| filter.settled_before = Some(at))
            }
            (name, Value::String(text)) => filter.set(name, text),
            (name, _) if FILTERS.contains(&name) || name == "settled_before" => Err("Give text.".to_owned()),
            _ => Err("There is no such filter.".to_owned()),
        };
        if let Err(text) = result {
            errors.insert(name.clone(), vec![text]);
        }
    }
    if filter.statuses.is_empty() {
        filter.statuses.push(Status::Failed);
    }
    if errors.is_empty() { Ok(filter) } else { Err(errors) }
}

fn replayable(text: &str) -> Result<Status, String> {
    status(text, |status| REPLAYABLE.contains(&status))
}

fn status(text: &str, allowed: impl Fn(Status) -> bool) -> Result<Status, String> {
    let known = Status::ALL.iter().find(|(name, status)| *name == text && allowed(*status));
    known.map(|(_, status)| *status).ok_or_else(|| {
        let names: Vec<&str> = Status::ALL.iter().filter(|(_, s)| allowed(*s)).map(|(name, _)| *name).collect();
        format!("Use one of: {}.", names.join(", "))
    })
}

fn cursor(text: &str) -> Result<DeliveryId, String> {
    parse_id(text).ok_or_else(|| "Give the next_cursor of a page.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn replay_of(body: Value) -> Result<Filter, ParameterErrors> {
        replay(body.as_object().unwrap())
    }

    #[test]
    fn a_page_is_asked_for_by_its_parameters() {
        let lead = LeadId::new(Timestamp::from_millis(1), [0; 10]);
        let query = format!(
            "status=failed&destination=crm&provider=anyhouse&created_from=2026-01-01T00%3A00%3A00Z&created_to=&limit=100&cursor={lead}_2"
        );
        let page = page(&query).unwrap();
        assert_eq!(page.limit, 100);
        assert_eq!(page.after, Some(DeliveryId { lead, ordinal: 2 }));
        assert_eq!(page.filter.statuses, [Status::Failed]);
        assert_eq!(page.filter.created_to, None);
        assert!(page.filter.lead_ids().0 < page.filter.lead_ids().1);
    }

    #[test]
    fn every_wrong_parameter_is_named() {
        let errors = page("status=lost&destination=A&provider=x&created_from=today&limit=101&cursor=1&stat=failed&q=")
            .unwrap_err();
        let names: Vec<&str> = errors.keys().map(String::as_str).collect();
        assert_eq!(names, ["created_from", "cursor", "destination", "limit", "provider", "q", "stat", "status"]);
        assert_eq!(page("status=failed&status=refused").unwrap_err()["status"], ["Give it once."]);
    }

    #[test]
    fn a_replay_without_a_status_means_what_has_failed() {
        assert_eq!(replay_of(json!({"destination": "crm"})).unwrap().statuses, [Status::Failed]);
        let asked = replay_of(json!({"status": ["unconfirmed", "skipped"]})).unwrap();
        assert_eq!(asked.statuses, [Status::Unconfirmed, Status::Skipped]);
        assert_eq!(replay_of(json!({"status": "refused"})).unwrap().statuses, [Status::Refused]);
        let before = replay_of(json!({"settled_before": "2026-01-01T00:00:00Z"})).unwrap().settled_before;
        assert_eq!(before, Timestamp::parse("2026-01-01T00:00:00Z"));
    }

    #[test]
    fn a_replay_takes_no_status_that_needs_none() {
        for status in
            [json!("delivered"), json!("pending"), json!(["failed", "delivering"]), json!([]), json!([1]), json!(null)]
        {
            assert_eq!(replay_of(json!({"status": status})).unwrap_err().keys().collect::<Vec<_>>(), ["status"]);
        }
        let errors = replay_of(json!({"limit": 5, "cursor": "x", "destination": 1, "state": "failed"})).unwrap_err();
        assert_eq!(errors.len(), 4);
    }

    #[test]
    fn a_lead_of_the_time_asked_for_has_an_id_within_the_bounds() {
        let at = Timestamp::from_millis(1_700_000_000_000);
        let filter = Filter { created_from: Some(at), created_to: Some(at), ..Filter::default() };
        let (first, last) = filter.lead_ids();
        for random in [[0; 10], [255; 10], [77; 10]] {
            let id = LeadId::new(at, random).to_string();
            assert!(first <= id && id <= last, "{first} {id} {last}");
        }
        assert!(LeadId::new(at.plus_millis(1), [0; 10]).to_string() > last);
        assert!(LeadId::new(at.plus_millis(-1), [255; 10]).to_string() < first);
        let (first, last) = Filter::default().lead_ids();
        let id = LeadId::new(at, [9; 10]).to_string();
        assert!(first <= id && id <= last);
    }
}
