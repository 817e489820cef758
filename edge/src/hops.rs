//! The way a lead took from one Leadgate to the next, so that none comes back as a new one.
//!
//! Each delivery carries the header `Leadgate-Via`: the ids of the lead in every Leadgate that it went
//! through, the sender's last. They are UUIDs, so who finds one of its own leads there has sent it out
//! itself. The `Idempotency-Key` of a delivery begins with the sender's id too, for a proxy that lets no
//! unknown header through.

use http::HeaderName;
use shared::lead::LeadId;

/// The header's name.
pub const LEADGATE_VIA: HeaderName = HeaderName::from_static("leadgate-via");

/// Most systems that a lead may come through. A chain of Leadgates has two or three; more means that
/// somebody between them makes new leads of old ones.
pub const MAX_HOPS: usize = 5;

/// The leads that a request says it was, the first one first; what is no id is left out.
pub fn came_through(via: Option<&str>, idempotency_key: Option<&str>) -> Vec<LeadId> {
    let mut ids = Vec::new();
    let of_delivery = idempotency_key.and_then(|key| key.split_once('_')).filter(|(_, ordinal)| is_number(ordinal));
    for text in via.unwrap_or_default().split(',').chain(of_delivery.map(|(lead, _)| lead)) {
        if let Some(id) = LeadId::parse(text.trim()).filter(|id| !ids.contains(id)) {
            ids.push(id);
        }
    }
    ids
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The header's value: the same way as it is stored with a lead.
pub fn way(ids: &[LeadId]) -> Option<String> {
    let mut way = String::new();
    for id in ids {
        if !way.is_empty() {
            way.push_str(", ");
        }
        way.push_str(&id.to_string());
    }
    (!way.is_empty()).then_some(way)
}

/// The header's value when a lead goes on: the way that it came, and the lead itself.
pub fn onwards(way: Option<&str>, lead: LeadId) -> String {
    match way {
        Some(way) => format!("{way}, {lead}"),
        None => lead.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "0199f3a2-7c1e-7d3a-9b54-2f6f1c0a8e11";
    const SECOND: &str = "0199f3a2-7c1e-7d3a-9b54-2f6f1c0a8e12";

    fn ids(via: Option<&str>, key: Option<&str>) -> Vec<String> {
        came_through(via, key).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_delivery_tells_the_way_of_its_lead() {
        let first = came_through(None, Some(&format!("{FIRST}_2")));
        let header = onwards(None, *first.first().unwrap());
        assert_eq!(header, FIRST);
        let way = way(&came_through(Some(&header), Some(&format!("{FIRST}_2"))));
        assert_eq!(way.as_deref(), Some(FIRST));
        let second = LeadId::parse(SECOND).unwrap();
        assert_eq!(ids(Some(&onwards(way.as_deref(), second)), None), [FIRST, SECOND]);
    }

    #[test]
    fn other_headers_and_keys_tell_of_no_way() {
        for key in ["order-17", "_1", &format!("{FIRST}_"), &format!("{FIRST}_x"), FIRST] {
            assert_eq!(ids(Some("1.1 proxy, "), Some(key)), [""; 0], "{key}");
        }
        assert_eq!(way(&[]), None);
    }
}
