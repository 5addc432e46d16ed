//! The carbon ledger: where each tonne of carbon that enters a chain ends.
//!
//! With `a_i` the carbon atoms of species `i` and `n_i` its molar flow, a stream carries
//! `C = sum a_i n_i` moles of carbon a second, `12.0107 g/mol` each (the atomic mass that the molar
//! masses of species are made of, ISO 6976:2016). What is burned or flared leaves
//! as `C` moles of carbon dioxide, `44.0095 g/mol`: complete combustion (that of real flares and
//! turbines is above 98 %). Carbon dioxide that was in the gas before counts where it ends: in
//! sales gas, in what is vented, and with the fuel it was burned beside.

use super::{exits_of, imports_of};
use crate::chain::{Leaving, LevelId};
use crate::quantity::Unit;
use crate::solved::Solved;
use crate::species::{
    MOLAR_MASS_OF_CARBON as CARBON, MOLAR_MASS_OF_CARBON_DIOXIDE as CARBON_DIOXIDE,
};
use crate::stage::StreamId;
use serde::{Deserialize, Serialize};

/// Where the carbon ends, chain by chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Carbon {
    /// Unit of all its numbers but the per tonne ones: `t/yr`.
    pub unit: String,
    /// The outermost chain first.
    pub chains: Vec<ChainCarbon>,
}

/// Where the carbon ends that enters one chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ChainCarbon {
    /// Address of the chain; its name for the outermost.
    pub chain: String,
    /// What brings carbon.
    pub sources: Vec<CarbonSource>,
    /// Where it ends.
    pub ends: Vec<CarbonEnd>,
    /// Carbon in, t/yr.
    pub carbon_in: f64,
    /// Carbon out, t/yr.
    pub carbon_out: f64,
    /// Their difference relative to the larger.
    pub residual: f64,
    /// Carbon dioxide from what is burned and flared, and in what is vented, t/yr.
    pub carbon_dioxide: f64,
    /// Methane in what is vented, t/yr.
    pub methane_vented: f64,
    /// Mass of the chain's products, and of what it passes on to other parts of the chain
    /// outside it, t/yr.
    pub products: f64,
    /// Tonnes of carbon dioxide per tonne of those; `None` where there are none.
    pub carbon_dioxide_per_tonne: Option<f64>,
}

/// Something that brings carbon into a chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CarbonSource {
    /// An inlet or an import, by its address.
    pub from: String,
    /// Carbon, t/yr.
    pub carbon: f64,
}

/// An end of carbon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CarbonEnd {
    /// Port by which it leaves the chain.
    pub port: String,
    /// How: a class of products (`sales gas`, `polymers`, `product` where the chain names none),
    /// `burned`, `flared`, `vented`, `reinjected`, `loss`, or `passed on` to another part of the
    /// chain outside.
    pub end: String,
    /// Carbon, t/yr.
    pub carbon: f64,
    /// Carbon dioxide that it becomes, t/yr: zero but for what is burned, flared or vented.
    pub carbon_dioxide: f64,
    /// Mass of the stream, t/yr.
    pub mass: f64,
}

impl Carbon {
    /// The ledger of a result.
    #[must_use]
    pub fn of(solved: &Solved) -> Self {
        let levels = solved.chain().tree.levels.ids().iter();
        Self {
            unit: "t/yr".to_owned(),
            chains: levels.map(|level| ChainCarbon::of(solved, level)).collect(),
        }
    }

    /// The ledger of one chain by its address.
    #[must_use]
    pub fn chain(&self, address: &str) -> Option<&ChainCarbon> {
        self.chains.iter().find(|chain| chain.chain == address)
    }
}

