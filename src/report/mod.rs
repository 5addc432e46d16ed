//! Results for programs and for people: [`json`] and [`csv`] files, and [`text`].
//!
//! *In:* a [`Solved`] chain. *Out:* a [`Report`], files, pages. *Order:* `number` words a number,
//! `json` lays a result out, `csv` and `table` write the same in columns, `folder` keeps
//! files whole, `text` for people.
//!
//! Nothing is computed here. All say the same about a [`Solved`] chain; files carry full
//! precision, text about four digits.
//!
//! ```
//! use gaschain::report::text;
//! use gaschain::{Report, amur};
//!
//! let mut case = amur::chain().case();
//! let solved = case.apply(&amur::scenario("nameplate")?)?.solve()?;
//! println!("{}", text::scenario(&solved)); // a page
//! let report: Report = solved.report(); // to keep, save and compare
//! assert!(report.to_json().starts_with("{\n  \"format\": \"gaschain.report/1\""));
//! # Ok::<(), gaschain::Error>(())
//! ```

pub mod csv;
mod folder;
pub mod json;
pub mod number;
pub mod table;
pub mod text;

#[cfg(test)]
mod sample;

pub use json::Report;

use crate::solved::Solved;

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
