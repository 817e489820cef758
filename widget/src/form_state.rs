//! Everything one form knows while a visitor fills and sends it, and how that changes. No browser here.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use shared::{
    error::FieldProblem,
    field::{Field, FieldKind, check},
};

use crate::{
    answer::{Answer, Trouble, TroubleKind},
    definition::Definition,
};

/// The state of one form.
#[derive(Debug, Clone)]
pub struct FormState {
    form: Arc<Definition>,
    entries: Vec<Entry>,
    consent: Consent,
    phase: Phase,
    idempotency_key: String,
    /// What stands in the field that people do not see.
    trap: String,
    /// The Worker refused these very answers, so changed ones are another request.
    refused: bool,
}

/// What stands in one field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Entry {
    value: String,
    problem: Option<Problem>,
}

/// The state of the consent box.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Consent {
    /// When the box was ticked; `None` while it is not.
    given_at: Option<String>,
    problem: Option<Problem>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Found here, before sending.
    Found(FieldProblem),
    /// Found by the Worker, in its words.
    Told(String),
}

/// Where a form is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// The visitor is filling it.
    Filling,
    /// Something must be mended before it can be sent.
    Mending {
        /// The Worker's words about something that no visible field shows.
        told: Option<String>,
    },
    /// It is on its way.
    Sending {
        /// Whether a try has failed already.
        again: bool,
    },
    /// It could not be sent; the visitor may try again.
    Failed(Trouble),
    /// The lead is stored.
    Sent,
}

/// What outlives a form that is removed from the page: all but the consent, which is given anew by
/// everyone who sees the box anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    values: Vec<(String, String)>,
    idempotency_key: String,
}

impl FormState {
    /// A form with its first values. `idempotency_key` stays with these answers until they arrive.
    pub fn new(form: Arc<Definition>, idempotency_key: String, prefill: impl Fn(&str) -> Option<String>) -> Self {
        let entries = form
            .fields
            .iter()
            .map(|field| Entry { value: prefill(&field.name).unwrap_or_default(), problem: None })
            .collect();
        let consent = Consent::default();
        Self { form, entries, consent, phase: Phase::Filling, idempotency_key, trap: String::new(), refused: false }
    }

    /// The same form, empty, after it was sent.
    pub fn anew(&self, idempotency_key: String) -> Self {
        Self::new(Arc::clone(&self.form), idempotency_key, |_| None)
    }

    /// Takes back what was typed before the form was removed from the page.
    pub fn restore(&mut self, draft: Draft) {
        self.idempotency_key = draft.idempotency_key;
        for (name, value) in draft.values {
            if let Some(entry) = self.index_of(&name).and_then(|index| self.entries.get_mut(index)) {
                entry.value = value;
            }
        }
    }

    /// What to keep of a form that is removed from the page; `None` after it was sent.
    pub fn draft(&self) -> Option<Draft> {
        (self.phase != Phase::Sent).then(|| Draft {
            values: self.answers().map(|(field, value)| (field.name.clone(), value.to_owned())).collect(),
            idempotency_key: self.idempotency_key.clone(),
        })
    }

    /// The form that is filled.
    pub fn form(&self) -> &Definition {
        &self.form
    }

    /// Takes what was put into the field that people do not see. It changes nothing that is shown.
    pub fn trap(&mut self, value: String) {
        self.trap = value;
    }

    /// What was put there.
    pub fn trapped(&self) -> Option<&str> {
        (!self.trap.is_empty()).then_some(&self.trap)
    }

    /// Where it is on its way.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Whether it is on its way to the Worker.
    pub fn is_sending(&self) -> bool {
        matches!(self.phase, Phase::Sending { .. })
    }

    /// The key under which these answers are sent, however often.
    pub fn idempotency_key(&self) -> &str {
        &self.idempotency_key
    }

    /// The value of the field at `index`.
    pub fn value(&self, index: usize) -> &str {
        self.entries.get(index).map_or("", |entry| &entry.value)
    }

    /// What is wrong with the field at `index`.
    pub fn problem(&self, index: usize) -> Option<&Problem> {
        self.entries.get(index)?.problem.as_ref()
    }

    /// When consent was given, if it was.
    pub fn consent_given_at(&self) -> Option<&str> {
        self.consent.given_at.as_deref()
    }

    /// What is wrong with the consent box.
    pub fn consent_problem(&self) -> Option<&Problem> {
        self.consent.problem.as_ref()
    }

    /// Whether the field at `index` may stay empty whatever else is filled. Where neither contact is
    /// required by itself, one of them is, so neither may be called optional.
    pub fn is_optional(&self, index: usize) -> bool {
        let is_contact = |field: &Field| matches!(field.name.as_str(), "email" | "phone");
        let fields = &self.form.fields;
        let Some(field) = fields.get(index) else { return false };
        let one_is_required = fields.iter().any(|field| is_contact(field) && field.required);
        !field.required && (!is_contact(field) || one_is_required)
    }

    /// The fields that were answered, with their answers.
    pub fn answers(&self) -> impl Iterator<Item = (&Field, &str)> {
        let filled = self.form.fields.iter().zip(&self.entries).map(|(field, entry)| (field, entry.value.trim()));
        filled.filter(|(_, value)| !value.is_empty())
    }

