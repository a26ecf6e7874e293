//! What the mails say, as text and as HTML.

use alta_domain::Language;
use html_escape::{encode_double_quoted_attribute, encode_text};

use crate::reader::text_in;
use crate::texts::mail;
use crate::words::{Text, filled};

/// A mail's subject and its two bodies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The subject.
    pub subject: String,
    /// For readers without HTML.
    pub text: String,
    /// The same with a button.
    pub html: String,
}

/// An invitation to join an organization.
#[must_use]
pub fn invitation(language: Language, organization: &str, inviter: &str, link: &str) -> Letter {
    let gaps = [
        ("{organization}", organization.to_owned()),
        ("{inviter}", inviter.to_owned()),
    ];
    let said = |text: Text| filled(text_in(language, text), &gaps);
    letter(
        language,
        said(mail::invitation_subject),
        &said(mail::invitation),
        text_in(language, mail::invitation_button),
        link,
    )
}

/// A link for a new password.
#[must_use]
pub fn password(language: Language, link: &str) -> Letter {
    let said = |text: Text| text_in(language, text);
    letter(
        language,
        said(mail::password_subject).to_owned(),
        said(mail::password),
        said(mail::password_button),
        link,
    )
}

/// A link that confirms a new address.
#[must_use]
pub fn email(language: Language, link: &str) -> Letter {
    let said = |text: Text| text_in(language, text);
    letter(
        language,
        said(mail::email_subject).to_owned(),
        said(mail::email),
        said(mail::email_button),
        link,
    )
}

fn letter(language: Language, subject: String, said: &str, button: &str, link: &str) -> Letter {
    let ignore = text_in(language, mail::ignore);
    let text = format!("{said}\n\n{link}\n\n{ignore}\n");
    let html = format!(
        "<!DOCTYPE html><html lang=\"{}\"><body style=\"margin:0;padding:32px;background:#f6f4f0;color:#1f2a2a;font:16px/1.5 sans-serif\">\
         <div style=\"max-width:32rem;margin:auto;padding:32px;background:#fff;border-radius:10px\"><p>{}</p>\
         <p style=\"margin:28px 0\"><a href=\"{}\" style=\"padding:12px 20px;background:#0f5c5c;color:#fff;border-radius:8px;text-decoration:none\">{}</a></p>\
         <p style=\"color:#5d6666;font-size:14px\">{}</p></div></body></html>",
        language.as_str(),
        encode_text(said),
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
