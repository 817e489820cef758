//! A second lead of the same person, by the form's policy, whatever the concurrency.

use std::collections::HashSet;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Answer, Keys, Stack};

use crate::lead;

/// The form `contact` with that policy, and its keys.
async fn form_that(stack: &Stack, policy: &str) -> Keys {
    let keys = stack.admin().contact_form().await;
    let mut form = stack.admin().form();
    form["duplicates"] = json!({"policy": policy});
    stack.admin().put_form("contact", &form).await;
    keys
}

fn with(email: &str, more: Value) -> Value {
    let mut lead = lead(email);
    lead.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    lead
}

fn assert_duplicate_of(first: &str, answer: &Answer) {
    assert_eq!((answer.status, &answer.body), (200, &json!({"id": first, "duplicate": true})));
}

#[tokio::test]
async fn a_form_that_rejects_duplicates_answers_with_the_first_lead_and_stores_nothing() {
    let stack = Stack::start().await;
    let keys = form_that(&stack, "reject").await;
    let client = stack.client();
    let first = client.submit(&keys.secret, &with("Marla@example.com", json!({"phone": "01623 000000"}))).await;
    assert_eq!(first.status, 201);
    let first = first.id();

    for (key, again) in [
        (&keys.publishable, with("marla@EXAMPLE.com", json!({}))),
        (&keys.secret, with("other@example.com", json!({"phone": "+44 1623 000 000"}))),
    ] {
        assert_duplicate_of(&first, &client.submit(key, &again).await);
    }
    let again = with("marla@example.com", json!({"message": "again"}));
    let once = client.submit_once(&keys.publishable, "k", &again).await.unwrap();
    assert_duplicate_of(&first, &once);
    let replayed = client.submit_once(&keys.publishable, "k", &again).await.unwrap();
    assert_duplicate_of(&first, &replayed);
    assert_eq!(replayed.header("idempotent-replayed"), "true");
    // It spends what a lead spends; its repeat spends nothing.
    assert_eq!(once.header("x-ratelimit-remaining"), "58");
    assert_eq!(stack.d1().lead_count(), 1);

    stack.admin().put_form("other", &stack.admin().form()).await;
    let elsewhere = client.submit(&keys.secret, &with("marla@example.com", json!({"form": "other"}))).await;
    assert_eq!(elsewhere.status, 201);
    stack.delivered(1).await;
    assert_eq!(stack.sandbox.received("anyhouse").len(), 1);
}

#[tokio::test]
async fn a_first_lead_that_is_erased_or_older_than_the_window_does_not_count() {
    let stack = Stack::start().await;
    let keys = form_that(&stack, "reject").await;
    let submit = async || stack.client().submit(&keys.secret, &lead("marla@example.com")).await;
    let first = submit().await.id();
    assert_duplicate_of(&first, &submit().await);
    let erased = r#"{"name":null,"email":null,"phone":null,"phone_e164":null}"#;
    stack.d1().execute(&format!("UPDATE lead SET document = '{erased}', version = version + 1"));
    assert_eq!(stack.d1().value::<i64>("SELECT count(*) FROM duplicate_guard"), 0);

    let second = submit().await;
    assert_eq!(second.status, 201);
    assert_duplicate_of(&second.id(), &submit().await);
    // An id begins with its time: this one is of the year 2024.
    stack.d1().execute("UPDATE duplicate_guard SET lead_id = '01900000-0000-7000-8000-000000000000'");
    let third = submit().await;
    assert_eq!(third.status, 201);
    assert_duplicate_of(&third.id(), &submit().await);
    assert_eq!(stack.d1().lead_count(), 3);
}

#[tokio::test]
async fn a_lead_that_is_held_back_does_not_keep_the_person_out() {
    let stack = Stack::start().await;
    let keys = form_that(&stack, "reject").await;
    let client = stack.client();
    let bot = client.submit(&keys.publishable, &with("marla@example.com", json!({"_lg_trap": "x"}))).await.id();
    let person = client.submit(&keys.publishable, &lead("marla@example.com")).await;
    assert_eq!(person.status, 201);
    stack.delivered(1).await;
    // Released all the same, it leaves the contact with the lead that has it.
    let release = client.request(Method::POST, &format!("/v1/leads/{bot}/release")).bearer_auth(&keys.secret);
    assert_eq!(client.send(release).await.unwrap().status, 200);
    assert_duplicate_of(&person.id(), &client.submit(&keys.secret, &lead("marla@example.com")).await);
}

