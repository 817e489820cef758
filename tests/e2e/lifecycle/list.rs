//! The list of leads: filters, search, pages and cursors.

use reqwest::Method;
use serde_json::{Value, json};
use tests::harness::{Stack, store_leads};

use super::{call, manager, plain_form};

async fn page(stack: &Stack, key: &str, query: &str) -> Value {
    let answer = call(stack, key, Method::GET, &format!("/v1/leads?{query}"), None).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.body
}

fn emails(page: &Value) -> Vec<String> {
    page["leads"].as_array().unwrap().iter().map(|lead| lead["email"].as_str().unwrap_or("-").to_owned()).collect()
}

fn ids(page: &Value) -> Vec<String> {
    page["leads"].as_array().unwrap().iter().map(|lead| lead["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn cursors_show_every_lead_exactly_once_while_leads_arrive() {
    let stack = Stack::start().await;
    for form in ["contact", "valuation"] {
        plain_form(&stack, form).await;
        store_leads(&stack, form, 60);
    }
    let key = manager(&stack, &["*"]).await;
    let mut before = stack.d1().lead_ids();
    before.reverse();
    let (mut seen, mut query, mut pages) = (Vec::new(), "limit=7".to_owned(), 0);
    loop {
        let arriving = (0..3).map(|n| {
            let form = if n == 0 { "contact" } else { "valuation" };
            let lead = json!({"form": form, "email": format!("late{pages}_{n}@example.com")});
            let (client, key) = (stack.client(), key.clone());
            async move { client.submit(&key, &lead).await }
        });
        let (page, arrived) = tokio::join!(page(&stack, &key, &query), futures_util::future::join_all(arriving));
        assert!(arrived.iter().all(|answer| answer.status == 201));
        seen.extend(ids(&page));
        pages += 1;
        assert_eq!(page["meta"]["page"], pages);
        match page["meta"]["next_cursor"].as_str() {
            Some(cursor) => query = format!("limit=7&cursor={cursor}"),
            None => break,
        }
    }
    // Those that arrived beside the first page may be on it; none is missing, none comes twice.
    let known: Vec<String> = seen.iter().filter(|id| before.contains(id)).cloned().collect();
    assert_eq!(known, before);
    let mut distinct = seen.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), seen.len());
    assert!(seen.len() <= before.len() + 3, "{}", seen.len());
}

#[tokio::test]
async fn pages_by_number_count_all_that_is_meant() {
    let stack = Stack::start().await;
    store_leads(&stack, "contact", 90);
    store_leads(&stack, "other", 10);
    let key = manager(&stack, &["contact"]).await;
    let second = page(&stack, &key, "page=2&limit=20").await;
    let expected: Vec<String> = (51..=70).rev().map(|n| format!("lead{n}@example.com")).collect();
    assert_eq!(emails(&second), expected);
    let meta = &second["meta"];
    assert_eq!(
        (&meta["page"], &meta["limit"], &meta["total"], &meta["total_pages"], &meta["has_more"]),
        (&json!(2), &json!(20), &json!(90), &json!(5), &json!(true))
    );
    // A cursor goes on where the page ends, with what was counted.
    let cursor = meta["next_cursor"].as_str().unwrap();
    let third = page(&stack, &key, &format!("limit=20&cursor={cursor}")).await;
    assert_eq!(emails(&third)[0], "lead50@example.com");
    assert_eq!((&third["meta"]["page"], &third["meta"]["total"]), (&json!(3), &json!(90)));
    let last = page(&stack, &key, "page=5&limit=20").await;
    assert_eq!(
        (emails(&last).len(), &last["meta"]["has_more"], &last["meta"]["next_cursor"]),
        (10, &json!(false), &Value::Null)
    );
    let beyond = page(&stack, &key, "page=6&limit=20").await;
    assert_eq!((emails(&beyond).len(), &beyond["meta"]["total"]), (0, &json!(90)));
    let from_to = "created_from=2025-12-31T23:50:00Z&created_to=2025-12-31T23:55:00Z";
    assert_eq!(page(&stack, &key, from_to).await["meta"]["total"], 6);
    let lost = page(&stack, &key, "status=lost&intent=buy&limit=100").await;
    assert_eq!((emails(&lost).len(), &lost["meta"]["total"]), (7, &json!(7)));
    // So far down that no list of ids has room for what is passed over.
    assert_eq!(page(&stack, &key, "page=90000&limit=1").await["meta"]["total"], 90);
    assert_eq!(emails(&page(&stack, &manager(&stack, &["other", "contact"]).await, "limit=100").await).len(), 100);
}

