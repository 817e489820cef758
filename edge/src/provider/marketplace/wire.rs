//! The bodies of Marketplace's API, for both directions.
