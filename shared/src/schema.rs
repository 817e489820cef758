//! JSON Schemas of the types that are written as one string, for the API document. Other types derive
//! theirs. Not compiled for browsers and the edge.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{
    consent::Given,
    contact::{E164, EMAIL_MAX_CHARS, Email, Region},
    lead::LeadId,
    timestamp::Timestamp,
};

/// Gives a type a schema that stands where the type is used, under no name of its own.
macro_rules! inline_schema {
    ($($type:ty => $schema:tt),* $(,)?) => {$(
        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

inline_schema! {
    LeadId => {"type": "string", "format": "uuid"},
    Timestamp => {"type": "string", "format": "date-time"},
    Email => {"type": "string", "format": "email", "maxLength": EMAIL_MAX_CHARS},
    E164 => {"type": "string", "pattern": "^\\+[0-9]{2,15}$"},
    Region => {"type": "string", "pattern": "^[A-Za-z]{2}$"},
    Given => {"const": true},
}
