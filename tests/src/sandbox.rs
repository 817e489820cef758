//! The provider sandbox: the APIs that Leadgate delivers to, as one real local HTTP server that holds to
//! the providers' pages, keeps what it received, and fails to order.
//!
//! | Address | What it does |
//! |---|---|
//! | `/{provider}/…` | that provider's API, under its own origin's path |
//! | `GET /` | a page that shows, live, what each provider received |
//! | `GET /demo` | a landing page with the form embedded as a customer would |
//! | `GET /playground/{file}` | the widget's playground pages |
//! | `GET /received?provider=`, `DELETE /received`, `GET /received/stream` | what arrived, also as server-sent events |
//! | `GET /faults`, `PUT /faults`, `DELETE /faults?provider=` | faults to order, see [`Fault`] |

mod answer;
mod broken_body;
mod demo;
mod fault;
mod line;
mod page;
mod provider;
mod received;
mod server;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use demo::Embed;
pub use fault::Fault;
pub use received::Received;
use server::State;

/// A running sandbox. Dropping it closes it.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    state: Arc<State>,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Starts one for a test, on a free port.
    pub async fn start() -> Self {
        Self::listen(0).await.expect("a port is free")
    }

    /// Listens on `port` of 127.0.0.1; 0 takes a free one.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn listen(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::default());
        let server = tokio::spawn(server::serve(listener, Arc::clone(&state)));
        Ok(Self { address, state, server })
    }

    /// The sandbox's origin, such as `http://127.0.0.1:8788`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The whole endpoint of a provider, as a destination's `url` wants it.
    ///
    /// # Panics
    /// When there is no such provider.
    pub fn endpoint(&self, provider: &str) -> String {
        let endpoint = provider::find(provider).unwrap_or_else(|| panic!("no provider {provider}")).endpoint;
        format!("{}/{provider}{endpoint}", self.origin())
    }

    /// Says which form the demo and playground pages embed.
    pub fn embed(&self, embed: Embed) {
        *self.state.embed.lock().unwrap() = embed;
    }

    /// What arrived for `provider`, oldest first.
    pub fn received(&self, provider: &str) -> Vec<Received> {
        self.state.log.list(Some(provider))
    }

    /// Orders a fault; it replaces the one that was ordered for the same provider.
    pub fn order(&self, fault: Fault) {
        self.state.faults.order(fault);
    }

    /// Takes all faults back.
    pub fn mend(&self) {
        self.state.faults.cancel(None);
    }

    /// Serves until the program ends.
    pub async fn serve(mut self) {
        let _ = (&mut self.server).await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}
