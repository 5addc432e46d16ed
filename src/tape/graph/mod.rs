//! The graph that recording builds: operations on numbers, each once.
//!
//! *In:* operations, as they are recorded. *Out:* nodes, numbered in the order of their making.
//! *Order:* a node is made by `fold` (what is known already), which asks `compare` what lies above
//! what; a whole graph is turned into others by `derive` (derivatives) and `regroup` (sums); what
//! comes up again in it becomes a `function`, and is a `call`, as what only plain numbers can work out.

mod call;
mod compare;
mod derive;
mod fold;
mod function;
mod regroup;

pub(crate) use call::{Call, Callee, Foreign, ForeignMemory};
pub(crate) use function::Function;

use rustc_hash::FxHashMap as HashMap;

/// A node of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Id(pub u32);

impl Id {
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A count of nodes, loops or registers as it is kept: none comes near 2^32.
pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// An operation. Constants are kept as bits, so that equal ones merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    Constant(u64),
    /// A constant that counts as a number like any other, until it is given to a function.
    Given(u64),
    /// A number that differs from scenario to scenario.
    Input(u32),
    Add(Id, Id),
    Sub(Id, Id),
    Mul(Id, Id),
    Div(Id, Id),
    Neg(Id),
    /// The second where it is smaller, else the first.
    Min(Id, Id),
    /// The second where it is larger, else the first.
    Max(Id, Id),
    /// The second where the first is above zero, else the third.
    Select(Id, Id, Id),
    Abs(Id),
    Sqrt(Id),
    Ln(Id),
    Exp(Id),
    /// The first to the power of the second.
    Pow(Id, Id),
    /// What a loop carries, within it: loop and place.
    State(u32, u32),
    /// What a loop carries when it has ended. To derivatives it is a constant: roots are
    /// differentiated by [`Op::Root`].
    Exit(u32, u32),
    /// The value of the first; its derivative is that of the root of the second, which moves by
    /// the third along the first.
    Root(Id, Id, Id),
    /// An output of a call: call and place.
    Foreign(u32, u32),
}

impl Op {
    /// The nodes that it reads within its own loop.
    pub fn operands(self) -> impl Iterator<Item = Id> {
        let of = match self {
            Self::Constant(_)
            | Self::Given(_)
            | Self::Input(_)
            | Self::State(..)
            | Self::Exit(..)
            | Self::Foreign(..) => [None; 3],
            Self::Neg(a) | Self::Abs(a) | Self::Sqrt(a) | Self::Ln(a) | Self::Exp(a) => {
                [Some(a), None, None]
            }
            Self::Add(a, b)
            | Self::Sub(a, b)
            | Self::Mul(a, b)
            | Self::Div(a, b)
            | Self::Min(a, b)
            | Self::Max(a, b)
            | Self::Pow(a, b) => [Some(a), Some(b), None],
            Self::Select(a, b, c) | Self::Root(a, b, c) => [Some(a), Some(b), Some(c)],
        };
        of.into_iter().flatten()
    }

    /// The same operation on other nodes; none for what is no operation on nodes of its own loop.
    pub fn with_operands(self, of: &mut dyn FnMut(Id) -> Id) -> Option<Self> {
        Some(match self {
            Self::Add(a, b) => Self::Add(of(a), of(b)),
            Self::Sub(a, b) => Self::Sub(of(a), of(b)),
            Self::Mul(a, b) => Self::Mul(of(a), of(b)),
            Self::Div(a, b) => Self::Div(of(a), of(b)),
            Self::Neg(a) => Self::Neg(of(a)),
            Self::Min(a, b) => Self::Min(of(a), of(b)),
            Self::Max(a, b) => Self::Max(of(a), of(b)),
            Self::Select(a, b, c) => Self::Select(of(a), of(b), of(c)),
            Self::Abs(a) => Self::Abs(of(a)),
            Self::Sqrt(a) => Self::Sqrt(of(a)),
            Self::Ln(a) => Self::Ln(of(a)),
            Self::Exp(a) => Self::Exp(of(a)),
            Self::Pow(a, b) => Self::Pow(of(a), of(b)),
            Self::Constant(_)
            | Self::Given(_)
            | Self::Input(_)
            | Self::State(..)
            | Self::Exit(..)
            | Self::Root(..)
            | Self::Foreign(..) => return None,
        })
    }
}

