//! The credential of a destination, out of the Worker's secrets.

use super::bindings::Bindings;
use crate::destination::Destination;

/// The credential; empty where the destination names none.
///
/// # Errors
/// A sentence for the operator when the secret is not set, or no header can carry it.
pub fn of(bindings: &Bindings, destination: &Destination) -> Result<String, String> {
    let Some(name) = &destination.credential else { return Ok(String::new()) };
    let Some(credential) = bindings.text(name) else { return Err(format!("The secret {name} is not set.")) };
    if credential.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
        Ok(credential)
    } else {
        Err(format!("The secret {name} has characters that no header can carry."))
    }
}

/// The answer with every copy of the credential taken out: a provider that echoes it must not bring it
/// into D1 or into an answer of ours. A credential of several keys is taken out key by key.
pub fn removed(body: Vec<u8>, credential: &str) -> Vec<u8> {
    let mut keys = credential.split([' ', ',']).filter(|key| !key.is_empty()).peekable();
    if keys.peek().is_none() {
        return body;
    }
    let mut text = String::from_utf8_lossy(&body).into_owned();
    for key in keys {
        text = text.replace(key, "…");
    }
    text.into_bytes()
}