#[tokio::test]
async fn a_form_that_merges_duplicates_adds_to_the_first_lead_what_it_lacked() {
    let stack = Stack::start().await;
    let keys = form_that(&stack, "merge").await;
    let client = stack.client();
    let first = client.submit(&keys.secret, &with("marla@example.com", json!({"Colour": "red"}))).await.id();
    stack.delivered(1).await;
    let more = json!({"phone": "01623 000000", "message": "other words", "budget": 5, "Colour": "blue", "Size": "L"});
    let merged = client.submit(&keys.publishable, &with("MARLA@example.com", more)).await;
    assert_eq!((merged.status, &merged.body), (200, &json!({"id": first, "duplicate": true, "merged": true})));

    let lead = client.get(&format!("/v1/leads/{first}"), &keys.secret).await.body;
    assert_eq!(
        (&lead["version"], &lead["phone_e164"], &lead["budget"]),
        (&json!(2), &json!("+441623000000"), &json!(5))
    );
    assert_eq!((&lead["email"], &lead["meta"]), (&json!("marla@example.com"), &json!({"Colour": "red", "Size": "L"})));
    assert_eq!(lead["message"], "I would like a valuation please");
    let history = client.get(&format!("/v1/leads/{first}/history"), &keys.secret).await.body;
    let event = history["events"].as_array().unwrap().iter().find(|event| event["event"] == "merged").unwrap().clone();
    assert_eq!(event["fields"], json!(["budget", "meta.Size", "phone", "phone_e164"]));
    // What it gained is a contact of it as well.
    let by_phone = client.submit(&keys.secret, &with("new@example.com", json!({"phone": "01623 000000"}))).await;
    assert_eq!((by_phone.status, by_phone.id()), (200, first));
    assert_eq!((stack.d1().lead_count(), stack.sandbox.received("anyhouse").len()), (1, 1));
}

#[tokio::test]
async fn of_fifty_equal_leads_at_once_one_is_made_and_the_rest_are_told_of_it() {
    let stack = Stack::start().await;
    let keys = form_that(&stack, "reject").await;
    let (client, lead) = (stack.client(), lead("marla@example.com"));
    let answers = join_all((0..50).map(|_| client.submit(&keys.secret, &lead))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    let told = answers.iter().filter(|answer| answer.status == 200 && answer.body["duplicate"] == true).count();
    assert_eq!((made, told), (1, 49));
    let ids: HashSet<String> = answers.iter().map(Answer::id).collect();
    assert_eq!((ids.len(), stack.d1().lead_count()), (1, 1));
    stack.delivered(1).await;
    assert_eq!(stack.sandbox.received("anyhouse").len(), 1);
}

#[tokio::test]
async fn merging_at_once_loses_nothing() {
    const MERGES: usize = 30;
    let stack = Stack::start().await;
    let keys = form_that(&stack, "merge").await;
    let client = stack.client();
    let first = client.submit(&keys.secret, &lead("marla@example.com")).await.id();
    let merge = async |number: usize| {
        let more = with("marla@example.com", json!({format!("answer-{number}"): number.to_string()}));
        client.submit_once(&keys.secret, &format!("merge-{number}"), &more).await.unwrap()
    };
    let answers = join_all((0..MERGES).map(merge)).await;
    assert!(answers.iter().all(|answer| (answer.status, answer.id()) == (200, first.clone())), "{answers:?}");
    let lead = client.get(&format!("/v1/leads/{first}"), &keys.secret).await.body;
    assert_eq!(lead["meta"].as_object().unwrap().len(), MERGES);
    assert_eq!((&lead["version"], stack.d1().lead_count()), (&json!(MERGES + 1), 1));
}

#[tokio::test]
async fn of_thirty_submissions_of_one_person_at_once_one_is_made_and_all_others_are_merged() {
    const SENT: usize = 30;
    let stack = Stack::start().await;
    let keys = form_that(&stack, "merge").await;
    let client = stack.client();
    let submit = async |number: usize| {
        let more = with("marla@example.com", json!({format!("answer-{number}"): number.to_string()}));
        client.submit(&keys.secret, &more).await
    };
    let answers = join_all((0..SENT).map(submit)).await;
    let with = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((with(201), with(200)), (1, SENT - 1), "{answers:?}");
    assert_eq!(stack.d1().leads()[0]["meta"].as_object().unwrap().len(), SENT);
}

#[tokio::test]
async fn who_withdrew_a_consent_may_come_again_with_a_new_one() {
    let stack = Stack::start().await;
    let keys = form_that(&stack, "reject").await;
    let client = stack.client();
    let first = client.submit(&keys.secret, &lead("marla@example.com")).await.id();
    let manage = async |method: Method, path: &str, body: Value| {
        let request = client.request(method, path).bearer_auth(&keys.secret).json(&body);
        client.send(request).await.unwrap().status
    };
    let path = format!("/v1/leads/{first}");
    assert_eq!(manage(Method::POST, &format!("{path}/withdraw"), json!({})).await, 200);
    // Nor does a change of its contact make it the first again.
    let changed = json!({"version": 2, "email": "MARLA@example.com"});
    assert_eq!(manage(Method::PUT, &path, changed).await, 200);
    let second = client.submit(&keys.publishable, &lead("marla@example.com")).await;
    assert_eq!(second.status, 201, "{}", second.body);
    assert_duplicate_of(&second.id(), &client.submit(&keys.secret, &lead("marla@example.com")).await);
    stack.delivered(2).await;
}
