//! Every operation answers what the document promises.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Keys, Stack};

use super::document::{Document, Place};
use crate::lead;

/// The Worker, held against the document.
struct Checked<'a> {
    stack: &'a Stack,
    document: Document,
    succeeded: BTreeSet<Place>,
    complaints: Vec<String>,
}

impl Checked<'_> {
    fn check(&mut self, method: &Method, path: &str, answer: &Answer) {
        let complaints = self.document.complaints_about(method, path, answer);
        let said = |complaint| format!("{method} {path} {}: {complaint}\n  {}", answer.status, answer.body);
        self.complaints.extend(complaints.into_iter().map(said));
        if answer.status < 300 {
            self.succeeded.insert((path.to_owned(), method.as_str().to_ascii_lowercase()));
        }
    }

    /// Calls with a key; `path` as the document has it, `id` in place of `{id}`.
    async fn call(&mut self, method: Method, path: &str, id: &str, key: &str, body: Option<&Value>) -> Answer {
        let client = self.stack.client();
        let mut request = client.request(method.clone(), &path.replace("{id}", id)).bearer_auth(key);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = client.send(request).await.unwrap();
        self.check(&method, path, &answer);
        answer
    }

    /// Calls with the admin token.
    async fn admin(&mut self, method: Method, path: &str, id: &str, body: Option<&Value>) -> Answer {
        let answer = self.stack.admin().send(method.clone(), &path.replace("{id}", id), body).await;
        self.check(&method, path, &answer);
        answer
    }
}

#[tokio::test]
async fn every_operation_answers_as_the_document_promises() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form_at_all_providers().await;
    let mut checked =
        Checked { stack: &stack, document: Document::committed(), succeeded: BTreeSet::new(), complaints: Vec::new() };
    leads(&mut checked, &keys).await;
    personal_data(&mut checked, &keys).await;
    suspicion(&mut checked, &keys).await;
    partners(&mut checked, &keys).await;
    configuration(&mut checked).await;
    errors(&mut checked, &keys).await;
    assert!(checked.complaints.is_empty(), "{}", checked.complaints.join("\n"));
    let all: BTreeSet<Place> = checked.document.operations().into_iter().collect();
    let missed: Vec<_> = all.difference(&checked.succeeded).collect();
    assert!(missed.is_empty(), "never succeeded: {missed:?}");
}

