//! Derivatives of graphs, which are graphs: forward along one variable, and backward from one
//! output to all inputs.
//!
//! At a kink (two numbers of a minimum that are equal, a condition that is zero) the derivative
//! is that of the branch taken: one-sided.

use super::{Call, Callee, Graph, Id, Op, small};
use rustc_hash::FxHashMap as HashMap;

impl Graph {
    /// How nodes move with `variable`; zero where they do not.
    pub fn forward(&mut self, of: &[Id], variable: Id) -> Vec<Id> {
        let one = self.constant(1.0);
        self.forward_from(of, HashMap::from_iter([(variable, Some(one))]))
    }

    /// How nodes move where some move by the numbers given; zero where they do not.
    pub(super) fn forward_from(
        &mut self,
        of: &[Id],
        mut slopes: HashMap<Id, Option<Id>>,
    ) -> Vec<Id> {
        let zero = self.constant(0.0);
        let first = slopes.keys().min().copied().unwrap_or(zero);
        of.iter()
            .map(|&id| {
                self.forward_to(id, first, &mut slopes);
                slopes.get(&id).copied().flatten().unwrap_or(zero)
            })
            .collect()
    }

    /// Fills in the slope of `id` and of all it depends on, without going deep.
    fn forward_to(&mut self, id: Id, first: Id, slopes: &mut HashMap<Id, Option<Id>>) {
        let mut stack = vec![id];
        while let Some(&top) = stack.last() {
            if slopes.contains_key(&top) {
                stack.pop();
                continue;
            }
            let before = stack.len();
            let operands: Vec<Id> = match self.op(top) {
                // nothing made before what moves depends on it
                _ if top < first => Vec::new(),
                // the place that a root is looked for at moves only as the root does
                Op::Root(_, slack, slope) => vec![slack, slope],
                Op::Foreign(call, _) => self.calls[call as usize].inputs.clone(),
                op => op.operands().collect(),
            };
            stack.extend(operands.iter().filter(|operand| !slopes.contains_key(operand)));
            if stack.len() > before {
                continue;
            }
            stack.pop();
            let slope = if top < first { None } else { self.slope_of(top, slopes) };
            slopes.insert(top, slope);
        }
    }

