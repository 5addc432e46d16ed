//! Stages: what turns inlet streams into outlet streams.
//!
//! *In:* inlet streams and parameters, by a [`Call`]. *Out:* outlet streams, imports, stated loads.
//! *Order:* `streams` are what it stands among, `spec` is what it is, said once by `handle`s, a
//! `call` one run of its `equation`; `config` reads what a chain file says of it, `kinds` are those
//! there are; `heats`, `condensing` and `route` serve several; a `warning` is what a stage says of its own numbers.
//!
//! A stage is pure. It declares its ports, parameters and loads in a [`Spec`], keeps the handles
//! that gave, and holds no parameter values: the chain passes them in with each [`Call`]. Equations
//! are written once, generic over [`Scalar`](crate::scalar::Scalar).
//!
//! A stage of one's own can be built into a chain ([`Builder`](crate::chain::Builder)), and named
//! in chain files once its kind is among the [`Kinds`] they are read with:
//!
//! ```
//! use gaschain::param::Parameter;
//! use gaschain::scalar::Scalar;
//! use gaschain::stage::{Call, Inlet, Number, Outlet, Setting, Spec, Stage, StageError};
//!
//! /// A membrane: takes a share of each species off, passes the rest.
//! #[derive(Debug)]
//! struct Membrane {
//!     spec: Spec,
//!     feed: Inlet,
//!     permeate: Outlet,
//!     retentate: Outlet,
//!     share: Number,
//! }
//!
//! impl Membrane {
//!     fn new() -> Self {
//!         let mut spec = Spec::new("membrane");
//!         Self {
//!             feed: spec.inlet("feed"),
//!             permeate: spec.outlet("permeate"),
//!             retentate: spec.outlet("retentate"),
//!             share: spec.number(Parameter::fraction("share", "share that permeates").or("2 %")),
//!             spec,
//!         }
//!     }
//! }
//!
//! impl Stage for Membrane {
//!     fn spec(&self) -> &Spec {
//!         &self.spec
//!     }
//!     fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
//!         true // twice the feed, twice the permeate: no root finder is needed
//!     }
//!     fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
//!         let (share, feed) = (call.number(self.share), call.stream(self.feed));
//!         for (species, &flow) in feed.iter().enumerate() {
//!             call.send(self.permeate)[species] = flow * share;
//!             call.send(self.retentate)[species] = flow - flow * share;
//!         }
//!         Ok(())
//!     }
//! }
//! assert_eq!(Membrane::new().spec().outlets(), ["permeate", "retentate"]);
//! ```

mod config;
mod kinds;

mod alone;
mod call;
mod check;
mod condensing;
mod equation;
mod handle;
mod heats;
mod route;
mod spec;
mod streams;
mod warning;

pub(crate) use alone::{Alone, AloneGas};
pub use call::Call;
pub use check::check;
pub(crate) use check::check_any;
pub use config::Config;
pub(crate) use equation::{AnyStage, Runs};
pub use equation::{Setting, Stage, StageError};
pub use handle::{Choice, Composition, Flag, Handle, Import, Inlet, Load, Number, Outlet};
pub use heats::Burning;
pub use kinds::{
    Blend, Comonomer, Compress, Crack, CrackFeed, Cut, Draw, Fuel, Hydraulics, Kinds,
    LARGEST_SHIFT, Line, Market, Parallel, Pipeline, Polymerise, React, Reaction, Separate, Split,
    StationSite, Supply, YieldBasis, YieldFamily, YieldSet,
};
pub(crate) use spec::Condition;
pub use spec::{Spec, StatedLoad};
pub(crate) use streams::{Around, Stream, StreamId, Streams};
pub use warning::StageWarning;
