//! What the demo consists of. A further provider is one more line of the table in `destinations`.

use serde_json::{Value, json};

/// The demo form's id.
pub const FORM: &str = "demo";

/// A destination and what the admin API takes for it.
pub struct Destination {
    /// Its id in the API's path.
    pub id: &'static str,
    /// The body of the `PUT`.
    pub body: Value,
}

/// The form of the sandbox's start page: the default fields, with consent.
pub fn form(sandbox_port: u16) -> Value {
    json!({
        "name": "Demo",
        "phone_region": "GB",
        "consent": {
            "required": true,
            "text": "I agree that my details are used to answer this enquiry.",
            "version": "demo-1",
            "policy_url": "https://example.com/privacy",
        },
        "allowed_origins": [
            format!("http://localhost:{sandbox_port}"),
            format!("http://127.0.0.1:{sandbox_port}"),
        ],
    })
}

/// One destination per provider, each at the provider sandbox. LeadPro wants an e-mail address and a phone number
/// and the marketplace a state of the US, so a lead of the demo's form may be skipped there, and says so.
pub fn destinations(sandbox_port: u16) -> Vec<Destination> {
    let table = [
        ("anyhouse", "/api/partner/leads", "ANYHOUSE_TOKEN", json!({"auth": "bearer"})),
        ("leadpro", "/api/v103/leads", "LEADPRO_KEY", json!({"type": "vendor"})),
        ("marketplace", "/api/leads", "MARKETPLACE_KEY", json!({"seller": "ACME1234", "category": "Real Estate"})),
        ("alterestate", "/api/v1/leads/", "ALTERESTATE_KEY", json!({})),
        ("actuallycare", "/v1/leads", "ACTUALLYCARE_KEY", json!({"source": "Website Form"})),
        ("webhook", "/leads", "WEBHOOK_SECRET", json!({})),
    ];
    table
        .into_iter()
        .map(|(provider, path, credential, settings)| Destination {
            id: provider,
            body: json!({
                "provider": provider,
                "url": format!("http://127.0.0.1:{sandbox_port}/{provider}{path}"),
                "credential": credential,
                "forms": [FORM],
                "settings": settings,
            }),
        })
        .collect()
}

/// The key in the start page's script tag.
pub fn publishable_key() -> Value {
    json!({"kind": "publishable", "name": "Demo page", "form": FORM})
}

/// The key in the `curl` line.
pub fn secret_key() -> Value {
    json!({
        "kind": "secret",
        "name": "Demo server",
        "forms": ["*"],
        "scopes": ["leads:write", "leads:read", "leads:manage"],
    })
}
