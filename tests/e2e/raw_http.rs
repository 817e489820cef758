//! HTTP byte by byte, as no client library would send it: whatever comes, the Worker answers with no 5xx
//! and is well afterwards. Where the server in front closes the connection itself, that is an answer, too.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tests::harness::Stack;

use crate::lead;

/// How long a server may take; one that waits for the rest of a body says nothing by then.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Types of body, known and not.
const TYPES: [&str; 14] = [
    "application/json",
    "application/json; charset=utf-16",
    "application/ld+json",
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=iso-8859-1",
    "multipart/form-data; boundary=b",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\"",
    "multipart/form-data",
    "text/plain",
    "text/html; charset=\"",
    "application/octet-stream",
    ";;;=",
    "",
];

/// Paths of every kind of address.
const PATHS: [&str; 9] = [
    "/v1/leads",
    "/v1/form",
    "/v1/leads/0199f3a2-7c1e-7d3a-9b54-2f6f1c0a8e11",
    "/v1/deliveries",
    "/v1/deliveries/retry",
    "/v1/deliveries/x/retry",
    "/v1/admin/keys",
    "/v1/admin/forms/x",
    "/healthz",
];

/// A request as bytes.
fn request(method: &str, target: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n").into_bytes();
    bytes.extend(body);
    bytes
}

/// The headers of a request with a body.
fn with_body(key: &str, kind: &str, body: &[u8]) -> String {
    format!("Authorization: Bearer {key}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n", body.len())
}

/// The status that the Worker on this machine answers with; `None` where nobody does, and where it is the
/// runtime in front of it that answers, with 500 among others, to what it does not understand.
fn status(port: u16, bytes: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // A server may close while it is written to.
    let _ = stream.write_all(bytes);
    let mut head = Vec::new();
    let mut chunk = [0; 1024];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read(&mut chunk).ok()? {
            0 => break,
            length => head.extend_from_slice(&chunk[..length]),
        }
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let is_ours = head.contains("x-request-id:");
    head.strip_prefix("http/1.1 ")?.get(..3)?.parse().ok().filter(|_| is_ours)
}

fn by_hand(key: &str) -> Vec<Vec<u8>> {
    let auth = format!("Authorization: Bearer {key}\r\n");
    let mut all = Vec::new();
    // Not `*`: the server in front makes no address of it and answers 500 before the Worker is asked.
    for target in [
        "/%",
        "/%zz",
        "/%00",
        "/v1/leads/%ff",
        "/v1/leads/%",
        "/v1/leads?%",
        "/v1/leads?=&&==&%=%",
        "/v1/leads?key=%FF",
        "/v1/leads?%00=%00",
        "//",
        "/..",
        "/v1/../../etc/passwd",
        "http://elsewhere.example/v1/form",
        "v1/leads",
        "/v1/deliveries?limit=99999999999999999999",
        "/v1/deliveries?cursor=%F0%9F%98%80",
        "/v1/deliveries?created_from=%2B",
        "/docs/%2e%2e",
        "/openapi.json?%",
        "/assets/%",
    ] {
        all.push(request("GET", target, &auth, b""));
        all.push(request("POST", target, &format!("{auth}Content-Length: 0\r\n"), b""));
    }
    let long = "a".repeat(30_000);
    all.push(request("GET", &format!("/{long}"), &auth, b""));
    all.push(request("GET", &format!("/v1/leads?{long}={long}"), &auth, b""));
    for method in ["BREW", "get", "TRACE", "CONNECT", "PROPFIND", "PRI", "\u{1f642}", "", &long] {
        all.push(request(method, "/v1/leads", &auth, b""));
    }
    for header in [
        format!("X-Long: {long}\r\n"),
        "X: y\r\n".repeat(200),
        "Authorization: \r\n".to_owned(),
        "Authorization: Bearer\r\n".to_owned(),
        "Authorization: Bearer \u{e9}\u{1f642}\r\n".to_owned(),
        format!("Authorization: Bearer {long}\r\n"),
        format!("{auth}{auth}"),
        format!("{auth}Idempotency-Key: \u{1}\r\n"),
        format!("{auth}Idempotency-Key: {long}\r\n"),
        format!("{auth}Origin: null\r\nOrigin: \u{ff}\r\n"),
        format!("{auth}CF-Connecting-IP: ::::\r\n"),
        format!("{auth}If-Match: \"\r\n"),
        "no colon\r\n".to_owned(),
        ": no name\r\n".to_owned(),
        " folded: x\r\n".to_owned(),
    ] {
        all.push(request("GET", "/v1/form", &header, b""));
        all.push(request(
            "POST",
            "/v1/leads",
            &format!("{header}Content-Type: application/json\r\nContent-Length: 2\r\n"),
            b"{}",
        ));
    }
    for length in ["-1", "x", "1, 2", "99999999999999999999", "5", "1"] {
        let headers = format!("{auth}Content-Type: application/json\r\nContent-Length: {length}\r\n");
        all.push(request("POST", "/v1/leads", &headers, b"{}"));
    }
    for chunks in
        ["zz\r\n{}\r\n0\r\n\r\n", "2\r\n{}", "ffffffffffffffffff\r\n{}", "0\r\n\r\n", "2\r\n{}\r\n0\r\nX: y\r\n\r\n"]
    {
        let headers = format!("{auth}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n");
        all.push(request("POST", "/v1/leads", &headers, chunks.as_bytes()));
    }
    all
}

