//! Stages: what turns inlet streams into outlet streams.
//!
//! A stage is pure. It knows its ports, its parameters and its equations, and holds no parameter
//! values: the chain passes them in with each [`Call`]. Equations are written once, generic over
//! [`Scalar`]; the chain keeps stages behind the object-safe [`AnyStage`], which every [`Stage`]
//! implements by itself.
//!
//! A new kind of stage is one file in this folder and one line in the table of kinds
//! ([`kinds`]). A user's own stage needs neither:
//!
//! ```
//! use gaschain::param::ParameterSpec;
//! use gaschain::scalar::Scalar;
//! use gaschain::stage::{Call, Ports, Stage, StageError};
//!
//! /// A flare: burns a share of what comes, passes the rest.
//! #[derive(Debug)]
//! struct Flare;
//!
//! impl Stage for Flare {
//!     fn kind(&self) -> &'static str {
//!         "flare"
//!     }
//!     fn ports(&self) -> Ports {
//!         Ports::new(["feed"], ["gas", "flared"])
//!     }
//!     fn parameters(&self) -> Vec<ParameterSpec> {
//!         vec![ParameterSpec::fraction("share", "share of the feed that is flared").or("2 %")]
//!     }
//!     fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
//!         let (share, feed) = (call.number(0), call.inlet(0));
//!         for (species, &flow) in feed.iter().enumerate() {
//!             call.outlet(1)[species] = flow * share;
//!             call.outlet(0)[species] = flow - flow * share;
//!         }
//!         Ok(())
//!     }
//! }
//! ```

pub mod config;
pub mod kinds;

mod blend;
mod compress;
mod crack;
mod draw;
mod fuel;
mod heats;
mod market;
mod pipeline;
mod polymerise;
mod react;
mod route;
mod separate;
mod split;
mod supply;
mod yields;

pub use blend::Blend;
pub use compress::Compress;
pub use crack::{Crack, CrackFeed, YieldFamily};
pub use draw::Draw;
pub use fuel::Fuel;
pub use market::Market;
pub use pipeline::{Hydraulics, Pipeline, StationSite};
pub use polymerise::{Comonomer, Line, Polymerise};
pub use react::{Parallel, React, Reaction};
pub use separate::{Cut, Separate};
pub use split::Split;
pub use supply::Supply;
pub use yields::{LARGEST_SHIFT, YieldBasis, YieldSet};

use crate::param::{ParameterSpec, Slot};
use crate::quantity::Unit;
use crate::scalar::{Dual, Scalar, Traced};
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
/// Implement this for a stage of your own; see the [module's example](self).
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

    /// Whether somebody's import decides the flow at an outlet (see [`Draw`]). Such an outlet
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

/// Where the streams of a call lie: everything outside the stage's own outlets can be read.
#[derive(Debug)]
pub(crate) struct Streams<'a, S> {
    /// Streams before the stage's own outlets and imports.
    pub before: &'a [S],
    /// The stage's outlets and imports.
    pub own: &'a mut [S],
    /// Streams after them.
    pub after: &'a [S],
}

/// One run of a stage: its inlets and parameters to read, its outlets and imports to write.
///
/// A stream is a slice of molar flows, mol/s, one a species of the slate.
#[derive(Debug)]
pub struct Call<'a, S> {
    pub(crate) streams: Streams<'a, S>,
    /// Slots of the inlets.
    pub(crate) inlets: &'a [usize],
    /// Slots that decide outlets on demand, by outlet.
    pub(crate) demands: &'a [Option<usize>],
    /// Slots that offer what an import takes, by import.
    pub(crate) offers: &'a [Option<usize>],
    pub(crate) outlet_count: usize,
    pub(crate) species: usize,
    pub(crate) slots: &'a [Slot],
    pub(crate) numbers: &'a [S],
    pub(crate) choices: &'a [usize],
    pub(crate) constants: &'a [f64],
    pub(crate) stated: &'a mut [S],
    pub(crate) objection: &'a mut Option<StageError>,
}

impl<'a, S: Scalar> Call<'a, S> {
    /// Number of species in a stream.
    #[must_use]
    pub const fn species(&self) -> usize {
        self.species
    }

    /// The stream at an inlet, counted as in [`Ports::inlets`].
    #[must_use]
    pub fn inlet(&self, inlet: usize) -> &'a [S] {
        self.stream(self.inlets[inlet])
    }

    /// Number of inlets.
    #[must_use]
    pub const fn inlet_count(&self) -> usize {
        self.inlets.len()
    }

    /// The stream at an outlet, to be written; counted as in [`Ports::outlets`].
    pub fn outlet(&mut self, outlet: usize) -> &mut [S] {
        debug_assert!(outlet < self.outlet_count);
        &mut self.streams.own[outlet * self.species..(outlet + 1) * self.species]
    }

    /// The stream taken at an import, to be written; counted as in [`Ports::imports`].
    pub fn import(&mut self, import: usize) -> &mut [S] {
        let at = (self.outlet_count + import) * self.species;
        &mut self.streams.own[at..at + self.species]
    }

    /// What an import is offered where it is joined to another stage's outlet: take some of it
    /// at its own composition. `None` where the import comes from outside the chain.
    #[must_use]
    pub fn offer(&self, import: usize) -> Option<&'a [S]> {
        self.offers[import].map(|slot| self.stream(slot))
    }

    /// What the import at the other end of an on-demand outlet takes.
    #[must_use]
    pub fn demand(&self, outlet: usize) -> Option<&'a [S]> {
        self.demands[outlet].map(|slot| self.stream(slot))
    }

    /// Value of a number parameter, SI; counted as in [`Stage::parameters`].
    #[must_use]
    pub fn number(&self, parameter: usize) -> S {
        self.numbers[self.slots[parameter].at]
    }

    /// Mole fractions of a composition parameter.
    #[must_use]
    pub fn composition(&self, parameter: usize) -> &'a [S] {
        let slot = self.slots[parameter];
        &self.numbers[slot.at..slot.at + slot.len]
    }

    /// Index of the name chosen for a choice parameter.
    #[must_use]
    pub fn choice(&self, parameter: usize) -> usize {
        self.choices[self.slots[parameter].at]
    }

    /// What [`Stage::constants`] gave for the names chosen.
    #[must_use]
    pub const fn constants(&self) -> &'a [f64] {
        self.constants
    }

    /// States a load, counted as in [`Stage::stated_loads`], SI.
    pub fn state(&mut self, load: usize, value: S) {
        self.stated[load] = value;
    }

    /// Objects to what came in: the numbers written have no meaning, but are fit for judging
    /// limits by. While the operating rule tries how far an inlet opens, limits may yet keep the
    /// stage away from there; only if the run ends so, it fails with this error.
    pub fn object(&mut self, error: StageError) {
        self.objection.get_or_insert(error);
    }

    fn stream(&self, slot: usize) -> &'a [S] {
        let at = slot * self.species;
        let before = self.streams.before.len();
        if at < before {
            &self.streams.before[at..at + self.species]
        } else {
            let at = at - before - self.streams.own.len();
            &self.streams.after[at..at + self.species]
        }
    }
}
