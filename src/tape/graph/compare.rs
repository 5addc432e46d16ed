//! What is known of numbers beside each other in every scenario, from how they are worked out.

use super::fold::DEPTH;
use super::{Graph, Id, Op};

impl Graph {
    /// Whether a number is no more than another in every scenario, whatever rounding does.
    pub(in crate::tape) fn is_no_more_than(&self, part: Id, whole: Id, depth: u32) -> bool {
        let (low, high) = self.range(part);
        if part == whole || high <= self.range(whole).0 {
            return true;
        }
        if depth == 0 || low.is_nan() {
            return false;
        }
        let within = |part: Id| self.is_no_more_than(part, whole, depth - 1);
        if let Op::Max(a, b) = self.op(whole)
            && (self.is_no_more_than(part, a, depth - 1)
                || self.is_no_more_than(part, b, depth - 1))
        {
            return true;
        }
        let share = |id: Id| self.range(id).0 >= 0.0 && self.range(id).1 <= 1.0;
        match self.op(part) {
            Op::Sub(a, b) => self.range(b).0 >= 0.0 && within(a),
            Op::Min(a, b) => within(a) || within(b),
            Op::Max(a, b) | Op::Select(_, a, b) => within(a) && within(b),
            Op::Mul(a, b) => {
                (share(b) && self.range(a).0 >= 0.0 && within(a))
                    || (share(a) && self.range(b).0 >= 0.0 && within(b))
            }
            _ => false,
        }
    }

    /// The most that a number can be where another is above zero.
    pub(in crate::tape) fn most_where(&self, id: Id, above: Id, depth: u32) -> f64 {
        if depth == 0 {
            return self.range(id).1;
        }
        let most = |id: Id| self.most_where(id, above, depth - 1);
        match self.op(id) {
            Op::Min(a, b) => most(a).min(most(b)),
            Op::Select(c, a, _) if self.is_above_zero_where(c, above, DEPTH) => most(a),
            Op::Max(a, b) | Op::Select(_, a, b) => most(a).max(most(b)),
            _ => self.range(id).1,
        }
    }

    /// Whether a number is above zero wherever another is.
    fn is_above_zero_where(&self, id: Id, above: Id, depth: u32) -> bool {
        if id == above || self.range(id).0 > 0.0 {
            return true;
        }
        if depth == 0 {
            return false;
        }
        let so = |id: Id| self.is_above_zero_where(id, above, depth - 1);
        let never_below = |id: Id| self.range(id).0 >= 0.0;
        match self.op(id) {
            Op::Mul(a, b) | Op::Min(a, b) => so(a) && so(b),
            Op::Max(a, b) => so(a) || so(b),
            Op::Add(a, b) => (so(a) && never_below(b)) || (so(b) && never_below(a)),
            // less than the whole of it
            Op::Sub(a, b) => match self.op(b) {
                Op::Mul(x, y) => {
                    let part = |share: Id, whole: Id| whole == a && self.range(share).1 < 1.0;
                    (part(x, y) || part(y, x)) && so(a)
                }
                _ => false,
            },
            _ => false,
        }
    }
}
