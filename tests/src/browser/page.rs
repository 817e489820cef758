//! One page: what a visitor does on it and sees of it.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};

use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams, SetScriptExecutionDisabledParams,
};
use chromiumoxide::cdp::browser_protocol::input::{DispatchMouseEventParams, DispatchMouseEventType, MouseButton};
use chromiumoxide::cdp::browser_protocol::log::{EventEntryAdded, LogEntryLevel};
use chromiumoxide::cdp::browser_protocol::network::{
    EmulateNetworkConditionsByRuleParams, NetworkConditions, OverrideNetworkStateParams,
};
use chromiumoxide::cdp::browser_protocol::page::Viewport;
use chromiumoxide::cdp::js_protocol::runtime::{
    ConsoleApiCalledType, EvaluateParams, EventConsoleApiCalled, EventExceptionThrown,
};
use chromiumoxide::page::ScreenshotParams;
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::keyboard;
use super::network::{self, Interception, SentRequest};
use super::touch;
use crate::wait;

/// Finds an element by a selector in which `>>>` steps into an open shadow root.
const FIND: &str = "(selector => selector.split('>>>').reduce(
    (root, part, index) => root && (index ? root.shadowRoot : root)?.querySelector(part.trim()), document))";

/// A page in a browser.
#[derive(Clone, Debug)]
pub struct Page {
    pub(super) devtools: chromiumoxide::Page,
    errors: Arc<Mutex<Vec<String>>>,
    sent: Arc<Mutex<Vec<SentRequest>>>,
    media: Arc<Mutex<Vec<MediaFeature>>>,
}

impl Page {
    pub(super) async fn new(devtools: chromiumoxide::Page) -> Self {
        let errors = collect_errors(&devtools).await;
        let sent = network::record(&devtools).await;
        let page = Self { devtools, errors, sent, media: Arc::default() };
        page.viewport(1280, 800).await;
        page
    }

    /// Goes to `url` and waits until the page has loaded.
    pub async fn goto(&self, url: &str) {
        let arrived = self.devtools.goto(url).await;
        arrived.unwrap_or_else(|error| panic!("cannot open {url}: {error}"));
    }

    /// Closes the page.
    pub async fn close(self) {
        self.devtools.close().await.expect("Chromium closes a page");
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.devtools.reload().await.expect("the page loads again");
    }

    /// Runs JavaScript in the page (a promise is awaited) and returns its value.
    pub async fn eval<T: DeserializeOwned>(&self, script: &str) -> T {
        let value = self.try_eval(script).await.unwrap_or_else(|error| panic!("`{script}` failed: {error}"));
        serde_json::from_value(value.clone())
            .unwrap_or_else(|error| panic!("`{script}` gave {value}, which is of another type: {error}"))
    }

    /// Waits until the JavaScript expression is true.
    pub async fn until(&self, condition: &str) {
        let script = format!("Boolean({condition})");
        wait::until(format!("the page says `{condition}`"), async || {
            // While the page navigates there is nothing to ask.
            self.try_eval(&script).await.ok().filter(|value| value == &Value::Bool(true))
        })
        .await;
    }

    /// Waits until the element is there and visible.
    pub async fn wait_for(&self, selector: &str) {
        self.until(&format!("{FIND}({selector:?})?.checkVisibility()")).await;
    }

    /// Keeps the pages from running scripts of theirs; what a test asks of them is still answered.
    pub async fn without_scripts(&self) {
        let disabled = self.devtools.execute(SetScriptExecutionDisabledParams::new(true)).await;
        disabled.expect("scripts can be disabled");
    }

    /// Whether the element is there now.
    pub async fn exists(&self, selector: &str) -> bool {
        self.eval(&format!("Boolean({FIND}({selector:?}))")).await
    }

    /// The text a visitor sees in the element.
    pub async fn text(&self, selector: &str) -> String {
        self.of(selector, "innerText.trim()").await
    }

    /// What the field holds.
    pub async fn value(&self, selector: &str) -> String {
        self.of(selector, "value").await
    }

