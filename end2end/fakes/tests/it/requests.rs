//! Makes the requests that several vendors are tested with.

use reqwest::{RequestBuilder, StatusCode};

/// Returns a path followed by percent-encoded parameters.
pub(crate) fn asked(path: &str, parameters: &[(&str, &str)]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encoded = |text: &str| -> String {
        text.bytes()
            .map(|byte| {
                if plain(byte) {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect()
    };
    let pairs: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    format!(
        "{path}{}{}",
        if path.contains('?') { '&' } else { '?' },
        pairs.join("&")
    )
}

/// Sends requests until one is refused with 429. Returns the number that passed, and the refusal.
pub(crate) async fn until_refused(
    request: impl Fn() -> RequestBuilder,
) -> (usize, reqwest::Response) {
    for passed in 0..200 {
        let response = request().send().await.unwrap();
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            return (passed, response);
        }
        assert_eq!(response.status(), StatusCode::OK);
    }
    panic!("no limit");
}
