//! The detection and repair of damaged text: read in a wrong encoding, written with HTML entities,
//! or with lost letters.

use alta_domain::BuiltInField as F;
use alta_domain::{Encoding, FieldTarget, ProblemCode};

use crate::code_pages::WINDOWS_1252;

/// The most times that a text may have been read in a wrong encoding, one after another.
const MOST_READINGS: usize = 3;

/// Returns true when the bytes of a record may hold damaged text. This quick test clears most
/// records, so that their cells need no closer look.
pub(crate) fn may_be(raw: &[u8]) -> bool {
    // In UTF-8: a letter that stands for the first byte of a character (Â to ô, after 0xC3), then a
    // letter that stands for a continuation byte. The second letter is the rarer one.
    let is_behind_first =
        |at: usize| at >= 2 && matches!(raw.get(at - 2..at), Some([0xC3, 0x82..=0xB4]));
    memchr::memchr3(b'?', b'&', 0xEF, raw).is_some()
        || memchr::memchr3_iter(0xC2, 0xC5, 0xC6, raw).any(is_behind_first)
        || memchr::memchr2_iter(0xCB, 0xE2, raw).any(is_behind_first)
}

/// A scan over the chunks of a file, which finds out whether the file may hold damaged text at all.
/// Where it may not, no record is examined.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chunks {
    may_be: bool,
    /// The last two bytes of the chunk before, because a character may be cut at the border.
    end: [u8; 2],
}

impl Chunks {
    /// Starts a scan for a file in this encoding. The bytes of UTF-16 are not scanned, because they
    /// are converted first: every record is examined.
    pub(crate) fn of(encoding: Encoding) -> Self {
        Self {
            may_be: matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be),
            end: [0; 2],
        }
    }

    /// Scans the next chunk.
    pub(crate) fn next(&mut self, bytes: &[u8]) {
        if self.may_be {
            return;
        }
        let cut = [&self.end[..], &bytes[..bytes.len().min(2)]].concat();
        self.may_be = may_be(bytes) || may_be(&cut);
        self.end = match *bytes {
            [] => self.end,
            [last] => [self.end[1], last],
            [.., before, last] => [before, last],
        };
    }

    /// Returns true for a record that may hold damaged text.
    pub(crate) fn may_be(self, record: &str) -> bool {
        self.may_be && may_be(record.as_bytes())
    }
}

/// Returns the damage of a cell whose column has this target, the worst kind first; `None` when it
/// has none.
pub(crate) fn of(text: &str, target: FieldTarget) -> Option<ProblemCode> {
    if !may_be(text.as_bytes()) {
        return None;
    }
    if has_lost_letters(text, target) {
        Some(ProblemCode::LostLetters)
    } else if without_mojibake(text).is_some() {
        Some(ProblemCode::Mojibake)
    } else if without_entities(text).is_some() {
        Some(ProblemCode::Entities)
    } else {
        None
    }
}

/// Returns the text without this damage; `None` when there is no such damage that can be undone.
pub(crate) fn repaired(text: &str, damage: ProblemCode) -> Option<String> {
    match damage {
        ProblemCode::Mojibake => without_mojibake(text),
        ProblemCode::Entities => without_entities(text),
        _ => None,
    }
}

/// Returns true when a letter is lost: U+FFFD or a question mark has replaced it (`JO?O`, `Jos?`).
/// Question marks count only in names and addresses, because notes and web addresses have question
/// marks of their own.
fn has_lost_letters(text: &str, target: FieldTarget) -> bool {
    if text.contains('\u{fffd}') {
        return true;
    }
    let FieldTarget::BuiltIn(field) = target else {
        return false;
    };
    let is_of_names = matches!(
        field,
        F::Name | F::FirstName | F::LastName | F::Company | F::City | F::State | F::Address
    );
    is_of_names && !text.contains("://") && has_mark_in_word(text)
}

/// Returns true for a question mark directly after a letter, or before a small letter.
fn has_mark_in_word(text: &str) -> bool {
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_lost = letter == '?'
            && (before.is_alphabetic() || letters.peek().is_some_and(|next| next.is_lowercase()));
        if is_lost {
            return true;
        }
        before = letter;
    }
    false
}

