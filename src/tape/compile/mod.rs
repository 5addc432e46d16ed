//! Compiling: what the outputs of a graph need, in order, in as few registers as it takes.
//!
//! *In:* a graph and its outputs. *Out:* a listing. *Order:* what is needed is found here, `merge`
//! has calls with slopes give values too, `fuse` takes sums and products together, `order` says what comes after what, `allocate` gives
//! registers and writes each `instruction`.

mod allocate;
mod fuse;
mod instruction;
mod merge;
mod order;
#[cfg(test)]
pub(in crate::tape) mod tests;

use self::fuse::Fused;
use self::order::Item;
use super::graph::{Graph, Id, Op};
use super::interpret::Program;
use rustc_hash::FxHashMap as HashMap;

impl Graph {
    /// Marks everything that `outputs` need.
    pub fn needed(&self, outputs: &[Id]) -> Vec<bool> {
        let mut live = vec![false; self.ops.len()];
        let mut entered = vec![false; self.loops.len()];
        let mut stack = outputs.to_vec();
        while let Some(id) = stack.pop() {
            if std::mem::replace(&mut live[id.index()], true) {
                continue;
            }
            match self.op(id) {
                // its derivative is no part of its value
                Op::Root(at, _, _) => stack.push(at),
                Op::State(of, place) | Op::Exit(of, place) => {
                    let (index, place) = (of as usize, place as usize);
                    let own = &self.loops[index];
                    // a loop that is being recorded has no next yet
                    stack.extend(own.start.get(place).into_iter().chain(own.next.get(place)));
                    if !std::mem::replace(&mut entered[index], true) {
                        stack.extend(own.done.into_iter().chain(own.entry));
                    }
                }
                Op::Foreign(call, _) => {
                    let call = &self.calls[call as usize];
                    stack.extend(call.inputs.iter().chain(call.moves.iter().flatten()));
                }
                op => stack.extend(op.operands()),
            }
        }
        live
    }

    /// Compiles what `outputs` need, and all loops, whose not ending is seen as they run.
    pub fn compile(&self, outputs: &[Id]) -> Program {
        let mut compiler = self.prepared(outputs);
        #[cfg(test)]
        let items = compiler.items.clone();
        let listing = compiler.allocate(outputs);
        #[cfg(test)]
        tests::check(&compiler, &items, &listing, outputs)
            .unwrap_or_else(|error| panic!("{error}"));
        Program::new(listing)
    }

    /// What `outputs` need, in order.
    fn prepared(&self, outputs: &[Id]) -> Compiler<'_> {
        let run: Vec<Id> = outputs.iter().copied().chain(self.endings()).collect();
        let live = self.needed(&run);
        let mut compiler = Compiler {
            graph: self,
            live,
            uses: vec![0; self.ops.len()],
            fused: HashMap::default(),
            items: Vec::new(),
            merges: false,
            merged: vec![None; self.calls.len()],
            outside: vec![Vec::new(); self.loops.len()],
        };
        compiler.merge();
        compiler.count_uses(outputs);
        compiler.fuse();
        compiler.schedule(0);
        compiler
    }
}

struct Compiler<'g> {
    graph: &'g Graph,
    live: Vec<bool>,
    uses: Vec<u32>,
    fused: HashMap<Id, Fused>,
    items: Vec<Item>,
    /// Whether any call gives what another would.
    merges: bool,
    /// By call: the one that gives what it would.
    merged: Vec<Option<u32>>,
    /// By loop: nodes outside that are read in it. Known where calls are merged.
    outside: Vec<Vec<Id>>,
}

impl Compiler<'_> {
    /// The node whose register holds a node's value.
    fn source(&self, id: Id) -> Id {
        let mut id = id;
        loop {
            match self.graph.op(id) {
                Op::Root(at, _, _) => id = at,
                Op::Exit(of, place) => {
                    // the state's register keeps the last of what a loop carries
                    return self.graph.state(of, place);
                }
                Op::Foreign(call, place) => {
                    let by = self.call_for(call);
                    return self.graph.find(Op::Foreign(by, place)).unwrap_or(id);
                }
                _ => return id,
            }
        }
    }
}
