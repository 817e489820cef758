//! Whether the steps and conditions of a form make sense: what its types cannot say.

use shared::field::{Field, FieldKind};

/// Most steps of a form. Each costs visitors who do not come to the next.
pub const MAX_STEPS: u8 = 9;

/// What is wrong with them, for the operator; `None` when nothing is.
pub fn problem(fields: &[Field]) -> Option<String> {
    let last = fields.iter().map(|field| field.step).max().unwrap_or(1);
    let is_filled = |step| fields.iter().any(|field| field.step == step && field.kind != FieldKind::Hidden);
    let has_gap = last > 1 && !(1..=last).all(is_filled);
    if last > MAX_STEPS || has_gap || fields.iter().any(|field| field.step == 0) {
        return Some(format!("Number the steps from 1 to at most {MAX_STEPS}, each with a field that is shown."));
    }
    fields.iter().enumerate().find_map(|(index, field)| {
        let condition = field.show_when.as_ref()?;
        let Some(other) = fields.iter().take(index).find(|other| other.name == condition.field) else {
            return Some(format!("Let show_when of {} name a field that stands before it.", field.name));
        };
        let can_be = |answer: &String| match other.kind {
            FieldKind::Select | FieldKind::Radio => other.options.iter().any(|option| option.value == *answer),
            FieldKind::Checkbox => answer == "true" || answer == "false",
            _ => true,
        };
        (condition.is.is_empty() || !condition.is.iter().all(can_be))
            .then(|| format!("Let show_when of {} give answers that {} can have.", field.name, other.name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn is_sound(fields: Value) -> bool {
        let fields: Vec<Field> = serde_json::from_value(fields).unwrap();
        problem(&fields).is_none()
    }

    #[test]
    fn steps_are_numbered_without_gaps_and_none_is_empty() {
        assert!(is_sound(json!([{"name": "a"}, {"name": "b", "step": 2}])));
        assert!(is_sound(json!([])));
        assert!(!is_sound(json!([{"name": "a"}, {"name": "b", "step": 3}])));
        assert!(!is_sound(json!([{"name": "a", "step": 2}])));
        assert!(!is_sound(json!([{"name": "a"}, {"name": "b", "step": 2, "kind": "hidden"}])));
        assert!(!is_sound(json!([{"name": "a", "step": 0}, {"name": "b"}])));
        assert!(!is_sound(json!([{"name": "a", "step": 0}])));
    }

    #[test]
    fn a_condition_looks_back_at_answers_that_can_come() {
        let intent = json!({"name": "intent", "kind": "radio", "options": [{"value": "sell", "label": "Sell"}]});
        let when = |field: &str, is: &[&str]| json!({"name": "since", "show_when": {"field": field, "is": is}});
        assert!(is_sound(json!([intent, when("intent", &["sell"])])));
        assert!(is_sound(json!([{"name": "own", "kind": "checkbox"}, when("own", &["true"])])));
        assert!(!is_sound(json!([when("intent", &["sell"]), intent])));
        assert!(!is_sound(json!([when("since", &["sell"])])));
        assert!(!is_sound(json!([intent, when("intent", &["rent"])])));
        assert!(!is_sound(json!([intent, when("intent", &[])])));
    }
}
