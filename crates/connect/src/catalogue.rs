//! The catalogue of systems: the systems with a built-in manifest, those with a manifest in the
//! data directory, and the systems without a manifest.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use alta_domain::SystemEntry;
use serde::Deserialize;

use crate::manifest::{Manifest, Tested};

/// The texts of the built-in manifests.
const BUILT_IN: [&str; 16] = [
    include_str!("../systems/omie.toml"),
    include_str!("../systems/bling.toml"),
    include_str!("../systems/tiny.toml"),
    include_str!("../systems/linx-microvix.toml"),
    include_str!("../systems/wbuy.toml"),
    include_str!("../systems/tiny-v2.toml"),
    include_str!("../systems/tryton.toml"),
    include_str!("../systems/vendure.toml"),
    include_str!("../systems/woocommerce.toml"),
    include_str!("../systems/shopify.toml"),
    include_str!("../systems/nuvemshop.toml"),
    include_str!("../systems/vtex.toml"),
    include_str!("../systems/mercado-libre.toml"),
    include_str!("../systems/hubspot.toml"),
    include_str!("../systems/pipedrive.toml"),
    include_str!("../systems/rd-station.toml"),
];
/// The most bytes that a manifest of the data directory may have.
const LARGEST_MANIFEST: u64 = 256 * 1024;

/// The systems that a company may use already, with or without a manifest.
#[derive(Debug, Default)]
pub struct Catalogue {
    manifests: Vec<Arc<Manifest>>,
    entries: Vec<SystemEntry>,
    custom: Vec<CustomManifest>,
}

/// A manifest file of the data directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomManifest {
    /// The path of the file.
    pub file: PathBuf,
    /// The name of its system, or the error in the file with its line.
    pub read: Result<String, String>,
}

/// The file `catalogue.toml`: the systems without a manifest.
#[derive(Deserialize)]
struct Undescribed {
    system: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    slug: String,
    name: String,
    kind: String,
}

impl Catalogue {
    /// Reads the built-in manifests and the manifests (`*.toml`) of a directory. A manifest of the
    /// directory replaces the built-in one with the same slug. Files that can't be read are listed,
    /// with their errors, by [`Self::custom`].
    ///
    /// ```
    /// let catalogue = alta_connect::Catalogue::new(None);
    /// assert_eq!(catalogue.entries().iter().filter(|system| system.featured).count(), 5);
    /// ```
    #[must_use]
    pub fn new(custom: Option<&Path>) -> Self {
        let mut catalogue = Self::default();
        for text in BUILT_IN {
            // Every built-in manifest parses: a test parses them all.
            catalogue
                .manifests
                .extend(Manifest::parse(text).map(Arc::new));
        }
        for file in custom.map(files).unwrap_or_default() {
            let read = read(&file).map(|manifest| {
                let name = manifest.name.clone();
                catalogue
                    .manifests
                    .retain(|known| known.slug != manifest.slug);
                catalogue.manifests.push(Arc::new(manifest));
                name
            });
            catalogue.custom.push(CustomManifest { file, read });
        }
        catalogue.entries = catalogue
            .manifests
            .iter()
            .map(|manifest| entry(manifest))
            .collect();
        for Entry { slug, name, kind } in undescribed() {
            if catalogue.manifest(&slug).is_none() {
                catalogue.entries.push(SystemEntry {
                    slug,
                    name,
                    kind,
                    featured: false,
                    connects: false,
                    tested_real: false,
                });
            }
        }
        catalogue.entries.sort_by_key(|entry| !entry.featured);
        catalogue
    }

    /// Returns all systems, the featured ones first.
    #[must_use]
    pub fn entries(&self) -> &[SystemEntry] {
        &self.entries
    }

    /// Returns the entry of the system with this slug, or `None` when the slug is unknown.
    #[must_use]
    pub fn entry(&self, slug: &str) -> Option<&SystemEntry> {
        self.entries.iter().find(|entry| entry.slug == slug)
    }

    /// Returns the manifest of the system with this slug, or `None` when the system has no
    /// manifest.
    #[must_use]
    pub fn manifest(&self, slug: &str) -> Option<&Arc<Manifest>> {
        self.manifests.iter().find(|manifest| manifest.slug == slug)
    }

    /// Returns the manifest files of the data directory, in the order of their names.
    #[must_use]
    pub fn custom(&self) -> &[CustomManifest] {
        &self.custom
    }
}

