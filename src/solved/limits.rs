//! Limits as a result has them: load against capacity, what each stops, whether it is broken.

use super::{FactorResult, LimitResult, Solved};
use crate::chain::{LimitId, OUTERMOST, PlacedLimit, PlacedLoad, Stop};
use crate::error::Error;
use crate::fault::FaultKind;
use crate::limit::Direction;
use crate::param::{ParameterId, ParameterKind};
use crate::quantity::Unit;

/// How far a load may be on the wrong side of its capacity, of the larger of the two.
pub(crate) const HOLDS_WITHIN: f64 = 1e-11;

/// What rounding leaves, of the most that a load could be.
pub(crate) const ROUNDING_OF_ALL: f64 = 1e-12;

/// Load and capacity of a limit: kept in SI, shown in its unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct LimitState {
    pub load: Option<f64>,
    pub capacity: Option<f64>,
}

impl LimitState {
    /// Load over capacity where the load has to be at most so much, capacity over load where it has
    /// to be at least so much, of numbers in a unit: of temperatures there is none, and of pressures
    /// it is that of absolute ones. One that holds is used at most wholly, whatever rounding leaves.
    pub fn utilisation(self, unit: Unit, direction: Direction, broken: bool) -> Option<f64> {
        let (load, capacity) = self.load.zip(self.capacity)?;
        let (load, capacity) = (unit.in_ratio(load)?, unit.in_ratio(capacity)?);
        let used = match direction {
            Direction::AtMost => (capacity > 0.0).then(|| load / capacity),
            Direction::AtLeast if load > 0.0 => Some(capacity / load),
            // nothing is asked for, and nothing is there
            Direction::AtLeast => (capacity <= 0.0).then_some(0.0),
        }?;
        Some(if broken { used } else { used.min(1.0) })
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
        let broken = self.is_broken(id);
        LimitResult {
            limit: &limit.address,
            direction: limit.direction,
            load: state.load,
            capacity: state.capacity,
            unit: limit.unit,
            utilisation: state.utilisation(limit.unit, limit.direction, broken),
            margin: state.margin(limit.direction),
            stops: (tree.inlets.iter().zip(&self.stops))
                .filter(|(_, stops)| stops.contains(&Stop::limit(id)))
                .map(|(inlet, _)| inlet.address.as_str())
                .collect(),
            broken,
            factors: self.factors(limit),
            provenance: self.chain.capacity_provenance(limit, &self.values),
        }
    }

    /// The limits that do not hold, in the order of the chain.
    ///
    /// ```
    /// let mut case = gaschain::amur::chain().case();
    /// assert_eq!(case.solve()?.broken().count(), 0);
    /// let solved = case.set("heihe.gross_heat", "39 MJ/m3")?.solve()?; // more than this gas has
    /// assert_eq!(solved.broken().collect::<Vec<_>>(), ["heihe.gross_heat"]);
    /// assert_eq!(solved.value("heihe.gross_heat.broken")?, 1.0);
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    pub fn broken(&self) -> impl Iterator<Item = &str> {
        let limits = self.limits.ids().iter().filter(|&id| self.is_broken(id));
        limits.map(|id| self.chain.tree.limits[id].address.as_str())
    }

    /// Whether a limit does not hold, by more than rounding leaves.
    pub(crate) fn is_broken(&self, id: LimitId) -> bool {
        let state = self.limit_shown(id);
        let Some((load, capacity)) = state.load.zip(state.capacity) else { return false };
        let margin = state.margin(self.chain.tree.limits[id].direction);
        let holds_within = HOLDS_WITHIN * load.max(capacity);
        margin.is_some_and(|margin| margin < -holds_within)
            && self.over(id) > ROUNDING_OF_ALL * self.fully_loaded(id)
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
