//! Requests that no client should send: each is answered, and none is the Worker's fault.

use reqwest::Method;
use tests::harness::Stack;

/// Content types and bodies. The statuses that fit are checked where one matters, in intake and elsewhere.
fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let json = "application/json";
    let form = "application/x-www-form-urlencoded";
    let parts = "multipart/form-data; boundary=b";
    let deep = |open: &str, close: &str| [open.repeat(5_000), close.repeat(5_000)].concat().into_bytes();
    vec![
        ("", Vec::new()),
        ("", b"email=1".to_vec()),
        (json, Vec::new()),
        (json, b"null".to_vec()),
        (json, b"{}".to_vec()),
        (json, b"{\"email\":{\"email\":[]}}".to_vec()),
        (json, b"{\"form\":[1]}".to_vec()),
        (json, b"{\"meta\":\"x\",\"consent\":[],\"property\":7}".to_vec()),
        (json, b"{\"email\":\"\\ud800\"}".to_vec()),
        (json, b"{\"budget\":1e999}".to_vec()),
        (json, b"{\"\":\"\",\"\\u0000\":\"\\u0000\"}".to_vec()),
        (json, b"\xff\xfe{\0}\0".to_vec()),
        (json, deep("[", "]")),
        (json, deep("{\"a\":", "}")),
        (form, Vec::new()),
        (form, b"&&&===&&&".to_vec()),
        (form, b"%00=%00&%=%&%f=%zz&\xff=\xff".to_vec()),
        (form, b"meta[=1&meta]=2&meta[]=3&meta[][]=4&[]=5&.=6&meta.=7&consent[given][given]=8".to_vec()),
        (form, b"consent[]=on&property=1&property[address]=2&availability[99999999999]=1".to_vec()),
        (form, "a[".repeat(30_000).into_bytes()),
        (form, "a=1&".repeat(16_000).into_bytes()),
        (form, (0..8_000).map(|n| format!("m{n}=1&")).collect::<String>().into_bytes()),
        ("application/x-www-form-urlencoded; charset=\"", b"a=%E9".to_vec()),
        ("multipart/form-data", b"--b--".to_vec()),
        ("multipart/form-data; boundary=", b"----".to_vec()),
        (parts, Vec::new()),
        (parts, b"--b".to_vec()),
        (parts, b"--b--".to_vec()),
        (parts, b"--b\r\n\r\n\r\n--b--".to_vec()),
        (parts, b"--b\r\nContent-Disposition: form-data; name=\"\r\n\r\n1\r\n--b--".to_vec()),
        (parts, b"--b\r\nContent-Disposition: form-data; name=email\r\n\r\n\xff\r\n--b--".to_vec()),
        (parts, "\r\n--".repeat(16_000).into_bytes()),
        ("text/plain", b"{}".to_vec()),
        ("application/json, text/html", b"{}".to_vec()),
        (";;;", b"{}".to_vec()),
    ]
}

#[tokio::test]
async fn malformed_bodies_are_refused_and_never_a_fault_of_the_worker() {
    let stack = Stack::start().await;
    let keys = stack.admin().contact_form().await;
    let client = stack.client();
    for (content_type, body) in bodies() {
        for accept in ["*/*", "text/html"] {
            for query in ["", "&email[=%&meta[a][b][c]=1&form[]=contact&locale[]=x", "&%ff=%00&key[]=x&format=%00"] {
                let path = format!("/v1/leads?key={}{query}", keys.publishable);
                let mut request = client.request(Method::POST, &path).header("Accept", accept).body(body.clone());
                if !content_type.is_empty() {
                    request = request.header("Content-Type", content_type);
                }
                let answer = client.send(request).await.expect("the Worker answers");
                let sample = String::from_utf8_lossy(body.get(..body.len().min(60)).unwrap_or_default()).into_owned();
                assert!(
                    (400..500).contains(&answer.status),
                    "{} for {content_type} {sample} {query}: {}",
                    answer.status,
                    answer.body
                );
            }
        }
    }
    assert_eq!(stack.d1().lead_count(), 0);
}

#[tokio::test]
async fn without_a_key_a_body_is_not_taken_apart() {
    let stack = Stack::start().await;
    let client = stack.client();
    let jotform: serde_json::Map<_, _> = (0..4_000).map(|number| (format!("q{number}_a"), 1.into())).collect();
    let jotform = serde_json::json!({"rawRequest": jotform, "formID": "1", "submissionID": "1", "google_key": "k"});
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", format!("form[id]=1&fields[a][value]=1&x{}=1", "[".repeat(20_000))),
        ("application/x-www-form-urlencoded", "google_key=k".to_owned()),
        ("application/json", jotform.to_string()),
        ("application/json", "{".repeat(60_000)),
    ] {
        let request = client.request(Method::POST, "/v1/leads").header("Content-Type", content_type).body(body);
        let answer = client.send(request).await.unwrap();
        assert_eq!((answer.status, answer.body["code"].as_str()), (401, Some("invalid_key")), "{}", answer.body);
        assert_eq!(answer.body["request_id"], answer.header("x-request-id"));
    }
}
