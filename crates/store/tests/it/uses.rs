//! Finds which modules of a crate each module uses, from the text of its files.

use std::collections::{BTreeMap, BTreeSet};

use crate::tokens::tokens;

/// The sources of a crate by their path below `src`.
pub(crate) type Files = BTreeMap<String, String>;

/// A path that a module names.
struct Named {
    /// The path, segment by segment; `*` at the end for a glob.
    path: Vec<String>,
    /// The name that a `use` gives it; `None` for a path in an expression or a type.
    name: Option<String>,
}

/// A module: a file, or a block `mod name { ... }` in a file.
#[derive(Default)]
struct Module {
    /// The module of the file that contains this module.
    file: String,
    /// The paths that the module names.
    named: Vec<Named>,
    /// True when the module holds more than `mod` and `use` lines.
    has_logic: bool,
}

/// Returns the module of a file: `account::mail` for `account/mail.rs`, an empty text for `lib.rs`.
fn module_of(file: &str) -> String {
    match file {
        "lib.rs" | "main.rs" => String::new(),
        _ => file.trim_end_matches(".rs").replace('/', "::"),
    }
}

/// Returns, for each module of a crate, the modules that it uses by `use` lines and by paths.
///
/// A name that a module re-exports counts for the module where it comes from. A file that holds
/// only `mod` and `use` lines uses nothing itself. Items under `#[cfg(test)]` do not count, nor do
/// uses between modules of one file.
pub(crate) fn uses(files: &Files) -> BTreeMap<String, BTreeSet<String>> {
    let modules: BTreeMap<String, Module> = files
        .iter()
        .filter(|(file, _)| *file != "main.rs" || !files.contains_key("lib.rs"))
        .flat_map(|(file, source)| read(&tokens(source), &module_of(file)))
        .collect();
    let mut all = BTreeMap::new();
    for (name, module) in &modules {
        let mut used = BTreeSet::new();
        for named in module.named.iter().filter(|_| module.has_logic) {
            resolve(&modules, name, &named.path, 0, &mut used);
        }
        used.retain(|other| modules[other].file != module.file);
        all.insert(name.clone(), used);
    }
    all
}

/// Returns the path of a module in its parent.
fn join(parent: &str, name: &str) -> String {
    match parent {
        "" => name.to_owned(),
        _ => format!("{parent}::{name}"),
    }
}

/// Adds the modules that a path leads to, seen from a module; adds nothing for a path into another
/// crate.
fn resolve(
    modules: &BTreeMap<String, Module>,
    from: &str,
    path: &[String],
    hops: usize,
    found: &mut BTreeSet<String>,
) {
    let parent = |module: &str| {
        module
            .rsplit_once("::")
            .map_or(String::new(), |(parent, _)| parent.to_owned())
    };
    let Some(first) = path.first() else { return };
    let (mut here, mut rest) = match first.as_str() {
        "crate" => (String::new(), &path[1..]),
        "self" => (from.to_owned(), &path[1..]),
        "super" => (parent(from), &path[1..]),
        first if modules.contains_key(&join(from, first)) => (from.to_owned(), path),
        first => {
            if let Some(target) = imported(modules, from, first).filter(|_| hops < 8) {
                let path: Vec<String> = target.iter().chain(&path[1..]).cloned().collect();
                resolve(modules, from, &path, hops + 1, found);
            }
            return;
        }
    };
    while let Some(part) = rest.first() {
        if part == "super" {
            here = parent(&here);
        } else if modules.contains_key(&join(&here, part)) {
            here = join(&here, part);
        } else {
            break;
        }
        rest = &rest[1..];
    }
    let Some(module) = modules.get(&here) else {
        return;
    };
    if let Some(part) = rest.first().filter(|_| hops < 8) {
        if let Some(target) = imported(modules, &here, part) {
            return resolve(modules, &here, target, hops + 1, found);
        }
        if part == "*" && !module.has_logic {
            for named in &module.named {
                resolve(modules, &here, &named.path, hops + 1, found);
            }
        }
    }
    found.insert(here);
}

/// Returns the path that a module imports under a name.
fn imported<'m>(
    modules: &'m BTreeMap<String, Module>,
    module: &str,
    name: &str,
) -> Option<&'m [String]> {
    let mut named = modules.get(module)?.named.iter();
    let named = named.find(|named| named.name.as_deref() == Some(name) && named.path != [name]);
    named.map(|named| &*named.path)
}

