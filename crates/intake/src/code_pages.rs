//! The single-byte encodings, and UTF-16. `encoding_rs` also reads them, but its tables for East
//! Asia would take a quarter of the worker's size. The tests compare with it.

use std::sync::LazyLock;

/// A code page: the letters of the bytes from 0x80 on.
pub(crate) struct CodePage(LazyLock<[char; 128]>);

/// Windows-1252 (the WHATWG's index-windows-1252).
pub(crate) static WINDOWS_1252: CodePage = CodePage(LazyLock::new(|| {
    letters(
        "\
    €\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ\
    \u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯°±²³´µ¶·¸¹º»¼½¾¿\
    ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß\
    àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ",
    )
}));

/// Mac Roman (the WHATWG's index-macintosh).
pub(crate) static MACINTOSH: CodePage = CodePage(LazyLock::new(|| {
    letters(
        "\
    ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü\
    †°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø\
    ¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ\
    ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ",
    )
}));

/// Code page 850, which DOS and old programs of Windows write (Unicode's
/// `MICSFT/PC/CP850.TXT`).
pub(crate) static CODE_PAGE_850: CodePage = CodePage(LazyLock::new(|| {
    letters(
        "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ\
    áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀\
    ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
    )
}));

fn letters(text: &str) -> [char; 128] {
    let mut letters = ['\u{fffd}'; 128];
    for (place, letter) in letters.iter_mut().zip(text.chars()) {
        *place = letter;
    }
    letters
}

impl CodePage {
    /// Returns the text of these bytes.
    pub(crate) fn text(&self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
        for byte in bytes {
            text.push(match byte.checked_sub(0x80) {
                None => char::from(*byte),
                Some(place) => self.0[usize::from(place)],
            });
        }
        text
    }

    /// Returns the byte of a letter; `None` for a letter that the code page does not have.
    pub(crate) fn byte_of(&self, letter: char) -> Option<u8> {
        if letter.is_ascii() {
            return u8::try_from(letter).ok();
        }
        let place = self.0.iter().position(|known| *known == letter)?;
        u8::try_from(place + 0x80).ok()
    }
}

/// A decoder from UTF-16 to UTF-8 that works across the borders of chunks. Invalid units become
/// U+FFFD.
#[derive(Debug)]
pub(crate) struct Utf16 {
    is_big_endian: bool,
    /// The first byte of a unit whose second byte is in the next chunk.
    half: Option<u8>,
    /// The first unit of a surrogate pair whose second unit is in the next chunk.
    high: Option<u16>,
}

impl Utf16 {
    pub(crate) fn new(is_big_endian: bool) -> Self {
        Self {
            is_big_endian,
            half: None,
            high: None,
        }
    }

    /// Appends the text of the next bytes to `out`. `last` is true for the end of the file.
    pub(crate) fn push(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>) {
        let mut units: Vec<u16> = Vec::with_capacity(bytes.len() / 2 + 2);
        units.extend(self.high.take());
        let (first, rest) = match (self.half.take(), bytes.split_first()) {
            (Some(half), Some((second, rest))) => (Some([half, *second]), rest),
            (half, _) => {
                self.half = half;
                (None, bytes)
            }
        };
        let (pairs, odd) = rest.as_chunks::<2>();
        let unit = |pair: &[u8; 2]| {
            if self.is_big_endian {
                u16::from_be_bytes(*pair)
            } else {
                u16::from_le_bytes(*pair)
            }
        };
        units.extend(first.iter().chain(pairs).map(unit));
        if let [odd] = odd {
            self.half = Some(*odd);
        }
        let is_cut = units
            .last()
            .is_some_and(|unit| matches!(unit, 0xD800..=0xDBFF));
        if is_cut && !last {
            self.high = units.pop();
        }
        let mut buffer = [0; 4];
        for letter in char::decode_utf16(units) {
            let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
            out.extend_from_slice(letter.encode_utf8(&mut buffer).as_bytes());
        }
        // A pair that the end of the file cuts gives one U+FFFD.
        if last && self.half.take().is_some() && !is_cut {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_byte_is_the_letter_that_the_standards_say() {
        let bytes: Vec<u8> = (0..=255).collect();
        for (page, standard) in [
            (&WINDOWS_1252, encoding_rs::WINDOWS_1252),
            (&MACINTOSH, encoding_rs::MACINTOSH),
        ] {
            let text = standard.decode_without_bom_handling(&bytes).0;
            assert_eq!(page.text(&bytes), text, "{}", standard.name());
            for (letter, byte) in text.chars().zip(&bytes) {
                assert_eq!(page.byte_of(letter), Some(*byte));
            }
        }
        let text = CODE_PAGE_850.text(b"Jo\xC6o Concei\x87\xC6o, \xB5ngela Mu\xA4oz");
        assert_eq!(text, "João Conceição, Ángela Muñoz");
        assert!(!CODE_PAGE_850.text(&bytes).contains('\u{fffd}'));
    }

    proptest! {
        #[test]
        fn utf16_is_read_as_by_the_standard_however_it_is_cut(
            units in proptest::collection::vec(
                prop_oneof![any::<u16>(), 0xD7F0_u16..0xE010, 0x20_u16..0x7F],
                0..40,
            ),
            odd in any::<bool>(),
            size in 1_usize..9,
            is_big_endian in any::<bool>(),
        ) {
            let unit = |unit: u16| {
                if is_big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }
            };
            let mut bytes: Vec<u8> = units.into_iter().flat_map(unit).collect();
            if odd {
                bytes.push(b'a');
            }
            let standard = if is_big_endian {
                encoding_rs::UTF_16BE
            } else {
                encoding_rs::UTF_16LE
            };
            let mut utf16 = Utf16::new(is_big_endian);
            let mut out = Vec::new();
            let mut chunks = bytes.chunks(size).peekable();
            if chunks.peek().is_none() {
                utf16.push(&[], true, &mut out);
            }
            while let Some(chunk) = chunks.next() {
                utf16.push(chunk, chunks.peek().is_none(), &mut out);
            }
            let expected = standard.decode_without_bom_handling(&bytes).0;
            prop_assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
