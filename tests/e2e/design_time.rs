//! What an operator can find out before a lead is lost: what would become of a form's leads, and
//! whether a destination works.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack};
use tests::sandbox::Fault;

async fn preflight(stack: &Stack) -> Answer {
    stack.admin().send(Method::GET, "/v1/admin/forms/contact/preflight", None).await
}

async fn test(stack: &Stack, destination: &str) -> Answer {
    stack.admin().send(Method::POST, &format!("/v1/admin/destinations/{destination}/test"), None).await
}

fn find<'a>(preflight: &'a Answer, destination: &str) -> &'a Value {
    let all = preflight.body["destinations"].as_array().unwrap_or_else(|| panic!("{}", preflight.body));
    all.iter().find(|one| one["destination"] == destination).unwrap_or_else(|| panic!("{}", preflight.body))
}

fn kinds(destination: &Value) -> Vec<&str> {
    destination["findings"].as_array().unwrap().iter().map(|finding| finding["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_preflight_tells_what_each_destination_would_do_and_sends_nothing() {
    let stack = Stack::start().await;
    let admin = stack.admin();
    admin.contact_form_at_all_providers().await;
    let mut sellers = admin.anyhouse();
    sellers["when"] = json!({"intent": ["sell"]});
    admin.put_destination("sellers", &sellers).await;
    let mut no_secret = admin.anyhouse();
    no_secret["credential"] = "NOT_SET".into();
    admin.put_destination("no-secret", &no_secret).await;
    let mut elsewhere = admin.anyhouse();
    elsewhere["forms"] = json!(["other"]);
    admin.put_destination("elsewhere", &elsewhere).await;

    let answer = preflight(&stack).await;
    assert_eq!((answer.status, answer.body["form"].as_str()), (200, Some("contact")));
    // AnyHouse takes an email or a phone and text without limits; consent goes among its notes.
    assert_eq!(find(&answer, "anyhouse")["verdict"], "adapts");
    // AlterEstate requires a name, a phone and an email, which the form asks but does not require.
    let alterestate = find(&answer, "alterestate");
    assert_eq!(alterestate["verdict"], "adapts");
    assert!(kinds(alterestate).contains(&"skipped"), "{alterestate}");
    // The marketplace wants a state, which the form does not ask.
    let marketplace = find(&answer, "marketplace");
    assert_eq!(marketplace["verdict"], "refuses");
    assert!(kinds(marketplace).contains(&"refused"), "{marketplace}");
    for (destination, kind) in [("sellers", "never_matches"), ("no-secret", "misconfigured")] {
        let found = find(&answer, destination);
        assert_eq!((found["verdict"].as_str(), kinds(found)[0]), (Some("refuses"), kind));
    }
    assert!(answer.body["destinations"].as_array().unwrap().iter().all(|one| one["destination"] != "elsewhere"));
    assert!(stack.sandbox.received("anyhouse").is_empty() && stack.sandbox.received("alterestate").is_empty());
    let missing = admin.send(Method::GET, "/v1/admin/forms/nothing/preflight", None).await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn a_test_lead_shows_what_is_sent_and_answered_and_leaves_no_trace() {
    let stack = Stack::start().await;
    let admin = stack.admin();
    admin.contact_form_at_all_providers().await;
    for provider in ["anyhouse", "leadpro", "marketplace", "alterestate", "actuallycare", "webhook"] {
        let answer = test(&stack, provider).await;
        assert_eq!((answer.status, answer.body["outcome"].as_str()), (200, Some("delivered")), "{}", answer.body);
        let received = stack.sandbox.received(provider);
        let first = &received[0];
        let (request, shown) = (&answer.body["request"], answer.body.to_string());
        assert!(request["headers"]["idempotency-key"].as_str().unwrap().starts_with("test_"));
        assert_eq!(first.headers["idempotency-key"], request["headers"]["idempotency-key"].as_str().unwrap());
        assert_eq!(request["body"], first.body, "{provider}");
        assert!(!shown.contains("sandbox-") && !shown.contains("whsec"), "{provider} shows a credential: {shown}");
        assert_eq!(answer.body["answer"]["status"].as_u64(), first.status.map(u64::from));
        // The one that takes two requests gets both.
        assert_eq!(answer.body["follow_up"].is_null(), received.len() == 1, "{provider}");
    }
    let signed = test(&stack, "webhook").await;
    assert_eq!(signed.body["request"]["headers"]["webhook-signature"], "***");
    let counts = "SELECT (SELECT count(*) FROM lead) + (SELECT count(*) FROM delivery)
      + (SELECT count(*) FROM destination_pause) + (SELECT count(*) FROM destination_failure)";
    assert_eq!(stack.d1().value::<i64>(counts), 0);
}

#[tokio::test]
async fn a_test_of_a_destination_that_does_not_work_says_why_and_pauses_nothing() {
    let stack = Stack::start().await;
    let admin = stack.admin();
    admin.contact_form().await;
    stack.sandbox.order(Fault { status: Some(401), times: Some(1), ..Fault::of("anyhouse") });
    let refused = test(&stack, "anyhouse").await;
    assert_eq!((refused.status, &refused.body["outcome"]), (200, &json!("misconfigured")));
    assert_eq!(refused.body["answer"]["status"], 401);
    assert!(refused.body["reason"].as_str().unwrap().starts_with("HTTP 401"));
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM destination_pause"), 0);

    let mut no_secret = admin.anyhouse();
    no_secret["credential"] = "NOT_SET".into();
    admin.put_destination("no-secret", &no_secret).await;
    let answer = test(&stack, "no-secret").await.body;
    assert_eq!((&answer["request"], &answer["answer"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&answer["outcome"], &answer["reason"]),
        (&json!("misconfigured"), &json!("The secret NOT_SET is not set."))
    );
    assert_eq!(test(&stack, "nothing").await.status, 404);
}
