//! The lines for a shell on the page of the API: each works as it stands there.

use std::process::Command;

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Keys, Stack};
use tests::wait;

use crate::lead;

/// The ids that stand in the lines, for those of things that are there.
const EXAMPLE_LEAD: &str = "0199f3a2-7c1e-7d3a-9b54-2f6f1c0a8e11";
const EXAMPLE_KEY: &str = "2f6f1c0a8e11d3a49b547c1e";

/// The lines of the built page.
fn lines(page: &str) -> Vec<String> {
    let mut parts = page.split("<pre class=\"curl\"><code>");
    parts.next();
    let escapes = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    let plain =
        |line: &str| escapes.iter().fold(line.to_owned(), |line, (escape, letter)| line.replace(escape, letter));
    parts.map(|part| plain(part.split("</code>").next().unwrap())).collect()
}

/// What the lines speak of, in the state in which each can do what it says.
async fn prepare(stack: &Stack) {
    let admin = stack.admin();
    admin.put_form("contact", &admin.form()).await;
    admin.put_destination("crm", &admin.anyhouse()).await;
    let group = json!({"mode": "first_accepted", "order": ["first"]});
    let channel = json!({"url": stack.sandbox.endpoint("webhook")});
    for (path, body) in [("groups/buyers", group), ("alerts/ops", channel)] {
        let answer = admin.send(Method::PUT, &format!("/v1/admin/{path}"), Some(&body)).await;
        assert!(answer.status < 300, "{path}: {}", answer.body);
    }
}

/// The id of a lead with which the line can do what it says.
async fn lead_for(stack: &Stack, keys: &Keys, line: &str) -> String {
    let mut lead = lead("marla@example.com");
    if line.contains("/release") {
        lead["_lg_trap"] = json!("x");
        return stack.client().submit(&keys.publishable, &lead).await.id();
    }
    let id = stack.client().submit(&keys.secret, &lead).await.id();
    wait::until(format!("{id} is delivered"), async || {
        let delivered = format!("SELECT count(*) FROM delivery WHERE lead_id = '{id}' AND status = 'delivered'");
        (stack.d1().value::<i64>(&delivered) == 1).then_some(())
    })
    .await;
    if line.contains("/retry") {
        stack.d1().execute(&format!("UPDATE delivery SET status = 'failed' WHERE lead_id = '{id}'"));
    }
    id
}

/// The status that a line gets, run by a shell that has the variables.
async fn run(stack: &Stack, keys: &Keys, line: &str) -> String {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("curl() {{ command curl -s -o /dev/null -w '%{{http_code}}' \"$@\"; }}\n{line}"));
    shell.env("EDGE", stack.origin()).env("ADMIN_TOKEN", "test-admin-token");
    shell.env("PUBLISHABLE_KEY", &keys.publishable).env("SECRET_KEY", &keys.secret);
    let output = tokio::task::spawn_blocking(move || shell.output()).await.unwrap().expect("a shell can be started");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn every_line_of_the_page_does_what_it_says() {
    let stack = Stack::start().await;
    prepare(&stack).await;
    let admin = stack.admin();
    let keys = Keys { publishable: admin.publishable_key("contact").await, secret: admin.secret_key().await };
    let page = std::fs::read_to_string(stack.path("dist/docs.html")).unwrap();
    let lines = lines(&page);
    let mut failed = Vec::new();
    for line in &lines {
        prepare(&stack).await;
        let mut real = line.clone();
        if line.contains(EXAMPLE_LEAD) {
            real = real.replace(EXAMPLE_LEAD, &lead_for(&stack, &keys, line).await);
        }
        if line.contains(EXAMPLE_KEY) {
            let key: Value = json!({"kind": "publishable", "name": "spare", "form": "contact"});
            real = real.replace(EXAMPLE_KEY, &admin.send(Method::POST, "/v1/admin/keys", Some(&key)).await.id());
        }
        let status = run(&stack, &keys, &real).await;
        if !status.starts_with('2') {
            failed.push(format!("{status}: {real}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    for variable in ["$ADMIN_TOKEN", "$PUBLISHABLE_KEY", "$SECRET_KEY"] {
        assert!(lines.iter().any(|line| line.contains(variable)), "no line has {variable}");
    }
}
