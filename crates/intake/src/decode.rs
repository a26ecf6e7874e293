//! The decoding of bytes into text, and the detection of the encoding.

use std::borrow::Cow;

use alta_domain::Encoding;

use crate::code_pages::{CODE_PAGE_850, CodePage, MACINTOSH, Utf16, WINDOWS_1252};

/// Returns the text of some bytes, and true when some of them are not valid text. Such bytes become
/// U+FFFD and are never dropped.
///
/// ```
/// use alta_domain::Encoding;
/// assert_eq!(alta_intake::text_of(b"S\xe3o", Encoding::Windows1252).0, "São");
/// ```
#[must_use]
pub fn text_of(bytes: &[u8], encoding: Encoding) -> (Cow<'_, str>, bool) {
    let of_page = |page: &CodePage| match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(page.text(bytes)),
    };
    match encoding {
        Encoding::Windows1252 => (of_page(&WINDOWS_1252), false),
        Encoding::Macintosh => (of_page(&MACINTOSH), false),
        Encoding::Ibm850 => (of_page(&CODE_PAGE_850), false),
        Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => {
            match std::str::from_utf8(bytes) {
                Ok(text) => (Cow::Borrowed(text), false),
                Err(_) => (String::from_utf8_lossy(bytes), true),
            }
        }
    }
}

/// Returns a decoder for UTF-16, which must be converted to UTF-8 before records are split; `None`
/// for all other encodings.
pub(crate) fn transcoder(encoding: Encoding) -> Option<Utf16> {
    match encoding {
        Encoding::Utf16Le => Some(Utf16::new(false)),
        Encoding::Utf16Be => Some(Utf16::new(true)),
        Encoding::Utf8 | Encoding::Windows1252 | Encoding::Macintosh | Encoding::Ibm850 => None,
    }
}

/// The byte order mark in UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The number of continuation bytes that prove UTF-8: so many valid characters are no accident.
const PROOF: u64 = 100_000;

/// A count of the evidence for and against UTF-8, which works across the borders of chunks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Utf8Census {
    /// The number of bytes that continue a character of two to four bytes.
    pub wide: u64,
    /// The number of invalid bytes.
    pub bad: u64,
    /// The number of invalid bytes between two letters that would be accented letters in Mac Roman,
    /// the same for Windows-1252, and the same for code page 850.
    between: [u64; 3],
    begun: bool,
    /// The last byte of the chunks up to now.
    before: u8,
    /// An invalid byte at the end of the chunks up to now, whose right neighbour is not known yet,
    /// with the byte before it.
    waiting: Option<(u8, u8)>,
    pending: [u8; 3],
    pending_length: usize,
}

