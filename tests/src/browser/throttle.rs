//! A slower machine and a slower network than the one the tests run on.

use chromiumoxide::cdp::browser_protocol::emulation::SetCpuThrottlingRateParams;
use chromiumoxide::cdp::browser_protocol::network::{EmulateNetworkConditionsByRuleParams, NetworkConditions};

use super::Page;

/// What Chromium's own developer tools call Slow 4G: milliseconds before an answer begins, and bytes a second.
/// <https://github.com/ChromeDevTools/devtools-frontend/blob/main/front_end/core/sdk/NetworkManager.ts>
const LATENCY_MS: f64 = 562.5;
const DOWN: f64 = 180_000.0;
const UP: f64 = 84_375.0;

impl Page {
    /// Everything that computes takes `times` as long.
    pub async fn slow_processor(&self, times: f64) {
        self.devtools.execute(SetCpuThrottlingRateParams::new(times)).await.expect("Chromium slows down");
    }

    /// The network is that of a phone where reception is poor.
    pub async fn slow_4g(&self) {
        let slow = NetworkConditions::new("", LATENCY_MS, DOWN, UP);
        let conditions = EmulateNetworkConditionsByRuleParams::new(false, vec![slow]);
        self.devtools.execute(conditions).await.expect("Chromium takes network conditions");
    }
}
