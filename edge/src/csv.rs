//! Leads as comma-separated values (RFC 4180), safe to open in a spreadsheet.

use serde_json::Value;
use shared::attribution::Attribution;

/// Characters that make a spreadsheet take a cell for a formula when they come first, or that hide one that
/// does (<https://owasp.org/www-community/attacks/CSV_Injection>).
const RUNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// What a spreadsheet reads a file as UTF-8 by.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// The columns before those of the attribution: their names, and where the value stands in a lead as it is
/// shown. Columns are only ever added at the end.
const BEFORE: &[(&str, &str)] = &[
    ("id", "/id"),
    ("form", "/form"),
    ("status", "/status"),
    ("version", "/version"),
    ("created_at", "/created_at"),
    ("updated_at", "/updated_at"),
    ("client_id", "/client_id"),
    ("quarantined_at", "/quarantine/at"),
    ("name", "/name"),
    ("first_name", "/first_name"),
    ("last_name", "/last_name"),
    ("title", "/title"),
    ("email", "/email"),
    ("phone", "/phone"),
    ("phone_e164", "/phone_e164"),
    ("intent", "/intent"),
    ("interest_level", "/interest_level"),
    ("message", "/message"),
    ("notes", "/notes"),
    ("address", "/address"),
    ("postcode", "/postcode"),
    ("city", "/city"),
    ("state", "/state"),
    ("country", "/country"),
    ("international", "/international"),
    ("property_uid", "/property/uid"),
    ("property_address", "/property/address"),
    ("property_postcode", "/property/postcode"),
    ("property_url", "/property/url"),
    ("property_image", "/property/image"),
    ("property_type", "/property/type"),
    ("category", "/category"),
    ("budget", "/budget"),
    ("timeline", "/timeline"),
    ("availability", "/availability"),
    ("questionnaire", "/questionnaire"),
    ("conversation", "/conversation"),
    ("source", "/source"),
    ("office_id", "/office_id"),
    ("locale", "/locale"),
];

/// The columns behind those of the attribution.
const BEHIND: &[(&str, &str)] = &[
    ("first_touch", "/attribution/first_touch"),
    ("consent_given", "/consent/given"),
    ("consent_text", "/consent/text"),
    ("consent_version", "/consent/version"),
    ("consent_policy_url", "/consent/policy_url"),
    ("consent_at", "/consent/at"),
    ("meta", "/meta"),
    ("deliveries", "/deliveries"),
    ("client_address", "/client_address"),
    ("consent_withdrawn_at", "/consent_withdrawn_at"),
];

/// The names of the columns, in their order.
pub fn columns() -> impl Iterator<Item = &'static str> {
    let name = |(name, _): &(&'static str, &'static str)| *name;
    BEFORE.iter().map(name).chain(Attribution::NAMES.iter().copied()).chain(BEHIND.iter().map(name))
}

/// Adds the first line, which names the columns.
pub fn add_header(file: &mut String) {
    for (place, name) in columns().enumerate() {
        add(file, place == 0, &Value::from(name));
    }
    file.push_str("\r\n");
}

/// Adds the line of a lead as it is shown.
pub fn add_line(file: &mut String, lead: &Value) {
    let null = Value::Null;
    let mut is_first = true;
    let mut cell = |value: Option<&Value>| {
        add(file, is_first, value.unwrap_or(&null));
        is_first = false;
    };
    for (_, place) in BEFORE {
        cell(lead.pointer(place));
    }
    let attribution = lead.get("attribution");
    for name in Attribution::NAMES {
        cell(attribution.and_then(|values| values.get(name)));
    }
    for (_, place) in BEHIND {
        cell(lead.pointer(place));
    }
    file.push_str("\r\n");
}

/// Adds a cell: text as it is, anything else as JSON. What a spreadsheet would run gets an apostrophe in front.
fn add(file: &mut String, is_first: bool, value: &Value) {
    if !is_first {
        file.push(',');
    }
    match value {
        Value::Null => {}
        Value::String(text) => add_text(file, text),
        other => add_text(file, &other.to_string()),
    }
}

fn add_text(file: &mut String, text: &str) {
    let guard = if text.starts_with(RUNS) { "'" } else { "" };
    if text.contains(['"', ',', '\r', '\n']) {
        file.push('"');
        file.push_str(guard);
        file.push_str(&text.replace('"', "\"\""));
        file.push('"');
    } else {
        file.push_str(guard);
        file.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use serde_json::json;

    fn cell(value: Value) -> String {
        let mut file = String::new();
        add(&mut file, true, &value);
        file
    }

    #[test]
    fn a_cell_is_quoted_where_it_must_be_and_never_a_formula() {
        for (value, written) in [
            (json!(null), ""),
            (json!(""), ""),
            (json!("Marla Singer"), "Marla Singer"),
            (json!("a,b"), "\"a,b\""),
            (json!("say \"hi\""), "\"say \"\"hi\"\"\""),
            (json!("two\nlines"), "\"two\nlines\""),
            (json!("two\r\nlines"), "\"two\r\nlines\""),
            (json!("=1+1"), "'=1+1"),
            (json!("+441623000000"), "'+441623000000"),
            (json!("-2"), "'-2"),
            (json!("@SUM(A1)"), "'@SUM(A1)"),
            (json!("\t=1"), "'\t=1"),
            (json!("\r=1"), "\"'\r=1\""),
            (json!("=HYPERLINK(\"https://x\",\"y\")"), "\"'=HYPERLINK(\"\"https://x\"\",\"\"y\"\")\""),
            (json!("a=1"), "a=1"),
            (json!("'=1"), "'=1"),
            (json!("Žluťoučký ＝"), "Žluťoučký ＝"),
            (json!(380_000), "380000"),
            (json!(-1.5), "'-1.5"),
            (json!(true), "true"),
            (json!({"a": "1"}), "\"{\"\"a\"\":\"\"1\"\"}\""),
            (json!([]), "[]"),
        ] {
            assert_eq!(cell(value.clone()), written, "{value}");
        }
    }

    #[test]
    fn a_line_has_a_cell_for_each_column() {
        let lead = json!({
            "id": "1", "quarantine": null, "name": "Marla", "property": {"type": "terraced"}, "meta": {"Colour": "red"},
            "attribution": {"utm_source": "x", "page": "https://example.com/", "first_touch": {"gclid": "y"}},
            "deliveries": [],
        });
        let (mut header, mut line) = (String::new(), String::new());
        add_header(&mut header);
        add_line(&mut line, &lead);
        let names: Vec<&str> = columns().collect();
        assert_eq!(header, format!("{}\r\n", names.join(",")));
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        // None of these cells has a comma.
        let cells: Vec<&str> = line.trim_end().split(',').collect();
        let of = |name: &str| cells[names.iter().position(|known| *known == name).unwrap()];
        assert_eq!(cells.len(), names.len());
        assert_eq!(
            (of("name"), of("property_type"), of("utm_source"), of("quarantined_at")),
            ("Marla", "terraced", "x", "")
        );
        assert_eq!(
            (of("first_touch"), of("meta")),
            ("\"{\"\"gclid\"\":\"\"y\"\"}\"", "\"{\"\"Colour\"\":\"\"red\"\"}\"")
        );
    }

    #[test]
    fn every_field_of_a_lead_has_a_column() {
        let all: BTreeSet<&str> = columns().collect();
        let held = ["form", "consent", "property", "attribution"];
        for field in shared::submission::CANONICAL_FIELDS.iter().filter(|field| !held.contains(field)) {
            assert!(all.contains(field), "{field}");
        }
    }
}
