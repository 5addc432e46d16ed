//! Why a chain could not be solved.

use crate::limit::Direction;
use crate::stage::StageError;

/// Largest residual that counts as closed, relative to the throughput of the species or element.
pub const CLOSES_WITHIN: f64 = 1e-9;

/// Why a chain could not be solved.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum SolveError {
    /// A stage or chain does not close.
    #[error(
        "{stage} does not close in {of}: {inflow} mol/s in, {outflow} mol/s out (residual {residual:.3e}; allowed: {CLOSES_WITHIN:e} of the throughput)"
    )]
    NotClosed {
        /// Address of the stage or chain.
        stage: String,
        /// The species or element.
        of: String,
        /// What goes in, with imports, mol/s.
        inflow: f64,
        /// What comes out, mol/s.
        outflow: f64,
        /// Difference relative to the larger of the two.
        residual: f64,
    },
    /// A flow that is negative or not a number.
    #[error("{stage} gives a flow of {flow} mol/s of {species}; allowed: 0 and more")]
    ImpossibleFlow {
        /// Address of the stage.
        stage: String,
        /// The species.
        species: String,
        /// The flow, mol/s.
        flow: f64,
    },
    /// A stage's equations have no meaning for what came in.
    #[error("{stage}: {source}")]
    Stage {
        /// Address of the stage.
        stage: String,
        /// What it cannot do.
        source: StageError,
    },
    /// No openings of the inlets are allowed.
    #[error("{}", together(.cannot_hold))]
    NoState {
        /// A smallest set of limits that cannot hold together, at the state nearest to allowed.
        cannot_hold: Vec<CannotHold>,
    },
    /// A limit that stops inlets by a quality that cannot be known.
    #[error(
        "limit {limit} is told to stop inlets by a quality that is not known: {species} in its stream lacks a datum"
    )]
    QualityUnknown {
        /// Address of the limit.
        limit: String,
        /// The species in its stream that lacks a datum.
        species: String,
    },
    /// A recycle that has no solution.
    #[error("the recycle {path} has no solution: {why}")]
    Recycle {
        /// Its stages.
        path: String,
        /// Why.
        why: String,
    },
    /// The operating rule did not converge.
    #[error("the operating rule did not converge in {place}")]
    NotConverged {
        /// Name of the chain.
        place: String,
    },
}

/// A limit that cannot hold, or not together with others.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CannotHold {
    /// Its address.
    pub limit: String,
    /// Its load at the state nearest to allowed, in `unit`; none of a quality of nothing.
    pub load: Option<f64>,
    /// Its capacity, in `unit`.
    pub capacity: f64,
    /// At most or at least.
    pub direction: Direction,
    /// Unit of both.
    pub unit: String,
}

fn together(limits: &[CannotHold]) -> String {
    let each = limits.iter().map(|held| {
        let CannotHold { limit, load, capacity, direction, unit } = held;
        let side = match direction {
            Direction::AtMost => "at most",
            Direction::AtLeast => "at least",
        };
        let load = load.map_or_else(|| "nothing flows".to_owned(), |load| format!("{load} {unit}"));
        format!("{limit} ({load}, {side} {capacity} {unit})")
    });
    let each: Vec<String> = each.collect();
    let how = if each.len() > 1 { "cannot hold together" } else { "cannot hold" };
    format!("no openings of the inlets are allowed: {} {how}", each.join(" and "))
}
