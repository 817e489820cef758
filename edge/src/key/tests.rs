//! Keys: their format, how they are presented, what they allow.

use proptest::prelude::*;
use regex::Regex;
use shared::timestamp::Timestamp;

use super::*;
use crate::rate_limit::RateLimit;

fn key(kind: KeyKind) -> ApiKey {
    ApiKey::generate(kind, [7; 32])
}

/// The key of a request with that `key` in its query.
fn presented(authorization: Option<&str>, x_api_key: Option<&str>, query: Option<&str>) -> Result<ApiKey, KeyRefusal> {
    super::presented(authorization, x_api_key, query.map(|key| ("key".into(), key.into())).into_iter())
}

#[test]
fn a_made_key_reads_back() {
    let key = key(KeyKind::Secret);
    assert_eq!(key.reveal().len(), "lg_sk_".len() + 38);
    assert_eq!(ApiKey::parse(key.reveal()), Some(key));
}

const DIGITS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

#[test]
fn the_checksum_is_the_crc_32_of_all_before_in_base62() {
    let text = key(KeyKind::Publishable).reveal().to_owned();
    let (body, checksum) = text.split_at(38);
    assert_eq!(body, format!("lg_pk_{}", "7".repeat(32)));
    let value = checksum.bytes().fold(0_u64, |sum, digit| sum * 62 + DIGITS.find(char::from(digit)).unwrap() as u64);
    assert_eq!(value, u64::from(crc32fast::hash(body.as_bytes())));
}

#[test]
fn one_wrong_character_is_noticed() {
    let text = key(KeyKind::Publishable).reveal().to_owned();
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
        assert_eq!(ApiKey::parse(std::str::from_utf8(&bytes).unwrap()), None, "at {at}");
    }
}

#[test]
fn a_key_is_presented_in_any_of_the_documented_ways() {
    let key = key(KeyKind::Publishable);
    let text = key.reveal();
    let bearer = format!("bearer  {text}");
    let token = format!("Token {text}");
    assert_eq!(presented(Some(&bearer), None, None), Ok(key.clone()));
    assert_eq!(presented(Some(&token), None, None), Ok(key.clone()));
    assert_eq!(presented(None, Some(text), None), Ok(key.clone()));
    assert_eq!(presented(None, None, Some(text)), Ok(key.clone()));
    assert_eq!(presented(None, None, None), Err(KeyRefusal::Missing));
    for scheme in ["Bearer ", "BEARER ", "bEaReR   ", " Bearer\t", "token ", "TOKEN  ", "Token \t "] {
        assert_eq!(presented(Some(&format!("{scheme}{text}  ")), None, None), Ok(key.clone()), "{scheme:?}");
    }
    assert_eq!(presented(None, Some(&format!("  {text} ")), None), Ok(key.clone()));
    assert_eq!(presented(None, None, Some(&format!(" {text}"))), Ok(key.clone()));
    for other in ["Basic abc", text, &format!("Bearer{text}"), &format!("Bearer {text} {text}"), "Bearer", ""] {
        assert_eq!(presented(Some(other), None, None), Err(KeyRefusal::Malformed), "{other}");
    }
}

#[test]
fn a_secret_key_never_works_from_an_address_nor_beside_another_key_under_any_name() {
    let text = key(KeyKind::Secret).reveal().to_owned();
    let publishable = ApiKey::generate(KeyKind::Publishable, [9; 32]);
    let with = |more: [(&'static str, &str); 2]| {
        super::presented(None, None, more.map(|(name, value)| (name.into(), value.to_owned().into())).into_iter())
    };
    for more in
        [("api_key", text.as_str()), ("key", &text), (" note", &format!(" {text} ")), (text.clone().leak(), "1")]
    {
        assert_eq!(with([("key", publishable.reveal()), more]), Err(KeyRefusal::SecretInQuery), "{more:?}");
        assert_eq!(with([more, ("key", publishable.reveal())]), Err(KeyRefusal::SecretInQuery), "{more:?}");
    }
    assert_eq!(with([("key", publishable.reveal()), ("note", "lg_sk_mistyped")]), Ok(publishable.clone()));
    assert_eq!(with([("key", publishable.reveal()), ("key", "lg_pk_other")]), Ok(publishable));
    assert_eq!(presented(None, None, Some(&text)), Err(KeyRefusal::SecretInQuery));
    assert_eq!(presented(None, None, Some("lg_sk_mistyped")), Err(KeyRefusal::SecretInQuery));
    assert_eq!(presented(None, None, Some(&format!(" {text}"))), Err(KeyRefusal::SecretInQuery));
    let good = format!("Bearer {text}");
    assert_eq!(presented(Some(&good), None, Some(&text)), Err(KeyRefusal::SecretInQuery));
}

#[test]
fn of_several_keys_the_one_in_authorization_counts_then_x_api_key() {
    let (first, second) = (key(KeyKind::Secret), ApiKey::generate(KeyKind::Publishable, [9; 32]));
    let bearer = format!("Bearer {}", first.reveal());
    assert_eq!(presented(Some(&bearer), Some(second.reveal()), Some(second.reveal())), Ok(first.clone()));
    assert_eq!(presented(None, Some(first.reveal()), Some(second.reveal())), Ok(first));
    // A scheme of somebody else does not make the next place count: what was meant is not guessed.
    assert_eq!(presented(Some("Basic abc"), Some(second.reveal()), None), Err(KeyRefusal::Malformed));
}

#[test]
fn a_record_has_the_documented_members() {
    let json = r#"{"id":"k1","kind":"secret","name":"CRM","forms":["contact"],"scopes":["leads:write","leads:manage"],
        "rate_limit":{"limit":5,"window_seconds":60},"enabled":true,"expires_at":null,"created_at":"2026-01-01T00:00:00.000Z"}"#;
    let record: KeyRecord = serde_json::from_str(json).unwrap();
    assert!(record.grant.has(Scope::Read) && record.grant.has(Scope::Write));
    assert!(record.grant.covers("contact") && !record.grant.covers("other"));
    assert_eq!(serde_json::to_value(&record).unwrap(), serde_json::from_str::<serde_json::Value>(json).unwrap());
}

