//! Recycles, solved exactly: Newton on the torn streams with the true Jacobian, which for stages
//! that are linear is one linear system.

use super::workspace::{Extent, Operates, Run, Space};
use crate::chain::error::SolveError;
use crate::chain::tree::{Loop, LoopId};
use crate::scalar::{Dual, Scalar};
use nalgebra::{DMatrix, DVector};

/// Most Newton steps before a recycle counts as having no solution.
const MOST_STEPS: usize = 60;

/// Most times that the stages are run once torn flows are known.
const MOST_ROUNDS: usize = 5;

/// Torn flows agree when they differ by less than this, relative to the most that flows of their
/// species anywhere in the loop: a flow that is a small difference of large ones is not known
/// better than they are.
const AGREES_WITHIN: f64 = 1e-14;

/// Smallest flow that is worth agreeing on, mol/s: below it numbers lose their digits.
const SMALLEST: f64 = 1e-290;

impl Run<'_> {
    /// Runs the stages of a loop so that each torn stream comes out as it went in.
    pub(in crate::chain) fn recycle<S: Operates>(
        &self,
        index: LoopId,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let run = self;
        let cycle = &run.tree.loops[index];
        let no_solution = |why: String| SolveError::Recycle { path: cycle.path.clone(), why };
        let Some((mine, rest)) = deeper.split_first_mut() else {
            return Err(no_solution("it lies too deep".into()));
        };
        for (own, outer) in mine.streams.flows_mut().iter_mut().zip(space.streams.flows()) {
            *own = Dual::from_f64(outer.value());
        }
        for (own, outer) in mine.numbers.iter_mut().zip(&space.numbers) {
            *own = Dual::from_f64(outer.value());
        }
        let n = run.tree.species;
        let size = cycle.tears.len() * n;
        let written = run.tree.traffic(crate::chain::tree::Step::Loop(index), None).1;
        let mut torn = DVector::zeros(size);
        let mut inverse = DMatrix::identity(size, size);
        let mut last_miss = f64::INFINITY;
        let mut solved = false;
        for step in 0..MOST_STEPS {
            let (found, jacobian) = pass(run, cycle, &torn, mine, rest)?;
            let miss = &found - &torn;
            let through = |species: usize| {
                let flow = |&stream| mine.streams[(stream, species)].value().abs();
                written.iter().map(flow).fold(0.0, f64::max)
            };
            let relative = (0..size)
                .map(|i| {
                    let whole = found[i].abs().max(torn[i].abs()).max(through(i % n));
                    if whole > SMALLEST { miss[i].abs() / whole } else { 0.0 }
                })
                .fold(0.0, f64::max);
            if !relative.is_finite() {
                return Err(no_solution("its flows grow without bound".into()));
            }
            inverse =
                inverted(&(DMatrix::identity(size, size) - jacobian), &miss).ok_or_else(|| {
                    no_solution("nothing leaves it: what enters has nowhere to go".into())
                })?;
            // below rounding, or as good as it gets
            if step > 0
                && (relative <= AGREES_WITHIN || (relative < 1e-10 && relative >= last_miss))
            {
                solved = true;
                break;
            }
            last_miss = relative;
            torn += &inverse * miss;
            let largest = torn.amax();
            for flow in torn.iter_mut() {
                if *flow < 0.0 && *flow > -1e-13 * largest {
                    *flow = 0.0;
                }
            }
        }
        if !solved {
            return Err(no_solution(format!(
                "Newton did not settle in {MOST_STEPS} steps (flows still differ by {last_miss:e})"
            )));
        }
        if let Some(flow) = torn.iter().find(|flow| **flow < 0.0) {
            return Err(no_solution(format!("it would need a flow of {flow} mol/s")));
        }

        let slot_of = |i: usize| (cycle.tears[i / n], i % n);
        for i in 0..size {
            space.streams[slot_of(i)] = S::from_f64(torn[i]);
        }
        if S::DIFFERENTIATED {
            // one Newton step in the outer variable: the values stay, the derivatives are right
            let events_before = space.events.clone();
            run.steps(&cycle.steps, None, Extent::All, space, rest)?;
            space.events = events_before;
            let miss: Vec<S> = (0..size)
                .map(|i| {
                    let found = space.streams[slot_of(i)];
                    found - S::from_f64(found.value())
                })
                .collect();
            for i in 0..size {
                let mut flow = S::from_f64(torn[i]);
                for (j, miss) in miss.iter().enumerate() {
                    flow += S::from_f64(inverse[(i, j)]) * *miss;
                }
                space.streams[slot_of(i)] = flow;
            }
        }
        // a torn flow that is a small difference of large ones comes out a little different: going
        // round once more makes it the same wherever it is read
        for _ in 0..MOST_ROUNDS {
            let before: Vec<f64> = (0..size).map(|i| space.streams[slot_of(i)].value()).collect();
            run.steps(&cycle.steps, None, Extent::All, space, rest)?;
            let same = |i: usize| {
                let found = space.streams[slot_of(i)].value();
                (found - before[i]).abs() <= AGREES_WITHIN * found.abs().max(before[i].abs())
            };
            if (0..size).all(same) {
                break;
            }
        }
        Ok(())
    }
}

