//! The rule for passwords. After NIST SP 800-63B: a length, a list of the commonest, and no rules
//! of composition.

use alta_domain::ErrorCode;

use crate::error::Result;

/// Guesses that a password must outlast, as zxcvbn counts them: it goes through the published
/// lists, with the substitutions that everybody knows.
const GUESSES: u64 = 1_000_000;

/// The commonest passwords of every published list, and their like in Spanish and Portuguese, which
/// zxcvbn does not know; one a line, in lower case.
const COMMON: &str = include_str!("../../data/common_passwords.txt");

/// The shortest word of a name that makes a password easier to guess.
const SHORTEST_WORD: usize = 3;

fn not_of_a_word(letter: char) -> bool {
    !letter.is_alphanumeric()
}

/// Returns the password, unless it is easy to guess. `known` holds the words that everybody knows
/// of its owner: name, e-mail address, organization. [`crate::secret::hash_password`] checks the
/// length.
///
/// # Errors
/// [`ErrorCode::CommonPassword`].
pub(super) fn checked_password(password: String, known: &[&str]) -> Result<String> {
    let lower = password.to_lowercase();
    let words = known.iter().flat_map(|known| known.split(not_of_a_word));
    let words = words.filter(|word| word.chars().count() >= SHORTEST_WORD);
    let inputs: Vec<&str> = known.iter().copied().chain(words).collect();
    let is_own = known.iter().any(|known| {
        let known = known.to_lowercase();
        lower == known || lower == known.replace(' ', "") || known.split('@').next() == Some(&lower)
    });
    if is_own
        || COMMON.lines().any(|common| common == lower)
        || zxcvbn::zxcvbn(&password, &inputs).guesses() < GUESSES
    {
        return Err(ErrorCode::CommonPassword.into());
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::checked_password;
    use alta_domain::ErrorCode;

    #[test]
    fn what_everybody_would_try_first_is_refused_whatever_its_case() {
        for bad in [
            "Password1",
            "12345678",
            "QWERTYUIOP",
            "contraseña",
            "senha123",
            "anasilva",
            "ana.silva",
            "Ana Silva",
            "Ferretería Andes",
            "ferretería2026",
        ] {
            let known = ["Ana Silva", "ana.silva@example.com", "Ferretería Andes"];
            let refused = checked_password(bad.to_owned(), &known).unwrap_err();
            assert_eq!(refused.code(), ErrorCode::CommonPassword, "{bad}");
        }
        assert!(checked_password("primeros pasos".to_owned(), &["Ana Silva"]).is_ok());
    }
}
