//! Who is calling, and whether they may: the first steps of every request with a key.

use std::rc::Rc;

use shared::form::FormDefinition;

use crate::{
    catalog::Catalog,
    client_address,
    io::{config_store, door, key_use},
    key::{self, ApiKey, KeyKind, KeyRecord, KeyRefusal, Scope},
    origin,
    problem::Problem,
    rate_limit::{Quota, READS_PER_WRITE, RateLimit},
    routes::exchange::Exchange,
};

/// A caller with a key that works.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The key's record.
    pub key: Rc<KeyRecord>,
    /// The forms and destinations in force.
    pub catalog: Rc<Catalog>,
}

/// The key that the request presents.
///
/// # Errors
/// When none comes, or one that is malformed or has no business where it stands.
pub fn presented(exchange: &Exchange) -> Result<ApiKey, KeyRefusal> {
    let request = &exchange.request;
    let authorization = request.header("authorization");
    let x_api_key = if authorization.is_none() { request.header("x-api-key") } else { None };
    key::presented(authorization.as_deref(), x_api_key.as_deref(), request.query_pairs())
}

/// Reads the key and finds its record.
///
/// # Errors
/// 401 without a valid key; 503 when KV cannot be read.
pub async fn authenticate(exchange: &Exchange) -> Result<Caller, Problem> {
    identify(exchange, &presented(exchange)?).await
}

/// Finds the record of a key.
///
/// # Errors
/// 401 when it does not work; 503 when KV cannot be read.
pub async fn identify(exchange: &Exchange, key: &ApiKey) -> Result<Caller, Problem> {
    let (request, hash) = (&exchange.request, key.hash());
    let found = config_store::find(&exchange.bindings, &hash, request.now).await?;
    note_use(exchange, &found.key.id);
    exchange.set_quota(door::write_quota(&found.key.id, found.key.rate_limit, request.now));
    let caller = Caller { key: found.key, catalog: found.catalog };
    if !caller.is_publishable() {
        // A secret key has no business in a page: no page gets to read what it asked for.
        exchange.refuse_page();
    }
    Ok(caller)
}

/// Notes that a key was used, but for leads, of which its window tells.
fn note_use(exchange: &Exchange, key_id: &str) {
    let (request, now) = (&exchange.request, exchange.request.now);
    if request.method == "POST" && request.path == "/v1/leads" || !key_use::is_news(key_id, now) {
        return;
    }
    let (bindings, key_id) = (exchange.bindings.clone(), key_id.to_owned());
    exchange.later(async move { key_use::note(&bindings, &key_id, now).await });
}

impl Caller {
    /// Checks that the key may do that.
    ///
    /// # Errors
    /// 403.
    pub fn must_have(&self, scope: Scope) -> Result<(), Problem> {
        if self.key.grant.has(scope) { Ok(()) } else { Err(Problem::Scope(scope)) }
    }

    /// Checks that the key has not used up its leads, by what this isolate knows: no I/O.
    ///
    /// # Errors
    /// 429.
    pub fn must_not_be_denied(&self, exchange: &Exchange) -> Result<(), Problem> {
        match door::denied_for(&self.key.id, exchange.request.now) {
            Some(retry_after) => Err(Problem::RateLimited { retry_after }),
            None => Ok(()),
        }
    }

    /// Whether the key is one that stands in web pages.
    pub fn is_publishable(&self) -> bool {
        self.key.grant.kind() == KeyKind::Publishable
    }

    /// What the client's address counts under: with a key that everybody has, each address counts by itself, so
    /// that none of them uses up what is there for the others.
    pub fn client(&self, exchange: &Exchange) -> Option<String> {
        if !self.is_publishable() {
            return None;
        }
        exchange.request.header("cf-connecting-ip").map(|address| client_address::counted(&address))
    }

    /// Counts a read in this isolate: at most [`READS_PER_WRITE`] times the key's limit pass in each, and with a
    /// publishable key as many for each address.
    ///
    /// # Errors
    /// 429.
    pub fn meter(&self, exchange: &Exchange) -> Result<Quota, Problem> {
        let (limit, now) = (self.key.rate_limit.times(READS_PER_WRITE), exchange.request.now);
        let used = door::meter(&self.subject("read", self.client(exchange).as_deref()), limit, now);
        let quota = Quota::after(limit, used, now);
        if used > limit.limit {
            exchange.set_quota(quota);
            return Err(Problem::RateLimited { retry_after: quota.seconds_left });
        }
        Ok(quota)
    }

    /// The count of submissions that were refused in this isolate, which has the bounds of reads.
    pub fn refusals(&self, client: Option<&str>) -> Refusals {
        Refusals { subject: self.subject("refused", client), limit: self.key.rate_limit.times(READS_PER_WRITE) }
    }

    fn subject(&self, what: &str, client: Option<&str>) -> String {
        [what, " ", &self.key.id, " ", client.unwrap_or("")].concat()
    }

    /// Checks that the page that makes the request may use the form, and lets it read the answer.
    ///
    /// # Errors
    /// 403.
    pub fn must_be_allowed_page(&self, exchange: &Exchange, form: &FormDefinition) -> Result<(), Problem> {
        if !self.is_publishable() {
            return Ok(());
        }
        match exchange.request.header("origin") {
            Some(origin)
                if origin::is_allowed(&origin, &form.allowed_origins, &exchange.request.own_origin)
                    // A page opened as a file, as one tries a form out.
                    || origin == origin::OPAQUE && exchange.bindings.is_development() =>
            {
                exchange.allow_page(&origin);
                Ok(())
            }
            // The page may read why: docs/decisions/0009.
            Some(_) => Err(Problem::Origin),
            None if form.require_origin => Err(Problem::OriginMissing),
            None => Ok(()),
        }
    }
}

/// How many submissions of a caller were refused.
#[derive(Debug)]
pub struct Refusals {
    subject: String,
    limit: RateLimit,
}

impl Refusals {
    /// Checks that they are not too many for one more try.
    ///
    /// # Errors
    /// 429.
    pub fn must_be_few(&self, exchange: &Exchange) -> Result<(), Problem> {
        let now = exchange.request.now;
        let quota = Quota::after(self.limit, door::metered(&self.subject, self.limit, now), now);
        if quota.remaining > 0 {
            return Ok(());
        }
        exchange.set_quota(quota);
        Err(Problem::RateLimited { retry_after: quota.seconds_left })
    }

    /// Counts one more if that was one: what is no fault of the sender, or says that it was too much, is none.
    pub fn count(&self, problem: &Problem, exchange: &Exchange) {
        if problem.is_the_senders() {
            door::meter(&self.subject, self.limit, exchange.request.now);
        }
    }
}