#[tokio::test]
async fn leads_are_found_by_every_filter() {
    let stack = Stack::start().await;
    for form in ["contact", "valuation"] {
        plain_form(&stack, form).await;
    }
    stack.admin().put_form("strict", &json!({"consent": {"required": false}, "spam": {"threshold": 0}})).await;
    let key = manager(&stack, &["*"]).await;
    for lead in [
        json!({"form": "contact", "name": "Jürgen Žižka", "email": "a@example.com", "intent": "buy"}),
        json!({"form": "contact", "name": "Marla", "email": "b@example.com", "interest_level": "hot", "message": "100 %_sure\nΩραία"}),
        json!({"form": "valuation", "email": "C@Example.com", "phone": "(01623) 000-123", "phone_region": "GB"}),
        json!({"form": "strict", "email": "d@example.com", "message": "https://a.example https://b.example"}),
    ] {
        let made = stack.client().submit(&key, &lead).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    let b = stack.d1().value::<String>("SELECT id FROM lead WHERE document LIKE '%b@example%'");
    let changed = json!({"version": 1, "status": "qualified"});
    assert_eq!(call(&stack, &key, Method::PUT, &format!("/v1/leads/{b}"), Some(&changed)).await.status, 200);
    for (query, expected) in [
        ("", "C@Example.com b@example.com a@example.com"),
        ("form=contact", "b@example.com a@example.com"),
        ("form=nowhere", ""),
        ("status=qualified", "b@example.com"),
        ("status=new&form=valuation", "C@Example.com"),
        ("interest_level=hot", "b@example.com"),
        ("intent=buy", "a@example.com"),
        ("intent=buy&interest_level=hot", ""),
        ("quarantined=true", "d@example.com"),
        ("quarantined=any&limit=1", "d@example.com"),
        ("q=JÜRGEN+%C5%BE", "a@example.com"),
        ("q=c%40example", "C@Example.com"),
        ("q=%25_", "b@example.com"),
        ("q=%CF%89%CE%A1%CE%B1", "b@example.com"),
        ("q=016+23000", "C@Example.com"),
        ("q=%2B441623000123", "C@Example.com"),
        ("q=_", "b@example.com"),
        ("q=b.example", ""),
        ("q=b.example&quarantined=any", "d@example.com"),
        ("created_to=2026-01-01T00:00:00Z", ""),
    ] {
        let found = page(&stack, &key, query).await;
        assert_eq!(emails(&found).join(" "), expected, "{query}");
        if query != "quarantined=any&limit=1" {
            assert_eq!(found["meta"]["total"], emails(&found).len(), "{query}");
        }
    }
    let wrong = "/v1/leads?status=open&sort=name&limit=0&q=a&q=b";
    let refused = call(&stack, &key, Method::GET, wrong, None).await;
    assert_eq!((refused.status, &refused.body["code"]), (422, &json!("validation_failed")));
    let named: Vec<&String> = refused.body["errors"].as_object().unwrap().keys().collect();
    assert_eq!(named, ["limit", "q", "sort", "status"]);
    // What a lead is in the list it is by itself.
    let alone = call(&stack, &key, Method::GET, &format!("/v1/leads/{b}"), None).await;
    assert_eq!(page(&stack, &key, "status=qualified").await["leads"][0], alone.body);
}

#[tokio::test]
async fn a_search_goes_on_by_cursor_where_it_has_looked_through_as_much_as_one_request_may() {
    let stack = Stack::start().await;
    store_leads(&stack, "contact", 20_050);
    let key = manager(&stack, &["contact"]).await;
    let first = page(&stack, &key, "q=number+7.").await;
    assert_eq!((emails(&first).len(), &first["meta"]["has_more"]), (0, &json!(true)));
    let cursor = first["meta"]["next_cursor"].as_str().unwrap();
    let second = page(&stack, &key, &format!("q=number+7.&cursor={cursor}")).await;
    assert_eq!((emails(&second), &second["meta"]["has_more"]), (vec!["lead7@example.com".to_owned()], &json!(false)));
}