    fn slope_of(&mut self, id: Id, slopes: &HashMap<Id, Option<Id>>) -> Option<Id> {
        let of = |id: Id| slopes.get(&id).copied().flatten();
        let zero = self.constant(0.0);
        match self.op(id) {
            Op::Constant(_) | Op::Given(_) | Op::Input(_) | Op::State(..) | Op::Exit(..) => None,
            Op::Add(a, b) => match (of(a), of(b)) {
                (Some(a), Some(b)) => Some(self.folded(Op::Add(a, b))),
                (one, other) => one.or(other),
            },
            Op::Sub(a, b) => match (of(a), of(b)) {
                (Some(a), Some(b)) => Some(self.folded(Op::Sub(a, b))),
                (Some(a), None) => Some(a),
                (None, Some(b)) => Some(self.folded(Op::Neg(b))),
                (None, None) => None,
            },
            Op::Mul(a, b) => {
                let first = of(a).map(|slope| self.folded(Op::Mul(slope, b)));
                let second = of(b).map(|slope| self.folded(Op::Mul(a, slope)));
                match (first, second) {
                    (Some(first), Some(second)) => Some(self.folded(Op::Add(first, second))),
                    (one, other) => one.or(other),
                }
            }
            Op::Div(a, b) => {
                // (a' - q b') / b
                let part = of(b).map(|slope| self.folded(Op::Mul(id, slope)));
                let top = match (of(a), part) {
                    (Some(slope), Some(part)) => Some(self.folded(Op::Sub(slope, part))),
                    (None, Some(part)) => Some(self.folded(Op::Neg(part))),
                    (slope, None) => slope,
                };
                top.map(|top| self.folded(Op::Div(top, b)))
            }
            Op::Neg(a) => of(a).map(|slope| self.folded(Op::Neg(slope))),
            Op::Min(a, b) => {
                let (first, second) = (of(a), of(b));
                self.chosen(a, b, first, second)
            }
            Op::Max(a, b) => {
                let (first, second) = (of(a), of(b));
                self.chosen(b, a, first, second)
            }
            Op::Select(c, a, b) => match (of(a), of(b)) {
                (None, None) => None,
                (first, second) => {
                    Some(self.folded(Op::Select(c, first.unwrap_or(zero), second.unwrap_or(zero))))
                }
            },
            Op::Abs(a) => of(a).map(|slope| {
                let less = self.folded(Op::Neg(slope));
                self.folded(Op::Select(a, slope, less))
            }),
            Op::Sqrt(a) => of(a).map(|slope| {
                let twice = self.folded(Op::Add(id, id));
                self.folded(Op::Div(slope, twice))
            }),
            Op::Ln(a) => of(a).map(|slope| self.folded(Op::Div(slope, a))),
            Op::Exp(a) => of(a).map(|slope| self.folded(Op::Mul(id, slope))),
            Op::Pow(a, b) => {
                let first = of(a).map(|slope| {
                    let by_base = self.by_base(a, b);
                    self.folded(Op::Mul(by_base, slope))
                });
                let second = of(b).map(|slope| {
                    let by_exponent = self.by_exponent(id, a);
                    self.folded(Op::Mul(by_exponent, slope))
                });
                match (first, second) {
                    (Some(first), Some(second)) => Some(self.folded(Op::Add(first, second))),
                    (one, other) => one.or(other),
                }
            }
            Op::Root(_, slack, slope) => of(slack).map(|moved| {
                let ratio = self.folded(Op::Div(moved, slope));
                self.folded(Op::Neg(ratio))
            }),
            Op::Foreign(call, place) => {
                let inputs = self.calls[call as usize].inputs.clone();
                if inputs.iter().all(|&input| of(input).is_none()) {
                    return None;
                }
                let callee = self.calls[call as usize].callee.clone();
                let Callee::Function(function) = callee else {
                    let moves = inputs.iter().map(|&input| of(input).unwrap_or(zero)).collect();
                    return Some(self.moved(call, moves)[place as usize]);
                };
                let moves: Vec<Option<Id>> = inputs.iter().map(|&input| of(input)).collect();
                let moving: Vec<bool> = moves.iter().map(Option::is_some).collect();
                let inputs = inputs.into_iter().chain(moves.into_iter().flatten()).collect();
                let outputs = self.calls[call as usize].outputs;
                let slope = self.call(&function.along(&moving), inputs)[outputs + place as usize];
                if let Op::Foreign(by, _) = self.op(slope) {
                    self.calls[by as usize].instead = Some(call);
                }
                Some(slope)
            }
        }
    }

    /// The slope of a minimum of `a` and `b` (of a maximum, with the two exchanged as to which is
    /// compared with which): `second` where `b` is below `a`.
    fn chosen(&mut self, a: Id, b: Id, first: Option<Id>, second: Option<Id>) -> Option<Id> {
        if first.is_none() && second.is_none() {
            return None;
        }
        let zero = self.constant(0.0);
        let above = self.folded(Op::Sub(a, b));
        let (first, second) = (first.unwrap_or(zero), second.unwrap_or(zero));
        Some(self.folded(Op::Select(above, second, first)))
    }

    /// How a power moves with its base: y x^(y - 1), which of a base of zero is not y x^y / x.
    fn by_base(&mut self, base: Id, exponent: Id) -> Id {
        let (zero, one) = (self.constant(0.0), self.constant(1.0));
        let less = self.folded(Op::Sub(exponent, one));
        let less = self.folded(Op::Pow(base, less));
        let times = self.folded(Op::Mul(less, exponent));
        let size = self.folded(Op::Abs(exponent));
        self.folded(Op::Select(size, times, zero))
    }