/// The inverse of `matrix`. Where a species could not leave the loop there is none; as long as
/// nothing of that species enters (`miss` has no part in it), the others are still solved.
fn inverted(matrix: &DMatrix<f64>, miss: &DVector<f64>) -> Option<DMatrix<f64>> {
    if let Some(mut inverse) = matrix.clone().try_inverse() {
        without_noise(matrix, &mut inverse);
        return Some(inverse);
    }
    let mut inverse = matrix.clone().pseudo_inverse(1e-14).ok()?;
    without_noise(matrix, &mut inverse);
    let left = matrix * (&inverse * miss) - miss;
    (left.amax() <= 1e-9 * miss.amax()).then_some(inverse)
}

/// Takes out of an inverse what only rounding put there: a flow that does not depend on another
/// one, not even round the loop, must not get a trace of it.
fn without_noise(matrix: &DMatrix<f64>, inverse: &mut DMatrix<f64>) {
    let size = matrix.nrows();
    let depends = |i: usize, on: usize| i == on || matrix[(i, on)] != 0.0;
    let mut reached: Vec<Vec<bool>> =
        (0..size).map(|i| (0..size).map(|on| depends(i, on)).collect()).collect();
    for via in 0..size {
        let further = reached[via].clone();
        for row in reached.iter_mut().filter(|row| row[via]) {
            for (own, further) in row.iter_mut().zip(&further) {
                *own |= further;
            }
        }
    }
    for i in 0..size {
        for on in 0..size {
            if !reached[i][on] {
                inverse[(i, on)] = 0.0;
            }
        }
    }
}

/// Runs the loop once from given torn flows: what they come out as, and the Jacobian of that.
fn pass(
    run: &Run<'_>,
    cycle: &Loop,
    torn: &DVector<f64>,
    mine: &mut Space<Dual>,
    rest: &mut [Space<Dual>],
) -> Result<(DVector<f64>, DMatrix<f64>), SolveError> {
    let n = run.tree.species;
    let size = torn.len();
    let slot_of = |i: usize| (cycle.tears[i / n], i % n);
    let mut found = DVector::zeros(size);
    let mut jacobian = DMatrix::zeros(size, size);
    for seed in 0..size {
        for i in 0..size {
            let slope = if i == seed { 1.0 } else { 0.0 };
            mine.streams[slot_of(i)] = Dual::new(torn[i], slope);
        }
        run.steps(&cycle.steps, None, Extent::All, mine, rest)?;
        for i in 0..size {
            let flow = mine.streams[slot_of(i)];
            found[i] = flow.value();
            jacobian[(i, seed)] = flow.derivative();
        }
    }
    Ok((found, jacobian))
}
