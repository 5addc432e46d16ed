//! Nests: a recycle with all that lie inside it, as what goes round through which blocks.

use super::{Finding, Prepared};
use crate::chain::tree::{Step, Tree};
use std::collections::HashMap;

/// A recycle with all recycles inside it, at any depth: they are solved as one.
#[derive(Debug, Clone, Default)]
pub(in crate::chain) struct Nest {
    /// Slots of the streams that one block writes and another reads.
    pub streams: Vec<usize>,
    pub blocks: Vec<Block>,
    /// Slots that are given first, so that all steps can be run in order, with their places among
    /// the streams.
    pub tears: Vec<(usize, usize)>,
    /// Streams that no block takes: what an import takes, which decides what is drawn elsewhere.
    pub not_taken: Vec<usize>,
}

/// A stage, or an inner chain that may refuse a part of what it is offered: it is run as a whole.
#[derive(Debug, Clone)]
pub(in crate::chain) struct Block {
    pub step: Step,
    /// All slots it reads; where what is read goes round, its place among the nest's streams.
    pub reads: Vec<(usize, Option<usize>)>,
    /// How many of those, at first, are taken: others are looked at by an import or a draw.
    pub inlets: usize,
    /// All slots it writes; where what is written goes round, its place likewise.
    pub writes: Vec<(usize, Option<usize>)>,
    /// How many of those, at the end, are what it takes from outside the chain.
    pub imports: usize,
    /// Whether all it writes is linear in what it reads, with nothing constant.
    pub linear: bool,
}

impl Block {
    /// What it reads that goes round: slot, place among the nest's streams, and whether it takes
    /// the stream.
    pub fn receives(&self) -> impl Iterator<Item = (usize, usize, bool)> {
        let reads = self.reads.iter().enumerate();
        reads.filter_map(|(index, &(slot, round))| Some((slot, round?, index < self.inlets)))
    }

    /// What it writes that goes round: slot, and place among the nest's streams.
    pub fn sends(&self) -> impl Iterator<Item = (usize, usize)> {
        self.writes.iter().filter_map(|&(slot, round)| Some((slot, round?)))
    }

    /// Whether what it writes at this place is taken from outside the chain.
    pub const fn is_import(&self, write: usize) -> bool {
        write >= self.writes.len() - self.imports
    }

    /// Whether it reads anything that does not go round.
    pub fn is_fed(&self) -> bool {
        self.reads.iter().any(|(_, round)| round.is_none())
    }
}

impl Nest {
    /// Whether one linear system is all of it.
    pub fn is_linear(&self) -> bool {
        self.blocks.iter().all(|block| block.linear)
    }
}

impl Prepared {
    /// Finds the nests of all recycles that lie in no other's.
    pub(super) fn find_nests(&mut self, tree: &Tree, choices: &[usize]) {
        self.nests.clear();
        self.nests.resize_with(tree.loops.len(), Nest::default);
        // chains come before those inside them, and so do their recycles
        let mut inside = vec![false; tree.loops.len()];
        for level in &tree.levels {
            for &step in &level.steps {
                if let Step::Loop(cycle) = step
                    && !inside[cycle]
                {
                    self.nests[cycle] = self.nest(tree, cycle, choices);
                    self.mark_inside(tree, &tree.loops[cycle].steps, &mut inside);
                }
            }
        }
    }

    fn mark_inside(&self, tree: &Tree, steps: &[Step], inside: &mut [bool]) {
        for &step in steps {
            match step {
                Step::Loop(cycle) => {
                    inside[cycle] = true;
                    self.mark_inside(tree, &tree.loops[cycle].steps, inside);
                }
                Step::Chain(level) if self.levels[level].finding == Finding::Full => {
                    self.mark_inside(tree, &tree.levels[level].steps, inside);
                }
                Step::Stage(_) | Step::Chain(_) => {}
            }
        }
    }

