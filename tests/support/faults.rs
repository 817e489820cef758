//! The provider sandbox fails as ordered, and in no other way.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use reqwest::{Client, Response};
use serde_json::{Value, json};
use tests::sandbox::{Fault, Sandbox};
use tests::wait;

async fn send(sandbox: &Sandbox, lead: &Value) -> reqwest::Result<Response> {
    let request = Client::new().post(sandbox.endpoint("anyhouse")).bearer_auth("sandbox-anyhouse-token");
    request.json(lead).send().await
}

fn lead() -> Value {
    json!({"name": "Marla Singer", "email": "marla@example.com"})
}

#[tokio::test]
async fn a_status_fault_is_met_as_often_as_ordered_and_what_it_met_is_recorded() {
    let sandbox = Sandbox::start().await;
    let order = json!({"provider": "anyhouse", "status": 429, "retry_after": "2", "times": 1});
    let ordered = Client::new().put(format!("{}/faults", sandbox.origin())).json(&order).send().await.unwrap();
    assert_eq!(ordered.json::<Value>().await.unwrap(), json!({"faults": [order]}));
    let failed = send(&sandbox, &lead()).await.unwrap();
    assert_eq!((failed.status().as_u16(), failed.headers()["retry-after"].to_str().unwrap()), (429, "2"));
    assert_eq!(send(&sandbox, &lead()).await.unwrap().status(), 201);
    let received: Value =
        reqwest::get(format!("{}/received?provider=anyhouse", sandbox.origin())).await.unwrap().json().await.unwrap();
    assert_eq!(received["received"][0]["status"], 429);
    assert_eq!(received["received"][0]["body"], lead());
    assert_eq!(received["received"][1]["fault"], Value::Null);
}

#[tokio::test]
async fn a_connection_ends_without_an_answer_as_ordered_but_the_request_is_recorded() {
    let cases = [
        (Fault { reset: true, ..Fault::of("anyhouse") }, Err(ErrorKind::ConnectionReset), "reset"),
        (Fault { close: true, ..Fault::of("anyhouse") }, Ok(0), "close"),
    ];
    for (fault, expected, shown) in cases {
        let sandbox = Sandbox::start().await;
        sandbox.order(fault);
        let address = sandbox.origin().replace("http://", "");
        let read = tokio::task::spawn_blocking(move || {
            let mut line = TcpStream::connect(address).unwrap();
            line.write_all(b"POST /anyhouse/api/partner/leads HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{}")
                .unwrap();
            line.read(&mut [0; 64]).map_err(|error| error.kind())
        });
        assert_eq!(read.await.unwrap(), expected);
        let received = sandbox.received("anyhouse");
        assert_eq!((received[0].status, received[0].fault.as_deref()), (None, Some(shown)));
    }
}

#[tokio::test]
async fn a_cut_body_begins_with_the_real_answer_and_then_breaks() {
    let sandbox = Sandbox::start().await;
    sandbox.order(Fault { cut_body: true, ..Fault::of("anyhouse") });
    let mut answer = send(&sandbox, &lead()).await.unwrap();
    assert_eq!(answer.status(), 201);
    let first_part = answer.chunk().await.unwrap().unwrap();
    assert!(first_part.starts_with(b"{\""));
    assert!(answer.chunk().await.is_err());
}

#[tokio::test]
async fn a_hang_never_answers_and_ends_for_later_requests_when_it_is_taken_back() {
    let sandbox = Sandbox::start().await;
    sandbox.order(Fault { hang: true, ..Fault::of("anyhouse") });
    let lead = lead();
    tokio::select! {
        answer = send(&sandbox, &lead) => panic!("there was an answer: {answer:?}"),
        () = wait::until("the request has arrived", async || sandbox.received("anyhouse").pop().map(drop)) => {}
    }
    sandbox.mend();
    assert_eq!(send(&sandbox, &lead).await.unwrap().status(), 201);
    assert_eq!(sandbox.received("anyhouse")[0].status, None);
}

