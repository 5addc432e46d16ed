//! Results for programs and for people: [`json`] and [`csv`] files, and [`text`].
//!
//! *In:* a [`Solved`] chain and the [`Run`] it came from. *Out:* files, pages. *Order:* `number`
//! words a number, `json` lays a result out, `csv` and `table` write the same in columns, `text`
//! for people.
//!
//! Nothing is computed here. All three say the same about a [`Solved`] chain; files carry full
//! precision, text about four digits.
//!
//! ```
//! use gaschain::report::{Run, json, text};
//! let chain = gaschain::amur::chain();
//! let solved = chain.solve(&chain.values())?;
//! let run = Run::new(chain, "nameplate");
//! assert!(json::to_json(&solved, &run).starts_with("{\n  \"scenario\": \"nameplate\""));
//! println!("{}", text::scenario(&solved, &run, Some("what binds at 38 bcm/yr?")));
//! # Ok::<(), gaschain::Error>(())
//! ```

pub mod csv;
pub mod json;
pub mod number;
pub mod table;
pub mod text;

#[cfg(test)]
mod sample;

use crate::chain::Chain;
use crate::scenario::Scenario;
use crate::solved::Solved;

/// What a result was made of: the scenario's name and a fingerprint of the files behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run<'a> {
    /// Name of the scenario.
    pub scenario: &'a str,
    /// `sha256:` and the hash of the chain's files and the scenario's.
    pub inputs: String,
}

impl<'a> Run<'a> {
    /// A run of `chain` under a name, with values that no file gave.
    #[must_use]
    pub fn new(chain: &Chain, scenario: &'a str) -> Self {
        Self { scenario, inputs: format!("sha256:{}", chain.inputs) }
    }

    /// A run of a scenario that was read.
    ///
    /// ```
    /// use gaschain::report::Run;
    /// let chain = gaschain::amur::chain();
    /// let scenario = gaschain::amur::scenario("four_trains")?;
    /// let run = Run::of(&scenario, chain);
    /// assert!(run.inputs.starts_with("sha256:"));
    /// assert_ne!(run.inputs, Run::new(chain, run.scenario).inputs);
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    #[must_use]
    pub fn of(scenario: &'a Scenario, chain: &Chain) -> Self {
        Self { scenario: &scenario.name, inputs: scenario.inputs(chain) }
    }
}

/// The stage or chain that a port belongs to: its address without the port.
fn owner<'p>(solved: &Solved, port: &'p str) -> &'p str {
    let tree = &solved.chain().tree;
    let known = |name: &str| {
        tree.stages.iter().any(|stage| stage.address == name)
            || tree.levels.iter().any(|level| level.path == name)
    };
    let dots = port.match_indices('.').map(|(at, _)| &port[..at]);
    dots.rev().find(|name| known(name)).unwrap_or(port)
}

/// Species flow in tonnes a year.
fn tonnes_per_year(kg_per_s: f64) -> f64 {
    crate::quantity::Unit::TONNE_PER_YEAR.from_si(kg_per_s)
}
