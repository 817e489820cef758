//! A real Chromium, driven over the DevTools protocol with real key presses and clicks.
//!
//! ```no_run
//! # async fn example() {
//! use tests::browser::{Browser, Interception};
//!
//! let browser = Browser::start().await;
//! let page = browser.page().await;
//! page.viewport(320, 640).await;
//! page.color_scheme("dark").await;
//! page.intercept("*/v1/leads", [Interception::Fail]).await;
//! page.goto("http://127.0.0.1:8788/playground/plain.html").await;
//!
//! // `>>>` steps into an open shadow root.
//! page.type_into("leadgate-form >>> [name=email]", "marla@example.com").await;
//! page.press("Tab").await;
//! page.click("leadgate-form >>> button[type=submit]").await;
//! page.until("document.querySelector('leadgate-form').shadowRoot.textContent.includes('Thank you')").await;
//! assert_eq!(page.text("leadgate-form >>> [role=status]").await, "Thank you");
//! assert_eq!(page.errors(), Vec::<String>::new());
//! # }
//! ```
//!
//! Every method waits for what it needs and panics with a readable text when that does not come.

mod chrome;
mod keyboard;
mod network;
mod page;
mod throttle;
mod touch;

use chromiumoxide::cdp::browser_protocol::target::{CreateBrowserContextParams, CreateTargetParams};
use chromiumoxide::handler::HandlerConfig;
use futures_util::StreamExt;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::guarded_process::GuardedProcess;
pub use network::{Interception, SentRequest};
pub use page::Page;

/// A running browser with an empty profile. Dropping it ends the browser.
#[derive(Debug)]
pub struct Browser {
    devtools: chromiumoxide::Browser,
    connection: JoinHandle<()>,
    _process: GuardedProcess,
    // After the process, so that the folder goes when nothing writes to it any more.
    _profile: TempDir,
}

impl Browser {
    /// Starts the browser that the environment variable `CHROME` names, else the machine's.
    pub async fn start() -> Self {
        let profile = tempfile::Builder::new().prefix("leadgate-browser-").tempdir().expect("a temporary folder");
        let (process, address) = chrome::start(profile.path()).await;
        let config = HandlerConfig { viewport: None, ..HandlerConfig::default() };
        let connected = chromiumoxide::Browser::connect_with_config(address, config).await;
        let (devtools, mut handler) = connected.expect("Chromium answers on its DevTools address");
        // Messages newer than the protocol this crate knows are no trouble of the test's.
        let connection = tokio::spawn(async move { while handler.next().await.is_some() {} });
        Self { devtools, connection, _process: process, _profile: profile }
    }

    /// An empty page, 1280 by 800, with cookies and storage of its own.
    pub async fn page(&self) -> Page {
        let context = self.devtools.create_browser_context(CreateBrowserContextParams::default()).await;
        let mut target = CreateTargetParams::new("about:blank");
        target.browser_context_id = Some(context.expect("Chromium makes a browser context"));
        let page = self.devtools.new_page(target).await.expect("Chromium opens a page");
        Page::new(page).await
    }

    /// A new page that shows `url`.
    pub async fn open(&self, url: &str) -> Page {
        let page = self.page().await;
        page.goto(url).await;
        page
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.connection.abort();
    }
}