    /// How many walks and recycles may lie inside each other among some steps and below them.
    pub(super) fn depth_of(&self, tree: &Tree, steps: &[Step]) -> usize {
        let deepest = steps.iter().map(|&step| match step {
            Step::Stage(_) => 0,
            Step::Chain(level) => {
                let own = usize::from(self.levels[level].finding == Finding::Walk);
                own + self.depth_of(tree, &tree.levels[level].steps)
            }
            Step::Loop(cycle) if self.nests[cycle].blocks.is_empty() => {
                self.depth_of(tree, &tree.loops[cycle].steps)
            }
            Step::Loop(cycle) => {
                let own = usize::from(!self.nests[cycle].is_linear());
                own + self.depth_of(tree, &tree.loops[cycle].steps)
            }
        });
        deepest.max().unwrap_or(0)
    }

    /// The nest of a recycle that lies in no other.
    pub(super) fn nest(&self, tree: &Tree, cycle: usize, choices: &[usize]) -> Nest {
        let (mut nest, mut torn, mut same) = (Nest::default(), Vec::new(), HashMap::new());
        let steps = [Step::Loop(cycle)];
        self.gather(tree, &steps, choices, &mut nest.blocks, &mut torn, &mut same);
        // what a chain accepts in full is what it is offered
        let source = |mut slot: usize| {
            while let Some(&offered) = same.get(&slot) {
                slot = offered;
            }
            slot
        };
        let writes = nest.blocks.iter().flat_map(|block| &block.writes);
        let mut places: HashMap<usize, Option<usize>> =
            writes.map(|&(slot, _)| (slot, None)).collect();
        for (slot, round) in nest.blocks.iter_mut().flat_map(|block| &mut block.reads) {
            let slot = source(*slot);
            let Some(place) = places.get_mut(&slot) else { continue };
            *round = Some(*place.get_or_insert_with(|| {
                nest.streams.push(slot);
                nest.streams.len() - 1
            }));
        }
        for (slot, round) in nest.blocks.iter_mut().flat_map(|block| &mut block.writes) {
            *round = places.get(slot).copied().flatten();
        }
        let taken: Vec<usize> = (nest.blocks.iter())
            .flat_map(|block| block.receives().filter(|(.., takes)| *takes))
            .map(|(_, stream, _)| stream)
            .collect();
        nest.not_taken = (0..nest.streams.len()).filter(|own| !taken.contains(own)).collect();
        nest.tears = torn.iter().filter_map(|&slot| Some((slot, (*places.get(&slot)?)?))).collect();
        nest
    }

    fn gather(
        &self,
        tree: &Tree,
        steps: &[Step],
        choices: &[usize],
        blocks: &mut Vec<Block>,
        torn: &mut Vec<usize>,
        same: &mut HashMap<usize, usize>,
    ) {
        for &step in steps {
            match step {
                Step::Loop(index) => {
                    torn.extend(&tree.loops[index].tears);
                    self.gather(tree, &tree.loops[index].steps, choices, blocks, torn, same);
                }
                Step::Chain(level) if self.levels[level].finding == Finding::Full => {
                    for &inlet in &tree.levels[level].inlets {
                        same.insert(tree.inlets[inlet].accepted, tree.inlets[inlet].offered);
                    }
                    self.gather(tree, &tree.levels[level].steps, choices, blocks, torn, same);
                }
                Step::Stage(_) | Step::Chain(_) => {
                    let (reads, writes) = tree.traffic(step, Some(choices));
                    let (linear, inlets, imports) = match step {
                        Step::Stage(stage) => {
                            let placed = &tree.stages[stage];
                            let is_tied = reads.len() > placed.inlets.len();
                            let linear = !is_tied && !self.linear[stage].contains(&false);
                            (linear, placed.inlets.len(), placed.import_names.len())
                        }
                        Step::Chain(level) => (false, tree.levels[level].inlets.len(), 0),
                        Step::Loop(_) => continue,
                    };
                    blocks.push(Block {
                        step,
                        reads: reads.into_iter().map(|slot| (slot, None)).collect(),
                        writes: writes.into_iter().map(|slot| (slot, None)).collect(),
                        inlets,
                        imports,
                        linear,
                    });
                }
            }
        }
    }
}
