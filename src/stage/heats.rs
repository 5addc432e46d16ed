//! For stages that burn some of a stream: net heats of a slate, the real gas of what flows, and
//! taking the fuel out.

use super::{Call, Outlet, Spec, StageError};
use crate::fault::FaultKind;
use crate::gas::{EquationGas, Gas, GasState, GergSpecies, NaturalGas};
use crate::param::Parameter;
use crate::scalar::Scalar;
use crate::species::{Slate, Species};
use std::borrow::Cow;

/// Net heats of a slate's species at 25 degC, J/mol, where they are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heats {
    names: Vec<String>,
    net: Vec<Option<f64>>,
}

impl Heats {
    pub fn new(slate: &Slate) -> Self {
        let net = slate.iter().map(Species::net_heat_25).collect();
        Self { names: slate.names().map(str::to_owned).collect(), net }
    }

    /// Net heat of one species, J/mol.
    pub fn of_species(&self, species: usize) -> Result<f64, FaultKind> {
        let name = || self.names[species].clone();
        self.net[species]
            .ok_or_else(|| FaultKind::Missing { what: "heat of species", name: name() })
    }

    /// Net heat of a stream, W. What is not known counts as none, and is objected to where it
    /// flows.
    pub fn of<S: Scalar>(&self, call: &mut Call<'_, S>, stream: &[S]) -> S {
        let mut energy = S::zero();
        for ((heat, name), &flow) in self.net.iter().zip(&self.names).zip(stream) {
            match heat {
                Some(heat) => energy += flow.scaled(*heat),
                None if flow.exceeds(0.0) => {
                    call.object(StageError::UnknownHeat { species: name.clone() });
                }
                None => {}
            }
        }
        energy
    }
}

/// The real gas of a stream, by a table of GERG-2008 or by the equation itself.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one lives on the stack for a call")]
pub(super) enum RealGas<S> {
    Table(NaturalGas<S>),
    Equation(EquationGas<S>),
}

/// Ways to the properties of a gas, in the order that parameters list them.
const GAS_PROPERTIES: [&str; 2] = ["table", "equation"];

/// The way by a table, as a place among them.
pub(super) const BY_TABLE: usize = 0;

/// The parameter that chooses between them, by the name that what is refused refers to.
pub(super) fn gas_properties() -> Parameter {
    let about =
        "whether GERG-2008 is tabulated for the gas, or asked at each state (slow; any phase)";
    Parameter::choice("gas_properties", about, GAS_PROPERTIES).or(GAS_PROPERTIES[BY_TABLE])
}

/// Where a state of a gas is met.
#[derive(Debug, Clone, Copy)]
enum Site {
    Line,
    Casing,
}

impl<S: Scalar> RealGas<S> {
    /// Of a stream, by the way of this place; `None` where nothing is known to flow, and, with an objection,
    /// where GERG-2008 does not know what does. By a table, it is that of what can be blended there,
    /// where the chain knows it, and else that of the stream's own composition.
    ///
    /// What a stream brings in many scenarios at once counts as something: what follows from the gas
    /// has to be passed over where that is nothing.
    pub fn of(
        call: &mut Call<'_, S>,
        species: &GergSpecies,
        stream: &[S],
        flow: S,
        way: usize,
    ) -> Option<Self> {
        if flow.known().is_some_and(|flow| flow <= 0.0) {
            return None;
        }
        if way == BY_TABLE
            && let Some(gas) = call.blended_gas(stream)
        {
            return Some(Self::Table(gas));
        }
        let gas = if way == BY_TABLE {
            NaturalGas::gerg_2008(species, stream).map(Self::Table)
        } else {
            EquationGas::gerg_2008(species, stream).map(Self::Equation)
        };
        gas.map_err(|error| call.object(error.into())).ok()
    }

    /// A density (mol/m3) over the critical one, as viscosity counts it.
    pub fn reduced_density(&self, density: S) -> S {
        match self {
            Self::Table(gas) => gas.reduced_density(density),
            Self::Equation(gas) => gas.reduced_density(density),
        }
    }

    /// Share of components for which viscosity was not held against a reference.
    pub const fn uncompared_viscosity(&self) -> S {
        match self {
            Self::Table(gas) => gas.uncompared_viscosity(),
            Self::Equation(gas) => gas.uncompared_viscosity(),
        }
    }

    /// Not above zero only where the properties are known of a state (Pa, K) with this compressibility
    /// factor: a bound in numbers of any kind, on the safe side.
    pub fn beyond(&self, pressure: S, temperature: S, compressibility: S) -> S {
        match self {
            Self::Table(gas) => gas.beyond(pressure, temperature, compressibility),
            Self::Equation(_) => S::one(),
        }
    }

    /// What of a state (Pa, K) along a line is out of the range that its properties are known in,
    /// if anything is.
    pub fn uncovered(&self, pressure: S, temperature: S) -> Option<StageError> {
        self.uncovered_at(Site::Line, pressure, temperature)
    }

    /// The same of a state at an end of a casing.
    pub fn uncovered_in_casing(&self, pressure: S, temperature: S) -> Option<StageError> {
        self.uncovered_at(Site::Casing, pressure, temperature)
    }

