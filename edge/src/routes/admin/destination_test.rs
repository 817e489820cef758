//! `POST /v1/admin/destinations/{id}/test`: try a destination out.

use super::authorise;
use crate::{
    answer::Answer,
    destination::{Destination, DestinationFields},
    destination_test,
    io::{
        audit::{self, Action},
        clock,
        config_writer::{self, Sort},
        destination_test as sender,
    },
    problem::Problem,
    routes::exchange::Exchange,
};

/// 1. The admin token is right: 401.
/// 2. The destination is there, and this version understands it: 404, 422, 503.
/// 3. Who did that is recorded: 503.
/// 4. A lead that is marked as a test was sent, whatever came of it: 200. A disabled destination is
///    sent to as well, so that it can be tried before it is enabled.
///
/// # Errors
/// As above.
pub async fn test(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    // 1.
    let admin = authorise(exchange)?;
    // 2.
    let db = exchange.bindings.db()?;
    let fields = config_writer::find::<DestinationFields>(&db, Sort::Destination, id).await?;
    let destination = Destination::parse(id, fields.ok_or(Problem::NotFound)?).map_err(Problem::Configuration)?;
    // 3.
    audit::record(&db, &admin.change(Sort::Destination, id), Action::Tested).await?;
    // 4.
    let now = clock::now();
    let lead = destination_test::lead(now).ok_or(Problem::Internal)?;
    Answer::json(200, &sender::run(&exchange.bindings, &destination, &lead, now).await)
}
