//! Ordering: what is done in which order, and what each item of it reads.

use super::Compiler;
use super::fuse::Fused;
use crate::tape::graph::{Id, Op, small};

/// What is scheduled: an instruction over virtual registers (numbered by node), or where a loop
/// begins and ends.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Node(Id),
    /// Brings a carried number out of the way of those that are replaced before it is read.
    Copy(u32, Id),
    Call(u32),
    Begin(u32),
    End(u32),
}

impl Compiler<'_> {
    /// Puts the live nodes of a scope in order, loops inside it where their results are asked for
    /// first.
    pub(super) fn schedule(&mut self, scope: u32) {
        let graph = self.graph;
        let mut begun = vec![false; graph.loops.len()];
        let mut called = vec![false; graph.calls.len()];
        for index in 0..graph.ops.len() {
            if !self.live[index] || graph.scopes[index] != scope {
                continue;
            }
            let id = Id(small(index));
            if matches!(self.fused.get(&id), Some(Fused::Away)) {
                continue;
            }
            match graph.op(id) {
                Op::Constant(_) | Op::Input(_) | Op::State(..) | Op::Root(..) => {}
                Op::Exit(of, _) => {
                    if !std::mem::replace(&mut begun[of as usize], true) {
                        self.items.push(Item::Begin(of));
                        self.schedule(of + 1);
                        let own = &graph.loops[of as usize];
                        for (place, &next) in own.next.iter().enumerate() {
                            let place = small(place);
                            let source = self.source(next);
                            let carried = matches!(graph.op(source), Op::State(from, at) if from == of && at != place);
                            if carried && self.carries(of, place) {
                                self.items.push(Item::Copy(of, source));
                            }
                        }
                        self.items.push(Item::End(of));
                    }
                }
                Op::Foreign(call, _) => {
                    if !std::mem::replace(&mut called[call as usize], true) {
                        self.items.push(Item::Call(call));
                    }
                }
                _ => self.items.push(Item::Node(id)),
            }
        }
    }

    /// Whether anything needs a number that a loop carries.
    pub(super) fn carries(&self, of: u32, place: u32) -> bool {
        let live = |id: Option<Id>| id.is_some_and(|id| self.live[id.index()]);
        live(self.graph.find(Op::State(of, place))) || live(self.graph.find(Op::Exit(of, place)))
    }

    /// Nodes that an item reads.
    pub(super) fn reads(&self, item: &Item) -> Vec<Id> {
        let ids: Vec<Id> = match item {
            Item::Node(id) => match self.fused.get(id) {
                Some(Fused::MulAdd { a, b, c, .. }) => vec![*a, *b, *c],
                Some(Fused::Terms(terms)) => terms.iter().map(|(id, _)| *id).collect(),
                _ => self.graph.op(*id).operands().collect(),
            },
            Item::Copy(_, id) => vec![*id],
            Item::Call(call) => {
                let call = &self.graph.calls[*call as usize];
                call.inputs.iter().chain(call.moves.iter().flatten()).copied().collect()
            }
            Item::Begin(of) => {
                let own = &self.graph.loops[*of as usize];
                let starts = self.places(*of).map(|place| own.start[place as usize]);
                starts.chain(own.entry).collect()
            }
            Item::End(of) => {
                let own = &self.graph.loops[*of as usize];
                let next = self.places(*of).map(|place| own.next[place as usize]);
                next.chain(own.done).collect()
            }
        };
        ids.into_iter().map(|id| self.source(id)).collect()
    }

    /// What a loop carries that anything needs.
    pub(super) fn places(&self, of: u32) -> impl Iterator<Item = u32> {
        let count = small(self.graph.loops[of as usize].next.len());
        (0..count).filter(move |&place| self.carries(of, place))
    }
}