fn entry(manifest: &Manifest) -> SystemEntry {
    SystemEntry {
        slug: manifest.slug.clone(),
        name: manifest.name.clone(),
        kind: manifest.kind.clone(),
        featured: manifest.featured,
        connects: true,
        tested_real: manifest.tested == Tested::Real,
    }
}

/// Returns the systems without a manifest.
fn undescribed() -> Vec<Entry> {
    // The file always parses: a test counts its systems.
    toml::from_str::<Undescribed>(include_str!("../catalogue.toml"))
        .map(|read| read.system)
        .unwrap_or_default()
}

/// Returns the TOML files of a directory in the order of their names. The list is empty when the
/// directory does not exist.
fn files(directory: &Path) -> Vec<PathBuf> {
    let listed = std::fs::read_dir(directory)
        .into_iter()
        .flatten()
        .flatten()
        .map(|file| file.path());
    let mut files: Vec<PathBuf> = listed
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    files.sort();
    files
}

/// Reads the manifest in a file.
fn read(file: &Path) -> Result<Manifest, String> {
    let bytes = std::fs::metadata(file)
        .map_err(|error| error.to_string())?
        .len();
    if bytes > LARGEST_MANIFEST {
        return Err(format!("it has more than {LARGEST_MANIFEST} bytes"));
    }
    Manifest::parse(&std::fs::read_to_string(file).map_err(|error| error.to_string())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_has_a_slug_of_its_own_and_a_known_kind() {
        for text in BUILT_IN {
            Manifest::parse(text).unwrap();
        }
        let catalogue = Catalogue::new(None);
        let entries = catalogue.entries();
        for (at, system) in entries.iter().enumerate() {
            assert!(
                entries[..at].iter().all(|other| other.slug != system.slug),
                "{}",
                system.slug
            );
            assert!(
                ["erp", "retail", "store", "marketplace", "crm", "service"]
                    .contains(&system.kind.as_str()),
                "{}",
                system.kind
            );
        }
        assert!(entries.len() >= 20);
    }

    #[test]
    fn a_manifest_of_the_data_directory_is_a_system_and_a_broken_one_is_told_with_its_line() {
        let directory = tempfile::tempdir().unwrap();
        let good = include_str!("../systems/wbuy.toml")
            .replace("slug = \"wbuy\"", "slug = \"own-shop\"")
            .replace("wBuy", "Own shop")
            .replace("featured = true\n", "");
        std::fs::write(directory.path().join("own.toml"), &good).unwrap();
        std::fs::write(
            directory.path().join("broken.toml"),
            good.replace("kind = \"offset\"", "kind = \"sideways\""),
        )
        .unwrap();
        std::fs::write(directory.path().join("notes.txt"), "no manifest").unwrap();
        let catalogue = Catalogue::new(Some(directory.path()));
        assert!(
            catalogue
                .entry("own-shop")
                .is_some_and(|entry| entry.connects && !entry.featured)
        );
        let [broken, own] = catalogue.custom() else {
            panic!("{:?}", catalogue.custom())
        };
        assert!(broken.file.ends_with("broken.toml"));
        let message = broken.read.clone().unwrap_err();
        assert!(
            message.contains("line") && message.contains("sideways") && message.contains("offset"),
            "{message}"
        );
        assert_eq!(own.read.as_deref(), Ok("Own shop"));
    }

    #[test]
    fn what_a_manifest_can_not_mean_is_told_with_its_line() {
        let text = include_str!("../systems/wbuy.toml");
        let of = |from: &str, to: &str| Manifest::parse(&text.replacen(from, to, 1)).unwrap_err();
        assert!(of("kind = \"store\"", "kind = \"shop\"").starts_with("line "));
        assert!(of("time_zone = \"-03:00\"", "time_zone = \"Brasilia\"").contains("-03:00"));
        assert!(of("id = \"id\"", "id = \"id ==\"").contains("line"));
        assert!(of("slug = \"wbuy\"", "slug = \"W Buy\"").contains("small letters"));
        assert!(of("records = ", "recrods = ").contains("recrods"));
        assert!(
            of("kind = \"offset\"", "kind = \"offset\"\nwindow_days = 0")
                .contains("a day at least")
        );
        assert!(of("seconds = 60", "seconds = -1").contains("no more time than a year"));
    }
}
