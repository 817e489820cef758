//! A new lead in a provider's words: accepted as every submission, and answered in the same words.

use serde_json::{Map, Value};
use shared::{
    form::{Campaign, FormDefinition},
    lead::Lead,
    timestamp::Timestamp,
};

use super::{
    super::{
        gate::{self, Caller},
        leads::create::{
            admit::{Admitted, Candidate, Partner, admit},
            repeat, repeatable,
            way::{self, Way},
        },
    },
    forms, sale, which_form,
};
use crate::{
    answer::Answer,
    intake::{self, signals::Signals},
    io::{clock, normaliser::Runtime},
    key::Scope,
    partner::{Dialect, Taken, fields::Rejected, seller},
    problem::Problem,
    provider::marketplace,
    routes::exchange::Exchange,
};

/// Parameters of the query that are no fields of a lead.
const QUERY_CONTROLS: [&str; 2] = ["form", "key"];

/// 1. The key works, was not refused too often, is a secret one and may write: 401, 403, 429, 503.
/// 2. The body can be read: 400, 413, 415; and the `Idempotency-Key`: 422.
/// 3. It is known for which form it is: 403, 422.
/// 4. It is a lead by the provider's page, which is all that is asked of it: 422 with everything that is
///    wrong, under the provider's names. What is not, and was accepted before, is answered as it was then.
/// 5. A lead that went out from here is answered as one that is there already; one that came too far is 422.
/// 6. What accepting a lead does from its seventh step on.
/// 7. Where a group of destinations takes turns with a lead of the marketplace, its sender waits a while for
///    a buyer.
///
/// # Errors
/// As above.
pub async fn create(exchange: &Exchange, dialect: Dialect) -> Result<Answer, Problem> {
    // 1.
    let caller = gate::authenticate(exchange).await?;
    let refusals = caller.refusals(None);
    refusals.must_be_few(exchange)?;
    let result = submit(exchange, &caller, dialect).await;
    if let Err(problem) = &result {
        refusals.count(problem, exchange);
    }
    result
}

/// The steps of who has a key that works.
async fn submit(exchange: &Exchange, caller: &Caller, dialect: Dialect) -> Result<Answer, Problem> {
    let request = &exchange.request;
    if caller.is_publishable() {
        return Err(Problem::NotSecret);
    }
    caller.must_have(Scope::Write)?;
    caller.must_not_be_denied(exchange)?;
    // 2. to 4.
    let content_type = request.header("content-type");
    let body = request.bytes().await?;
    let repeatable = repeatable(exchange, content_type.as_deref(), &body)?;
    let now = clock::now();
    let Checked { form, campaign, lead } = match checked(exchange, caller, dialect, content_type.as_deref(), &body, now)
    {
        Ok(checked) => checked,
        Err(problem) => return repeat::unless_accepted_before(exchange, caller, repeatable.as_ref(), problem).await,
    };
    // 5.
    let via = match way::of(exchange, caller).await? {
        Way::New(via) => via,
        Way::Ours(id) => {
            let (status, body) = dialect.taken(&Taken { id, lead: &lead, is_duplicate: true, now });
            return Ok(Answer::json_text(status, body.to_string()));
        }
    };
    // 6.
    let partner = Partner { dialect: Some(dialect), via };
    let candidate = Candidate {
        caller,
        form,
        lead,
        signals: Signals::default(),
        is_from_page: false,
        client: None,
        kept_address: None,
        repeatable: repeatable.as_ref(),
        partner: Some(&partner),
        now,
    };
    let Admitted { answer, in_turns } = admit(exchange, candidate).await?;
    // 7.
    match in_turns {
        Some(lead_id) if dialect == Dialect::Marketplace => {
            let price = campaign.and_then(|campaign| campaign.price.as_ref());
            let kept = repeatable.as_ref().map(|repeatable| (caller.key.id.as_str(), repeatable.key.as_str()));
            Ok(sale::answer(exchange, answer, &lead_id, price, kept).await)
        }
        _ => Ok(answer),
    }
}

/// A lead by the provider's page, and who receives it.
struct Checked<'a> {
    form: &'a FormDefinition,
    campaign: Option<&'a Campaign>,
    lead: Lead,
}

/// What a body says.
fn checked<'a>(
    exchange: &Exchange,
    caller: &'a Caller,
    dialect: Dialect,
    content_type: Option<&str>,
    body: &[u8],
    now: Timestamp,
) -> Result<Checked<'a>, Problem> {
    // 2.
    // Whoever sends nothing has forgotten every field, whatever type it is said to have.
    let mut fields = if body.is_empty() { Map::new() } else { intake::as_sent_by_partner(content_type, body)? };
    if dialect.reads_query() {
        let is_query_alone = fields.is_empty();
        fields = intake::with_query(&exchange.request.query, fields);
        QUERY_CONTROLS.iter().for_each(|name| drop(fields.remove(*name)));
        if is_query_alone {
            marketplace::inbound::complete_query(&mut fields);
        }
    }
    // 3.
    let (form, campaign) = receiver(exchange, caller, dialect, &fields)?;
    // 4.
    let lacking = campaign.map(|campaign| marketplace::inbound::lacking(campaign, &fields)).unwrap_or_default();
    let (submission, mut wrong) = match dialect.submission(fields) {
        Ok(submission) => (submission, Vec::new()),
        Err(Rejected { wrong, rest }) => (rest, wrong),
    };
    wrong.extend(lacking);
    match submission.validate(form, &Runtime, now) {
        Ok(lead) if wrong.is_empty() => Ok(Checked { form, campaign, lead }),
        Err(errors) if wrong.is_empty() => Err(errors.into()),
        result => {
            // All that is wrong is said at once, of each field what the provider says of it.
            let more = result.err().map(|errors| dialect.wrong(&errors)).unwrap_or_default();
            let told: Vec<String> = wrong.iter().map(|wrong| wrong.field.clone()).collect();
            wrong.extend(more.into_iter().filter(|more| !told.contains(&more.field)));
            Err(Problem::Partner(wrong))
        }
    }
}

/// The form that a lead is for, and the campaign that buys it there. At the marketplace the seller says
/// which form it is.
fn receiver<'a>(
    exchange: &Exchange,
    caller: &'a Caller,
    dialect: Dialect,
    fields: &Map<String, Value>,
) -> Result<(&'a FormDefinition, Option<&'a Campaign>), Problem> {
    let forms = forms(exchange, caller)?;
    let (seller, category) = (seller::word(fields.get("seller")), seller::word(fields.get("category")));
    // One that did not come is told of with everything else that is missing.
    let form = match forms.as_slice() {
        several if dialect == Dialect::Marketplace && !seller.is_empty() => {
            seller::form_of(&seller, several).map_err(|wrong| Problem::Partner(vec![wrong]))?
        }
        [form] => form,
        [] => return Err(Problem::Form),
        _ if dialect == Dialect::Marketplace => {
            return Err(Problem::Partner(
                dialect.submission(fields.clone()).err().map(|rejected| rejected.wrong).unwrap_or_default(),
            ));
        }
        _ => return Err(which_form(caller)),
    };
    let campaign = match dialect {
        Dialect::Marketplace if !category.is_empty() => {
            seller::campaign(form, &category).map_err(|wrong| Problem::Partner(vec![wrong]))?
        }
        _ => None,
    };
    Ok((form, campaign))
}