#[test]
fn the_record_of_a_publishable_key_says_that_it_writes_leads_and_cannot_be_made_to_say_more() {
    let grant = serde_json::json!({"kind": "publishable", "form": "contact", "scopes": ["leads:manage"]});
    let grant: Grant = serde_json::from_value(grant).unwrap();
    assert!(grant.has(Scope::Write) && !grant.has(Scope::Manage) && !grant.has(Scope::Read));
    let stored = serde_json::json!({"kind": "publishable", "form": "contact", "scopes": ["leads:write"]});
    assert_eq!(serde_json::to_value(&grant).unwrap(), stored);
    assert_eq!(grant, Grant::publishable("contact".to_owned()));
}

#[test]
fn a_key_works_while_it_is_enabled_and_before_it_expires() {
    let at = Timestamp::from_millis;
    let record = |enabled: bool, expires_at: Option<i64>| KeyRecord {
        id: "k1".to_owned(),
        name: String::new(),
        grant: Grant::publishable("contact".to_owned()),
        rate_limit: RateLimit::default(),
        enabled,
        expires_at: expires_at.map(at),
        replaced_by: None,
        created_at: at(0),
    };
    assert!(record(true, None).is_valid_at(at(1_000)));
    assert!(record(true, Some(1_001)).is_valid_at(at(1_000)));
    assert!(!record(true, Some(1_000)).is_valid_at(at(1_000)));
    assert!(!record(false, None).is_valid_at(at(1_000)));
}

#[test]
fn a_key_that_gave_way_works_for_its_grace_and_no_longer_than_it_would_have() {
    let at = Timestamp::from_millis;
    let record = |expires_at: Option<i64>| KeyRecord {
        id: "k1".to_owned(),
        name: "CRM".to_owned(),
        grant: Grant::Secret { forms: vec!["contact".to_owned()], scopes: vec![Scope::Read] },
        rate_limit: RateLimit { limit: 7, window_seconds: 60 },
        enabled: true,
        expires_at: expires_at.map(at),
        replaced_by: None,
        created_at: at(0),
    };
    let old = record(None).retired("k2", at(5_000));
    assert!(old.is_valid_at(at(4_999)) && !old.is_valid_at(at(5_000)));
    assert_eq!(old.replaced_by.as_deref(), Some("k2"));
    assert_eq!(record(Some(3_000)).retired("k2", at(5_000)).expires_at, Some(at(3_000)));
    let new = record(Some(3_000)).successor("k2".to_owned(), at(1_000));
    assert_eq!(new, KeyRecord { id: "k2".to_owned(), created_at: at(1_000), ..record(Some(3_000)) });
}

#[test]
fn the_published_pattern_is_the_one_in_force() {
    let contract = include_str!("../../../docs/CONTRACT.md");
    assert!(contract.contains(&format!("`{PATTERN}`")), "docs/CONTRACT.md names another pattern than {PATTERN}");
}

#[test]
fn printing_a_key_does_not_show_it() {
    assert_eq!(format!("{:?}", key(KeyKind::Secret)), "lg_sk_…");
}

fn kinds() -> impl Strategy<Value = KeyKind> {
    prop_oneof![Just(KeyKind::Publishable), Just(KeyKind::Secret)]
}

/// Texts that are nearly keys, which a parser is more likely to stumble over than over any text.
fn nearly_a_key() -> impl Strategy<Value = String> {
    "(lg_)?[ps]?k?_?[0-9A-Za-zé_ -]{30,44}"
}

proptest! {
    #[test]
    fn any_text_is_a_key_or_is_not(text in prop_oneof![any::<String>(), nearly_a_key()]) {
        prop_assert!(ApiKey::parse(&text).is_none());
        prop_assert!(presented(Some(&text), None, None).is_err());
        prop_assert!(presented(None, Some(&text), Some(&text)).is_err());
    }

    #[test]
    fn every_key_is_found_by_the_published_pattern(kind in kinds(), random: [u8; 32], around in "[ \"'=:,;/]{0,3}") {
        let key = ApiKey::generate(kind, random);
        prop_assert_eq!(ApiKey::parse(key.reveal()), Some(key.clone()));
        let pattern = Regex::new(PATTERN).unwrap();
        let text = format!("{around}{}{around}", key.reveal());
        prop_assert_eq!(pattern.find(&text).map(|found| found.as_str()), Some(key.reveal()));
        for cut in 1..key.reveal().len() {
            prop_assert!(!pattern.is_match(key.reveal().get(..cut).unwrap_or_default()), "{} characters of a key", cut);
        }
    }

    #[test]
    fn a_key_with_one_other_character_is_refused(kind in kinds(), random: [u8; 32], at in 0_usize..44, other in "[!-~]") {
        let key = ApiKey::generate(kind, random);
        let mut text = key.reveal().to_owned();
        text.replace_range(at..=at, &other);
        prop_assume!(text != key.reveal());
        prop_assert_eq!(ApiKey::parse(&text), None);
        let bearer = format!("Bearer {text}");
        prop_assert!(presented(Some(&bearer), None, None).is_err());
    }
}
