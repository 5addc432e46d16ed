//! Functions: parts of a graph that come up several times with other numbers, recorded once.
//!
//! *In:* what a part of equations recorded on top of a graph ([`Graph::begin_part`] to
//! [`Graph::end_part`]). *Out:* a call in its place, of a function that parts which are alike share.
//! *Order:* what the part made is taken out of the graph again; numbers from before become inputs, and
//! so do constants that were given. What is known of the ranges of results is forgotten, so that a
//! part which goes on from another is simplified as all others are. Derivatives of a function are
//! functions.

use super::{Call, Graph, Id, Op, small};
use crate::tape::interpret::Program;
use rustc_hash::FxHashMap as HashMap;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Operations below which a part is left where it is: a call would cost more than it spares.
const LEAST: usize = 150;

/// Functions that are kept once what called them is gone: those of a few lines.
const MOST_MET: usize = 24;

/// Those met last, the latest first.
static MET: Mutex<VecDeque<Arc<Function>>> = Mutex::new(VecDeque::new());

/// A part of a graph by itself.
#[derive(Debug)]
pub(crate) struct Function {
    graph: Graph,
    inputs: usize,
    outputs: Vec<Id>,
    program: OnceLock<Program>,
    derived: Mutex<Vec<(Derivative, Arc<Self>)>>,
}

/// Which derivative of a function another is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Derivative {
    /// Its outputs, and how they move as some inputs move.
    Along(Vec<bool>),
    /// How what comes of some of its outputs moves with some inputs.
    Back { outputs: Vec<bool>, inputs: Vec<bool> },
}

/// Where a graph stood before a part.
#[derive(Debug, Clone, Copy)]
pub(in crate::tape) struct Part {
    nodes: usize,
    guards: usize,
    losses: usize,
    calls: usize,
    loops: usize,
}

/// A part being taken out of a graph.
struct Extraction<'g> {
    graph: &'g Graph,
    nodes: usize,
    own: Graph,
    /// By node of the part, counted from its first: the node of its own graph.
    new: Vec<Option<Id>>,
    inputs: HashMap<Id, Id>,
    /// By input, what the graph around gives it.
    given: Vec<Given>,
}

/// What a graph gives a part.
#[derive(Debug, Clone, Copy)]
enum Given {
    Node(Id),
    Value(u64),
}

/// Where a result of a part comes from.
#[derive(Debug, Clone, Copy)]
enum Source {
    Before(Id),
    Value(u64),
    Output(usize),
}

impl Function {
    fn new(graph: Graph, inputs: usize, outputs: Vec<Id>) -> Self {
        let (program, derived) = (OnceLock::new(), Mutex::default());
        Self { graph, inputs, outputs, program, derived }
    }

    /// One that was met before, where there is one alike, as it is when a chain is recorded again
    /// for other outputs; else a new one.
    fn known(graph: Graph, inputs: usize, outputs: Vec<Id>) -> Arc<Self> {
        let mut met = MET.lock().unwrap_or_else(PoisonError::into_inner);
        let at = met.iter().position(|function| function.is(&graph, &outputs));
        let function = match at.and_then(|at| met.remove(at)) {
            Some(known) => known,
            None => Arc::new(Self::new(graph, inputs, outputs)),
        };
        met.truncate(MOST_MET - 1);
        met.push_front(Arc::clone(&function));
        function
    }

    /// Its program, compiled as it is first asked for.
    pub fn program(&self) -> &Program {
        self.program.get_or_init(|| self.graph.compile(&self.outputs))
    }

    fn is(&self, graph: &Graph, outputs: &[Id]) -> bool {
        self.outputs == outputs && self.graph.ops == graph.ops
    }

