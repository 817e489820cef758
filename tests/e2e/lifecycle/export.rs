//! Leads as a file: safe cells, constant memory, and no part that looks like the whole.

use futures_util::StreamExt;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tests::harness::{Stack, store_leads};

use super::{call, manager, plain_form};

/// What the Worker, its database and the runtime's own garbage may take beside what they take anyway.
const MEMORY: u64 = 150_000_000;

/// What they may gain after that many bytes: nothing of the file stays.
const GROWTH: u64 = 40_000_000;
const HALF: usize = 100_000_000;

async fn download(stack: &Stack, key: &str, query: &str) -> Response {
    let request = stack.client().request(Method::GET, &format!("/v1/leads/export?{query}")).bearer_auth(key);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200, "{query}");
    response
}

#[tokio::test]
async fn a_spreadsheet_runs_nothing_of_an_export_and_loses_nothing() {
    let stack = Stack::start().await;
    plain_form(&stack, "contact").await;
    let key = manager(&stack, &["contact"]).await;
    let mut id = String::new();
    for lead in [
        json!({"form": "contact", "email": "first@example.com", "name": "=cmd|'/c calc'!A1", "phone": "01623 000000"}),
        json!({
            "form": "contact", "email": "second@example.com", "name": "Zoë \"Z\", Ltd", "message": "two\nlines",
            "attribution": {"utm_campaign": "+spring", "first_touch": {"gclid": "g"}}, "Colour": "-red",
        }),
    ] {
        let sent = stack.client().submit(&key, &lead).await;
        assert_eq!(sent.status, 201);
        id = sent.id();
    }
    let withdrawn = call(&stack, &key, Method::POST, &format!("/v1/leads/{id}/withdraw"), None).await;
    let response = download(&stack, &key, "bom=true").await;
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/csv; charset=utf-8; header=present");
    assert!(header("content-disposition").starts_with("attachment; filename=\"leads-20"));
    let file = response.bytes().await.unwrap();
    let file = std::str::from_utf8(&file).unwrap().strip_prefix('\u{feff}').unwrap().to_owned();
    let lines: Vec<&str> = file.split("\r\n").collect();
    assert_eq!(lines.len(), 4, "{file}");
    assert!(lines[0].starts_with("id,form,status,version,created_at,"));
    for cell in [",\"Zoë \"\"Z\"\", Ltd\",", ",\"two\nlines\",", ",'+spring,", ",\"{\"\"Colour\"\":\"\"-red\"\"}\","] {
        assert!(lines[1].contains(cell), "{cell} in {}", lines[1]);
    }
    for cell in [",'=cmd|'/c calc'!A1,", ",'+441623000000,", ",01623 000000,"] {
        assert!(lines[2].contains(cell), "{cell} in {}", lines[2]);
    }
    let withdrawn_at = withdrawn.body["consent_withdrawn_at"].as_str().unwrap();
    assert!(lines[0].ends_with(",consent_withdrawn_at") && lines[1].ends_with(&format!(",{withdrawn_at}")), "{file}");
    assert!(lines[2].ends_with(','), "{file}");
    assert_eq!(lines[3], "");
}

