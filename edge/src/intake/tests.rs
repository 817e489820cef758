//! Bodies of every shape, other spellings, and what wins over what.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn read(body: Value, query: &str) -> Value {
    let submission =
        submission(Some("application/json; charset=utf-8"), body.to_string().as_bytes(), query).unwrap().submission;
    let names =
        shared::submission::CANONICAL_FIELDS.iter().copied().chain(["colour", "lead_type", "type", "full_name"]);
    Value::Object(names.filter_map(|n| submission.get(n).map(|v| (n.to_owned(), v.clone()))).collect())
}

#[test]
fn a_field_in_the_body_wins_over_the_query() {
    let found = read(
        json!({"email": "body@example.com", "attribution": {"utm_source": "body"}}),
        "email=query@example.com&name=Marla+Singer&utm_source=query&utm_medium=cpc&key=lg_pk_x",
    );
    assert_eq!(
        found,
        json!({"email": "body@example.com", "name": "Marla Singer", "attribution": {"utm_source": "body", "utm_medium": "cpc"}})
    );
}

#[test]
fn other_spellings_become_canonical() {
    let found = read(
        json!({
            "firstName": "Marla", "zip": "75001", "comments": "Hello", "utmSource": "x", "fbclid": "f", "referrer": "r",
            "advert_postcode": "DE1 1JX", "propertyType": "detached", "gdpr_checkbox": "on", "lead_type": "hot", "type": "vendor",
            "previous_conversation": [], "colour": "red",
        }),
        "",
    );
    assert_eq!(
        found,
        json!({
            "first_name": "Marla", "postcode": "75001", "message": "Hello",
            "attribution": {"utm_source": "x", "fbclid": "f", "referrer": "r"},
            "property": {"postcode": "DE1 1JX", "type": "detached"}, "consent": {"given": "on"},
            "interest_level": "hot", "intent": "sell", "conversation": [], "colour": "red",
        })
    );
}

#[test]
fn names_that_contact_form_7_suggests_are_understood() {
    assert_eq!(
        read(
            json!({"your-name": "Marla", "your-email": "a@example.com", "your-tel": "1", "colour": "red"}),
            "your-message=m"
        ),
        json!({"name": "Marla", "email": "a@example.com", "phone": "1", "message": "m", "colour": "red"})
    );
    assert_eq!(read(json!({"your-phone": "1"}), ""), json!({"phone": "1"}));
}

#[test]
fn words_for_an_intent_are_understood_and_others_kept() {
    for (field, word, intent) in [
        ("lead_type", "Both", "buy_and_sell"),
        ("lead_type", "seller", "sell"),
        ("type", "let", "rent"),
        ("type", "landlord", "let_out"),
        ("type", "mortgage_request", "mortgage"),
        ("listing_type", "alquiler", "rent"),
        ("listingType", "Venta", "buy"),
    ] {
        assert_eq!(read(json!({field: word}), ""), json!({"intent": intent}), "{field}={word}");
    }
    assert_eq!(read(json!({"type": "boat"}), ""), json!({"type": "boat"}));
}

#[test]
fn a_text_field_is_known_by_its_name_with_a_capital_letter_too() {
    assert_eq!(
        read(
            json!({"Email": "a@example.com", "FirstName": "Marla", "Last_name": "Singer", "Phone": "1", "Message": "m"}),
            ""
        ),
        json!({"email": "a@example.com", "first_name": "Marla", "last_name": "Singer", "phone": "1", "message": "m"})
    );
    // Where not any text fits, a label is no reason to refuse a lead.
    assert_eq!(
        read(json!({"Budget": "about 300,000", "Property": "a house", "Form": "Contact", "EMAIL": "a"}), ""),
        json!({})
    );
}

