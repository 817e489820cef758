//! Reading a stream no further than is wanted.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader};

/// The first bytes of a stream: all of them, or more than `max`, after which the rest is cancelled.
///
/// # Errors
/// The runtime's own, when the other side goes away or the time is up.
pub async fn read(stream: &ReadableStream, max: usize) -> Result<Vec<u8>, JsValue> {
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    while bytes.len() <= max {
        let chunk = JsFuture::from(reader.read()).await?;
        let Ok(chunk) = Reflect::get(&chunk, &"value".into())?.dyn_into::<Uint8Array>() else {
            return Ok(bytes);
        };
        bytes.extend(chunk.to_vec());
    }
    // Nobody waits for the rest: that it is not wanted is all there is to say.
    let _ = reader.cancel();
    Ok(bytes)
}
