//! Masks secrets in the messages of systems. A system may repeat what we sent, in the form in which
//! we sent it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The length of the shortest secret that is masked, in bytes. A shorter one could be part of any
/// word.
const SHORTEST_SECRET: usize = 6;

/// The text in place of a secret.
const MASK: &str = "•••";

/// Returns the message with each of the secrets masked: as it is, in JSON, in HTML, in the percent
/// encoding of addresses, in hexadecimal digits, and inside of anything that is Base64, such as
/// the `key:secret` of Basic authentication. A secret that the end of the message cuts off is
/// masked, too.
pub(crate) fn mask<'a>(message: &str, secrets: impl Iterator<Item = &'a str>) -> String {
    let mut masked = message.to_owned();
    for secret in secrets.filter(|secret| secret.len() >= SHORTEST_SECRET) {
        for core in base64_cores(secret.as_bytes()) {
            masked = without_base64(&masked, &core);
        }
        for written in writings(secret) {
            masked = without(&masked, &written);
        }
    }
    masked
}

/// Returns the message with a text masked, and with the beginning of that text masked at the
/// message's end.
fn without(message: &str, text: &str) -> String {
    let mut masked = message.replace(text, MASK);
    if let Some(at) = cut_off(&masked, text) {
        masked.replace_range(at.., MASK);
    }
    masked
}

/// Returns the place at which a text begins that the end of the message cuts off.
fn cut_off(message: &str, text: &str) -> Option<usize> {
    let beginnings = (SHORTEST_SECRET..text.len()).rev();
    beginnings
        .filter_map(|length| text.get(..length))
        .find(|beginning| message.ends_with(beginning))
        .map(|beginning| message.len() - beginning.len())
}

/// Returns the forms that a secret has in JSON, HTML, addresses and hexadecimal. Base64, which
/// depends on what stands before it, is found in another way.
fn writings(secret: &str) -> Vec<String> {
    let hex = hex::encode(secret);
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let html = secret
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;");
    let json = serde_json::Value::from(secret).to_string();
    let json = json.trim_matches('"').to_owned();
    let mut ways = vec![
        secret.to_owned(),
        // Forms leave some marks as they are, and write a blank as a plus.
        url_form(secret),
        percent.to_lowercase(),
        percent,
        json.replace('/', "\\/"),
        json,
        html.replace('\'', "&#39;"),
        html,
        hex.to_uppercase(),
        hex,
    ];
    // The longer ones first: one may be part of another.
    ways.sort_by_key(|way| std::cmp::Reverse(way.len()));
    ways.dedup();
    ways
}

/// Returns a text in the encoding of a form's body.
fn url_form(text: &str) -> String {
    reqwest::Url::parse_with_params("http://localhost/", [("", text)])
        .ok()
        .and_then(|url| {
            url.query()
                .map(|query| query.trim_start_matches('=').to_owned())
        })
        .unwrap_or_default()
}

/// Returns the letters that Base64 (RFC 4648, 4) has wherever these bytes are part of what is
/// encoded. The letters depend on how many bytes come before, modulo three. The letters at both
/// ends depend on the neighbours and are left out.
fn base64_cores(bytes: &[u8]) -> [String; 3] {
    [0, 1, 2].map(|before| {
        let padded = [&[0; 2][..before], bytes].concat();
        let encoded = STANDARD_NO_PAD.encode(&padded);
        let first = (before * 8).div_ceil(6);
        let end = padded.len() * 8 / 6;
        encoded.get(first..end).unwrap_or_default().to_owned()
    })
}

/// Returns the message with the words in Base64 masked that contain the core, in either alphabet,
/// with the percent encoding of addresses or the slashes of JSON.
fn without_base64(message: &str, core: &str) -> String {
    let url_safe = core.replace('+', "-").replace('/', "_");
    let percent = core.replace('+', "%2B").replace('/', "%2F");
    let json = core.replace('/', "\\/");
    // `utf8_percent_encode` escapes these two marks as well.
    let percent_of_url_safe = url_safe.replace('-', "%2D").replace('_', "%5F");
    let mut masked = message.to_owned();
    for core in [
        core.to_owned(),
        url_safe,
        percent,
        percent_of_url_safe,
        json,
    ] {
        while let Some(found) = masked.find(&core).or_else(|| cut_off(&masked, &core)) {
            let is_outside =
                |letter: char| !letter.is_ascii_alphanumeric() && !"+/-_=%\\".contains(letter);
            let begin = masked
                .get(..found)
                .and_then(|before| before.char_indices().rev().find(|(_, l)| is_outside(*l)))
                .map_or(0, |(at, letter)| at + letter.len_utf8());
            let end = masked
                .get(found..)
                .and_then(|after| after.find(is_outside))
                .map_or(masked.len(), |length| found + length);
            masked.replace_range(begin..end, MASK);
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "cs_9f?~>ÿ/&'\"x";

    fn masked(message: &str) -> String {
        mask(message, [SECRET, "short"].into_iter())
    }

    #[test]
    fn a_secret_is_masked_in_every_encoding() {
        for (before, after) in [("", ""), ("k", ""), ("ck_1:", ":x"), ("ck_12:", "")] {
            let both = format!("{before}{SECRET}{after}");
            for encoded in [STANDARD.encode(&both), URL_SAFE.encode(&both)] {
                let words = [
                    format!("Authorization: Basic {encoded}."),
                    format!("Authorization: Basic {}.", encoded.replace('/', "\\/")),
                    format!(
                        "Authorization: Basic {}.",
                        utf8_percent_encode(&encoded, NON_ALPHANUMERIC)
                    ),
                ];
                for word in words {
                    assert_eq!(masked(&word), "Authorization: Basic •••.", "{word}");
                }
            }
        }
        for written in writings(SECRET) {
            let word = format!("key {written} is unknown");
            assert_eq!(masked(&word), "key ••• is unknown", "{word}");
        }
    }

    #[test]
    fn the_beginning_of_a_secret_at_the_end_is_masked() {
        assert_eq!(masked("no key cs_9f?~"), "no key •••");
        let basic = STANDARD.encode(format!("ck_1:{SECRET}"));
        assert_eq!(masked(&format!("Basic {}", &basic[..20])), "Basic •••");
        assert_eq!(masked("no key cs_9"), "no key cs_9", "part of any word");
    }

    #[test]
    fn other_words_stay() {
        let message = "Basic dXNlcjpwYXNz was short of cs_ and ÿ";
        assert_eq!(masked(message), message);
    }

    proptest! {
        #[test]
        fn base64_around_a_secret_is_masked(
            before in proptest::collection::vec(any::<u8>(), 0..9),
            secret in "[ -~]{6,40}",
            after in proptest::collection::vec(any::<u8>(), 0..9),
        ) {
            let all = [&before[..], secret.as_bytes(), &after].concat();
            let message = format!("Basic {}", STANDARD.encode(all));
            prop_assert_eq!(mask(&message, std::iter::once(secret.as_str())), "Basic •••");
        }
    }
}
