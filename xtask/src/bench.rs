//! `cargo xtask bench NAME`: benchmarks that compare side by side in one run.

mod contacts;
mod hostile;
mod import;
mod intake;
mod server;
mod sign_in;
mod systems;
mod undo;

use std::path::Path;

use anyhow::{Result, bail};

/// A benchmark: its name, a text about what it compares, and the function that runs it.
type Bench = (&'static str, &'static str, fn(&Path) -> Result<()>);

/// All benchmarks.
const BENCHES: &[Bench] = &[
    (
        "intake",
        "the engine beside JavaScript's parsers in one Chromium; the command line over 75 and 750 \
         MiB",
        intake::run,
    ),
    (
        "hostile",
        "75 MiB of each kind of hostile file beside an ordinary one, checked natively",
        hostile::run,
    ),
    (
        "sign-in",
        "refusals of a known and of an unknown address, which must take the same time",
        sign_in::run,
    ),
    (
        "systems",
        "a first run of a connected system beside `alta import` of the same contacts",
        systems::run,
    ),
    (
        "import",
        "the import beside what the databases' own tools do with the same rows",
        import::run,
    ),
    (
        "undo",
        "the undo of 640,000 updated contacts beside their import, and writes of others meanwhile",
        undo::run,
    ),
];

/// Returns the median of some times.
fn median(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Runs the benchmark of this name. Without a name, lists all benchmarks.
pub fn bench(root: &Path, name: Option<&str>) -> Result<()> {
    match name {
        None => {
            for (name, what, _) in BENCHES {
                println!("{name:<12} {what}");
            }
            Ok(())
        }
        Some(name) => match BENCHES.iter().find(|(known, ..)| *known == name) {
            Some((.., run)) => run(root),
            None => bail!("there is no benchmark '{name}'; `cargo xtask bench` lists them"),
        },
    }
}