/// A loop: repeated with the next of what it carries until it is done.
#[derive(Debug, Clone, Default)]
pub(crate) struct Loop {
    /// Loop that it lies in, plus 1; 0 for none.
    pub parent: u32,
    /// How many loops it lies in.
    pub depth: u32,
    /// Above zero in scenarios that enter it; all do where there is none.
    pub entry: Option<Id>,
    /// What it starts with, and ends with where it is not entered.
    pub start: Vec<Id>,
    /// What a round makes of it.
    pub next: Vec<Id>,
    /// Above zero where a round was the last.
    pub done: Option<Id>,
    /// Rounds before it counts as never ending.
    pub most: u32,
}

/// Scenarios that a program does an operation for at once, at least: those of a vector register.
const AT_ONCE: usize = 4;

/// Lowest and highest value that a node can have.
pub(super) type Range = (f64, f64);

const ANY: Range = (f64::NEG_INFINITY, f64::INFINITY);

/// Operations on numbers, each once, in an order in which they can be done.
#[derive(Debug, Clone, Default)]
pub(crate) struct Graph {
    pub(super) ops: Vec<Op>,
    /// By node: the loop that it changes in, plus 1.
    pub(super) scopes: Vec<u32>,
    pub(super) ranges: Vec<Range>,
    known: HashMap<Op, Id>,
    input_ranges: Vec<Range>,
    pub(super) loops: Vec<Loop>,
    pub(super) calls: Vec<Call>,
    /// How many parts, which may come up again, are being recorded within each other.
    parts: u32,
    /// Numbers that may not be above zero, for an answer to be one.
    pub(super) guards: Vec<Id>,
    /// Numbers that are above zero where a loop has lost its way.
    pub(super) losses: Vec<Id>,
    /// The loop that is being recorded, plus 1.
    pub(super) recording: u32,
    /// How many operations were recorded, each as often as it was.
    pub(super) asked: usize,
}

impl Graph {
    /// A graph over inputs that lie in these ranges.
    pub fn new(inputs: &[Range]) -> Self {
        Self { input_ranges: inputs.to_vec(), ..Self::default() }
    }

    /// How many operations the recorded run takes without this graph, and with what is compiled of
    /// it into a program of so many. Calls, which both do, weigh as much as many operations, twice
    /// that with derivatives: those of a search take value and slope together without this graph.
    pub fn operations(&self, compiled: usize) -> (usize, usize) {
        let (mut alone, mut together) = (self.asked, compiled / AT_ONCE);
        for call in &self.calls {
            let (by_itself, here) = match (&call.moves, call.scope) {
                (Some(_), _) => (0, 2),
                (None, 0) => (1, 1),
                (None, _) => (2, 1),
            };
            let Callee::Foreign(function) = &call.callee else { continue };
            let weight = function.operations();
            alone += by_itself * weight;
            together += here * weight;
        }
        (alone, together)
    }

    /// How many operations were recorded, each as often as it was.
    pub const fn asked(&self) -> usize {
        self.asked
    }

    pub fn op(&self, id: Id) -> Op {
        self.ops[id.index()]
    }

