//! `list`: what there is, from the data of the library and of a chain.

mod addresses;
mod page;
mod shipped;

use crate::failure::Failure;
use crate::open::Chains;
use crate::output;
use gaschain::stage::Kinds;
use gaschain::{Chain, amur};
use page::List as Lines;
use std::collections::HashSet;

const MORE: &str = "\
Parameters are what a scenario, a table or an axis of a sweep can set. Results are what can be
asked for, in another unit where that stands behind the address in brackets. Words choose the
lines that hold all of them, in small letters or capitals.

Examples:
  gaschain list scenarios
  gaschain list parameters gpp availability
  gaschain list --chain my_chain limits";

/// List what there is: scenarios, what can be set and asked for, kinds, units, species
#[derive(clap::Args)]
#[command(after_help = MORE)]
pub struct List {
    /// One of scenarios, parameters, results, limits, kinds, units, species, feeds, assumptions
    /// [default: parameters, limits and results], and words that its lines hold
    #[arg(value_name = "WHAT|WORD")]
    words: Vec<String>,
    /// Whose: shipped name or folder
    #[arg(long, value_name = "CHAIN", default_value = amur::NAME)]
    chain: String,
}

/// What can be listed, by its word.
const LISTS: [(&str, Make); 9] = [
    ("scenarios", |chain, _| shipped::scenarios(chain)),
    ("parameters", |chain, _| addresses::parameters(chain)),
    ("results", |chain, _| addresses::results(chain)),
    ("limits", |chain, _| addresses::limits(chain)),
    ("kinds", |_, kinds| shipped::kinds(kinds)),
    ("units", |chain, _| shipped::units(chain)),
    ("species", |chain, _| shipped::species(chain)),
    ("feeds", |chain, _| addresses::feeds(chain)),
    ("assumptions", |chain, _| addresses::assumptions(chain)),
];

/// What is listed where nothing is named: all that has an address.
const ADDRESSES: [&str; 3] = ["parameters", "limits", "results"];

type Make = fn(&Chain, &Kinds) -> Lines;

impl List {
    pub fn run(&self, chains: &Chains) -> Result<(), Failure> {
        let chain = chains.named(Some(&self.chain))?;
        output::note(chain.case().normalised(), &mut HashSet::new());
        let make =
            |name: &str| LISTS.iter().find(|(known, _)| *known == name).map(|(_, make)| make);
        let one = self.words.split_first().and_then(|(first, rest)| Some((make(first)?, rest)));
        let text = match one {
            Some((make, words)) => make(&chain, &chains.kinds).shown(words),
            None => {
                let pages = ADDRESSES.iter().filter_map(|name| {
                    let lines = make(name)?(&chain, &chains.kinds).shown(&self.words);
                    let heading = name.to_uppercase();
                    (!lines.is_empty()).then(|| format!("{heading}\n{lines}"))
                });
                pages.collect::<Vec<_>>().join("\n")
            }
        };
        if text.is_empty() {
            let wanted = self.words.join(" ");
            return output::show(&format!("nothing of {} holds \"{wanted}\"\n", chain.name()));
        }
        output::show(&text)
    }
}
