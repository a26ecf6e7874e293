//! The rules for names that people type: of a person, an organization, a list, a field.

use alta_domain::ErrorCode;

use crate::error::Result;

/// The most characters of a name.
const NAME_LENGTH: usize = 120;

/// Returns a name without outer spaces, and with a space in place of each control character.
///
/// # Errors
/// [`ErrorCode::Missing`] for an empty name; [`ErrorCode::TooLong`] above 120 characters.
pub(crate) fn checked_name(text: &str) -> Result<String> {
    // A control character would break the head of a mail or a line of a log.
    let text = text.replace(char::is_control, " ");
    let text = text.trim();
    match text.chars().count() {
        0 => Err(ErrorCode::Missing.into()),
        length if length > NAME_LENGTH => Err(ErrorCode::TooLong.into()),
        _ => Ok(text.to_owned()),
    }
}

/// Makes the slug by which the command line names an organization: `comercial-andina`.
pub(crate) fn slug(name: &str) -> String {
    let folded = alta_intake::fold(name);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        "organization".to_owned()
    } else {
        words.join("-")
    }
}
