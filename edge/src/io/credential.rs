//! The credential of a destination, out of the Worker's secrets.

use super::bindings::Bindings;

/// The credential in the secret of that name; empty where the destination names none.
///
/// # Errors
/// A sentence for the operator when the secret is not set, or no header can carry it.
pub fn of(bindings: &Bindings, name: Option<&str>) -> Result<String, String> {
    let Some(name) = name else { return Ok(String::new()) };
    let Some(credential) = bindings.text(name) else { return Err(format!("The secret {name} is not set.")) };
    if credential.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
        Ok(credential)
    } else {
        Err(format!("The secret {name} has characters that no header can carry."))
    }
}
