//! The rim: everything that touches the runtime, the stores and the network.

pub mod accept;
pub mod bindings;
pub mod clock;
pub mod config_store;
pub mod config_writer;
pub mod d1;
pub mod delivery_queue;
pub mod delivery_store;
pub mod door;
pub mod fan_out;
pub mod lead_store;
pub mod normaliser;
pub mod outbound;
pub mod request;
pub mod response;
