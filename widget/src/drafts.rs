//! What visitors typed into forms that left the page, for the next form with the same key.

use std::cell::RefCell;

use crate::form_state::Draft;

thread_local! {
    // The page's memory only: what was typed is nobody else's, so it goes into no storage.
    static DRAFTS: RefCell<Vec<(String, Draft)>> = const { RefCell::new(Vec::new()) };
}

/// Keeps the draft of a form with this publishable key; the last one counts.
pub fn keep(key: &str, draft: Draft) {
    DRAFTS.with_borrow_mut(|drafts| {
        drafts.retain(|(owner, _)| owner != key);
        drafts.push((key.to_owned(), draft));
    });
}

/// Takes the draft for a form with this publishable key.
pub fn take(key: &str) -> Option<Draft> {
    DRAFTS.with_borrow_mut(|drafts| {
        let index = drafts.iter().position(|(owner, _)| owner == key)?;
        Some(drafts.remove(index).1)
    })
}
