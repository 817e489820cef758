//! Whether anybody listens at an address.
//!
//! The runtime reports a connection that was refused in the same words as one that broke after the
//! request had left. A refused one is certain not to have delivered anything, so it is worth asking
//! again, by a bare TCP connection.

use std::time::Duration;

use futures_util::future::{Either, select};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use worker::Delay;

/// Longest time to wait for a connection. Whoever does not answer within this is not known to refuse.
const PATIENCE: Duration = Duration::from_secs(3);

/// What the runtime says of a connection that could not be made. It says the same, and more, of hosts
/// behind Cloudflare itself, to which no bare connection can be made whoever listens there.
const REFUSED: &str = "cannot connect to the specified address";

#[wasm_bindgen(module = "cloudflare:sockets")]
extern "C" {
    type Socket;

    #[wasm_bindgen(catch)]
    fn connect(address: &str) -> Result<Socket, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn opened(this: &Socket) -> js_sys::Promise;

    #[wasm_bindgen(method)]
    fn close(this: &Socket) -> js_sys::Promise;
}

/// Whether the host of that address refuses connections. `false` when it accepts one, and whenever
/// nobody can tell.
pub async fn refuses(uri: &http::Uri) -> bool {
    let Some(host) = uri.host() else { return false };
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
    let Ok(socket) = connect(&format!("{host}:{port}")) else { return false };
    if let Either::Left((Err(error), _)) = select(JsFuture::from(socket.opened()), Delay::from(PATIENCE)).await {
        return error.dyn_ref::<js_sys::Error>().is_some_and(|error| String::from(error.message()).ends_with(REFUSED));
    }
    // Open or still opening, it would take one of the Worker's six connections. Nothing was asked of it, so
    // nothing is lost if closing fails, and nobody waits for that.
    let closed = JsFuture::from(socket.close());
    wasm_bindgen_futures::spawn_local(async move {
        let _ = closed.await;
    });
    false
}
