//! The reading of a country from a record's own column.

use alta_domain::Country;

use crate::phone;
use crate::words::fold;

/// The known countries: each with its two-letter code, its three-letter code (ISO 3166-1), and its
/// names in Spanish, Portuguese and English, folded.
const WORDS: [(&str, &[&str]); 44] = [
    ("BR", &["bra", "brasil", "brazil"]),
    ("MX", &["mex", "mexico", "estados unidos mexicanos"]),
    ("AR", &["arg", "argentina"]),
    ("CO", &["col", "colombia"]),
    ("CL", &["chl", "chile"]),
    ("PE", &["per", "peru"]),
    ("EC", &["ecu", "ecuador", "equador"]),
    ("UY", &["ury", "uruguay", "uruguai"]),
    ("PY", &["pry", "paraguay", "paraguai"]),
    ("BO", &["bol", "bolivia"]),
    ("VE", &["ven", "venezuela"]),
    ("CR", &["cri", "costa rica"]),
    ("PA", &["pan", "panama"]),
    ("GT", &["gtm", "guatemala"]),
    ("HN", &["hnd", "honduras"]),
    ("SV", &["slv", "el salvador"]),
    ("NI", &["nic", "nicaragua"]),
    ("CU", &["cub", "cuba"]),
    ("DO", &["dom", "republica dominicana", "dominican republic"]),
    ("PR", &["pri", "puerto rico", "porto rico"]),
    ("ES", &["esp", "espana", "espanha", "spain"]),
    ("PT", &["prt", "portugal"]),
    (
        "US",
        &[
            "usa",
            "united states",
            "united states of america",
            "estados unidos",
            "estados unidos da america",
            "estados unidos de america",
            "eua",
            "ee uu",
            "eeuu",
            "u s a",
        ],
    ),
    ("CA", &["can", "canada"]),
    (
        "GB",
        &[
            "gbr",
            "uk",
            "reino unido",
            "united kingdom",
            "inglaterra",
            "england",
            "great britain",
        ],
    ),
    ("DE", &["deu", "alemania", "alemanha", "germany"]),
    ("FR", &["fra", "francia", "franca", "france"]),
    ("IT", &["ita", "italia", "italy"]),
    ("IE", &["irl", "irlanda", "ireland"]),
    (
        "NL",
        &[
            "nld",
            "paises bajos",
            "holanda",
            "paises baixos",
            "netherlands",
        ],
    ),
    ("BE", &["bel", "belgica", "belgium"]),
    ("CH", &["che", "suiza", "suica", "switzerland"]),
    ("AT", &["aut", "austria"]),
    ("SE", &["swe", "suecia", "sweden"]),
    ("JP", &["jpn", "japon", "japao", "japan"]),
    ("CN", &["chn", "china"]),
    ("IN", &["ind", "india"]),
    ("IL", &["isr", "israel"]),
    ("AU", &["aus", "australia"]),
    (
        "NZ",
        &["nzl", "nueva zelanda", "nova zelandia", "new zealand"],
    ),
    ("ZA", &["zaf", "sudafrica", "africa do sul", "south africa"]),
    ("AO", &["ago", "angola"]),
    ("MZ", &["moz", "mozambique", "mocambique"]),
    ("CV", &["cpv", "cabo verde", "cape verde"]),
];

/// Returns the country of a folded name or three-letter code.
fn by_word(word: &str) -> Option<Country> {
    let (code, _) = WORDS.iter().find(|(_, words)| words.contains(&word))?;
    Country::parse(code)
}

/// Returns the country that a text names: by its name, by a code of two or three letters, or by its
/// calling code; `None` for an unknown text.
pub(crate) fn named(text: &str) -> Option<Country> {
    let folded = fold(text);
    match folded.len() {
        0 => None,
        1..=5 if folded.bytes().all(|byte| byte.is_ascii_digit()) => {
            phone::country_of_code(folded.trim_start_matches('0'))
        }
        2 => Country::parse(&folded)
            .filter(|country| phone::is_known(*country))
            .or_else(|| by_word(&folded)),
        _ => by_word(&folded),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_named_in_many_ways() {
        for (text, code) in [
            ("Brasil", "BR"),
            ("BRAZIL", "BR"),
            ("br", "BR"),
            ("BRA", "BR"),
            ("55", "BR"),
            ("+55", "BR"),
            ("0055", "BR"),
            ("México", "MX"),
            ("España", "ES"),
            ("Estados Unidos", "US"),
            ("EE.UU.", "US"),
            ("1", "US"),
            ("it", "IT"),
            ("UK", "GB"),
        ] {
            assert_eq!(
                named(text).as_ref().map(Country::as_str),
                Some(code),
                "{text}"
            );
        }
        for text in ["", "XX", "São Paulo", "999", "SP", "0"] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn the_countries_that_are_offered_are_known_by_their_own_names() {
        for (code, name) in Country::OFFERED {
            assert_eq!(named(name), Country::parse(code), "{name}");
        }
    }
}
