//! Meta's Graph API, from which leads are fetched: it knows a lead under every id but `404`.
//! <https://developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving/>

use serde_json::{Map, Value, json};

use super::{Answer, Call, Provider};

pub(super) const PROVIDER: Provider = Provider { name: "meta", endpoint: "/", answer };

const TOKEN: &str = "Bearer sandbox-meta-token";

/// What is given whether asked for or not.
const ALWAYS: [&str; 1] = ["id"];

fn answer(call: &Call<'_>) -> Answer {
    if call.method != "GET" {
        return refusal(400, "GraphMethodException", 100, "Unsupported request.");
    }
    if call.header("authorization") != Some(TOKEN) {
        return refusal(401, "OAuthException", 190, "Invalid OAuth access token.");
    }
    let id = call.path.trim_start_matches('/');
    if id == "404" {
        return refusal(400, "GraphMethodException", 100, "Object does not exist.");
    }
    let fields = call.query.strip_prefix("fields=").unwrap_or_default();
    let asked: Vec<&str> = fields.split(',').chain(ALWAYS).collect();
    let Value::Object(lead) = lead(id) else { return (500, Value::Null) };
    (200, Value::Object(lead.into_iter().filter(|(name, _)| asked.contains(&name.as_str())).collect::<Map<_, _>>()))
}

fn lead(id: &str) -> Value {
    json!({
        "id": id,
        "created_time": "2026-11-20T15:21:04+0000",
        "form_id": "900000000000401",
        "campaign_name": "Spring",
        "platform": "fb",
        "retailer_item_id": "only where it is asked for",
        "field_data": [
            {"name": "full_name", "values": ["Marla Singer"]},
            {"name": "email", "values": [format!("lead{id}@example.com")]},
            {"name": "phone_number", "values": ["+441623000000"]},
        ],
        "custom_disclaimer_responses": [{"checkbox_key": "contact_ok", "is_checked": "1"}],
    })
}

fn refusal(status: u16, kind: &str, code: u16, message: &str) -> Answer {
    (status, json!({"error": {"message": message, "type": kind, "code": code, "fbtrace_id": "A"}}))
}
