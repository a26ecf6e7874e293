//! Turns manifests of vendors into manifests of the fakes.

/// The addresses of the vendors, with the prefixes of their fakes.
const HOSTS: [(&str, &str); 18] = [
    ("https://app.omie.com.br", "/omie"),
    ("https://api.bling.com.br", "/bling"),
    ("https://www.bling.com.br", "/bling"),
    ("https://api.tiny.com.br/public-api", "/tiny/public-api"),
    ("https://accounts.tiny.com.br", "/tiny"),
    ("https://api.tiny.com.br/api2", "/tiny2/api2"),
    ("https://webapi.microvix.com.br", "/microvix"),
    ("https://sistema.sistemawbuy.com.br", "/wbuy"),
    (
        "https://{{ credentials.account }}.vtexcommercestable.com.br",
        "/vtex",
    ),
    ("https://api.mercadolibre.com", "/mercadolibre"),
    ("https://auth.mercadolivre.com.br", "/mercadolibre"),
    ("https://api.hubapi.com", "/hubspot"),
    ("https://api.pipedrive.com", "/pipedrive"),
    ("https://api.rd.services", "/rdstation"),
    ("https://accounts.rdstation.com", "/rdstation"),
    ("https://{{ credentials.shop }}.myshopify.com", "/shopify"),
    ("https://api.nuvemshop.com.br", "/nuvemshop"),
    ("https://www.tiendanube.com", "/nuvemshop"),
];

/// Returns a manifest with the addresses of the fakes in place of the vendor's. The fakes are at
/// `base` and run `speed` times as fast; so do the limits in the manifest.
#[must_use]
pub fn manifest_here(manifest: &str, base: &str, speed: u32) -> String {
    let mut manifest = manifest.to_owned();
    for (host, prefix) in HOSTS {
        manifest = manifest.replace(host, &format!("{base}{prefix}"));
    }
    let mut table = "";
    let mut lines = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            table = line;
        }
        let seconds = line
            .strip_prefix("seconds = ")
            .filter(|_| table == "[[budget]]")
            .and_then(|seconds| seconds.parse::<f64>().ok());
        lines.push(seconds.map_or_else(
            || line.to_owned(),
            |seconds| format!("seconds = {}", seconds / f64::from(speed)),
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_limits_are_those_of_the_fakes() {
        let manifest = "base = \"https://api.tiny.com.br/api2\"\n[request]\nseconds = \
            60\n[[budget]]\nrequests = 20\nseconds = 60";
        let here = manifest_here(manifest, "http://127.0.0.1:1", 100);
        assert_eq!(
            here,
            "base = \"http://127.0.0.1:1/tiny2/api2\"\n[request]\nseconds = \
             60\n[[budget]]\nrequests = 20\nseconds = 0.6"
        );
    }
}
