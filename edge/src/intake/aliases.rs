//! Other spellings of the fields of a lead, as form builders and provider APIs write them.

use serde_json::{Map, Value};
use shared::{attribution::Attribution, submission::CANONICAL_FIELDS};

/// Spellings of top-level fields. Those with `your-` stand in the form that Contact Form 7 makes first, and in
/// its examples.
const TOP_LEVEL: &[(&str, &str)] = &[
    ("full_name", "name"),
    ("zip", "postcode"),
    ("comments", "message"),
    ("previous_conversation", "conversation"),
    ("your-name", "name"),
    ("your-email", "email"),
    ("your-tel", "phone"),
    ("your-phone", "phone"),
    ("your-message", "message"),
];

/// Flat spellings of fields inside others. Names of [`Attribution`] are understood without an entry here.
const NESTED: &[(&str, &str, &str)] = &[
    ("advert_address", "property", "address"),
    ("advert_postcode", "property", "postcode"),
    ("advert_url", "property", "url"),
    ("advert_image", "property", "image"),
    ("property_uid", "property", "uid"),
    ("property_type", "property", "type"),
    ("gdpr_checkbox", "consent", "given"),
    ("gdpr", "consent", "given"),
];

/// Fields whose value says where they belong: name, words (lower case), field and value they stand for.
const BY_VALUE: &[(&str, &[&str], &str, &str)] = &[
    ("lead_type", &["hot"], "interest_level", "hot"),
    ("lead_type", &["warm"], "interest_level", "warm"),
    ("lead_type", &["cold"], "interest_level", "cold"),
    ("lead_type", &["buyer"], "intent", "buy"),
    ("lead_type", &["seller"], "intent", "sell"),
    ("lead_type", &["both"], "intent", "buy_and_sell"),
    ("type", &["sale"], "intent", "buy"),
    ("type", &["let"], "intent", "rent"),
    ("type", &["vendor"], "intent", "sell"),
    ("type", &["landlord"], "intent", "let_out"),
    ("type", &["mortgage_request"], "intent", "mortgage"),
    ("listing_type", &["rent", "renting", "rental", "alquiler"], "intent", "rent"),
    ("listing_type", &["buy", "buying", "sale", "venta"], "intent", "buy"),
];

/// Fields whose names are understood with a capital letter too, as plugins that send a field's label write
/// them. Any text fits these, or they are the contact: no lead is refused for a `Budget` in words.
const CAPITALISED: [&str; 11] =
    ["name", "first_name", "last_name", "email", "phone", "message", "notes", "address", "postcode", "city", "state"];

/// Fields that are objects whose members may be spelled in camelCase too.
const OBJECTS: [&str; 3] = ["attribution", "consent", "property"];

/// The fields under their canonical names. A canonical spelling wins over another one of the same
/// field, which is then kept under its own name.
pub fn canonical(fields: Map<String, Value>) -> Map<String, Value> {
    let (plain, other): (Vec<_>, Vec<_>) =
        fields.into_iter().partition(|(name, _)| CANONICAL_FIELDS.contains(&name.as_str()));
    let mut canonical = Map::new();
    for (name, value) in plain {
        let mut value = match value {
            Value::Object(members) if OBJECTS.contains(&name.as_str()) => Value::Object(snake_members(members)),
            value => value,
        };
        if name == "consent" {
            consent_as_object(&mut value);
        }
        canonical.insert(name, value);
    }
    for (name, value) in other {
        place(&mut canonical, name, value);
    }
    canonical
}

/// The canonical top-level name for another spelling of it.
pub fn top_level(name: &str) -> Option<&'static str> {
    let snake = snake_case(name);
    let alias = TOP_LEVEL.iter().find(|(alias, _)| *alias == snake).map(|(_, target)| *target);
    let canonical = || CANONICAL_FIELDS.iter().find(|field| **field == snake).copied();
    alias.or_else(canonical).or_else(|| capitalised(name))
}

/// The field that `Email` or `FirstName` names.
fn capitalised(name: &str) -> Option<&'static str> {
    let first = name.chars().next().filter(char::is_ascii_uppercase)?;
    let small = [first.to_ascii_lowercase().to_string().as_str(), name.get(1..)?].concat();
    let snake = snake_case(&small);
    CAPITALISED.iter().find(|field| **field == snake).copied()
}

/// Whether a name is that of a field in any spelling, or one whose value says which field it is.
pub fn is_known(name: &str) -> bool {
    let snake = snake_case(name);
    top_level(name).is_some() || nested(&snake).is_some() || BY_VALUE.iter().any(|(field, ..)| *field == snake)
}

/// A consent that is only a yes or a no, as an object.
pub fn consent_as_object(consent: &mut Value) {
    if let Value::Bool(_) | Value::String(_) | Value::Number(_) = consent {
        *consent = object("given", consent.take());
    }
}

/// The object and its member that a flat name stands for.
fn nested(snake: &str) -> Option<(&'static str, &'static str)> {
    let listed = NESTED.iter().find(|(alias, ..)| *alias == snake).map(|(_, parent, member)| (*parent, *member));
    listed.or_else(|| Attribution::NAMES.iter().find(|name| **name == snake).map(|member| ("attribution", *member)))
}

/// Whether that is a flat spelling of text about the property.
pub fn is_about_property(name: &str) -> bool {
    NESTED.iter().any(|(alias, parent, member)| *alias == name && *parent == "property" && *member != "type")
}

fn place(canonical: &mut Map<String, Value>, name: String, value: Value) {
    let snake = snake_case(&name);
    let stands_for = top_level(&name).map(|target| (target, None)).or_else(|| {
        let (target, meaning) = by_value(&snake, &value)?;
        Some((target, Some(meaning)))
    });
    match stands_for {
        Some((target, meaning)) if !canonical.contains_key(target) => {
            canonical.insert(target.to_owned(), meaning.map_or(value, Value::from));
            return;
        }
        // As it was sent: it is not this field any more.
        Some(_) => {
            canonical.insert(name, value);
            return;
        }
        None => {}
    }
    let Some((parent, member)) = nested(&snake) else {
        canonical.insert(name, value);
        return;
    };
    match canonical.get_mut(parent) {
        None => {
            canonical.insert(parent.to_owned(), object(member, value));
        }
        Some(Value::Object(members)) if !members.contains_key(member) => {
            members.insert(member.to_owned(), value);
        }
        Some(_) => {
            canonical.insert(name, value);
        }
    }
}

/// The canonical field and value that a value stands for, where it says itself where it belongs.
pub fn by_value(name: &str, value: &Value) -> Option<(&'static str, &'static str)> {
    let word = value.as_str()?.trim().to_lowercase();
    let (_, _, target, meaning) =
        BY_VALUE.iter().find(|(field, words, ..)| *field == name && words.contains(&word.as_str()))?;
    Some((target, meaning))
}

fn snake_members(members: Map<String, Value>) -> Map<String, Value> {
    let mut snake = Map::new();
    for (name, value) in members {
        let value = match value {
            Value::Object(members) => Value::Object(snake_members(members)),
            value => value,
        };
        snake.insert(snake_case(&name), value);
    }
    snake
}

fn object(member: &str, value: Value) -> Value {
    let mut members = Map::new();
    members.insert(member.to_owned(), value);
    Value::Object(members)
}

/// `firstName` as `first_name`; a name that does not begin with a small letter is left alone.
fn snake_case(name: &str) -> String {
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return name.to_owned();
    }
    let mut snake = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
