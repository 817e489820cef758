//! Everything one form knows while a visitor fills and sends it, and how that changes. No browser here.

mod checking;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use shared::{
    error::FieldProblem,
    field::{Field, FieldKind, asked},
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
    /// Which fields are asked, as things stand.
    asked: Vec<bool>,
    consent: Consent,
    /// The numbers of the steps that have fields, in order.
    steps: Vec<u8>,
    /// The step that is seen, as a place in `steps`.
    step: usize,
    phase: Phase,
    idempotency_key: String,
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
    Sending(Try),
    /// It could not be sent; the visitor may try again.
    Failed(Trouble),
    /// The lead is stored.
    Sent,
}

/// Which try to send is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// The first.
    First,
    /// Another after one that failed.
    Again,
    /// Another, as soon as the browser is connected again.
    Offline,
}

/// What follows the visitor's wish to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it is on its way already.
    Wait,
    /// Something is wrong and says so.
    Mend,
    /// The next step of the form is seen.
    Step,
    /// The answers go to the Worker.
    Send,
}

impl FormState {
    /// A form in whose fields `values` stand. `idempotency_key` stays with these answers until they arrive.
    pub fn new(form: Arc<Definition>, values: Vec<String>, idempotency_key: String) -> Self {
        let mut values = values.into_iter();
        let entries =
            form.fields.iter().map(|_| Entry { value: values.next().unwrap_or_default(), problem: None }).collect();
        let is_used = |step: &u8| form.fields.iter().any(|f| f.step == *step && f.kind != FieldKind::Hidden);
        let steps = (0..=u8::MAX).filter(is_used).collect();
        let mut state = Self {
            form,
            entries,
            asked: Vec::new(),
            consent: Consent::default(),
            steps,
            step: 0,
            phase: Phase::Filling,
            idempotency_key,
            refused: false,
        };
        state.ask();
        state
    }

    /// The same form after it was sent, with what stands in its fields now. What is not shown stays as it was.
    pub fn anew(&self, mut values: Vec<String>, idempotency_key: String) -> Self {
        for ((field, value), entry) in self.form.fields.iter().zip(&mut values).zip(&self.entries) {
            if field.kind == FieldKind::Hidden {
                value.clone_from(&entry.value);
            }
        }
        Self::new(Arc::clone(&self.form), values, idempotency_key)
    }

    /// The key under which to send these answers another time; `None` once they were sent.
    pub fn unsent_key(&self) -> Option<String> {
        (self.phase != Phase::Sent).then(|| self.idempotency_key.clone())
    }

    /// The form that is filled.
    pub fn form(&self) -> &Definition {
        &self.form
    }

    /// Where it is on its way.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Whether it is on its way to the Worker.
    pub fn is_sending(&self) -> bool {
        matches!(self.phase, Phase::Sending(_))
    }

    /// The key under which these answers are sent, however often.
    pub fn idempotency_key(&self) -> &str {
        &self.idempotency_key
    }

    /// The value of the field at `index`.
    pub fn value(&self, index: usize) -> &str {
        self.entries.get(index).map_or("", |entry| &entry.value)
    }

    /// What is wrong with the field at `index`, or with the consent box behind the last.
    pub fn problem(&self, index: usize) -> Option<&Problem> {
        if self.is_consent(index) {
            return self.consent.problem.as_ref();
        }
        self.entries.get(index)?.problem.as_ref()
    }

    /// Whether `index` is the consent box's, which has the one behind the last field.
    pub fn is_consent(&self, index: usize) -> bool {
        index == self.entries.len()
    }

    /// Whether the field at `index` is asked, as things stand; the consent always is.
    pub fn is_asked(&self, index: usize) -> bool {
        self.asked.get(index).copied().unwrap_or(true)
    }

    /// Whether the field at `index`, or the consent, stands in the step that is seen.
    pub fn is_seen(&self, index: usize) -> bool {
        self.step_of(index) == self.step
    }

    /// The step that is seen, counted from 0.
    pub fn step(&self) -> usize {
        self.step
    }

