//! The widget beside a form written by hand and one with React, in one browser, under the same throttle: started by
//! `cargo xtask bench widget`, which builds the site that this program serves and opens.

#![allow(
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a program for the terminal, which calculates with measured numbers"
)]

use std::path::PathBuf;

use clap::Parser;
use tests::bench::{Condition, Measured, PAGES, site};
use tests::browser::Browser;

#[derive(Parser)]
struct Arguments {
    /// The folder of the compressed site.
    #[arg(long)]
    site: PathBuf,
    /// How often each page is opened under each condition; the medians count.
    #[arg(long, default_value_t = 9)]
    runs: usize,
}

#[tokio::main]
async fn main() {
    let Arguments { site, runs } = Arguments::parse();
    let origin = site::serve(site).await;
    let browser = Browser::start().await;
    println!("{:<28} {:<22} {:>9} {:>9} {:>7} {:>7}", "condition", "page", "painted", "live", "shift", "blocked");
    for condition in Condition::ALL {
        let mut measured = PAGES.map(|_| Vec::new());
        // The first round warms the browser and is not counted.
        for run in 0..=runs {
            for (page, results) in PAGES.iter().zip(&mut measured) {
                let result = Measured::take(&browser, &format!("{origin}/{page}.html"), condition).await;
                if run > 0 {
                    results.push(result);
                }
            }
        }
        let medians = measured.each_ref().map(|results| Measured::median(results));
        for (page, median) in PAGES.iter().zip(&medians) {
            println!(
                "{:<28} {:<22} {:>6.0} ms {:>6.0} ms {:>7.4} {:>4.0} ms",
                condition.name(),
                page,
                median.painted,
                median.live,
                median.shift,
                median.blocked
            );
        }
        let [vanilla, react, widget, preloaded, carried] = &medians;
        println!("  painted / vanilla {:.2}", widget.painted / vanilla.painted);
        println!("  live / vanilla {:.2}", widget.live / vanilla.live);
        println!(
            "  with the preload line: painted {:.2}, live {:.2}",
            preloaded.painted / vanilla.painted,
            preloaded.live / vanilla.live
        );
        println!(
            "  with the form in the script: painted {:.2}, live {:.2}",
            carried.painted / vanilla.painted,
            carried.live / vanilla.live
        );
        println!(
            "  painted / React {:.2}, with the form in the script {:.2}",
            widget.painted / react.painted,
            carried.painted / react.painted
        );
    }
    println!("bytes on the wire, brotli: of them before the form is seen");
    for page in PAGES {
        let bytes = tests::bench::bytes(&browser, &format!("{origin}/{page}.html")).await;
        println!("  {page:<22} {:>7} {:>7}", bytes.all, bytes.before_seen);
    }
}
