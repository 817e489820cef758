//! The browser: keys, clicks, shadow roots, emulation and interception reach the page as promised.

use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};
use tests::browser::{Browser, Interception, Page};
use tokio::net::TcpListener;

const PAGE: &str = r#"<!doctype html><meta charset=utf-8><div id=host></div><p id=out></p>
<style>p::after { content: none } @media (prefers-color-scheme: dark) { p { color: rgb(1, 2, 3) } }</style>
<script>
  const root = host.attachShadow({mode: 'open'});
  root.innerHTML = '<form><input name=a><input name=b><button>Go</button></form>';
  window.sends = 0;
  root.querySelector('form').addEventListener('submit', event => {
    event.preventDefault();
    window.sends += 1;
    fetch('/echo', {method: 'POST', body: root.querySelector('[name=a]').value})
      .then(answer => answer.text()).then(text => { out.textContent += `[${text}]` },
            () => { out.textContent += '[lost]' });
  });
</script>"#;

async fn serve() -> String {
    let app = Router::new()
        .route("/", get(|| async { Html(PAGE) }))
        // Chromium asks for it when it likes, and a 404 would be among the page's errors.
        .route("/favicon.ico", get(|| async {}))
        .route("/echo", post(|body: String| async move { format!("server {body}") }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn said(page: &Page, text: &str) {
    page.until(&format!("out.textContent === {text:?}")).await;
}

#[tokio::test]
async fn typed_text_and_clicks_arrive_in_a_shadow_root() {
    let browser = Browser::start().await;
    let page = browser.open(&serve().await).await;
    page.type_into("#host >>> [name=a]", "Héllo wörld 1").await;
    assert_eq!(page.value("#host >>> [name=a]").await, "Héllo wörld 1");
    page.press("Tab").await;
    page.type_text("x").await;
    page.press("Backspace").await;
    page.press("Shift+Tab").await;
    assert!(page.of::<bool>("#host >>> [name=a]", "matches(':focus')").await);
    page.press("Enter").await;
    said(&page, "[server Héllo wörld 1]").await;
    page.double_click("#host >>> button").await;
    page.until("window.sends === 3").await;
    assert_eq!(page.attribute("#host >>> button", "type").await, None);
    let sent = page.sent("/echo");
    assert_eq!(sent[0].body.as_deref(), Some("Héllo wörld 1"));
}

#[tokio::test]
async fn requests_are_broken_answered_and_held_in_the_order_of_the_script() {
    let browser = Browser::start().await;
    let page = browser.page().await;
    let (release, held) = tokio::sync::oneshot::channel();
    let answer = Interception::Answer { status: 200, headers: vec![], body: "made up".to_owned() };
    page.intercept("*/echo", [Interception::Fail, answer, Interception::Hold(held)]).await;
    page.goto(&serve().await).await;
    page.click("#host >>> button").await;
    said(&page, "[lost]").await;
    page.click("#host >>> button").await;
    said(&page, "[lost][made up]").await;
    page.click("#host >>> button").await;
    page.until("window.sends === 3").await;
    assert_eq!(page.text("#out").await, "[lost][made up]");
    release.send(()).unwrap();
    said(&page, "[lost][made up][server ]").await;
}

#[tokio::test]
async fn the_page_sees_the_emulated_device_and_its_errors_are_collected() {
    let browser = Browser::start().await;
    let page = browser.page().await;
    page.viewport(320, 640).await;
    page.color_scheme("dark").await;
    page.goto(&serve().await).await;
    assert_eq!(page.eval::<u32>("innerWidth").await, 320);
    assert_eq!(page.eval::<String>("getComputedStyle(out).color").await, "rgb(1, 2, 3)");
    assert_eq!(page.errors(), Vec::<String>::new());
    page.offline(true).await;
    assert!(!page.eval::<bool>("navigator.onLine").await);
    page.click("#host >>> button").await;
    said(&page, "[lost]").await;
    page.offline(false).await;
    page.eval::<()>("void console.error('first', 2)").await;
    page.eval::<()>("void setTimeout(() => { throw new Error('second') })").await;
    tests::wait::until("both errors are reported", async || {
        let errors = page.errors().join("\n");
        (errors.contains("first 2") && errors.contains("second")).then_some(())
    })
    .await;
}