/// Undoes the reading of UTF-8 as Windows-1252, once or several times. Returns `None` when the text
/// has no such damage.
fn without_mojibake(text: &str) -> Option<String> {
    let mut mended: Option<String> = None;
    for _ in 0..MOST_READINGS {
        match read_again(mended.as_deref().unwrap_or(text)) {
            Some(read) => mended = Some(read),
            None => break,
        }
    }
    mended
}

/// Reads as UTF-8 again all groups of letters whose bytes form a whole character: a letter for the
/// first byte, and letters for its continuation bytes. Returns `None` when there is no such group.
fn read_again(text: &str) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let (mut at, mut has_read) = (0, false);
    while let Some(letter) = letters.get(at) {
        // For two bytes only the letters of Latin-1: É before a closing quote is no damage.
        let length = match byte_of(*letter) {
            Some(0xC2 | 0xC3) if !ends_in_quote(&letters, at) => 2,
            Some(0xE2) => 3,
            Some(0xF0) => 4,
            _ => 1,
        };
        let bytes: Option<Vec<u8>> = letters.get(at..at + length).map(|letters| {
            letters
                .iter()
                .filter_map(|letter| byte_of(*letter))
                .collect()
        });
        let read = bytes
            .as_deref()
            .filter(|bytes| length > 1 && bytes.len() == length)
            .and_then(|bytes| std::str::from_utf8(bytes).ok());
        if let Some(read) = read {
            out.push_str(read);
            has_read = true;
            at += length;
        } else {
            out.push(*letter);
            at += 1;
        }
    }
    has_read.then_some(out)
}

/// Returns true when a quote, a dash or an ellipsis ends a word after this letter: `IRMÃ”`.
fn ends_in_quote(letters: &[char], at: usize) -> bool {
    let is_mark = |letter: &char| "”“’‘…–—".contains(*letter);
    let is_letter = |letter: &char| letter.is_alphanumeric();
    letters.get(at + 1).is_some_and(is_mark) && !letters.get(at + 2).is_some_and(is_letter)
}

/// Returns the byte of a letter in ISO-8859-1 or Windows-1252. The former has control characters
/// where the latter has letters.
fn byte_of(letter: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(letter)) {
        return Some(byte);
    }
    WINDOWS_1252.byte_of(letter)
}

/// The HTML names of U+00A0 to U+00FF.
const LATIN: &str = "\
    nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg \
    plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest \
    Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute \
    Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc \
    Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute \
    ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide \
    oslash ugrave uacute ucirc uuml yacute thorn yuml";

/// The HTML names of other characters that occur in exports.
const OTHERS: [(&str, char); 16] = [
    ("OElig", '\u{152}'),
    ("amp", '&'),
    ("apos", '\u{27}'),
    ("bull", '\u{2022}'),
    ("euro", '\u{20ac}'),
    ("gt", '>'),
    ("hellip", '\u{2026}'),
    ("ldquo", '\u{201c}'),
    ("lsquo", '\u{2018}'),
    ("lt", '<'),
    ("mdash", '\u{2014}'),
    ("ndash", '\u{2013}'),
    ("oelig", '\u{153}'),
    ("quot", '\u{22}'),
    ("rdquo", '\u{201d}'),
    ("rsquo", '\u{2019}'),
];

/// The size of the longest entity in bytes, between `&` and `;`.
const LONGEST_ENTITY: usize = 8;

/// Replaces HTML entities by their characters, such as `&aacute;`, `&#225;` and `&#xe1;`. Returns
/// `None` when there is none.
fn without_entities(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut has_entity) = (text, false);
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        let end = behind
            .bytes()
            .take(LONGEST_ENTITY + 1)
            .position(|byte| byte == b';');
        let letter = end.and_then(|end| behind.get(..end)).and_then(entity);
        if let (Some(letter), Some(end)) = (letter, end) {
            out.push(letter);
            has_entity = true;
            rest = &behind[end + 1..];
        } else {
            out.push('&');
            rest = behind;
        }
    }
    out.push_str(rest);
    has_entity.then_some(out)
}

