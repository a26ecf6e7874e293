//! The reading of CPF and CNPJ, checked by their check digits.

use alta_domain::Country;

use crate::check_digits::{is_cnpj, is_cpf};
use crate::phone::{PhoneError, scientific, unwrap};

/// The result of reading a tax id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaxIdReading {
    /// A valid tax id.
    Valid {
        /// The id in capitals. Brazil's ids have no punctuation; those of other countries are as
        /// written.
        id: String,
        /// True when a leading zero that a spreadsheet removed was restored.
        mended: bool,
    },
    /// The check digits are wrong.
    Invalid,
    /// A spreadsheet wrote a number such as 1,12223E+13: its last digits are lost.
    LostDigits,
}

/// Reads a tax id. Brazil's are checked by their check digits; those of other countries, and those
/// in a column that is `foreign`, are taken as written.
///
/// ```
/// use alta_domain::Country;
/// use alta_intake::{TaxIdReading, read_tax_id};
/// let valid = TaxIdReading::Valid { id: "52998224725".into(), mended: false };
/// assert_eq!(read_tax_id("529.982.247-25", Country::BRAZIL, false), valid);
/// assert_eq!(read_tax_id("111.111.111-11", Country::BRAZIL, false), TaxIdReading::Invalid);
/// ```
#[must_use]
pub fn read_tax_id(text: &str, country: Country, foreign: bool) -> TaxIdReading {
    let unwrapped = unwrap(text);
    let written_out = match scientific(&unwrapped) {
        Some(Ok(digits)) => digits,
        Some(Err(PhoneError::LostDigits)) => return TaxIdReading::LostDigits,
        _ => unwrapped.into_owned(),
    };
    let text = written_out.as_str();
    if foreign || country != Country::BRAZIL {
        return TaxIdReading::Valid {
            id: text.to_uppercase(),
            mended: false,
        };
    }
    let body: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'.' | b'-' | b'/' | b' '))
        .map(|byte| byte.to_ascii_uppercase())
        .collect();
    let (padded, mended) = match body.len() {
        9 | 10 | 12 | 13 if body.iter().all(u8::is_ascii_digit) => {
            let full = if body.len() <= 10 { 11 } else { 14 };
            ([vec![b'0'; full - body.len()], body].concat(), true)
        }
        _ => (body, false),
    };
    let valid = is_cpf(&padded) || is_cnpj(&padded);
    match String::from_utf8(padded) {
        Ok(id) if valid => TaxIdReading::Valid { id, mended },
        _ => TaxIdReading::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valid(text: &str) -> Option<(String, bool)> {
        match read_tax_id(text, Country::BRAZIL, false) {
            TaxIdReading::Valid { id, mended } => Some((id, mended)),
            _ => None,
        }
    }

    #[test]
    fn check_digits_decide() {
        assert_eq!(
            valid("11.222.333/0001-81"),
            Some(("11222333000181".into(), false))
        );
        assert_eq!(
            valid("12.ABC.345/01DE-35"),
            Some(("12ABC34501DE35".into(), false)),
            "the tax office's own example"
        );
        assert_eq!(valid("529.982.247-26"), None);
        assert_eq!(valid("00000000000"), None);
        assert_eq!(valid("São"), None);
    }

    #[test]
    fn what_spreadsheets_make_of_an_id_is_undone_or_named() {
        for text in [
            "11222333000181.0",
            "=\"11222333000181\"",
            "'11222333000181",
            "1,1222333000181E+13",
        ] {
            assert_eq!(
                valid(text),
                Some(("11222333000181".into(), false)),
                "{text}"
            );
        }
        assert_eq!(
            read_tax_id("1,12223E+13", Country::BRAZIL, false),
            TaxIdReading::LostDigits
        );
        let chilean = TaxIdReading::Valid {
            id: "12.345.678-K".into(),
            mended: false,
        };
        assert_eq!(read_tax_id("12.345.678-k", Country::BRAZIL, true), chilean);
    }

    #[test]
    fn a_leading_zero_that_excel_took_comes_back() {
        assert_eq!(valid("1234567890"), Some(("01234567890".into(), true)));
    }
}
