//! `/v1/admin/groups` and `/v1/admin/groups/{id}`: destinations that take turns.

use serde::Serialize;
use serde_json::json;

use super::{authorise, body, check_id, configuration, must_be_right};
use crate::{
    answer::Answer,
    group::Group,
    io::config_writer::{self, Sort},
    problem::Problem,
    routes::exchange::Exchange,
};

/// A group as it is shown.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Group"))]
pub(crate) struct Shown<'a> {
    group: &'a str,
    #[serde(flatten)]
    fields: Group,
}

impl<'a> Shown<'a> {
    fn new(id: &'a str, fields: Group) -> Self {
        Self { group: id, fields: Group { group: None, ..fields } }
    }
}

/// All groups: 200.
///
/// # Errors
/// 401, 503.
pub async fn list(exchange: &Exchange) -> Result<Answer, Problem> {
    authorise(exchange)?;
    let groups = config_writer::list::<Group>(&exchange.bindings.db()?, Sort::Group).await?;
    let shown: Vec<Shown<'_>> = groups.iter().map(|(id, group)| Shown::new(id, group.clone())).collect();
    Answer::json(200, &json!({ "groups": shown }))
}

/// One group: 200.
///
/// # Errors
/// 401, 404, 503.
pub async fn show(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    authorise(exchange)?;
    let group = config_writer::find::<Group>(&exchange.bindings.db()?, Sort::Group, id).await?;
    Answer::json(200, &Shown::new(id, group.ok_or(Problem::NotFound)?))
}

/// Creates (201) or replaces (200) the group under the id in the path. A destination takes turns in
/// one group only.
///
/// # Errors
/// 400, 401, 413, 415, 422, 503.
pub async fn put(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    let admin = authorise(exchange)?;
    check_id(id)?;
    let (group, misfits) = body::<Group>(exchange).await?;
    must_be_right(misfits, group.problems(id))?;
    let others = config_writer::list::<Group>(&exchange.bindings.db()?, Sort::Group).await?;
    for (other, members) in others.iter().filter(|(other, _)| *other != id) {
        if let Some(member) = group.order.iter().find(|member| members.order.contains(member)) {
            return Err(configuration("order", format!("Take {member} out of the group {other} first.")));
        }
    }
    let document = serde_json::to_string(&group).map_err(|_| Problem::Internal)?;
    let is_new = config_writer::put(&exchange.bindings, &admin.change(Sort::Group, id), &document).await?;
    Answer::json(if is_new { 201 } else { 200 }, &Shown::new(id, group))
}

/// Removes a group: 204. Its destinations stay, and each gets every lead from now on.
///
/// # Errors
/// 401, 404, 503.
pub async fn delete(exchange: &Exchange, id: &str) -> Result<Answer, Problem> {
    let admin = authorise(exchange)?;
    let was_there = config_writer::delete(&exchange.bindings, &admin.change(Sort::Group, id)).await?;
    if was_there { Ok(Answer::empty(204)) } else { Err(Problem::NotFound) }
}
