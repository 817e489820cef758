//! What `POST /v1/leads` takes, as a schema: the fields of a submission before anything is checked,
//! with every spelling of a value that is read.

use std::{borrow::Cow, collections::BTreeMap};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;
use shared::{
    contact::PHONE_MAX_CHARS,
    conversation::Direction,
    field::{Choice, LINE_MAX_CHARS, LINES_MAX_CHARS},
    lead::{Intent, InterestLevel},
    property::PropertyKind,
};

/// Gives a type of this module its schema. None needs values: it stands for what JSON may hold.
macro_rules! loose {
    ($($(#[$doc:meta])* $name:ident => $schema:expr),* $(,)?) => {$(
        $(#[$doc])*
        pub struct $name;

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )*};
}

/// The names of a closed list; read in any case.
fn names<T: Choice>() -> Schema {
    let names: Vec<&str> = T::ALL.iter().map(|(name, _)| *name).collect();
    json_schema!({"type": ["string", "null"], "examples": names})
}

loose! {
    /// A line of text, or what becomes one.
    Line => json_schema!({"type": ["string", "number", "boolean", "null"], "maxLength": LINE_MAX_CHARS}),
    /// Text of several lines.
    Lines => json_schema!({"type": ["string", "number", "boolean", "null"], "maxLength": LINES_MAX_CHARS}),
    /// A web address; it is kept as it is.
    Address => json_schema!({"type": ["string", "null"], "maxLength": shared::attribution::VALUE_MAX_CHARS}),
    /// A telephone number as people write it.
    Telephone => json_schema!({"type": ["string", "number", "null"], "maxLength": PHONE_MAX_CHARS}),
    /// A boolean in any spelling of it.
    Flag => json_schema!({
        "type": ["boolean", "string", "number", "null"], "examples": [true, "yes", "on", "1"],
    }),
    /// A number, or text that holds one.
    Figure => json_schema!({"type": ["number", "string", "null"]}),
    /// A moment.
    Moment => json_schema!({"type": ["string", "null"], "examples": ["2026-03-01T15:45:00Z"]}),
    /// A country as two letters.
    Country => json_schema!({"type": ["string", "null"], "examples": ["GB"]}),
    /// Words for an intent.
    IntentName => names::<Intent>(),
    /// Words for an interest level.
    InterestLevelName => names::<InterestLevel>(),
    /// Words for a kind of building.
    PropertyKindName => names::<PropertyKind>(),
    /// Words for a direction.
    DirectionName => names::<Direction>(),
}

/// A submission. At least one of `email` and `phone` must be there; what the form requires, too. A field
/// that is not listed goes to `meta`.
#[derive(JsonSchema)]
#[schemars(extend("additionalProperties" = true))]
pub struct Submission {
    /// Id of the form. May be left out with a key that is bound to one form.
    pub form: Option<String>,
    /// The full name; made of first and last name where only those come.
    pub name: Option<Line>,
    /// First name.
    pub first_name: Option<Line>,
    /// Last name.
    pub last_name: Option<Line>,
    /// A form of address, such as Mrs.
    pub title: Option<Line>,
    /// An e-mail address: the HTML standard's rule, and a dot in the domain.
    #[schemars(length(max = 254))]
    pub email: Option<String>,
    /// A number that can be called, read by the habits of the form's `phone_region`.
    pub phone: Option<Telephone>,
    /// What the person wants.
    pub intent: Option<IntentName>,
    /// How much they want it.
    pub interest_level: Option<InterestLevelName>,
    /// What the person wrote.
    pub message: Option<Lines>,
    /// What others wrote about them.
    pub notes: Option<Lines>,
    /// The person's own street address.
    pub address: Option<Line>,
    /// The person's own postal code.
    pub postcode: Option<Line>,
    /// The person's own town.
    pub city: Option<Line>,
    /// State, province or county.
    pub state: Option<Line>,
    /// The person's country (ISO 3166-1 alpha-2).
    pub country: Option<Country>,
    /// Whether the person is abroad.
    pub international: Option<Flag>,
    /// The property it is about.
    pub property: Option<SubmittedProperty>,
    /// The line of business.
    pub category: Option<Line>,
    /// Money the person would spend.
    pub budget: Option<Figure>,
    /// When, in words.
    pub timeline: Option<Line>,
    /// Hours at which they could be met.
    #[schemars(length(max = 100))]
    pub availability: Option<Vec<Moment>>,
    /// Pairs of question and answer by any key; at most 100.
    pub questionnaire: Option<BTreeMap<String, [Line; 2]>>,
    /// What was said before.
    #[schemars(length(max = 100))]
    pub conversation: Option<Vec<SubmittedMessage>>,
    /// Where they came from: `utm_source`, `gclid`, `landing_page` and so on, and the same in `first_touch`.
    pub attribution: Option<BTreeMap<String, Value>>,
    /// What they agreed to; or a boolean alone.
    pub consent: Option<SubmittedConsent>,
    /// What the sender calls the origin of the lead.
    pub source: Option<Line>,
    /// The receiving office's number at a provider.
    pub office_id: Option<Figure>,
    /// The language the person used (BCP 47).
    pub locale: Option<Line>,
    /// Anything else by name: at most 50 entries and 8,192 bytes of JSON.
    pub meta: Option<BTreeMap<String, Value>>,
}

/// The property a submission is about.
#[derive(JsonSchema)]
pub struct SubmittedProperty {
    /// The identifier the advertising system gave it.
    pub uid: Option<Line>,
    /// Street address.
    pub address: Option<Line>,
    /// Postal code.
    pub postcode: Option<Line>,
    /// The page of the advert.
    pub url: Option<Address>,
    /// A picture of it.
    pub image: Option<Address>,
    /// What kind of building it is.
    #[schemars(rename = "type")]
    pub kind: Option<PropertyKindName>,
}

/// One message of an earlier conversation.
#[derive(JsonSchema)]
pub struct SubmittedMessage {
    /// When it was sent.
    pub date: Option<Moment>,
    /// Who sent it.
    pub direction: Option<DirectionName>,
    /// The sender's address.
    pub from: Option<Line>,
    /// The receiver's address.
    pub to: Option<Line>,
    /// The subject line.
    pub subject: Option<Line>,
    /// The text.
    pub body: Option<Lines>,
}

/// A consent, or a boolean for one of which nothing more is known.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum SubmittedConsent {
    /// With its words.
    Words {
        /// Whether it was given.
        given: Option<Flag>,
        /// The exact words shown; the form's where they are left out.
        text: Option<Lines>,
        /// The version of those words.
        version: Option<Line>,
        /// The privacy policy.
        policy_url: Option<Address>,
        /// When it was given.
        at: Option<Moment>,
    },
    /// Whether it was given.
    Given(Flag),
}