#[tokio::test]
async fn an_export_has_what_the_filters_mean_and_the_key_may_see() {
    let stack = Stack::start().await;
    for (form, count) in [("contact", 40), ("other", 5)] {
        plain_form(&stack, form).await;
        store_leads(&stack, form, count);
    }
    let key = manager(&stack, &["contact"]).await;
    let lines = async |query: &str| {
        let text = download(&stack, &key, &format!("format=jsonl&{query}")).await.text().await.unwrap();
        assert!(text.is_empty() || text.ends_with('\n'));
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    let all = lines("").await;
    assert_eq!(all.len(), 40);
    assert!(all.iter().all(|lead| lead["form"] == "contact"));
    let id = all[0]["id"].as_str().unwrap();
    assert_eq!(all[0], call(&stack, &key, Method::GET, &format!("/v1/leads/{id}"), None).await.body);
    assert_eq!(lines("status=lost&intent=buy").await.len(), 3);
    assert_eq!(lines("q=number+7.").await.len(), 1);
    assert_eq!(lines("form=other").await.len(), 0);
    // A key for all forms gets them in the order of their acceptance, whichever form they are of.
    stack.d1().execute("UPDATE lead SET erased_at = 1, document = '{}' WHERE form = 'contact' AND status = 'lost'");
    let all_forms = manager(&stack, &["*"]).await;
    let file = async |query: &str| {
        let text = download(&stack, &all_forms, &format!("format=jsonl&{query}")).await.text().await.unwrap();
        text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect::<Vec<_>>()
    };
    let every = file("").await;
    let ids: Vec<&str> = every.iter().map(|lead| lead["id"].as_str().unwrap()).collect();
    assert_eq!((ids.len(), ids.is_sorted_by(|one, next| one > next)), (35, true));
    assert_eq!(every.iter().filter(|lead| lead["form"] == "other").count(), 5);
    assert_eq!(
        (file("form=other").await.len(), file("status=lost").await.len(), file("q=number+7.").await.len()),
        (5, 1, 1)
    );
    assert_eq!(file("created_from=2026-01-01T00:00:00Z").await.len(), 1);
    let head = call(&stack, &key, Method::HEAD, "/v1/leads/export", None).await;
    assert_eq!((head.status, &head.body), (200, &json!("")));
    assert_eq!(call(&stack, &key, Method::GET, "/v1/leads/export?format=xml", None).await.status, 422);
    let reader = stack.admin().key(&json!({"kind": "secret", "forms": ["*"], "scopes": ["leads:read"]})).await;
    assert_eq!(call(&stack, &reader, Method::GET, "/v1/leads/export", None).await.status, 403);
}

#[tokio::test]
async fn an_export_of_100_000_leads_holds_one_page_of_them_at_a_time() {
    let stack = Stack::start().await;
    plain_form(&stack, "contact").await;
    store_leads(&stack, "contact", 100_000);
    stack.d1().execute(
        "UPDATE lead SET document = json_set(document, '$.notes', printf('%1500s', 'x')), events = '[]' WHERE id > '0'",
    );
    let key = manager(&stack, &["contact"]).await;
    // What the Worker and its database take once they have been used.
    download(&stack, &key, "q=number+1.&created_to=2025-10-25T00:00:00Z").await.bytes().await.unwrap();
    let before = stack.memory();
    let mut file = download(&stack, &key, "format=jsonl").await.bytes_stream();
    let late = stack.client().submit(&key, &json!({"form": "contact", "email": "late@example.com"})).await;
    assert_eq!(late.status, 201);
    let (mut lines, mut bytes, mut most, mut at_half, mut rest) = (0, 0, before, before, Vec::new());
    while let Some(chunk) = file.next().await {
        let chunk = chunk.unwrap();
        if bytes / 5_000_000 != (bytes + chunk.len()) / 5_000_000 {
            let now = stack.memory();
            most = most.max(now);
            if bytes < HALF {
                at_half = now;
            }
        }
        bytes += chunk.len();
        rest.extend_from_slice(&chunk);
        let whole = rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        for line in rest[..whole].split_inclusive(|byte| *byte == b'\n') {
            let expected = format!("\"lead{}@example.com\"", 100_000 - lines);
            assert!(std::str::from_utf8(line).unwrap().contains(&expected), "{expected}");
            lines += 1;
        }
        rest.drain(..whole);
    }
    assert_eq!((lines, rest.len()), (100_000, 0));
    let told = format!("{bytes} bytes; memory: {before} before, {at_half} after half of them, {most} at most");
    assert!(bytes > 190_000_000, "{told}");
    assert!(most.saturating_sub(before) < MEMORY && most.saturating_sub(at_half) < GROWTH, "{told}");
}

#[tokio::test]
async fn large_leads_behind_small_ones_take_no_more_room() {
    let stack = Stack::start().await;
    plain_form(&stack, "contact").await;
    store_leads(&stack, "contact", 3_000);
    let key = manager(&stack, &["contact"]).await;
    download(&stack, &key, "format=jsonl").await.bytes().await.unwrap();
    stack.d1().execute(
        "UPDATE lead SET document = json_set(document, '$.notes', printf('%60000s', 'x'))
         WHERE id IN (SELECT id FROM lead ORDER BY id LIMIT 1500)",
    );
    let before = stack.memory();
    let mut file = download(&stack, &key, "format=jsonl").await.bytes_stream();
    let (mut lines, mut most) = (0, before);
    while let Some(chunk) = file.next().await {
        let chunk = chunk.unwrap();
        assert!(chunk.len() < 5_000_000, "{} bytes at once", chunk.len());
        lines += chunk.iter().filter(|byte| **byte == b'\n').count();
        most = most.max(stack.memory());
    }
    assert_eq!(lines, 3_000);
    assert!(most.saturating_sub(before) < MEMORY, "{before} before, {most} at most");
}

#[tokio::test]
async fn an_export_that_the_store_fails_breaks_off() {
    let stack = Stack::start().await;
    plain_form(&stack, "contact").await;
    store_leads(&stack, "contact", 100_000);
    let key = manager(&stack, &["contact"]).await;
    let mut file = download(&stack, &key, "").await.bytes_stream();
    let first = file.next().await.unwrap().unwrap();
    assert!(first.starts_with(b"id,form,"));
    stack.d1().execute("ALTER TABLE client RENAME TO client_that_is_gone");
    let mut end = None;
    while let Some(chunk) = file.next().await {
        end = Some(chunk.map(|_| ()));
    }
    assert!(matches!(end, Some(Err(_))), "the file seems to be whole");
    let begun = call(&stack, &key, Method::GET, "/v1/leads/export", None).await;
    assert_eq!((begun.status, &begun.body["code"]), (503, &json!("store_unavailable")));
}
