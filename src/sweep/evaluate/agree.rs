//! Whether a program gave what a scenario gives that is worked out by itself.

use super::broken;
use crate::chain::{LimitId, PlacedLoad};
use crate::measure::PortLoad;
use crate::quantity::Dimension;
use crate::solved::{LimitField, Output, Solved, Source};
use crate::stage::StreamId;

/// By how much of the larger a program's number may differ.
const AGREES_WITHIN: f64 = 1e-9;

/// What is less than this of the largest flow anywhere, offered ones among them, is what rounding
/// leaves: openings are known to some 1e-12.
const ROUNDING: f64 = 1e-11;

/// A scenario that was worked out by itself, to hold the numbers of a program against.
pub(super) struct Alone<'s> {
    solved: &'s Solved,
    /// The largest flow of a species anywhere, mol/s.
    largest: f64,
}

impl<'s> Alone<'s> {
    pub fn new(solved: &'s Solved) -> Self {
        Self { solved, largest: solved.largest_flow() }
    }

    /// Whether a program's number of an output is that of this scenario.
    pub fn agrees(&self, output: &Output, got: f64) -> bool {
        let expected = output.of(self.solved);
        if expected.to_bits() == got.to_bits() || (expected.is_nan() && got.is_nan()) {
            return true;
        }
        let tree = &self.solved.chain().tree;
        let rounding = match &output.source {
            // a residual is rounding: both are small, and that is all
            Source::WorstResidual => None,
            Source::StoppedBy(inlet) => {
                let offered = self.solved.view(tree.inlets[*inlet].offered).mol_per_s();
                // what stops next to nothing is one limit or another, or none
                (offered > ROUNDING * self.largest).then_some(0.0)
            }
            Source::Stated(..) | Source::Openings => Some(0.0),
            Source::Port(stream, measure, load) => {
                self.rounding(*stream, load).map(|si| measure.unit().from_si(si))
            }
            Source::Inlet(inlet, _) => {
                let unit = tree.inlets[*inlet].unit;
                let masses = self.solved.chain().slate.molar_masses().iter();
                let heaviest = masses.copied().fold(0.0, f64::max);
                let by_mass = unit.dimension() == Dimension::MassFlow;
                let most = if by_mass { self.largest * heaviest } else { self.largest };
                Some(unit.from_si(ROUNDING * most))
            }
            Source::Limit(limit, field) => self.rounding_of(*limit, *field),
        };
        rounding.is_none_or(|rounding| {
            let rounding = output.shown(rounding) - output.shown(0.0);
            let size = expected.abs().max(got.abs());
            (expected - got).abs() <= (AGREES_WITHIN * size).max(rounding.abs())
        })
    }

    /// Whether a program names the same limits as broken, but for those that are at their capacity
    /// up to rounding.
    pub fn agrees_on_broken(&self, got: impl Fn(usize) -> Option<u64>) -> bool {
        let limits = self.solved.chain().tree.limits.ids();
        let mut agrees = true;
        broken::of(self.solved, |word, bits| {
            let differ = bits ^ got(word).unwrap_or(0);
            let of_word = limits.iter().filter(|&limit| broken::place(limit).0 == word);
            agrees &= of_word
                .filter(|&limit| differ >> broken::place(limit).1 & 1 == 1)
                .all(|limit| self.is_at_capacity(limit));
        });
        agrees
    }

    fn is_at_capacity(&self, limit: LimitId) -> bool {
        let result = self.solved.limit_result(limit);
        result.load.zip(result.capacity).is_some_and(|(load, capacity)| {
            (load - capacity).abs() <= AGREES_WITHIN * load.abs().max(capacity.abs())
        })
    }

    /// What rounding may leave of a measure of a stream, SI; `None` where the stream is no more than
    /// that itself, and all that is a share of it any number.
    fn rounding(&self, stream: StreamId, load: &PortLoad) -> Option<f64> {
        if load.is_flow() {
            return Some(ROUNDING * self.largest * load.most_per_mole());
        }
        (self.solved.view(stream).mol_per_s() > ROUNDING * self.largest).then_some(ROUNDING)
    }

    /// The same of what is said of a limit, in its unit.
    fn rounding_of(&self, limit: LimitId, field: LimitField) -> Option<f64> {
        let placed = &self.solved.chain().tree.limits[limit];
        let si = match &placed.load {
            PlacedLoad::Port { stream, load } => self.rounding(*stream, load)?,
            PlacedLoad::Stated(_) => 0.0,
        };
        let rounding = placed.unit.from_si(si) - placed.unit.from_si(0.0);
        let capacity = self.solved.limit_result(limit).capacity.unwrap_or(0.0).abs();
        Some(match field {
            LimitField::Load | LimitField::Capacity => rounding,
            LimitField::Margin => rounding + ROUNDING * capacity,
            LimitField::Utilisation if capacity > 0.0 => rounding / capacity,
            LimitField::Utilisation => 0.0,
            LimitField::Broken => f64::from(u8::from(self.is_at_capacity(limit))),
        })
    }
}
