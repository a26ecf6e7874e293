//! The order of modules: in every crate no modules use each other in a circle, and in the store a
//! wing uses only what stands below it.

use std::collections::{BTreeMap, BTreeSet};

use crate::sources::sources;
use crate::uses::{Files, uses};

/// Where each part of the store stands: it uses parts with a lower number, and itself.
const STAIRS: [(&str, u8); 19] = [
    ("clock", 0),
    ("error", 0),
    ("names", 0),
    ("entity", 0),
    ("migration", 0),
    ("secret", 0),
    ("vault", 0),
    ("db", 0),
    ("access", 0),
    ("audit", 0),
    ("account", 1),
    ("contacts", 1),
    ("onboarding", 1),
    ("imports", 2),
    ("systems", 3),
    ("home", 4),
    ("person", 4),
    ("testing", 4),
    // lib.rs.
    ("", 5),
];

/// Returns the groups of modules that use each other in a circle.
fn circles(files: &Files) -> Vec<Vec<String>> {
    let uses = uses(files);
    let reached: BTreeMap<&str, BTreeSet<&str>> = uses
        .keys()
        .map(|module| (module.as_str(), reached_from(&uses, module)))
        .collect();
    let mut circles = BTreeSet::new();
    for (module, targets) in &reached {
        if targets.contains(module) {
            let circle = targets
                .iter()
                .filter(|target| reached[*target].contains(module));
            circles.insert(circle.map(|name| (*name).to_owned()).collect::<Vec<_>>());
        }
    }
    circles.into_iter().collect()
}

/// Returns the modules that a module uses, and all that those use.
fn reached_from<'u>(
    uses: &'u BTreeMap<String, BTreeSet<String>>,
    module: &str,
) -> BTreeSet<&'u str> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&str> = uses[module].iter().map(String::as_str).collect();
    while let Some(next) = waiting.pop() {
        if reached.insert(next) {
            waiting.extend(uses[next].iter().map(String::as_str));
        }
    }
    reached
}

/// Returns the uses of the store that lead up its stairs, or across to a wing beside.
fn steps_up(files: &Files) -> Vec<String> {
    let part = |module: &str| module.split("::").next().unwrap_or_default().to_owned();
    let place = |part: &str| {
        let known = STAIRS.iter().find(|(name, _)| *name == part);
        known
            .unwrap_or_else(|| panic!("STAIRS does not say where `{part}` stands"))
            .1
    };
    let mut steps = Vec::new();
    for (module, targets) in uses(files) {
        let from = part(&module);
        for target in targets {
            let to = part(&target);
            let is_down = place(&to) < place(&from) || place(&to) == 0 && place(&from) == 0;
            if from != to && !is_down {
                steps.push(format!("{module} uses {target}"));
            }
        }
    }
    steps
}

/// A made-up crate: the files with their texts.
fn made_up(files: &[(&str, &str)]) -> Files {
    files
        .iter()
        .map(|(name, source)| ((*name).to_owned(), (*source).to_owned()))
        .collect()
}

#[test]
fn the_store_has_no_circle() {
    assert_eq!(circles(&sources("crates/store")), Vec::<Vec<String>>::new());
}

#[test]
fn the_store_uses_nothing_up_its_stairs() {
    assert_eq!(steps_up(&sources("crates/store")), Vec::<String>::new());
}

#[test]
fn the_domain_has_no_circle() {
    assert_eq!(
        circles(&sources("crates/domain")),
        Vec::<Vec<String>>::new()
    );
}

#[test]
fn the_intake_has_no_circle() {
    assert_eq!(
        circles(&sources("crates/intake")),
        Vec::<Vec<String>>::new()
    );
}

#[test]
fn connect_has_no_circle() {
    assert_eq!(
        circles(&sources("crates/connect")),
        Vec::<Vec<String>>::new()
    );
}

#[test]
fn the_app_has_no_circle() {
    assert_eq!(circles(&sources("app")), Vec::<Vec<String>>::new());
}

#[test]
fn the_server_has_no_circle() {
    assert_eq!(circles(&sources("server")), Vec::<Vec<String>>::new());
}

#[test]
fn a_circle_is_found_by_use_lines_and_by_paths() {
    let files = made_up(&[
        ("lib.rs", "mod a; mod b; mod c; mod d; pub use c::Thing;"),
        ("a.rs", "use crate::b::{self, help}; fn x() {}"),
        ("b.rs", "fn help() -> crate::Thing { super::d::y() }"),
        ("c.rs", "use super::a; pub struct Thing;"),
        ("d.rs", "fn y() {}"),
    ]);
    assert_eq!(
        circles(&files),
        [["a", "b", "c"].map(str::to_owned).to_vec()]
    );
}

#[test]
fn a_parent_with_logic_and_its_child_are_a_circle_and_a_parent_without_is_none() {
    let child = ("wing/child.rs", "use super::shared; fn x() {}");
    let other = ("wing/other.rs", "pub fn shared() {}");
    let with = "mod child; mod other; use child::x; fn shared() { x() }";
    let files = made_up(&[("lib.rs", "mod wing;"), ("wing.rs", with), child]);
    assert_eq!(
        circles(&files),
        [["wing", "wing::child"].map(str::to_owned).to_vec()]
    );
    let without = "//! A wing.\nmod child; mod other; pub use child::x; pub use other::shared;";
    let files = made_up(&[("lib.rs", "mod wing;"), ("wing.rs", without), child, other]);
    assert_eq!(circles(&files), Vec::<Vec<String>>::new());
}

#[test]
fn a_module_in_a_file_is_one_of_its_own() {
    let root = "mod a; mod b; pub mod texts { pub struct Text; } pub fn start() { a::x() }";
    let texts = ("a.rs", "use crate::texts::Text; pub fn x() {}");
    let files = made_up(&[("lib.rs", root), texts]);
    assert_eq!(circles(&files), Vec::<Vec<String>>::new());
    let inner = (
        "b.rs",
        "mod inner { use super::super::a::x; fn y() {} } fn z() {}",
    );
    let back = ("a.rs", "use crate::b::inner::y; pub fn x() {}");
    let files = made_up(&[("lib.rs", root), inner, back]);
    assert_eq!(
        circles(&files),
        [["a", "b::inner"].map(str::to_owned).to_vec()]
    );
}

#[test]
fn tests_comments_and_strings_make_no_circle() {
    let tests = "fn x() {} // crate::b::y\n#[cfg(test)]\nmod tests { use crate::b::y; }";
    let files = made_up(&[
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", tests),
        (
            "b.rs",
            "use crate::a::x; const B: &str = \"crate::a\"; fn y() {}",
        ),
    ]);
    assert_eq!(circles(&files), Vec::<Vec<String>>::new());
}

#[test]
fn a_step_up_the_stairs_is_found() {
    let files = made_up(&[
        ("lib.rs", "mod account; mod db; mod imports; mod contacts;"),
        ("account.rs", "use crate::contacts::x; fn y() {}"),
        (
            "contacts.rs",
            "use crate::db::z; use crate::imports::w; fn x() {}",
        ),
        ("db.rs", "use crate::account::y; fn z() {}"),
        ("imports.rs", "use crate::contacts::x; fn w() {}"),
    ]);
    assert_eq!(
        steps_up(&files),
        [
            "account uses contacts",
            "contacts uses imports",
            "db uses account"
        ]
    );
}