    /// The function of the same inputs, and of the moves of those that move, that gives the same
    /// outputs, and then how they move.
    pub fn along(&self, moving: &[bool]) -> Arc<Self> {
        self.derived(Derivative::Along(moving.to_vec()), || {
            let mut graph = self.graph.clone();
            let mut seeds = HashMap::default();
            let mut inputs = self.inputs;
            for input in (0..self.inputs).filter(|&input| moving[input]) {
                let moved = graph.input(inputs);
                seeds.insert(graph.input(input), Some(moved));
                inputs += 1;
            }
            let slopes = graph.forward_from(&self.outputs, seeds);
            let outputs = self.outputs.iter().copied().chain(slopes).collect();
            Self::new(graph, inputs, outputs)
        })
    }

    /// The function of the same inputs, and of the parts that some outputs have in a number, that
    /// gives the parts which some inputs have in it.
    pub fn back(&self, of: &[bool], to: &[bool]) -> Arc<Self> {
        let which = Derivative::Back { outputs: of.to_vec(), inputs: to.to_vec() };
        self.derived(which, || {
            let mut graph = self.graph.clone();
            let mut inputs = self.inputs;
            let mut whole = graph.constant(0.0);
            for (&output, _) in self.outputs.iter().zip(of).filter(|(_, has)| **has) {
                let part = graph.input(inputs);
                let product = graph.folded(Op::Mul(part, output));
                whole = graph.folded(Op::Add(whole, product));
                inputs += 1;
            }
            let to = (0..self.inputs).filter(|&input| to[input]);
            let to: Vec<Id> = to.map(|input| graph.input(input)).collect();
            let outputs = graph.backward(whole, &to);
            Self::new(graph, inputs, outputs)
        })
    }

    fn derived(&self, which: Derivative, make: impl FnOnce() -> Self) -> Arc<Self> {
        let mut derived = self.derived.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = derived.iter().find(|(other, _)| *other == which) {
            return Arc::clone(known);
        }
        let made = Arc::new(make());
        derived.push((which, Arc::clone(&made)));
        made
    }
}

impl Graph {
    /// Begins a part that may come up again.
    pub(in crate::tape) fn begin_part(&mut self) -> Part {
        self.parts += 1;
        Part {
            nodes: self.ops.len(),
            guards: self.guards.len(),
            losses: self.losses.len(),
            calls: self.calls.len(),
            loops: self.loops.len(),
        }
    }

    /// Ends it: gives what its results are once it is a call. A part in which there is a loop or a
    /// call, or next to nothing, stays as it is.
    pub(in crate::tape) fn end_part(&mut self, part: Part, results: &[Id]) -> Vec<Id> {
        self.parts -= 1;
        let made = &self.ops[part.nodes..];
        let is_plain = self.calls.len() == part.calls && self.loops.len() == part.loops;
        let has_roots = made.iter().any(|op| matches!(op, Op::Root(..)));
        if self.parts > 0 || made.len() < LEAST || !is_plain || has_roots {
            return results.to_vec();
        }
        let guards = self.guards.split_off(part.guards);
        let losses = self.losses.split_off(part.losses);
        let watched = [guards, losses];
        let mut extraction = Extraction {
            graph: self,
            nodes: part.nodes,
            own: Graph::default(),
            new: vec![None; made.len()],
            inputs: HashMap::default(),
            given: Vec::new(),
        };
        let asked: Vec<Id> = results.iter().chain(watched.iter().flatten()).copied().collect();
        extraction.take(&asked);
        let mut outputs = Vec::new();
        let results: Vec<Source> =
            results.iter().map(|&id| extraction.result(id, &mut outputs)).collect();
        let watched = watched.map(|ids| {
            (!ids.is_empty()).then(|| {
                let own = ids.iter().map(|&id| extraction.own_of(id)).collect();
                let any = extraction.own.any_above_zero(own);
                outputs.push(any);
                outputs.len() - 1
            })
        });
        let Extraction { own, given, .. } = extraction;
        self.forget_from(part.nodes);
        let inputs: Vec<Id> = given
            .into_iter()
            .map(|given| match given {
                Given::Node(id) => id,
                Given::Value(bits) => self.constant(f64::from_bits(bits)),
            })
            .collect();
        let found = self.call_of(own, outputs, inputs);
        if let [Some(guard), _] = watched {
            self.guard(found[guard]);
        }
        if let [_, Some(loss)] = watched {
            self.lose(found[loss]);
        }
        let settled = |result: Source| match result {
            Source::Before(id) => id,
            Source::Value(bits) => self.constant(f64::from_bits(bits)),
            Source::Output(place) => found[place],
        };
        results.into_iter().map(settled).collect()
    }

