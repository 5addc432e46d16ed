//! The table of kinds: the names chain files know, and what reads each.
//!
//! *In:* the table of a stage in a chain file, as a [`Config`]. *Out:* a stage. *Order:* one file a
//! kind, a folder where one is not enough; a new kind is a file here, a line in [`Kinds::shipped`]
//! and a page in `docs/kinds`.

mod blend;
mod compress;
mod crack;
mod draw;
mod efficiency;
mod fuel;
mod market;
mod pipeline;
mod polymerise;
mod react;
mod separate;
mod split;
mod supply;

pub use blend::Blend;
pub use compress::Compress;
pub use crack::{Crack, CrackFeed, LARGEST_SHIFT, YieldBasis, YieldFamily, YieldSet};
pub use draw::Draw;
pub use fuel::Fuel;
pub use market::Market;
pub use pipeline::{Hydraulics, Pipeline, StationSite};
pub use polymerise::{Comonomer, Line, Polymerise};
pub use react::{Parallel, React, Reaction};
pub use separate::{Cut, Separate};
pub use split::Split;
pub use supply::Supply;

use super::config::Config;
use super::{AnyStage, Stage};
use crate::fault::FaultKind;
use std::fmt;
use std::sync::Arc;

/// Reads a stage of one kind from a chain file; `None` where there were faults.
type Reader = Arc<dyn Fn(&mut Config<'_>) -> Option<Arc<dyn AnyStage>> + Send + Sync>;

/// The kinds of stages that chain files can name: the shipped ones, and those of a program of
/// one's own.
///
/// ```
/// use gaschain::param::Parameter;
/// use gaschain::scalar::Scalar;
/// use gaschain::stage::{Burning, Call, Inlet, Kinds, Number, Spec, Stage, StageError};
///
/// /// A flare: burns a share of what comes, passes the rest.
/// #[derive(Debug)]
/// struct Flare {
///     spec: Spec,
///     feed: Inlet,
///     outlets: Burning,
///     share: Number,
/// }
///
/// impl Flare {
///     fn new() -> Self {
///         let mut spec = Spec::new("flare");
///         let feed = spec.inlet("feed");
///         let outlets = Burning::declared(&mut spec, "gas");
///         let share = spec.number(Parameter::fraction("share", "share that is flared").or("2 %"));
///         Self { spec, feed, outlets, share }
///     }
/// }
///
/// impl Stage for Flare {
///     fn spec(&self) -> &Spec {
///         &self.spec
///     }
///     fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
///         self.outlets.burn(call, call.stream(self.feed), call.number(self.share));
///         Ok(())
///     }
/// }
///
/// let kinds = Kinds::shipped().with("flare", |_| Some(Flare::new()));
/// assert!(kinds.names().any(|name| name == "flare"));
/// ```
#[derive(Clone)]
pub struct Kinds(Vec<(String, Reader)>);

impl Kinds {
    /// Those of this crate.
    #[must_use]
    pub fn shipped() -> Self {
        Self(Vec::new())
            .with("supply", Supply::read)
            .with("blend", Blend::read)
            .with("split", Split::read)
            .with("separate", Separate::read)
            .with("react", React::read)
            .with("crack", Crack::read)
            .with("polymerise", Polymerise::read)
            .with("fuel", Fuel::read)
            .with("pipeline", Pipeline::read)
            .with("compress", Compress::read)
            .with("market", Market::read)
            .with("draw", Draw::read)
    }

    /// The same kinds and one more, which `read` makes of the table of a stage in a chain file:
    /// it gives `None` where it found faults, and has told the [`Config`] which. A name that is
    /// known already stands for the new kind.
    #[must_use]
    pub fn with<T: Stage>(
        mut self,
        name: &str,
        read: impl Fn(&mut Config<'_>) -> Option<T> + Send + Sync + 'static,
    ) -> Self {
        let erased = move |config: &mut Config<'_>| {
            read(config).map(|stage| Arc::new(stage) as Arc<dyn AnyStage>)
        };
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), Arc::new(erased)));
        self
    }

    /// Their names, as chain files spell them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// What reads a kind.
    pub(crate) fn reader(&self, kind: &str) -> Result<&Reader, FaultKind> {
        let found = self.0.iter().find(|(name, _)| name == kind).map(|(_, reader)| reader);
        found.ok_or_else(|| FaultKind::unknown("kind of stage", kind, self.names()))
    }
}

impl Default for Kinds {
    fn default() -> Self {
        Self::shipped()
    }
}

impl fmt::Debug for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
