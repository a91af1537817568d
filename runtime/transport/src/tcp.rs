//! TCP.
#[allow(dead_code)]
mod handshake;
#[allow(dead_code)]
mod link;