#[test]
fn nothing_is_lost_when_two_spellings_meet() {
    assert_eq!(
        read(json!({"lead_type": "seller", "listing_type": "alquiler", "type": "landlord"}), ""),
        json!({"intent": "sell", "type": "landlord"})
    );
    let kept = submission(Some("application/json"), br#"{"lead_type": "seller", "listing_type": "alquiler"}"#, "");
    assert_eq!(kept.unwrap().submission.get("listing_type"), Some(&json!("alquiler")));
    assert_eq!(
        read(json!({"full_name": "M. Singer", "name": "Marla"}), ""),
        json!({"name": "Marla", "full_name": "M. Singer"})
    );
}

#[test]
fn a_boolean_like_consent_is_one() {
    assert_eq!(read(json!({"consent": true}), ""), json!({"consent": {"given": true}}));
    assert_eq!(
        read(json!({"consent": {"given": true, "policyUrl": "u"}}), ""),
        json!({"consent": {"given": true, "policy_url": "u"}})
    );
}

#[test]
fn what_is_not_a_json_object_is_refused() {
    fn read(kind: &str, body: &str) -> IntakeError {
        submission(Some(kind), body.as_bytes(), "").unwrap_err()
    }
    assert_eq!(read("application/json", "[1]"), IntakeError::NotAnObject);
    assert_eq!(read("application/json", "{\"a\":"), IntakeError::NotAnObject);
    assert_eq!(read("application/json", &"[".repeat(10_000)), IntakeError::NotAnObject);
    assert_eq!(read("text/plain", "{}"), IntakeError::UnsupportedType);
    assert_eq!(read("application/json", &" ".repeat(BODY_MAX_BYTES + 1)), IntakeError::TooLarge);
    assert_eq!(submission(None, b"{}", "").unwrap_err(), IntakeError::UnsupportedType);
    assert!(submission(Some("application/ld+json"), "\u{feff}{}".as_bytes(), "").is_ok());
}

const FORM: &str = "application/x-www-form-urlencoded";

fn form(body: &str, query: &str) -> Intake {
    submission(Some(FORM), body.as_bytes(), query).unwrap()
}

#[test]
fn a_form_says_the_same_as_json() {
    let from_form = form(
        "first_name=Marla&email=&phone=01623+000000&property[address]=1+High+St&attribution.utm_source=x&consent=on\
         &questionnaire[1][0]=Leasehold%3F&questionnaire[1][1]=no&availability=2026-01-01T08:00:00Z&budget=380000\
         &meta.colour=red&extras[]=pool&extras[]=garden&lead_type=hot",
        "",
    );
    let json = json!({
        "first_name": "Marla", "phone": "01623 000000", "property": {"address": "1 High St"},
        "attribution": {"utm_source": "x"}, "consent": {"given": "on"}, "questionnaire": {"1": ["Leasehold?", "no"]},
        "availability": ["2026-01-01T08:00:00Z"], "budget": "380000", "meta": {"colour": "red"},
        "extras": ["pool", "garden"], "lead_type": "hot",
    });
    let from_json = submission(Some("application/json"), json.to_string().as_bytes(), "").unwrap();
    for name in shared::submission::CANONICAL_FIELDS.iter().copied().chain(["extras", "lead_type"]) {
        assert_eq!(from_form.submission.get(name), from_json.submission.get(name), "{name}");
    }
}

#[test]
fn everything_may_stand_in_the_query() {
    let intake = submission(None, b"", "email=a%40example.com&consent[given]=1&attribution[gclid]=g&key=k").unwrap();
    assert_eq!(intake.submission.get("email"), Some(&json!("a@example.com")));
    assert_eq!(intake.submission.get("consent"), Some(&json!({"given": "1"})));
    assert_eq!(intake.submission.get("attribution"), Some(&json!({"gclid": "g"})));
    assert_eq!(intake.submission.get("key"), None);
    assert_eq!(submission(None, b"email=a", "").unwrap_err(), IntakeError::UnsupportedType);
}

#[test]
fn what_is_empty_covers_nothing() {
    let query = "email=a%40example.com&property[address]=1+High+St";
    assert_eq!(form("email=&property[address]=+", query).submission, form("", query).submission);
    let json = json!({"email": null, "property": {"address": " ", "uid": "7"}});
    assert_eq!(read(json, query), json!({"email": "a@example.com", "property": {"address": "1 High St", "uid": "7"}}));
}

#[test]
fn names_with_brackets_and_dots_are_understood_in_json_too() {
    assert_eq!(
        read(
            json!({"attribution.utmSource": "a", "property[address]": "b", "consent": true, "consent.version": "2"}),
            ""
        ),
        json!({"attribution": {"utm_source": "a"}, "property": {"address": "b"}, "consent": {"given": true, "version": "2"}})
    );
}

#[test]
fn where_a_form_sends_its_visitor_is_no_field() {
    let intake = form("email=a&redirect=%2Fthanks&_lg_token=t&_charset_=utf-8", "");
    assert_eq!(intake.redirect.as_deref(), Some("/thanks"));
    assert_eq!(intake.signals.form_token.as_deref(), Some("t"));
    assert_eq!(intake.submission, form("email=a", "").submission);
    let json = submission(Some("application/json"), b"{\"redirect\": \"yes\"}", "").unwrap();
    assert_eq!((json.redirect, json.submission.get("redirect")), (None, Some(&json!("yes"))));
}

#[test]
fn a_multipart_body_is_a_form_and_the_same_one_under_another_boundary() {
    let body = |boundary: &str| {
        let part = "Content-Disposition: form-data; name=\"email\"\r\n\r\nmarla@example.com";
        format!("--{boundary}\r\n{part}\r\n--{boundary}--\r\n")
    };
    let of = |boundary: &str| format!("multipart/form-data; boundary={boundary}");
    let intake = submission(Some(&of("x")), body("x").as_bytes(), "").unwrap();
    assert_eq!(intake.submission, form("email=marla%40example.com", "").submission);
    assert_eq!(identity(&of("x"), body("x").as_bytes()), identity(&of("yy"), body("yy").as_bytes()));
    assert_ne!(identity(FORM, b"a=1"), identity(FORM, b"a=2"));
    assert_eq!(submission(Some(&of("x")), b"email=1", "").unwrap_err(), IntakeError::NotMultipart);
}

#[test]
fn bytes_that_are_not_utf_8_are_refused_in_json_and_replaced_in_forms() {
    assert_eq!(submission(Some("application/json"), b"{\"a\": \"\xff\"}", "").unwrap_err(), IntakeError::NotUtf8);
    let intake = submission(Some(FORM), b"message=a\xffb", "").unwrap();
    assert_eq!(intake.submission.get("message"), Some(&json!("a\u{fffd}b")));
}

#[test]
fn the_key_of_googles_webhook_is_no_field_whatever_it_comes_with() {
    let intake =
        submission(Some("application/json"), br#"{"email": "a", "google_key": "hush"}"#, "google_key=q").unwrap();
    assert_eq!((intake.submission.get("google_key"), intake.google_key), (None, None));
}

#[test]
fn a_google_key_is_read_from_the_top_of_a_json_object_alone() {
    assert_eq!(
        google_key("\u{feff}{\"google_key\": \"k\", \"user_column_data\": []}".as_bytes()).as_deref(),
        Some("k")
    );
    for other in ["{}", "", "\"google_key\"", "{\"google_key\": 1}", "{\"a\": {\"google_key\": \"k\"}}", "google_key=k"]
    {
        assert_eq!(google_key(other.as_bytes()), None, "{other}");
    }
}

#[test]
fn a_secret_key_in_a_body_of_any_shape_is_no_value() {
    let key = crate::key::ApiKey::generate(crate::key::KeyKind::Secret, [7; 32]);
    let json = json!({"email": "a@example.com", "api_key": key.reveal(), "meta": {"key": key.reveal()}}).to_string();
    let form = format!("email=a%40example.com&api_key={0}&meta[key]=+{0}", key.reveal());
    for (content_type, body) in [("application/json", &json), (FORM, &form)] {
        let intake = submission(Some(content_type), body.as_bytes(), "").unwrap();
        assert!(!format!("{intake:?}").contains(key.reveal()), "{intake:?}");
        assert_eq!(intake.submission.get("api_key"), Some(&json!("[a secret key was removed]")));
    }
}

fn any_content_type() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        Just(None),
        prop::sample::select(vec![
            "application/json",
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded; charset=iso-8859-1",
            "multipart/form-data; boundary=b",
            "multipart/form-data",
            "text/plain",
        ])
        .prop_map(|known| Some(known.to_owned())),
        any::<String>().prop_map(Some),
    ]
}

