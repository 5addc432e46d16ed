//! What a stage is: ports, parameters, loads and claims, and one equation over any scalar.

use super::Call;
use crate::param::ParameterSpec;
use crate::quantity::Unit;
use crate::scalar::{Dual, Scalar};
use crate::tape::Traced;
use std::fmt::Debug;

/// The ports of a stage, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ports {
    /// Inlets, in the order [`Call::inlet`] counts them.
    pub inlets: Vec<String>,
    /// Outlets, in the order [`Call::outlet`] counts them.
    pub outlets: Vec<String>,
    /// Imports, in the order [`Call::import`] counts them.
    pub imports: Vec<String>,
}

impl Ports {
    /// Inlets and outlets, no imports.
    pub fn new<I, O>(inlets: I, outlets: O) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
        O: IntoIterator,
        O::Item: Into<String>,
    {
        Self {
            inlets: inlets.into_iter().map(Into::into).collect(),
            outlets: outlets.into_iter().map(Into::into).collect(),
            imports: Vec::new(),
        }
    }

    /// The same ports with imports.
    #[must_use]
    pub fn importing<I>(mut self, imports: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.imports = imports.into_iter().map(Into::into).collect();
        self
    }
}

/// A load that a stage states about itself, for limits to be put on.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedLoad {
    /// Name within the stage: `power`.
    pub name: String,
    /// What it is, in a sentence.
    pub about: String,
    /// Unit it is shown in.
    pub unit: Unit,
}

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
    /// The gas has no properties.
    #[cfg(feature = "gerg")]
    #[error(transparent)]
    Gas(#[from] crate::gas::GasError),
    /// Heat is asked of a species whose heat of combustion the slate does not know.
    #[error("heat of combustion of {species} is not known")]
    UnknownHeat {
        /// Which species.
        species: String,
    },
}

/// How a stage is set and joined, before any flow is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting<'a> {
    /// Names chosen for its choice parameters, in order of the parameters (a flag counts as 0 or
    /// 1).
    pub choices: &'a [usize],
    /// By outlet: whether an import somewhere decides what flows there
    /// (see [`Stage::on_demand`]).
    pub demanded: &'a [bool],
}

/// A kind of stage.
///
/// Implement this for a stage of your own; see the [module's example](super).
pub trait Stage: Debug + Send + Sync + 'static {
    /// Name of the kind, as chain files spell it.
    fn kind(&self) -> &'static str;

    /// Its ports.
    fn ports(&self) -> Ports;

    /// Its parameters, in the order [`Call::number`] and its siblings count them.
    fn parameters(&self) -> Vec<ParameterSpec> {
        Vec::new()
    }

    /// Loads it states about itself.
    fn stated_loads(&self) -> Vec<StatedLoad> {
        Vec::new()
    }

    /// Whether species turn into others: balances are then held element by element only.
    fn reacts(&self) -> bool {
        false
    }

    /// Whether the flow at an outlet is a linear function, with nothing constant, of the flows
    /// at the inlets. Where it is, the operating rule needs no root finder.
    fn linear(&self, outlet: usize, setting: &Setting<'_>) -> bool {
        let _ = (outlet, setting);
        true
    }

    /// Whether the stage states a load when it is set so; a limit on one that it does not state
    /// has no load (`null`) and stops nothing.
    fn states(&self, load: usize, setting: &Setting<'_>) -> bool {
        let _ = (load, setting);
        true
    }

    /// Whether what leaves at an outlet is burned, as fuel or at a flare: its heat then counts
    /// as burned in the energy balance.
    fn burns(&self, outlet: usize) -> bool {
        let _ = outlet;
        false
    }

    /// Whether a load may rise and fall again over less than the whole opening of an inlet
    /// without its slope at either end telling so. The operating rule then takes short steps.
    fn wavy(&self) -> bool {
        false
    }

    /// Numbers that follow from names chosen for choice parameters (in order of the parameters,
    /// a flag counting as 0 or 1), worked out once and handed back by [`Call::constants`].
    fn constants(&self, choices: &[usize]) -> Vec<f64> {
        let _ = choices;
        Vec::new()
    }

    /// Whether the stage is a supply: its one inlet is then an inlet of the outermost chain, and
    /// parameters 0 and 1 are the flow and the composition offered there.
    fn is_supply(&self) -> bool {
        false
    }

    /// Whether somebody's import decides the flow at an outlet (see [`Draw`](super::Draw)). Such an outlet
    /// has the composition of inlet 0.
    fn on_demand(&self, outlet: usize) -> bool {
        let _ = outlet;
        false
    }

    /// The equations: reads inlets and parameters, writes outlets and imports (all zero at
    /// first).
    ///
    /// # Errors
    /// Where the equations have no meaning for what came in.
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError>;
}

