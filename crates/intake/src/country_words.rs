//! The country that a record names in a column of its own.

use alta_domain::Country;

/// Words for Brazil besides its name: its codes, and its calling code.
const BRAZIL: [&str; 5] = ["brasil", "brazil", "br", "bra", "55"];

/// The country that a text names; none when it is none of those that are known.
pub(crate) fn named(text: &str) -> Option<Country> {
    let folded = crate::words::fold(text);
    if BRAZIL.contains(&folded.as_str()) {
        return Some(Country::BRAZIL);
    }
    Country::OFFERED
        .iter()
        .find(|(code, name)| {
            folded.eq_ignore_ascii_case(code) || folded == crate::words::fold(name)
        })
        .and_then(|(code, _)| Country::parse(code))
}
