//! `POST /v1/leads`: accept a submission.

pub(in crate::routes) mod admit;
mod judge;
mod notified;
mod plan;
pub(in crate::routes) mod repeat;
mod sender;
pub(in crate::routes) mod way;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::{
    error::{Expected, FieldErrors, FieldProblem},
    form::{FormDefinition, KeptAddress},
    submission::Submission,
    wire::IDEMPOTENCY_KEY,
};

pub(super) use self::plan::contacts;
use self::{
    admit::{Candidate, Partner, admit},
    way::Way,
};
use super::{super::gate::Caller, create_by_form};
use crate::{
    answer::Answer,
    client_address,
    idempotency::{IdempotencyKey, Repeatable, fingerprint},
    intake::{self, Intake, formats::Format},
    io::{clock, door, normaliser::Runtime},
    key::{KeyRefusal, Scope},
    problem::Problem,
    routes::exchange::Exchange,
};

/// 1. The key works, and not too much of its holder was refused: 401, 429, 503. It may write: 403.
/// 2. For a publishable key: its form exists and the page may use it: 403.
/// 3. Neither key nor address is known to have used up its leads: 429, without any I/O.
/// 4. The body can be read: 400, 413, 415; and the `Idempotency-Key`: 422. Who says to be a platform has
///    proved it, where it can: 401, 403. What Meta only tells of is fetched, and each lead goes on by itself.
///    A lead that went out from here is answered with its id, 200, and one that came too far, 422.
/// 5. It says which form it is for, and the key is for that form: 403, 422.
/// 6. It is a lead: 422 with everything that is wrong. What cannot be read or is no lead, and was accepted before,
///    is answered as it was then.
/// 7. One transaction stores answer, counts, lead and deliveries, or nothing: a request that came
///    before is answered as it was, or 422 if it was another; a person who came before, 200; 401, 429, 503.
/// 8. 201, and behind the answer the first attempts, unless the lead is held back.
///
/// # Errors
/// As above.
pub async fn create(exchange: &Exchange) -> Result<Answer, Problem> {
    // 1.
    let (caller, has_key_in_body) = sender::identify(exchange).await?;
    let client = caller.client(exchange);
    let refusals = caller.refusals(client.as_deref());
    refusals.must_be_few(exchange)?;
    let result = submit(exchange, &caller, client.as_deref(), has_key_in_body).await;
    if let Err(problem) = &result {
        refusals.count(problem, exchange);
    }
    result
}

/// Steps 1 to 4 of who has a key that works.
async fn submit(
    exchange: &Exchange,
    caller: &Caller,
    client: Option<&str>,
    has_key_in_body: bool,
) -> Result<Answer, Problem> {
    let request = &exchange.request;
    caller.must_have(Scope::Write)?;
    // 2.
    let bound = caller.key.grant.only_form().and_then(|id| caller.catalog.form(id));
    match bound {
        // Our own page for a form that was refused sends it again.
        Some(_) if create_by_form::is_from_our_page(exchange) => {}
        Some(form) => caller.must_be_allowed_page(exchange, form)?,
        None if caller.is_publishable() => return Err(Problem::Form),
        None => {}
    }
    // 3.
    caller.must_not_be_denied(exchange)?;
    let address = client.map(|client| address_subject(&caller.key.id, client));
    if let Some(retry_after) = address.as_deref().and_then(|subject| door::denied_for(subject, request.now)) {
        return Err(Problem::RateLimited { retry_after });
    }
    // 4.
    let content_type = request.header("content-type");
    let body = request.bytes().await?;
    let asked = repeatable(exchange, content_type.as_deref(), &body)?;
    let intake = match intake::submission(content_type.as_deref(), &body, &request.query) {
        Ok(intake) => intake,
        Err(error) => return repeat::unless_accepted_before(exchange, caller, asked.as_ref(), error.into()).await,
    };
    if has_key_in_body && intake.google_key.is_none() {
        return Err(KeyRefusal::Missing.into());
    }
    let is_proved = sender::has_proved_itself(exchange, caller, &intake, &body)?;
    // A platform's servers send for everybody: their address is nobody's.
    let client = client.zip(address.as_deref()).filter(|_| !is_proved);
    let partner = match way::of(exchange, caller).await? {
        Way::Ours(id) => return Answer::json(200, &json!({ "id": id, "duplicate": true })),
        Way::New(via) => Partner { dialect: None, via },
    };
    let sender = Sender { caller, bound, client, is_proved, partner: &partner };
    if let Some(ids) = &intake.notified {
        return notified::take_all(exchange, &sender, ids).await;
    }
    let format = intake.format;
    let repeatable = asked.or_else(|| {
        let id = intake.platform_id.as_deref()?;
        Some(if is_proved {
            Repeatable::of_platform(id)
        } else {
            let (content_type, body) = intake::identity(content_type.as_deref().unwrap_or(""), &body);
            Repeatable::of_claimed_platform(id, fingerprint(&request.path, "", content_type, &body))
        })
    });
    let answer = take(exchange, &sender, intake, repeatable.as_ref()).await?;
    Ok(as_expected_by(format, answer))
}

