//! What the Worker's answer to a submission means to the form.

/// The end of one try to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The lead is stored.
    Accepted {
        /// Its id.
        id: String,
    },
    /// Fields are wrong: field name and message.
    Invalid(Vec<(String, String)>),
    /// An earlier try with other answers arrived under the same idempotency key, although its answer
    /// did not.
    KeyUsed,
    /// Nothing is known to be stored.
    Failed(Trouble),
}

/// Why a try failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What kind it is.
    pub kind: TroubleKind,
    /// The code of the answer, or `network_error`.
    pub code: String,
    /// How long the Worker asks to wait, in seconds.
    pub retry_after: Option<u32>,
}

/// Kinds of trouble, by what the visitor can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// The Worker was not reached, or its answer was lost.
    Network,
    /// The Worker, or a store behind it, is in difficulty.
    Server,
    /// Too many submissions.
    Rate,
    /// The Worker will not take this, now or later.
    Refused,
}

/// What of an answer's body matters here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswerBody {
    /// `id` of an accepted lead.
    pub id: Option<String>,
    /// `code` of a problem.
    pub code: Option<String>,
    /// `errors` of a refused one: field name and message.
    pub errors: Vec<(String, String)>,
}

impl Answer {
    /// Reads an answer that arrived whole. A success without an id is none: something between the
    /// page and the Worker answered.
    pub fn read(status: u16, retry_after: Option<&str>, body: AnswerBody) -> Self {
        let code = body.code.unwrap_or_default();
        let kind = match (status, body.id) {
            (200 | 201, Some(id)) => return Self::Accepted { id },
            (422, _) if code == "idempotency_conflict" => return Self::KeyUsed,
            (422, _) if !body.errors.is_empty() => return Self::Invalid(body.errors),
            (200..=299, _) => TroubleKind::Network,
            // 409 is an earlier try that is still being worked on, 408 one that arrived too slowly.
            (408 | 409 | 500.., _) => TroubleKind::Server,
            (429, _) => TroubleKind::Rate,
            _ => TroubleKind::Refused,
        };
        let retry_after = retry_after.and_then(|seconds| seconds.trim().parse().ok());
        Self::Failed(Trouble { kind, code, retry_after })
    }

    /// No answer came.
    pub fn none() -> Self {
        Self::Failed(Trouble { kind: TroubleKind::Network, code: "network_error".to_owned(), retry_after: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(id: Option<&str>, code: Option<&str>) -> AnswerBody {
        AnswerBody { id: id.map(str::to_owned), code: code.map(str::to_owned), errors: Vec::new() }
    }

    fn kind(answer: Answer) -> Option<TroubleKind> {
        match answer {
            Answer::Failed(trouble) => Some(trouble.kind),
            _ => None,
        }
    }

    #[test]
    fn a_created_lead_and_a_known_duplicate_are_both_accepted() {
        for status in [200, 201] {
            assert_eq!(Answer::read(status, None, body(Some("1"), None)), Answer::Accepted { id: "1".into() });
        }
    }

    #[test]
    fn a_success_without_an_id_is_not_believed() {
        assert_eq!(kind(Answer::read(200, None, body(None, None))), Some(TroubleKind::Network));
    }

    #[test]
    fn field_errors_are_kept_for_their_fields() {
        let errors = vec![("email".to_owned(), "Enter an email address.".to_owned())];
        let read =
            Answer::read(422, None, AnswerBody { errors: errors.clone(), ..body(None, Some("validation_failed")) });
        assert_eq!(read, Answer::Invalid(errors));
    }

    #[test]
    fn a_used_idempotency_key_is_told_from_wrong_fields() {
        assert_eq!(Answer::read(422, None, body(None, Some("idempotency_conflict"))), Answer::KeyUsed);
    }

    #[test]
    fn the_wait_that_the_worker_asks_for_is_read() {
        let Answer::Failed(trouble) = Answer::read(503, Some("7"), body(None, Some("store_unavailable"))) else {
            panic!()
        };
        assert_eq!((trouble.kind, trouble.retry_after), (TroubleKind::Server, Some(7)));
        assert_eq!(trouble.code, "store_unavailable");
    }

    #[test]
    fn what_can_pass_is_told_from_what_cannot() {
        assert_eq!(kind(Answer::read(409, None, body(None, None))), Some(TroubleKind::Server));
        assert_eq!(kind(Answer::read(429, None, body(None, None))), Some(TroubleKind::Rate));
        for status in [400, 401, 403, 413, 415, 422] {
            assert_eq!(kind(Answer::read(status, None, body(None, None))), Some(TroubleKind::Refused));
        }
    }
}
