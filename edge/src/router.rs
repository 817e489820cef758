//! Every path on one screen.

use crate::{
    answer::Answer,
    partner::Dialect,
    problem::Problem,
    routes::exchange::Exchange,
    routes::{admin, compat, consent_key, deliveries, form, form_script, health, leads, privacy, stats, thanks},
};

/// An address of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route<'a> {
    /// `/healthz`
    Health,
    /// `/v1/form`
    Form,
    /// `/form.js`
    FormScript,
    /// `/v1/thanks`
    Thanks,
    /// `/v1/leads`
    Leads,
    /// `/v1/leads/export`
    LeadExport,
    /// `/v1/leads/{id}`
    Lead(&'a str),
    /// `/v1/leads/{id}/deliveries`
    LeadDeliveries(&'a str),
    /// `/v1/leads/{id}/history`
    LeadHistory(&'a str),
    /// `/v1/leads/{id}/release`
    LeadRelease(&'a str),
    /// `/v1/leads/{id}/consent`
    LeadConsent(&'a str),
    /// `/v1/leads/{id}/withdraw`
    LeadWithdraw(&'a str),
    /// `/v1/leads/{id}/convert`
    LeadConvert(&'a str),
    /// `/v1/stats`
    Stats,
    /// `/v1/privacy/export`
    PrivacyExport,
    /// `/v1/privacy/erase`
    PrivacyErase,
    /// `/.well-known/leadgate-consent-key`
    ConsentKey,
    /// `/v1/deliveries`
    Deliveries,
    /// `/v1/deliveries/retry`
    RetryMany,
    /// `/v1/deliveries/{id}/retry`
    Retry(&'a str),
    /// `/v1/admin/keys`
    Keys,
    /// `/v1/admin/keys/{id}`
    Key(&'a str),
    /// `/v1/admin/keys/{id}/rotate`
    KeyRotate(&'a str),
    /// `/v1/admin/audit`
    Audit,
    /// `/v1/admin/forms`
    Forms,
    /// `/v1/admin/forms/{id}`
    FormOf(&'a str),
    /// `/v1/admin/forms/{id}/preflight`
    FormPreflight(&'a str),
    /// `/v1/admin/destinations`
    Destinations,
    /// `/v1/admin/destinations/{id}`
    Destination(&'a str),
    /// `/v1/admin/destinations/{id}/test`
    DestinationTest(&'a str),
    /// `/v1/admin/groups`
    Groups,
    /// `/v1/admin/groups/{id}`
    Group(&'a str),
    /// `/v1/admin/alerts`
    Alerts,
    /// `/v1/admin/alerts/{id}`
    Alert(&'a str),
    /// Where a provider takes leads, below `/compat/{provider}`
    CompatLeads(Dialect),
    /// `/compat/actuallycare/v1/leads/{id}`
    CompatLead(&'a str),
    /// `/compat/actuallycare/v1/leads/{id}/convert`
    CompatConvert(&'a str),
}

impl<'a> Route<'a> {
    /// The route of a path, its methods for `Allow`, and its name in logs.
    pub fn of(path: &'a str) -> Option<(Self, &'static str, &'static str)> {
        /// Methods of what can only be read.
        const LIST: &str = "GET, HEAD, OPTIONS";
        /// Methods of what is set going.
        const RUN: &str = "OPTIONS, POST";
        /// Methods of what is kept under an id.
        const CHANGE: &str = "DELETE, GET, HEAD, OPTIONS, PUT";
        let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        // AlterEstate's own address ends with a slash, which is easily lost on the way. Nothing else may be empty.
        let (before_last, is_alterestate) =
            (segments.len().saturating_sub(1), path.starts_with("/compat/alterestate/"));
        if segments.iter().enumerate().any(|(at, segment)| segment.is_empty() && !(is_alterestate && at == before_last))
        {
            return None;
        }
        Some(match segments.as_slice() {
            ["healthz"] => (Self::Health, "GET, HEAD, OPTIONS", "/healthz"),
            ["v1", "form"] => (Self::Form, "GET, HEAD, OPTIONS", "/v1/form"),
            ["form.js"] => (Self::FormScript, LIST, "/form.js"),
            ["v1", "thanks"] => (Self::Thanks, LIST, "/v1/thanks"),
            ["v1", "leads"] => (Self::Leads, "GET, HEAD, OPTIONS, POST", "/v1/leads"),
            ["v1", "leads", "export"] => (Self::LeadExport, LIST, "/v1/leads/export"),
            ["v1", "leads", id] => (Self::Lead(id), CHANGE, "/v1/leads/{id}"),
            ["v1", "leads", id, "deliveries"] => (Self::LeadDeliveries(id), LIST, "/v1/leads/{id}/deliveries"),
            ["v1", "leads", id, "history"] => (Self::LeadHistory(id), LIST, "/v1/leads/{id}/history"),
            ["v1", "leads", id, "release"] => (Self::LeadRelease(id), RUN, "/v1/leads/{id}/release"),
            ["v1", "leads", id, "consent"] => (Self::LeadConsent(id), LIST, "/v1/leads/{id}/consent"),
            ["v1", "leads", id, "withdraw"] => (Self::LeadWithdraw(id), RUN, "/v1/leads/{id}/withdraw"),
            ["v1", "leads", id, "convert"] => (Self::LeadConvert(id), RUN, "/v1/leads/{id}/convert"),
            ["v1", "stats"] => (Self::Stats, LIST, "/v1/stats"),
            ["v1", "privacy", "export"] => (Self::PrivacyExport, RUN, "/v1/privacy/export"),
            ["v1", "privacy", "erase"] => (Self::PrivacyErase, RUN, "/v1/privacy/erase"),
            [".well-known", "leadgate-consent-key"] => (Self::ConsentKey, LIST, "/.well-known/leadgate-consent-key"),
            ["v1", "deliveries"] => (Self::Deliveries, LIST, "/v1/deliveries"),
            ["v1", "deliveries", "retry"] => (Self::RetryMany, RUN, "/v1/deliveries/retry"),
            ["v1", "deliveries", id, "retry"] => (Self::Retry(id), RUN, "/v1/deliveries/{id}/retry"),
            ["v1", "admin", "keys"] => (Self::Keys, "GET, HEAD, POST, OPTIONS", "/v1/admin/keys"),
            ["v1", "admin", "keys", id] => (Self::Key(id), "DELETE, GET, HEAD, OPTIONS", "/v1/admin/keys/{id}"),
            ["v1", "admin", "keys", id, "rotate"] => (Self::KeyRotate(id), RUN, "/v1/admin/keys/{id}/rotate"),
            ["v1", "admin", "audit"] => (Self::Audit, LIST, "/v1/admin/audit"),
            ["v1", "admin", "forms"] => (Self::Forms, LIST, "/v1/admin/forms"),
            ["v1", "admin", "forms", id] => (Self::FormOf(id), CHANGE, "/v1/admin/forms/{id}"),
            ["v1", "admin", "forms", id, "preflight"] => {
                (Self::FormPreflight(id), LIST, "/v1/admin/forms/{id}/preflight")
            }
            ["v1", "admin", "destinations"] => (Self::Destinations, LIST, "/v1/admin/destinations"),
            ["v1", "admin", "destinations", id] => (Self::Destination(id), CHANGE, "/v1/admin/destinations/{id}"),
            ["v1", "admin", "destinations", id, "test"] => {
                (Self::DestinationTest(id), RUN, "/v1/admin/destinations/{id}/test")
            }
            ["v1", "admin", "groups"] => (Self::Groups, LIST, "/v1/admin/groups"),
            ["v1", "admin", "groups", id] => (Self::Group(id), CHANGE, "/v1/admin/groups/{id}"),
            ["v1", "admin", "alerts"] => (Self::Alerts, LIST, "/v1/admin/alerts"),
            ["v1", "admin", "alerts", id] => (Self::Alert(id), CHANGE, "/v1/admin/alerts/{id}"),
            ["compat", "anyhouse", "api", "partner", "leads"] => {
                (Self::CompatLeads(Dialect::AnyHouse), RUN, "/compat/anyhouse/api/partner/leads")
            }
            ["compat", "leadpro", "api", "v103", "leads"] => {
                (Self::CompatLeads(Dialect::LeadPro), RUN, "/compat/leadpro/api/v103/leads")
            }
            ["compat", "marketplace", "api", "leads"] => {
                (Self::CompatLeads(Dialect::Marketplace), RUN, "/compat/marketplace/api/leads")
            }
            ["compat", "alterestate", "api", "v1", "leads"] | ["compat", "alterestate", "api", "v1", "leads", ""] => {
                (Self::CompatLeads(Dialect::AlterEstate), RUN, "/compat/alterestate/api/v1/leads/")
            }
            ["compat", "actuallycare", "v1", "leads"] => {
                (Self::CompatLeads(Dialect::ActuallyCare), "GET, HEAD, OPTIONS, POST", "/compat/actuallycare/v1/leads")
            }
            ["compat", "actuallycare", "v1", "leads", id] => {
                (Self::CompatLead(id), CHANGE, "/compat/actuallycare/v1/leads/{id}")
            }
            ["compat", "actuallycare", "v1", "leads", id, "convert"] => {
                (Self::CompatConvert(id), RUN, "/compat/actuallycare/v1/leads/{id}/convert")
            }
            _ => return None,
        })
    }

    /// Whether pages on other sites call it.
    const fn is_for_pages(self) -> bool {
        matches!(self, Self::Form | Self::FormScript | Self::Leads | Self::Health | Self::ConsentKey)
    }
}

/// Answers a request.
///
/// # Errors
/// What it ends in instead of what was asked for.
pub async fn answer(exchange: &Exchange) -> Result<Answer, Problem> {
    let Some((route, allow, _)) = Route::of(&exchange.request.path) else {
        return Err(Problem::NotFound);
    };
    if !route.is_for_pages() {
        exchange.refuse_page();
    }
    let method = match exchange.request.method.as_str() {
        "HEAD" => "GET",
        method => method,
    };
    match (route, method) {
        (Route::Health, "GET") => health::show(exchange).await,
        (Route::Form, "GET") => form::show(exchange).await,
        (Route::FormScript, "GET") => Ok(form_script::show(exchange).await),
        (Route::Leads, "GET") if leads::handshake::is_asked(&exchange.request) => {
            leads::handshake::answer(exchange).await
        }
        (Route::Leads, "GET") => leads::list::list(exchange).await,
        (Route::Thanks, "GET") => Ok(thanks::show(exchange).await),
        (Route::Leads, "POST") if leads::create_by_form::is_meant(exchange) => {
            leads::create_by_form::create(exchange).await
        }
        (Route::Leads, "POST") => leads::create::create(exchange).await,
        (Route::LeadExport, "GET") => leads::export::export(exchange).await,
        (Route::Lead(id), "GET") => leads::show::show(exchange, id).await,
        (Route::Lead(id), "PUT") => leads::update::update(exchange, id).await,
        (Route::Lead(id), "DELETE") => leads::delete::delete(exchange, id).await,
        (Route::LeadConvert(id), "POST") => leads::convert::convert(exchange, id).await,
        (Route::LeadDeliveries(id), "GET") => leads::deliveries::deliveries(exchange, id).await,
        (Route::LeadHistory(id), "GET") => leads::history::history(exchange, id).await,
        (Route::LeadRelease(id), "POST") => leads::release::release(exchange, id).await,
        (Route::Stats, "GET") => stats::stats(exchange).await,
        (Route::LeadConsent(id), "GET") => leads::consent::consent(exchange, id).await,
        (Route::LeadWithdraw(id), "POST") => leads::withdraw::withdraw(exchange, id).await,
        (Route::PrivacyExport, "POST") => privacy::export::export(exchange).await,
        (Route::PrivacyErase, "POST") => privacy::erase::erase(exchange).await,
        (Route::ConsentKey, "GET") => consent_key::show(exchange).await,
        (Route::Deliveries, "GET") => deliveries::list::list(exchange).await,
        (Route::RetryMany, "POST") => deliveries::retry_many::retry_many(exchange).await,
        (Route::Retry(id), "POST") => deliveries::retry::retry(exchange, id).await,
        (Route::Keys, "GET") => admin::keys::list(exchange).await,
        (Route::Keys, "POST") => admin::keys::create(exchange).await,
        (Route::Key(id), "GET") => admin::keys::show(exchange, id).await,
        (Route::Key(id), "DELETE") => admin::keys::revoke(exchange, id).await,
        (Route::KeyRotate(id), "POST") => admin::keys::rotate::rotate(exchange, id).await,
        (Route::Audit, "GET") => admin::audit::list(exchange).await,
        (Route::Forms, "GET") => admin::forms::list(exchange).await,
        (Route::FormOf(id), "GET") => admin::forms::show(exchange, id).await,
        (Route::FormOf(id), "PUT") => admin::forms::put(exchange, id).await,
        (Route::FormOf(id), "DELETE") => admin::forms::delete(exchange, id).await,
        (Route::FormPreflight(id), "GET") => admin::form_preflight::preflight(exchange, id).await,
        (Route::Destinations, "GET") => admin::destinations::list(exchange).await,
        (Route::Destination(id), "GET") => admin::destinations::show(exchange, id).await,
        (Route::Destination(id), "PUT") => admin::destinations::put(exchange, id).await,
        (Route::Destination(id), "DELETE") => admin::destinations::delete(exchange, id).await,
        (Route::DestinationTest(id), "POST") => admin::destination_test::test(exchange, id).await,
        (Route::Groups, "GET") => admin::groups::list(exchange).await,
        (Route::Group(id), "GET") => admin::groups::show(exchange, id).await,
        (Route::Group(id), "PUT") => admin::groups::put(exchange, id).await,
        (Route::Group(id), "DELETE") => admin::groups::delete(exchange, id).await,
        (Route::Alerts, "GET") => admin::alerts::list(exchange).await,
        (Route::Alert(id), "GET") => admin::alerts::show(exchange, id).await,
        (Route::Alert(id), "PUT") => admin::alerts::put(exchange, id).await,
        (Route::Alert(id), "DELETE") => admin::alerts::delete(exchange, id).await,
        (Route::CompatLeads(dialect), "POST") => compat::create::create(exchange, dialect).await,
        (Route::CompatLeads(Dialect::ActuallyCare), "GET") => compat::actuallycare::list::list(exchange).await,
        (Route::CompatLead(id), "GET") => compat::actuallycare::show::show(exchange, id).await,
        (Route::CompatLead(id), "DELETE") => compat::actuallycare::delete::delete(exchange, id).await,
        (Route::CompatLead(id), "PUT") => compat::actuallycare::update::update(exchange, id).await,
        (Route::CompatConvert(id), "POST") => compat::actuallycare::convert::convert(exchange, id).await,
        (_, "OPTIONS") => Ok(preflight(exchange, route, allow)),
        _ => Err(Problem::Method(allow)),
    }
}

/// Tells a browser what a page may send. Which pages is decided when the key is known, which a
/// preflight does not carry.
fn preflight(exchange: &Exchange, route: Route<'_>, allow: &'static str) -> Answer {
    /// A day; browsers that allow less take what they allow.
    const MAX_AGE_SECONDS: &str = "86400";
    let answer = Answer::empty(204).with("allow", allow);
    if !route.is_for_pages() || exchange.request.header("origin").is_none() {
        return answer;
    }
    answer
        .with("access-control-allow-methods", allow)
        .with("access-control-allow-headers", "Authorization, Content-Type, Idempotency-Key, X-Api-Key")
        .with("access-control-max-age", MAX_AGE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_exactly() {
        assert_eq!(Route::of("/v1/leads").map(|r| r.0), Some(Route::Leads));
        assert_eq!(Route::of("/v1/leads/1").map(|r| r.0), Some(Route::Lead("1")));
        let with_slash = Route::of("/compat/alterestate/api/v1/leads/");
        assert!(with_slash.is_some());
        assert_eq!(Route::of("/compat/alterestate/api/v1/leads"), with_slash);
        for unknown in
            ["/compat/alterestate/api/v1/leads//", "/compat/alterestate//", "/compat/leadpro/api/v103/leads/"]
        {
            assert_eq!(Route::of(unknown).map(|r| r.0), None, "{unknown}");
        }
        for unknown in ["", "/", "/v1", "/v1/leads/", "/v1/leads/1/2", "/V1/leads", "/v1//leads", "/healthz/"] {
            assert_eq!(Route::of(unknown).map(|r| r.0), None, "{unknown}");
        }
    }
}
