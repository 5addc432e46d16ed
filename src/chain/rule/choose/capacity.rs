//! Openings put where what they follow from is at its capacity, not at the edge of its tolerance.

use super::pieces::relative;
use super::straight::{shut_or_open, solve};
use super::{Choice, ConstraintId, Feel, SAME, View};
use crate::chain::error::SolveError;

/// Most times that openings are moved back to where constraints are at their capacity, and how far.
const MOST_CORRECTIONS: usize = 3;
const CORRECTED_WITHIN: f64 = 1e-9;

/// Moves openings that follow from constraints which are passed within their tolerance back to
/// where those are at their capacity: what may refuse nothing then refuses nothing.
pub(super) fn put_at_capacity(feel: &mut impl Feel, choice: &mut Choice) -> Result<(), SolveError> {
    let over = |view: &View| {
        let excess = view.of.iter().map(|felt| relative(felt.slack, felt.scale));
        excess.fold(0.0, f64::max)
    };
    let mut view = feel.look_at(&choice.at)?;
    for _ in 0..MOST_CORRECTIONS {
        if over(&view) <= SAME {
            break;
        }
        let (slopes, _) = feel.slopes_at(&choice.at, 0.0)?;
        let coefficients = |constraint: ConstraintId| {
            let of: Vec<f64> = slopes[constraint].clone();
            let here: f64 = of.iter().zip(&choice.at).map(|(of, at)| of * at).sum();
            (of, here - view.of[constraint].slack)
        };
        let mut equations = choice.equations.clone();
        let moved = solve(choice.at.len(), coefficients, &choice.at, &mut equations);
        let moved: Vec<f64> = moved.into_iter().map(shut_or_open).collect();
        let near = moved.iter().zip(&choice.at).all(|(a, b)| (a - b).abs() <= CORRECTED_WITHIN);
        if !near {
            break;
        }
        let there = feel.look_at(&moved)?;
        if over(&there) >= over(&view) {
            break;
        }
        (choice.at, view) = (moved, there);
    }
    choice.felt = Some(view);
    Ok(())
}