/// Returns the character of an entity; `None` for an unknown name.
fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?).filter(|letter| !letter.is_control());
    }
    let of_latin = LATIN.split(' ').position(|known| known == name);
    let latin = of_latin.and_then(|at| char::from_u32(u32::try_from(at).ok()? + 0xA0));
    latin
        .or_else(|| {
            OTHERS
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, letter)| *letter)
        })
        // A non-breaking space becomes a space.
        .map(|letter| if letter == '\u{a0}' { ' ' } else { letter })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CITY: FieldTarget = FieldTarget::BuiltIn(F::City);

    #[test]
    fn utf8_that_was_read_in_a_wrong_encoding_is_known_and_undone() {
        for (damaged, text) in [
            ("JoÃ£o ConceiÃ§Ã£o", "João Conceição"),
            ("MuÃ±oz", "Muñoz"),
            ("SÃ£o Paulo â€“ SP", "São Paulo – SP"),
            ("Ã\u{81}ngela", "Ángela"),
            ("JOÃ\u{83}O", "JOÃO"),
            ("JoÃƒÂ£o", "João"),
            ("N.Âº 7", "N.º 7"),
            ("João e ConceiÃ§Ã£o", "João e Conceição"),
        ] {
            assert_eq!(of(damaged, CITY), Some(ProblemCode::Mojibake), "{damaged}");
            let read = repaired(damaged, ProblemCode::Mojibake);
            assert_eq!(read.as_deref(), Some(text), "{damaged}");
        }
    }

    #[test]
    fn letters_that_are_gone_are_known() {
        for text in [
            "JO?O",
            "Concei??o",
            "Jos? da Silva",
            "S\u{fffd}o Paulo",
            "?ngela",
        ] {
            assert_eq!(of(text, CITY), Some(ProblemCode::LostLetters), "{text}");
        }
        for text in ["?", "Rua 7 ?", "http://x.example.com/?a=b"] {
            assert_eq!(of(text, CITY), None, "{text}");
        }
        assert_eq!(of("Tudo bem?", FieldTarget::BuiltIn(F::Notes)), None);
    }

    #[test]
    fn entities_are_known_and_written_out() {
        for (damaged, text) in [
            ("Jo&atilde;o", "João"),
            ("Silva &amp; Cia", "Silva & Cia"),
            ("S&#227;o", "São"),
            ("S&#xE3;o", "São"),
            ("Ana&nbsp;Maria", "Ana Maria"),
            ("D&apos;Ávila &lt;3", "D'Ávila <3"),
            ("&Ntilde;and&uacute;", "Ñandú"),
        ] {
            assert_eq!(of(damaged, CITY), Some(ProblemCode::Entities), "{damaged}");
            let read = repaired(damaged, ProblemCode::Entities);
            assert_eq!(read.as_deref(), Some(text), "{damaged}");
        }
    }

    #[test]
    fn good_text_is_left_alone() {
        for text in [
            "PADARIA “JOSÉ”",
            "CAFÉ…",
            "“IRMÔ",
            "São Paulo",
            "ÂNGELA",
            "CORAÇÃO",
            "Silva & Cia; Ltda",
            "A&B",
            "Müller",
            "L’Âge d’or",
            "Peña",
            "AT&T;",
            "“Irmã”",
            "&; &#; &#0;",
        ] {
            assert_eq!(of(text, CITY), None, "{text}");
        }
    }

    #[test]
    fn what_may_be_damaged_is_seen_in_bytes() {
        for text in ["JoÃ£o", "N.Âº", "a?b", "&amp;", "\u{fffd}", "â€“"] {
            assert!(may_be(text.as_bytes()), "{text}");
        }
        assert!(!may_be("João da Silva;São Paulo;ação".as_bytes()));
    }

    #[test]
    fn damage_is_seen_however_chunks_cut_it() {
        let bytes = "João;JoÃ£o;São".as_bytes();
        for size in 1..bytes.len() {
            let mut chunks = Chunks::of(Encoding::Utf8);
            bytes.chunks(size).for_each(|chunk| chunks.next(chunk));
            assert!(chunks.may_be("JoÃ£o"), "{size}");
            assert!(!chunks.may_be("João"), "{size}");
        }
    }
}
