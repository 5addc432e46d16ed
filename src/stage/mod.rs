//! Stages: what turns inlet streams into outlet streams.
//!
//! *In:* inlet streams and parameters, by a [`Call`]. *Out:* outlet streams, imports, stated loads.
//! *Order:* `streams` are what it stands among, `spec` is what it is, `call` one run of it; `config`
//! reads what a chain file says of it, `kinds` are those there are (a new one is a file there);
//! `heats` and `route` serve several.
//!
//! A stage is pure. It knows its ports, its parameters and its equations, and holds no parameter
//! values: the chain passes them in with each [`Call`]. Equations are written once, generic over
//! [`Scalar`](crate::scalar::Scalar); the chain keeps stages behind the object-safe [`AnyStage`], which every [`Stage`]
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

mod call;
mod heats;
mod route;
mod spec;
mod streams;

pub use call::Call;
pub use kinds::{
    Blend, Comonomer, Compress, Crack, CrackFeed, Cut, Draw, Fuel, Hydraulics, LARGEST_SHIFT, Line,
    Market, Parallel, Pipeline, Polymerise, React, Reaction, Separate, Split, StationSite, Supply,
    YieldBasis, YieldFamily, YieldSet,
};
pub(crate) use spec::Runs;
pub use spec::{AnyStage, Ports, Setting, Stage, StageError, StatedLoad};
pub(crate) use streams::{Around, Stream, StreamId, Streams};
