//! One resource action per file, found from the URL.

pub mod admin;
pub mod compat;
pub mod consent_key;
pub mod deliveries;
pub mod exchange;
pub mod form;
pub mod form_script;
pub mod gate;
pub mod health;
pub mod json_body;
pub mod leads;
pub mod privacy;
pub mod stats;
pub mod thanks;