    /// Whether the step that is seen is the last.
    pub fn is_last_step(&self) -> bool {
        self.step >= self.last_step()
    }

    /// When consent was given, if it was.
    pub fn consent_given_at(&self) -> Option<&str> {
        self.consent.given_at.as_deref()
    }

    /// The fields that were answered, with their answers; not those that were asked no more in the end.
    pub fn answers(&self) -> impl Iterator<Item = (&Field, &str)> {
        let fields = self.form.fields.iter().zip(&self.entries).zip(&self.asked);
        let filled = fields.filter(|(_, is_asked)| **is_asked).map(|((field, entry), _)| (field, entry.value.trim()));
        filled.filter(|(_, value)| !value.is_empty())
    }

    /// The visitor changed a field. Takes an error away once it is mended; never adds one.
    pub fn edit(&mut self, index: usize, value: String) {
        let Some(entry) = self.entries.get_mut(index) else { return };
        if entry.value == value {
            return;
        }
        entry.value = value;
        self.ask();
        let mended = match self.problem(index) {
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

    /// The visitor ticked the consent box at that time, or cleared it.
    pub fn consent(&mut self, given_at: Option<String>) {
        self.consent = Consent { given_at, problem: None };
        self.changed();
    }

    /// The visitor asks to go on or to send. Not while it is on its way, so a double click is one request, and not
    /// while something is wrong. `fresh_key` is taken where these answers are another request than the last.
    pub fn submit(&mut self, fresh_key: String) -> Next {
        if self.is_sending() || self.phase == Phase::Sent {
            return Next::Wait;
        }
        let is_last = self.is_last_step();
        self.check_all(if is_last { self.last_step() } else { self.step });
        let wrong = (0..=self.entries.len()).filter(|index| self.problem(*index).is_some());
        if let Some(step) = wrong.map(|index| self.step_of(index)).filter(|step| is_last || *step <= self.step).min() {
            self.step = step;
            self.phase = Phase::Mending { told: None };
            return Next::Mend;
        }
        if !is_last {
            self.step = self.step.saturating_add(1);
            self.phase = Phase::Filling;
            return Next::Step;
        }
        if self.refused {
            self.renew_key(fresh_key);
        }
        self.phase = Phase::Sending(Try::First);
        Next::Send
    }

    /// The visitor goes back a step.
    pub fn back(&mut self) {
        if !self.is_sending() {
            self.step = self.step.saturating_sub(1);
            self.phase = Phase::Filling;
        }
    }

    /// A try failed and another follows.
    pub fn try_again(&mut self, next: Try) {
        self.phase = Phase::Sending(next);
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
                let wrong = (0..=self.entries.len()).filter(|index| self.problem(*index).is_some());
                self.step = wrong.map(|index| self.step_of(index)).min().unwrap_or(self.step);
                Phase::Mending { told }
            }
        };
    }

    fn changed(&mut self) {
        let is_wrong = self.consent.problem.is_some() || self.entries.iter().any(|entry| entry.problem.is_some());
        if matches!(self.phase, Phase::Mending { .. }) && !is_wrong {
            self.phase = Phase::Filling;
        }
    }

    /// Finds out what is asked; what is asked no more has nothing wrong with it.
    fn ask(&mut self) {
        self.asked = asked(&self.form.fields, |index| self.value(index));
        for (entry, is_asked) in self.entries.iter_mut().zip(&self.asked) {
            entry.problem.take_if(|_| !is_asked);
        }
    }

    fn last_step(&self) -> usize {
        self.steps.len().saturating_sub(1)
    }

    /// The step in which a field stands; the consent stands in the last.
    fn step_of(&self, index: usize) -> usize {
        let step = self.form.fields.get(index).and_then(|field| self.steps.iter().position(|step| *step == field.step));
        step.unwrap_or(self.last_step())
    }

    fn index_of(&self, name: &str) -> Option<usize> {
        self.form.fields.iter().position(|field| field.name == name)
    }
}