/// Pieces that bodies of forms are made of, so that random bodies come near real ones.
fn any_body() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "email",
        "=",
        "&",
        "[",
        "]",
        ".",
        "consent",
        "meta",
        "questionnaire[1][0]",
        "availability[]",
        "%C3",
        "%",
        "+",
        "--b",
        "--",
        "\r\n",
        "\r\n\r\n",
        "Content-Disposition: form-data; name=\"a\"",
        "; filename=\"f\"",
        "{",
        "}",
        "\"",
        ":",
        ",",
        "_charset_",
        "redirect",
    ]);
    let piece = prop_oneof![4 => pieces.prop_map(|text| text.as_bytes().to_vec()), 1 => any::<Vec<u8>>()];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_of_any_type_are_read_or_refused(
        content_type in any_content_type(), body in any_body(), query in any_body(),
    ) {
        let query = String::from_utf8_lossy(&query).into_owned();
        let _ = submission(content_type.as_deref(), &body, &query);
        let _ = identity(content_type.as_deref().unwrap_or_default(), &body);
        let of_query = submission(Some("application/json"), b"{}", &query);
        let of_form = submission(Some(FORM), &body, &query);
        prop_assert!(of_query.is_ok() && of_form.is_ok());
    }

    #[test]
    fn a_value_in_the_body_wins_over_the_query(in_query in "[a-z]{1,8}", in_body in "[a-z]{1,8}") {
        for name in ["email", "fullName", "attribution[gclid]", "property.uid", "meta[x]", "colour"] {
            let (query, body) = (format!("{name}={in_query}"), format!("{name}={in_body}"));
            prop_assert_eq!(form(&body, &query), form(&body, ""));
            prop_assert_eq!(form("", &query).submission, form(&query, "").submission);
        }
    }
}

#[test]
fn a_format_is_named_by_its_word_and_is_no_field() {
    let google = br#"{"user_column_data": [{"column_id": "EMAIL", "string_value": "a@example.com"}]}"#;
    let intake = submission(Some("application/json"), google, "format=google&source=ads").unwrap();
    assert_eq!(intake.submission.get("email"), Some(&json!("a@example.com")));
    assert_eq!((intake.submission.get("source"), intake.submission.get("format")), (Some(&json!("ads")), None));
    let refused = |query| submission(Some("application/json"), google, query).unwrap_err();
    assert_eq!(refused("format=wufoo"), IntakeError::UnknownFormat);
    assert_eq!(refused("format=meta"), IntakeError::NotOfFormat(Format::Meta));
}