    fn uncovered_at(&self, site: Site, pressure: S, temperature: S) -> Option<StageError> {
        let covers = |pressure: S| match self {
            Self::Table(gas) => gas.covers(pressure, temperature),
            Self::Equation(gas) => gas.covers(pressure, temperature),
        };
        if covers(pressure) {
            return None;
        }
        let at_rest = covers(S::zero());
        let is_table = matches!(self, Self::Table(_));
        let what = match (at_rest, site) {
            (true, Site::Line) => "pressure along the line, MPa",
            (true, Site::Casing) => "pressure at an end of a casing, MPa",
            (false, Site::Line) => "temperature along the line, K",
            (false, Site::Casing) => "temperature at an end of a casing, K",
        };
        let got = if at_rest { pressure.value() * 1e-6 } else { temperature.value() };
        let allowed = match (at_rest, is_table) {
            (false, true) => {
                "255 to 350, where GERG-2008 is tabulated; gas_properties = \"equation\" goes further"
            }
            (false, false) => "200 to 500, for gas by GERG-2008",
            (true, true) => {
                "up to 9 mol/l and where the table of the gas is good; gas_properties = \"equation\" goes further"
            }
            (true, false) => "0 to 70 and one phase, for GERG-2008",
        };
        Some(StageError::OutOfDomain { what, got, allowed })
    }
}

/// What flows, with something in its place where it is not known that anything does: equations of a
/// flow have no meaning without one, and what they give is left out there.
#[derive(Debug)]
pub(super) struct Flowing<'a, S: Scalar> {
    pub stream: Cow<'a, [S]>,
    /// What flows, mol/s.
    pub moles: S,
    /// Above zero where it is what flows; `None` where that is known.
    is_flow: Option<S>,
}

impl<'a, S: Scalar> Flowing<'a, S> {
    /// A stream of so much, mol/s.
    pub fn of(stream: &'a [S], moles: S) -> Self {
        if moles.known().is_some() {
            return Self { stream: Cow::Borrowed(stream), moles, is_flow: None };
        }
        let or = |flow: S| S::select(moles, flow, S::one());
        let stream = stream.iter().map(|&flow| or(flow)).collect();
        Self { stream, moles: or(moles), is_flow: Some(moles) }
    }

    /// What is made of the flow, where there is one.
    pub fn select(&self, flowing: S, at_rest: S) -> S {
        self.is_flow.map_or(flowing, |is_flow| S::select(is_flow, flowing, at_rest))
    }

    /// A number that is objected to above zero, where something flows.
    pub fn excess(&self, excess: S) -> S {
        self.select(excess, -S::one())
    }

    /// Whether it is left open that anything flows.
    pub const fn is_open(&self) -> bool {
        self.is_flow.is_some()
    }
}

impl<S: Scalar> Gas<S> for RealGas<S> {
    #[inline]
    fn molar_mass(&self) -> S {
        match self {
            Self::Table(gas) => gas.molar_mass(),
            Self::Equation(gas) => gas.molar_mass(),
        }
    }

    #[inline]
    fn state(&self, pressure: S, temperature: S) -> GasState<S> {
        match self {
            Self::Table(gas) => gas.state(pressure, temperature),
            Self::Equation(gas) => gas.state(pressure, temperature),
        }
    }

    #[inline]
    fn state_near(&self, compressibility: S, pressure: S, temperature: S) -> GasState<S> {
        match self {
            Self::Table(gas) => gas.state_near(compressibility, pressure, temperature),
            Self::Equation(gas) => gas.state_near(compressibility, pressure, temperature),
        }
    }

    #[inline]
    fn state_with_slopes(
        &self,
        compressibility: S,
        pressure: S,
        temperature: S,
    ) -> (GasState<S>, [GasState<S>; 2]) {
        match self {
            Self::Table(gas) => gas.state_with_slopes(compressibility, pressure, temperature),
            Self::Equation(gas) => gas.state_with_slopes(compressibility, pressure, temperature),
        }
    }

    #[inline]
    fn compressibility(&self, pressure: S, temperature: S) -> S {
        match self {
            Self::Table(gas) => gas.compressibility(pressure, temperature),
            Self::Equation(gas) => gas.compressibility(pressure, temperature),
        }
    }

    #[inline]
    fn speed_of_sound(&self, pressure: S, temperature: S) -> S {
        match self {
            Self::Table(gas) => gas.speed_of_sound(pressure, temperature),
            Self::Equation(gas) => gas.speed_of_sound(pressure, temperature),
        }
    }
}

/// The outlets of a stage that burns a share of its feed: one of what goes on, and `burned`.
#[derive(Debug, Clone, Copy)]
pub struct Burning {
    on: Outlet,
    burned: Outlet,
}

impl Burning {
    /// Declares both; what goes on leaves at `on`.
    pub fn declared(spec: &mut Spec, on: &str) -> Self {
        let (on, burned) = (spec.outlet(on), spec.burned_outlet("burned"));
        spec.keeps_composition(on);
        spec.keeps_composition(burned);
        Self { on, burned }
    }

    /// The outlet of what goes on.
    pub(super) const fn on(self) -> Outlet {
        self.on
    }

    /// Sends a share of the feed to be burned, at its composition, and the rest on.
    pub fn burn<S: Scalar>(self, call: &mut Call<'_, S>, feed: &[S], share: S) {
        for (burned, &flow) in call.send(self.burned).iter_mut().zip(feed) {
            *burned = flow * share;
        }
        for (on, &flow) in call.send(self.on).iter_mut().zip(feed) {
            *on = flow - flow * share;
        }
    }
}
