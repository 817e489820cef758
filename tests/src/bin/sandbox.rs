//! The provider sandbox as a program: `sandbox --port 8788 --edge http://localhost:8787 --key lg_pk_…`.

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::io;

use clap::Parser;
use tests::sandbox::{Embed, Sandbox};

/// Stands in for the providers' APIs on this machine and shows what they receive.
#[derive(Parser)]
struct Arguments {
    /// Where the sandbox listens, on 127.0.0.1.
    #[arg(long, default_value_t = 8788)]
    port: u16,
    /// Origin of the Worker whose form the demo page embeds.
    #[arg(long, default_value = "http://localhost:8787")]
    edge: String,
    /// Publishable key of that form.
    #[arg(long, default_value = "")]
    key: String,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let Arguments { port, edge, key } = Arguments::parse();
    let sandbox = Sandbox::listen(port)
        .await
        .map_err(|error| io::Error::other(format!("port {port} cannot be used ({error}): choose another by --port")))?;
    sandbox.embed(Embed { edge, key });
    println!("Provider sandbox on {}", sandbox.origin());
    tokio::select! {
        () = sandbox.serve() => Ok(()),
        stopped = tokio::signal::ctrl_c() => stopped,
    }
}