    /// Takes all nodes from one on out again.
    fn forget_from(&mut self, first: usize) {
        for op in self.ops.drain(first..) {
            self.known.remove(&op);
        }
        self.scopes.truncate(first);
        self.ranges.truncate(first);
    }

    /// What a function gives of inputs: one that was met before, where there is one alike.
    fn call_of(&mut self, own: Graph, outputs: Vec<Id>, inputs: Vec<Id>) -> Vec<Id> {
        self.call(&Function::known(own, inputs.len(), outputs), inputs)
    }

    /// What a function gives of inputs; what is called already is not called again.
    pub(super) fn call(&mut self, function: &Arc<Function>, inputs: Vec<Id>) -> Vec<Id> {
        let outputs = function.outputs.len();
        let same = |call: &Call| call.callee.is(function) && call.inputs == inputs;
        if let Some(index) = self.calls.iter().position(same) {
            let place = |place| Op::Foreign(small(index), small(place));
            return (0..outputs).map(|at| self.node(place(at))).collect();
        }
        let scope = self.deepest(inputs.iter().copied());
        let callee = super::Callee::Function(Arc::clone(function));
        self.called(Call { callee, inputs, moves: None, outputs, instead: None, scope })
    }
}

impl Extraction<'_> {
    /// Takes everything of the part that some numbers need, in its order.
    fn take(&mut self, asked: &[Id]) {
        let mut needed = vec![false; self.new.len()];
        let mut stack = asked.to_vec();
        while let Some(id) = stack.pop() {
            let Some(at) = id.index().checked_sub(self.nodes) else { continue };
            if !std::mem::replace(&mut needed[at], true) {
                stack.extend(self.graph.op(id).operands());
            }
        }
        for at in (0..needed.len()).filter(|&at| needed[at]) {
            let op = self.graph.ops[self.nodes + at];
            let id = match op {
                Op::Constant(bits) => self.own.constant(f64::from_bits(bits)),
                Op::Given(bits) => self.input(Given::Value(bits)),
                op => {
                    let with = op.with_operands(&mut |operand| self.own_of(operand));
                    // nothing else is made within a part
                    with.map_or(Id(u32::MAX), |with| self.own.node(with))
                }
            };
            self.new[at] = Some(id);
        }
    }

    /// The own node of a number of the graph around.
    fn own_of(&mut self, id: Id) -> Id {
        if let Some(value) = self.graph.constant_of(id) {
            return self.own.constant(value);
        }
        let own = id.index().checked_sub(self.nodes).and_then(|at| self.new[at]);
        if let Some(own) = own.or_else(|| self.inputs.get(&id).copied()) {
            return own;
        }
        let input = self.input(match self.graph.op(id) {
            Op::Given(bits) => Given::Value(bits),
            _ => Given::Node(id),
        });
        self.inputs.insert(id, input);
        input
    }

    fn input(&mut self, given: Given) -> Id {
        self.given.push(given);
        self.own.input(self.given.len() - 1)
    }

    fn result(&mut self, id: Id, outputs: &mut Vec<Id>) -> Source {
        match self.graph.op(id) {
            Op::Constant(bits) | Op::Given(bits) => Source::Value(bits),
            _ if id.index() < self.nodes => Source::Before(id),
            _ => {
                outputs.push(self.own_of(id));
                Source::Output(outputs.len() - 1)
            }
        }
    }
}
