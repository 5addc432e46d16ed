//! Numbers as sums of products.
//!
//! What a loop works out in every round is regrouped: products of what changes from round to round,
//! each times what does not and is worked out once before. Only searches are regrouped, never
//! results: sums come out with other roundings. What is left of a number when a share of it is
//! taken becomes the number times the rest of one, so that nothing is small because two large
//! numbers cancel, and what is nothing stays nothing.
//!
//! Whether two sums are the same whatever the scenario ([`Graph::are_equal`]) shows when all
//! products are multiplied out.

use super::{Graph, Id, Op};
use rustc_hash::FxHashMap as HashMap;

/// Most products of a sum, and most changing factors of a product: beyond them a number stays a
/// factor of its own.
const MOST_TERMS: usize = 96;
const MOST_FACTORS: usize = 4;

/// How far down a choice's branches what is known of its condition is used.
const DEPTH: u32 = 4;

/// By how much what a sum comes to at most is made larger, for roundings.
const ROUNDING: f64 = 1e-9;

/// By how much, relative to the largest, factors may differ in sums that are the same.
const SAME_WITHIN: f64 = 1e-13;

/// A product, factors in order.
#[derive(Debug, Clone, PartialEq)]
struct Term {
    /// What changes.
    changing: Vec<Id>,
    /// What does not.
    fixed: Vec<Id>,
    times: f64,
}

/// Numbers being regrouped.
struct Regrouping<'g> {
    graph: &'g mut Graph,
    /// The loop whose rounds change numbers.
    of: Option<u32>,
    /// Numbers as sums of products.
    forms: HashMap<Id, Vec<Term>>,
}

impl Graph {
    /// What numbers come to when the rounds of a loop are regrouped.
    pub fn regrouped(&mut self, ids: &[Id], of: u32) -> Vec<Id> {
        let mut regrouping = self.regrouping(ids, of);
        ids.iter().map(|&id| regrouping.summed(id)).collect()
    }

    /// The most that any of some numbers can come to in a loop, where all that changes in them are
    /// shares between 0 and 1: outside of the loop. None where something else changes.
    pub fn most_of_any(&mut self, ids: &[Id], of: u32) -> Option<Id> {
        let mut regrouping = self.regrouping(ids, of);
        let mut most = None;
        for &id in ids {
            let own = regrouping.most(id)?;
            most = Some(match most {
                Some(most) => regrouping.graph.folded(Op::Max(most, own)),
                None => own,
            });
        }
        most
    }

    /// Whether two numbers are the same in every scenario but for roundings, as far as
    /// multiplying out shows what is done with the `given` numbers.
    pub fn are_equal(&mut self, a: Id, b: Id, given: &[Id]) -> bool {
        let forms = given.iter().map(|&id| (id, self.alone(id, false))).collect();
        let mut regrouping = Regrouping { graph: self, of: None, forms };
        regrouping.fill(&[a, b]);
        let (a, b) = (&regrouping.forms[&a], &regrouping.forms[&b]);
        let Some(off) = Term::sum(a, b, -1.0) else { return false };
        let largest = a.iter().map(|term| term.times.abs()).fold(0.0, f64::max);
        // of what is given, no more than all of it
        let share = |id: &Id| {
            let (low, high) = regrouping.graph.range(*id);
            given.contains(id) || (low >= 0.0 && high <= 1.0)
        };
        let once = |term: &Term| term.fixed.iter().filter(|id| given.contains(id)).count() <= 1;
        off.iter().all(|term| {
            term.times.abs() <= SAME_WITHIN * largest && term.fixed.iter().all(share) && once(term)
        })
    }

    fn regrouping(&mut self, ids: &[Id], of: u32) -> Regrouping<'_> {
        let mut regrouping = Regrouping { graph: self, of: Some(of), forms: HashMap::default() };
        regrouping.fill(ids);
        regrouping
    }

    /// A number as a factor of its own.
    fn alone(&self, id: Id, changes: bool) -> Vec<Term> {
        if let Some(value) = self.constant_of(id) {
            return Term::constant(value);
        }
        let (mut changing, mut fixed) = (Vec::new(), Vec::new());
        if changes { &mut changing } else { &mut fixed }.push(id);
        vec![Term { changing, fixed, times: 1.0 }]
    }

    /// What a number is where a condition is above zero, or where it is not.
    fn given(&mut self, id: Id, condition: Id, above: bool, depth: u32) -> Id {
        if depth == 0 {
            return id;
        }
        let op = self.op(id);
        if let Op::Select(c, a, b) = op
            && c == condition
        {
            return self.given(if above { a } else { b }, condition, above, depth - 1);
        }
        op.with_operands(&mut |operand| self.given(operand, condition, above, depth - 1))
            .filter(|&with| with != op)
            .map_or(id, |with| self.folded(with))
    }
}

