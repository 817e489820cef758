//! Which form a partner's lead is for, and whether its category is bought there.

use std::borrow::Cow;

use serde_json::Value;
use shared::form::{Campaign, FormDefinition};

use super::fields::{Wrong, WrongKind, is_empty};

/// A code, slug or category as it was sent: one of digits may come as a number, and what is no word at all stands
/// for none that there is.
pub fn word(value: Option<&Value>) -> Cow<'_, str> {
    match value.filter(|value| !is_empty(value)) {
        None => Cow::Borrowed(""),
        Some(Value::String(text)) => Cow::Borrowed(text.trim()),
        Some(other) => Cow::Owned(other.to_string()),
    }
}

/// The form that a seller's name stands for: one that lists it among its `sellers` or has it as its id, in
/// any case; else the only form there is, if that lists none.
///
/// # Errors
/// That there is no such seller.
pub fn form_of<'a>(seller: &str, forms: &[&'a FormDefinition]) -> Result<&'a FormDefinition, Wrong> {
    let named = forms.iter().find(|form| {
        let lists = form.sellers.iter().any(|name| name.trim().eq_ignore_ascii_case(seller));
        lists || form.id.eq_ignore_ascii_case(seller)
    });
    match (named, forms) {
        (Some(form), _) => Ok(form),
        (None, [form]) if form.sellers.is_empty() => Ok(form),
        _ => Err(no_campaign("seller", "No seller of this code or slug takes leads from this key.")),
    }
}

/// The campaign of a category, in any case; `None` where the form takes every category.
///
/// # Errors
/// That the form takes others only.
pub fn campaign<'a>(form: &'a FormDefinition, category: &str) -> Result<Option<&'a Campaign>, Wrong> {
    if form.campaigns.is_empty() {
        return Ok(None);
    }
    let found = form.campaigns.iter().find(|(name, _)| name.trim().eq_ignore_ascii_case(category.trim()));
    match found {
        Some((_, campaign)) => Ok(Some(campaign)),
        None => Err(no_campaign("category", "The category is none of an active campaign.")),
    }
}

fn no_campaign(field: &str, text: &str) -> Wrong {
    Wrong { field: field.to_owned(), text: text.to_owned(), kind: WrongKind::NoCampaign }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn form(id: &str, members: Value) -> FormDefinition {
        FormDefinition { id: id.to_owned(), ..serde_json::from_value(members).unwrap() }
    }

    #[test]
    fn a_seller_is_a_code_a_slug_or_the_id_of_a_form() {
        let (first, second) =
            (form("contact", json!({})), form("solar", json!({"sellers": ["ACME1234", "acme-solar"]})));
        let both = [&first, &second];
        let found = |seller: &str, forms: &[&FormDefinition]| form_of(seller, forms).ok().map(|form| form.id.clone());
        for (seller, expected) in
            [("acme1234", "solar"), ("acme-solar", "solar"), ("Solar", "solar"), ("contact", "contact")]
        {
            assert_eq!(found(seller, &both).as_deref(), Some(expected), "{seller}");
        }
        assert_eq!(found("OTHER123", &both), None);
        assert_eq!(found("OTHER123", &[&first]).as_deref(), Some("contact"));
        assert_eq!(found("OTHER123", &[&second]), None);
    }

    #[test]
    fn a_code_may_be_a_number_and_nothing_but_words_is_a_word() {
        for (sent, expected) in [
            (json!(" ACME1234 "), "ACME1234"),
            (json!(12_345_678), "12345678"),
            (json!(["Solar"]), "[\"Solar\"]"),
            (json!(" "), ""),
            (json!([]), ""),
            (json!(null), ""),
        ] {
            assert_eq!(word(Some(&sent)), expected, "{sent}");
        }
        assert_eq!(word(None), "");
    }

    #[test]
    fn a_form_without_campaigns_takes_every_category() {
        assert_eq!(campaign(&form("contact", json!({})), "Solar"), Ok(None));
        let form = form("contact", json!({"campaigns": {"Auto Insurance": {"required": ["zip"]}}}));
        assert_eq!(campaign(&form, " auto insurance ").unwrap().unwrap().required, ["zip"]);
        assert_eq!(campaign(&form, "Solar").unwrap_err().kind, WrongKind::NoCampaign);
    }
}
