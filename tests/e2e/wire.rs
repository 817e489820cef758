//! HTTP as nobody should write it: every request gets an answer, and none of them is a fault of ours.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use tests::harness::Stack;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::lead;

/// Sends bytes as they are, and reads the status of the answer; `None` where the connection is just closed.
async fn status_of(stack: &Stack, request: &str) -> Option<u16> {
    let mut connection = TcpStream::connect(stack.origin().trim_start_matches("http://")).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; 64];
    let read = tokio::time::timeout(Duration::from_secs(20), connection.read(&mut answer)).await;
    let length = read.expect("there is an answer").ok()?;
    String::from_utf8_lossy(&answer[..length]).split(' ').nth(1)?.parse().ok()
}

#[tokio::test]
async fn a_path_or_query_of_any_spelling_is_answered_as_a_problem() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let long = format!("/v1/leads/{}", "x".repeat(8_000));
    for (path, status) in [
        ("/v1/leads/%zz", 404),
        ("/v1/leads/%", 404),
        ("/v1/leads/%00", 404),
        ("/v1/leads/%ff%fe", 404),
        ("/v1/leads/..%2f..%2fadmin", 404),
        ("/v1//form", 404),
        ("/v1/form/", 404),
        ("/V1/FORM", 404),
        ("/v1/form%20", 404),
        ("//evil.example/v1/form", 404),
        ("/v1/leads/'%20OR%201=1--/history", 404),
        (long.as_str(), 404),
        ("/v1/deliveries?limit=%zz", 422),
        ("/v1/deliveries?%ff=%fe&&&=", 422),
        ("/v1/deliveries?cursor=%00", 422),
        ("/v1/deliveries?status=%E0%A4%A", 422),
    ] {
        let answer = client.get(path, &keys.secret).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
    }
    for query in ["?key=%zz", "?key=", "?key=%ff", "?key=a&key=b", "?=&&==", "?key"] {
        let answer = client.send(client.request(Method::GET, &format!("/v1/form{query}"))).await.unwrap();
        assert_eq!(answer.status, 401, "{query}: {}", answer.body);
    }
    let long = format!("/v1/leads?message={}", "x".repeat(8_000));
    let post = client.request(Method::POST, &long).bearer_auth(&keys.secret).json(&lead("marla@example.com"));
    assert_eq!(client.send(post).await.unwrap().status, 201);
}

#[tokio::test]
async fn a_method_that_an_address_does_not_take_is_told_which_it_does() {
    let stack = Stack::start().await;
    let client = stack.client();
    for (path, allow) in [
        ("/v1/form", "GET, HEAD, OPTIONS"),
        ("/healthz", "GET, HEAD, OPTIONS"),
        ("/v1/admin/audit", "GET, HEAD, OPTIONS"),
        ("/v1/admin/keys/k/rotate", "OPTIONS, POST"),
    ] {
        for method in ["PATCH", "DELETE", "PUT", "PROPFIND"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let answer = client.send(client.request(method.clone(), path)).await.unwrap();
            assert_eq!((answer.status, answer.header("allow")), (405, allow), "{method} {path}");
            assert_eq!(answer.body["code"], "method_not_allowed", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn the_request_id_is_ours_and_never_the_senders() {
    let stack = Stack::start().await;
    let client = stack.client();
    let answer = client.send(client.request(Method::GET, "/nowhere").header("X-Request-Id", "mine")).await.unwrap();
    assert_eq!(answer.body["request_id"].as_str(), Some(answer.header("x-request-id")));
    assert_ne!(answer.header("x-request-id"), "mine");
    assert!(stack.printed().contains(answer.header("x-request-id")));
}

#[tokio::test]
async fn a_body_that_is_not_what_it_says_is_no_fault_of_ours() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    let post = async |content_type: &str, body: Vec<u8>| {
        let request = client.request(Method::POST, "/v1/leads").bearer_auth(&keys.secret);
        client.send(request.header("Content-Type", content_type).body(body)).await.unwrap()
    };
    let deep = [vec![b'['; 5_000], vec![b']'; 5_000]].concat();
    for (content_type, body, status) in [
        ("application/json", b"".to_vec(), 400),
        ("application/json", b"{".to_vec(), 400),
        ("application/json", b"null".to_vec(), 400),
        ("application/json", b"[]".to_vec(), 400),
        ("application/json", b"\xff\xfe".to_vec(), 400),
        ("application/json", deep, 400),
        ("application/json", vec![b' '; 65_537], 413),
        ("text/plain", b"hello".to_vec(), 415),
        ("application/octet-stream", b"{}".to_vec(), 415),
        ("image/png", b"\x89PNG".to_vec(), 415),
    ] {
        let answer = post(content_type, body).await;
        assert_eq!(answer.status, status, "{content_type}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
}

#[tokio::test]
async fn malformed_http_is_never_answered_with_a_fault() {
    let stack = Stack::start().await;
    let host = stack.origin().trim_start_matches("http://").to_owned();
    for request in [
        "get /healthz HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n".to_owned(),
        "G E T /healthz HTTP/1.1\r\nHost: HOST\r\n\r\n".to_owned(),
        "GET /healthz\r\n\r\n".to_owned(),
        "GET /healthz HTTP/9.9\r\nHost: HOST\r\n\r\n".to_owned(),
        "GET /healthz HTTP/1.1\r\nHost: HOST\r\nA B: c\r\n\r\n".to_owned(),
        "GET /healthz HTTP/1.1\r\nHost: HOST\r\nX: \u{7f}\u{0}\r\n\r\n".to_owned(),
        "POST /v1/leads HTTP/1.1\r\nHost: HOST\r\nContent-Length: -1\r\n\r\n".to_owned(),
        "POST /v1/leads HTTP/1.1\r\nHost: HOST\r\nContent-Length: x\r\n\r\n".to_owned(),
        "POST /v1/leads HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_owned(),
        "POST /v1/leads HTTP/1.1\r\nHost: HOST\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            .to_owned(),
        format!("GET /{} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n", "x".repeat(20_000)),
        format!("GET /healthz HTTP/1.1\r\nHost: HOST\r\nX: {}\r\n\r\n", "x".repeat(20_000)),
        "GET http://elsewhere.example/healthz HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n".to_owned(),
    ] {
        status_of(&stack, &request.replace("HOST", &host)).await;
    }
    // The runtime has words of its own for what it does not understand, 500 among them; the Worker has none.
    let log = stack.printed();
    assert!(!log.contains(r#""status":5"#) && !log.contains(r#""event":"fault""#), "{log}");
    let health = stack.client().send(stack.client().request(Method::GET, "/healthz")).await.unwrap();
    assert_eq!((health.status, &health.body["status"]), (200, &Value::from("ok")));
}
