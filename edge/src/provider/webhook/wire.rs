//! The bodies of Webhook's API, for both directions.
