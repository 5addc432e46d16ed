//! Making nodes: what is known before any scenario is worked out then and there.
//!
//! No rule changes a number's bits (but for the sign of a zero): sums and products are not
//! regrouped, and no division becomes a product.

use super::graph::{Graph, Id, Op};
use crate::scalar::Scalar;

impl Graph {
    /// The node of an operation, or of what it comes to.
    pub fn folded(&mut self, op: Op) -> Id {
        if let Some(value) = self.worked_out(op) {
            return self.constant(value);
        }
        self.simpler(op).unwrap_or_else(|| self.node(ordered(op)))
    }

    /// The value of an operation on constants.
    fn worked_out(&self, op: Op) -> Option<f64> {
        let of = |id: Id| self.constant_of(id);
        Some(match op {
            Op::Add(a, b) => of(a)? + of(b)?,
            Op::Sub(a, b) => of(a)? - of(b)?,
            Op::Mul(a, b) => of(a)? * of(b)?,
            Op::Div(a, b) => of(a)? / of(b)?,
            Op::Neg(a) => -of(a)?,
            Op::Min(a, b) => Scalar::min(of(a)?, of(b)?),
            Op::Max(a, b) => Scalar::max(of(a)?, of(b)?),
            Op::Sqrt(a) => of(a)?.sqrt(),
            Op::Ln(a) => of(a)?.ln(),
            Op::Exp(a) => of(a)?.exp(),
            _ => return None,
        })
    }

    /// The node that an operation comes to without doing it.
    fn simpler(&mut self, op: Op) -> Option<Id> {
        let is = |graph: &Self, id: Id, value: f64| graph.constant_of(id) == Some(value);
        match op {
            Op::Add(a, b) if is(self, b, 0.0) => Some(a),
            Op::Add(a, b) if is(self, a, 0.0) => Some(b),
            Op::Add(a, b) => match (self.op(a), self.op(b)) {
                (_, Op::Neg(b)) => Some(self.folded(Op::Sub(a, b))),
                (Op::Neg(a), _) => Some(self.folded(Op::Sub(b, a))),
                _ => None,
            },
            Op::Sub(a, b) if is(self, b, 0.0) => Some(a),
            Op::Sub(a, b) if is(self, a, 0.0) => Some(self.folded(Op::Neg(b))),
            Op::Sub(a, b) if a == b => Some(self.constant(0.0)),
            Op::Sub(a, b) => match self.op(b) {
                Op::Neg(b) => Some(self.folded(Op::Add(a, b))),
                _ => None,
            },
            Op::Mul(a, b) => {
                for (constant, other) in [(a, b), (b, a)] {
                    match self.constant_of(constant) {
                        Some(0.0) => return Some(self.constant(0.0)),
                        Some(1.0) => return Some(other),
                        Some(-1.0) => return Some(self.folded(Op::Neg(other))),
                        _ => {}
                    }
                }
                None
            }
            Op::Div(a, b) if is(self, b, 1.0) => Some(a),
            Op::Div(a, _) if is(self, a, 0.0) => Some(a),
            Op::Neg(a) => match self.op(a) {
                Op::Neg(inner) => Some(inner),
                Op::Sub(x, y) => Some(self.folded(Op::Sub(y, x))),
                _ => None,
            },
            Op::Min(a, b) | Op::Max(a, b) if a == b => Some(a),
            Op::Min(a, b) => match (self.range(a), self.range(b)) {
                (first, second) if first.1 <= second.0 => Some(a),
                (first, second) if second.1 < first.0 => Some(b),
                _ => None,
            },
            Op::Max(a, b) => match (self.range(a), self.range(b)) {
                (first, second) if first.0 >= second.1 => Some(a),
                (first, second) if second.0 > first.1 => Some(b),
                _ => None,
            },
            Op::Select(_, a, b) if a == b => Some(a),
            Op::Select(c, a, b) => match self.range(c) {
                (low, _) if low > 0.0 => Some(a),
                (_, high) if high <= 0.0 => Some(b),
                _ => match self.op(c) {
                    // a scale above zero changes no sign
                    Op::Mul(left, right) => [(left, right), (right, left)]
                        .into_iter()
                        .find(|&(scale, _)| self.constant_of(scale).is_some_and(|s| s >= 1.0))
                        .map(|(_, other)| self.folded(Op::Select(other, a, b))),
                    _ => None,
                },
            },
            _ => None,
        }
    }
}

/// Sums and products with their operands in order, so that `a + b` and `b + a` are one.
fn ordered(op: Op) -> Op {
    match op {
        Op::Add(a, b) if b < a => Op::Add(b, a),
        Op::Mul(a, b) if b < a => Op::Mul(b, a),
        other => other,
    }
}