    pub fn constant_of(&self, id: Id) -> Option<f64> {
        match self.op(id) {
            Op::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    pub fn range(&self, id: Id) -> Range {
        self.ranges[id.index()]
    }

    pub fn constant(&mut self, value: f64) -> Id {
        // zeros of either sign are the same number
        let value = if value == 0.0 { 0.0 } else { value };
        self.node(Op::Constant(value.to_bits()))
    }

    /// A constant that counts as a number like any other.
    pub fn given_constant(&mut self, value: f64) -> Id {
        self.node(Op::Given(value.to_bits()))
    }

    /// The value of a constant, given or not.
    pub fn value_of(&self, id: Id) -> Option<f64> {
        match self.op(id) {
            Op::Constant(bits) | Op::Given(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    pub fn input(&mut self, index: usize) -> Id {
        self.node(Op::Input(small(index)))
    }

    /// Remembers that a number may not be above zero.
    pub fn guard(&mut self, excess: Id) {
        if self.range(excess).1 > 0.0 || self.constant_of(excess).is_some_and(f64::is_nan) {
            self.guards.push(excess);
        }
    }

    /// Remembers that what is found is lost where a number is above zero.
    pub fn lose(&mut self, excess: Id) {
        if self.range(excess).1 > 0.0 {
            self.losses.push(excess);
        }
    }

    /// Remembers a number above zero where what was worked out has no meaning. Within a loop it
    /// counts for nothing: what is tried there may have none.
    pub fn object(&mut self, objection: Id) {
        if self.scopes[objection.index()] == 0 {
            self.guard(objection);
        }
    }

    /// All numbers above zero, or none at all, where a scenario has to be worked out by itself.
    pub fn guards(&self) -> impl Iterator<Item = Id> {
        self.guards.iter().chain(&self.losses).copied()
    }

    /// What each loop carries in the end: where one does not end, no answer is one.
    pub fn endings(&self) -> impl Iterator<Item = Id> {
        (0..small(self.loops.len())).filter_map(|index| self.find(Op::Exit(index, 0)))
    }

    /// A number above zero where any of some is, and none where any of them is none: a maximum
    /// would pass over those.
    pub fn any_above_zero(&mut self, mut ids: Vec<Id>) -> Id {
        ids.sort_unstable();
        ids.dedup();
        let zero = self.constant(0.0);
        ids.into_iter().fold(zero, |sum, id| {
            let above = self.folded(Op::Max(id, zero));
            self.folded(Op::Add(sum, above))
        })
    }

    /// The node of an operation as it is: made unless there is one.
    pub(super) fn node(&mut self, op: Op) -> Id {
        if let Some(&id) = self.known.get(&op) {
            return id;
        }
        let id = Id(small(self.ops.len()));
        let scope = match op {
            Op::State(of, _) => of + 1,
            Op::Exit(of, _) => self.loops[of as usize].parent,
            Op::Foreign(call, _) => self.calls[call as usize].scope,
            _ => self.deepest(op.operands()),
        };
        let range = self.range_of(op);
        self.ops.push(op);
        self.scopes.push(scope);
        self.ranges.push(range);
        self.known.insert(op, id);
        id
    }

    /// Whether a node changes with the rounds of a loop.
    pub(super) fn is_within(&self, id: Id, of: u32) -> bool {
        let mut scope = self.scopes[id.index()];
        while scope != 0 {
            if scope - 1 == of {
                return true;
            }
            scope = self.loops[scope as usize - 1].parent;
        }
        false
    }

    /// Takes out what tells that a round of a loop has lost its way, or has passed a guard: only
    /// the run of plain numbers knows whether what is tried there may.
    pub(super) fn forget_losses(&mut self, of: u32) -> Vec<Id> {
        let within = |graph: &Self, ids: Vec<Id>| -> (Vec<Id>, Vec<Id>) {
            ids.into_iter().partition(|&id| graph.is_within(id, of))
        };
        let (guards, losses) = (std::mem::take(&mut self.guards), std::mem::take(&mut self.losses));
        let (mut inside, outside) = within(self, guards);
        self.guards = outside;
        let (more, outside) = within(self, losses);
        self.losses = outside;
        inside.extend(more);
        inside
    }

    /// The node of an operation, if there is one.
    pub(super) fn find(&self, op: Op) -> Option<Id> {
        self.known.get(&op).copied()
    }

    /// The node of what a loop carries.
    pub(super) fn state(&self, of: u32, place: u32) -> Id {
        // a loop's states are made together as it begins
        self.known.get(&Op::State(of, place)).copied().unwrap_or(Id(u32::MAX))
    }

    /// The innermost of the loops that nodes change in, plus 1.
    pub(super) fn deepest(&self, ids: impl Iterator<Item = Id>) -> u32 {
        let depth = |scope: u32| match scope {
            0 => 0,
            inside => self.loops[inside as usize - 1].depth + 1,
        };
        ids.map(|id| self.scopes[id.index()]).max_by_key(|&scope| depth(scope)).unwrap_or(0)
    }

    /// Lowest and highest value: rounding is monotone, so what is computed from ends encloses
    /// what is computed in between.
    fn range_of(&self, op: Op) -> Range {
        let r = |id: Id| self.range(id);
        let hull = |ends: &[f64]| -> Range {
            if ends.iter().any(|end| end.is_nan()) {
                return ANY;
            }
            let least = ends.iter().copied().fold(f64::INFINITY, f64::min);
            (least, ends.iter().copied().fold(f64::NEG_INFINITY, f64::max))
        };
        match op {
            Op::Constant(bits) | Op::Given(bits) => hull(&[f64::from_bits(bits)]),
            Op::Input(index) => self.input_ranges.get(index as usize).copied().unwrap_or(ANY),
            Op::Add(a, b) => hull(&[r(a).0 + r(b).0, r(a).1 + r(b).1]),
            Op::Sub(a, b) => {
                let (low, high) = hull(&[r(a).0 - r(b).1, r(a).1 - r(b).0]);
                // a part of a number is no more than it
                if low < 0.0 && self.is_no_more_than(b, a, 2) {
                    (0.0, high.max(0.0))
                } else if high > 0.0 && self.is_no_more_than(a, b, 2) {
                    (low.min(0.0), 0.0)
                } else {
                    (low, high)
                }
            }
            Op::Mul(a, b) => {
                let times = |x: f64, y: f64| if x == 0.0 || y == 0.0 { 0.0 } else { x * y };
                let ((al, ah), (bl, bh)) = (r(a), r(b));
                let (low, high) =
                    hull(&[times(al, bl), times(al, bh), times(ah, bl), times(ah, bh)]);
                (if a == b { low.max(0.0) } else { low }, high)
            }
            Op::Div(a, b) => {
                let ((al, ah), (bl, bh)) = (r(a), r(b));
                if bl > 0.0 {
                    hull(&[al / bl, al / bh, ah / bl, ah / bh])
                } else if al >= 0.0 && bl >= 0.0 {
                    (0.0, f64::INFINITY)
                } else {
                    ANY
                }
            }
            Op::Neg(a) => (-r(a).1, -r(a).0),
            Op::Abs(a) => {
                let (low, high) = r(a);
                (low.max(-high).max(0.0), high.max(-low))
            }
            Op::Min(a, b) => (r(a).0.min(r(b).0), r(a).1.min(r(b).1)),
            Op::Max(a, b) => (r(a).0.max(r(b).0), r(a).1.max(r(b).1)),
            // taken only where it is above zero
            Op::Select(c, a, b) if c == a => (r(a).0.max(0.0).min(r(b).0), r(a).1.max(r(b).1)),
            Op::Select(_, a, b) => (r(a).0.min(r(b).0), r(a).1.max(r(b).1)),
            Op::Sqrt(a) if r(a).0 >= 0.0 => (r(a).0.sqrt(), r(a).1.sqrt()),
            Op::Exp(_) | Op::Sqrt(_) => (0.0, f64::INFINITY),
            Op::Pow(a, _) if r(a).0 >= 0.0 => (0.0, f64::INFINITY),
            Op::Root(a, _, _) => r(a),
            Op::Ln(_) | Op::Pow(..) | Op::State(..) | Op::Exit(..) | Op::Foreign(..) => ANY,
        }
    }

    /// Narrows what a node is known to lie between, where a caller knows more.
    pub fn assume(&mut self, id: Id, low: f64, high: f64) {
        let range = &mut self.ranges[id.index()];
        *range = (range.0.max(low), range.1.min(high));
    }
}
