//! What goes out: the request of one attempt, with what it carries besides the lead.

use http::{
    Method, Request,
    header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue},
};
use serde::Serialize;
use shared::timestamp::Timestamp;

use super::{CannotSend, Note, Notes};

/// The header that tells a provider that an attempt is a repeat (draft-ietf-httpapi-idempotency-key-header).
/// A constant, since reading a name at run time brings a table of all known ones into the Worker.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What one call of a provider carries besides the lead.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The destination's address.
    pub url: &'a str,
    /// The credential; empty where the destination has none.
    pub credential: &'a str,
    /// The same for every attempt of a delivery.
    pub idempotency_key: &'a str,
    /// The lead's own id, for reference.
    pub lead_id: &'a str,
    /// The form it came by.
    pub form: &'a str,
    /// When the lead was accepted.
    pub created_at: Timestamp,
    /// When the call is made.
    pub now: Timestamp,
}

/// A request that is ready to be sent, and what of the lead it does not carry as it was.
#[derive(Debug)]
pub struct Prepared {
    /// The request.
    pub request: Request<Vec<u8>>,
    /// What did not fit.
    pub notes: Vec<Note>,
}

impl Prepared {
    /// The request with the notes that were made with its body.
    pub fn new(request: Request<Vec<u8>>, notes: Notes) -> Self {
        Self { request, notes: notes.into_vec() }
    }
}

/// A header that carries the credential.
pub type Credential = (HeaderName, String);

impl Call<'_> {
    /// `POST`s `body` as JSON to the destination's address.
    ///
    /// # Errors
    /// When address or credential cannot stand in a request.
    pub fn post(&self, body: &impl Serialize, credential: Option<Credential>) -> Result<Request<Vec<u8>>, CannotSend> {
        let body = serde_json::to_vec(body).map_err(|_| CannotSend::not_a_request())?;
        self.send(Method::POST, self.url, body, credential)
    }

    /// A request with a JSON body that asks for a JSON answer: without that, some frameworks answer what
    /// is wrong with a lead by a redirect to a page.
    ///
    /// # Errors
    /// When address or credential cannot stand in a request.
    pub fn send(
        &self,
        method: Method,
        url: &str,
        body: Vec<u8>,
        credential: Option<Credential>,
    ) -> Result<Request<Vec<u8>>, CannotSend> {
        let mut request = Request::builder()
            .method(method)
            .uri(url)
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json")
            .header(IDEMPOTENCY_KEY, self.idempotency_key);
        if let Some((name, value)) = credential {
            let mut value = HeaderValue::from_str(&value).map_err(|_| CannotSend::not_a_request())?;
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        request.body(body).map_err(|_| CannotSend::not_a_request())
    }
}
