//! Makes the texts' names from `locales/*.json`: a name that no text has is an error of
//! compilation, and so is a text that a language lacks.
//!
//! A text is a place in the list of all texts of a language, in the order of groups and keys. The
//! server has the lists compiled in; a browser loads the one of its reader (`cargo xtask build`
//! writes them in the same order).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

type Groups = BTreeMap<String, BTreeMap<String, String>>;

/// In the order of `alta_domain::Language`.
const LANGUAGES: [&str; 3] = ["es", "pt-BR", "en"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let mut all = Vec::new();
    for language in LANGUAGES {
        let groups: Groups = serde_json::from_str(&std::fs::read_to_string(format!(
            "locales/{language}.json"
        ))?)?;
        all.push(groups);
    }
    let names = |groups: &Groups| -> Vec<String> {
        groups
            .iter()
            .flat_map(|(group, texts)| texts.keys().map(move |key| format!("{group}.{key}")))
            .collect()
    };
    let spanish = names(&all[0]);
    for (language, groups) in LANGUAGES.iter().zip(&all).skip(1) {
        let own = names(groups);
        for missing in spanish.iter().filter(|name| !own.contains(name)) {
            println!("cargo::error={language} lacks {missing}");
        }
        for unknown in own.iter().filter(|name| !spanish.contains(name)) {
            println!("cargo::error={language} has {unknown}, which Spanish lacks");
        }
    }
    let mut code = String::new();
    let mut place = 0;
    for (group, texts) in &all[0] {
        writeln!(
            code,
            "pub(crate) mod {group} {{\n    use crate::words::Text;"
        )?;
        for key in texts.keys() {
            writeln!(code, "    pub(crate) const {key}: Text = Text({place});")?;
            place += 1;
        }
        code.push_str("}\n");
    }
    code.push_str("#[cfg(feature = \"ssr\")]\npub(crate) static ALL: [&[&str]; 3] = [\n");
    for groups in &all {
        let texts: Vec<&String> = groups.values().flat_map(BTreeMap::values).collect();
        writeln!(code, "    &{texts:?},")?;
    }
    code.push_str("];\n");
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("texts.rs"), code)?;
    Ok(())
}