impl Regrouping<'_> {
    fn changes(&self, id: Id) -> bool {
        self.of.is_some_and(|of| self.graph.is_within(id, of))
    }

    /// Works out the forms of numbers and of all that they are worked out from.
    fn fill(&mut self, ids: &[Id]) {
        let mut below = Vec::new();
        let mut stack = ids.to_vec();
        let mut seen = vec![false; self.graph.ops.len()];
        while let Some(id) = stack.pop() {
            let known = self.forms.contains_key(&id);
            if !known && !std::mem::replace(&mut seen[id.index()], true) {
                below.push(id);
                if !matches!(self.graph.op(id), Op::Root(..)) {
                    stack.extend(self.graph.op(id).operands());
                }
            }
        }
        below.sort_unstable();
        for id in below {
            let form = self.form(id);
            self.forms.insert(id, form);
        }
    }

    /// A number as a sum of products, once that is known of all that it is worked out from.
    fn form(&mut self, id: Id) -> Vec<Term> {
        let op = self.graph.op(id);
        let form = match op {
            Op::Constant(bits) => Some(Term::constant(f64::from_bits(bits))),
            Op::Add(a, b) => Term::sum(&self.forms[&a], &self.forms[&b], 1.0),
            Op::Sub(a, b) => match self.share_taken(a, b) {
                Some(share) if self.of.is_some() => {
                    let share = self.summed(share);
                    let one = self.graph.constant(1.0);
                    let rest = self.graph.folded(Op::Sub(one, share));
                    Term::product(&self.forms[&a], &self.alone(rest))
                }
                _ if self.of.is_none() || self.changes(id) => {
                    Term::sum(&self.forms[&a], &self.forms[&b], -1.0)
                }
                _ => None,
            },
            Op::Neg(a) => Term::sum(&[], &self.forms[&a], -1.0),
            Op::Mul(a, b) => Term::product(&self.forms[&a], &self.forms[&b]),
            Op::Div(a, b) if !self.changes(b) => {
                let one = self.graph.constant(1.0);
                let inverse = self.graph.folded(Op::Div(one, b));
                Term::product(&self.forms[&a], &self.alone(inverse))
            }
            _ => None,
        };
        form.unwrap_or_else(|| {
            if !self.changes(id) {
                return self.alone(id);
            }
            let node = match op.with_operands(&mut |operand| self.summed(operand)) {
                Some(Op::Select(c, a, b)) => {
                    let a = self.graph.given(a, c, true, DEPTH);
                    let b = self.graph.given(b, c, false, DEPTH);
                    self.graph.folded(Op::Select(c, a, b))
                }
                Some(op) => self.graph.folded(op),
                // what is found or worked out elsewhere stays as it is
                None => id,
            };
            let (low, high) = self.graph.range(id);
            self.graph.assume(node, low, high);
            self.alone(node)
        })
    }

    /// The share that is taken of `a` where `b` is a share of it.
    fn share_taken(&self, a: Id, b: Id) -> Option<Id> {
        match self.graph.op(b) {
            Op::Mul(x, y) if x == a => Some(y),
            Op::Mul(x, y) if y == a => Some(x),
            _ => None,
        }
    }

    /// A number as a factor of its own.
    fn alone(&self, id: Id) -> Vec<Term> {
        self.graph.alone(id, self.changes(id))
    }

    /// The terms of a form with the same changing factors: their product, and the sum of what
    /// stands beside it.
    fn gathered(&mut self, id: Id) -> Vec<(Vec<Id>, Id)> {
        let mut left = self.forms[&id].clone();
        let mut gathered = Vec::new();
        while let Some(first) = left.first() {
            let changing = first.changing.clone();
            let like = left.extract_if(.., |term| term.changing == changing);
            let terms = like.map(|term| (term.fixed, term.times)).collect();
            gathered.push((changing, self.factored(terms)));
        }
        gathered
    }

    /// A sum of products, with factors that several share taken out of them.
    fn factored(&mut self, mut terms: Vec<(Vec<Id>, f64)>) -> Id {
        let uses = |id: Id| terms.iter().filter(|(factors, _)| factors.contains(&id)).count();
        let most = terms
            .iter()
            .flat_map(|(factors, _)| factors)
            .map(|&id| (uses(id), std::cmp::Reverse(id)))
            .max()
            .filter(|&(uses, _)| uses > 1);
        let Some((_, std::cmp::Reverse(shared))) = most else {
            let mut sum = self.graph.constant(0.0);
            for (factors, times) in terms {
                let times = self.graph.constant(times);
                let product = self.multiplied(&factors);
                let part = product.map_or(times, |id| self.graph.folded(Op::Mul(id, times)));
                sum = self.graph.folded(Op::Add(sum, part));
            }
            return sum;
        };
        let without = terms.extract_if(.., |(factors, _)| !factors.contains(&shared)).collect();
        for (factors, _) in &mut terms {
            let at = factors.iter().position(|&id| id == shared);
            at.map(|at| factors.remove(at));
        }
        let inner = self.factored(terms);
        let with = self.graph.folded(Op::Mul(inner, shared));
        let without = self.factored(without);
        self.graph.folded(Op::Add(with, without))
    }

    fn multiplied(&mut self, factors: &[Id]) -> Option<Id> {
        factors.iter().copied().reduce(|product, id| self.graph.folded(Op::Mul(product, id)))
    }

    /// The most that a number can come to.
    fn most(&mut self, id: Id) -> Option<Id> {
        let zero = self.graph.constant(0.0);
        let (mut fixed, mut moving) = (zero, zero);
        for (changing, times) in self.gathered(id) {
            if changing.is_empty() {
                fixed = self.graph.folded(Op::Add(fixed, times));
                continue;
            }
            let share = |&id: &Id| self.graph.range(id).0 >= 0.0 && self.graph.range(id).1 <= 1.0;
            if !changing.iter().all(share) {
                return None;
            }
            let above = self.graph.folded(Op::Max(times, zero));
            moving = self.graph.folded(Op::Add(moving, above));
        }
        let more = self.graph.constant(1.0 + ROUNDING);
        let moving = self.graph.folded(Op::Mul(moving, more));
        Some(self.graph.folded(Op::Add(fixed, moving)))
    }

    /// The node of a number as its form says it.
    fn summed(&mut self, id: Id) -> Id {
        if !self.changes(id) {
            return id;
        }
        let mut sum = self.graph.constant(0.0);
        for (changing, times) in self.gathered(id) {
            let product = self.multiplied(&changing);
            let part = product.map_or(times, |id| self.graph.folded(Op::Mul(id, times)));
            sum = self.graph.folded(Op::Add(sum, part));
        }
        sum
    }
}

