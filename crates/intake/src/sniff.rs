//! The recognition of files in other formats.

/// The size in bytes of a file's first part, from which its format and shape are found.
pub const HEAD_BYTES: usize = 256 * 1024;

/// Returns the format of a file that is not delimited text; `None` for text. The word is part of
/// the error `not_csv`.
///
/// ```
/// assert_eq!(alta_intake::foreign_format(b"%PDF-1.7 ..."), Some("pdf"));
/// assert_eq!(alta_intake::foreign_format(b"nome;fone\n"), None);
/// ```
#[must_use]
pub fn foreign_format(head: &[u8]) -> Option<&'static str> {
    let magic: [(&[u8], &str); 13] = [
        (b"%PDF", "pdf"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "xls"),
        (b"{\\rtf", "rtf"),
        (b"\x89PNG", "image"),
        (b"\xFF\xD8\xFF", "image"),
        (b"GIF8", "image"),
        (b"RIFF", "media"),
        (b"\x1F\x8B", "gzip"),
        (b"7z\xBC\xAF", "7z"),
        (b"Rar!", "rar"),
        (b"SQLite format 3", "sqlite"),
        (b"\x7FELF", "program"),
        (b"MZ\x90", "program"),
    ];
    if let Some((_, name)) = magic.iter().find(|(bytes, _)| head.starts_with(bytes)) {
        return Some(name);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(zip_content(head));
    }
    markup(head).or_else(|| binary(head))
}

/// Returns the format of an archive. Office files are archives; the names of their first members
/// show which program wrote them.
fn zip_content(head: &[u8]) -> &'static str {
    let holds = |name: &[u8]| memchr::memmem::find(head, name).is_some();
    if holds(b"opendocument.spreadsheet") {
        "ods"
    } else if holds(b"xl/") {
        "xlsx"
    } else if holds(b"word/") {
        "docx"
    } else if holds(b"Index/Document.iwa") {
        "numbers"
    } else {
        "zip"
    }
}

fn markup(head: &[u8]) -> Option<&'static str> {
    let text = head
        .strip_prefix("\u{feff}".as_bytes())
        .unwrap_or(head)
        .trim_ascii_start();
    let start: Vec<u8> = text.iter().take(256).map(u8::to_ascii_lowercase).collect();
    let begins = |word: &[u8]| start.starts_with(word);
    if begins(b"<!doctype html") || begins(b"<html") || begins(b"<table") {
        return Some("html");
    }
    if begins(b"<?xml") {
        return Some(if memchr::memmem::find(&start, b"excel.sheet").is_some() {
            "xls"
        } else {
            "xml"
        });
    }
    if begins(b"begin:vcard") {
        return Some("vcard");
    }
    let compact: Vec<u8> = start
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .take(2)
        .collect();
    let json = matches!(
        compact.as_slice(),
        [b'{', b'"'] | [b'[', b'{' | b'[' | b'"']
    );
    json.then_some("json")
}

/// Returns `binary` for a file with many control bytes. A few zero bytes may be text that a faulty
/// program wrote. UTF-16 is recognized first, by its own pattern of zeros.
fn binary(head: &[u8]) -> Option<&'static str> {
    // A program that writes whole blocks fills the last one with zeros.
    let filled = head
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    let head = &head[..filled];
    if matches!(
        crate::decode::detect_encoding(head),
        alta_domain::Encoding::Utf16Le | alta_domain::Encoding::Utf16Be
    ) {
        return None;
    }
    let control = head
        .iter()
        .filter(|byte| matches!(byte, 0..=8 | 14..=31 | 127))
        .count();
    (control > 8 && control * 20 > head.len()).then_some("binary")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_drop_instead_is_named() {
        assert_eq!(
            foreign_format(b"PK\x03\x04\x14\0\x06\0[Content_Types].xml xl/workbook.xml"),
            Some("xlsx")
        );
        assert_eq!(
            foreign_format(b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet"),
            Some("ods")
        );
        assert_eq!(foreign_format(b"\n<!DOCTYPE html><html>"), Some("html"));
        assert_eq!(foreign_format(b"[ {\"nome\": 1} ]"), Some("json"));
        assert_eq!(
            foreign_format(&[0, 1, 2, 3, 0, 0, 0, 0, 0, 1, 0, 2]),
            Some("binary")
        );
    }

    #[test]
    fn text_with_a_stray_zero_byte_is_text() {
        assert_eq!(foreign_format(b"nome;fone\nAna\0;51999999999\n"), None);
        let utf16: Vec<u8> = "nome;fone\nAna;51\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(foreign_format(&utf16), None);
    }
}
