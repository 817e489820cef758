//! What a person reads whose form was not taken.

use serde_json::{Map, Value, json};
use shared::{
    error::{FieldErrors, FieldProblem},
    form::FormDefinition,
};

use super::*;
use crate::{intake, key::KeyRefusal};

const TYPE: Option<&str> = Some("application/x-www-form-urlencoded");

fn form() -> FormDefinition {
    serde_json::from_value(json!({
        "id": "contact",
        "fields": [
            {"name": "email", "kind": "email", "label": "Your <email>", "required": true},
            {"name": "message", "kind": "textarea", "label": "Message"},
            {"name": "intent", "kind": "radio", "label": "I want to", "options": [{"value": "buy", "label": "buy"}, {"value": "sell", "label": "sell"}]},
            {"name": "colour", "kind": "select", "label": "Colour", "options": [{"value": "red", "label": "Red"}]},
            {"name": "news", "kind": "checkbox", "label": "News"},
        ],
        "consent": {"policy_url": "https://example.com/privacy", "marketing": "Send me \"news\""},
    }))
    .unwrap()
}

fn refused(body: &str, errors: &[(&str, FieldProblem)]) -> String {
    let form = form();
    let mut wrong = FieldErrors::default();
    errors.iter().for_each(|(name, problem)| wrong.add(name, problem.clone()));
    let filled = Filled {
        form: &form,
        submission: intake::submission(TYPE, body.as_bytes(), "").unwrap().submission,
        as_sent: intake::as_sent(TYPE, body.as_bytes()).unwrap(),
        action: "/v1/leads?key=\"k".to_owned(),
    };
    answer(&Problem::Fields(wrong), "r1", Some(&filled), Some("https://example.com/?a=\"b"), None).body
}

#[test]
fn what_was_typed_stands_in_the_form_again_and_errors_beside_it() {
    let page = refused(
        "email=nobody&message=%0ATwo%0Alines&intent=sell&colour=red&news=on&consent=on&extras=a&extras=b&_lg_token=t",
        &[
            ("email", FieldProblem::Email),
            ("consent", FieldProblem::ConsentRequired),
            ("country", FieldProblem::Required),
        ],
    );
    for expected in [
        "value=\"nobody\"",
        ">\n\nTwo\nlines</textarea>",
        "value=\"sell\" checked",
        "value=\"red\" selected",
        "name=\"news\" value=\"true\" checked",
        "Enter an email address such as name@example.com.",
        "Tick the box to agree.",
        "<strong>country: </strong>Fill in this field.",
        "<input type=\"hidden\" name=\"extras[]\" value=\"a\"><input type=\"hidden\" name=\"extras[]\" value=\"b\">",
        "<input type=\"hidden\" name=\"_lg_token\" value=\"t\">",
        "href=\"https://example.com/privacy\"",
    ] {
        assert!(page.contains(expected), "{expected} in {page}");
    }
    assert!(!page.contains("value=\"buy\" checked"));
}

#[test]
fn the_consent_is_asked_for_anew() {
    for body in ["consent=on&consent.marketing=on", "consent[given]=1&consent[text]=Other+words", "gdpr=yes"] {
        let page = refused(body, &[("email", FieldProblem::EmailOrPhone)]);
        for id in ["consent", "marketing"] {
            let consent = page.split(&format!("id=\"{id}\"")).nth(1).unwrap().split('>').next().unwrap();
            assert!(!consent.contains("checked"), "{consent}");
        }
        assert_eq!(page.matches("name=\"consent.marketing\" value=\"Send me &quot;news&quot;\"").count(), 1, "{page}");
        assert!(!page.contains("Other words") && !page.contains("name=\"gdpr\""), "{page}");
    }
}

#[test]
fn text_of_others_is_never_markup() {
    let evil = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E";
    let page = refused(
        &format!("email={evil}&message=%3C/textarea%3E{evil}&intent={evil}&colour={evil}&{evil}={evil}&news={evil}"),
        &[("\"><script>", FieldProblem::NotOneOf { allowed: vec!["<script>".into()] })],
    );
    assert!(!page.contains("<script") && page.matches("</textarea>").count() == 1, "{page}");
    assert!(page.contains("&lt;script&gt;") && page.contains("action=\"/v1/leads?key=&quot;k\""), "{page}");
}

#[test]
fn a_page_has_the_status_and_headers_of_its_problem_and_loads_nothing_but_its_style() {
    let limited =
        answer(&Problem::RateLimited { retry_after: 9 }, "r1", None, None, Some("https://example.com/thanks"));
    let header = |name: &str| limited.headers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str());
    assert_eq!((limited.status, header("retry-after")), (429, Some("9")));
    assert_eq!(header("content-type"), Some("text/html; charset=utf-8"));
    let policy = header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self';") && policy.ends_with("form-action 'self' https:")
    );
    assert!(limited.body.contains("Please wait 9 seconds") && !limited.body.contains("<form"));
    assert!(!limited.body.contains("style=") && !limited.body.contains("<style"));

    let key = answer(&Problem::Key(KeyRefusal::Missing), "r1", None, None, None);
    assert_eq!(key.status, 401);
    assert!(key.body.contains("tell the owner of the page"));
}

#[test]
fn a_form_that_nothing_was_typed_into_is_shown_whole() {
    let form = form();
    let filled = Filled {
        form: &form,
        submission: shared::submission::Submission::new(Map::new()),
        as_sent: Map::from_iter([("odd".to_owned(), Value::Null)]),
        action: "/v1/leads?".to_owned(),
    };
    let page = answer(&Problem::Store, "r1", Some(&filled), None, None).body;
    for field in &form.fields {
        assert!(page.contains(&format!("name=\"{}\"", field.name)), "{}", field.name);
    }
}