/// The object-safe twin of [`Stage`]; every stage implements it by itself.
pub trait AnyStage: Debug + Send + Sync {
    /// See [`Stage::kind`].
    fn kind(&self) -> &'static str;
    /// See [`Stage::ports`].
    fn ports(&self) -> Ports;
    /// See [`Stage::parameters`].
    fn parameters(&self) -> Vec<ParameterSpec>;
    /// See [`Stage::stated_loads`].
    fn stated_loads(&self) -> Vec<StatedLoad>;
    /// See [`Stage::reacts`].
    fn reacts(&self) -> bool;
    /// See [`Stage::linear`].
    fn linear(&self, outlet: usize, setting: &Setting<'_>) -> bool;
    /// See [`Stage::states`].
    fn states(&self, load: usize, setting: &Setting<'_>) -> bool;
    /// See [`Stage::burns`].
    fn burns(&self, outlet: usize) -> bool;
    /// See [`Stage::wavy`].
    fn wavy(&self) -> bool;
    /// See [`Stage::constants`].
    fn constants(&self, choices: &[usize]) -> Vec<f64>;
    /// See [`Stage::is_supply`].
    fn is_supply(&self) -> bool;
    /// See [`Stage::on_demand`].
    fn on_demand(&self, outlet: usize) -> bool;
    /// [`Stage::run`] with plain numbers.
    ///
    /// # Errors
    /// As [`Stage::run`].
    fn run_plain(&self, call: &mut Call<'_, f64>) -> Result<(), StageError>;
    /// [`Stage::run`] with derivatives.
    ///
    /// # Errors
    /// As [`Stage::run`].
    fn run_dual(&self, call: &mut Call<'_, Dual>) -> Result<(), StageError>;
    /// [`Stage::run`] being recorded.
    ///
    /// # Errors
    /// As [`Stage::run`].
    fn run_traced(&self, call: &mut Call<'_, Traced>) -> Result<(), StageError>;
}

impl<T: Stage> AnyStage for T {
    fn kind(&self) -> &'static str {
        Stage::kind(self)
    }
    fn ports(&self) -> Ports {
        Stage::ports(self)
    }
    fn parameters(&self) -> Vec<ParameterSpec> {
        Stage::parameters(self)
    }
    fn stated_loads(&self) -> Vec<StatedLoad> {
        Stage::stated_loads(self)
    }
    fn reacts(&self) -> bool {
        Stage::reacts(self)
    }
    fn linear(&self, outlet: usize, setting: &Setting<'_>) -> bool {
        Stage::linear(self, outlet, setting)
    }
    fn states(&self, load: usize, setting: &Setting<'_>) -> bool {
        Stage::states(self, load, setting)
    }
    fn burns(&self, outlet: usize) -> bool {
        Stage::burns(self, outlet)
    }
    fn wavy(&self) -> bool {
        Stage::wavy(self)
    }
    fn constants(&self, choices: &[usize]) -> Vec<f64> {
        Stage::constants(self, choices)
    }
    fn is_supply(&self) -> bool {
        Stage::is_supply(self)
    }
    fn on_demand(&self, outlet: usize) -> bool {
        Stage::on_demand(self, outlet)
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

/// A scalar that the chain can run erased stages with.
pub(crate) trait Runs: Scalar {
    fn run(stage: &dyn AnyStage, call: &mut Call<'_, Self>) -> Result<(), StageError>;
}

impl Runs for f64 {
    fn run(stage: &dyn AnyStage, call: &mut Call<'_, Self>) -> Result<(), StageError> {
        stage.run_plain(call)
    }
}

impl Runs for Dual {
    fn run(stage: &dyn AnyStage, call: &mut Call<'_, Self>) -> Result<(), StageError> {
        stage.run_dual(call)
    }
}

impl Runs for Traced {
    fn run(stage: &dyn AnyStage, call: &mut Call<'_, Self>) -> Result<(), StageError> {
        stage.run_traced(call)
    }
}
