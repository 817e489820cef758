//! The static files of this deployment, as the Worker itself reads them.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use worker::worker_sys::Fetcher;

/// The text of a file by its path; `None` where there is none or it cannot be read.
pub async fn text(files: &Fetcher, path: &str) -> Option<String> {
    // Files are found by their path, under whatever host.
    let address = ["https://assets.invalid", path].concat();
    let read = async {
        let response: web_sys::Response = JsFuture::from(files.fetch_with_str(&address)?).await?.into();
        if !response.ok() {
            return Ok(None);
        }
        Ok::<_, JsValue>(JsFuture::from(response.text()?).await?.as_string())
    };
    read.await.ok().flatten()
}
