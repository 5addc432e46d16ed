//! Nests: a recycle with all that lie inside it, as what goes round through which blocks.

use super::{Finding, Prepared};
use crate::chain::tree::{Loop, LoopId, Step, Tree};
use crate::ids::{Id, List};
use crate::param::Choices;
use crate::stage::StreamId;
use std::collections::HashMap;
use std::ops::Range;

/// A stream that goes round in a nest.
#[derive(Debug)]
pub(in crate::chain) enum Round {}

/// The place of a stream among those that go round in a nest.
pub(in crate::chain) type RoundId = Id<Round>;

/// The nodes of a stream that goes round, as a system numbers them: one a species.
pub(in crate::chain) const fn nodes(stream: RoundId, species: usize) -> Range<usize> {
    stream.index() * species..(stream.index() + 1) * species
}

/// A recycle with all recycles inside it, at any depth: they are solved as one.
#[derive(Debug, Clone, Default)]
pub(in crate::chain) struct Nest {
    /// The streams that one block writes and another reads.
    pub streams: List<Round, StreamId>,
    pub blocks: Vec<Block>,
    /// Streams that are given first, so that all steps can be run in order, with their places
    /// among those that go round.
    pub tears: Vec<(StreamId, RoundId)>,
    /// Streams that no block takes: what an import takes, which decides what is drawn elsewhere.
    pub not_taken: Vec<RoundId>,
}

/// A stage, or an inner chain that may refuse a part of what it is offered: it is run as a whole.
#[derive(Debug, Clone)]
pub(in crate::chain) struct Block {
    pub step: Step,
    /// All streams it reads; of one that goes round, its place among the nest's.
    pub reads: Vec<(StreamId, Option<RoundId>)>,
    /// How many of those, at first, are taken: others are looked at by an import or a draw.
    pub inlets: usize,
    /// All streams it writes; of one that goes round, its place likewise.
    pub writes: Vec<(StreamId, Option<RoundId>)>,
    /// How many of those, at the end, are what it takes from outside the chain.
    pub imports: usize,
    /// Whether all it writes is linear in what it reads, with nothing constant.
    pub linear: bool,
}

impl Block {
    /// What it reads that goes round: the stream, its place among the nest's, and whether it
    /// takes the stream.
    pub fn receives(&self) -> impl Iterator<Item = (StreamId, RoundId, bool)> {
        let reads = self.reads.iter().enumerate();
        reads.filter_map(|(index, &(stream, round))| Some((stream, round?, index < self.inlets)))
    }

    /// What it writes that goes round: the stream, and its place among the nest's.
    pub fn sends(&self) -> impl Iterator<Item = (StreamId, RoundId)> {
        self.writes.iter().filter_map(|&(stream, round)| Some((stream, round?)))
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
    pub(super) fn find_nests(&mut self, tree: &Tree, choices: &Choices) {
        self.nests = List::filled(tree.loops.ids(), Nest::default());
        // chains come before those inside them, and so do their recycles
        let mut inside = List::filled(tree.loops.ids(), false);
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

    fn mark_inside(&self, tree: &Tree, steps: &[Step], inside: &mut List<Loop, bool>) {
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
                let own = usize::from(matches!(self.levels[level].finding, Finding::Bent { .. }));
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
    pub(super) fn nest(&self, tree: &Tree, cycle: LoopId, choices: &Choices) -> Nest {
        let (mut nest, mut torn, mut same) = (Nest::default(), Vec::new(), HashMap::new());
        let steps = [Step::Loop(cycle)];
        self.gather(tree, &steps, choices, &mut nest.blocks, &mut torn, &mut same);
        // what a chain accepts in full is what it is offered
        let source = |mut stream: StreamId| {
            while let Some(&offered) = same.get(&stream) {
                stream = offered;
            }
            stream
        };
        let writes = nest.blocks.iter().flat_map(|block| &block.writes);
        let mut places: HashMap<StreamId, Option<RoundId>> =
            writes.map(|&(stream, _)| (stream, None)).collect();
        for (stream, round) in nest.blocks.iter_mut().flat_map(|block| &mut block.reads) {
            let stream = source(*stream);
            let Some(place) = places.get_mut(&stream) else { continue };
            *round = Some(*place.get_or_insert_with(|| nest.streams.push(stream)));
        }
        for (stream, round) in nest.blocks.iter_mut().flat_map(|block| &mut block.writes) {
            *round = places.get(stream).copied().flatten();
        }
        let taken: Vec<RoundId> = (nest.blocks.iter())
            .flat_map(|block| block.receives().filter(|(.., takes)| *takes))
            .map(|(_, round, _)| round)
            .collect();
        nest.not_taken = nest.streams.ids().iter().filter(|own| !taken.contains(own)).collect();
        nest.tears =
            (torn.iter()).filter_map(|&stream| Some((stream, (*places.get(&stream)?)?))).collect();
        nest
    }

    fn gather(
        &self,
        tree: &Tree,
        steps: &[Step],
        choices: &Choices,
        blocks: &mut Vec<Block>,
        torn: &mut Vec<StreamId>,
        same: &mut HashMap<StreamId, StreamId>,
    ) {
        for &step in steps {
            match step {
                Step::Loop(cycle) => {
                    torn.extend(&tree.loops[cycle].tears);
                    self.gather(tree, &tree.loops[cycle].steps, choices, blocks, torn, same);
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
                            (linear, placed.inlets.len(), placed.imports.len())
                        }
                        Step::Chain(level) => (false, tree.levels[level].inlets.len(), 0),
                        Step::Loop(_) => continue,
                    };
                    blocks.push(Block {
                        step,
                        reads: reads.into_iter().map(|stream| (stream, None)).collect(),
                        writes: writes.into_iter().map(|stream| (stream, None)).collect(),
                        inlets,
                        imports,
                        linear,
                    });
                }
            }
        }
    }
}
