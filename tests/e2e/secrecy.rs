//! What nobody may read: secrets and people, searched for in everything that was logged or answered.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack};
use tests::sandbox::Fault;

/// What a lead says of a person.
const PERSON: [&str; 5] =
    ["Canary Qzxwv", "canary.qzxwv@example.com", "01623 555019", "+441623555019", "message-canary-qzxwv"];

/// What the operator keeps to the Worker.
const SECRETS: [&str; 4] = ["test-admin-token", "sandbox-anyhouse-token", "sandbox-leadpro-token", "7e577e577e57"];

fn canary() -> Value {
    json!({
        "form": "contact", "name": PERSON[0], "email": PERSON[1], "phone": PERSON[2], "message": PERSON[4],
        "consent": {"given": true}, "meta": {"colour": "meta-canary-qzxwv"},
    })
}

/// All that was answered, by what was asked.
struct Story<'a> {
    stack: &'a Stack,
    answers: BTreeMap<String, Answer>,
}

impl Story<'_> {
    async fn ask(&mut self, method: Method, path: &str, key: &str, body: Option<&Value>) -> Answer {
        let client = self.stack.client();
        let mut request = client.request(method.clone(), path).bearer_auth(key);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = client.send(request).await.unwrap();
        self.answers.insert(
            format!("{method} {path} {} with …{}", answer.status, &key[key.len().min(8)..key.len().min(12)]),
            answer.clone(),
        );
        answer
    }
}

#[tokio::test]
async fn no_secret_and_no_person_is_in_any_log_or_in_an_answer_that_is_not_about_it() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form_at_all_providers().await;
    let admin = "test-admin-token";
    let mut story = Story { stack: &stack, answers: BTreeMap::new() };
    // A provider that repeats what it was sent, one that refuses, one that breaks off.
    stack.sandbox.order(Fault { status: Some(422), times: Some(1), ..Fault::of("leadpro") });
    stack.sandbox.order(Fault { status: Some(500), times: Some(1), ..Fault::of("anyhouse") });

    let made = story.ask(Method::POST, "/v1/leads", &keys.secret, Some(&canary())).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let (lead, delivery) = (made.id(), made.body["deliveries"][0]["id"].as_str().unwrap().to_owned());
    story.ask(Method::POST, "/v1/leads", &keys.publishable, Some(&canary())).await;
    let mut wrong = canary();
    wrong["email"] = "not-an-address canary.qzxwv@".into();
    story.ask(Method::POST, "/v1/leads", &keys.publishable, Some(&wrong)).await;
    story.ask(Method::POST, "/v1/leads", &keys.secret, Some(&json!([PERSON[1]]))).await;
    story.ask(Method::POST, "/v1/leads", &format!("{}x", keys.secret), Some(&canary())).await;
    for path in [
        format!("/v1/leads/{lead}"),
        format!("/v1/leads/{lead}/deliveries"),
        format!("/v1/leads/{lead}/history"),
        "/v1/deliveries".to_owned(),
        "/v1/form".to_owned(),
        "/nowhere".to_owned(),
    ] {
        for key in [&keys.secret, &keys.publishable] {
            story.ask(Method::GET, &path, key, None).await;
        }
    }
    story.ask(Method::POST, &format!("/v1/deliveries/{delivery}/retry"), &keys.secret, None).await;
    story.ask(Method::POST, "/v1/deliveries/retry", &keys.secret, Some(&json!({"destination": "anyhouse"}))).await;
    for path in [
        "keys",
        "forms",
        "destinations",
        "groups",
        "alerts",
        "audit",
        "forms/contact",
        "destinations/anyhouse",
        "forms/contact/preflight",
    ] {
        for token in [admin, &keys.secret] {
            story.ask(Method::GET, &format!("/v1/admin/{path}"), token, None).await;
        }
    }
    story.ask(Method::POST, "/v1/admin/destinations/anyhouse/test", admin, None).await;
    story
        .ask(
            Method::PUT,
            "/v1/admin/alerts/ops",
            admin,
            Some(&json!({"url": stack.sandbox.endpoint("webhook"), "credential": "WEBHOOK_SECRET"})),
        )
        .await;
    story.ask(Method::GET, "/healthz", "", None).await;
    stack.run_cron().await;
    // Whatever was begun has ended.
    let log = tests::wait::until("every attempt is logged", async || {
        let log = stack.printed();
        (log.matches(r#""event":"attempt""#).count() >= 11).then_some(log)
    })
    .await;

    // wrangler prints the addresses it is called at; none of them held a canary.
    for secret in PERSON.iter().chain(&SECRETS).chain(&["meta-canary-qzxwv", &keys.secret, &keys.publishable]) {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is logged");
    }
    assert!(log.contains(r#""event":"request""#) && log.contains(&lead), "the log is not where it is looked for");
    for (asked, answer) in &story.answers {
        let told = format!("{} {:?}", answer.body, answer.headers);
        for secret in SECRETS.iter().chain(&[keys.secret.as_str(), keys.publishable.as_str()]) {
            assert!(!told.contains(secret), "{asked} tells {secret}: {told}");
        }
        let about_the_lead =
            asked.contains(&lead) || asked.contains("/v1/leads 201") || asked.contains("/v1/deliveries");
        for fact in PERSON {
            assert!(about_the_lead || !told.contains(fact), "{asked} tells {fact}: {told}");
        }
        let id = answer.header("x-request-id");
        assert!(log.contains(id), "the log does not name {id} of {asked}");
        if answer.status >= 400 {
            assert_eq!(answer.body["request_id"], id, "{asked}");
            assert_eq!(answer.header("content-type"), "application/problem+json", "{asked}");
        }
    }
}
