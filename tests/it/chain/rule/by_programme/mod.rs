//! Random linear chains and the right opening of every inlet, found once by exact linear
//! programming in rationals: fields through stages and a tee to a plant (with a loop, or an inner
//! chain whose surplus is closed or joined), limits on flow and on quality that throttle, orders
//! with groups.
//!
//! `chains/` has them, some to a file. `judged` holds the library against them; `again` finds their
//! openings by the tests' own programmes, so that these may judge chains that nobody worked out.

mod again;
mod judged;

use crate::support::folders::beside_the_tests;
use gaschain::chain::{Chain, Folder};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A chain and what is right of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    fields: Vec<String>,
    order: Vec<Vec<String>>,
    openings: Vec<f64>,
    /// Of how many linear pieces its loads are: two where a plant passes on what it refuses.
    pieces: usize,
    chain: String,
    plant: Option<String>,
}

impl Case {
    fn built(&self) -> Chain {
        let mut folder = Folder { name: "case".into(), ..Folder::default() };
        folder.files.insert("chain.toml".into(), self.chain.clone().into_bytes());
        if let Some(plant) = &self.plant {
            folder.files.insert("plant.toml".into(), plant.clone().into_bytes());
        }
        folder.chain().unwrap_or_else(|faults| panic!("{faults}"))
    }

    /// The order by the numbers of the fields.
    fn groups(&self) -> Vec<Vec<usize>> {
        let number = |name: &String| self.fields.iter().position(|field| field == name).unwrap();
        self.order.iter().map(|group| group.iter().map(number).collect()).collect()
    }
}

/// All cases by name.
fn cases() -> BTreeMap<String, Case> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(beside_the_tests("chain/rule/by_programme/chains")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        all.extend(toml::from_str::<BTreeMap<String, Case>>(&text).unwrap());
    }
    assert_eq!(all.len(), 60);
    all
}
