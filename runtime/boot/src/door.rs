//! Where a rank listens, so that ranks on other nodes can call it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use rankwise_os::interface::Interface;
use rankwise_os::tcp::listen;
use thiserror::Error;

use crate::address::{self, AddressError, Choice};
use crate::env;

/// Why a rank cannot be called.
#[derive(Debug, Error)]
pub enum DoorError {
    /// A variable that asks for what there is not.
    #[error("{name}={text}: {why}")]
    Wish {
        /// The variable.
        name: &'static str,
        /// What stands there.
        text: String,
        /// What is wrong with it.
        why: AddressError,
    },
    /// Interfaces that are of no use.
    #[error(transparent)]
    Interfaces(#[from] AddressError),
    /// All ports that may be used are taken.
    #[error("{name}={0}: none of these ports of {1} is free: {2}", name = env::NET_PORTS)]
    Ports(String, String, io::Error),
    /// The system refuses.
    #[error("cannot listen: {0}")]
    System(#[from] io::Error),
}

/// Something to listen at, and the addresses by which others reach it.
#[derive(Debug)]
pub struct Door {
    /// What to listen at. It never waits.
    pub listener: TcpListener,
    /// How to get there, the likeliest way first.
    pub addresses: Vec<SocketAddr>,
}

/// Opens one on `host`, which has these `interfaces`, with the wishes that `get` finds in the environment. If all others
/// are on it as well (`alone`) they come by its loopback. Neighbours with different numbers begin their search for a free
/// port at different places.
pub fn open(
    host: &str,
    interfaces: &[Interface],
    alone: bool,
    number: usize,
    get: impl Fn(&str) -> Option<String>,
) -> Result<Door, DoorError> {
    let choice: Option<Choice> = wish(env::NET_IF, &get, str::parse)?;
    let chosen = match (&choice, alone) {
        (None, true) => vec![Ipv4Addr::LOCALHOST.into()],
        (None, false) => address::chosen(interfaces, None, host)?,
        (Some(choice), _) => {
            wish(env::NET_IF, &get, |_| address::chosen(interfaces, Some(choice), host))?.unwrap_or_default()
        }
    };
    // A single address is listened at alone; where there are several, who comes by another one proves nothing by that.
    let places: Vec<IpAddr> = match chosen[..] {
        [one] => vec![one],
        _ => vec![Ipv6Addr::UNSPECIFIED.into(), Ipv4Addr::UNSPECIFIED.into()],
    };
    let ports = wish(env::NET_PORTS, &get, address::ports)?;
    let count = ports.as_ref().map_or(1, |ports| ports.len());
    let port =
        |turn: usize| ports.as_ref().map_or(0, |ports| ports.start() + ((number + turn) % count) as u16);
    let mut error = None;
    for turn in 0..count {
        for &place in &places {
            let opened = listen((place, port(turn)).into());
            match opened.and_then(|listener| Ok((listener.local_addr()?.port(), listener))) {
                Ok((port, listener)) => {
                    let usable = chosen.iter().filter(|address| place.is_ipv6() || address.is_ipv4());
                    let addresses = usable.map(|&address| (address, port).into()).collect();
                    return Ok(Door { listener, addresses });
                }
                Err(e) => error = Some(e),
            }
        }
    }
    let error = error.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into());
    Err(match get(env::NET_PORTS) {
        Some(text) => DoorError::Ports(text, host.into(), error),
        None => error.into(),
    })
}

fn wish<T>(
    name: &'static str,
    get: impl Fn(&str) -> Option<String>,
    read: impl FnOnce(&str) -> Result<T, AddressError>,
) -> Result<Option<T>, DoorError> {
    let Some(text) = get(name) else { return Ok(None) };
    read(&text).map(Some).map_err(|why| DoorError::Wish { name, text, why })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(alone: bool, wishes: &[(&str, &str)]) -> Result<Door, String> {
        let get = |name: &str| wishes.iter().find(|(n, _)| *n == name).map(|(_, v)| v.to_string());
        let loopback =
            Interface { name: "lo".into(), address: Ipv4Addr::LOCALHOST.into(), prefix: 8, loopback: true };
        super::open("h", &[loopback], alone, 0, get).map_err(|e| e.to_string())
    }

    #[test]
    fn a_door_can_be_called_at_its_addresses() {
        for alone in [true, false] {
            let door = open(alone, &[]).unwrap();
            std::net::TcpStream::connect(door.addresses[0]).unwrap();
        }
    }

    #[test]
    fn ports_are_those_that_were_asked_for_until_all_are_taken() {
        // Whatever is free now is likely to be so a moment later.
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let range = format!("{free}-{free}");
        let wishes = [(env::NET_PORTS, range.as_str())];
        let door = open(true, &wishes).unwrap();
        assert_eq!(door.addresses[0].port(), free);
        let error = open(true, &wishes).unwrap_err();
        assert!(
            error.starts_with(&format!("RANKWISE_NET_PORTS={range}: none of these ports of h is free")),
            "{error}"
        );
    }

    #[test]
    fn wishes_that_cannot_be_met_are_named() {
        let error = open(false, &[(env::NET_IF, "eth9")]).unwrap_err();
        assert_eq!(error, "RANKWISE_NET_IF=eth9: no interface of h is as wanted; there are lo (127.0.0.1)");
        assert!(open(true, &[(env::NET_PORTS, "9-5")]).unwrap_err().starts_with("RANKWISE_NET_PORTS=9-5: "));
    }
}
