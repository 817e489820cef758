//! One field: its label, control, help and error.

use leptos::prelude::*;
use shared::field::{Field, FieldKind};

use super::problem_text;
use crate::{form_state::FormState, messages::MESSAGES};

/// The field at `index` of the form.
#[component]
pub fn FormField(state: RwSignal<FormState>, index: usize, field: Field) -> AnyView {
    let control = match field.kind {
        FieldKind::Hidden => return ().into_any(),
        FieldKind::Checkbox => return checkbox(state, index, field),
        FieldKind::Radio => return radio(state, index, field),
        FieldKind::Select => select(state, index, &field),
        FieldKind::Textarea => textarea(state, index, &field),
        _ => input(state, index, &field),
    };
    let id = field.name.clone();
    let notes = notes(state, index, &field);
    view! {
        <div class="field">
            <label for=id>{label(&field)}</label>
            {control}
            {notes}
        </div>
    }
    .into_any()
}

fn label(field: &Field) -> AnyView {
    let optional =
        (!field.required).then(|| view! { " " <span class="optional">{MESSAGES.optional}</span> }.into_any());
    (field.label.clone(), optional).into_any()
}

/// The help and the error below a control. The error's element is always there: it is a live region.
fn notes(state: RwSignal<FormState>, index: usize, field: &Field) -> AnyView {
    let (help_id, error_id) = note_ids(field);
    let help = field.help.clone().map(|help| view! { <p class="help" id=help_id>{help}</p> }.into_any());
    let error = move || state.with(|state| problem_text(state.problem(index)));
    view! { {help} <p class="error" id=error_id aria-live="polite">{error}</p> }.into_any()
}

fn note_ids(field: &Field) -> (String, String) {
    ([&field.name, "-help"].concat(), [&field.name, "-error"].concat())
}

fn described_by(field: &Field) -> String {
    let (help_id, error_id) = note_ids(field);
    if field.help.is_some() { [help_id, error_id].join(" ") } else { error_id }
}

fn is_wrong(state: RwSignal<FormState>, index: usize) -> impl Fn() -> String + Copy + Send + 'static {
    move || state.with(|state| state.problem(index).is_some()).to_string()
}

fn is_sending(state: RwSignal<FormState>) -> impl Fn() -> bool + Copy + Send + 'static {
    move || state.with(FormState::is_sending)
}

fn edit(state: RwSignal<FormState>, index: usize, value: String) {
    state.update(|state| state.edit(index, value));
}

fn leave(state: RwSignal<FormState>, index: usize) {
    // A form that is taken from the page loses its focus too.
    state.try_update(|state| state.leave(index));
}

fn first_value(state: RwSignal<FormState>, index: usize) -> String {
    state.with_untracked(|state| state.value(index).to_owned())
}

fn input(state: RwSignal<FormState>, index: usize, field: &Field) -> AnyView {
    let (kind, mode) = match field.kind {
        FieldKind::Email => ("email", "email"),
        FieldKind::Tel => ("tel", "tel"),
        // Browsers give the value of an unfinished `type="number"` as empty, so the error would be wrong.
        FieldKind::Number => ("text", "decimal"),
        FieldKind::Date => ("date", "none"),
        _ => ("text", "text"),
    };
    view! {
        <input
            id=field.name.clone()
            name=field.name.clone()
            type=kind
            inputmode=mode
            autocomplete=autocomplete(field)
            placeholder=field.placeholder.clone()
            required=field.required
            readonly=is_sending(state)
            aria-invalid=is_wrong(state, index)
            aria-describedby=described_by(field)
            prop:value=first_value(state, index)
            on:input=move |event| edit(state, index, event_target_value(&event))
            on:blur=move |_| leave(state, index)
        />
    }
    .into_any()
}

fn textarea(state: RwSignal<FormState>, index: usize, field: &Field) -> AnyView {
    view! {
        <textarea
            id=field.name.clone()
            name=field.name.clone()
            rows="4"
            autocomplete=autocomplete(field)
            placeholder=field.placeholder.clone()
            required=field.required
            readonly=is_sending(state)
            aria-invalid=is_wrong(state, index)
            aria-describedby=described_by(field)
            prop:value=first_value(state, index)
            on:input=move |event| edit(state, index, event_target_value(&event))
            on:blur=move |_| leave(state, index)
        ></textarea>
    }
    .into_any()
}

fn select(state: RwSignal<FormState>, index: usize, field: &Field) -> AnyView {
    let chosen = first_value(state, index);
    let options: Vec<AnyView> = field
        .options
        .iter()
        .map(|option| {
            let is_chosen = option.value == chosen;
            view! { <option value=option.value.clone() selected=is_chosen>{option.label.clone()}</option> }.into_any()
        })
        .collect();
    view! {
        <select
            id=field.name.clone()
            name=field.name.clone()
            autocomplete=autocomplete(field)
            required=field.required
            aria-invalid=is_wrong(state, index)
            aria-describedby=described_by(field)
            on:change=move |event| edit(state, index, event_target_value(&event))
            on:blur=move |_| leave(state, index)
        >
            <option value="">{MESSAGES.choose}</option>
            {options}
        </select>
    }
    .into_any()
}

fn radio(state: RwSignal<FormState>, index: usize, field: Field) -> AnyView {
    let chosen = first_value(state, index);
    let choices: Vec<AnyView> = field
        .options
        .iter()
        .map(|option| {
            let id = [&field.name, "-", &option.value].concat();
            let value = option.value.clone();
            view! {
                <div class="choice">
                    <input
                        id=id.clone()
                        name=field.name.clone()
                        type="radio"
                        value=option.value.clone()
                        checked=option.value == chosen
                        on:change=move |_| edit(state, index, value.clone())
                    />
                    <label for=id>{option.label.clone()}</label>
                </div>
            }
            .into_any()
        })
        .collect();
    view! {
        <fieldset
            class="field"
            role="radiogroup"
            aria-required=field.required.to_string()
            aria-invalid=is_wrong(state, index)
            aria-describedby=described_by(&field)
        >
            <legend>{label(&field)}</legend>
            {choices}
            {notes(state, index, &field)}
        </fieldset>
    }
    .into_any()
}

fn checkbox(state: RwSignal<FormState>, index: usize, field: Field) -> AnyView {
    let tick = move |event| {
        let value = if event_target_checked(&event) { "true" } else { "" };
        edit(state, index, value.to_owned());
    };
    view! {
        <div class="field">
            <div class="choice">
                <input
                    id=field.name.clone()
                    name=field.name.clone()
                    type="checkbox"
                    required=field.required
                    checked=!first_value(state, index).is_empty()
                    aria-invalid=is_wrong(state, index)
                    aria-describedby=described_by(&field)
                    on:change=tick
                />
                <label for=field.name.clone()>{label(&field)}</label>
            </div>
            {notes(state, index, &field)}
        </div>
    }
    .into_any()
}

/// The form's own token, or the one that the field's name and kind mean.
fn autocomplete(field: &Field) -> Option<String> {
    let meant = match (field.name.as_str(), field.kind) {
        ("name", _) => "name",
        ("first_name", _) => "given-name",
        ("last_name", _) => "family-name",
        ("postcode", _) => "postal-code",
        ("city", _) => "address-level2",
        (_, FieldKind::Email) => "email",
        (_, FieldKind::Tel) => "tel",
        _ => return field.autocomplete.clone(),
    };
    field.autocomplete.clone().or_else(|| Some(meant.to_owned()))
}
