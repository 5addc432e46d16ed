//! What sort of file of ours a path is, by its ending and what stands in it.

use gaschain::scenario;
use std::io::Read;
use std::path::Path;

/// What a path holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A folder, taken for a chain's.
    Folder,
    /// The file of a chain, outermost or inner.
    Chain,
    Scenario,
    Sweep,
    /// A CSV with a column `name`, or one that stands in no chain folder.
    Table,
    /// A CSV of a chain folder: feeds, yields, species.
    ChainTable,
    /// A saved report.
    Report,
    /// None of ours, by its ending.
    Other,
}

/// Keys of sweep files that no other file has.
const SWEEP: [&str; 3] = ["design", "axis", "outputs"];
/// Keys of chain files; a scenario, which may misspell one of its own as any of them, names a chain.
const CHAIN: [&str; 6] = ["stages", "connections", "leaving", "inlets", "outlets", "species"];

/// Judges by what is there; a file that cannot be read is what its ending says, and says so itself
/// when it is read.
pub fn sort_of(path: &Path) -> Sort {
    if path.is_dir() {
        return Sort::Folder;
    }
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("toml") => {
            let text = text_of(path).unwrap_or_default();
            let keys = text.parse::<toml::Table>().unwrap_or_default();
            let has = |known: &[&str]| known.iter().any(|key| keys.contains_key(*key));
            if path.file_name().is_some_and(|name| name == gaschain::chain::CHAIN_FILE) {
                Sort::Chain
            } else if has(&SWEEP) {
                Sort::Sweep
            } else if has(&CHAIN) && !has(&["chain"]) {
                Sort::Chain
            } else {
                Sort::Scenario
            }
        }
        Some("csv") => {
            let named = scenario::header(path).iter().any(|column| column == "name");
            let in_chain = path.with_file_name(gaschain::chain::CHAIN_FILE).is_file();
            if in_chain && !named { Sort::ChainTable } else { Sort::Table }
        }
        Some("json") => Sort::Report,
        _ => Sort::Other,
    }
}

/// Most bytes of a file that are looked at.
const MOST: u64 = 1 << 24;

/// The text of a file; what is none, and so may have no end, is not looked at.
fn text_of(path: &Path) -> Option<String> {
    if !path.is_file() {
        return None;
    }
    let mut text = String::new();
    std::fs::File::open(path).ok()?.take(MOST).read_to_string(&mut text).ok()?;
    Some(text)
}
