//! `cargo xtask bench NAME`: benchmarks that compare side by side in one run.

use anyhow::{Result, bail};

/// A benchmark: its name, what it compares, how it is run.
type Bench = (&'static str, &'static str, fn() -> Result<()>);

/// All benchmarks.
const BENCHES: &[Bench] = &[];

/// Runs the benchmark of this name, or lists them.
pub fn bench(name: Option<&str>) -> Result<()> {
    match name {
        None => {
            for (name, what, _) in BENCHES {
                println!("{name:<12} {what}");
            }
            Ok(())
        }
        Some(name) => match BENCHES.iter().find(|(known, ..)| *known == name) {
            Some((.., run)) => run(),
            None => bail!("there is no benchmark '{name}'; `cargo xtask bench` lists them"),
        },
    }
}
