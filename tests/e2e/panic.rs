//! A fault of ours in the middle of a request: it is told as any other error, and the next request works.

use std::fs;

use futures_util::future::join_all;
use reqwest::Method;
use tests::{
    harness::{Answer, Stack, WorkerFolder},
    wait,
};

use crate::lead;

/// A module with one function, `trap`, which does nothing but trap.
const TRAP: &[u8] =
    b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x07\x08\x01\x04trap\0\0\x0a\x05\x01\x03\0\0\x0b";

/// A copy of the built Worker that traps where a request says.
fn trapping_worker() -> WorkerFolder {
    let folder = WorkerFolder::copy();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path(&format!("edge/build/{name}")), bytes).unwrap();
    write("trap.wasm", TRAP);
    write("trapping.js", include_bytes!("panic/trapping.js"));
    write("trapping_entry.js", include_bytes!("panic/entry.js"));
    let config = fs::read_to_string(folder.path("wrangler.toml")).unwrap();
    let config = config.replacen("edge/build/entry.js", "edge/build/trapping_entry.js", 1);
    fs::write(folder.path("wrangler.toml"), config).unwrap();
    folder
}

async fn assert_is_fault(stack: &Stack, answer: &Answer) {
    assert_eq!(answer.status, 500, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!((&answer.body["code"], &answer.body["status"]), (&"internal".into(), &500.into()));
    let id = answer.body["request_id"].as_str().unwrap();
    assert_eq!(answer.header("x-request-id"), id);
    wait::until(format!("the log names {id}"), async || stack.printed().contains(id).then_some(())).await;
    assert!(!answer.body.to_string().contains("unreachable"), "{}", answer.body);
}

#[tokio::test]
async fn a_panic_is_answered_as_a_problem_and_the_next_request_works() {
    let stack = Stack::start_in(trapping_worker()).await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let submit = async |trap: u32, by: &str| {
        let post = client.request(Method::POST, "/v1/leads").bearer_auth(&keys.secret).header("X-Trap", trap);
        client.send(post.header("X-Trap-By", by).json(&lead("marla@example.com"))).await.unwrap()
    };
    // At once, and after the body was read.
    for (trap, by) in [(1, "trap"), (2, "trap"), (1, "overflow"), (2, "overflow")] {
        assert_is_fault(&stack, &submit(trap, by).await).await;
        let after = client.submit(&keys.secret, &lead("after@example.com")).await;
        assert_eq!(after.status, 201, "after {by} {trap}: {}", after.body);
    }
    assert_eq!(stack.printed().matches("Reinitializing Wasm").count(), 4);
    assert_eq!(stack.d1().lead_count(), 4);
}

#[tokio::test]
async fn a_panic_leaves_no_other_request_without_an_answer() {
    let stack = Stack::start_in(trapping_worker()).await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let requests = (0..20).map(async |number| {
        let mut post = client.request(Method::POST, "/v1/leads").bearer_auth(&keys.secret);
        if number == 10 {
            post = post.header("X-Trap", 2);
        }
        client.send(post.json(&lead(&format!("lead-{number}@example.com")))).await.unwrap()
    });
    let answers = join_all(requests).await;
    assert!(answers.iter().any(|answer| answer.status == 500), "nothing trapped");
    for answer in &answers {
        match answer.status {
            201 => {}
            _ => assert_is_fault(&stack, answer).await,
        }
    }
    assert_eq!(client.submit(&keys.secret, &lead("after@example.com")).await.status, 201);
}
