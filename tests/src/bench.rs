//! How long a form takes until it is seen and until it is live, in a real browser under a throttle.

pub mod site;

use serde::Deserialize;

use crate::browser::{Browser, Page};

/// The pages that are compared; the first is the measure.
pub const PAGES: [&str; 5] = ["vanilla", "react", "leadgate", "leadgate-preload", "leadgate-form"];

/// What a visitor's machine and network are like.
#[derive(Clone, Copy, Debug)]
pub enum Condition {
    /// A phone's processor on a network without limit.
    SlowProcessor,
    /// A fast processor on a slow network.
    SlowNetwork,
    /// Both.
    Slow,
}

impl Condition {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::SlowProcessor, Self::SlowNetwork, Self::Slow];

    /// For the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::SlowProcessor => "no network limit, 4x CPU",
            Self::SlowNetwork => "Slow 4G, 1x CPU",
            Self::Slow => "Slow 4G, 4x CPU",
        }
    }

    async fn apply(self, page: &Page) {
        if !matches!(self, Self::SlowNetwork) {
            page.slow_processor(4.0).await;
        }
        if !matches!(self, Self::SlowProcessor) {
            page.slow_4g().await;
        }
    }
}

/// What one opening of a page, or the median of several, took.
#[derive(Clone, Debug, Deserialize)]
pub struct Measured {
    /// From the start of the navigation until the form is in a frame, in milliseconds.
    pub painted: f64,
    /// Until it checks what is typed, in milliseconds.
    pub live: f64,
    /// Cumulative layout shift.
    pub shift: f64,
    /// Sum of what long tasks took beyond 50 ms, in milliseconds.
    pub blocked: f64,
}

/// Bytes of all files that a page loads, as they come over the network; the page itself left out.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Bytes {
    /// All of them.
    pub all: u64,
    /// Those without which the form is not seen.
    pub before_seen: u64,
}

/// Looks at every frame, since nothing is seen between two.
const OBSERVER: &str = "
    window.measured = { shift: 0, blocked: 0 };
    const form = () => {
        for (const host of document.querySelectorAll('body > *')) {
            const form = host.shadowRoot?.querySelector('form');
            if (form?.getBoundingClientRect().height) return form;
        }
    };
    const look = () => {
        const found = form();
        if (found && measured.painted === undefined) measured.painted = performance.now();
        if (found?.hasAttribute('data-busy') && measured.live === undefined) measured.live = performance.now();
        if (measured.live === undefined) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    const observe = (type, note) =>
        new PerformanceObserver(list => list.getEntries().forEach(note)).observe({ type, buffered: true });
    observe('layout-shift', entry => measured.shift += entry.value);
    observe('longtask', entry => measured.blocked += Math.max(0, entry.duration - 50));
";

impl Measured {
    /// Opens the page with an empty cache and waits until its form is live.
    pub async fn take(browser: &Browser, address: &str, condition: Condition) -> Self {
        let page = browser.page().await;
        page.before_load(OBSERVER).await;
        condition.apply(&page).await;
        page.goto(address).await;
        page.until("measured.live !== undefined").await;
        let measured = page.eval("measured").await;
        page.close().await;
        measured
    }

    /// The median of each number.
    ///
    /// # Panics
    /// When there is nothing.
    pub fn median(all: &[Self]) -> Self {
        let of = |number: fn(&Self) -> f64| {
            let mut numbers: Vec<f64> = all.iter().map(number).collect();
            numbers.sort_by(f64::total_cmp);
            numbers[numbers.len() / 2]
        };
        Self { painted: of(|m| m.painted), live: of(|m| m.live), shift: of(|m| m.shift), blocked: of(|m| m.blocked) }
    }
}

/// What a page downloads until its form is live. The form is seen with the script and the definition.
pub async fn bytes(browser: &Browser, address: &str) -> Bytes {
    let page = browser.page().await;
    page.before_load(OBSERVER).await;
    page.goto(address).await;
    page.until("measured.live !== undefined").await;
    let bytes = page
        .eval(
            "(files => ({
                all: files.reduce((sum, file) => sum + file.encodedBodySize, 0),
                before_seen: files.filter(file => !file.name.includes('/assets/'))
                    .reduce((sum, file) => sum + file.encodedBodySize, 0),
            }))([...new Map(performance.getEntriesByType('resource').map(file => [file.name, file])).values()])",
        )
        .await;
    page.close().await;
    bytes
}
