//! Whether a host is this one.

use std::net::{IpAddr, ToSocketAddrs, UdpSocket};

use rankwise_os::environment;

use crate::allocation::OWN_NAME;

/// Whether a name is one of this host's.
pub fn is_here(name: &str) -> bool {
    let own = environment::host_name();
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_string();
    if name == "localhost"
        || name == own
        || (short(name) == short(&own) && name.parse::<IpAddr>().is_err())
        || std::env::var(OWN_NAME).is_ok_and(|own| own == name)
    {
        return true;
    }
    // An address is ours if something can listen there. A name that nobody knows may still be one for ssh.
    let addresses = (name, 0).to_socket_addrs().into_iter().flatten();
    addresses.into_iter().any(|address| UdpSocket::bind(address).is_ok())
}
