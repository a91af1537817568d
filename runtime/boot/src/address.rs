//! Which of a host's addresses its ranks are called at, and which of a peer's are tried first. Pure.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::str::FromStr;

use rankwise_os::interface::Interface;
use thiserror::Error;

/// Why a wish is not understood, or cannot be met.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AddressError {
    /// An item of a list that is neither a name nor a network.
    #[error("{0:?} is neither the name of an interface nor a network such as 10.0.0.0/8")]
    Item(String),
    /// Nothing is in the list.
    #[error("there is nothing in it")]
    Empty,
    /// Some items exclude and others do not.
    #[error("a ^ stands before the whole list, and excludes all that is in it")]
    Mixed,
    /// No interface is as wanted.
    #[error("no interface of {host} is as wanted; there are {there}")]
    None {
        /// Whose.
        host: String,
        /// Those that there are.
        there: String,
    },
    /// Not a range of ports.
    #[error("{0:?} is not a range of ports such as 50000-50999")]
    Ports(String),
}

/// Interfaces that are wanted, or not: names and networks, as in `eth0,10.1.0.0/16` or `^docker0,virbr0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    excluded: bool,
    items: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    Name(String),
    Network(IpAddr, u8),
}

impl Item {
    fn has(&self, interface: &Interface) -> bool {
        match self {
            Item::Name(name) => *name == interface.name,
            Item::Network(address, prefix) => shared_bits(*address, interface.address) >= u32::from(*prefix),
        }
    }
}

impl FromStr for Choice {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Choice, AddressError> {
        let (excluded, list) = match text.trim().strip_prefix('^') {
            Some(rest) => (true, rest),
            None => (false, text.trim()),
        };
        let items: Vec<Item> = list
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(item)
            .collect::<Result<_, _>>()?;
        if items.is_empty() { Err(AddressError::Empty) } else { Ok(Choice { excluded, items }) }
    }
}

fn item(text: &str) -> Result<Item, AddressError> {
    let wrong = || AddressError::Item(text.into());
    if text.starts_with('^') {
        return Err(AddressError::Mixed);
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(Item::Network(address, bits(address)));
    }
    match text.split_once('/') {
        Some((address, prefix)) => {
            let address: IpAddr = address.parse().map_err(|_| wrong())?;
            let prefix = prefix.parse().ok().filter(|&prefix| prefix <= bits(address)).ok_or_else(wrong)?;
            Ok(Item::Network(address, prefix))
        }
        // The system allows any character but these in a name, and no more than 15.
        None if text.len() < 16 && !text.contains([':', ' ', '^']) => Ok(Item::Name(text.into())),
        None => Err(wrong()),
    }
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// How many bits at their beginning two addresses share; none if they are of different kinds.
fn shared_bits(one: IpAddr, other: IpAddr) -> u32 {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (u32::from(one) ^ u32::from(other)).leading_zeros(),
        (IpAddr::V6(one), IpAddr::V6(other)) => (u128::from(one) ^ u128::from(other)).leading_zeros(),
        _ => 0,
    }
}

/// Whether an interface leads to virtual machines or containers on the same host: most hosts have the same addresses there.
fn is_bridge(name: &str) -> bool {
    const NAMES: [&str; 11] =
        ["docker", "br-", "virbr", "veth", "cni", "flannel", "cali", "podman", "lxc", "vmnet", "vboxnet"];
    NAMES.iter().any(|begin| name.starts_with(begin))
}

/// Whether others can use an address without knowing through which of their interfaces.
fn is_plain(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !v4.is_link_local(),
        IpAddr::V6(v6) => !v6.is_unicast_link_local(),
    }
}

/// The addresses at which ranks on a host with these `interfaces` are called, the likeliest first.
///
/// Without a wish these are all but loopback and those that mean something on one link only; bridges to containers come
/// last. A host that has no others is called at its loopback: then its peers can only be on it.
pub fn chosen(
    interfaces: &[Interface],
    choice: Option<&Choice>,
    host: &str,
) -> Result<Vec<IpAddr>, AddressError> {
    let wanted = |interface: &&Interface| match choice {
        Some(choice) => choice.items.iter().any(|item| item.has(interface)) != choice.excluded,
        None => true,
    };
    let named = choice.is_some_and(|choice| !choice.excluded);
    let usable = |interface: &&Interface| is_plain(interface.address) && (named || !interface.loopback);
    let mut found: Vec<&Interface> = interfaces.iter().filter(wanted).filter(usable).collect();
    if found.is_empty() && choice.is_none() {
        found = interfaces.iter().filter(|interface| interface.loopback).collect();
    }
    if found.is_empty() {
        let there: Vec<String> = interfaces.iter().map(|i| format!("{} ({})", i.name, i.address)).collect();
        return Err(AddressError::None { host: host.into(), there: there.join(", ") });
    }
    found.sort_by_key(|interface| (is_bridge(&interface.name), interface.address.is_ipv6()));
    Ok(found.into_iter().map(|interface| interface.address).collect())
}

