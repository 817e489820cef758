//! An HTTP answer before it becomes the runtime's own response.

use serde::Serialize;

use crate::problem::Problem;

/// What goes back: a status, headers and a body of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Header names in lower case, and their values.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty where there is none.
    pub body: String,
}

impl Answer {
    /// JSON with that status.
    ///
    /// # Errors
    /// [`Problem::Internal`] when the value cannot be written as JSON.
    pub fn json(status: u16, value: &impl Serialize) -> Result<Self, Problem> {
        serde_json::to_string(value).map(|body| Self::json_text(status, body)).map_err(|_| Problem::Internal)
    }

    /// JSON that is written already.
    pub fn json_text(status: u16, body: String) -> Self {
        Self { status, headers: vec![("content-type", "application/json".to_owned())], body }
    }

    /// Nothing but a status.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
