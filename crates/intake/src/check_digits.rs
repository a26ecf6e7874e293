//! The check digits of Brazil's tax ids.

/// Returns true for the eleven digits of a valid CPF: the last two are check digits, modulo 11 over
/// the digits before them (Receita Federal). A CPF with one digit repeated is not valid.
pub(crate) fn is_cpf(id: &[u8]) -> bool {
    if id.len() != 11 {
        return false;
    }
    let digit = |length: u32| {
        let sum: u32 = id
            .iter()
            .zip((2..=length + 1).rev())
            .take(length as usize)
            .map(|(byte, weight)| u32::from(byte - b'0') * weight)
            .sum();
        sum * 10 % 11 % 10
    };
    id.iter().all(u8::is_ascii_digit)
        && id.iter().any(|byte| *byte != id[0])
        && digit(9) == u32::from(id[9] - b'0')
        && digit(10) == u32::from(id[10] - b'0')
}

/// Returns true for the fourteen characters of a valid CNPJ: check digits like those of a CPF, with
/// weights 2 to 9. From July 2026 its first twelve characters may be letters, each with the value
/// of its ASCII code less 48 (Instrução Normativa RFB 2.229/2024).
pub(crate) fn is_cnpj(id: &[u8]) -> bool {
    if id.len() != 14 {
        return false;
    }
    let digit = |length: usize| {
        let weights = (2..=9).cycle();
        let sum: u32 = id[..length]
            .iter()
            .rev()
            .zip(weights)
            .map(|(byte, weight)| u32::from(byte - 48) * weight)
            .sum();
        match sum % 11 {
            0 | 1 => 0,
            rest => 11 - rest,
        }
    };
    id[..12].iter().all(u8::is_ascii_alphanumeric)
        && id[12..].iter().all(u8::is_ascii_digit)
        && id.iter().any(|byte| *byte != id[0])
        && digit(12) == u32::from(id[12] - b'0')
        && digit(13) == u32::from(id[13] - b'0')
}