    /// How a power moves with its exponent: x^y ln x, and not at all of a base of zero.
    fn by_exponent(&mut self, power: Id, base: Id) -> Id {
        let zero = self.constant(0.0);
        let logarithm = self.folded(Op::Ln(base));
        let times = self.folded(Op::Mul(power, logarithm));
        self.folded(Op::Select(base, times, zero))
    }

    /// The outputs of a call.
    pub fn called(&mut self, call: Call) -> Vec<Id> {
        let (index, outputs) = (self.calls.len(), call.outputs);
        self.calls.push(call);
        (0..outputs).map(|place| self.node(Op::Foreign(small(index), small(place)))).collect()
    }

    /// How the outputs of a call move as its inputs move by `moves`.
    fn moved(&mut self, call: u32, moves: Vec<Id>) -> Vec<Id> {
        let original = self.calls[call as usize].clone();
        let same = |other: &Call| {
            other.moves.as_ref() == Some(&moves)
                && other.inputs == original.inputs
                && other.callee.is_same(&original.callee)
        };
        if let Some(index) = self.calls.iter().position(same) {
            let place = |place| Op::Foreign(small(index), small(place));
            return (0..original.outputs).map(|at| self.node(place(at))).collect();
        }
        let scope = self.deepest(original.inputs.iter().chain(&moves).copied());
        self.called(Call { moves: Some(moves), scope, ..original })
    }

