//! An [`Answer`] as the runtime's response.

use serde_json::{Map, Value, json};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ReadableStream, Response, ResponseInit};

use crate::answer::Answer;

/// The response; without a body where the method is HEAD or the status has none. `stream`, if there is one, is
/// its body.
///
/// # Errors
/// When the runtime refuses a header, which would be a fault of ours.
pub fn response(answer: Answer, stream: Option<&ReadableStream>, is_head: bool) -> Result<Response, JsValue> {
    let mut headers = Map::new();
    for (name, value) in answer.headers {
        headers.insert(name.to_owned(), Value::String(value));
    }
    // One call that makes the whole object instead of two a header.
    let init = js_sys::JSON::parse(&json!({ "status": answer.status, "headers": headers }).to_string())?;
    if let Some(stream) = stream.filter(|_| !is_head) {
        return Response::new_with_opt_readable_stream_and_init(Some(stream), init.unchecked_ref::<ResponseInit>());
    }
    let body = (!is_head && !answer.body.is_empty()).then_some(answer.body.as_str());
    Response::new_with_opt_str_and_init(body, init.unchecked_ref::<ResponseInit>())
}
