//! Merging: a function that is called for its slopes gives its values too, and is not called for
//! these alone.

use super::Compiler;
use crate::tape::graph::{Id, Op, small};

impl Compiler<'_> {
    /// The call that gives what a call would.
    pub(super) fn call_for(&self, call: u32) -> u32 {
        self.merged[call as usize].unwrap_or(call)
    }

    /// Finds the calls that give what others would: where both are needed, in the same loop.
    pub(super) fn merge(&mut self) {
        let graph = self.graph;
        let is_needed = |compiler: &Self, call: u32| {
            (0..small(graph.calls[call as usize].outputs)).any(|place| {
                let output = graph.find(Op::Foreign(call, place));
                output.is_some_and(|id| compiler.live[id.index()])
            })
        };
        for (by, call) in (0..).zip(&graph.calls) {
            let Some(of) = call.instead else { continue };
            let is_beside = graph.calls[of as usize].scope == call.scope;
            let is_first = self.merged[of as usize].is_none();
            if is_beside && is_first && is_needed(self, by) && is_needed(self, of) {
                self.merges = true;
                self.merged[of as usize] = Some(by);
                for place in 0..small(graph.calls[of as usize].outputs) {
                    let outputs = [of, by].map(|call| graph.find(Op::Foreign(call, place)));
                    if let [Some(own), Some(other)] = outputs {
                        self.live[other.index()] |= self.live[own.index()];
                    }
                }
            }
        }
        if self.merges {
            self.look_outside();
        }
    }

    /// Finds what is read in loops from outside of them.
    fn look_outside(&mut self) {
        let graph = self.graph;
        let mut read: Vec<(u32, Id)> = Vec::new();
        for (index, op) in graph.ops.iter().enumerate().filter(|(index, _)| self.live[*index]) {
            let scope = graph.scopes[index];
            match *op {
                Op::Foreign(call, _) => {
                    let call = &graph.calls[self.call_for(call) as usize];
                    let ids = call.inputs.iter().chain(call.moves.iter().flatten());
                    read.extend(ids.map(|&id| (scope, id)));
                }
                op => read.extend(op.operands().map(|id| (scope, id))),
            }
        }
        for (of, own) in (0..).zip(&graph.loops) {
            read.extend(own.start.iter().chain(&own.entry).map(|&id| (of + 1, id)));
            read.extend(own.next.iter().chain(&own.done).map(|&id| (of + 1, id)));
        }
        for (mut scope, id) in read {
            let id = self.source(id);
            while scope != 0 && !graph.is_within(id, scope - 1) {
                self.outside[scope as usize - 1].push(id);
                scope = graph.loops[scope as usize - 1].parent;
            }
        }
        for own in &mut self.outside {
            own.sort_unstable();
            own.dedup();
        }
    }
}