/// Brings a peer's addresses in the order in which a host with these `interfaces` should try them: those of a network that
/// it is in itself come first, unless that is a bridge's.
pub fn nearest_first(theirs: &mut [SocketAddr], interfaces: &[Interface]) {
    let is_near = |address: IpAddr| {
        let near =
            |own: &&Interface| shared_bits(own.address, address) >= u32::from(own.prefix) && own.prefix > 0;
        interfaces.iter().filter(|own| !is_bridge(&own.name)).any(|own| near(&own))
    };
    theirs.sort_by_key(|address| !is_near(address.ip()));
}

/// The ports that a rank may listen on: `50000-50999`, or a single one.
pub fn ports(text: &str) -> Result<RangeInclusive<u16>, AddressError> {
    let wrong = || AddressError::Ports(text.into());
    let (low, high) = text.trim().split_once('-').unwrap_or((text.trim(), text.trim()));
    let (low, high): (u16, u16) =
        (low.trim().parse().map_err(|_| wrong())?, high.trim().parse().map_err(|_| wrong())?);
    if low == 0 || low > high { Err(wrong()) } else { Ok(low..=high) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn interface(name: &str, address: &str, prefix: u8) -> Interface {
        let address: IpAddr = address.parse().unwrap();
        Interface { name: name.into(), address, prefix, loopback: address.is_loopback() }
    }

    fn host() -> Vec<Interface> {
        vec![
            interface("lo", "127.0.0.1", 8),
            interface("docker0", "172.17.0.1", 16),
            interface("ib0", "fd00::5", 64),
            interface("eth0", "10.1.2.3", 16),
            interface("eth0", "fe80::1", 64),
            interface("lo", "::1", 128),
        ]
    }

    fn shown(choice: Option<&str>) -> Vec<String> {
        let choice: Option<Choice> = choice.map(|text| text.parse().unwrap());
        chosen(&host(), choice.as_ref(), "h").unwrap().iter().map(IpAddr::to_string).collect()
    }

    #[test]
    fn the_likeliest_addresses_come_first() {
        assert_eq!(shown(None), ["10.1.2.3", "fd00::5", "172.17.0.1"]);
        assert_eq!(shown(Some("ib0")), ["fd00::5"]);
        assert_eq!(shown(Some("10.0.0.0/8, ib0")), ["10.1.2.3", "fd00::5"]);
        assert_eq!(shown(Some("^docker0,fd00::/8")), ["10.1.2.3"]);
        assert_eq!(shown(Some("lo")), ["127.0.0.1", "::1"]);
        let only = [interface("lo", "127.0.0.1", 8)];
        assert_eq!(chosen(&only, None, "h").unwrap().len(), 1);
        let none = chosen(&host(), Some(&"eth7".parse().unwrap()), "h").unwrap_err().to_string();
        assert!(
            none.starts_with("no interface of h is as wanted; there are lo (127.0.0.1), docker0"),
            "{none}"
        );
    }

    #[test]
    fn wrong_lists_are_named() {
        let wrong = |text: &str| text.parse::<Choice>().unwrap_err().to_string();
        assert!(wrong("10.0.0.0/33").contains("10.0.0.0/33"));
        assert!(wrong("eth0,a name").contains("a name"));
        assert!(wrong("eth0,^eth1").contains('^'));
        assert!(wrong("^").contains("nothing"));
    }

    #[test]
    fn a_peer_in_the_same_network_is_called_there() {
        let mut theirs: Vec<SocketAddr> =
            ["172.17.0.1:5", "192.168.0.9:5", "10.1.9.9:5"].iter().map(|a| a.parse().unwrap()).collect();
        nearest_first(&mut theirs, &host());
        assert_eq!(theirs[0], "10.1.9.9:5".parse().unwrap());
        assert_eq!(theirs[1], "172.17.0.1:5".parse().unwrap());
    }

    #[test]
    fn ports_are_a_range() {
        assert_eq!(ports("50000-50999").unwrap(), 50000..=50999);
        assert_eq!(ports(" 7000 ").unwrap(), 7000..=7000);
        for wrong in ["", "0-5", "9-5", "x", "1-70000"] {
            assert!(ports(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in ".{0,30}") {
            let _ = (text.parse::<Choice>(), ports(&text));
        }
    }
}
