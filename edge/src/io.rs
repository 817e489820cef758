//! The rim: everything that touches the runtime, the stores and the network.

pub mod accept;
pub mod alerts;
pub mod attempt;
pub mod bindings;
pub mod catalog_publisher;
pub mod clean_up;
pub mod clock;
pub mod config_store;
pub mod config_writer;
pub mod credential;
pub mod d1;
pub mod daily_cap;
pub mod delivery_queue;
pub mod delivery_store;
pub mod door;
pub mod fan_out;
pub mod key_writer;
pub mod kv;
pub mod lead_store;
pub mod normaliser;
pub mod outbound;
pub mod pause;
pub mod reach;
pub mod request;
pub mod response;
pub mod stream;
