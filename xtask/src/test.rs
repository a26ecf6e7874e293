//! `cargo xtask check` and `cargo xtask test`: check what must hold before a commit, and before a
//! change lands.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::postgres::Cluster;
use crate::shell::{command, run, step};
use crate::workspace::{browser, native, npm_program, program, target_directory};
use crate::{assets, build, install};

/// The filter that keeps tests out of `check`: those that need PostgreSQL, another vendor's
/// software, or minutes.
const NOT_IN_CHECK: &str = "not test(/postgres/) \
     and not test(/^systems::/) \
     and not test(/^proxies::/) \
     and not (package(alta-server) and binary(faults))";

/// Runs the checks that take minutes and need nothing installed: format, lints, and the unit and
/// SQLite tests. The first step that fails ends the run.
pub fn check(root: &Path) -> Result<()> {
    format(root)?;
    step("test runner", install::nextest)?;
    lints_of_server(root)?;
    step("unit and SQLite tests", || {
        let mut nextest = native(root, &["nextest", "run", "--no-fail-fast"]);
        run(nextest.args(["--filterset", NOT_IN_CHECK]))
    })
}

/// Runs everything that must hold before a change lands. The first step that fails ends the run.
pub fn test(root: &Path) -> Result<()> {
    format(root)?;
    build::prepare(root)?;
    step("test runner", install::nextest)?;
    let chromium = step("Chromium", || install::chromium(root))?;
    step("proxies", proxies)?;
    assets::make_beside(root, || {
        step("lints of the server, and its tests compiled", || {
            run(linted(&mut native(root, &["nextest", "run", "--no-run"])))
        })?;
        lints_of_browser(root)
    })?;
    let cluster = step("PostgreSQL", Cluster::start)?;
    step("unit and integration tests", || {
        let mut nextest = native(root, &["nextest", "run", "--no-fail-fast"]);
        run(linted(&mut nextest).env("ALTA_TEST_POSTGRES", cluster.url()))
    })?;
    drop(cluster);
    step("examples of the documentation", || {
        let mut examples = command(root, "cargo", &["test", "--quiet", "--doc"]);
        for package in ["alta-domain", "alta-intake", "alta-connect"] {
            examples.args(["--package", package]);
        }
        run(linted(&mut examples))
    })?;
    // The tests above have compiled both programs: cargo builds a package's programs for its tests.
    let binary = program(root, "debug", "alta")?;
    step("phones, beside libphonenumber", || {
        phones_agree(root, &binary)
    })?;
    step("end-to-end tests", || {
        let mut tests = playwright(
            root,
            "end2end/playwright.config.ts",
            &binary,
            chromium.as_deref(),
        );
        run(tests.env("ALTA_FAKES", program(root, "debug", "alta-fakes")?))
    })
}

fn format(root: &Path) -> Result<()> {
    step("format", || {
        run(&mut command(root, "cargo", &["fmt", "--all", "--check"]))
    })
}

fn lints_of_server(root: &Path) -> Result<()> {
    step("lints of the server", || {
        run(native(root, &["clippy", "--all-targets"]).args(["--", "-D", "warnings"]))
    })
}

/// Lets clippy compile the packages of the workspace, with warnings as errors. `cargo clippy` does
/// the same but compiles nothing, so that all libraries would be read once for lints and compiled
/// once more for tests. Both variables are how `cargo clippy` itself speaks to clippy.
fn linted(cargo: &mut Command) -> &mut Command {
    cargo
        .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
        .env("CLIPPY_ARGS", "-Dwarnings")
}

fn lints_of_browser(root: &Path) -> Result<()> {
    step("lints of the browser", || {
        run(browser(root, "clippy").args(["--", "-D", "warnings"]))
    })
}

/// Builds the documentation of the crates, without that of the libraries. A warning is an error.
fn documentation(root: &Path) -> Result<()> {
    step("documentation", || {
        let mut doc = native(
            root,
            &["doc", "--no-deps", "--document-private-items", "--quiet"],
        );
        run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    })
}

/// Builds the program that plays the vendors of systems, because the real systems can't run here.
/// Returns the program's path.
pub fn fakes(root: &Path) -> Result<PathBuf> {
    run(&mut command(
        root,
        "cargo",
        &["build", "--package", "alta-fakes"],
    ))?;
    program(root, "debug", "alta-fakes")
}

/// Installs the HTTP proxies (nginx and others) through which tests reach the server.
fn proxies() -> Result<()> {
    for proxy in ["haproxy", "nginx", "caddy"] {
        if !Path::new("/usr/sbin").join(proxy).exists() {
            install::program(proxy, proxy)?;
        }
    }
    Ok(())
}

