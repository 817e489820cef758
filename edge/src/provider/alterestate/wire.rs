//! The bodies of AlterEstate's API, for both directions.
