//! x
mod phones;
fn main() -> anyhow::Result<()> { phones::generate(std::path::Path::new(".")) }
