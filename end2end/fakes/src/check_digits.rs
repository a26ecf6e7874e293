//! The check digits of CPF (people) and CNPJ (companies).

/// Returns the CPF with these first nine digits.
pub(crate) fn cpf(body: &str) -> String {
    complete(body, 11)
}

/// Returns the CNPJ with these first twelve digits.
pub(crate) fn cnpj(body: &str) -> String {
    complete(body, 9)
}

/// Appends two check digits modulo 11. The weights go up from 2 at the right end, and start again
/// at 2 above `last_weight`.
fn complete(body: &str, last_weight: u32) -> String {
    let mut digits = body.to_owned();
    for _ in 0..2 {
        let weights = (2..=last_weight).cycle();
        let sum: u32 = digits
            .bytes()
            .rev()
            .zip(weights)
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        let check = match sum % 11 {
            0 | 1 => 0,
            rest => 11 - rest,
        };
        digits.push_str(&check.to_string());
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers() {
        assert_eq!(cpf("900100200"), "90010020055");
        assert_eq!(cpf("111444777"), "11144477735");
        assert_eq!(cnpj("900100200001"), "90010020000136");
        assert_eq!(cnpj("112223330001"), "11222333000181");
    }
}