impl Utf8Census {
    /// Counts the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        if !std::mem::replace(&mut self.begun, true) && bytes.starts_with(MARK) {
            self.marked();
        }
        if self.pending_length == 0 {
            return self.scan(bytes);
        }
        let mut joined = self.pending[..self.pending_length].to_vec();
        let head = bytes.len().min(4);
        joined.extend_from_slice(&bytes[..head]);
        self.pending_length = 0;
        self.scan(&joined);
        let carried = self.pending_length;
        if head == bytes.len() {
            return;
        }
        self.pending_length = 0;
        self.scan(&bytes[head - carried.min(head)..]);
    }

    /// Notes that the file begins with the byte order mark of UTF-8, which is proof enough.
    pub(crate) fn marked(&mut self) {
        self.wide = PROOF;
    }

    /// Counts a valid text.
    pub(crate) fn text(&mut self, text: &str) {
        if self.wide < PROOF {
            self.wide += (text.len() - text.chars().count()) as u64;
        }
    }

    fn scan(&mut self, bytes: &[u8]) {
        if let (Some((before, bad)), Some(after)) = (self.waiting, bytes.first()) {
            self.waiting = None;
            self.look_between(before, bad, *after);
        }
        let mut rest = bytes;
        loop {
            let (valid, error) = match std::str::from_utf8(rest) {
                Ok(text) => (text, None),
                Err(error) => {
                    let valid =
                        std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default();
                    (valid, Some(error))
                }
            };
            self.text(valid);
            self.before = valid.as_bytes().last().copied().unwrap_or(self.before);
            let Some(error) = error else { return };
            rest = &rest[error.valid_up_to()..];
            if let Some(length) = error.error_len() {
                self.bad += 1;
                match rest.get(1) {
                    Some(after) => self.look_between(self.before, rest[0], *after),
                    None => self.waiting = Some((self.before, rest[0])),
                }
                self.before = rest[length - 1];
                rest = &rest[length..];
            } else {
                self.pending_length = rest.len();
                self.pending[..rest.len()].copy_from_slice(rest);
                return;
            }
        }
    }

    /// Counts an invalid byte between two letters, for each encoding in which it is an accented
    /// letter. Mac Roman and code page 850 have accented letters where Windows-1252 has dashes,
    /// quotation marks and currencies. The apostrophe (0x92) does not count, because it may stand
    /// between letters in any encoding.
    fn look_between(&mut self, before: u8, byte: u8, after: u8) {
        if before.is_ascii_uppercase() && !after.is_ascii_lowercase() {
            return self.look_between_capitals(byte);
        }
        if !before.is_ascii_alphabetic() || !after.is_ascii_lowercase() {
            return;
        }
        match byte {
            0x92 | 0xA0 => {}
            // ç and ê in code page 850, á and à on a Mac.
            0x87 | 0x88 => {
                self.between[0] += 1;
                self.between[2] += 1;
            }
            // In code page 850: é, â, à, ô, ü, í, ó, ú, ñ, ã.
            0x81..=0x83 | 0x85 | 0x93 | 0xA1..=0xA4 | 0xC6 => self.between[2] += 1,
            0x80..=0x9F => self.between[0] += 1,
            // õ in code page 850, ä in Windows-1252.
            0xE4 => {
                self.between[1] += 1;
                self.between[2] += 1;
            }
            0xC0.. => self.between[1] += 1,
            _ => {}
        }
    }

    /// Counts an invalid byte between capitals or at the end of a word of capitals. Ã and Õ of code
    /// page 850 are Ç and å of Windows-1252, so they prove nothing.
    fn look_between_capitals(&mut self, byte: u8) {
        match byte {
            0xC7 | 0xE5 => {}
            // In code page 850: Ç, É, Ñ, Á, À, Í, Ó, Ú.
            0x80 | 0x90 | 0xA5 | 0xB5 | 0xB7 | 0xD6 | 0xE0 | 0xE9 => self.between[2] += 1,
            // On a Mac: Ç, É, Ñ.
            0x82..=0x84 => self.between[0] += 1,
            0xC0..=0xDF => self.between[1] += 1,
            _ => {}
        }
    }

    /// Returns the encoding that the evidence shows. A file with some invalid bytes is still UTF-8,
    /// because valid characters are hardly an accident. With many more invalid bytes than valid
    /// characters the encoding is Windows-1252, or Mac Roman or code page 850 when those turn more
    /// of the bytes into letters.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        let [mac, windows, dos] = self.between;
        if self.bad <= 4 * self.wide || self.wide >= PROOF {
            Encoding::Utf8
        } else if dos > windows && dos > mac {
            Encoding::Ibm850
        } else if mac > windows {
            Encoding::Macintosh
        } else {
            Encoding::Windows1252
        }
    }
}