impl Term {
    fn constant(value: f64) -> Vec<Self> {
        let term = Self { changing: Vec::new(), fixed: Vec::new(), times: value };
        if value == 0.0 { Vec::new() } else { vec![term] }
    }

    /// One sum and another, or less another.
    fn sum(a: &[Self], b: &[Self], sign: f64) -> Option<Vec<Self>> {
        let mut sum = a.to_vec();
        for term in b {
            let times = sign * term.times;
            let like =
                |other: &&mut Self| other.changing == term.changing && other.fixed == term.fixed;
            match sum.iter_mut().find(like) {
                Some(other) => other.times += times,
                None => sum.push(Self { times, ..term.clone() }),
            }
        }
        sum.retain(|term| term.times != 0.0);
        (sum.len() <= MOST_TERMS).then_some(sum)
    }

    fn product(a: &[Self], b: &[Self]) -> Option<Vec<Self>> {
        let both = |x: &[Id], y: &[Id]| {
            let mut both = [x, y].concat();
            both.sort_unstable();
            both
        };
        let mut product: Vec<Self> = Vec::new();
        for x in a {
            for y in b {
                let changing = both(&x.changing, &y.changing);
                if changing.len() > MOST_FACTORS {
                    return None;
                }
                let fixed = both(&x.fixed, &y.fixed);
                let term = Self { changing, fixed, times: x.times * y.times };
                product = Self::sum(&product, &[term], 1.0)?;
            }
        }
        Some(product)
    }
}
