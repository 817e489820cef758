//! The bodies of ActuallyCare's API, for both directions.