    /// An attribute, `None` where it is not set.
    pub async fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.of(selector, &format!("getAttribute({name:?})")).await
    }

    /// A property or call on the element, as in `checked` or `matches(':focus')`.
    pub async fn of<T: DeserializeOwned>(&self, selector: &str, property: &str) -> T {
        self.wait_for_presence(selector).await;
        self.eval(&format!("{FIND}({selector:?}).{property}")).await
    }

    /// Clicks into the middle of the element, scrolling to it as a visitor would.
    pub async fn click(&self, selector: &str) {
        self.clicks(selector, 1).await;
    }

    /// Taps the middle of the element with a finger.
    pub async fn tap(&self, selector: &str) {
        let (x, y) = self.middle(selector).await;
        touch::tap(&self.devtools, x, y).await;
    }

    /// Clicks twice, as fast as the browser takes it.
    pub async fn double_click(&self, selector: &str) {
        self.clicks(selector, 2).await;
    }

    /// Clicks into the field and types the text key by key.
    pub async fn type_into(&self, selector: &str, text: &str) {
        self.click(selector).await;
        self.type_text(text).await;
    }

    /// Types the text key by key into what has the focus.
    pub async fn type_text(&self, text: &str) {
        for character in text.chars() {
            match character {
                '\n' => self.press("Enter").await,
                other => self.press(&other.to_string()).await,
            }
        }
    }

    /// Presses a key: a character, or a DOM name such as `Tab`, `Enter`, `Shift+Tab`.
    pub async fn press(&self, key: &str) {
        for event in keyboard::press(key) {
            self.devtools.execute(event).await.expect("Chromium takes key presses");
        }
    }

    /// Sets the size of the visible page in CSS pixels.
    pub async fn viewport(&self, width: u32, height: u32) {
        let size = SetDeviceMetricsOverrideParams::new(i64::from(width), i64::from(height), 1.0, false);
        self.devtools.execute(size).await.expect("Chromium takes a size");
    }

    /// `light` or `dark`, as the visitor's system says it.
    pub async fn color_scheme(&self, scheme: &str) {
        self.media_feature("prefers-color-scheme", scheme).await;
    }

    /// Sets a media feature, as in `prefers-reduced-motion: reduce`.
    pub async fn media_feature(&self, name: &str, value: &str) {
        let features = {
            let mut features = self.media.lock().unwrap();
            features.retain(|feature| feature.name != name);
            features.push(MediaFeature::new(name, value));
            features.clone()
        };
        let media = SetEmulatedMediaParams::builder().features(features).build();
        self.devtools.execute(media).await.expect("Chromium takes a media feature");
    }

    /// Cuts the page off the network, or brings it back.
    pub async fn offline(&self, offline: bool) {
        let unlimited = NetworkConditions::new("", 0.0, -1.0, -1.0);
        let requests = EmulateNetworkConditionsByRuleParams::new(offline, vec![unlimited]);
        self.devtools.execute(requests).await.expect("Chromium takes network conditions");
        let navigator = OverrideNetworkStateParams::new(offline, 0.0, -1.0, -1.0);
        self.devtools.execute(navigator).await.expect("Chromium takes a network state");
    }

    /// Lets `script` happen to the page's requests to addresses that match `pattern` (`*` is any text), one
    /// entry for each request; CORS preflights and later requests go on untouched. One pattern a page.
    pub async fn intercept(&self, pattern: &str, script: impl IntoIterator<Item = Interception>) {
        network::intercept(&self.devtools, pattern, script.into_iter().collect::<VecDeque<_>>()).await;
    }

    /// Runs JavaScript in every document before the document's own.
    pub async fn before_load(&self, script: &str) {
        self.devtools.evaluate_on_new_document(script).await.expect("Chromium takes a script");
    }

    /// The requests sent so far whose address contains `part`, CORS preflights left out.
    pub fn sent(&self, part: &str) -> Vec<SentRequest> {
        let sent = self.sent.lock().unwrap();
        sent.iter().filter(|request| request.method != "OPTIONS" && request.url.contains(part)).cloned().collect()
    }

    /// Errors so far: uncaught exceptions, `console.error`, and what Chromium itself reports, such as a
    /// refused resource or a violated content security policy.
    pub fn errors(&self) -> Vec<String> {
        self.errors.lock().unwrap().clone()
    }

    /// Writes the whole page as a PNG.
    pub async fn screenshot(&self, file: &Path) {
        let script = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]";
        let (width, height): (f64, f64) = self.eval(script).await;
        // The crate's own full page would change the size of the visible page, and with it the layout.
        let clip = Viewport { x: 0.0, y: 0.0, width, height, scale: 1.0 };
        let whole = ScreenshotParams::builder().clip(clip).capture_beyond_viewport(true).build();
        self.devtools.save_screenshot(whole, file).await.expect("Chromium makes a picture");
    }

    async fn try_eval(&self, script: &str) -> Result<Value, String> {
        let mut evaluation = EvaluateParams::new(script);
        evaluation.await_promise = Some(true);
        evaluation.return_by_value = Some(true);
        let result = self.devtools.execute(evaluation).await.map_err(|error| error.to_string())?.result;
        match result.exception_details {
            Some(details) => Err(details.exception.and_then(|thrown| thrown.description).unwrap_or(details.text)),
            None => Ok(result.result.value.unwrap_or(Value::Null)),
        }
    }

    async fn wait_for_presence(&self, selector: &str) {
        self.until(&format!("{FIND}({selector:?})")).await;
    }

    async fn clicks(&self, selector: &str, count: i64) {
        let (x, y) = self.middle(selector).await;
        self.mouse(DispatchMouseEventType::MouseMoved, x, y, 0).await;
        for click in 1..=count {
            self.mouse(DispatchMouseEventType::MousePressed, x, y, click).await;
            self.mouse(DispatchMouseEventType::MouseReleased, x, y, click).await;
        }
    }

    /// Scrolls to the element and says where its middle is then.
    async fn middle(&self, selector: &str) -> (f64, f64) {
        self.wait_for(selector).await;
        let script = format!(
            "(element => {{ element.scrollIntoView({{block: 'center', behavior: 'instant'}});
               const box = element.getBoundingClientRect();
               return [box.x + box.width / 2, box.y + box.height / 2] }})({FIND}({selector:?}))"
        );
        self.eval(&script).await
    }

    async fn mouse(&self, kind: DispatchMouseEventType, x: f64, y: f64, click: i64) {
        let mut event = DispatchMouseEventParams::new(kind, x, y);
        if click > 0 {
            event.button = Some(MouseButton::Left);
            event.click_count = Some(click);
        }
        self.devtools.execute(event).await.expect("Chromium takes mouse events");
    }
}

