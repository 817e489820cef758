//! Streams: reading one no further than is wanted, and making one no faster than it is read.

use js_sys::{Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{ReadableStream, ReadableStreamDefaultController, ReadableStreamDefaultReader};

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

/// A stream that calls `next` for a chunk whenever the other side has room for one, so that it holds no more
/// than one. `None` ends it. An error breaks it off, which the other side sees as an answer that is not whole.
///
/// # Errors
/// The runtime's own, should it make no streams.
pub fn pulled<F>(mut next: impl FnMut() -> F + 'static) -> Result<ReadableStream, JsValue>
where
    F: Future<Output = Result<Option<String>, Broken>> + 'static,
{
    let pull = Closure::<dyn FnMut(_) -> Promise>::new(move |controller: ReadableStreamDefaultController| {
        let chunk = next();
        future_to_promise(async move {
            match chunk.await {
                Ok(Some(text)) => controller.enqueue_with_chunk(&Uint8Array::from(text.as_bytes()))?,
                Ok(None) => controller.close()?,
                Err(Broken) => return Err(js_sys::Error::new("broken off").into()),
            }
            Ok(JsValue::UNDEFINED)
        })
    });
    let source = Object::new();
    Reflect::set(&source, &"pull".into(), &pull.into_js_value())?;
    ReadableStream::new_with_underlying_source(&source)
}

/// A stream cannot go on. Why stands in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;