impl ChainCarbon {
    /// Carbon by how it ends, t/yr, with the carbon dioxide that it becomes: products by class
    /// first, in the order of the chain.
    #[must_use]
    pub fn by_end(&self) -> Vec<(&str, f64, f64)> {
        let mut sums: Vec<(&str, f64, f64)> = Vec::new();
        for end in &self.ends {
            match sums.iter_mut().find(|(name, ..)| *name == end.end) {
                Some((_, carbon, carbon_dioxide)) => {
                    *carbon += end.carbon;
                    *carbon_dioxide += end.carbon_dioxide;
                }
                None => sums.push((&end.end, end.carbon, end.carbon_dioxide)),
            }
        }
        sums
    }
}

/// Moles to tonnes a year.
fn tonnes(mol_per_s: f64, molar_mass: f64) -> f64 {
    Unit::TONNE_PER_YEAR.from_si(mol_per_s * molar_mass)
}

impl ChainCarbon {
    fn of(solved: &Solved, id: LevelId) -> Self {
        let chain = solved.chain();
        let (tree, slate) = (&chain.tree, chain.slate());
        let level = &tree.levels[id];
        let element = slate.elements().iter().position(|element| element == "C");
        let moles = |stream: StreamId| -> f64 {
            let atoms = element.map(|element| slate.element_counts(element));
            let flows = solved.view(stream).flows;
            atoms.map_or(0.0, |atoms| atoms.iter().zip(flows).map(|(a, n)| a * n).sum())
        };
        let species = |stream: StreamId, name: &str| {
            slate.index(name).map_or(0.0, |index| solved.view(stream).flows[index])
        };
        let inlets = level.inlets.iter().map(|&inlet| {
            let inlet = &tree.inlets[inlet];
            (inlet.address.clone(), inlet.accepted)
        });
        let entering = inlets.chain(imports_of(solved, id));
        let sources: Vec<CarbonSource> = entering
            .map(|(from, stream)| CarbonSource { from, carbon: tonnes(moles(stream), CARBON) })
            .collect();
        let mut methane_vented = 0.0;
        let mut products = 0.0;
        let ends: Vec<CarbonEnd> = exits_of(chain, id)
            .into_iter()
            .map(|(port, stream, to)| {
                let exit = tree.exit_of(stream, to.as_deref());
                let mass = Unit::TONNE_PER_YEAR.from_si(solved.view(stream).kg_per_s());
                let carbon_dioxide = match exit.map(|exit| exit.how) {
                    Some(how) if how.is_combustion() => tonnes(moles(stream), CARBON_DIOXIDE),
                    Some(Leaving::Vented) => {
                        tonnes(species(stream, "carbon dioxide"), CARBON_DIOXIDE)
                    }
                    _ => 0.0,
                };
                match exit.map(|exit| exit.how) {
                    Some(Leaving::Vented) => {
                        let molar_mass = |name| slate.index(name).map(|i| slate.molar_masses()[i]);
                        let methane = molar_mass("methane").unwrap_or(0.0);
                        methane_vented += tonnes(species(stream, "methane"), methane);
                    }
                    Some(Leaving::Product) | None => products += mass,
                    _ => {}
                }
                let end = match exit {
                    None => "passed on",
                    Some(exit) => exit.class.as_deref().unwrap_or(exit.how.as_str()),
                };
                CarbonEnd {
                    port,
                    end: end.to_owned(),
                    carbon: tonnes(moles(stream), CARBON),
                    carbon_dioxide,
                    mass,
                }
            })
            .collect();
        let carbon_in: f64 = sources.iter().map(|source| source.carbon).sum();
        let carbon_out: f64 = ends.iter().map(|end| end.carbon).sum();
        let carbon_dioxide: f64 = ends.iter().map(|end| end.carbon_dioxide).sum();
        let whole = carbon_in.max(carbon_out);
        Self {
            chain: level.name.clone(),
            sources,
            ends,
            carbon_in,
            carbon_out,
            residual: if whole > 0.0 { (carbon_in - carbon_out).abs() / whole } else { 0.0 },
            carbon_dioxide,
            methane_vented,
            products,
            carbon_dioxide_per_tonne: (products > 0.0).then(|| carbon_dioxide / products),
        }
    }
}
