//! Two Workers, each a provider of the other.

use serde_json::{Value, json};
use tests::harness::Stack;

use super::{ACTUALLYCARE, ALTERESTATE, ANYHOUSE, LEADPRO, MARKETPLACE};

/// Two Workers with the form `contact` and a key to each; the first has the second one's as a secret.
async fn pair() -> ((Stack, String), (Stack, String)) {
    let (mut first, second) = Stack::start_pair().await;
    let mut keys = Vec::new();
    for stack in [&first, &second] {
        stack.admin().put_form("contact", &stack.admin().form()).await;
        keys.push(stack.admin().secret_key().await);
    }
    let (theirs, own) = (keys.remove(1), keys.remove(0));
    first.give_secret("OTHER_LEADGATE", &theirs).await;
    ((first, own), (second, theirs))
}

fn destination(provider: &str, url: String) -> Value {
    let settings = match provider {
        "marketplace" => json!({"seller": "contact", "category": "Real Estate"}),
        "leadpro" => json!({"type": "vendor"}),
        _ => json!({}),
    };
    json!({"provider": provider, "url": url, "credential": "OTHER_LEADGATE", "forms": ["contact"], "settings": settings})
}

fn lead() -> Value {
    json!({
        "form": "contact", "name": "Marla Singer", "email": "marla@example.com", "phone": "+1 661 555 0198", "state": "TX",
        "message": "I would like a valuation please", "interest_level": "hot", "intent": "buy",
        "consent": {"given": true},
    })
}

#[tokio::test]
async fn each_api_carries_a_lead_from_one_worker_to_the_other() {
    let ((first, own), (second, theirs)) = pair().await;
    let admin = first.admin();
    for (provider, path) in [
        ("anyhouse", ANYHOUSE),
        ("leadpro", LEADPRO),
        ("marketplace", MARKETPLACE),
        ("alterestate", ALTERESTATE),
        ("actuallycare", ACTUALLYCARE),
    ] {
        admin.put_destination(provider, &destination(provider, format!("{}{path}", second.origin()))).await;
    }
    let sent = first.client().submit(&own, &lead()).await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    first.delivered(5).await;
    assert_eq!(second.d1().lead_count(), 5);
    for id in second.d1().lead_ids() {
        let lead = second.client().get(&format!("/v1/leads/{id}"), &theirs).await.body;
        assert_eq!((&lead["name"], &lead["email"]), (&json!("Marla Singer"), &json!("marla@example.com")), "{lead}");
        assert_eq!(lead["phone"], "+1 661 555 0198", "{lead}");
    }
}

#[tokio::test]
async fn a_lead_goes_from_one_to_the_other_and_stops_on_its_way_back() {
    let ((first, own), (mut second, _)) = pair().await;
    second.give_secret("OTHER_LEADGATE", &own).await;
    let there = destination("anyhouse", format!("{}{ANYHOUSE}", second.origin()));
    first.admin().put_destination("there", &there).await;
    let back = destination("alterestate", format!("{}{ALTERESTATE}", first.origin()));
    second.admin().put_destination("back", &back).await;
    assert_eq!(first.client().submit(&own, &lead()).await.status, 201);
    first.delivered(1).await;
    tests::wait::until("the way back is told that the lead is there already", async || {
        second.d1().deliveries().iter().any(|delivery| delivery.status == "duplicate").then_some(())
    })
    .await;
    assert_eq!((first.d1().lead_count(), second.d1().lead_count()), (1, 1));
}
