//! Key presses as Chromium wants them described.

use chromiumoxide::cdp::browser_protocol::input::{DispatchKeyEventParams, DispatchKeyEventType};

const SHIFT: i64 = 8;

/// The two events of one press of `key`: a character, or a key by its DOM name, with `Shift+` before it
/// where wanted.
pub(super) fn press(key: &str) -> [DispatchKeyEventParams; 2] {
    let (modifiers, key) = match key.strip_prefix("Shift+") {
        Some(rest) => (SHIFT, rest),
        None => (0, key),
    };
    // What the key types, and its Windows key code, by which Chromium knows keys that type nothing.
    let (key, text, code) = match key {
        "Tab" => ("Tab", None, 9),
        "Enter" => ("Enter", Some("\r"), 13),
        "Escape" => ("Escape", None, 27),
        "Space" | " " => (" ", Some(" "), 32),
        "Backspace" => ("Backspace", None, 8),
        "Delete" => ("Delete", None, 46),
        "ArrowLeft" => ("ArrowLeft", None, 37),
        "ArrowUp" => ("ArrowUp", None, 38),
        "ArrowRight" => ("ArrowRight", None, 39),
        "ArrowDown" => ("ArrowDown", None, 40),
        one if one.chars().count() == 1 => (one, Some(one), 0),
        other => panic!("no key has the name {other:?}"),
    };
    [DispatchKeyEventType::KeyDown, DispatchKeyEventType::KeyUp].map(|kind| {
        let mut event = DispatchKeyEventParams::new(kind.clone());
        event.key = Some(key.to_owned());
        event.modifiers = Some(modifiers);
        if code > 0 {
            event.code = Some(if key == " " { "Space" } else { key }.to_owned());
            event.windows_virtual_key_code = Some(code);
        }
        if kind == DispatchKeyEventType::KeyDown {
            event.text = text.map(str::to_owned);
        }
        event
    })
}