/// Leads from their arrival to a second delivery.
async fn leads(checked: &mut Checked<'_>, keys: &Keys) {
    checked.call(Method::GET, "/healthz", "", "", None).await;
    checked.call(Method::GET, "/v1/form", "", &keys.publishable, None).await;
    let script = checked.stack.client().get(&format!("/form.js?key={}", keys.publishable), "").await;
    checked.check(&Method::GET, "/form.js", &script);
    checked.call(Method::GET, "/v1/thanks", "", &keys.publishable, None).await;
    let handshake = "/v1/leads?hub.mode=subscribe&hub.verify_token=test-verify-token&hub.challenge=said-back";
    let answer = checked.stack.client().get(handshake, &keys.publishable).await;
    assert_eq!((answer.status, &answer.body), (200, &json!("said-back")));
    checked.check(&Method::GET, "/v1/leads", &answer);
    checked.call(Method::POST, "/v1/leads", "", &keys.publishable, Some(&lead("marla@example.com"))).await;
    for email in ["marla@example.com", "nobody"] {
        let form = checked.stack.client().request(Method::POST, "/v1/leads").bearer_auth(&keys.publishable);
        let form = form.header("Accept", "text/html");
        let form = form.header("Content-Type", "application/x-www-form-urlencoded");
        let form = form.body(format!("email={email}&consent=on"));
        let answer = checked.stack.client().send(form).await.unwrap();
        assert_eq!(answer.status, if email == "nobody" { 422 } else { 303 });
        checked.check(&Method::POST, "/v1/leads", &answer);
    }
    let full = json!({
        "form": "contact", "name": "Tyler Durden", "first_name": "Tyler", "last_name": "Durden", "title": "Mr",
        "email": "tyler@example.com", "phone": "01623 000000", "intent": "buy_and_sell", "interest_level": "hot",
        "message": "Hello", "notes": "n", "address": "a", "postcode": "p", "city": "c", "state": "TX", "country": "gb",
        "international": "no", "category": "Real Estate", "budget": "1.5", "timeline": "soon", "source": "s", "office_id": 3,
        "locale": "en", "colour": "red", "availability": ["2026-01-01T00:00:00+02:00"], "questionnaire": {"1": ["Is it?", "no"]},
        "property": {"uid": "7", "address": "a", "postcode": "p", "url": "https://example.com", "image": "i", "type": "terraced"},
        "conversation": [{"date": "2026-03-01T15:45:00Z", "direction": "inbound", "from": "f", "to": "t", "subject": "s", "body": "b"}],
        "attribution": {"utm_source": "x", "first_touch": {"utm_source": "y", "at": "z"}},
        "consent": {"given": true, "text": "t", "version": "1", "policy_url": "https://example.com", "at": "2026-03-01T15:45:00Z"},
    });
    let id = checked.call(Method::POST, "/v1/leads", "", &keys.secret, Some(&full)).await.id();
    tests::wait::until("the deliveries are done", async || {
        let standing = checked.stack.d1().deliveries();
        standing.iter().all(|delivery| delivery.status != "pending" && delivery.status != "delivering").then_some(())
    })
    .await;
    for path in ["/v1/leads/{id}", "/v1/leads/{id}/deliveries", "/v1/leads/{id}/history"] {
        checked.call(Method::GET, path, &id, &keys.secret, None).await;
        checked.call(Method::GET, path, "nonsense", &keys.secret, None).await;
    }
    lifecycle(checked, keys, &id).await;
    checked.call(Method::GET, "/v1/deliveries", "", &keys.secret, None).await;
    let delivered = format!("{id}_1");
    checked.call(Method::POST, "/v1/deliveries/{id}/retry", &delivered, &keys.secret, None).await;
    checked.stack.d1().execute(&format!("UPDATE delivery SET status = 'failed' WHERE lead_id = '{id}'"));
    checked.call(Method::POST, "/v1/deliveries/{id}/retry", &delivered, &keys.secret, None).await;
    checked.call(Method::POST, "/v1/deliveries/retry", "", &keys.secret, Some(&json!({"status": "failed"}))).await;
    checked.call(Method::POST, "/v1/deliveries/retry", "", &keys.secret, Some(&json!({"state": 1}))).await;
}

/// Finding a lead, changing it, and making a client of it.
async fn lifecycle(checked: &mut Checked<'_>, keys: &Keys, id: &str) {
    for path in ["/v1/leads", "/v1/leads/export", "/v1/stats"] {
        checked.call(Method::GET, path, "", &keys.secret, None).await;
    }
    let change = json!({"version": 1, "status": "contacted", "notes": null, "phone": "01623 000001"});
    for status in [200, 409] {
        let changed = checked.call(Method::PUT, "/v1/leads/{id}", id, &keys.secret, Some(&change)).await;
        assert_eq!(changed.status, status, "{}", changed.body);
    }
    checked.call(Method::PUT, "/v1/leads/{id}", id, &keys.secret, Some(&json!({"colour": "red"}))).await;
    for status in [201, 409] {
        let client = json!({"client_type": "both"});
        let made = checked.call(Method::POST, "/v1/leads/{id}/convert", id, &keys.secret, Some(&client)).await;
        assert_eq!(made.status, status, "{}", made.body);
    }
    checked.call(Method::GET, "/v1/leads/{id}/history", id, &keys.secret, None).await;
}

