//! Outside systems: the catalogue of what a company may already use.

use std::sync::LazyLock;

use alta_domain::SystemEntry;
use serde::Deserialize;

static CATALOGUE: LazyLock<Vec<SystemEntry>> = LazyLock::new(|| parse(include_str!("../catalogue.toml")).unwrap_or_default());

#[derive(Deserialize)]
struct Catalogue {
    system: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    slug: String,
    name: String,
    kind: String,
    #[serde(default)]
    featured: bool,
}

fn parse(text: &str) -> Result<Vec<SystemEntry>, toml::de::Error> {
    let catalogue: Catalogue = toml::from_str(text)?;
    let entry = |entry: Entry| SystemEntry { slug: entry.slug, name: entry.name, kind: entry.kind, featured: entry.featured };
    Ok(catalogue.system.into_iter().map(entry).collect())
}

/// All systems, the featured ones first.
///
/// ```
/// assert_eq!(alta_connect::catalogue().iter().filter(|system| system.featured).count(), 5);
/// ```
#[must_use]
pub fn catalogue() -> &'static [SystemEntry] {
    &CATALOGUE
}

/// The system of a slug.
#[must_use]
pub fn system(slug: &str) -> Option<&'static SystemEntry> {
    CATALOGUE.iter().find(|system| system.slug == slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_a_slug_of_its_own_and_a_known_kind() {
        let systems = parse(include_str!("../catalogue.toml")).unwrap();
        for (at, system) in systems.iter().enumerate() {
            assert!(systems[..at].iter().all(|other| other.slug != system.slug), "{}", system.slug);
            assert!(["erp", "retail", "store", "marketplace", "crm", "service"].contains(&system.kind.as_str()), "{}", system.kind);
        }
        assert!(systems.len() >= 20);
    }
}
