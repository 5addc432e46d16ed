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
        let mut done = vec![false; graph.ops.len()];
        let mut begun = vec![false; graph.loops.len()];
        let mut called = vec![false; graph.calls.len()];
        let mut stack = Vec::new();
        for index in 0..graph.ops.len() {
            stack.push(Id(small(index)));
            while let Some(&id) = stack.last() {
                let index = id.index();
                let is_here = self.live[index] && graph.scopes[index] == scope;
                if !is_here || done[index] || matches!(self.fused.get(&id), Some(Fused::Away)) {
                    stack.pop();
                    continue;
                }
                if self.merges {
                    // what a call gives in place of another may be made of what was recorded later
                    let before = stack.len();
                    let is_open =
                        |own: &Id| graph.scopes[own.index()] == scope && !done[own.index()];
                    stack.extend(self.read_by(id).into_iter().filter(is_open));
                    if stack.len() > before {
                        continue;
                    }
                }
                stack.pop();
                done[index] = true;
                match graph.op(id) {
                    Op::Constant(_)
                    | Op::Given(_)
                    | Op::Input(_)
                    | Op::State(..)
                    | Op::Root(..) => {}
                    Op::Exit(of, _) => {
                        if !std::mem::replace(&mut begun[of as usize], true) {
                            self.schedule_loop(of);
                        }
                    }
                    Op::Foreign(call, _) => {
                        let call = self.call_for(call);
                        if !std::mem::replace(&mut called[call as usize], true) {
                            self.items.push(Item::Call(call));
                        }
                    }
                    _ => self.items.push(Item::Node(id)),
                }
            }
        }
    }

    fn schedule_loop(&mut self, of: u32) {
        let graph = self.graph;
        self.items.push(Item::Begin(of));
        self.schedule(of + 1);
        let own = &graph.loops[of as usize];
        for (place, &next) in own.next.iter().enumerate() {
            let place = small(place);
            let source = self.source(next);
            let carried =
                matches!(graph.op(source), Op::State(from, at) if from == of && at != place);
            if carried && self.carries(of, place) {
                self.items.push(Item::Copy(of, source));
            }
        }
        self.items.push(Item::End(of));
    }

    /// Nodes that have to be made before a node: for the end of a loop, all from outside that is read
    /// in it.
    fn read_by(&self, id: Id) -> Vec<Id> {
        match self.graph.op(id) {
            Op::Constant(_) | Op::Given(_) | Op::Input(_) | Op::State(..) => Vec::new(),
            Op::Exit(of, _) => self.outside[of as usize].clone(),
            Op::Root(at, _, _) => vec![self.source(at)],
            Op::Foreign(call, _) => self.reads(&Item::Call(self.call_for(call))),
            _ => self.reads(&Item::Node(id)),
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
