//! The bodies of LeadPro's API, for both directions.
