//! Recording a recycle: one linear system where its stages are linear, Newton in a loop where
//! not.

use crate::chain::error::SolveError;
use crate::chain::rule::workspace::{Extent, Run, Space};
use crate::chain::tree::LoopId;
use crate::scalar::{Dual, Scalar};
use crate::tape::{LoopRecording, Traced};

/// Most Newton steps before a scenario counts as lost.
const MOST_STEPS: u32 = 60;

/// Torn flows agree when a step moves none by more than this of the largest of them.
const AGREES_WITHIN: f64 = 1e-14;

/// Smallest pivot that a linear system is solved with.
const SMALLEST_PIVOT: f64 = 1e-12;

pub(in crate::chain) fn recycle(
    run: &Run<'_>,
    index: LoopId,
    space: &mut Space<Traced>,
    deeper: &mut [Space<Dual>],
) -> Result<(), SolveError> {
    let cycle = &run.tree.loops[index];
    let n = run.tree.species;
    let size = cycle.tears.len() * n;
    let slots: Vec<_> = (0..size).map(|i| (cycle.tears[i / n], i % n)).collect();
    let no_solution = |why: &str| SolveError::Recycle { path: cycle.path.clone(), why: why.into() };
    let mut pass =
        |torn: &[Traced], space: &mut Space<Traced>| -> Result<Vec<Traced>, SolveError> {
            let events_before = space.events.clone();
            for (&slot, &flow) in slots.iter().zip(torn) {
                space.streams[slot] = flow;
            }
            run.steps(&cycle.steps, None, Extent::All, space, deeper)?;
            space.events = events_before;
            Ok(slots.iter().map(|&slot| space.streams[slot]).collect())
        };
    let zeros = vec![Traced::zero(); size];
    let (recording, torn) = LoopRecording::begin(&zeros, MOST_STEPS);
    let found = pass(&torn, space)?;
    let matrix = jacobian(&found, &torn);
    let linear = matrix.iter().flatten().all(|part| !recording.changes(*part));
    let flows = if linear {
        recording.abandon();
        let from_nothing = pass(&zeros, space)?;
        solved(matrix, from_nothing).ok_or_else(|| no_solution("nothing leaves it"))?
    } else {
        let miss: Vec<Traced> = found.iter().zip(&torn).map(|(a, b)| *a - *b).collect();
        let steps = solved(matrix, miss).ok_or_else(|| no_solution("nothing leaves it"))?;
        let next: Vec<Traced> = torn.iter().zip(&steps).map(|(a, b)| *a + *b).collect();
        let size_of = |flow: Traced| flow.max(-flow);
        let largest = next.iter().fold(Traced::zero(), |most, flow| most.max(size_of(*flow)));
        let moved = steps.iter().fold(Traced::zero(), |most, step| most.max(size_of(*step)));
        let settled = largest.scaled(AGREES_WITHIN) - moved;
        let done = Traced::select(moved, settled, Traced::one());
        let near = recording.end(&next, done);
        // one Newton step more, whose derivative is right
        let found = pass(&near, space)?;
        let matrix = jacobian(&found, &near);
        let miss: Vec<Traced> = found.iter().zip(&near).map(|(a, b)| *a - *b).collect();
        let steps = solved(matrix, miss).ok_or_else(|| no_solution("nothing leaves it"))?;
        near.iter().zip(&steps).map(|(a, b)| *a + *b).collect()
    };
    let largest = flows.iter().fold(Traced::zero(), |most, flow| most.max(*flow));
    for (&slot, &flow) in slots.iter().zip(&flows) {
        (-flow - largest.scaled(1e-13)).lose();
        space.streams[slot] = flow.max(Traced::zero());
    }
    run.steps(&cycle.steps, None, Extent::All, space, deeper)
}

/// How what is found moves with each torn flow.
fn jacobian(found: &[Traced], torn: &[Traced]) -> Vec<Vec<Traced>> {
    let columns: Vec<Vec<Traced>> =
        torn.iter().map(|&variable| Traced::slopes(found, variable)).collect();
    (0..found.len()).map(|row| columns.iter().map(|column| column[row]).collect()).collect()
}

/// Solves `(I - J) x = right` by elimination, which skips what is zero in every scenario. `I - J`
/// of a recycle is an M-matrix (no flow comes back as more than it was), so that no pivoting is
/// needed; where a pivot is too small all the same, the scenario is lost.
fn solved(jacobian: Vec<Vec<Traced>>, right: Vec<Traced>) -> Option<Vec<Traced>> {
    let size = right.len();
    let is_zero = |number: Traced| number.constant() == Some(0.0);
    let mut matrix = jacobian;
    for (row, parts) in matrix.iter_mut().enumerate() {
        for (column, part) in parts.iter_mut().enumerate() {
            *part = if row == column { Traced::one() - *part } else { -*part };
        }
    }
    let mut right = right;
    for pivot in 0..size {
        let own = matrix[pivot][pivot];
        match own.constant() {
            Some(value) if value.abs() < SMALLEST_PIVOT => {
                // what cannot leave the loop does not enter it either
                let alone = is_zero(right[pivot]);
                if !alone {
                    return None;
                }
                matrix[pivot][pivot] = Traced::one();
                continue;
            }
            Some(_) => {}
            None => (Traced::from_f64(SMALLEST_PIVOT) - own).lose(),
        }
        let lead = matrix[pivot].clone();
        let (_, below) = matrix.split_at_mut(pivot + 1);
        for (offset, row) in below.iter_mut().enumerate() {
            if is_zero(row[pivot]) {
                continue;
            }
            let factor = row[pivot] / lead[pivot];
            for (part, of_lead) in row[pivot + 1..].iter_mut().zip(&lead[pivot + 1..]) {
                if !is_zero(*of_lead) {
                    *part -= factor * *of_lead;
                }
            }
            let lead_right = right[pivot];
            right[pivot + 1 + offset] -= factor * lead_right;
        }
    }
    let mut flows = vec![Traced::zero(); size];
    for row in (0..size).rev() {
        let mut flow = right[row];
        for column in row + 1..size {
            if !is_zero(matrix[row][column]) {
                flow -= matrix[row][column] * flows[column];
            }
        }
        flows[row] = flow / matrix[row][row];
    }
    Some(flows)
}
