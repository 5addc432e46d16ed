//! Gas-to-polymer chains as composable stages with exact balances.
//!
//! A [`chain::Chain`] joins stages (fields, pipelines, separations, crackers, markets) port to
//! port and puts limits on them. It runs as hard as its own limits allow, and answers: what comes
//! out, where the mass goes, which limit stops it, and what another limit, order or feed would
//! change. A result ([`solved::Solved`]) exists only if every
//! species and element balance closed.
//!
//! The crate ships one chain as data ([`amur`]): the Power of Siberia pipeline, the Amur gas
//! processing plant and the Amur gas chemical complex.
//!
//! ```
//! use gaschain::{Error, amur};
//!
//! fn main() -> Result<(), Error> {
//!     let chain = amur::chain();
//!     let solved = chain.case().set("gpp.trains", 4.0)?.solve()?;
//!     let kovykta = solved.inlet("kovykta").unwrap();
//!     assert_eq!(kovykta.stopped_by, ["gpp.feed"]); // four of six trains are what stops it
//!     assert!((solved.value("heihe.sales_gas.volume")? - 25.396).abs() < 1e-3); // bcm/yr
//!     Ok(())
//! }
//! ```
//!
//! Where to go on:
//!
//! * run files people write: [`scenario`], [`chain::Folder`]; every key of every file: [`formats`];
//! * build a chain in Rust: [`chain::Builder`], with a stage of your own: [`stage`];
//! * read results: [`solved`], print them, save them, read them again: [`report`];
//! * call a chain with numbers, many times: [`Function`]; run millions of scenarios: [`sweep`];
//! * units and reference conditions: [`quantity`]; species: [`species`].

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        reason = "tests hold results against the platform's functions"
    )
)]

pub mod amur;
mod case;
pub mod chain;
mod digest;
mod document;
mod error;
pub mod evidence;
pub mod fault;
pub mod flow;
pub mod formats;
mod fs;
mod function;
pub mod gas;
pub mod ledger;
pub mod limit;
mod linear;
mod math;
pub mod measure;
pub mod param;
mod programme;
pub mod quantity;
pub mod report;
pub mod scalar;
pub mod scenario;
pub mod solved;
pub mod species;
pub mod stage;
pub mod sweep;
mod tape;

mod ids;

pub use case::Case;
pub use chain::Chain;
pub use error::{Error, ErrorKind};
pub use fs::Older;
pub use function::Function;
pub use report::Report;
pub use solved::{Output, Solved};

/// The README's code is compiled and run with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
