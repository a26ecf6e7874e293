//! `cargo xtask phones`: compiles the national-number patterns of libphonenumber's metadata into
//! the tables the engine reads.
//!
//! The source is `metadata.max.json` of the npm package `libphonenumber-js`, which carries Google's
//! metadata. Each kind of number (mobile, fixed, other) has a regular expression over digits and a
//! set of possible lengths. Both together describe a finite set of digit strings. So all regions
//! are combined into one minimal acyclic automaton. A node is its kinds (bits) and ten children,
//! and equal nodes are stored once.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use regex_automata::Anchored;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::syntax;
use regex_automata::{Input, MatchKind};
use serde_json::Value;

const MOBILE: u8 = 1;
const FIXED: u8 = 2;
const OTHER: u8 = 4;
/// The bit of a number that satisfies the region's general description. A number without it is not
/// valid, whatever its other bits.
const GENERAL: u8 = 8;
/// The longest national number that libphonenumber accepts.
const MAX_DIGITS: usize = 17;

type Node = (u8, [u16; 10]);

#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    known: HashMap<Node, u16>,
}

impl Graph {
    fn intern(&mut self, node: Node) -> Result<u16> {
        if let Some(&id) = self.known.get(&node) {
            return Ok(id);
        }
        let id = u16::try_from(self.nodes.len()).context("more than 65,535 nodes")?;
        self.nodes.push(node);
        self.known.insert(node, id);
        Ok(id)
    }
}

struct Pattern {
    bit: u8,
    lengths: u32,
}

struct Compiler<'g> {
    graph: &'g mut Graph,
    dfa: dense::DFA<Vec<u32>>,
    patterns: Vec<Pattern>,
    memo: HashMap<(StateID, usize), u16>,
}

impl Compiler<'_> {
    fn node(&mut self, state: StateID, length: usize) -> Result<u16> {
        if let Some(&id) = self.memo.get(&(state, length)) {
            return Ok(id);
        }
        let end = self.dfa.next_eoi_state(state);
        let mut kinds = 0;
        if self.dfa.is_match_state(end) {
            for index in 0..self.dfa.match_len(end) {
                let pattern = &self.patterns[self.dfa.match_pattern(end, index).as_usize()];
                if pattern.lengths & (1 << length) != 0 {
                    kinds |= pattern.bit;
                }
            }
        }
        let kinds = if kinds & GENERAL == 0 {
            0
        } else {
            kinds & !GENERAL
        };
        let mut children = [0; 10];
        if length < MAX_DIGITS {
            for (digit, child) in (b'0'..=b'9').zip(&mut children) {
                let next = self.dfa.next_state(state, digit);
                if !self.dfa.is_dead_state(next) {
                    *child = self.node(next, length + 1)?;
                }
            }
        }
        let id = self.graph.intern((kinds, children))?;
        self.memo.insert((state, length), id);
        Ok(id)
    }
}

fn lengths(value: Option<&Value>) -> Option<u32> {
    let list = value?.as_array()?;
    Some(
        list.iter()
            .filter_map(Value::as_u64)
            .fold(0, |bits, length| bits | 1 << length),
    )
}

fn compile(graph: &mut Graph, country: &Value) -> Result<u16> {
    let general_lengths = lengths(country.get(3)).context("possible lengths")?;
    let mut sources = vec![country[2].as_str().context("general pattern")?.to_owned()];
    let mut patterns = vec![Pattern {
        bit: GENERAL,
        lengths: general_lengths,
    }];
    // The order of the kinds in the file: fixed line, mobile, toll free, premium rate, personal,
    // voice mail, UAN, pager, VoIP, shared cost.
    for (index, kind) in country[11]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .enumerate()
    {
        let Some(source) = kind.get(0).and_then(Value::as_str) else {
            continue;
        };
        let bit = match index {
            0 => FIXED,
            1 => MOBILE,
            _ => OTHER,
        };
        patterns.push(Pattern {
            bit,
            lengths: lengths(kind.get(1)).unwrap_or(general_lengths),
        });
        sources.push(source.to_owned());
    }
    if patterns.len() == 1 {
        // A region without kinds: every number that fits the general description is valid.
        patterns.push(Pattern {
            bit: OTHER,
            lengths: general_lengths,
        });
        sources.push(sources[0].clone());
    }
    let dfa = dense::Builder::new()
        .configure(
            dense::Config::new()
                .match_kind(MatchKind::All)
                .start_kind(StartKind::Anchored),
        )
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .build_many(&sources)?;
    let start = dfa.start_state_forward(&Input::new("").anchored(Anchored::Yes))?;
    Compiler {
        graph,
        dfa,
        patterns,
        memo: HashMap::new(),
    }
    .node(start, 0)
}

/// Reads the metadata under `node_modules` and writes `crates/intake/data/phones.bin`.
pub fn generate(root: &Path) -> Result<()> {
    let package = root.join("node_modules/libphonenumber-js");
    let metadata: Value =
        serde_json::from_slice(&std::fs::read(package.join("metadata.max.json"))?)?;
    let version: Value = serde_json::from_slice(&std::fs::read(package.join("package.json"))?)?;
    let version = version["version"].as_str().context("version")?;
    if metadata["version"] != 4 {
        bail!(
            "metadata format {} is not the one this command reads",
            metadata["version"]
        );
    }
    let mut graph = Graph::default();
    graph.intern((0, [0; 10]))?;
    let mut regions = Vec::new();
    let main_of: HashMap<&str, &str> = metadata["country_calling_codes"]
        .as_object()
        .context("calling codes")?
        .iter()
        .filter_map(|(code, list)| Some((code.as_str(), list[0].as_str()?)))
        .collect();
    let countries = metadata["countries"].as_object().context("countries")?;
    let others = metadata["nonGeographic"]
        .as_object()
        .context("non-geographic")?;
    let named = countries
        .iter()
        .map(|(iso, country)| (iso.as_str(), country));
    for (iso, country) in named.chain(others.values().map(|country| ("00", country))) {
        let code = country[0].as_str().context("calling code")?;
        let prefix = country[5].as_str().unwrap_or_default();
        let root = compile(&mut graph, country).with_context(|| format!("region {iso} +{code}"))?;
        regions.push((iso, code, prefix, root, main_of.get(code) == Some(&iso)));
    }
    let mut out = Vec::new();
    out.extend(u16::try_from(regions.len())?.to_le_bytes());
    for (iso, code, prefix, root, main) in &regions {
        out.extend(iso.as_bytes());
        out.extend(code.parse::<u16>()?.to_le_bytes());
        out.push(u8::from(*main));
        out.push(u8::try_from(prefix.len())?);
        out.extend(prefix.as_bytes());
        out.extend(root.to_le_bytes());
    }
    out.extend(u16::try_from(graph.nodes.len())?.to_le_bytes());
    for (kinds, children) in &graph.nodes {
        out.push(*kinds);
        for child in children {
            out.extend(child.to_le_bytes());
        }
    }
    std::fs::write(root.join("crates/intake/data/phones.bin"), &out)?;
    println!(
        "{} regions, {} nodes, {} bytes, from libphonenumber-js {version}",
        regions.len(),
        graph.nodes.len(),
        out.len()
    );
    Ok(())
}
