//! For stages that burn some of a stream: net heats of a slate, the real gas of what flows, and
//! taking the fuel out.

use super::{Call, Outlet, Spec, StageError};
use crate::fault::FaultKind;
use crate::gas::{GergSpecies, NaturalGas};
use crate::scalar::Scalar;
use crate::species::{Slate, Species};

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

/// The real gas of a stream; `None` where nothing flows, and, with an objection, where GERG-2008
/// does not know what does.
pub(super) fn gas_of<S: Scalar>(
    call: &mut Call<'_, S>,
    species: &GergSpecies,
    stream: &[S],
    flow: S,
) -> Option<NaturalGas<S>> {
    if flow.value() <= 0.0 {
        return None;
    }
    NaturalGas::gerg_2008(species, stream).map_err(|error| call.object(error.into())).ok()
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
        Self { on: spec.outlet(on), burned: spec.burned_outlet("burned") }
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
