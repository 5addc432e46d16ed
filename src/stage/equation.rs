//! A kind of stage: its spec, its claims, and one equation over any scalar.

use super::handle::{Choice, Flag, Handle, Load, Outlet};
use super::{Call, Spec};
use crate::fault::significant;
use crate::scalar::{Dual, Scalar};
use crate::tape::Traced;
use std::cell::Cell;
use std::fmt::Debug;

/// What a stage cannot do with what it was given.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StageError {
    /// A quantity of the calculation is outside what the equations allow.
    #[error("{what} is {got}; allowed: {allowed}")]
    OutOfDomain {
        /// Which quantity.
        what: &'static str,
        /// Its value.
        got: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Gas would be faster than sound.
    #[error(
        "velocity of the gas {at_km:.3} km from the inlet is {velocity} m/s; allowed: up to the \
         speed of sound there, {speed_of_sound} m/s",
        velocity = significant(*velocity),
        speed_of_sound = significant(*speed_of_sound)
    )]
    Supersonic {
        /// Where along the line, km.
        at_km: f64,
        /// Its velocity, m/s.
        velocity: f64,
        /// The speed of sound in it, m/s.
        speed_of_sound: f64,
    },
    /// The gas has no properties.
    #[error(transparent)]
    Gas(#[from] crate::gas::GasError),
    /// Heat is asked of a species whose heat of combustion the slate does not know.
    #[error("heat of combustion of {species} is not known")]
    UnknownHeat {
        /// Which species.
        species: String,
    },
    /// The equations name something by a handle of another stage's spec.
    #[error("{what} by a handle of another stage's spec; allowed: those that its own spec gave")]
    OfAnotherSpec {
        /// What was named so.
        what: &'static str,
    },
    /// The stage does not do what it claims.
    #[error("it claims that {claim}, and {got}")]
    FalseClaim {
        /// What it claims.
        claim: String,
        /// What was found.
        got: String,
    },
}

/// How a stage is set and joined, before any flow is known: what its claims depend on.
#[derive(Debug)]
pub struct Setting<'a> {
    pub(crate) spec: &'a Spec,
    /// By parameter: the name chosen, or 1 for true; 0 of those that are no choice.
    pub(crate) choices: &'a [usize],
    /// By outlet: whether an import decides what flows there.
    pub(crate) demanded: &'a [bool],
    pub(crate) misused: Cell<Option<&'static str>>,
}

impl<'a> Setting<'a> {
    pub(crate) const fn new(spec: &'a Spec, choices: &'a [usize], demanded: &'a [bool]) -> Self {
        Self { spec, choices, demanded, misused: Cell::new(None) }
    }

    /// Index of the name chosen.
    #[must_use]
    pub fn choice(&self, parameter: Choice) -> usize {
        self.chosen(parameter, "a choice")
    }

    /// Whether it is true.
    #[must_use]
    pub fn flag(&self, parameter: Flag) -> bool {
        self.chosen(parameter, "a flag") == 1
    }

    fn chosen<T>(&self, parameter: Handle<T>, what: &'static str) -> usize {
        let at = parameter.place_in(self.spec.id());
        self.choices.get(at).copied().unwrap_or_else(|| {
            self.misused.set(Some(what));
            0
        })
    }

    /// Whether an import somewhere decides what flows at an outlet.
    #[must_use]
    pub fn is_demanded(&self, outlet: Outlet) -> bool {
        let at = outlet.place_in(self.spec.id());
        self.demanded.get(at).copied().unwrap_or_else(|| {
            self.misused.set(Some("an outlet"));
            false
        })
    }
}

