//! What a measure gives for a stream: a ratio of two weighted sums, or a quality that is none.

use super::property::{Property, References};
use crate::gas::{SUMS, Tables};
use crate::quantity::Dimension;
use crate::scalar::Scalar;
use crate::species::Slate;
use crate::tape::Traced;

/// A measure over the species of a slate, ready to be evaluated.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PortLoad {
    /// A ratio of two sums: limits on it have closed forms.
    Ratio(Weights),
    /// What bends with composition: a quality, and the flow of a volume as a real gas.
    Quality(Box<QualityLoad>),
}

impl PortLoad {
    /// A load and what a capacity has to be multiplied by to stand beside it, such that neither
    /// is more than nothing where nothing flows. The whole is 1 for a flow.
    pub fn load_and_whole<S: Scalar>(&self, stream: &[S]) -> (S, S) {
        match self {
            Self::Ratio(weights) => weights.sums(stream),
            Self::Quality(quality) => quality.carried(stream),
        }
    }

    /// The measure of a stream, in SI; `None` for a quality of a zero stream (a flow of nothing is
    /// nothing), where a species in it lacks the datum, and of a gas too heavy for the standard.
    pub fn of(&self, stream: &[f64]) -> Option<f64> {
        let (load, whole) = self.load_and_whole(stream);
        let known = match self {
            Self::Ratio(_) => true,
            Self::Quality(quality) => quality.tables.uncovered(stream) < 0.0,
        };
        (known && self.lacking_in(stream).is_none() && whole > 0.0).then(|| load / whole)
    }

    /// The measure of a stream in SI, being recorded, and what is above zero where there is one.
    /// Where a species lacks its datum, whether there is one is left to be worked out one by one.
    pub fn recorded(&self, stream: &[Traced]) -> (Traced, Traced) {
        let (load, whole) = self.load_and_whole(stream);
        if let Self::Quality(quality) = self {
            let uncovered = quality.tables.uncovered(stream);
            Traced::select(whole, uncovered, Traced::zero()).guard();
        }
        self.guard_lacking(stream);
        (load.share_of(whole), whole)
    }

    /// What is above zero where a stream has the measure, being recorded, whether or not its species
    /// have their data.
    pub fn known(&self, stream: &[Traced], whole: Traced) -> Traced {
        let lacking = stream.iter().zip(self.lacking()).filter(|(_, lacking)| **lacking);
        let lacking = lacking.fold(Traced::zero(), |sum, (&flow, _)| sum + flow);
        let known = Traced::select(lacking, Traced::zero(), whole);
        match self {
            Self::Ratio(_) => known,
            Self::Quality(quality) => {
                Traced::select(quality.tables.uncovered(stream), Traced::zero(), known)
            }
        }
    }

    /// Leaves it to be worked out one by one whether a stream has the measure where there is any of
    /// a species that lacks its datum.
    pub fn guard_lacking(&self, stream: &[Traced]) {
        for (flow, _) in stream.iter().zip(self.lacking()).filter(|(_, lacking)| **lacking) {
            flow.guard();
        }
    }

    /// By species: whether its datum is not known.
    fn lacking(&self) -> &[bool] {
        match self {
            Self::Ratio(weights) => &weights.lacking,
            Self::Quality(quality) => &quality.lacking,
        }
    }

    /// The first species of a stream whose datum is not known.
    pub fn lacking_in(&self, stream: &[f64]) -> Option<usize> {
        stream.iter().zip(self.lacking()).position(|(flow, lacking)| *lacking && *flow > 0.0)
    }

    /// Whether it counts what flows, rather than being a quality of it.
    pub const fn is_flow(&self) -> bool {
        match self {
            Self::Ratio(weights) => weights.denominator.is_none(),
            Self::Quality(quality) => quality.property.is_flow(),
        }
    }

    /// Whether a limit on it is linear in the stream.
    pub const fn is_linear(&self) -> bool {
        matches!(self, Self::Ratio(_))
    }

    /// The most load that a mole can bring.
    pub fn most_per_mole(&self) -> f64 {
        match self {
            Self::Ratio(weights) => weights.numerator.iter().copied().fold(0.0, f64::max),
            Self::Quality(quality) => quality.most,
        }
    }
}

/// The two weighted sums that a measure is the ratio of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weights {
    pub numerator: Vec<f64>,
    pub denominator: Option<Vec<f64>>,
    /// Species whose weight is not known: a stream that holds one has no such measure.
    pub lacking: Vec<bool>,
}

impl Weights {
    /// Numerator and denominator (1 for a flow) of a stream.
    fn sums<S: Scalar>(&self, stream: &[S]) -> (S, S) {
        let denominator =
            self.denominator.as_ref().map_or_else(S::one, |weights| dot(weights, stream));
        (dot(&self.numerator, stream), denominator)
    }
}

fn dot<S: Scalar>(weights: &[f64], stream: &[S]) -> S {
    let mut sum = S::zero();
    for (weight, flow) in weights.iter().zip(stream) {
        sum += flow.scaled(*weight);
    }
    sum
}

/// A property by ISO 6976 that is no ratio of sums: the compressibility factor is in it, or a
/// square root.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QualityLoad {
    property: Property,
    tables: Tables,
    /// What makes the base of the property's unit of what a quality gives: units of heat by gas
    /// volume are based on a mole at the ideal volume, volumes are those of the ideal gas times the
    /// compressibility.
    to_base: f64,
    lacking: Vec<bool>,
    /// The largest value that any of the species has on its own.
    most: f64,
}

impl QualityLoad {
    /// `None` where gas cannot be metered at the references.
    pub fn new(property: Property, at: References, slate: &Slate) -> Option<Self> {
        let tables = Tables::new(slate, at.combustion, at.metering.conditions()).ok()?;
        let metering = at.metering.conditions();
        let to_base = match property.dimension() {
            Dimension::VolumetricHeat if property.unit(at).conditions().is_some() => {
                metering.molar_volume()
            }
            Dimension::MolarVolume => metering.molar_volume(),
            _ => 1.0,
        };
        let both = tables.lacks_heat.iter().zip(&tables.lacks_factor);
        let lacking = both.map(|(heat, factor)| *factor || (property.burns() && *heat)).collect();
        let mut load = Self { property, tables, to_base, lacking, most: 0.0 };
        let mut pure = vec![0.0; slate.len()];
        for species in 0..slate.len() {
            pure[species] = 1.0;
            load.most = load.most.max(load.carried(&pure).0);
            pure[species] = 0.0;
        }
        Some(load)
    }

    /// The property times the moles that have it, and those moles; of a flow, 1.
    fn carried<S: Scalar>(&self, stream: &[S]) -> (S, S) {
        let (moles, sums) = self.tables.sums(stream);
        let property = |per_mole: [S; SUMS]| self.property.of(&self.tables.quality(per_mole));
        let whole = if self.property.is_flow() { S::one() } else { moles };
        (moles.carrying(sums, property).scaled(self.to_base), whole)
    }
}
