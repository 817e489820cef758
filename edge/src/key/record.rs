//! What is stored of a key: what its holder may do, how much, and until when.

use std::fmt;

use serde::{Deserialize, Serialize};
use shared::timestamp::Timestamp;

use super::KeyKind;
use crate::rate_limit::RateLimit;

/// What is stored of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct KeyRecord {
    /// What people and logs call it.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// What its holder may do: the members `kind`, and `form` or `forms` and `scopes`.
    #[serde(flatten)]
    pub grant: Grant,
    /// How much.
    #[serde(default)]
    pub rate_limit: RateLimit,
    /// Whether it works at all.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Until when it works.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// The id of the key that it gave way to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

const fn yes() -> bool {
    true
}

impl KeyRecord {
    /// Whether the key works at that time.
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.enabled && self.expires_at.is_none_or(|expiry| now < expiry)
    }

    /// The record of the key that takes this one's place: it may do the same, as much, and as long.
    pub fn successor(&self, id: String, now: Timestamp) -> Self {
        Self { id, replaced_by: None, created_at: now, ..self.clone() }
    }

    /// This key's record once another took its place: it works until `until`, and not longer than it
    /// would have.
    #[must_use]
    pub fn retired(self, successor: &str, until: Timestamp) -> Self {
        let expires_at = self.expires_at.map_or(until, |expiry| expiry.min(until));
        Self { expires_at: Some(expires_at), replaced_by: Some(successor.to_owned()), ..self }
    }
}

/// What a key's holder may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Grant {
    /// Read one form and write leads to it.
    Publishable {
        /// The form's id.
        form: String,
        /// What may be done, for who reads the record: always to write leads.
        #[serde(skip_deserializing, default = "writing")]
        scopes: Vec<Scope>,
    },
    /// What the scopes say, with the leads of these forms.
    Secret {
        /// Form ids, or `["*"]` for all.
        forms: Vec<String>,
        /// What may be done.
        scopes: Vec<Scope>,
    },
}

/// One thing a secret key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Scope {
    /// Submit leads.
    #[serde(rename = "leads:write")]
    Write,
    /// Read leads and deliveries.
    #[serde(rename = "leads:read")]
    Read,
    /// Change, export and erase leads. Includes reading.
    #[serde(rename = "leads:manage")]
    Manage,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Write => "leads:write",
            Self::Read => "leads:read",
            Self::Manage => "leads:manage",
        })
    }
}

/// The scopes of every publishable key.
fn writing() -> Vec<Scope> {
    vec![Scope::Write]
}

impl Grant {
    /// What the holder of a publishable key of that form may do.
    pub fn publishable(form: String) -> Self {
        Self::Publishable { form, scopes: writing() }
    }

    /// Whether the holder may do that.
    pub fn has(&self, scope: Scope) -> bool {
        match self {
            Self::Publishable { .. } => scope == Scope::Write,
            Self::Secret { scopes, .. } => {
                scopes.contains(&scope) || (scope == Scope::Read && scopes.contains(&Scope::Manage))
            }
        }
    }

    /// Whether the holder may work with that form.
    pub fn covers(&self, form: &str) -> bool {
        match self {
            Self::Publishable { form: own, .. } => own == form,
            Self::Secret { forms, .. } => forms.iter().any(|f| f == "*" || f == form),
        }
    }

    /// The forms it is bound to; `None` for all.
    pub fn forms(&self) -> Option<&[String]> {
        match self {
            Self::Publishable { form, .. } => Some(std::slice::from_ref(form)),
            Self::Secret { forms, .. } if forms.iter().any(|form| form == "*") => None,
            Self::Secret { forms, .. } => Some(forms),
        }
    }

    /// The one form it is bound to, if it is just one.
    pub fn only_form(&self) -> Option<&str> {
        match self {
            Self::Publishable { form, .. } => Some(form),
            Self::Secret { forms, .. } => match forms.as_slice() {
                [form] if form != "*" => Some(form),
                _ => None,
            },
        }
    }

    /// Which kind of key it is.
    pub fn kind(&self) -> KeyKind {
        match self {
            Self::Publishable { .. } => KeyKind::Publishable,
            Self::Secret { .. } => KeyKind::Secret,
        }
    }
}