/// A kind of stage.
///
/// Implement this for a stage of your own; see the [module's example](super), and
/// [`check`](super::check) for judging it.
pub trait Stage: Debug + Send + Sync + 'static {
    /// What it is: its ports, parameters and loads, declared once when the stage is made.
    fn spec(&self) -> &Spec;

    /// The equations: reads inlets and parameters, writes outlets and imports (all zero at
    /// first).
    ///
    /// # Errors
    /// Where the equations have no meaning for what came in.
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError>;

    /// Claims that the flows at an outlet are linear functions, with nothing constant, of the
    /// flows at the inlets. Where it is so, the operating rule needs no root finder there; a
    /// claim that is false ends the run with an error that names it.
    fn linear(&self, outlet: Outlet, setting: &Setting<'_>) -> bool {
        let _ = (outlet, setting);
        false
    }

    /// Claims that the stage states a load when it is set so; a limit on one that it does not
    /// state has no load (`null`) and stops nothing.
    fn states(&self, load: Load, setting: &Setting<'_>) -> bool {
        let _ = (load, setting);
        true
    }

    /// Numbers that follow from names chosen, worked out once and handed back by
    /// [`Call::constants`].
    fn constants(&self, setting: &Setting<'_>) -> Vec<f64> {
        let _ = setting;
        Vec::new()
    }
}

/// A stage whose kind is forgotten, as chains keep it.
pub(crate) trait AnyStage: Debug + Send + Sync {
    fn spec(&self) -> &Spec;
    fn linear(&self, outlet: Outlet, setting: &Setting<'_>) -> bool;
    fn states(&self, load: Load, setting: &Setting<'_>) -> bool;
    fn constants(&self, setting: &Setting<'_>) -> Vec<f64>;
    fn run_plain(&self, call: &mut Call<'_, f64>) -> Result<(), StageError>;
    fn run_dual(&self, call: &mut Call<'_, Dual>) -> Result<(), StageError>;
    fn run_traced(&self, call: &mut Call<'_, Traced>) -> Result<(), StageError>;
}

impl<T: Stage> AnyStage for T {
    fn spec(&self) -> &Spec {
        Stage::spec(self)
    }
    fn linear(&self, outlet: Outlet, setting: &Setting<'_>) -> bool {
        Stage::linear(self, outlet, setting)
    }
    fn states(&self, load: Load, setting: &Setting<'_>) -> bool {
        Stage::states(self, load, setting)
    }
    fn constants(&self, setting: &Setting<'_>) -> Vec<f64> {
        Stage::constants(self, setting)
    }
    fn run_plain(&self, call: &mut Call<'_, f64>) -> Result<(), StageError> {
        self.run(call)
    }
    fn run_dual(&self, call: &mut Call<'_, Dual>) -> Result<(), StageError> {
        self.run(call)
    }
    fn run_traced(&self, call: &mut Call<'_, Traced>) -> Result<(), StageError> {
        self.run(call)
    }
}

/// A scalar that the chain can run stages with whose kind is forgotten.
pub(crate) trait Runs: Scalar {
    fn call(stage: &dyn AnyStage, call: &mut Call<'_, Self>) -> Result<(), StageError>;

    /// Runs a stage; what it named by handles that are not its own is an error.
    fn run(stage: &dyn AnyStage, call: &mut Call<'_, Self>) -> Result<(), StageError> {
        let outcome = Self::call(stage, call);
        match call.misused.take() {
            Some(what) => Err(StageError::OfAnotherSpec { what }),
            None => outcome,
        }
    }
}

impl Runs for f64 {
    fn call(stage: &dyn AnyStage, call: &mut Call<'_, Self>) -> Result<(), StageError> {
        stage.run_plain(call)
    }
}

impl Runs for Dual {
    fn call(stage: &dyn AnyStage, call: &mut Call<'_, Self>) -> Result<(), StageError> {
        stage.run_dual(call)
    }
}

impl Runs for Traced {
    fn call(stage: &dyn AnyStage, call: &mut Call<'_, Self>) -> Result<(), StageError> {
        stage.run_traced(call)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_velocity_is_said_in_a_few_digits_however_high() {
        let said = |velocity| {
            StageError::Supersonic { at_km: 12.5, velocity, speed_of_sound: 401.26 }.to_string()
        };
        let allowed = "allowed: up to the speed of sound there, 401.3 m/s";
        assert_eq!(
            said(523.44),
            format!("velocity of the gas 12.500 km from the inlet is 523.4 m/s; {allowed}")
        );
        assert_eq!(
            said(1.234_56e300),
            format!("velocity of the gas 12.500 km from the inlet is 1.235e300 m/s; {allowed}")
        );
    }
}
