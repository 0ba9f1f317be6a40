//! `Place`: who can own a host.

use std::net::IpAddr;

/// Who can own a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Place {
    /// Anybody can obtain it, by registering its registrable domain or renting its address.
    Public,
    /// Nobody can register it: reserved names, names of one label, addresses of private networks.
    Private,
    /// This machine (W3C Secure Contexts, "potentially trustworthy").
    Loopback,
    /// A public suffix, which belongs to its registry or platform, or an invalid name.
    Suffix,
}

impl Place {
    pub(crate) fn of_address(address: IpAddr) -> Self {
        // RFC 1918, 3927, 4193, 4291, 6598, and RFC 1122's "this host".
        let is_private = match address {
            IpAddr::V4(address) => {
                let [first, second, ..] = address.octets();
                let is_shared = first == 100 && (64..128).contains(&second);
                address.is_private() || address.is_link_local() || first == 0 || is_shared
            }
            IpAddr::V6(address) => {
                address.is_unspecified()
                    || address.is_unique_local()
                    || address.is_unicast_link_local()
            }
        };
        match is_private {
            _ if address.is_loopback() => Self::Loopback,
            true => Self::Private,
            false => Self::Public,
        }
    }
}
