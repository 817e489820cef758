//! What is wrong with the answers: found here before sending, or told by the Worker.

use shared::{
    error::FieldProblem,
    field::{FieldKind, check},
};

use super::{FormState, Problem};

impl FormState {
    /// The visitor left a field.
    pub fn leave(&mut self, index: usize) {
        if matches!(self.problem(index), Some(Problem::Told(_) | Problem::Found(FieldProblem::EmailOrPhone))) {
            return;
        }
        let problem = self.check(index).map(Problem::Found);
        self.set_problem(index, problem);
    }

    /// Puts the Worker's words where they belong, and gives them back when that is nowhere.
    pub(super) fn tell(&mut self, name: &str, message: String) -> Option<String> {
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

    /// Checks everything up to a step.
    pub(super) fn check_all(&mut self, last: usize) {
        for index in 0..self.entries.len() {
            if self.step_of(index) <= last {
                self.leave(index);
            }
        }
        let contacts = ["email", "phone"].map(|name| self.visible(name));
        // One of two contacts is enough, and the other may stand in a later step.
        if !self.has_contact() && contacts.iter().flatten().all(|index| self.step_of(*index) <= last) {
            for index in contacts.into_iter().flatten() {
                if let Some(entry) = self.entries.get_mut(index) {
                    entry.problem.get_or_insert(Problem::Found(FieldProblem::EmailOrPhone));
                }
            }
        }
        if last == self.last_step() && self.form.consent_required && self.consent.given_at.is_none() {
            self.consent.problem.get_or_insert(Problem::Found(FieldProblem::ConsentRequired));
        }
    }

    /// Whether there is a way to reach the visitor. A form that asks for none gets it elsewhere.
    pub(super) fn has_contact(&self) -> bool {
        let mut asked = ["email", "phone"].into_iter().filter_map(|name| self.index_of(name)).peekable();
        asked.peek().is_none() || asked.any(|index| self.is_asked(index) && !self.value(index).trim().is_empty())
    }

    /// The visitor cannot mend what is not shown, so hidden fields are left to the Worker.
    pub(super) fn check(&self, index: usize) -> Option<FieldProblem> {
        let field =
            self.form.fields.get(index).filter(|field| field.kind != FieldKind::Hidden && self.is_asked(index))?;
        check(field, self.value(index))
    }

    pub(super) fn set_problem(&mut self, index: usize, problem: Option<Problem>) {
        if let Some(entry) = self.entries.get_mut(index) {
            entry.problem = problem;
        }
    }

    fn visible(&self, name: &str) -> Option<usize> {
        let index = self.index_of(name)?;
        let field = self.form.fields.get(index)?;
        (field.kind != FieldKind::Hidden && self.is_asked(index)).then_some(index)
    }
}
