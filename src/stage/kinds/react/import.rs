//! What a reactor imports: all that its reactions consume of a species, or what its feed lacks.

use crate::document::{Entry, Node};
use crate::stage::Config;

/// What a reactor imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Imported {
    pub name: String,
    pub species: usize,
    /// Whether it brings only what the feed lacks of the species.
    pub makes_up: bool,
}

impl Imported {
    /// `name = "species"`, or `name = { makes_up = "species" }`.
    pub fn read(config: &mut Config<'_>, name: String, entry: Entry) -> Option<Self> {
        let place = entry.place.clone();
        if let Node::Table(entries) = entry.node {
            let species = config.inner(place, entries, |inner| inner.one_species("makes_up"))?;
            return Some(Self { name, species, makes_up: true });
        }
        let species = config.as_text(&name, entry)?;
        let species = config.species_named(&species, place)?;
        Some(Self { name, species, makes_up: false })
    }
}
