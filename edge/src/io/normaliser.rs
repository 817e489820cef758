//! What normalising text needs beyond the code: the runtime's Unicode tables and the telephone metadata.

use std::borrow::Cow;

use js_sys::JsString;
use shared::{
    contact::{E164, Region},
    text::Normaliser,
};

use crate::{search::Case, telephone};

/// Normalises with what the runtime has. Its Unicode tables are there already; tables of our own
/// would be a fifth of the Worker's bytes.
#[derive(Debug, Clone, Copy)]
pub struct Runtime;

impl Normaliser for Runtime {
    fn nfc<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if text.is_ascii() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(JsString::from(text).normalize("NFC").into())
    }

    fn e164(&self, typed: &str, region: Region) -> Option<E164> {
        telephone::e164(typed, region)
    }
}

impl Case for Runtime {
    fn lower(&self, text: &str) -> String {
        JsString::from(text).to_lower_case().into()
    }

    fn upper(&self, text: &str) -> String {
        JsString::from(text).to_upper_case().into()
    }
}
