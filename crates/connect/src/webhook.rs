//! Checks that notices of changes (webhooks) come from their system.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use minijinja::context;
use minijinja::value::Serde;
use sha2::Sha256;

use crate::credentials::Credentials;
use crate::manifest::{Encoding, Manifest};

impl Manifest {
    /// Returns true when a notice comes from the system, by the signature of its body. `header`
    /// returns the value of a header by its name, and `body` is the body byte for byte. Returns
    /// true for a system that signs nothing: the secret address alone proves its notices. Returns
    /// false for systems that send no notices.
    #[must_use]
    pub fn is_genuine<'a>(
        &self,
        credentials: &Credentials,
        header: impl Fn(&str) -> Option<&'a str>,
        body: &[u8],
    ) -> bool {
        let Some(webhook) = &self.webhook else {
            return false;
        };
        let Some(signature) = &webhook.signature else {
            return true;
        };
        let secret = signature
            .secret
            .text(&context! { credentials => Serde(&credentials.typed) });
        let written = header(&signature.header)
            .and_then(|value| value.trim().strip_prefix(signature.prefix.as_str()));
        let bytes = written.and_then(|written| match signature.encoding {
            Encoding::Hex => hex::decode(written).ok(),
            Encoding::Base64 => STANDARD.decode(written).ok(),
        });
        let (Some(bytes), false) = (bytes, secret.is_empty()) else {
            return false;
        };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
            return false;
        };
        mac.update(body);
        mac.verify_slice(&bytes).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(webhook: &str) -> Manifest {
        Manifest::parse(&format!(
            "{}\n{webhook}",
            include_str!("../systems/tryton.toml")
        ))
        .unwrap()
    }

    fn credentials() -> Credentials {
        Credentials {
            typed: [("key".to_owned(), "key".to_owned())].into(),
            token: None,
        }
    }

    /// The text that is signed in Wikipedia's example of HMAC. The tests use its key and its code.
    const BODY: &[u8] = b"The quick brown fox jumps over the lazy dog";
    const CODE: &str = "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8";

    #[test]
    fn a_notice_is_known_by_its_signature() {
        let signed = concat!(
            "[webhook]\n",
            "steps = []\n",
            "signature = { header = 'x-sign', prefix = 'sha256=', encoding = 'hex', ",
            "secret = 'credentials.key' }",
        );
        let manifest = manifest(signed);
        let genuine = |value: &str, body: &[u8], credentials: &Credentials| {
            manifest.is_genuine(
                credentials,
                |name| (name == "x-sign").then_some(value),
                body,
            )
        };
        assert!(genuine(&format!("sha256={CODE}"), BODY, &credentials()));
        for value in [
            CODE,
            "sha256=",
            "sha256=00",
            "sha256=zz",
            &format!("sha1={CODE}"),
            &format!("sha256={CODE}00"),
        ] {
            assert!(!genuine(value, BODY, &credentials()), "{value}");
        }
        assert!(!genuine(
            &format!("sha256={CODE}"),
            b"another",
            &credentials()
        ));
        assert!(
            !genuine(&format!("sha256={CODE}"), BODY, &Credentials::default()),
            "no key is no proof"
        );
        assert!(!manifest.is_genuine(&credentials(), |_| None, BODY));
    }

    #[test]
    fn where_nothing_is_signed_the_address_is_the_proof_and_where_nothing_is_sent_there_is_none() {
        assert!(manifest("[webhook]\nsteps = []").is_genuine(&credentials(), |_| None, BODY));
        assert!(!manifest("").is_genuine(&credentials(), |_| None, BODY));
    }
}
