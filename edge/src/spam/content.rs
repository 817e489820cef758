//! What the text of a lead looks like. Reasons count and name fields; they repeat nothing of the text.

use shared::lead::Lead;

use super::Reason;

/// Points of one link in a text.
const LINK_POINTS: u8 = 10;
/// Most points of links together: a person may well send a few.
const LINKS_MAX_POINTS: u8 = 30;
/// How a link begins. Written without a scheme it mostly begins with `www.`.
const LINK: [&str; 2] = ["://", "www."];
/// How a link is marked up where a person would not: in BBCode and HTML.
const MARKUP: [&str; 4] = ["[url", "[link", "<a ", "href="];

/// Adds what the texts of a lead give away.
pub(super) fn look_at(lead: &Lead, reasons: &mut Vec<Reason>) {
    let names = [&lead.name, &lead.first_name, &lead.last_name, &lead.title];
    if names.into_iter().flatten().any(|name| links(&name.to_ascii_lowercase()) > 0) {
        reasons.push(Reason { kind: "link_in_name", points: 40, detail: None });
    }
    let (mut found, mut is_marked_up) = (0_usize, false);
    for text in [&lead.message, &lead.notes].into_iter().flatten() {
        let text = text.to_ascii_lowercase();
        found = found.saturating_add(links(&text));
        is_marked_up |= MARKUP.iter().any(|sign| text.contains(sign));
    }
    if found > 0 {
        let points = u8::try_from(found).unwrap_or(u8::MAX).saturating_mul(LINK_POINTS).min(LINKS_MAX_POINTS);
        reasons.push(Reason { kind: "links", points, detail: Some(found.to_string()) });
    }
    if is_marked_up {
        reasons.push(Reason { kind: "link_markup", points: 25, detail: None });
    }
}

/// How many links a text in lower case has. `https://www.` is one.
fn links(text: &str) -> usize {
    let both = text.matches("://www.").count();
    LINK.iter().map(|sign| text.matches(sign).count()).fold(0_usize, usize::saturating_add).saturating_sub(both)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn kinds(lead: Value) -> Vec<(&'static str, u8)> {
        let mut reasons = Vec::new();
        look_at(&serde_json::from_value(lead).unwrap(), &mut reasons);
        reasons.iter().map(|reason| (reason.kind, reason.points)).collect()
    }

    #[test]
    fn links_count_one_by_one_up_to_three() {
        for (message, points) in [
            ("see https://www.example.com", 10),
            ("WWW.example.com and http://example.org/a", 20),
            ("http://a http://b http://c http://d http://e", 30),
        ] {
            assert_eq!(kinds(json!({"name": null, "message": message})), [("links", points)], "{message}");
        }
    }

    #[test]
    fn markup_and_links_in_names_are_told_apart() {
        assert_eq!(
            kinds(json!({"name": "WIN http://x", "message": "[URL=http://x]x[/URL]"})),
            [("link_in_name", 40), ("links", 10), ("link_markup", 25)]
        );
        assert_eq!(
            kinds(json!({"name": null, "first_name": "www.x", "notes": "<A HREF=x>"})),
            [("link_in_name", 40), ("link_markup", 25)]
        );
    }

    #[test]
    fn what_people_write_is_not_suspicious() {
        for message in
            ["Is the house at 5 Mill Lane still for sale? <3", "Call me: 01623 000000. Price < 300,000?", "a [sic] b"]
        {
            assert!(kinds(json!({"name": "J.-P. O'Brien", "message": message})).is_empty(), "{message}");
        }
    }
}
