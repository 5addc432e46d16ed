//! Making nodes: what is known before any scenario is worked out then and there.
//!
//! No rule changes a number's bits (but for the sign of a zero): sums and products are not
//! regrouped, and no division becomes a product.

use super::{Graph, Id, Op};
use crate::math;
use crate::scalar::Scalar;

/// How far down an expression rules look.
pub(in crate::tape) const DEPTH: u32 = 6;

impl Graph {
    /// The node of an operation, or of what it comes to.
    pub fn folded(&mut self, op: Op) -> Id {
        if let Some(value) = self.worked_out(op) {
            return self.constant(value);
        }
        if let Some(id) = self.among_constants(op) {
            return id;
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
            Op::Abs(a) => of(a)?.abs(),
            Op::Sqrt(a) => of(a)?.sqrt(),
            Op::Ln(a) => math::ln(of(a)?),
            Op::Exp(a) => math::exp(of(a)?),
            Op::Pow(a, b) => math::pow(of(a)?, of(b)?),
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
                    // nothing of one is taken as soon as there is any of it
                    if self.range(constant).0 >= 0.0
                        && self.range(other).0 >= 0.0
                        && self.most_where(other, constant, DEPTH) <= 0.0
                    {
                        return Some(self.constant(0.0));
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
                _ if self.is_no_more_than(a, b, DEPTH) => Some(a),
                _ if self.is_no_more_than(b, a, DEPTH) => Some(b),
                _ => None,
            },
            Op::Max(a, b) => match (self.range(a), self.range(b)) {
                (first, second) if first.0 >= second.1 => Some(a),
                (first, second) if second.0 > first.1 => Some(b),
                _ if self.is_no_more_than(b, a, DEPTH) => Some(a),
                _ if self.is_no_more_than(a, b, DEPTH) => Some(b),
                _ => self.size(a, b),
            },
            Op::Abs(a) if self.range(a).0 >= 0.0 => Some(a),
            // whatever the other is
            Op::Pow(_, b) if is(self, b, 0.0) => Some(self.constant(1.0)),
            Op::Pow(a, _) if is(self, a, 1.0) => Some(a),
            Op::Select(_, a, b) if a == b => Some(a),
            Op::Select(c, a, b) => match (self.range(c), self.op(a), self.op(b)) {
                ((low, _), ..) if low > 0.0 => Some(a),
                ((_, high), ..) if high <= 0.0 => Some(b),
                (_, Op::Select(other, first, _), _) if other == c => {
                    Some(self.folded(Op::Select(c, first, b)))
                }
                (_, _, Op::Select(other, _, second)) if other == c => {
                    Some(self.folded(Op::Select(c, a, second)))
                }
                _ => match self.op(c) {
                    // a scale above zero changes no sign
                    Op::Mul(left, right) => [(left, right), (right, left)]
                        .into_iter()
                        .find(|&(scale, _)| self.constant_of(scale).is_some_and(|s| s >= 1.0))
                        .map(|(_, other)| self.folded(Op::Select(other, a, b))),
                    Op::Select(..) if self.is_among_constants(c, DEPTH) => {
                        let condition = self.condition(c);
                        match self.op(condition) {
                            _ if condition == c => None,
                            // what is chosen by a choice between yes and no
                            Op::Select(inner, yes, no)
                                if is(self, yes, 1.0) && is(self, no, 0.0) =>
                            {
                                Some(self.folded(Op::Select(inner, a, b)))
                            }
                            _ => Some(self.folded(Op::Select(condition, a, b))),
                        }
                    }
                    _ => None,
                },
            },
            _ => None,
        }
    }

    /// The size of a number, as the larger of it and of what it is less than zero.
    fn size(&mut self, a: Id, b: Id) -> Option<Id> {
        match (self.op(a), self.op(b)) {
            (Op::Sub(x, y), other) if other == Op::Sub(y, x) => Some(self.folded(Op::Abs(a))),
            (_, Op::Neg(x)) if x == a => Some(self.folded(Op::Abs(a))),
            (Op::Neg(x), _) if x == b => Some(self.folded(Op::Abs(b))),
            _ => None,
        }
    }

    /// Whether a number is chosen among constants.
    fn is_among_constants(&self, id: Id, depth: u32) -> bool {
        match self.op(id) {
            Op::Constant(_) => true,
            Op::Select(_, a, b) if depth > 0 => {
                self.is_among_constants(a, depth - 1) && self.is_among_constants(b, depth - 1)
            }
            _ => false,
        }
    }

    /// An operation on a number chosen among constants: the same choice among what comes of them.
    fn among_constants(&mut self, op: Op) -> Option<Id> {
        let chosen = |graph: &Self, id: Id| {
            matches!(graph.op(id), Op::Select(..)) && graph.is_among_constants(id, DEPTH)
        };
        let constant = |graph: &Self, id: Id| graph.constant_of(id).is_some();
        let (place, of): (Id, fn(Id, Id, Id) -> Op) = match op {
            Op::Add(a, b) if a == b && chosen(self, a) => (a, |_, _, x| Op::Add(x, x)),
            Op::Mul(a, b) if a == b && chosen(self, a) => (a, |_, _, x| Op::Mul(x, x)),
            Op::Add(a, b) if constant(self, b) && chosen(self, a) => (a, |_, b, x| Op::Add(x, b)),
            Op::Add(a, b) if constant(self, a) && chosen(self, b) => (b, |a, _, x| Op::Add(a, x)),
            Op::Sub(a, b) if constant(self, b) && chosen(self, a) => (a, |_, b, x| Op::Sub(x, b)),
            Op::Sub(a, b) if constant(self, a) && chosen(self, b) => (b, |a, _, x| Op::Sub(a, x)),
            Op::Mul(a, b) if constant(self, b) && chosen(self, a) => (a, |_, b, x| Op::Mul(x, b)),
            Op::Mul(a, b) if constant(self, a) && chosen(self, b) => (b, |a, _, x| Op::Mul(a, x)),
            _ => return None,
        };
        let mut operands = op.operands();
        let (first, second) = (operands.next()?, operands.next()?);
        Some(self.each_constant(place, &mut |graph, leaf| graph.folded(of(first, second, leaf))))
    }

    /// The same choice among what `made` makes of its constants.
    fn each_constant(&mut self, id: Id, made: &mut dyn FnMut(&mut Self, Id) -> Id) -> Id {
        match self.op(id) {
            Op::Select(c, a, b) => {
                let (a, b) = (self.each_constant(a, made), self.each_constant(b, made));
                self.folded(Op::Select(c, a, b))
            }
            _ => made(self, id),
        }
    }

    /// A number chosen among constants as a condition: one where it is above zero, else zero.
    fn condition(&mut self, id: Id) -> Id {
        self.each_constant(id, &mut |graph, leaf| {
            let above = graph.constant_of(leaf).is_some_and(|value| value > 0.0);
            graph.constant(if above { 1.0 } else { 0.0 })
        })
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
