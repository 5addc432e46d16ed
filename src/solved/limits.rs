//! Limits as a result has them: load against capacity, what each stops, whether it is broken.

use super::{FactorResult, LimitResult, Solved};
use crate::chain::{LimitId, OUTERMOST, PlacedLimit, PlacedLoad, Stop};
use crate::error::Error;
use crate::fault::FaultKind;
use crate::limit::Direction;
use crate::param::{ParameterId, ParameterKind};
use crate::quantity::Unit;

/// Load and capacity of a limit: kept in SI, shown in its unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct LimitState {
    pub load: Option<f64>,
    pub capacity: Option<f64>,
}

impl LimitState {
    /// Load over capacity, of numbers in a unit; of temperatures there is none, and of pressures it
    /// is that of absolute ones.
    pub fn utilisation(self, unit: Unit) -> Option<f64> {
        let (load, capacity) = self.load.zip(self.capacity)?;
        let (load, capacity) = (unit.in_ratio(load)?, unit.in_ratio(capacity)?);
        (capacity > 0.0).then(|| load / capacity)
    }

    /// How far the load is on the right side of the capacity.
    pub fn margin(self, direction: Direction) -> Option<f64> {
        let (load, capacity) = self.load.zip(self.capacity)?;
        Some(match direction {
            Direction::AtMost => capacity - load,
            Direction::AtLeast => load - capacity,
        })
    }
}

impl Solved {
    /// All limits, in the order of the chain.
    pub fn limits(&self) -> impl Iterator<Item = LimitResult<'_>> {
        self.limits.ids().iter().map(|id| self.limit_result(id))
    }

    /// A limit by its address.
    ///
    /// # Errors
    /// An unknown limit, with the nearest.
    pub fn limit(&self, address: &str) -> Result<LimitResult<'_>, Error> {
        let limits = || self.chain.tree.limits.iter().map(|limit| limit.address.as_str());
        let unknown = || FaultKind::unknown("limit", address, limits());
        Ok(self.limit_result(self.chain.index.limit(address).ok_or_else(unknown)?))
    }

    /// A limit's load and capacity in its unit.
    pub(super) fn limit_shown(&self, id: LimitId) -> LimitState {
        let unit = self.chain.tree.limits[id].unit;
        let LimitState { load, capacity } = self.limits[id];
        let shown = |si: f64| unit.from_si(si);
        LimitState { load: load.map(shown), capacity: capacity.map(shown) }
    }

    pub(crate) fn limit_result(&self, id: LimitId) -> LimitResult<'_> {
        let tree = &self.chain.tree;
        let limit = &tree.limits[id];
        let state = self.limit_shown(id);
        let LimitState { load, capacity } = state;
        let both = load.zip(capacity);
        let margin = state.margin(limit.direction);
        let holds_within =
            both.map_or(0.0, |(load, capacity)| 1e-11 * load.abs().max(capacity.abs()));
        let more_than_rounding = self.over(id) > 1e-12 * self.fully_loaded(id);
        LimitResult {
            limit: &limit.address,
            direction: limit.direction,
            load,
            capacity,
            unit: limit.unit,
            utilisation: state.utilisation(limit.unit),
            margin,
            stops: (tree.inlets.iter().zip(&self.stops))
                .filter(|(_, stops)| stops.contains(&Stop::limit(id)))
                .map(|(inlet, _)| inlet.address.as_str())
                .collect(),
            broken: more_than_rounding && margin.is_some_and(|margin| margin < -holds_within),
            factors: self.factors(limit),
            provenance: self.chain.capacity_provenance(limit, &self.values),
        }
    }

    fn factors(&self, limit: &PlacedLimit) -> Vec<FactorResult<'_>> {
        let result = |&id: &ParameterId| {
            let parameter = &self.chain.parameters[id];
            let ParameterKind::Number { unit, .. } = parameter.kind else { return None };
            let at = parameter.slot.number()?;
            let known = self.values.known[at];
            let value = known.then(|| unit.from_si(self.values.numbers[at]));
            Some(FactorResult { parameter: &parameter.address, value, unit })
        };
        limit.parameters(&self.values).iter().filter_map(result).collect()
    }

    /// By how much a limit is broken: of what flows where it is a share of that, so that the
    /// composition of what rounding leaves of a stream counts for as little as that stream.
    fn over(&self, limit: LimitId) -> f64 {
        let Some(capacity) = self.limits[limit].capacity else { return 0.0 };
        let limit = &self.chain.tree.limits[limit];
        let (load, whole) = match &limit.load {
            PlacedLoad::Port { stream, load } => load.load_and_whole(&self.streams[*stream]),
            PlacedLoad::Stated(_) => return f64::INFINITY,
        };
        match limit.direction {
            Direction::AtMost => load - capacity * whole,
            Direction::AtLeast => capacity * whole - load,
        }
    }

    /// The most that a limit's load could be if all that the outermost chain accepts went there.
    fn fully_loaded(&self, limit: LimitId) -> f64 {
        let tree = &self.chain.tree;
        let PlacedLoad::Port { load, .. } = &tree.limits[limit].load else { return 0.0 };
        let outermost = tree.inlets.iter().filter(|inlet| inlet.level == OUTERMOST);
        let moles: f64 = outermost.map(|inlet| self.view(inlet.accepted).mol_per_s()).sum();
        moles * load.most_per_mole()
    }
}