    /// The visitor changed a field. Takes an error away once it is mended; never adds one.
    pub fn edit(&mut self, index: usize, value: String) {
        let Some(entry) = self.entries.get_mut(index) else { return };
        entry.value = value;
        let mended = match &entry.problem {
            Some(Problem::Found(_)) => self.check(index).is_none(),
            Some(Problem::Told(_)) => true,
            None => false,
        };
        if mended {
            self.set_problem(index, None);
        }
        if self.has_contact() {
            for entry in &mut self.entries {
                entry.problem.take_if(|problem| *problem == Problem::Found(FieldProblem::EmailOrPhone));
            }
        }
        self.changed();
    }

    /// The visitor left a field.
    pub fn leave(&mut self, index: usize) {
        if matches!(self.problem(index), Some(Problem::Told(_) | Problem::Found(FieldProblem::EmailOrPhone))) {
            return;
        }
        let problem = self.check(index).map(Problem::Found);
        self.set_problem(index, problem);
    }

    /// The visitor ticked the consent box at that time, or cleared it.
    pub fn consent(&mut self, given_at: Option<String>) {
        self.consent = Consent { given_at, problem: None };
        self.changed();
    }

    /// The visitor asks to send. Returns whether to do so: not while it is on its way, so a double
    /// click is one request, and not while something is wrong. `fresh_key` is taken where these
    /// answers are another request than the last.
    pub fn submit(&mut self, fresh_key: String) -> bool {
        if self.is_sending() || self.phase == Phase::Sent {
            return false;
        }
        self.check_all();
        if self.is_wrong() {
            self.phase = Phase::Mending { told: None };
            return false;
        }
        if self.refused {
            self.renew_key(fresh_key);
        }
        self.phase = Phase::Sending { again: false };
        true
    }

    /// A try failed and another follows.
    pub fn try_again(&mut self) {
        self.phase = Phase::Sending { again: true };
    }

    /// The answers become another request than the one the Worker knows.
    pub fn renew_key(&mut self, fresh_key: String) {
        self.idempotency_key = fresh_key;
        self.refused = false;
    }

    /// The last try ended.
    pub fn end(&mut self, answer: Answer) {
        self.phase = match answer {
            Answer::Accepted { .. } => Phase::Sent,
            Answer::Failed(trouble) => Phase::Failed(trouble),
            // Only a key that was not random enough is used twice.
            Answer::KeyUsed => Phase::Failed(Trouble {
                kind: TroubleKind::Server,
                code: "idempotency_conflict".to_owned(),
                retry_after: None,
            }),
            Answer::Invalid(errors) => {
                self.refused = true;
                let mut told = None;
                for (name, message) in errors {
                    told = told.or(self.tell(&name, message));
                }
                Phase::Mending { told }
            }
        };
    }

    /// Puts the Worker's words where they belong, and gives them back when that is nowhere.
    fn tell(&mut self, name: &str, message: String) -> Option<String> {
        // Fields inside fields are named with dots: `consent.given` belongs to the box.
        let outer = name.split('.').next().unwrap_or(name);
        let place = if outer == "consent" {
            &mut self.consent.problem
        } else {
            let index = self.visible(name).or_else(|| self.visible(outer));
            match index.and_then(|index| self.entries.get_mut(index)) {
                Some(entry) => &mut entry.problem,
                None => return Some(message),
            }
        };
        *place = Some(Problem::Told(message));
        None
    }

    fn check_all(&mut self) {
        for index in 0..self.entries.len() {
            self.leave(index);
        }
        if !self.has_contact() {
            for name in ["email", "phone"] {
                if let Some(entry) = self.visible(name).and_then(|index| self.entries.get_mut(index)) {
                    entry.problem.get_or_insert(Problem::Found(FieldProblem::EmailOrPhone));
                }
            }
        }
        if self.form.consent.required && self.consent.given_at.is_none() {
            self.consent.problem.get_or_insert(Problem::Found(FieldProblem::ConsentRequired));
        }
    }

    fn changed(&mut self) {
        if matches!(self.phase, Phase::Mending { .. }) && !self.is_wrong() {
            self.phase = Phase::Filling;
        }
    }

    fn is_wrong(&self) -> bool {
        self.consent.problem.is_some() || self.entries.iter().any(|entry| entry.problem.is_some())
    }

    /// Whether there is a way to reach the visitor. A form that asks for none gets it elsewhere.
    fn has_contact(&self) -> bool {
        let mut asked = ["email", "phone"].into_iter().filter_map(|name| self.index_of(name)).peekable();
        asked.peek().is_none() || asked.any(|index| !self.value(index).trim().is_empty())
    }

    /// The visitor cannot mend what is not shown, so hidden fields are left to the Worker.
    fn check(&self, index: usize) -> Option<FieldProblem> {
        let field = self.form.fields.get(index).filter(|field| field.kind != FieldKind::Hidden)?;
        check(field, self.value(index))
    }

    fn set_problem(&mut self, index: usize, problem: Option<Problem>) {
        if let Some(entry) = self.entries.get_mut(index) {
            entry.problem = problem;
        }
    }

    fn visible(&self, name: &str) -> Option<usize> {
        self.form.fields.iter().position(|field| field.name == name && field.kind != FieldKind::Hidden)
    }

    fn index_of(&self, name: &str) -> Option<usize> {
        self.form.fields.iter().position(|field| field.name == name)
    }
}
