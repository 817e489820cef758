//! What form builders and lead services send, as the fields it stands for.

use serde_json::{Map, Value};

/// The fields of a body. `format` is the query parameter of that name; without one the shape tells. A
/// body comes with the names it was sent with: of form bodies, `fields[email][value]` is one name, and a
/// name that came more than once holds a list.
pub fn flatten(_format: Option<&str>, body: Map<String, Value>) -> Map<String, Value> {
    body
}
