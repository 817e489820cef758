//! The life of a form, without a browser.