#[tokio::test]
async fn an_ordered_body_is_sent_as_json_or_as_it_stands() {
    let sandbox = Sandbox::start().await;
    let answer = async |fault: Fault| {
        sandbox.order(fault);
        let answer = send(&sandbox, &lead()).await.unwrap();
        let content_type = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        (answer.status().as_u16(), content_type, answer.text().await.unwrap())
    };
    let json = Some("application/json".to_owned());
    let pending = json!({"success": true, "status": "pending"});
    let fault = Fault { status: Some(200), body: Some(pending.clone()), ..Fault::of("anyhouse") };
    assert_eq!(answer(fault).await, (200, json.clone(), pending.to_string()));
    let (body, content_type) = (Some("<h1>Sorry</h1>".into()), Some("text/html".to_owned()));
    let fault = Fault { body, content_type: content_type.clone(), ..Fault::of("anyhouse") };
    assert_eq!(answer(fault).await, (201, content_type, "<h1>Sorry</h1>".to_owned()));
    let fault = Fault { empty_body: true, ..Fault::of("anyhouse") };
    assert_eq!(answer(fault).await, (201, None, String::new()));
    let (status, _, text) = answer(Fault { large_body_bytes: Some(1_000_000), ..Fault::of("anyhouse") }).await;
    assert_eq!((status, text.len() >= 1_000_000), (201, true));
    assert!(serde_json::from_str::<Value>(&text).unwrap()["id"].is_u64());
    let received = sandbox.received("anyhouse");
    assert_eq!(received[0].answer, pending);
    assert!(received[3].answer.to_string().len() < 1_000);
}

#[tokio::test]
async fn a_slow_body_comes_after_its_headers_and_whole() {
    let sandbox = Sandbox::start().await;
    sandbox.order(Fault { slow_body_ms: Some(120_000), ..Fault::of("anyhouse") });
    let begin = Instant::now();
    let mut answer = send(&sandbox, &lead()).await.unwrap();
    assert_eq!(answer.status(), 201);
    assert!(answer.chunk().await.unwrap().unwrap().starts_with(b"{\""));
    assert!(begin.elapsed() < Duration::from_secs(60), "the headers waited for the body");

    sandbox.order(Fault { slow_body_ms: Some(300), ..Fault::of("anyhouse") });
    let begin = Instant::now();
    assert!(send(&sandbox, &lead()).await.unwrap().json::<Value>().await.unwrap()["id"].is_u64());
    assert!(begin.elapsed() >= Duration::from_millis(250));
}

#[tokio::test]
async fn whoever_follows_a_redirect_is_recorded() {
    let sandbox = Sandbox::start().await;
    sandbox.order(Fault { redirect: Some(307), times: Some(1), ..Fault::of("anyhouse") });
    assert_eq!(send(&sandbox, &lead()).await.unwrap().status(), 404);
    let received = sandbox.received("anyhouse");
    assert_eq!(received.iter().map(|one| one.status).collect::<Vec<_>>(), [Some(307), Some(404)]);
    assert_eq!(received[1].path, "/where-a-redirect-leads");
}

#[tokio::test]
async fn ordered_headers_are_added_to_the_answer() {
    let sandbox = Sandbox::start().await;
    let headers = [("X-RateLimit-Reset".to_owned(), "1800000000".to_owned())].into();
    let retry_after = Some("Fri, 15 Jan 2027 08:00:00 GMT".to_owned());
    sandbox.order(Fault { status: Some(429), headers, retry_after, ..Fault::of("anyhouse") });
    let answer = send(&sandbox, &lead()).await.unwrap();
    assert_eq!(answer.headers()["x-ratelimit-reset"], "1800000000");
    assert_eq!(answer.headers()["retry-after"], "Fri, 15 Jan 2027 08:00:00 GMT");
}

#[tokio::test]
async fn a_fault_for_one_method_lets_the_others_through() {
    let sandbox = Sandbox::start().await;
    let method = Some("PUT".to_owned());
    sandbox.order(Fault { method, status: Some(503), times: Some(1), ..Fault::of("anyhouse") });
    assert_eq!(send(&sandbox, &lead()).await.unwrap().status(), 201);
    let put = async || Client::new().put(sandbox.endpoint("anyhouse")).send().await.unwrap().status();
    assert_eq!(put().await, 503);
    assert_eq!(put().await, 405);
}

#[tokio::test]
async fn a_fault_that_cannot_happen_is_not_taken() {
    let sandbox = Sandbox::start().await;
    for order in [
        json!({"provider": "nobody"}),
        json!({"provider": "anyhouse", "stauts": 503}),
        json!({"provider": "anyhouse", "status": 42}),
        json!({"provider": "anyhouse", "headers": {"a b": "c"}}),
        json!({"provider": "anyhouse", "retry_after": "1\n2"}),
    ] {
        let answer = Client::new().put(format!("{}/faults", sandbox.origin())).json(&order).send().await.unwrap();
        assert_eq!(answer.status(), 422, "{order}");
    }
    assert_eq!(send(&sandbox, &lead()).await.unwrap().status(), 201);
}

#[tokio::test]
async fn a_delay_comes_before_the_usual_answer() {
    let sandbox = Sandbox::start().await;
    sandbox.order(Fault { delay_ms: Some(300), ..Fault::of("anyhouse") });
    let begin = Instant::now();
    assert_eq!(send(&sandbox, &lead()).await.unwrap().status(), 201);
    assert!(begin.elapsed() >= Duration::from_millis(300));
}
