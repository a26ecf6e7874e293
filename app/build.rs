//! Makes the `i18n` module from `locales/*.json`: a missing or unknown key is an error of compilation.
//!
//! `leptos_i18n_build` would do the same, but compiles ICU's data tools first, which nothing here uses; these are the two crates it wraps.

use std::path::Path;

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let config = Config::new("es")?.add_locale("pt-BR")?.add_locale("en")?;
    let config = config.parse_options(ParseOptions::new());
    let locales = parse_locales(None, config)?;
    for problem in locales.diag.warnings().iter().map(ToString::to_string).chain(locales.diag.errors().iter().map(ToString::to_string)) {
        println!("cargo::error={problem}");
    }
    let module = leptos_i18n_codegen::gen_code(&locales, None, false, None, false)?;
    let out = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&out).join("i18n.rs"), module.to_string())?;
    Ok(())
}
