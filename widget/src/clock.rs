//! The browser's clock and randomness: nothing else in the widget asks for the time or makes ids.

use js_sys::{Date, Uint8Array};
use web_sys::Window;

/// Random bytes of an idempotency key: as many as a UUID has.
const KEY_BYTES: usize = 16;

/// The time, in UTC, by RFC 3339.
pub fn now() -> String {
    String::from(Date::new_0().to_iso_string())
}

/// A new idempotency key, in hexadecimal. `crypto.randomUUID` would do, but pages without HTTPS lack it.
pub fn idempotency_key(window: &Window) -> String {
    let bytes = Uint8Array::new_with_length(KEY_BYTES as u32);
    if let Ok(crypto) = window.crypto() {
        // Fails only beyond 65,536 bytes.
        let _ = crypto.get_random_values_with_array_buffer_view(&bytes);
    }
    let mut key = String::with_capacity(2 * KEY_BYTES);
    for byte in bytes.to_vec() {
        for nibble in [byte >> 4, byte & 15] {
            key.extend(char::from_digit(u32::from(nibble), 16));
        }
    }
    key
}
