//! `/compat/{provider}/…`: partners that speak a provider's API. Errors of these addresses are put into the
//! provider's words where every answer is finished (`exchange.rs`).

pub mod actuallycare;
pub mod create;
mod sale;

use std::collections::BTreeMap;

use shared::form::FormDefinition;

use super::{exchange::Exchange, gate::Caller};
use crate::problem::Problem;

/// The forms that a lead may be for: the one that `?form=` names, else those of the key.
///
/// # Errors
/// 403 when the key is not for the form that is named, 422 when there is none.
fn forms<'a>(exchange: &Exchange, caller: &'a Caller) -> Result<Vec<&'a FormDefinition>, Problem> {
    match exchange.request.query_value("form") {
        Some(id) if !caller.key.grant.covers(&id) => Err(Problem::Form),
        Some(id) => caller.catalog.form(&id).map(|form| vec![form]).ok_or_else(|| which_form(caller)),
        None => Ok(caller.catalog.forms_of(&caller.key.grant)),
    }
}

/// That the address must say which form it is.
fn which_form(caller: &Caller) -> Problem {
    let ids = caller.catalog.form_ids(&caller.key.grant).join(", ");
    let text = format!("Add ?form=ID to the address, with one of the key's forms: {ids}.");
    Problem::Parameters(BTreeMap::from([("form".to_owned(), vec![text])]))
}
