//! Typing errors in the domains of e-mail addresses. A correction is only suggested.

use crate::words::is_one_slip;

/// The mail services that many customers in Latin America use, the most used first.
const KNOWN: [&str; 22] = [
    "gmail.com",
    "hotmail.com",
    "outlook.com",
    "yahoo.com",
    "yahoo.com.br",
    "yahoo.com.mx",
    "yahoo.com.ar",
    "yahoo.es",
    "hotmail.es",
    "hotmail.com.br",
    "hotmail.com.ar",
    "outlook.es",
    "outlook.com.br",
    "live.com",
    "icloud.com",
    "uol.com.br",
    "bol.com.br",
    "terra.com.br",
    "ig.com.br",
    "globo.com",
    "prodigy.net.mx",
    "msn.com",
];

/// Domains that differ from a known one by one slip, and exist.
const OWN: [&str; 14] = [
    "gmail.com.br",
    "ymail.com",
    "mail.com",
    "email.com",
    "hotmail.co",
    "hotmail.cl",
    "hotmail.fr",
    "hotmail.it",
    "outlook.cl",
    "outlook.com.ar",
    "live.cl",
    "yahoo.cl",
    "me.com",
    "aol.com",
];

/// The length of the longest domain that is examined, in bytes.
const LONGEST: usize = 18;

/// For each letter, the known domains that a misspelt domain beginning with it may mean, one bit
/// each: those whose first or second letter it is. Short domains are left out, because they
/// resemble too many others.
const CANDIDATES: [u32; 26] = {
    let mut candidates = [0; 26];
    let mut at = 0;
    while at < KNOWN.len() {
        let known = KNOWN[at].as_bytes();
        if known.len() > 7 {
            candidates[(known[0] - b'a') as usize] |= 1 << at;
            candidates[(known[1] - b'a') as usize] |= 1 << at;
        }
        at += 1;
    }
    candidates
};

/// For each length of a domain, the known domains whose length is the same or differs by one
/// letter, one bit each.
const OF_LENGTH: [u32; LONGEST + 1] = {
    let mut of_length = [0; LONGEST + 1];
    let mut at = 0;
    while at < KNOWN.len() {
        let mut length = KNOWN[at].len() - 1;
        while length <= KNOWN[at].len() + 1 && length <= LONGEST {
            of_length[length] |= 1 << at;
            length += 1;
        }
        at += 1;
    }
    of_length
};

/// Returns the domain of an address that has one `@`.
pub(crate) fn of_address(address: &str) -> Option<&str> {
    let at = memchr::memchr(b'@', address.as_bytes())?;
    address.get(at + 1..)
}

/// Returns the mail service that was probably meant; `None` when the domain is a known one, or
/// resembles none. The domain must be in lower case.
pub(crate) fn meant(domain: &str) -> Option<&'static str> {
    let written = domain.as_bytes();
    let first = *written.first().filter(|_| written.len() <= LONGEST)?;
    let mut left = OF_LENGTH[written.len()]
        & CANDIDATES
            .get(usize::from(first.wrapping_sub(b'a')))
            .copied()
            .unwrap_or(0);
    let mut near = None;
    while left != 0 && near.is_none() {
        let known = &KNOWN[left.trailing_zeros() as usize];
        near = is_one_slip(written, known.as_bytes()).then_some(known);
        left &= left - 1;
    }
    let is_cut = |known: &&&str| {
        known.starts_with(domain)
            && domain.len() > 3
            && known.as_bytes().get(domain.len()) == Some(&b'.')
    };
    let found = near.or_else(|| {
        if domain.contains('.') {
            None
        } else {
            KNOWN.iter().find(is_cut)
        }
    })?;
    (!KNOWN.contains(&domain) && !OWN.contains(&domain)).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_known_for_what_was_meant() {
        for (slip, known) in [
            ("gmial.com", "gmail.com"),
            ("gmai.com", "gmail.com"),
            ("gmaill.com", "gmail.com"),
            ("gmail.con", "gmail.com"),
            ("gmail.co", "gmail.com"),
            ("gmail", "gmail.com"),
            ("gmailcom", "gmail.com"),
            ("gmail,com", "gmail.com"),
            ("hotmial.com", "hotmail.com"),
            ("hotmal.com", "hotmail.com"),
            ("outlok.com", "outlook.com"),
            ("yaho.com.br", "yahoo.com.br"),
            ("uol.combr", "uol.com.br"),
        ] {
            assert_eq!(meant(slip), Some(known), "{slip}");
        }
    }

    #[test]
    fn services_and_companies_are_left_alone() {
        for own in KNOWN.iter().chain(&OWN).chain(&[
            "example.com",
            "globo.com.br",
            "empresa.com.br",
            "gm.com",
            "olive.com",
            "gmx.net",
            "x",
            "",
        ]) {
            assert_eq!(meant(own), None, "{own}");
        }
    }
}
