//! Recycles, solved exactly: all that lie inside each other as one linear system, or by Newton
//! steps of one where stages are not linear.
//!
//! *In:* a nest of recycles, with what comes to it from outside. *Out:* its streams, each torn one
//! as it comes out. *Order:* a `system` is probed for what goes on where and what leaves; it is fed
//! with what comes from outside and solved; then all stages are run once, with what was found.

mod probe;

use super::plan::nodes;
use super::system::System;
use super::workspace::{Extent, Operates, Run, Space};
use crate::chain::error::SolveError;
use crate::chain::tree::LoopId;
use crate::scalar::Dual;

/// Most Newton steps before a recycle counts as having no solution.
const MOST_STEPS: usize = 60;

/// Most times that the stages are run once torn flows are known: a few, and more where flows that
/// are what rounding leaves of others still move.
const FEW_ROUNDS: usize = 5;
const MOST_ROUNDS: usize = 200;

/// Flows agree when they differ by less than this, relative to the most that flows of their
/// species anywhere in the nest: a flow that is a small difference of large ones is not known
/// better than they are.
const AGREES_WITHIN: f64 = 1e-14;

/// Newton steps that are smaller than this and no longer shrink are rounding.
const ROUNDING: f64 = 1e-10;

impl Run<'_> {
    /// Runs the stages of a nest so that each torn stream comes out as it went in.
    pub(super) fn recycle<S: Operates>(
        &self,
        cycle: LoopId,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let mut system = std::mem::take(&mut space.systems[cycle]);
        let result = self.go_round(cycle, &mut system, space, deeper);
        space.systems[cycle] = system;
        result
    }

    fn go_round<S: Operates>(
        &self,
        cycle: LoopId,
        system: &mut System<S>,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let nest = &self.prepared.nests[cycle];
        let events_before = space.events.clone();
        if !system.known {
            self.probe(nest, system, space)?;
        }
        if nest.is_linear() {
            self.feed(nest, system, &[], space, deeper)?;
            self.solve_nest(cycle, system)?;
        } else {
            self.settle(cycle, system, space, deeper)?;
        }
        self.check_flows(cycle, system)?;
        space.events = events_before;
        self.run_settled(cycle, &system.flows, space, deeper)
    }

    /// Newton steps until none moves a flow any more.
    fn settle<S: Operates>(
        &self,
        cycle: LoopId,
        system: &mut System<S>,
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let nest = &self.prepared.nests[cycle];
        let n = self.tree.species;
        let mut given = vec![S::zero(); nest.streams.len() * n];
        let mut last_moved = f64::INFINITY;
        for step in 0..MOST_STEPS {
            // what flows where if torn streams are as they were found last: where stages bend, that
            // is nearer than what straight lines said of all streams
            self.run_torn(cycle, &given, space, deeper)?;
            for (round, &stream) in nest.streams.pairs() {
                if nest.tears.iter().all(|(_, torn)| *torn != round) {
                    let own = given[nodes(round, n)].iter_mut();
                    for (given, flow) in own.zip(&space.streams[stream]) {
                        *given = S::from_f64(flow.value());
                    }
                }
            }
            self.feed(nest, system, &given, space, deeper)?;
            self.solve_nest(cycle, system)?;
            let mut through = vec![0.0_f64; n];
            for (node, flow) in system.flows.iter().enumerate() {
                through[node % n] = through[node % n].max(flow.value().abs());
            }
            let mut moved = 0.0_f64;
            for (node, (flow, given)) in system.flows.iter().zip(&mut given).enumerate() {
                let own = (flow.value() - given.value()).abs();
                if own > 0.0 {
                    moved = moved.max(own / through[node % n].max(given.value().abs()));
                }
                *given = S::from_f64(flow.value());
            }
            if moved <= AGREES_WITHIN || (step > 0 && moved < ROUNDING && moved >= last_moved) {
                return Ok(());
            }
            last_moved = moved;
        }
        Err(self.no_solution(
            cycle,
            format!(
                "Newton did not settle in {MOST_STEPS} steps (flows still move by {last_moved:e})"
            ),
        ))
    }

    /// Solves a system that is fed.
    fn solve_nest<S: Operates>(
        &self,
        cycle: LoopId,
        system: &mut System<S>,
    ) -> Result<(), SolveError> {
        if system.solve(self.molar_masses).is_err() {
            let why = "nothing leaves it: what enters has nowhere to go";
            return Err(self.no_solution(cycle, why.into()));
        }
        let sizes = system.flows.iter().map(|flow| flow.value().abs());
        let largest = sizes.fold(0.0, |most, size| if size <= most { most } else { size });
        if !largest.is_finite() {
            return Err(self.no_solution(cycle, "its flows grow without bound".into()));
        }
        Ok(())
    }

    /// No flow can be below zero, but for what rounding leaves of one that is used up.
    fn check_flows<S: Operates>(
        &self,
        cycle: LoopId,
        system: &mut System<S>,
    ) -> Result<(), SolveError> {
        let largest = system.flows.iter().map(|flow| flow.value().abs()).fold(0.0, f64::max);
        let draws = !self.prepared.nests[cycle].not_taken.is_empty();
        for flow in &mut system.flows {
            let value = flow.value();
            // more than there is may be drawn where openings are looked for
            if value < 0.0 && draws {
                continue;
            }
            if value < -1e-13 * largest {
                let why = format!("it would need a flow of {value} mol/s");
                return Err(self.no_solution(cycle, why));
            }
            if value < 0.0 {
                *flow = S::zero();
            }
        }
        Ok(())
    }

    /// Runs all steps of a nest with torn streams as they were found.
    fn run_settled<S: Operates>(
        &self,
        cycle: LoopId,
        flows: &[S],
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let nest = &self.prepared.nests[cycle];
        let n = self.tree.species;
        self.run_torn(cycle, flows, space, deeper)?;
        // a torn flow that is a small difference of large ones comes out a little different: going
        // round once more makes it the same wherever it is read
        let torn = |space: &Space<S>| -> Vec<f64> {
            let flows = nest.tears.iter().flat_map(|(tear, _)| &space.streams[*tear]);
            flows.map(|flow| flow.value()).collect()
        };
        let mut given: Vec<f64> = (nest.tears.iter())
            .flat_map(|(_, round)| flows[nodes(*round, n)].iter().map(|flow| flow.value()))
            .collect();
        let settled = Self { torn_are_known: true, ..*self };
        let mut last_moved = f64::INFINITY;
        for round in 1..MOST_ROUNDS {
            let found = torn(space);
            let pairs = found.iter().zip(&given).filter(|(a, b)| (*a - *b).abs() > 0.0);
            let moved =
                pairs.map(|(found, given)| (found - given).abs() / found.abs().max(given.abs()));
            let moved = moved.fold(0.0, f64::max);
            let goes_on = round < FEW_ROUNDS || (moved > ROUNDING && moved < last_moved);
            if moved <= AGREES_WITHIN || !goes_on {
                break;
            }
            last_moved = moved;
            given = found;
            settled.steps(&self.tree.loops[cycle].steps, None, Extent::All, space, deeper)?;
        }
        Ok(())
    }

    /// Runs all steps of a nest once, with torn streams as they are given.
    pub(super) fn run_torn<S: Operates>(
        &self,
        cycle: LoopId,
        flows: &[S],
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let n = self.tree.species;
        for &(tear, round) in &self.prepared.nests[cycle].tears {
            space.streams[tear].copy_from_slice(&flows[nodes(round, n)]);
        }
        let settled = Self { torn_are_known: true, ..*self };
        settled.steps(&self.tree.loops[cycle].steps, None, Extent::All, space, deeper)
    }

    pub(super) fn no_solution(&self, cycle: LoopId, why: String) -> SolveError {
        SolveError::Recycle { path: self.tree.loops[cycle].path.clone(), why }
    }
}
