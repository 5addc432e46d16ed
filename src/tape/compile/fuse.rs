//! Fusing: products that are only added, and sums that are only added to, become one instruction.

use super::Compiler;
use crate::tape::graph::{Id, Op, small};

/// What a node is done as when it takes others into itself.
#[derive(Debug, Clone)]
pub(super) enum Fused {
    /// Into another: done there.
    Away,
    /// `a * b + c`, or `c - a * b`.
    MulAdd { a: Id, b: Id, c: Id, less: bool },
    /// A sum of nodes times constants.
    Terms(Vec<(Id, f64)>),
}

impl Compiler<'_> {
    pub(super) fn count_uses(&mut self, outputs: &[Id]) {
        let graph = self.graph;
        let mut used = |id: Id, by: u32| self.uses[id.index()] += by;
        for (op, _) in graph.ops.iter().zip(&self.live).filter(|(_, live)| **live) {
            for operand in op.operands() {
                used(operand, 1);
            }
        }
        // what is read elsewhere than by an operation stays a value of its own
        for own in &graph.loops {
            for &id in own.start.iter().chain(&own.next).chain(&own.done).chain(&own.entry) {
                used(id, 2);
            }
        }
        for call in &graph.calls {
            for &id in call.inputs.iter().chain(call.moves.iter().flatten()) {
                used(id, 2);
            }
        }
        for &id in outputs {
            used(id, 2);
        }
    }

    /// Takes products that are only added, and sums that are only added to, into one instruction.
    pub(super) fn fuse(&mut self) {
        let graph = self.graph;
        let alone = |compiler: &Self, id: Id, scope: u32| {
            compiler.uses[id.index()] == 1 && graph.scopes[id.index()] == scope
        };
        let ids = (0..graph.ops.len()).map(|index| Id(small(index)));
        for id in ids.filter(|id| self.live[id.index()]) {
            let scope = graph.scopes[id.index()];
            let product = |compiler: &Self, id: Id| match graph.op(id) {
                Op::Mul(a, b) if alone(compiler, id, scope) => Some((a, b)),
                _ => None,
            };
            match graph.op(id) {
                Op::Add(a, b) => {
                    // a sum so far, and what is added to it: sums are recorded left to right, but
                    // operands lie in order of their making
                    let terms = |compiler: &Self, id: Id| -> Option<Vec<(Id, f64)>> {
                        if graph.constant_of(id).is_some() {
                            return None;
                        }
                        if let Some((x, y)) = product(compiler, id) {
                            return match (graph.constant_of(x), graph.constant_of(y)) {
                                (Some(k), _) => Some(vec![(y, k)]),
                                (_, Some(k)) => Some(vec![(x, k)]),
                                _ => None,
                            };
                        }
                        Some(vec![(id, 1.0)])
                    };
                    let so_far = |compiler: &Self, id: Id| match compiler.fused.get(&id) {
                        Some(Fused::Terms(terms)) if alone(compiler, id, scope) => {
                            Some(terms.clone())
                        }
                        _ => None,
                    };
                    let (first, second) = match (so_far(self, a), so_far(self, b)) {
                        (Some(sum), _) => (Some((a, sum)), b),
                        (None, Some(sum)) => (Some((b, sum)), a),
                        (None, None) => (None, b),
                    };
                    let added = terms(self, second);
                    let sum = match first {
                        Some((node, sum)) => Some((node, sum)),
                        None => terms(self, a).map(|sum| (a, sum)),
                    };
                    if let (Some((node, mut sum)), Some(added)) = (sum, added) {
                        for part in [node, second] {
                            let goes_in = match graph.op(part) {
                                Op::Mul(..) => product(self, part).is_some(),
                                _ => part == node && so_far(self, node).is_some(),
                            };
                            if goes_in {
                                self.fused.insert(part, Fused::Away);
                            }
                        }
                        sum.extend(added);
                        self.fused.insert(id, Fused::Terms(sum));
                    } else if let Some((x, y)) = product(self, b) {
                        self.fused.insert(b, Fused::Away);
                        self.fused.insert(id, Fused::MulAdd { a: x, b: y, c: a, less: false });
                    } else if let Some((x, y)) = product(self, a) {
                        self.fused.insert(a, Fused::Away);
                        self.fused.insert(id, Fused::MulAdd { a: x, b: y, c: b, less: false });
                    }
                }
                Op::Sub(a, b) => {
                    if let Some((x, y)) = product(self, b) {
                        self.fused.insert(b, Fused::Away);
                        self.fused.insert(id, Fused::MulAdd { a: x, b: y, c: a, less: true });
                    }
                }
                _ => {}
            }
        }
    }
}