/// Reads the modules of a file from its tokens.
fn read(tokens: &[&str], file: &str) -> BTreeMap<String, Module> {
    let new = || Module {
        file: file.to_owned(),
        ..Module::default()
    };
    let mut done = BTreeMap::new();
    // The modules around the token, each with the braces that are open inside.
    let mut open = vec![(file.to_owned(), new(), 0_usize)];
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let is_inline = open.len() > 1;
        let Some((path, module, braces)) = open.last_mut() else {
            break;
        };
        let next = tokens.get(at + 1).copied().unwrap_or_default();
        if let Some(after) = attribute(tokens, at) {
            at = after;
            continue;
        }
        match *token {
            "pub" if next == "(" => at = after_group(tokens, at + 1) - 1,
            "pub" | ";" => {}
            "mod" if tokens.get(at + 2) == Some(&";") => at += 2,
            "use" if next != "<" => at = use_tree(tokens, at + 1, &[], &mut module.named),
            "mod" if next == "$" || tokens.get(at + 2) == Some(&"{") => {
                module.has_logic = true;
                at += if next == "$" { 3 } else { 2 };
                let path = join(path, next);
                open.push((path, new(), 0));
            }
            "}" if *braces == 0 && is_inline => {
                done.extend(open.pop().map(|(path, module, _)| (path, module)));
            }
            token => {
                module.has_logic = true;
                match token {
                    "{" => *braces += 1,
                    "}" => *braces = braces.saturating_sub(1),
                    _ if next == "::" && (at == 0 || tokens[at - 1] != "::") => {
                        at = expression(tokens, at, &mut module.named);
                        continue;
                    }
                    _ => {}
                }
            }
        }
        at += 1;
    }
    done.extend(open.into_iter().map(|(path, module, _)| (path, module)));
    done
}

/// Returns the place after an attribute, and after its item when that is for tests only; `None`
/// when there is no attribute at `at`.
fn attribute(tokens: &[&str], at: usize) -> Option<usize> {
    match tokens[at..] {
        ["#", "[", "cfg", "(", "test", ")", "]", ..] => Some(after_item(tokens, at)),
        ["#", "[", ..] => Some(after_group(tokens, at + 1)),
        ["#", "!", "[", ..] => Some(after_group(tokens, at + 2)),
        _ => None,
    }
}

/// Reads a path in an expression or a type; returns the place after it.
fn expression(tokens: &[&str], mut at: usize, named: &mut Vec<Named>) -> usize {
    let mut path = vec![tokens[at].to_owned()];
    at += 1;
    while tokens.get(at) == Some(&"::") && tokens.get(at + 1).is_some_and(|part| is_word(part)) {
        path.push(tokens[at + 1].to_owned());
        at += 2;
    }
    named.push(Named { path, name: None });
    at
}

/// Reads the tree of a `use` line; returns the place after it.
fn use_tree(tokens: &[&str], mut at: usize, prefix: &[String], named: &mut Vec<Named>) -> usize {
    let mut path = prefix.to_vec();
    while let Some(token) = tokens.get(at) {
        match *token {
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| *token != "}") {
                    at = use_tree(tokens, at, &path, named);
                    at += usize::from(tokens.get(at) == Some(&","));
                }
                return at + 1;
            }
            "::" => at += 1,
            token if token == "*" || is_word(token) => {
                at += 1;
                if token != "self" || path.is_empty() {
                    path.push(token.to_owned());
                }
                if tokens.get(at) == Some(&"::") {
                    continue;
                }
                let is_renamed = tokens.get(at) == Some(&"as");
                let name = if is_renamed {
                    tokens.get(at + 1).map(|name| (*name).to_owned())
                } else {
                    path.last().cloned()
                };
                at += if is_renamed { 2 } else { 0 };
                named.push(Named { path, name });
                return at;
            }
            _ => return at,
        }
    }
    at
}

fn is_word(token: &str) -> bool {
    token.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

/// Returns the place after the group of brackets that opens at `at`.
fn after_group(tokens: &[&str], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while let Some(token) = tokens.get(at) {
        match *token {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at
}

/// Returns the place after an item with its attributes.
fn after_item(tokens: &[&str], mut at: usize) -> usize {
    while tokens.get(at) == Some(&"#") {
        at = after_group(tokens, at + 1);
    }
    while let Some(token) = tokens.get(at) {
        match *token {
            ";" => return at + 1,
            "{" => return after_group(tokens, at),
            "(" | "[" => at = after_group(tokens, at),
            _ => at += 1,
        }
    }
    at
}
