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

/// One destination per provider, each at the provider sandbox.
pub fn destinations(sandbox_port: u16) -> Vec<Destination> {
    let table = [("anyhouse", "/anyhouse/api/partner/leads", "ANYHOUSE_TOKEN", json!({"auth": "bearer"}))];
    table
        .into_iter()
        .map(|(provider, path, credential, settings)| Destination {
            id: provider,
            body: json!({
                "provider": provider,
                "url": format!("http://127.0.0.1:{sandbox_port}{path}"),
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