    /// The derivatives of one node with respect to each of `inputs`.
    #[allow(clippy::too_many_lines, reason = "one rule for each operation")]
    pub fn backward(&mut self, output: Id, inputs: &[Id]) -> Vec<Id> {
        let zero = self.constant(0.0);
        let one = self.constant(1.0);
        let mut order = self.below(output);
        order.sort_unstable();
        let mut parts: HashMap<Id, Id> = HashMap::default();
        parts.insert(output, one);
        for &id in order.iter().rev() {
            let Some(&part) = parts.get(&id) else { continue };
            let mut add = |graph: &mut Self, to: Id, part: Id| {
                let sum = match parts.get(&to) {
                    Some(&sum) => graph.folded(Op::Add(sum, part)),
                    None => part,
                };
                parts.insert(to, sum);
            };
            match self.op(id) {
                Op::Constant(_) | Op::Given(_) | Op::Input(_) | Op::State(..) | Op::Exit(..) => {}
                Op::Add(a, b) => {
                    add(self, a, part);
                    add(self, b, part);
                }
                Op::Sub(a, b) => {
                    add(self, a, part);
                    let less = self.folded(Op::Neg(part));
                    add(self, b, less);
                }
                Op::Mul(a, b) => {
                    for (to, other) in [(a, b), (b, a)] {
                        if self.constant_of(to).is_none() {
                            let times = self.folded(Op::Mul(part, other));
                            add(self, to, times);
                        }
                    }
                }
                Op::Div(a, b) => {
                    let share = self.folded(Op::Div(part, b));
                    add(self, a, share);
                    if self.constant_of(b).is_none() {
                        let times = self.folded(Op::Mul(share, id));
                        let less = self.folded(Op::Neg(times));
                        add(self, b, less);
                    }
                }
                Op::Neg(a) => {
                    let less = self.folded(Op::Neg(part));
                    add(self, a, less);
                }
                Op::Min(a, b) | Op::Max(a, b) => {
                    let second = match self.op(id) {
                        Op::Min(..) => self.folded(Op::Sub(a, b)),
                        _ => self.folded(Op::Sub(b, a)),
                    };
                    let to_second = self.folded(Op::Select(second, part, zero));
                    let to_first = self.folded(Op::Select(second, zero, part));
                    add(self, a, to_first);
                    add(self, b, to_second);
                }
                Op::Select(c, a, b) => {
                    let to_first = self.folded(Op::Select(c, part, zero));
                    let to_second = self.folded(Op::Select(c, zero, part));
                    add(self, a, to_first);
                    add(self, b, to_second);
                }
                Op::Abs(a) => {
                    let less = self.folded(Op::Neg(part));
                    let signed = self.folded(Op::Select(a, part, less));
                    add(self, a, signed);
                }
                Op::Sqrt(a) => {
                    let twice = self.folded(Op::Add(id, id));
                    let share = self.folded(Op::Div(part, twice));
                    add(self, a, share);
                }
                Op::Ln(a) => {
                    let share = self.folded(Op::Div(part, a));
                    add(self, a, share);
                }
                Op::Exp(a) => {
                    let times = self.folded(Op::Mul(part, id));
                    add(self, a, times);
                }
                Op::Pow(a, b) => {
                    if self.constant_of(a).is_none() {
                        let by_base = self.by_base(a, b);
                        let times = self.folded(Op::Mul(part, by_base));
                        add(self, a, times);
                    }
                    if self.constant_of(b).is_none() {
                        let by_exponent = self.by_exponent(id, a);
                        let times = self.folded(Op::Mul(part, by_exponent));
                        add(self, b, times);
                    }
                }
                Op::Root(_, slack, slope) => {
                    let share = self.folded(Op::Div(part, slope));
                    let less = self.folded(Op::Neg(share));
                    add(self, slack, less);
                }
                Op::Foreign(call, _) if !self.calls[call as usize].callee.is_foreign() => {
                    // all of its outputs lie side by side, and whatever reads them behind them
                    let Call { callee, inputs, outputs, .. } = self.calls[call as usize].clone();
                    let Callee::Function(function) = callee else { continue };
                    let of: Vec<Option<Id>> = (0..outputs)
                        .map(|place| {
                            let output = self.find(Op::Foreign(call, small(place)))?;
                            parts.remove(&output)
                        })
                        .collect();
                    let to: Vec<bool> =
                        inputs.iter().map(|&input| self.constant_of(input).is_none()).collect();
                    let has: Vec<bool> = of.iter().map(Option::is_some).collect();
                    let back = function.back(&has, &to);
                    let given = inputs.iter().copied().chain(of.into_iter().flatten()).collect();
                    let found = self.call(&back, given);
                    let to = inputs.iter().zip(&to).filter(|(_, wanted)| **wanted);
                    for ((&input, _), part) in to.zip(found) {
                        let sum = match parts.get(&input) {
                            Some(&sum) => self.folded(Op::Add(sum, part)),
                            None => part,
                        };
                        parts.insert(input, sum);
                    }
                }
                Op::Foreign(call, place) => {
                    // one input after another: as many calls as inputs that differ
                    let own = self.calls[call as usize].inputs.clone();
                    for (index, &to) in own.iter().enumerate() {
                        if self.constant_of(to).is_some() {
                            continue;
                        }
                        let mut moves = vec![zero; own.len()];
                        moves[index] = one;
                        let slope = self.moved(call, moves)[place as usize];
                        let times = self.folded(Op::Mul(part, slope));
                        add(self, to, times);
                    }
                }
            }
        }
        inputs.iter().map(|input| parts.get(input).copied().unwrap_or(zero)).collect()
    }

    /// All nodes that the derivative of `output` passes.
    fn below(&self, output: Id) -> Vec<Id> {
        let mut seen = vec![false; self.ops.len()];
        let mut found = Vec::new();
        let mut stack = vec![output];
        while let Some(id) = stack.pop() {
            if std::mem::replace(&mut seen[id.index()], true) || self.constant_of(id).is_some() {
                continue;
            }
            found.push(id);
            match self.op(id) {
                Op::Root(_, slack, _) => stack.push(slack),
                Op::Foreign(call, _) => stack.extend(&self.calls[call as usize].inputs),
                Op::Select(_, a, b) => stack.extend([a, b]),
                op => stack.extend(op.operands()),
            }
        }
        found
    }
}
