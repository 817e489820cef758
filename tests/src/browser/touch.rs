//! A finger on the screen.

use chromiumoxide::cdp::browser_protocol::emulation::SetTouchEmulationEnabledParams;
use chromiumoxide::{Command, Method, Page as DevToolsPage};
use serde::Serialize;
use serde_json::Value;

/// `Input.dispatchTouchEvent`. The crate's own leaves an empty list out, which is what a lifted finger needs.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Touch {
    r#type: &'static str,
    touch_points: Vec<Point>,
}

#[derive(Debug, Clone, Serialize)]
struct Point {
    x: f64,
    y: f64,
}

impl Method for Touch {
    fn identifier(&self) -> std::borrow::Cow<'static, str> {
        "Input.dispatchTouchEvent".into()
    }
}

impl Command for Touch {
    type Response = Value;
}

/// Taps a point of the visible page.
pub(super) async fn tap(devtools: &DevToolsPage, x: f64, y: f64) {
    devtools.execute(SetTouchEmulationEnabledParams::new(true)).await.expect("Chromium takes touches");
    for (kind, points) in [("touchStart", vec![Point { x, y }]), ("touchEnd", Vec::new())] {
        devtools.execute(Touch { r#type: kind, touch_points: points }).await.expect("Chromium takes touches");
    }
}
