//! Which headers the settings of a destination may name. Configuration is stored as plain text and holds no
//! credential, so a header that is made for one takes it from the destination's secret.

use http::{HeaderName, HeaderValue, header::CONTENT_TYPE};

/// What makes a request what it is: the connection's own headers (RFC 9110 §7.6.1) and those that
/// Leadgate sets itself.
const OWN: [&str; 12] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "idempotency-key",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// The beginning of the names of Standard Webhooks.
const OWN_PREFIX: &str = "webhook-";

/// Names that are made for credentials, whole and by their ending.
const CREDENTIALS: [&str; 6] = ["api-key", "apikey", "authorization", "cookie", "proxy-authorization", "token"];
/// See [`CREDENTIALS`].
const CREDENTIAL_ENDINGS: [&str; 4] = ["-key", "-token", "-secret", "-password"];

/// A header with a value that is the same for every request.
///
/// # Errors
/// Why it cannot be one, in words without the value.
pub fn fixed(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let name = parse(name)?;
    let is_credential =
        CREDENTIALS.contains(&name.as_str()) || CREDENTIAL_ENDINGS.iter().any(|ending| name.as_str().ends_with(ending));
    if is_credential {
        return Err(format!(
            "headers may not name {name}, since settings hold no credential: set auth_header to {name} and credential \
             to the name of a Worker secret"
        ));
    }
    match HeaderValue::from_str(value) {
        Ok(value) if value.to_str().is_ok() => Ok((name, value)),
        _ => Err(format!("the value of the header {name} has characters that no header can carry")),
    }
}

/// The header for the credential.
///
/// # Errors
/// Why it cannot be that one.
pub fn for_credential(name: &str) -> Result<HeaderName, String> {
    let name = parse(name)?;
    if name == CONTENT_TYPE { Err(format!("{name} is no header for a credential")) } else { Ok(name) }
}

fn parse(name: &str) -> Result<HeaderName, String> {
    let Ok(parsed) = HeaderName::from_bytes(name.as_bytes()) else {
        return Err(format!("{name:?} is no name of a header"));
    };
    if OWN.contains(&parsed.as_str()) || parsed.as_str().starts_with(OWN_PREFIX) {
        return Err(format!("the header {parsed} is Leadgate's own to set"));
    }
    Ok(parsed)
}
