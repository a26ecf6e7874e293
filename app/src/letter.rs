//! The mails that Alta sends, as text and as HTML.

use alta_domain::Language;
use html_escape::{encode_double_quoted_attribute, encode_text};

use crate::reader::text_in;
use crate::texts::{Text, mail};
use crate::wording::fill_gaps;

/// A mail's subject and its two bodies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The subject.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML, with the link as a button.
    pub html: String,
}

/// Returns the mail with an invitation to join an organization.
#[must_use]
pub fn invitation(language: Language, organization: &str, inviter: &str, link: &str) -> Letter {
    let gaps = [
        ("{organization}", organization.to_owned()),
        ("{inviter}", inviter.to_owned()),
    ];
    let filled = |text: Text| fill_gaps(text_in(language, text), &gaps);
    letter(
        language,
        filled(mail::invitation_subject),
        &filled(mail::invitation),
        text_in(language, mail::invitation_button),
        link,
    )
}

/// Returns the mail with a link for a new password.
#[must_use]
pub fn password(language: Language, link: &str) -> Letter {
    let text = |text: Text| text_in(language, text);
    letter(
        language,
        text(mail::password_subject).to_owned(),
        text(mail::password),
        text(mail::password_button),
        link,
    )
}

/// Returns the mail with a link that confirms a new address.
#[must_use]
pub fn email(language: Language, link: &str) -> Letter {
    let text = |text: Text| text_in(language, text);
    letter(
        language,
        text(mail::email_subject).to_owned(),
        text(mail::email),
        text(mail::email_button),
        link,
    )
}

/// Returns the mail that warns an account's old address that somebody asked for another one. The
/// link leads to a new password, which cancels the change.
#[must_use]
pub fn email_warning(language: Language, new_email: &str, link: &str) -> Letter {
    let text = |text: Text| text_in(language, text);
    let gaps = [("{new}", new_email.to_owned())];
    letter_with(
        language,
        text(mail::warning_subject).to_owned(),
        &fill_gaps(text(mail::warning), &gaps),
        (text(mail::warning_button), link),
        text(mail::warning_ignore),
    )
}

fn letter(language: Language, subject: String, body: &str, button: &str, link: &str) -> Letter {
    let ignore = text_in(language, mail::ignore);
    letter_with(language, subject, body, (button, link), ignore)
}

/// Makes a letter of its texts and its link. `ignore` is the sentence that tells readers when they
/// may ignore the letter.
fn letter_with(
    language: Language,
    subject: String,
    body: &str,
    (button, link): (&str, &str),
    ignore: &str,
) -> Letter {
    let text = format!("{body}\n\n{link}\n\n{ignore}\n");
    let html = format!(
        concat!(
            "<!DOCTYPE html><html lang=\"{}\">",
            "<body style=\"margin:0;padding:32px;background:#f6f4f0;color:#1f2a2a;",
            "font:16px/1.5 sans-serif\">",
            "<div style=\"max-width:32rem;margin:auto;padding:32px;background:#fff;",
            "border-radius:10px\"><p>{}</p>",
            "<p style=\"margin:28px 0\"><a href=\"{}\" style=\"padding:12px 20px;",
            "background:#0f5c5c;color:#fff;border-radius:8px;text-decoration:none\">{}</a></p>",
            "<p style=\"color:#5d6666;font-size:14px\">{}</p></div></body></html>",
        ),
        language.as_str(),
        encode_text(body),
        encode_double_quoted_attribute(link),
        encode_text(button),
        encode_text(ignore)
    );
    Letter {
        subject,
        text,
        html,
    }
}

#[cfg(test)]
mod tests {
    use super::invitation;
    use alta_domain::Language;

    #[test]
    fn names_are_text_in_the_html_and_whole_in_the_subject() {
        let letter = invitation(
            Language::Spanish,
            "<b>Acme</b>",
            "Ana & Bia",
            "https://alta.example.com/invitation?token=x\"",
        );
        assert!(
            letter.html.contains("&lt;b&gt;Acme&lt;/b&gt;") && !letter.html.contains("<b>Acme")
        );
        assert!(letter.html.contains("token=x&quot;"), "{}", letter.html);
        assert!(letter.subject.contains("<b>Acme</b>") && letter.text.contains("Ana & Bia"));
    }
}
