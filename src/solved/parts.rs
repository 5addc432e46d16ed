//! The parts of a result: inlets, limits, products, streams, connections.

use super::FULLY_DRAWN;
use crate::chain::{Announced, Leaving, Product};
use crate::evidence::Provenance;
use crate::limit::Direction;
use crate::measure::Measure;
use crate::quantity::Unit;
use crate::species::Slate;
use crate::stage::StageWarning;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What became of an inlet.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct InletResult<'a> {
    /// Full address; a supply's name for an outermost inlet.
    pub inlet: &'a str,
    /// What was offered, in `unit`.
    pub offered: f64,
    /// What was accepted.
    pub accepted: f64,
    /// What was not: shut in at the outermost chain, surplus elsewhere.
    pub shut_in: f64,
    /// Unit of the three.
    pub unit: Unit,
    /// What stopped it.
    pub stopped_by: StoppedBy,
    /// Whether the opening is one just below which an inner chain changes its state at once: what
    /// stops the inlet then breaks just past it.
    pub jump: bool,
}

/// What stopped an inlet: limits by their full addresses (imports by theirs, where what they are
/// drawn from would not do), or nothing where all that was offered was accepted.
///
/// ```
/// let chain = gaschain::amur::chain();
/// let solved = chain.case().solve()?;
/// let chayanda = solved.inlet("chayanda")?;
/// assert!(chayanda.stopped_by.is_fully_drawn());
/// assert_eq!(chayanda.stopped_by.to_string(), "fully drawn");
/// let stopped_by = solved.inlet("kovykta")?.stopped_by; // its own, to keep
/// drop(solved);
/// assert_eq!(stopped_by.limits().collect::<Vec<_>>(), ["heihe.demand"]);
/// # Ok::<(), gaschain::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StoppedBy(pub(super) Vec<String>);

impl StoppedBy {
    /// Whether nothing stopped it.
    #[must_use]
    pub fn is_fully_drawn(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that stopped it; first those that its own opening raises, each by declaration.
    #[must_use]
    pub fn limits(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// [`FULLY_DRAWN`], or the limits, with commas between them.
impl fmt::Display for StoppedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { f.write_str(FULLY_DRAWN) } else { f.write_str(&self.0.join(", ")) }
    }
}

impl<const N: usize> PartialEq<[&str; N]> for StoppedBy {
    fn eq(&self, other: &[&str; N]) -> bool {
        self.0 == other
    }
}

/// What became of a limit.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LimitResult<'a> {
    /// Full address.
    pub limit: &'a str,
    /// At most or at least.
    pub direction: Direction,
    /// Load in `unit`; `None` for a quality of a zero stream, or one that cannot be known.
    pub load: Option<f64>,
    /// Capacity; `None` where it is unknown.
    pub capacity: Option<f64>,
    /// Unit of load, capacity and margin.
    pub unit: Unit,
    /// Load over capacity of one that is at most so much, capacity over load of one that is at least
    /// so much: above 1 where it is broken, and only there. `None` where there is no such ratio.
    pub utilisation: Option<f64>,
    /// How far the load is on the right side of the capacity (negative: broken).
    pub margin: Option<f64>,
    /// The inlets it stops.
    pub stops: Vec<&'a str>,
    /// Whether it does not hold.
    pub broken: bool,
    /// What its capacity is made of: the parameters whose product it is.
    pub factors: Vec<FactorResult<'a>>,
    /// How its capacity is known.
    pub provenance: Provenance,
}

/// A parameter that a limit's capacity is made of.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FactorResult<'a> {
    /// Its address: `gpp.trains`.
    pub parameter: &'a str,
    /// Its value, in `unit`; `None` where it is unknown.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: Unit,
}

/// A load that a stage states about itself.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LoadResult {
    /// Its address: `gcc.crack.furnace_load`.
    pub load: String,
    /// Its value, in `unit`; `None` where the stage does not state it as it is set.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: Unit,
}

/// A named product of the chain with its value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProductResult<'a> {
    /// The product.
    pub product: &'a Product,
    /// Its value in its unit.
    pub value: Option<f64>,
    /// The announced figure beside it.
    pub announced: Option<&'a Announced>,
}

/// A stream of a result.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct StreamView<'a> {
    pub(super) slate: &'a Slate,
    /// Molar flow of each species, mol/s.
    pub flows: &'a [f64],
}

/// A connection of a result with its stream.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct LinkResult<'a> {
    /// Port it comes from; `None` where it enters the outermost chain.
    pub from: Option<&'a str>,
    /// Port it goes to; `None` where it leaves the outermost chain.
    pub to: Option<&'a str>,
    /// How it leaves the outermost chain.
    pub leaving: Option<Leaving>,
    /// As which class of products, where it has one.
    pub class: Option<&'a str>,
    /// What flows.
    pub stream: StreamView<'a>,
}

/// A flow between two stages.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Edge<'a> {
    /// Address of the stage it comes from (a supply where it enters), or of an import.
    pub from: String,
    /// Address of the stage it goes to, or of the port by which it leaves.
    pub to: String,
    /// What flows.
    pub stream: StreamView<'a>,
}

/// What a stage took from outside the chain.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ImportResult<'a> {
    /// Address of the stage.
    pub stage: &'a str,
    /// Name of the import.
    pub import: &'a str,
    /// What it took.
    pub stream: StreamView<'a>,
}

impl StreamView<'_> {
    /// Molar flow, mol/s.
    #[must_use]
    pub fn mol_per_s(&self) -> f64 {
        self.flows.iter().sum()
    }

    /// Mass flow, kg/s.
    #[must_use]
    pub fn kg_per_s(&self) -> f64 {
        self.flows.iter().zip(self.slate.molar_masses()).map(|(n, m)| n * m).sum()
    }

    /// Mole fractions of the species that are there; `None` of a zero stream.
    #[must_use]
    pub fn mole_fractions(&self) -> Option<Vec<(&str, f64)>> {
        let total = self.mol_per_s();
        (total > 0.0).then(|| {
            self.slate
                .names()
                .zip(self.flows)
                .filter(|(_, flow)| **flow > 0.0)
                .map(|(name, flow)| (name, flow / total))
                .collect()
        })
    }

    /// Flow of each species by name, mol/s.
    pub fn by_species(&self) -> impl Iterator<Item = (&str, f64)> {
        self.slate.names().zip(self.flows.iter().copied())
    }

    /// Any measure, in the measure's unit; `None` where it does not exist: a quality of a zero
    /// stream, a heat of a species whose heat is not known.
    #[must_use]
    pub fn measure(&self, measure: &Measure) -> Option<f64> {
        measure.load(self.slate).of(self.flows).map(|si| measure.unit().from_si(si))
    }
}

/// What a stage warns of.
///
/// ```
/// let solved = gaschain::amur::chain().case().solve()?;
/// for warned in solved.stage_warnings() {
///     println!("{warned}"); // address: which correlation, which value, its range and source
/// }
/// # Ok::<(), gaschain::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WarningResult<'a> {
    /// Address of the stage.
    pub stage: &'a str,
    /// What it warns of.
    pub warning: StageWarning,
}

impl fmt::Display for WarningResult<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.stage, self.warning)
    }
}
