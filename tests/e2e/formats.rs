//! Leads from form builders and advertising platforms, in the shapes that these send.

mod meta;
mod proof;

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Stack, WorkerFolder};
use tests::repository;

/// The payloads of the Worker's own tests, and how each platform sends them.
const EXAMPLES: [(&str, Encoding); 9] = [
    ("typeform", Encoding::Json),
    ("jotform", Encoding::Multipart),
    ("webflow", Encoding::Json),
    ("webflow_v1", Encoding::Json),
    ("elementor", Encoding::Form),
    ("elementor_simple", Encoding::Form),
    ("gravity", Encoding::Form),
    ("meta", Encoding::Json),
    ("google", Encoding::Json),
];

#[derive(Clone, Copy)]
enum Encoding {
    Json,
    Form,
    Multipart,
}

impl Encoding {
    /// Content type and body.
    fn encode(self, sent: &Value) -> (&'static str, String) {
        let members = sent.as_object().expect("a payload is an object").iter();
        let fields = members.map(|(name, value)| match value {
            Value::String(text) => (name.as_str(), text.clone()),
            Value::Null => (name.as_str(), String::new()),
            other => (name.as_str(), other.to_string()),
        });
        match self {
            Self::Json => ("application/json", sent.to_string()),
            Self::Form => {
                let mut url = reqwest::Url::parse("http://form/").expect("an address");
                url.query_pairs_mut().extend_pairs(fields);
                ("application/x-www-form-urlencoded", url.query().unwrap_or_default().to_owned())
            }
            Self::Multipart => {
                let part = |(name, text): (&str, String)| {
                    format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
                };
                ("multipart/form-data; boundary=edge", fields.map(part).collect::<String>() + "--edge--\r\n")
            }
        }
    }
}

fn example(name: &str) -> Value {
    let path = repository::path(format!("edge/src/intake/formats/examples/{name}.json"));
    let text = std::fs::read_to_string(path).expect("there is such an example");
    serde_json::from_str(&text).expect("an example is JSON")
}

