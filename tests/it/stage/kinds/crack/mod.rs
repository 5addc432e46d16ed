//! Crackers: yield sets that close, conversions between them, recycle, fuel and heat.

mod closing;
mod conversions;
mod passes;
mod recycle;
mod tables;

use crate::support::one_stage::one_stage;
use gaschain::chain::Chain;
use std::fmt::Write;

/// A cracker that cracks once and burns nothing, each feed by a set of the test's choice.
pub fn single_pass(yields: Option<&str>, sets: &[(&str, &str)], recycle: &str) -> Chain {
    let feeds: Vec<String> = sets.iter().map(|(feed, _)| format!("\"{feed}\"")).collect();
    let mut text = format!(
        "kind = \"crack\"\nyields = \"yields.csv\"\nfeeds = [{}]\n{recycle}remainder = \"all\"\n",
        feeds.join(", ")
    );
    for (feed, set) in sets {
        let feed = feed.replace('-', "_");
        writeln!(text, "set.yields_{feed} = \"{set}\"\nset.heat_{feed} = \"0 GJ/t\"").unwrap();
    }
    one_stage(&text, &["feed"], &["all", "flare", "burned"], yields)
}

/// The mass fraction that the shipped table prints for a product of a set.
pub fn printed(set: &str, feed: &str, product: &str) -> Option<f64> {
    let folder = gaschain::amur::folder();
    let mut reader = csv::Reader::from_reader(&folder.files["yields.csv"][..]);
    let rows = reader.records().map(Result::unwrap);
    rows.filter(|row| (&row[0], &row[1], &row[2]) == (set, feed, product))
        .map(|row| row[3].parse().unwrap())
        .next()
}
