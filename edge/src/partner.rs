//! Partners that speak a provider's API to us, and the one `match` over what they speak.
//!
//! `/compat/{provider}` stands for the origin of that provider. What a partner sends there becomes a
//! [`Submission`], and every answer, an error's too, goes back in the provider's own words. The words
//! themselves stand in each provider's `inbound.rs`.

pub mod fields;
pub mod number;
pub mod refusal;
pub mod seller;

use serde_json::{Map, Value};
use shared::{
    error::FieldErrors,
    lead::{Lead, LeadId},
    submission::Submission,
    timestamp::Timestamp,
};

use self::{
    fields::{Rejected, Renamed, Wrong},
    refusal::Refusal,
};
use crate::{
    answer::Answer,
    problem::Problem,
    provider::{actuallycare, alterestate, anyhouse, leadpro, marketplace},
};

/// The API that a partner speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// AnyHouse partner leads.
    AnyHouse,
    /// LeadPro, version 103.
    LeadPro,
    /// The seller-code lead marketplace.
    Marketplace,
    /// AlterEstate leads.
    AlterEstate,
    /// ActuallyCare leads.
    ActuallyCare,
}

/// A lead that was taken, or that was there before.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'a> {
    /// Its id, or that of the first lead of the same person.
    pub id: LeadId,
    /// What the request said.
    pub lead: &'a Lead,
    /// Whether it was there before, so that nothing was made.
    pub is_duplicate: bool,
    /// When it is answered.
    pub now: Timestamp,
}

impl<'a> Taken<'a> {
    /// The e-mail address, as typed.
    pub fn email(&self) -> Option<&'a str> {
        self.lead.contact.email.as_ref().map(|email| email.as_typed())
    }

    /// The telephone number, as typed.
    pub fn phone(&self) -> Option<&'a str> {
        self.lead.contact.phone.as_ref().map(|phone| phone.typed.as_str())
    }
}

/// An answer's status and body.
pub type Words = (u16, Value);

/// An object of these members. With a macro's code for each member instead, the answers of five APIs weigh
/// half as much again.
pub fn object(members: Vec<(&'static str, Value)>) -> Value {
    let mut object = Map::new();
    for (name, value) in members {
        object.insert(name.to_owned(), value);
    }
    Value::Object(object)
}

impl Dialect {
    /// What is spoken at that path.
    pub fn of_path(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/compat/")?;
        match rest.split_once('/').map_or(rest, |(provider, _)| provider) {
            "anyhouse" => Some(Self::AnyHouse),
            "leadpro" => Some(Self::LeadPro),
            "marketplace" => Some(Self::Marketplace),
            "alterestate" => Some(Self::AlterEstate),
            "actuallycare" => Some(Self::ActuallyCare),
            _ => None,
        }
    }

    /// Whether fields may come in the query too.
    pub fn reads_query(self) -> bool {
        self == Self::Marketplace
    }

    /// What a new lead's fields say.
    ///
    /// # Errors
    /// What is missing or wrong by the provider's page.
    pub fn submission(self, fields: Map<String, Value>) -> Result<Submission, Rejected> {
        match self {
            Self::AnyHouse => anyhouse::inbound::submission(fields),
            Self::LeadPro => leadpro::inbound::submission(fields),
            Self::Marketplace => marketplace::inbound::submission(fields),
            Self::AlterEstate => alterestate::inbound::submission(fields),
            Self::ActuallyCare => actuallycare::inbound::submission(fields),
        }
    }

    /// What is wrong by our own rules, under the provider's names.
    pub fn wrong(self, errors: &FieldErrors) -> Vec<Wrong> {
        refusal::named(errors, self.names())
    }

    /// The answer to who sent a lead that was taken.
    pub fn taken(self, taken: &Taken<'_>) -> Words {
        match self {
            Self::AnyHouse => anyhouse::inbound::taken(taken),
            Self::LeadPro => leadpro::inbound::taken(taken),
            Self::Marketplace => marketplace::inbound::taken(taken),
            Self::AlterEstate => alterestate::inbound::taken(taken),
            Self::ActuallyCare => actuallycare::inbound::taken(taken),
        }
    }

    /// The answer to a request that was not done: the headers of `problem` and the provider's words.
    pub fn refused(self, problem: &Problem, request_id: &str, now: Timestamp) -> Answer {
        let mut answer = problem.answer(request_id);
        let refusal = Refusal::of(problem, self.names(), now);
        let (status, body) = match self {
            Self::AnyHouse => anyhouse::inbound::refused(&refusal),
            Self::LeadPro => leadpro::inbound::refused(&refusal),
            Self::Marketplace => marketplace::inbound::refused(&refusal),
            Self::AlterEstate => alterestate::inbound::refused(&refusal),
            Self::ActuallyCare => actuallycare::inbound::refused(&refusal),
        };
        answer.headers.retain(|(name, _)| *name != "content-type");
        answer.headers.push(("content-type", "application/json".to_owned()));
        Answer { status, body: body.to_string(), headers: answer.headers }
    }

    /// The provider's names of fields and ours.
    fn names(self) -> &'static [Renamed] {
        match self {
            Self::AnyHouse => anyhouse::inbound::NAMES,
            Self::LeadPro => leadpro::inbound::NAMES,
            Self::Marketplace => marketplace::inbound::NAMES,
            Self::AlterEstate => alterestate::inbound::NAMES,
            Self::ActuallyCare => actuallycare::inbound::NAMES,
        }
    }
}

#[cfg(test)]
pub(crate) mod round_trip;

#[cfg(test)]
mod tests;
