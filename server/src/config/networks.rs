//! Lists of networks as a setting.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

use super::value::{SettingValue, Written};

/// A list of networks, such as those of trusted proxies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Returns the networks of this machine's own addresses.
    #[must_use]
    pub fn loopback() -> Self {
        Self(vec![
            IpNet::new_assert([127, 0, 0, 0].into(), 8),
            IpNet::new_assert(std::net::Ipv6Addr::LOCALHOST.into(), 128),
        ])
    }

    /// Returns true for an address in one of the networks. An IPv4 address inside an IPv6 address
    /// counts as the IPv4 address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// The error of a text that is no list of networks.
#[derive(Debug)]
pub struct NoNetworks;

impl FromStr for Networks {
    type Err = NoNetworks;

    /// Reads networks and addresses that are separated by commas; `none` is the empty list.
    fn from_str(text: &str) -> Result<Self, NoNetworks> {
        if text.trim() == "none" {
            return Ok(Self::default());
        }
        let one = |part: &str| {
            let part = part.trim();
            let address = || part.parse::<IpAddr>().ok().map(IpNet::from);
            part.parse().ok().or_else(address).ok_or(NoNetworks)
        };
        text.split(',').map(one).collect::<Result<_, _>>().map(Self)
    }
}

impl SettingValue for Networks {
    fn form() -> String {
        "networks or addresses between commas, such as \"127.0.0.0/8, 10.1.2.3\", or \"none\""
            .to_owned()
    }

    fn read(written: &Written<'_>) -> Option<Self> {
        written.text()?.parse().ok()
    }

    fn show(&self) -> Option<String> {
        if self.0.is_empty() {
            return Some("none".to_owned());
        }
        let networks: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        Some(networks.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_and_addresses_are_read_and_shown() {
        let networks: Networks = "10.0.0.0/8,2001:db8::1 , 192.0.2.7".parse().unwrap();
        let shown = "10.0.0.0/8, 2001:db8::1/128, 192.0.2.7/32";
        assert_eq!(networks.show().as_deref(), Some(shown));
        assert_eq!(shown.parse::<Networks>().ok(), Some(networks.clone()));
        for (address, is_inside) in [
            ("10.200.1.1", true),
            ("::ffff:10.200.1.1", true),
            ("2001:db8::1", true),
            ("2001:db8::2", false),
            ("192.0.2.8", false),
        ] {
            let address = address.parse().unwrap();
            assert_eq!(networks.contains(address), is_inside, "{address}");
        }
        let none: Networks = "none".parse().unwrap();
        assert!(!none.contains([127, 0, 0, 1].into()));
        assert!(Networks::loopback().contains([127, 9, 0, 1].into()));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "",
            "proxy.example.com",
            "10.0.0.0/33",
            "10.0.0.0/8,",
            "10.0.0",
        ] {
            assert!(text.parse::<Networks>().is_err(), "{text}");
        }
    }
}
