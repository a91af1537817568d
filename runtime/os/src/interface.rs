//! The network interfaces of this host.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use nix::ifaddrs::{InterfaceAddress, getifaddrs};
use nix::net::if_::InterfaceFlags;
use nix::sys::socket::SockaddrStorage;

/// An address of this host, and the interface that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// The interface's name.
    pub name: String,
    /// The address.
    pub address: IpAddr,
    /// How many bits of the address all hosts of its network share.
    pub prefix: u8,
    /// Whether it leads to this host only.
    pub loopback: bool,
}

/// All addresses of interfaces that are up.
#[doc(alias = "getifaddrs")]
pub fn list() -> io::Result<Vec<Interface>> {
    Ok(getifaddrs()?.filter_map(|found| interface(&found)).collect())
}

fn interface(found: &InterfaceAddress) -> Option<Interface> {
    if !found.flags.contains(InterfaceFlags::IFF_UP) {
        return None;
    }
    let address = address_of(found.address.as_ref()?)?;
    let prefix = match found.netmask.as_ref().and_then(address_of) {
        Some(IpAddr::V4(mask)) => u32::from(mask).leading_ones(),
        Some(IpAddr::V6(mask)) => u128::from(mask).leading_ones(),
        // An address by itself.
        None => {
            if address.is_ipv4() {
                Ipv4Addr::BITS
            } else {
                Ipv6Addr::BITS
            }
        }
    };
    let loopback = found.flags.contains(InterfaceFlags::IFF_LOOPBACK);
    Some(Interface { name: found.interface_name.clone(), address, prefix: prefix as u8, loopback })
}

fn address_of(socket: &SockaddrStorage) -> Option<IpAddr> {
    let v4 = socket.as_sockaddr_in().map(|v4| IpAddr::V4(v4.ip()));
    v4.or_else(|| socket.as_sockaddr_in6().map(|v6| IpAddr::V6(v6.ip())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_host_has_a_loopback() {
        let all = list().unwrap();
        let loopback = all.iter().find(|found| found.address == IpAddr::V4(Ipv4Addr::LOCALHOST)).unwrap();
        assert!(loopback.loopback);
        assert_eq!(loopback.prefix, 8);
    }
}
