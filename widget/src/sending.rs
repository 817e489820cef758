//! One submission on its way: the tries, the waits between them, and what follows the last.

use std::cell::RefCell;

use leptos::{prelude::*, task::tick};
use web_sys::Window;

use crate::{
    answer::{Answer, TroubleKind},
    body, clock,
    form_state::{FormState, Next, Try},
    handover::Handover,
    host_events::{HostEvent, tell},
    page::Page,
    retry,
};

/// A form that is live.
#[derive(Debug)]
pub struct Sending {
    /// The window of the page.
    pub window: Window,
    /// What the loader gave.
    pub handover: Handover,
    /// The painted nodes.
    pub page: Page,
    /// What the form knows.
    pub state: ArcRwSignal<FormState>,
    /// The answers that left last, without and with what proves the visitor: each proof is good once, and the same
    /// answers under the same key must be the same bytes.
    last: RefCell<Option<(String, String)>>,
}

impl Sending {
    /// A form that has sent nothing yet.
    pub fn new(window: Window, handover: Handover, page: Page, state: ArcRwSignal<FormState>) -> Self {
        Self { window, handover, page, state, last: RefCell::new(None) }
    }

    /// Handles the visitor's wish to send: either something is wrong and gets the focus, or another step
    /// follows, or the answers go to the Worker. The form may leave the page meanwhile; its lead goes on.
    pub async fn submit(&self) {
        let fresh_key = clock::idempotency_key(&self.window);
        // Not every browser says of everything that fills a field that it did.
        let seen: Vec<_> = (0..self.handover.definition.fields.len())
            .filter_map(|index| Some((index, self.page.value(&self.handover, index)?)))
            .collect();
        let next = self.update(|state| {
            if !state.is_sending() {
                seen.into_iter().for_each(|(index, value)| state.edit(index, value));
            }
            state.submit(fresh_key)
        });
        match next {
            Some(Next::Send) => {}
            Some(Next::Mend) => return self.focus(Page::focus_first_problem).await,
            Some(Next::Step) => return self.focus(Page::focus_step).await,
            Some(Next::Wait) | None => return,
        }
        let (body, key) = self.state.with_untracked(|state| {
            (body::json(state, &self.handover, &self.page), state.idempotency_key().to_owned())
        });
        let Some(body) = body.map(|body| self.proven(body)) else { return };
        tell(&self.handover.host, HostEvent::Submit);
        let answer = self.deliver(&body, key).await;
        self.conclude(answer).await;
    }

    /// Empties the form that was sent, for the next lead.
    pub async fn begin_anew(&self) {
        self.page.reset();
        let values = self.page.values(&self.handover);
        self.update(|state| *state = state.anew(values, clock::idempotency_key(&self.window)));
        self.focus(Page::focus_first_field).await;
    }

    /// Goes back a step.
    pub async fn back(&self) {
        self.update(FormState::back);
        self.focus(Page::focus_step).await;
    }

    /// The body with the visitor's proof; as it left before, where these are the answers that did.
    fn proven(&self, body: String) -> String {
        let mut last = self.last.borrow_mut();
        match last.as_ref() {
            Some((answers, proven)) if *answers == body => proven.clone(),
            _ => {
                let proven = body::with_proof(&body, self.page.proof());
                *last = Some((body, proven.clone()));
                proven
            }
        }
    }

    /// Tries until something definite is known or repeating makes no sense.
    async fn deliver(&self, body: &str, mut key: String) -> Answer {
        let (mut tries, mut is_renewed): (usize, bool) = (0, false);
        loop {
            self.handover.tell_send(body, &key);
            let answer = self.handover.client.send(&self.window, body, &key).await;
            tries = tries.saturating_add(1);
            match &answer {
                // The visitor changed the answers after a try that seemed lost: these are a request of their own.
                Answer::KeyUsed if !is_renewed => {
                    is_renewed = true;
                    key = clock::idempotency_key(&self.window);
                    self.update(|state| state.renew_key(key.clone()));
                }
                Answer::Failed(trouble) => {
                    let next = if self.handover.is_offline() { Try::Offline } else { Try::Again };
                    if next == Try::Offline {
                        // Nobody could have answered: that is no try.
                        tries = 1;
                    }
                    let Some(ms) = retry::wait_ms(tries, trouble) else { return answer };
                    self.update(|state| state.try_again(next));
                    self.handover.pause(ms).await;
                }
                _ => return answer,
            }
        }
    }

    async fn conclude(&self, answer: Answer) {
        let code = match &answer {
            Answer::Accepted { id } => {
                let id = id.clone();
                return self.succeed(answer, &id).await;
            }
            Answer::Invalid(_) => "validation_failed".to_owned(),
            Answer::KeyUsed => "idempotency_conflict".to_owned(),
            Answer::Failed(trouble) => trouble.code.clone(),
        };
        let is_invalid = matches!(answer, Answer::Invalid(_));
        if is_invalid || matches!(&answer, Answer::Failed(trouble) if trouble.kind == TroubleKind::Refused) {
            self.handover.tell_settled(false);
        }
        self.update(|state| state.end(answer));
        tell(&self.handover.host, HostEvent::Error(&code));
        if is_invalid {
            self.focus(Page::focus_first_problem).await;
        }
    }

    async fn succeed(&self, answer: Answer, id: &str) {
        let had_focus = self.page.has_focus();
        self.update(|state| state.end(answer));
        self.handover.tell_settled(true);
        tell(&self.handover.host, HostEvent::Success(id));
        match &self.handover.redirect {
            // Fails only for an address that no parser takes; the success text stands then.
            // A form that has left the page moves it nowhere.
            Some(address) if self.handover.host.is_connected() => drop(self.window.location().assign(address)),
            _ if had_focus => self.focus(Page::focus_success).await,
            _ => {}
        }
    }

    /// Moves the focus to where the state has put it: that is on the page one tick later.
    async fn focus(&self, to: fn(&Page)) {
        tick().await;
        to(&self.page);
    }

    fn update<T>(&self, change: impl FnOnce(&mut FormState) -> T) -> Option<T> {
        self.state.try_update(change)
    }
}
