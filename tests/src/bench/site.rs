//! The site of the comparison: files that lie compressed in a folder, from one origin.

use std::path::PathBuf;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

/// Serves the folder on a free port of this machine until the program ends; returns the origin.
///
/// # Panics
/// When no port can be had.
pub async fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("the port that was bound");
    let site = Router::new().fallback(file).with_state(folder);
    tokio::spawn(async move { axum::serve(listener, site).await });
    format!("http://{address}")
}

async fn file(State(folder): State<PathBuf>, address: Uri) -> Response {
    let path = address.path();
    let kind = match path.rsplit_once('.') {
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "js")) => "text/javascript",
        Some((_, "wasm")) => "application/wasm",
        _ => "application/json",
    };
    match std::fs::read(folder.join(path.trim_start_matches('/'))) {
        Ok(bytes) => {
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CONTENT_ENCODING, "br"),
                (header::CACHE_CONTROL, "no-store"),
                (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            ];
            (headers, bytes).into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