/// Anything with the shape of a request, and a body that is nearly one.
fn any_request(key: String) -> impl Strategy<Value = Vec<u8>> {
    let method = prop::sample::select(vec!["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]);
    let query = prop::option::of("[ -~]{0,40}".prop_map(|text| text.replace([' ', '#'], "+")));
    let json = ("[a-z_]{1,12}", any::<String>())
        .prop_map(|(name, value)| serde_json::json!({"email": value, name: [value]}).to_string().into_bytes());
    let body =
        prop_oneof![json, prop::collection::vec(any::<u8>(), 0..200), "[ -~]{0,200}".prop_map(String::into_bytes)];
    let kind = prop::sample::select(TYPES.to_vec());
    (method, prop::sample::select(PATHS.to_vec()), query, kind, body).prop_map(
        move |(method, path, query, kind, body)| {
            let target = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
            let key = if path.starts_with("/v1/admin/") { "test-admin-token" } else { &key };
            request(method, &target, &with_body(key, kind, &body), &body)
        },
    )
}

#[tokio::test]
async fn whatever_bytes_come_nothing_is_the_workers_fault_and_it_is_well_afterwards() {
    const CASES: u32 = 400;
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let port: u16 = stack.origin().rsplit(':').next().unwrap().parse().unwrap();
    let key = keys.secret.clone();
    let refused = tokio::task::spawn_blocking(move || {
        let requests = by_hand(&key);
        let statuses: Vec<Option<u16>> = requests.iter().map(|bytes| status(port, bytes)).collect();
        let failed: Vec<String> = requests
            .iter()
            .zip(&statuses)
            .filter(|(_, status)| status.is_some_and(|status| status >= 500))
            .map(|(bytes, status)| format!("{status:?}: {}", String::from_utf8_lossy(&bytes[..bytes.len().min(400)])))
            .collect();
        assert!(failed.is_empty(), "{}", failed.join("\n"));
        let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
        let result = TestRunner::new(config).run(&any_request(key), |bytes| {
            let found = status(port, &bytes);
            prop_assert!(found.is_none_or(|status| status < 500), "{:?}: {}", found, String::from_utf8_lossy(&bytes));
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{error}"));
        statuses.iter().flatten().filter(|status| **status >= 400).count()
    })
    .await
    .unwrap();
    // Most of them reach somebody who answers.
    assert!(refused > 40, "{refused}");
    let health = stack.client().get("/healthz", "").await;
    assert_eq!(health.status, 200, "{}", health.body);
    assert_eq!(stack.client().submit(&keys.secret, &lead("marla@example.com")).await.status, 201);
}
