//! What the operator does by HTTP: keys that give way, wrong tokens, the audit log, and what is refused.

mod audit;
mod keys;
mod refusals;