/// The answer with the status that the platform takes for success. Webflow sends again whatever is not answered
/// 200, and in the end nothing any more: <https://developers.webflow.com/data/reference/error-handling>.
fn as_expected_by(format: Option<Format>, answer: Answer) -> Answer {
    let status = if format == Some(Format::Webflow) { 200 } else { answer.status };
    Answer { status, ..answer }
}

/// What the request wants to be known by when it comes again.
///
/// # Errors
/// 422 when its `Idempotency-Key` is none.
pub(in crate::routes) fn repeatable(
    exchange: &Exchange,
    content_type: Option<&str>,
    body: &[u8],
) -> Result<Option<Repeatable>, Problem> {
    let request = &exchange.request;
    let Some(text) = request.header(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = IdempotencyKey::parse(&text).ok_or(Problem::IdempotencyKey)?;
    let (content_type, body) = intake::identity(content_type.unwrap_or(""), body);
    // AlterEstate's address is the same without its last slash.
    let path = request.path.trim_end_matches('/');
    Ok(Some(Repeatable::asked(key, fingerprint(path, &request.query, content_type, &body))))
}

/// Who sends, as far as it is known before the submission is checked.
struct Sender<'a> {
    caller: &'a Caller,
    /// The form that the key is bound to.
    bound: Option<&'a FormDefinition>,
    /// The client's address, where it counts, and what it is counted under.
    client: Option<(&'a str, &'a str)>,
    /// Whether it is a platform's server, by more than a key that stands in web pages.
    is_proved: bool,
    /// The system that sends it.
    partner: &'a Partner,
}

/// Steps 5 to 8, with one submission.
async fn take(
    exchange: &Exchange,
    sender: &Sender<'_>,
    Intake { submission, signals, format, .. }: Intake,
    repeatable: Option<&Repeatable>,
) -> Result<Answer, Problem> {
    let Sender { caller, bound, client, is_proved, partner } = *sender;
    let now = clock::now();
    // 5. and 6.
    let checked = form_of(&submission, caller, bound).and_then(|form| {
        let lead = submission.validate(form, &Runtime, now).map_err(|errors| sender::explained(errors, format))?;
        Ok((form, lead))
    });
    let (form, lead) = match checked {
        Ok(checked) => checked,
        Err(problem) => return repeat::unless_accepted_before(exchange, caller, repeatable, problem).await,
    };
    // 7. and 8.
    let is_from_page = caller.is_publishable() && !is_proved;
    let partner = Some(partner);
    let kept_address = kept_address(form, client.filter(|_| format.is_none()));
    let candidate =
        Candidate { caller, form, lead, signals, is_from_page, client, kept_address, repeatable, partner, now };
    admit(exchange, candidate).await.map(|admitted| admitted.answer)
}

/// The form that a submission is for: what it says, else the one its key is bound to.
fn form_of<'a>(
    submission: &Submission,
    caller: &'a Caller,
    bound: Option<&'a FormDefinition>,
) -> Result<&'a FormDefinition, Problem> {
    let wrong = |problem| {
        let mut errors = FieldErrors::default();
        errors.add("form", problem);
        Problem::Fields(errors)
    };
    match (submission.get("form"), bound) {
        (None | Some(Value::Null), Some(form)) => Ok(form),
        (None | Some(Value::Null), None) => Err(wrong(FieldProblem::Required)),
        (Some(Value::String(id)), _) if !caller.key.grant.covers(id) => Err(Problem::Form),
        (Some(Value::String(id)), _) => {
            let known = || FieldProblem::NotOneOf { allowed: caller.catalog.form_ids(&caller.key.grant) };
            caller.catalog.form(id).ok_or_else(|| wrong(known()))
        }
        (Some(_), _) => Err(wrong(FieldProblem::NotA(Expected::Text))),
    }
}

/// What the form keeps of a client's address.
fn kept_address(form: &FormDefinition, client: Option<(&str, &str)>) -> Option<String> {
    match form.client_address {
        KeptAddress::None => None,
        KeptAddress::Truncated => client_address::network(client?.0),
    }
}

/// What a client's address is counted under: it tells addresses apart and cannot be read back from D1
/// without the key's id and a search over all addresses.
fn address_subject(key_id: &str, client: &str) -> String {
    let digest = Sha256::digest(format!("{key_id} {client}"));
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