/// Returns the encoding of a file, found from its first part.
pub(crate) fn detect_encoding(head: &[u8]) -> Encoding {
    if head.starts_with(&[0xFF, 0xFE]) {
        return Encoding::Utf16Le;
    }
    if head.starts_with(&[0xFE, 0xFF]) {
        return Encoding::Utf16Be;
    }
    // UTF-16 without a mark: in Latin text every other byte is zero.
    let sample = &head[..head.len().min(4096)];
    let zeros = |odd: usize| {
        sample
            .iter()
            .skip(odd)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let half = sample.len() / 2;
    if half >= 4 && zeros(1) * 10 > half * 7 && zeros(0) * 10 < half {
        return Encoding::Utf16Le;
    }
    if half >= 4 && zeros(0) * 10 > half * 7 && zeros(1) * 10 < half {
        return Encoding::Utf16Be;
    }
    let mut census = Utf8Census::default();
    census.push(head);
    census.encoding()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accents_of_excel_are_windows_1252_and_a_few_bad_bytes_leave_utf8_alone() {
        assert_eq!(
            detect_encoding(b"nome;cidade\nJo\xe3o;S\xe3o Paulo\n"),
            Encoding::Windows1252
        );
        assert_eq!(
            detect_encoding("João é Antônio \u{e3}".as_bytes()),
            Encoding::Utf8
        );
        let mut mixed = "João, Antônio, Inês".as_bytes().to_vec();
        mixed.push(0xE3);
        assert_eq!(detect_encoding(&mixed), Encoding::Utf8);
    }

    #[test]
    fn accents_of_a_mac_are_told_from_quotation_marks_of_windows() {
        let mac = b"nome;cidade\nJo\x8bo;S\x8bo Paulo\nMu\x96oz;Bogot\x87\n";
        assert_eq!(detect_encoding(mac), Encoding::Macintosh);
        assert_eq!(text_of(b"Mu\x96oz", Encoding::Macintosh).0, "Muñoz");
        assert_eq!(
            detect_encoding(b"nota\n\x93Ana\x94 d\x92agua \x96 2020\x962021\n"),
            Encoding::Windows1252
        );
        assert_eq!(
            detect_encoding(b"nome\nJo\xe3o\x97Jos\xe9\n"),
            Encoding::Windows1252
        );
    }

    #[test]
    fn accents_of_dos_are_told_from_those_of_a_mac_and_of_windows() {
        for dos in [
            &b"nome;cidade\nJo\xC6o;S\xC6o Paulo\n"[..],
            b"nombre\nMu\xA4oz\nGarc\xA1a\nP\x82rez\n",
            b"nome\nJo\xC6o Concei\x87\xC6o\nEug\x88nia\n",
        ] {
            assert_eq!(detect_encoding(dos), Encoding::Ibm850);
        }
        let capitals = b"NOME\nJO\xC7O CONCEI\x80\xC7O\nJOS\x90\nMU\xA5OZ\nMARING\xB5\n";
        assert_eq!(detect_encoding(capitals), Encoding::Ibm850);
        let capitals = b"NOME\nJO\xC3O CONCEI\xC7\xC3O\nJOS\xC9\nMU\xD1OZ\nMARING\xC1\n";
        assert_eq!(detect_encoding(capitals), Encoding::Windows1252);
        for windows in [&b"nome\nJ\xE4ger\n"[..], b"S\xE3o\xA0paulo\nAna\xA0maria\n"] {
            assert_eq!(detect_encoding(windows), Encoding::Windows1252);
        }
    }

    #[test]
    fn utf16_is_recognised_with_and_without_mark() {
        let bytes: Vec<u8> = "nome;fone\nAna;51\n"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(detect_encoding(&bytes), Encoding::Utf16Be);
        assert_eq!(detect_encoding(&[0xFF, 0xFE, b'a', 0]), Encoding::Utf16Le);
    }

    proptest! {
        #[test]
        fn the_census_does_not_depend_on_chunks(text in "[aé€😀]{0,30}", bad in 0_usize..12,
            chunk in 1_usize..9) {
            let mut bytes = text.into_bytes();
            bytes.extend([b'a', 0xE3, b'b', 0x8B, b'c', 0x97, b'd', 0xE3, 0x87, b'e', 0xC3,
                    0x8E].iter().take(bad));
            let mut whole = Utf8Census::default();
            whole.push(&bytes);
            let mut parts = Utf8Census::default();
            bytes.chunks(chunk).for_each(|part| parts.push(part));
            prop_assert_eq!((whole.wide, whole.bad, whole.between),
                (parts.wide, parts.bad, parts.between));
        }
    }
}
