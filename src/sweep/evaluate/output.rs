//! What a sweep is asked for: any result address of a chain, resolved once.

use crate::chain::{Chain, InletId, LimitId, LoadId};
use crate::fault::FaultKind;
use crate::measure::Measure;
use crate::quantity::Unit;
use crate::solved::{FULLY_DRAWN, Solved};
use crate::stage::StreamId;

/// An output of a sweep: a column of its results.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// The address it was asked for by: `gpp.helium.volume`, `kovykta.stopped_by`.
    pub address: String,
    /// Unit of its numbers; `None` for names.
    pub unit: Option<Unit>,
    /// Where it is a name (what stopped an inlet): the names that its numbers count.
    pub names: Option<Vec<String>>,
    pub(crate) source: Source,
}

/// Where an output comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Source {
    Limit(LimitId, LimitField),
    Inlet(InletId, InletField),
    /// What stopped an inlet first of all: 0 for nothing, then limits, then draws.
    StoppedBy(InletId),
    /// A load that a stage states, with its unit.
    Stated(LoadId, Unit),
    Port(StreamId, Measure),
    WorstResidual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LimitField {
    Load,
    Capacity,
    Utilisation,
    Margin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InletField {
    Offered,
    Accepted,
    ShutIn,
}

/// The address of the worst residual of all balances.
const WORST_RESIDUAL: &str = "worst_residual";

impl Output {
    /// Finds what an address names: every address that [`Solved::get`] knows, an inlet's
    /// `stopped_by`, and `worst_residual`.
    ///
    /// # Errors
    /// An unknown address, with the nearest.
    pub fn find(chain: &Chain, address: &str) -> Result<Self, FaultKind> {
        let output =
            |unit, names, source| Ok(Self { address: address.to_owned(), unit, names, source });
        if address == WORST_RESIDUAL {
            return output(Some(Unit::BARE), None, Source::WorstResidual);
        }
        let tree = &chain.tree;
        if let Some((name, field)) = address.rsplit_once('.') {
            if let Some(index) = tree.limits.position(|limit| limit.address == name) {
                let unit = tree.limits[index].unit;
                let (unit, field) = match field {
                    "load" => (unit, Some(LimitField::Load)),
                    "capacity" => (unit, Some(LimitField::Capacity)),
                    "utilisation" => (Unit::BARE, Some(LimitField::Utilisation)),
                    "margin" => (unit, Some(LimitField::Margin)),
                    _ => (unit, None),
                };
                if let Some(field) = field {
                    return output(Some(unit), None, Source::Limit(index, field));
                }
            }
            if let Some(index) = tree.inlets.position(|inlet| inlet.address == name) {
                let unit = Some(tree.inlets[index].unit);
                match field {
                    "offered" => {
                        return output(unit, None, Source::Inlet(index, InletField::Offered));
                    }
                    "accepted" => {
                        return output(unit, None, Source::Inlet(index, InletField::Accepted));
                    }
                    "shut_in" => {
                        return output(unit, None, Source::Inlet(index, InletField::ShutIn));
                    }
                    "stopped_by" => {
                        let stopping = tree.stopping().map(str::to_owned);
                        let names = [FULLY_DRAWN.to_owned()].into_iter().chain(stopping).collect();
                        return output(None, Some(names), Source::StoppedBy(index));
                    }
                    _ => {}
                }
            }
        }
        for placed in &tree.stages {
            for (id, load) in placed.loads.iter().zip(placed.stage.stated_loads()) {
                if address == format!("{}.{}", placed.address, load.name) {
                    let source = Source::Stated(id, load.unit);
                    return output(Some(load.unit), None, source);
                }
            }
        }
        let (stream, measure) = chain.port_and_measure(address)?;
        output(Some(measure.unit()), None, Source::Port(stream, measure))
    }

    /// Its value in a result, in its unit; not a number where it does not exist.
    pub(crate) fn of(&self, solved: &Solved<'_>) -> f64 {
        let value = match &self.source {
            Source::Limit(id, field) => {
                let limit = solved.limit_result(*id);
                match field {
                    LimitField::Load => limit.load,
                    LimitField::Capacity => limit.capacity,
                    LimitField::Utilisation => limit.utilisation,
                    LimitField::Margin => limit.margin,
                }
            }
            Source::Inlet(id, field) => {
                let inlet = solved.inlet_result(*id);
                Some(match field {
                    InletField::Offered => inlet.offered,
                    InletField::Accepted => inlet.accepted,
                    InletField::ShutIn => inlet.shut_in,
                })
            }
            Source::StoppedBy(id) => Some(solved.first_stop(*id).number()),
            Source::Stated(id, unit) => solved.stated(*id).map(|si| unit.from_si(si)),
            Source::Port(stream, measure) => solved.view(*stream).measure(measure),
            Source::WorstResidual => Some(solved.worst_residual()),
        };
        value.unwrap_or(f64::NAN)
    }
}