async fn collect_errors(devtools: &chromiumoxide::Page) -> Arc<Mutex<Vec<String>>> {
    let reports = "Chromium reports errors";
    let mut thrown = devtools.event_listener::<EventExceptionThrown>().await.expect(reports);
    let mut printed = devtools.event_listener::<EventConsoleApiCalled>().await.expect(reports);
    let mut logged = devtools.event_listener::<EventEntryAdded>().await.expect(reports);
    devtools.enable_log().await.expect(reports);
    let errors = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&errors);
    tokio::spawn(async move {
        loop {
            let error = tokio::select! {
                Some(event) = thrown.next() => {
                    let details = &event.exception_details;
                    let text = details.exception.as_ref().and_then(|thrown| thrown.description.clone());
                    Some(text.unwrap_or_else(|| details.text.clone()))
                }
                Some(event) = printed.next() => (event.r#type == ConsoleApiCalledType::Error).then(|| {
                    let words = event.args.iter().map(|word| match &word.value {
                        Some(Value::String(text)) => text.clone(),
                        Some(value) => value.to_string(),
                        None => word.description.clone().unwrap_or_default(),
                    });
                    words.collect::<Vec<_>>().join(" ")
                }),
                Some(event) = logged.next() => (event.entry.level == LogEntryLevel::Error)
                    .then(|| format!("{} {}", event.entry.text, event.entry.url.as_deref().unwrap_or_default())),
                else => break,
            };
            list.lock().unwrap().extend(error);
        }
    });
    errors
}
