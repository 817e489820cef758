//! One submission on its way: the tries, the waits between them, and what follows the last.

use leptos::prelude::*;
use web_sys::{HtmlElement, Window};

use crate::{
    answer::Answer,
    attribution::Known,
    body,
    client::{self, Client},
    clock, drafts, focus,
    form_state::FormState,
    host_events::{HostEvent, tell},
    retry,
    web_address::is_web_address,
};

/// What a form needs besides its state to send it.
#[derive(Debug)]
pub struct Sending {
    /// The window of the page.
    pub window: Window,
    /// The custom element, where the page listens.
    pub host: HtmlElement,
    /// The element inside the shadow root that holds the form.
    pub content: HtmlElement,
    /// The way to the Worker.
    pub client: Client,
    /// The visitor's way to the form.
    pub known: Known,
    /// Where the page wants to go after a success, before the form's own wish.
    pub redirect: Option<String>,
}

impl Sending {
    /// Handles the visitor's wish to send: either something is wrong and gets the focus, or the
    /// answers go to the Worker. The form may leave the page meanwhile; its lead goes on.
    pub async fn submit(&self, state: RwSignal<FormState>) {
        let fresh_key = clock::idempotency_key(&self.window);
        let Some(is_sent) = state.try_update(|state| state.submit(fresh_key)) else { return };
        if !is_sent {
            return focus::to_first_problem(&self.content).await;
        }
        let Some(Some((body, key))) = state
            .try_with_untracked(|state| Some((body::json(state, &self.known)?, state.idempotency_key().to_owned())))
        else {
            return;
        };
        tell(&self.host, HostEvent::Submit);
        let answer = self.deliver(state, &body, key).await;
        self.conclude(state, answer).await;
    }

    /// Tries until something definite is known or repeating makes no sense.
    async fn deliver(&self, state: RwSignal<FormState>, body: &str, mut key: String) -> Answer {
        let mut tries: usize = 0;
        loop {
            let answer = self.client.send(&self.window, body, &key).await;
            tries = tries.saturating_add(1);
            match &answer {
                // The visitor changed the answers after a try that seemed lost: these are a request of their own.
                Answer::KeyUsed if tries == 1 => {
                    key = clock::idempotency_key(&self.window);
                    state.try_update(|state| state.renew_key(key.clone()));
                }
                Answer::Failed(trouble) => {
                    let Some(ms) = retry::wait_ms(tries, trouble) else { return answer };
                    state.try_update(FormState::try_again);
                    client::wait(ms).await;
                }
                _ => return answer,
            }
        }
    }

    async fn conclude(&self, state: RwSignal<FormState>, answer: Answer) {
        let code = match &answer {
            Answer::Accepted { id } => {
                let id = id.clone();
                return self.succeed(state, answer, &id).await;
            }
            Answer::Invalid(_) => "validation_failed".to_owned(),
            Answer::KeyUsed => "idempotency_conflict".to_owned(),
            Answer::Failed(trouble) => trouble.code.clone(),
        };
        let is_invalid = matches!(answer, Answer::Invalid(_));
        state.try_update(|state| state.end(answer));
        tell(&self.host, HostEvent::Error(&code));
        if is_invalid {
            focus::to_first_problem(&self.content).await;
        }
    }

    async fn succeed(&self, state: RwSignal<FormState>, answer: Answer, id: &str) {
        let wish = state.try_update(|state| {
            state.end(answer);
            state.form().success.redirect_url.clone()
        });
        if wish.is_none() {
            // The form left the page while its lead was on the way: what was typed is not to be sent again.
            drafts::take(&self.client.key);
        }
        tell(&self.host, HostEvent::Success(id));
        let wish = wish.flatten().filter(|address| is_web_address(address));
        match self.redirect.clone().or(wish) {
            // Fails only for an address that no parser takes; the success text stands then.
            Some(address) => drop(self.window.location().assign(&address)),
            None => focus::to_success(&self.content).await,
        }
    }
}