/// `POST /v1/leads?{query}` with nothing but a body and these headers.
async fn post(
    stack: &Stack,
    query: &str,
    (content_type, body): (&str, String),
    headers: &[(&'static str, String)],
) -> Answer {
    let client = stack.client();
    let mut request = client.request(Method::POST, &format!("/v1/leads?{query}")).header("Content-Type", content_type);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    client.send(request.body(body)).await.expect("the Worker answers")
}

async fn post_json(stack: &Stack, query: &str, body: &Value) -> Answer {
    post(stack, query, ("application/json", body.to_string()), &[]).await
}

/// A publishable key of a form for platforms that send no consent, with a webhook as its destination.
async fn platform_form(stack: &Stack) -> String {
    let admin = stack.admin();
    admin.put_form("platforms", &json!({"consent": {"required": false}, "phone_region": "GB"})).await;
    let mut destination = admin.destination("webhook");
    destination["forms"] = json!(["platforms"]);
    admin.put_destination("webhook", &destination).await;
    admin.publishable_key("platforms").await
}

#[tokio::test]
async fn what_each_platform_documents_arrives_in_d1_and_at_a_destination() {
    let stack = Stack::start().await;
    let key = platform_form(&stack).await;
    for (name, encoding) in EXAMPLES {
        let answer = post(&stack, &format!("key={key}"), encoding.encode(&example(name)["sent"]), &[]).await;
        // Webflow takes nothing but 200 for success.
        let status = if name.starts_with("webflow") { 200 } else { 201 };
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
    }
    stack.delivered(EXAMPLES.len()).await;
    let received = stack.sandbox.received("webhook");
    for (name, _) in EXAMPLES {
        let becomes = &example(name)["becomes"];
        let leads = || received.iter().map(|request| &request.body["data"]);
        let same = |lead: &&Value| lead["attribution"] == becomes["attribution"] && lead["meta"] == becomes["meta"];
        let lead = leads().find(same).unwrap_or_else(|| panic!("{name} is not in {received:?}"));
        for field in ["email", "phone", "message", "first_name", "last_name", "postcode", "city"] {
            assert_eq!(lead[field], becomes[field], "{name}: {field}");
        }
        assert_eq!(lead["consent"]["text"], becomes["consent"]["text"], "{name}");
    }
    assert_eq!(stack.d1().lead_count(), EXAMPLES.len());
}

#[tokio::test]
async fn a_lead_that_is_sent_again_under_the_platforms_own_id_is_stored_once() {
    let stack = Stack::start_in(WorkerFolder::copy().with_secret("TYPEFORM_SECRET", "hush")).await;
    let key = platform_form(&stack).await;
    let signed = async |sent: &Value| {
        let body = sent.to_string();
        let signature = ("Typeform-Signature", format!("sha256={}", STANDARD.encode(proof::hmac("hush", &body))));
        post(&stack, &format!("key={key}"), ("application/json", body), &[signature]).await
    };
    let mut sent = example("typeform")["sent"].clone();
    let first = signed(&sent).await;
    sent["event_id"] = json!("another delivery of the same");
    let again = signed(&sent).await;
    assert_eq!((first.status, again.status, first.id()), (201, 201, again.id()));
    assert_eq!(again.header("idempotent-replayed"), "true");
    sent["form_response"]["token"] = json!("of-somebody-else");
    assert_ne!(signed(&sent).await.id(), first.id());
    assert_eq!(stack.d1().lead_count(), 2);

    // Google's test data has one id for all times, and every test is to arrive.
    let mut test = example("google")["sent"].clone();
    test["is_test"] = json!(true);
    for count in [3, 4] {
        assert_eq!(post_json(&stack, &format!("key={key}"), &test).await.status, 201);
        assert_eq!(stack.d1().lead_count(), count);
    }
    assert!(stack.d1().leads().iter().any(|lead| lead["meta"]["is_test"] == "true"));
}

#[tokio::test]
async fn an_id_that_anybody_may_claim_takes_no_other_persons_lead() {
    let stack = Stack::start().await;
    let key = platform_form(&stack).await;
    let keys = [key.clone(), key, stack.admin().contact_form().await.secret];
    let sent = example("gravity")["sent"].clone();
    // The same entry of another site, and an attacker who was faster than the platform.
    for (member, other) in [("source_url", "https://other.example.com/contact/"), ("2", "tyler@example.com")] {
        for key in &keys[..2] {
            let mut sent = sent.clone();
            sent[member] = json!(other);
            let answer = post_json(&stack, &format!("key={key}"), &sent).await;
            assert_eq!(answer.status, 201, "{}", answer.body);
        }
    }
    for replayed in ["", "true"] {
        let answer = post_json(&stack, &format!("key={}", keys[0]), &sent).await;
        assert_eq!((answer.status, answer.header("idempotent-replayed")), (201, replayed));
    }
    assert_eq!(stack.d1().lead_count(), 3);
    // With a secret key the id is believed, and is one of its site.
    for (site, count) in [("https://a.example/", 4), ("https://b.example/", 5), ("https://b.example/again", 5)] {
        let mut sent = sent.clone();
        sent["source_url"] = json!(site);
        let headers = [("Authorization", format!("Bearer {}", keys[2]))];
        let answer = post(&stack, "form=platforms", ("application/json", sent.to_string()), &headers).await;
        assert_eq!((answer.status, stack.d1().lead_count()), (201, count), "{}", answer.body);
    }
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_what_to_change() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let query = |format: &str| format!("key={}&format={format}", keys.publishable);
    let unknown = post_json(&stack, &query("wufoo"), &json!({"email": "marla@example.com"})).await;
    assert_eq!((unknown.status, &unknown.body["code"]), (422, &json!("validation_failed")));
    let allowed = unknown.body["errors"]["format"][0].as_str().unwrap();
    assert!(allowed.contains("typeform") && allowed.contains("google"), "{allowed}");
    let other = post_json(&stack, &query("typeform"), &json!({"email": "marla@example.com"})).await;
    assert_eq!((other.status, other.body["errors"]["format"].is_array()), (422, true));

    // The form asks for consent, which Google does not send.
    let unasked = post_json(&stack, &query("google"), &example("google")["sent"]).await;
    assert_eq!(unasked.status, 422);
    let told = unasked.body["errors"]["consent"].to_string();
    assert!(told.contains("consent.required"), "{told}");
    // Typeform's legal question is an answer to it.
    assert_eq!(post_json(&stack, &query("typeform"), &example("typeform")["sent"]).await.status, 201);
}