/// What was agreed to, withdrawn, taken out and erased.
async fn personal_data(checked: &mut Checked<'_>, keys: &Keys) {
    checked.call(Method::GET, "/.well-known/leadgate-consent-key", "", "", None).await;
    let mut leads = Vec::new();
    for email in ["erased@example.com", "deleted@example.com"] {
        let answer = checked.stack.client().submit_once(&keys.secret, email, &lead(email)).await.unwrap();
        leads.push(answer.id());
    }
    for path in ["/v1/leads/{id}/consent", "/v1/leads/{id}"] {
        let withdrawn = checked.call(Method::POST, "/v1/leads/{id}/withdraw", &leads[0], &keys.secret, None).await;
        assert_eq!(withdrawn.status, 200, "{}", withdrawn.body);
        checked.call(Method::GET, path, &leads[0], &keys.secret, None).await;
    }
    checked.call(Method::GET, "/v1/leads/{id}/history", &leads[0], &keys.secret, None).await;
    let client = json!({"client_type": "both"});
    checked.call(Method::POST, "/v1/leads/{id}/convert", &leads[0], &keys.secret, Some(&client)).await;
    let person = json!({"email": "erased@example.com"});
    for path in ["/v1/privacy/export", "/v1/privacy/erase"] {
        let answer = checked.call(Method::POST, path, "", &keys.secret, Some(&person)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        checked.call(Method::POST, path, "", &keys.secret, Some(&json!({"email": 1}))).await;
    }
    for status in [204, 404] {
        let deleted = checked.call(Method::DELETE, "/v1/leads/{id}", &leads[1], &keys.secret, None).await;
        assert_eq!(deleted.status, status, "{}", deleted.body);
    }
    checked.admin(Method::GET, "/v1/admin/audit", "", None).await;
}

/// Leads that are held back, and second leads of one person.
async fn suspicion(checked: &mut Checked<'_>, keys: &Keys) {
    let form = json!({"consent": {"required": false}, "spam": {"threshold": 0}, "duplicates": {"policy": "merge"}});
    checked.stack.admin().put_form("guarded", &form).await;
    let links = "https://a.example https://b.example https://c.example https://d.example https://e.example";
    let held = json!({"form": "guarded", "email": "bot@example.com", "message": links});
    let id = checked.call(Method::POST, "/v1/leads", "", &keys.secret, Some(&held)).await.id();
    for path in ["/v1/leads/{id}", "/v1/leads/{id}/history"] {
        checked.call(Method::GET, path, &id, &keys.secret, None).await;
    }
    for status in [200, 409] {
        let released = checked.call(Method::POST, "/v1/leads/{id}/release", &id, &keys.secret, None).await;
        assert_eq!(released.status, status, "{}", released.body);
    }
    let again = json!({"form": "guarded", "email": "bot@example.com", "name": "Not a bot"});
    assert_eq!(checked.call(Method::POST, "/v1/leads", "", &keys.secret, Some(&again)).await.status, 200);
    checked.call(Method::GET, "/v1/leads/{id}/history", &id, &keys.secret, None).await;
}

/// Leads in the words of providers, each of a person who is new and then of the same one.
async fn partners(checked: &mut Checked<'_>, keys: &Keys) {
    for (path, body) in crate::compat::all() {
        let client = checked.stack.client();
        for status in [200, 201] {
            let address = format!("{path}?form={}", if status == 200 { "guarded" } else { "contact" });
            for _ in 0..2 {
                let request = client.request(Method::POST, &address).bearer_auth(&keys.secret).json(&body);
                let answer = client.send(request).await.unwrap();
                checked.check(&Method::POST, path, &answer);
                let id = answer.body["data"]["id"].as_str().map(str::to_owned);
                if let Some(id) = id.filter(|_| path == crate::compat::ACTUALLYCARE) {
                    let one = "/compat/actuallycare/v1/leads/{id}";
                    checked.call(Method::GET, crate::compat::ACTUALLYCARE, "", &keys.secret, None).await;
                    checked.call(Method::GET, one, &id, &keys.secret, None).await;
                    for change in
                        [json!({"status": "contacted", "version": 1}), json!({"version": 99}), json!({"status": 1})]
                    {
                        checked.call(Method::PUT, one, &id, &keys.secret, Some(&change)).await;
                    }
                    let convert = "/compat/actuallycare/v1/leads/{id}/convert";
                    for client in [json!({"clientType": "nobody"}), json!({}), json!({})] {
                        checked.call(Method::POST, convert, &id, &keys.secret, Some(&client)).await;
                    }
                    // The other form's lead is the one that a second of the same person meets.
                    for _ in 0..if status == 201 { 2 } else { 0 } {
                        checked.call(Method::DELETE, one, &id, &keys.secret, None).await;
                    }
                }
            }
        }
    }
}

/// Everything below `/v1/admin/`.
async fn configuration(checked: &mut Checked<'_>) {
    let destination = checked.stack.admin().destination("leadpro");
    let url = destination["url"].clone();
    let resources = [
        ("forms", checked.stack.admin().form()),
        ("destinations", destination),
        ("groups", json!({"order": ["anyhouse", "leadpro"]})),
        ("alerts", json!({"url": url, "credential": "WEBHOOK_SECRET"})),
    ];
    for (name, body) in resources {
        let (all, one) = (format!("/v1/admin/{name}"), format!("/v1/admin/{name}/{{id}}"));
        let put = checked.admin(Method::PUT, &one, "other", Some(&body)).await;
        assert_eq!(put.status, 201, "{}", put.body);
        assert_eq!(checked.admin(Method::PUT, &one, "other", Some(&body)).await.status, 200);
        checked.admin(Method::PUT, &one, "other", Some(&json!({"unknown": true}))).await;
        checked.admin(Method::GET, &all, "", None).await;
        checked.admin(Method::GET, &one, "other", None).await;
        checked.admin(Method::GET, &one, "none", None).await;
    }
    checked.admin(Method::GET, "/v1/admin/forms/{id}/preflight", "contact", None).await;
    for provider in tests::harness::PROVIDERS {
        let test = checked.admin(Method::POST, "/v1/admin/destinations/{id}/test", provider, None).await;
        assert_eq!(test.status, 200, "{}", test.body);
    }
    for name in ["forms", "destinations", "groups", "alerts"] {
        let one = format!("/v1/admin/{name}/{{id}}");
        assert_eq!(checked.admin(Method::DELETE, &one, "other", None).await.status, 204);
        checked.admin(Method::DELETE, &one, "other", None).await;
    }
    for key in [
        json!({"kind": "publishable", "form": "contact"}),
        json!({"kind": "secret", "forms": ["*"], "scopes": ["leads:read"], "expires_at": "2027-01-01T00:00:00Z"}),
    ] {
        let id = checked.admin(Method::POST, "/v1/admin/keys", "", Some(&key)).await.id();
        checked.admin(Method::GET, "/v1/admin/keys", "", None).await;
        checked.admin(Method::GET, "/v1/admin/audit", "", None).await;
        checked.admin(Method::GET, "/v1/admin/keys/{id}", &id, None).await;
        checked.admin(Method::POST, "/v1/admin/keys/{id}/rotate", &id, Some(&json!({"grace_seconds": 0}))).await;
        checked.admin(Method::POST, "/v1/admin/keys/{id}/rotate", &id, Some(&json!({"grace": 0}))).await;
        checked.admin(Method::DELETE, "/v1/admin/keys/{id}", &id, None).await;
        checked.admin(Method::GET, "/v1/admin/keys/{id}", &id, None).await;
    }
    checked
        .admin(Method::POST, "/v1/admin/keys", "", Some(&json!({"kind": "secret", "forms": [], "scopes": []})))
        .await;
}

/// What every operation refuses: no key, a key that may not, a body that cannot be read.
async fn errors(checked: &mut Checked<'_>, keys: &Keys) {
    // First, since so many wrong tokens shut the admin addresses for a while.
    let many = json!({"kind": "secret", "forms": ["*"], "scopes": ["leads:write"], "rate_limit": {"limit": 1, "window_seconds": 3600}});
    let limited = checked.stack.admin().key(&many).await;
    for (path, method) in checked.document.operations() {
        let method: Method = method.to_ascii_uppercase().parse().unwrap();
        for key in ["", "nonsense", &keys.publishable] {
            checked.call(method.clone(), &path, "contact", key, None).await;
        }
        let client = checked.stack.client();
        for (kind, body) in [
            ("application/json", "{"),
            ("application/json", "[]"),
            ("text/plain", "x"),
            ("application/json", &*" ".repeat(70_000)),
        ] {
            let key = if path.starts_with("/v1/admin/") { "test-admin-token" } else { &keys.secret };
            let request = client.request(method.clone(), &path.replace("{id}", "nothing")).bearer_auth(key);
            // GET has no body, and a DELETE needs none.
            if method == Method::GET || method == Method::DELETE {
                break;
            }
            let answer = client.send(request.header("Content-Type", kind).body(body.to_owned())).await.unwrap();
            checked.check(&method, &path, &answer);
        }
    }
    for _ in 0..2 {
        checked.call(Method::POST, "/v1/leads", "", &limited, Some(&lead("marla@example.com"))).await;
    }
}
