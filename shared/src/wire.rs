//! Words of the public API that both sides use: header names, answers, error codes.

use serde::{Deserialize, Serialize};

use crate::{lead::LeadId, timestamp::Timestamp};

/// The header that makes a repeated request the same request.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// What a publishable key learns of a lead it submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Receipt {
    /// The lead's id.
    pub id: LeadId,
    /// When it was accepted.
    pub created_at: Timestamp,
}

/// What went wrong, as a stable code. `docs/ERRORS.md` has each with its cause and mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorCode {
    /// The body is not the JSON object that was announced.
    InvalidJson,
    /// No key came, or none that is valid.
    InvalidKey,
    /// The page's origin is not one the form allows.
    OriginNotAllowed,
    /// The key may not do this.
    MissingScope,
    /// There is no such thing here.
    NotFound,
    /// The address exists, the method does not.
    MethodNotAllowed,
    /// The lead changed since it was read.
    VersionConflict,
    /// The idempotency key was used for another request.
    IdempotencyConflict,
    /// The body is larger than allowed.
    BodyTooLarge,
    /// The body's type is none that is understood.
    UnsupportedMediaType,
    /// Fields are missing or wrong.
    ValidationFailed,
    /// The key or the address sent too much.
    RateLimited,
    /// KV or D1 does not answer.
    StoreUnavailable,
    /// A fault of ours.
    Internal,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: [Self; 14] = [
        Self::InvalidJson,
        Self::InvalidKey,
        Self::OriginNotAllowed,
        Self::MissingScope,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::VersionConflict,
        Self::IdempotencyConflict,
        Self::BodyTooLarge,
        Self::UnsupportedMediaType,
        Self::ValidationFailed,
        Self::RateLimited,
        Self::StoreUnavailable,
        Self::Internal,
    ];

    /// The code as it stands in an answer.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidJson => "invalid_json",
            Self::InvalidKey => "invalid_key",
            Self::OriginNotAllowed => "origin_not_allowed",
            Self::MissingScope => "missing_scope",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::VersionConflict => "version_conflict",
            Self::IdempotencyConflict => "idempotency_conflict",
            Self::BodyTooLarge => "body_too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::ValidationFailed => "validation_failed",
            Self::RateLimited => "rate_limited",
            Self::StoreUnavailable => "store_unavailable",
            Self::Internal => "internal",
        }
    }
}