/// Runs the long tests against the release build: imports of every sample file in the browser,
/// random sequences of imports beside a second model of the rules, imports of 100,000 rows while
/// servers are killed a hundred times, everything at once on 500,000 contacts, and syncs that are
/// killed fifty times.
pub fn prove(root: &Path) -> Result<()> {
    step("dependencies", || {
        install::deny()?;
        run(&mut command(
            root,
            "cargo",
            &["deny", "check", "bans", "licenses", "sources"],
        ))
    })?;
    documentation(root)?;
    let binary = build::release(root)?;
    step("test runner", install::nextest)?;
    step("proxies", proxies)?;
    let cluster = step("PostgreSQL", Cluster::start)?;
    let proof = |name: &str, tests: &[&str], sizes: &[(&str, &str)]| {
        step(name, || {
            let mut nextest = command(root, "cargo", &["nextest", "run", "--no-capture"]);
            nextest.args(["--package", "alta-server"]).args(tests);
            nextest
                .envs(sizes.iter().copied())
                .env("ALTA_BINARY", &binary);
            run(nextest.env("ALTA_TEST_POSTGRES", cluster.url()))
        })
    };
    step("exports of other programs, in the browser", || {
        let chromium = install::chromium(root)?;
        let mut tests = playwright(
            root,
            "end2end/playwright.config.ts",
            &binary,
            chromium.as_deref(),
        );
        run(tests.arg("exports.spec").env("ALTA_EXPORTS", "all"))
    })?;
    sequences(root, "sqlite", "20000", &cluster.url())?;
    sequences(root, "postgres", "2000", &cluster.url())?;
    proof(
        "imports under faults",
        &["--test", "faults"],
        &[("ALTA_FAULT_ROWS", "100000"), ("ALTA_FAULT_KILLS", "100")],
    )?;
    proof(
        "everything at once",
        &["--test", "faults", "load::"],
        &[
            ("ALTA_LOAD_CONTACTS", "500000"),
            ("ALTA_LOAD_ROWS", "50000"),
        ],
    )?;
    proof(
        "syncs under kills",
        &["--test", "it", "systems::killed"],
        &[("ALTA_SYNC_KILLS", "50")],
    )
}

/// Compares the store with a second model of its rules, over `count` random sequences of imports,
/// corrections and undos on one database. `postgres` is the address of the PostgreSQL server.
fn sequences(root: &Path, database: &str, count: &str, postgres: &str) -> Result<()> {
    step(
        &format!("{count} sequences beside the model, {database}"),
        || {
            let mut nextest = command(
                root,
                "cargo",
                &["nextest", "run", "--no-capture", "--release"],
            );
            nextest
                .args(["--package", "alta-store", "--test", "it"])
                .args(["-E", &format!("test(/^against_model::.*{database}$/)")])
                .env("ALTA_SEQUENCES", count);
            run(nextest.env("ALTA_TEST_POSTGRES", postgres))
        },
    )
}

/// The number of texts with a phone number that each script of `xtask/phones` makes in this test.
/// Called by hand, the scripts make as many as one says.
const PHONES: &str = "20000";

/// Compares `alta phone` with Google's libphonenumber, by its Python port, on generated numbers of
/// all regions (`agree.py`). Then `shares.py` fails when too many document numbers and order
/// numbers are read as phones of other countries, or too few valid numbers are read.
fn phones_agree(root: &Path, binary: &Path) -> Result<()> {
    let packages = target_directory(root).join("alta-python");
    if !packages.join("phonenumbers").is_dir() {
        let mut pip = command(
            root,
            "python3",
            &[
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--target",
            ],
        );
        run(pip.arg(&packages).arg("phonenumbers==9.0.43"))?;
    }
    for script in ["xtask/phones/agree.py", "xtask/phones/shares.py"] {
        let mut script = command(root, "python3", &[script]);
        run(script.arg(binary).arg(PHONES).env("PYTHONPATH", &packages))?;
    }
    Ok(())
}

/// The pictures that README and `docs/screens.md` show.
const SHOWN: [&str; 17] = [
    "1-systems-desktop-light-es",
    "1-connected-desktop-light-es",
    "2-file-checked-desktop-light-es",
    "2-file-checked-phone-dark-es",
    "2-file-mended-desktop-light-pt-BR",
    "2-file-reading-desktop-light-en",
    "2-file-reading-phone-dark-es",
    "2-file-refused-phone-light-es",
    "3-columns-desktop-light-es",
    "4-effect-desktop-light-en",
    "4-ledger-desktop-light-es",
    "5-team-desktop-light-es",
    "6-home-desktop-dark-es",
    "6-import-desktop-light-es",
    "6-imports-desktop-light-es",
    "9-contact-desktop-light-es",
    "9-person-desktop-light-es",
];

/// Takes a picture of every step, in every look and language, into the target directory. Copies the
/// pictures that the documentation shows to `docs/shots`.
pub fn shots(root: &Path) -> Result<()> {
    let binary = build::quick(root)?;
    let chromium = install::chromium(root)?;
    let fakes = fakes(root)?;
    let pictures = target_directory(root).join("alta-shots");
    let mut shots = playwright(
        root,
        "end2end/shots.config.ts",
        &binary,
        chromium.as_deref(),
    );
    run(shots.env("ALTA_FAKES", fakes).env("ALTA_SHOTS", &pictures))?;
    for name in SHOWN {
        let name = format!("{name}.png");
        std::fs::copy(pictures.join(&name), root.join("docs/shots").join(&name))?;
    }
    println!("    all pictures are in {}", pictures.display());
    Ok(())
}

/// Builds the command that runs Playwright against a server's program.
pub fn playwright(root: &Path, config: &str, binary: &Path, chromium: Option<&Path>) -> Command {
    let mut playwright = npm_program(root, "playwright");
    playwright
        .args(["test", "--config", config])
        .current_dir(root)
        .env("ALTA_BINARY", binary);
    if let Some(chromium) = chromium {
        playwright.env("ALTA_CHROMIUM", chromium);
    }
    playwright
}
