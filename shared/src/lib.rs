//! The domain of Leadgate.
