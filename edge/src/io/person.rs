//! Finding what is held of a person: by looking through the leads, since an index to find people by would be two
//! more rows for every lead (docs/decisions/0012-people-are-looked-for.md).

use serde_json::{Map, Value};
use shared::{
    contact::Region,
    text::{Normaliser, one_line},
};
use wasm_bindgen::JsValue;
use worker::worker_sys::D1Database;

use super::{
    d1::{Batch, D1Error, text, text_of, whole},
    delivery_reader::{form_list, optional},
    normaliser::Runtime,
};
use crate::{catalog::Catalog, data_subject::DataSubject, key::Grant, search::PHONE_MARKS};

/// Most leads that one question looks through: what D1 reads in about a quarter of a second, in which it does
/// nothing else.
const WINDOW: u32 = 20_000;

/// Whom to look for, and where.
#[derive(Debug)]
pub struct Person {
    forms: JsValue,
    email: JsValue,
    /// What the number is in each form, by the habits of its region.
    numbers: JsValue,
    /// What it is in a form that is not there any more.
    number: JsValue,
    digits: JsValue,
    typed: JsValue,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Ids of leads.
    pub leads: Vec<String>,
    /// Ids of contacts that have the address or number themselves.
    pub contacts: Vec<String>,
    /// The lead after which to go on, if there may be more.
    pub next: Option<String>,
}

/// What the number is in the form of a row. ?1: after which lead, ?2: forms or NULL, ?3: address, ?4: numbers by
/// form, ?5: number elsewhere, ?6: its digits, ?7: the number as it was typed.
macro_rules! numbers_of {
    ($row:literal) => {
        concat!("coalesce(?4 ->> ('$.\"' || ", $row, ".form || '\"'), ?5)")
    };
}

/// That the number in that column is the one that is meant, as it was typed: by its digits, however they are
/// separated, or letter by letter, since a partner's number may come with words. A number may have been read by
/// another country's habits than those of its form, so this counts beside E.164.
fn is_typed(column: &str) -> String {
    let mut digits = format!("coalesce({column}, '')");
    for mark in PHONE_MARKS {
        digits = format!("replace({digits}, char({}), '')", u32::from(mark));
    }
    format!("({digits} = ?6 OR {column} = ?7)")
}

/// With the first question only: a person has few.
const CONTACTS: &str = concat!(
    "SELECT c.id FROM contact c WHERE ?1 = '' AND (?2 IS NULL OR c.form IN (SELECT value FROM json_each(?2))) AND c.email = ?3
UNION SELECT c.id FROM contact c WHERE ?1 = '' AND (?2 IS NULL OR c.form IN (SELECT value FROM json_each(?2)))
  AND c.phone_e164 IN (SELECT value FROM json_each(?4) UNION SELECT ?5) AND c.phone_e164 = ",
    numbers_of!("c")
);

impl Person {
    /// The person in the forms of a key.
    pub fn new(subject: &DataSubject, catalog: &Catalog, grant: &Grant) -> Self {
        let phone = subject.phone.as_deref();
        let mut numbers = Map::new();
        for form in catalog.forms_of(grant) {
            let number = phone.and_then(|phone| Runtime.e164(phone, form.phone_region));
            if let Some(number) = number {
                numbers.insert(form.id.clone(), number.as_str().into());
            }
        }
        let number = phone.and_then(|phone| Runtime.e164(phone, Region::GB));
        Self {
            forms: form_list(grant.forms()),
            email: optional(subject.email.as_deref()),
            numbers: text(&Value::Object(numbers).to_string()),
            number: optional(number.as_ref().map(|number| number.as_str())),
            digits: optional(subject.digits().as_deref()),
            typed: optional(phone.and_then(|phone| one_line(phone, &Runtime)).as_deref()),
        }
    }

    /// The person's leads behind `after`, at most `limit`, in one round trip; with the first of them the contacts.
    ///
    /// # Errors
    /// When D1 does not answer.
    pub async fn find(&self, db: &D1Database, after: Option<&str>, limit: usize) -> Result<Found, D1Error> {
        let contacts = format!(
            "{CONTACTS} UNION SELECT c.id FROM contact c
             WHERE ?1 = '' AND (?2 IS NULL OR c.form IN (SELECT value FROM json_each(?2))) 
               AND (?6 IS NOT NULL OR ?7 IS NOT NULL) AND {}",
            is_typed("c.phone")
        );
        let leads = format!(
            concat!(
                "SELECT w.id FROM (SELECT id, form, document FROM lead WHERE id > ?1 ORDER BY id LIMIT {}) w
                 WHERE (?2 IS NULL OR w.form IN (SELECT value FROM json_each(?2)))
                   AND (lower(w.document ->> '$.email') = ?3 OR w.document ->> '$.phone_e164' = ",
                numbers_of!("w"),
                " OR {}) ORDER BY w.id LIMIT {}"
            ),
            WINDOW,
            is_typed("w.document ->> '$.phone'"),
            limit.saturating_add(1)
        );
        let after = text(after.unwrap_or_default());
        let values = [&after, &self.forms, &self.email, &self.numbers, &self.number, &self.digits, &self.typed];
        let values = values.map(JsValue::clone);
        let batch = Batch::new(db);
        batch.add(&contacts, &values)?;
        batch.add(&leads, &values)?;
        // The last lead that was looked at, if there is one behind it.
        batch.add(
            "SELECT id FROM lead WHERE id > ?1 ORDER BY id LIMIT 2 OFFSET ?2",
            &[after, whole(WINDOW.saturating_sub(1).into())],
        )?;
        let mut rows = batch.run().await?;
        let ids = |rows: Vec<Value>| rows.iter().map(|row| text_of(row, "id").to_owned()).collect::<Vec<_>>();
        let (contacts, mut leads, ends) = (ids(rows.take(0)), ids(rows.take(1)), ids(rows.take(2)));
        let next = if leads.len() > limit {
            leads.truncate(limit);
            leads.last().cloned()
        } else {
            ends.first().filter(|_| ends.len() > 1).cloned()
        };
        Ok(Found { leads, contacts, next })
    }
}
