//! Finding what goes on where: of linear blocks by what each makes of one mole, of others by their
//! slopes.

use crate::chain::error::SolveError;
use crate::chain::rule::plan::{Block, Nest, nodes};
use crate::chain::rule::system::System;
use crate::chain::rule::workspace::{Extent, Made, Operates, Run, Space, Take};
use crate::chain::tree::Step;
use crate::scalar::{Dual, Scalar};

/// What rounding leaves of a sum of shares: what a stage lacks beyond that, it loses.
const ROUNDING: f64 = 1e-14;

impl Run<'_> {
    /// Finds the coefficients of the linear blocks, by what each makes of one mole a second of
    /// each species: nothing is subtracted, and what leaves is known beside what goes on.
    pub fn probe<S: Operates>(
        &self,
        nest: &Nest,
        system: &mut System<S>,
        space: &mut Space<S>,
    ) -> Result<(), SolveError> {
        let n = self.tree.species;
        system.clear(nest.streams.len() * n);
        for &round in &nest.not_taken {
            nodes(round, n).for_each(|node| system.leaves(node, S::one()));
        }
        for block in nest.blocks.iter().filter(|block| block.linear) {
            let Step::Stage(stage) = block.step else { continue };
            let before: Vec<S> = (block.reads.iter())
                .flat_map(|(stream, _)| space.streams[*stream].iter().copied())
                .collect();
            for (stream, _) in &block.reads {
                space.streams[*stream].fill(S::zero());
            }
            for (stream, round, takes) in block.receives() {
                for (species, node) in nodes(round, n).enumerate() {
                    space.streams[(stream, species)] = S::one();
                    S::stage(self, stage, space)?;
                    space.streams[(stream, species)] = S::zero();
                    let made = |stream, species| space.streams[(stream, species)];
                    self.take(block, (node, takes), &made, system);
                }
            }
            for ((stream, _), flows) in block.reads.iter().zip(before.chunks_exact(n)) {
                space.streams[*stream].copy_from_slice(flows);
            }
        }
        system.keep();
        Ok(())
    }

    /// Finds what comes to each node other than by what goes round: what linear blocks make of
    /// streams that do not, and what others make beyond their slopes where they stand, which are
    /// found anew. `given`, by node, is what flows there.
    pub fn feed<S: Operates>(
        &self,
        nest: &Nest,
        system: &mut System<S>,
        given: &[S],
        space: &mut Space<S>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let n = self.tree.species;
        system.restart();
        for block in nest.blocks.iter().filter(|block| !block.linear || block.is_fed()) {
            for (stream, round, _) in block.receives() {
                let own = &mut space.streams[stream];
                if block.linear {
                    own.fill(S::zero());
                } else {
                    own.copy_from_slice(&given[nodes(round, n)]);
                }
            }
            self.steps(&[block.step], None, Extent::All, space, deeper)?;
            for (stream, round) in block.sends() {
                let made = &space.streams[stream];
                for (flow, made) in system.flows[nodes(round, n)].iter_mut().zip(made) {
                    *flow += *made;
                }
            }
            if block.linear {
                continue;
            }
            S::slopes(self, block, space, deeper, &mut |(node, takes), made| {
                self.take(block, (node, takes), made, system);
                for (stream, round) in block.sends() {
                    for (species, flow) in system.flows[nodes(round, n)].iter_mut().enumerate() {
                        *flow -= made(stream, species) * given[node];
                    }
                }
            })?;
        }
        Ok(())
    }

    /// Takes the coefficients of what a block makes of one more mole of a node.
    fn take<S: Operates>(
        &self,
        block: &Block,
        (node, takes): (usize, bool),
        made: Made<'_, S>,
        system: &mut System<S>,
    ) {
        let n = self.tree.species;
        let (mut stays, mut leaves) = (S::zero(), S::zero());
        for (index, &(stream, round)) in block.writes.iter().enumerate() {
            for species in 0..n {
                let moles = made(stream, species);
                if moles.is_nothing() {
                    continue;
                }
                let part = moles.scaled(self.molar_masses[species] / self.molar_masses[node % n]);
                match round {
                    Some(round) => {
                        system.goes_on(node, nodes(round, n).start + species, part);
                        stays += part;
                    }
                    None if block.is_import(index) => leaves -= part,
                    None => leaves += part,
                }
            }
        }
        // what a stage lacks has left, until its balance says so; what an inner chain takes from
        // outside, or hands on deep inside it, is not among what it writes
        let whole = if takes { S::one() } else { S::zero() };
        let lacks = whole - stays - leaves;
        let is_stage = matches!(block.step, Step::Stage(_));
        let beyond = if is_stage { ROUNDING } else { -f64::INFINITY };
        let size = lacks.max(-lacks);
        leaves += S::select(size - S::from_f64(beyond), lacks, S::zero());
        system.leaves(node, leaves);
    }

    /// How what a block makes moves with each flow that goes round and comes to it, where it stands,
    /// by numbers with derivatives.
    pub(in crate::chain) fn slopes<S: Operates>(
        &self,
        block: &Block,
        space: &Space<S>,
        deeper: &mut [Space<Dual>],
        take: Take<'_, S>,
    ) -> Result<(), SolveError> {
        let n = self.tree.species;
        let Some((mine, rest)) = deeper.split_first_mut() else {
            return Err(SolveError::NotConverged { place: "a recycle that lies too deep".into() });
        };
        for &(stream, _) in &block.reads {
            for (own, flow) in mine.streams[stream].iter_mut().zip(&space.streams[stream]) {
                *own = Dual::from_f64(flow.value());
            }
        }
        for load in self.tree.lent(block.step, self.choices) {
            mine.stated[load] = Dual::from_f64(space.stated[load].value());
        }
        for (stream, round, takes) in block.receives() {
            for (species, node) in nodes(round, n).enumerate() {
                let at = (stream, species);
                let flow = mine.streams[at];
                mine.streams[at] = Dual::variable(flow.value());
                self.steps(&[block.step], None, Extent::All, mine, rest)?;
                mine.streams[at] = flow;
                let made =
                    |stream, species| S::from_f64(mine.streams[(stream, species)].derivative());
                take((node, takes), &made);
            }
        }
        Ok(())
    }
}
