//! Results by their addresses: what an address names, and its value.

use super::{FULLY_DRAWN, Solved};
use crate::chain::{Chain, InletId, LimitId, LoadId, Openings, PlacedLoad};
use crate::error::Error;
use crate::fault::FaultKind;
use crate::measure::{Measure, PortLoad, counts_alike};
use crate::param::unit_fault;
use crate::quantity::{Dimension, Unit, Wanted};
use crate::scalar::Scalar;
use crate::stage::StreamId;

/// A result of a chain, found by its address once and read many times.
///
/// ```
/// let chain = gaschain::amur::chain();
/// let sales = chain.output("heihe.sales_gas.volume [bcm/yr @ 0 degC]")?;
/// let mut case = chain.case();
/// for (trains, expected) in [(6.0, 35.408), (4.0, 23.664)] {
///     case.set("gpp.trains", trains)?;
///     let volume = case.solve()?.at(&sales)?.unwrap();
///     assert!((volume - expected).abs() < 1e-3); // counted at 0 degC, not at 20
/// }
/// # Ok::<(), gaschain::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Output {
    address: String,
    unit: Option<Unit>,
    names: Option<Vec<String>>,
    /// The unit that its source counts in, and whether that is the one that was asked for.
    own: Unit,
    is_own: bool,
    pub(crate) source: Source,
    chain: Chain,
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
    /// What a measure gives for a stream.
    Port(StreamId, Measure, PortLoad),
    /// What is promised of the openings, by its place among all promises.
    Openings,
    WorstResidual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LimitField {
    Load,
    Capacity,
    Utilisation,
    Margin,
    Broken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InletField {
    Offered,
    Accepted,
    ShutIn,
}

/// What the numbers 0 and 1 of whether a limit is broken stand for.
const NOT_OR_IT_IS: [&str; 2] = ["false", "true"];

/// The address of what is promised of the openings.
const OPENINGS: &str = "openings";

/// The address of the worst residual of all balances.
const WORST_RESIDUAL: &str = "worst_residual";

impl Chain {
    /// Finds what an address names: a measure at a port (`gpp.helium.volume`), a limit's `load`,
    /// `capacity`, `utilisation`, `margin` or whether it is `broken`, what an inlet was `offered`, `accepted`, `shut_in`
    /// or `stopped_by`, a load that a stage states, what is promised of its `openings`, and
    /// `worst_residual`. A unit in brackets after
    /// it is the one its numbers are given in: `heihe.sales_gas.volume [million m3/d]`.
    ///
    /// # Errors
    /// An unknown address, with the nearest; a unit that is unknown or measures something else.
    pub fn output(&self, address: &str) -> Result<Output, Error> {
        Ok(self.find_output(address)?)
    }

    pub(crate) fn find_output(&self, address: &str) -> Result<Output, FaultKind> {
        let (address, wanted) = with_unit(address);
        let (mut source, mut own) = Source::find(self, address)?;
        let wanted = source.unit(self, &mut own, wanted)?;
        let names = match source {
            Source::StoppedBy(_) => {
                let stopping = self.tree.stopping().map(str::to_owned);
                Some([FULLY_DRAWN.to_owned()].into_iter().chain(stopping).collect())
            }
            Source::Openings => {
                Some(Openings::ALL.map(|promise| promise.as_str().to_owned()).to_vec())
            }
            Source::Limit(_, LimitField::Broken) => Some(NOT_OR_IT_IS.map(str::to_owned).to_vec()),
            _ => None,
        };
        let unit = match wanted {
            Some(wanted) if names.is_some() => {
                let fault = FaultKind::Unreadable {
                    got: format!("{address} [{wanted}]"),
                    allowed: format!("{address} without a unit: it is a name"),
                };
                return Err(fault);
            }
            Some(wanted) => Some(source.checked(self, wanted, own, address)?),
            None => names.is_none().then_some(own),
        };
        let address = address.to_owned();
        let is_own = unit.is_none_or(|unit| unit == own);
        Ok(Output { address, unit, names, own, is_own, source, chain: self.clone() })
    }
}

impl Output {
    /// The address it was asked for by, without a unit.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Unit of its numbers; `None` for names.
    #[must_use]
    pub const fn unit(&self) -> Option<Unit> {
        self.unit
    }

    /// Where it is a name (what stopped an inlet; what is promised of openings; `false` or `true` of
    /// whether a limit is broken):
    /// the names that its numbers count.
    #[must_use]
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// A number of its source in the unit that was asked for.
    pub(crate) fn shown<S: Scalar>(&self, number: S) -> S {
        match self.unit {
            Some(unit) if !self.is_own => self.source.shown(number, self.own, unit),
            _ => number,
        }
    }

    /// Its value in a result, in its unit; not a number where it does not exist.
    pub(crate) fn of(&self, solved: &Solved) -> f64 {
        self.source.of(solved).map_or(f64::NAN, |value| self.shown(value))
    }
}

impl Source {
    /// What an address names, and the unit that it counts in.
    fn find(chain: &Chain, address: &str) -> Result<(Self, Unit), FaultKind> {
        if address == WORST_RESIDUAL {
            return Ok((Self::WorstResidual, Unit::BARE));
        }
        if address == OPENINGS {
            return Ok((Self::Openings, Unit::BARE));
        }
        if let Some((name, field)) = address.rsplit_once('.') {
            let of_limit = match field {
                "load" => Some(LimitField::Load),
                "capacity" => Some(LimitField::Capacity),
                "utilisation" => Some(LimitField::Utilisation),
                "margin" => Some(LimitField::Margin),
                "broken" => Some(LimitField::Broken),
                _ => None,
            };
            if let Some((id, field)) = chain.index.limit(name).zip(of_limit) {
                let own = chain.tree.limits[id].unit;
                let bare = [LimitField::Utilisation, LimitField::Broken].contains(&field);
                let unit = if bare { Unit::BARE } else { own };
                return Ok((Self::Limit(id, field), unit));
            }
            if let Some(id) = chain.index.inlet(name) {
                let source = match field {
                    "offered" => Some(Self::Inlet(id, InletField::Offered)),
                    "accepted" => Some(Self::Inlet(id, InletField::Accepted)),
                    "shut_in" => Some(Self::Inlet(id, InletField::ShutIn)),
                    "stopped_by" => Some(Self::StoppedBy(id)),
                    _ => None,
                };
                if let Some(source) = source {
                    return Ok((source, chain.tree.inlets[id].unit));
                }
            }
        }
        if let Some((id, unit)) = chain.index.load(address) {
            return Ok((Self::Stated(id, unit), unit));
        }
        let (stream, measure) = chain.port_and_measure(address)?;
        let (unit, load) = (measure.unit(), measure.load(&chain.slate));
        Ok((Self::Port(stream, measure, load), unit))
    }

    /// A unit that is asked for, if it can be: one that measures the same. Real cubic metres at one
    /// temperature do not follow from those at another.
    fn checked(
        &self,
        chain: &Chain,
        wanted: Unit,
        own: Unit,
        address: &str,
    ) -> Result<Unit, FaultKind> {
        let load = match self {
            Self::Port(_, _, load) => Some(load),
            Self::Limit(id, _) => match &chain.tree.limits[*id].load {
                PlacedLoad::Port { load, .. } => Some(load),
                PlacedLoad::Stated(_) => None,
            },
            _ => None,
        };
        let is_real = matches!(load, Some(PortLoad::Quality(_)));
        let asked = self.wanted(chain, own);
        if !asked.allows(wanted) {
            let said = wanted.meaning().map_or_else(String::new, |said| format!(" {said}"));
            return Err(FaultKind::WrongDimension {
                got: format!("{address} [{wanted}]"),
                got_dimension: format!("{}{said}", wanted.dimension()),
                allowed: format!("a unit of {asked}, such as {own}"),
            });
        }
        if is_real && !counts_alike(wanted, own) {
            return Err(FaultKind::NotAllowed {
                got: format!("{address} [{wanted}]"),
                allowed: format!("{address} [{own}], or another unit at the same conditions"),
            });
        }
        // the address decides whether heat is gross or net, and the header says which
        let heat = matches!(self, Self::Port(_, Measure::Energy | Measure::GrossEnergy, _));
        Ok(own.meaning().filter(|_| heat).map_or(wanted, |heat| wanted.of_heat(heat)))
    }

    /// What a unit of it has to be.
    fn wanted(&self, chain: &Chain, own: Unit) -> Wanted {
        let meaning = match self {
            Self::Port(_, measure, _) => measure.meaning(),
            Self::Limit(id, field) if *field != LimitField::Utilisation => {
                chain.tree.limits[*id].meaning
            }
            _ => None,
        };
        Wanted { dimension: own.dimension(), meaning, offer: false }
    }

    /// Reads the unit that is asked for. A volume in barrels is that of the liquid.
    fn unit(
        &mut self,
        chain: &Chain,
        own: &mut Unit,
        text: Option<&str>,
    ) -> Result<Option<Unit>, FaultKind> {
        let Some(text) = text else { return Ok(None) };
        let wanted = self.wanted(chain, *own);
        let unit = Unit::read(text.trim()).map_err(|error| unit_fault(error, Some(wanted)))?;
        if let Self::Port(_, measure, load) = self
            && let Measure::Volume(species) = measure
            && unit.dimension() == Dimension::LiquidVolumeFlow
        {
            *measure = Measure::LiquidVolume(species.clone());
            (*load, *own) = (measure.load(chain.slate()), measure.unit());
        }
        Ok(Some(unit))
    }

    /// A number of it in another unit. A margin is a difference: 5 degC of it are 5 K.
    fn shown<S: Scalar>(&self, number: S, own: Unit, wanted: Unit) -> S {
        if own == wanted {
            return number;
        }
        let shown = |number: S| wanted.shown(own.counted(number));
        match self {
            Self::Limit(_, LimitField::Margin) => shown(number) - shown(S::zero()),
            _ => shown(number),
        }
    }

    /// Its value in a result, in the unit that it counts in; `None` where it does not exist.
    fn of(&self, solved: &Solved) -> Option<f64> {
        match self {
            Self::Limit(id, field) => {
                let state = solved.limit_shown(*id);
                let limit = &solved.chain.tree.limits[*id];
                match field {
                    LimitField::Load => state.load,
                    LimitField::Capacity => state.capacity,
                    LimitField::Utilisation => {
                        state.utilisation(limit.unit, limit.direction, solved.is_broken(*id))
                    }
                    LimitField::Margin => state.margin(limit.direction),
                    LimitField::Broken => Some(f64::from(u8::from(solved.is_broken(*id)))),
                }
            }
            Self::Inlet(id, field) => {
                let [offered, accepted, shut_in] = solved.amounts(*id);
                Some(match field {
                    InletField::Offered => offered,
                    InletField::Accepted => accepted,
                    InletField::ShutIn => shut_in,
                })
            }
            Self::StoppedBy(id) => Some(solved.first_stop(*id).number()),
            Self::Stated(id, unit) => solved.stated(*id).map(|si| unit.from_si(si)),
            Self::Port(stream, measure, load) => {
                load.of(solved.view(*stream).flows).map(|si| measure.unit().from_si(si))
            }
            Self::Openings => Some(f64::from(solved.openings() as u8)),
            Self::WorstResidual => Some(solved.worst_residual()),
        }
    }
}

impl Solved {
    /// Any result by its address (as [`Chain::output`] finds it), in the unit that it says or the
    /// one that the result counts in: [`Measure::unit`] for a measure at a port, a limit's own for
    /// its load, capacity and margin, 1 for one that is broken and 0 for one that holds, a stage's for a load that it states. `None` where it does
    /// not exist: a share of a stream of nothing, the capacity of a limit that is not known.
    ///
    /// ```
    /// let chain = gaschain::amur::chain();
    /// let solved = chain.case().solve()?;
    /// assert_eq!(solved.get("trunk_line.capacity.margin")?, None); // its capacity is not known
    /// assert_eq!(solved.get("gpp.helium.volume [million m3/yr]")?, Some(60.0));
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Chain::output`]; what stopped an inlet, which is no number.
    pub fn get(&self, address: &str) -> Result<Option<f64>, Error> {
        let (address, wanted) = with_unit(address);
        self.number(address, wanted)
    }

    /// The same, where there has to be one.
    ///
    /// # Errors
    /// As [`Solved::get`]; a number that does not exist.
    pub fn value(&self, address: &str) -> Result<f64, Error> {
        self.get(address)?.ok_or_else(|| no_value(address))
    }

    /// The same, in a unit.
    ///
    /// ```
    /// let chain = gaschain::amur::chain();
    /// let solved = chain.case().solve()?;
    /// let share = solved.value_in("heihe.sales_gas.mole_fraction.methane", "%")?;
    /// assert!(share > 90.0 && share < 99.9);
    /// let fault = solved.value_in("heihe.sales_gas.volume", "kg/s").unwrap_err();
    /// assert!(fault.to_string().contains("kg/s"));
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Solved::value`]; a unit that is unknown or measures something else.
    pub fn value_in(&self, address: &str, unit: &str) -> Result<f64, Error> {
        self.number(address, Some(unit))?.ok_or_else(|| no_value(address))
    }

    /// A result that was found before, in its unit; `None` where it does not exist. What stopped
    /// an inlet is the place of its name among [`Output::names`].
    ///
    /// # Errors
    /// An output of another chain.
    pub fn at(&self, output: &Output) -> Result<Option<f64>, Error> {
        if !output.chain.is_same(&self.chain) {
            let (of, chain) = (output.chain.name().to_owned(), self.chain.name().to_owned());
            return Err(FaultKind::OutputOfAnotherChain { of, chain }.into());
        }
        Ok(output.source.of(self).map(|value| output.shown(value)))
    }

    fn number(&self, address: &str, wanted: Option<&str>) -> Result<Option<f64>, Error> {
        let (mut source, mut own) = Source::find(&self.chain, address)?;
        let wanted = source.unit(&self.chain, &mut own, wanted)?;
        if matches!(source, Source::StoppedBy(_) | Source::Openings) {
            return Err(FaultKind::Unreadable {
                got: address.to_owned(),
                allowed: "a result that is a number".to_owned(),
            }
            .into());
        }
        let value = source.of(self);
        let Some(wanted) = wanted else { return Ok(value) };
        let wanted = source.checked(&self.chain, wanted, own, address)?;
        Ok(value.map(|value| source.shown(value, own, wanted)))
    }
}

/// An address, and the unit in brackets behind it.
pub(crate) fn with_unit(address: &str) -> (&str, Option<&str>) {
    match address.trim_end().strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) {
        Some((address, unit)) => (address.trim_end(), Some(unit.trim())),
        None => (address, None),
    }
}

/// The fault that a number is which does not exist.
fn no_value(address: &str) -> Error {
    FaultKind::NoValue { address: address.to_owned() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_margin_of_five_degrees_is_five_kelvin() {
        let id = crate::amur::chain().index.limit("gpp.feed").unwrap();
        let shown = |field, number| {
            let kelvin = Unit::parse("K").unwrap();
            Source::Limit(id, field).shown(number, Unit::DEGREE_CELSIUS, kelvin)
        };
        assert!((shown(LimitField::Margin, 5.0_f64) - 5.0).abs() < 1e-12);
        assert!((shown(LimitField::Load, 5.0_f64) - 278.15).abs() < 1e-12);
    }
}
