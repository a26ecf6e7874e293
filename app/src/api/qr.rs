//! QR codes as the path of an SVG.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};

/// The width of the white border around a code, in squares (ISO/IEC 18004, 6.3.8).
const BORDER: i32 = 4;

/// Returns the dark squares of a text's QR code as the path of an SVG, and the code's side in
/// squares, including the border; `None` for a text that is too long.
pub(super) fn path(text: &str) -> Option<(String, u32)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            write!(path, "M{} {}h1v1h-1z", x + BORDER, y + BORDER).ok()?;
        }
    }
    Some((path, u32::try_from(code.size() + 2 * BORDER).ok()?))
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_code_has_its_corner_and_its_border() {
        let (squares, side) = path("otpauth://totp/Alta:ana%40example.com?secret=ABC").unwrap();
        assert!(
            side >= 29 && squares.starts_with("M4 4h1v1h-1z"),
            "{side} {squares}"
        );
        assert_eq!(path(&"x".repeat(5000)), None);
    }
}
