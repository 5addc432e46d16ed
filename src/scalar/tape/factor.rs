//! Taking out of a loop what does not change in it, sum by sum.
//!
//! A stream that is offered to a walk is a sum of what came before and a part of what opens, and
//! most of what stages make of it is linear: what a load comes to is then a few products of
//! numbers that change with numbers that do not. The latter are worked out once, outside. This
//! regroups sums, which is why it is done only to loops that find a place, never to what is made
//! of the place found.

use super::graph::{Graph, Id, Op};
use std::collections::{HashMap, HashSet};

/// Most products that a sum is kept as before it is worked out.
const MOST_TERMS: usize = 8;

/// Most numbers that a product is of.
const MOST_FACTORS: usize = 3;

/// A sum of products of numbers that change, each times one that does not.
type Sum = Vec<(Vec<Id>, Id)>;

impl Graph {
    /// What `roots` come to within a loop, with all that does not change taken out of it.
    pub(super) fn factored(&mut self, of: u32, roots: &[Id]) -> Vec<Id> {
        let mut order: Vec<Id> = Vec::new();
        let mut seen: HashSet<Id> = HashSet::new();
        let mut stack: Vec<Id> = roots.to_vec();
        while let Some(id) = stack.pop() {
            if !self.is_within(id, of) || !seen.insert(id) {
                continue;
            }
            order.push(id);
            match self.op(id) {
                Op::Root(at, _, _) => stack.push(at),
                op => stack.extend(op.operands()),
            }
        }
        order.sort_unstable();
        let mut factoring =
            Factoring { graph: self, of, sums: HashMap::new(), done: HashMap::new() };
        for id in order {
            let sum = factoring.sum_of(id);
            factoring.sums.insert(id, sum);
        }
        roots.iter().map(|&root| factoring.worked_out(root)).collect()
    }
}

struct Factoring<'g> {
    graph: &'g mut Graph,
    of: u32,
    /// By node of the loop as it was recorded.
    sums: HashMap<Id, Sum>,
    /// Nodes that sums were worked out as.
    done: HashMap<Id, Id>,
}

impl Factoring<'_> {
    /// The sum that a node is.
    fn sum(&mut self, id: Id) -> Sum {
        match self.sums.get(&id) {
            Some(sum) => sum.clone(),
            // it does not change in the loop
            None => vec![(Vec::new(), id)],
        }
    }

    /// A number that changes and is no sum of products.
    fn atom(&mut self, id: Id) -> Sum {
        if self.graph.is_within(id, self.of) {
            vec![(vec![id], self.graph.constant(1.0))]
        } else {
            vec![(Vec::new(), id)]
        }
    }

    fn sum_of(&mut self, id: Id) -> Sum {
        let op = self.graph.op(id);
        match op {
            Op::Add(a, b) => {
                let (a, b) = (self.sum(a), self.sum(b));
                self.kept(a, b, |graph, x, y| graph.folded(Op::Add(x, y)), false)
            }
            Op::Sub(a, b) => {
                let (a, b) = (self.sum(a), self.sum(b));
                self.kept(a, b, |graph, x, y| graph.folded(Op::Sub(x, y)), true)
            }
            Op::Neg(a) => {
                let sum = self.sum(a);
                self.each(sum, |graph, part| graph.folded(Op::Neg(part)))
            }
            Op::Mul(a, b) => {
                let (first, second) = (self.sum(a), self.sum(b));
                if let Some(constant) = invariant(&second) {
                    return self.each(first, |graph, part| graph.folded(Op::Mul(part, constant)));
                }
                if let Some(constant) = invariant(&first) {
                    return self.each(second, |graph, part| graph.folded(Op::Mul(part, constant)));
                }
                self.product(&first, &second).unwrap_or_else(|| {
                    let (a, b) = (self.worked_out(a), self.worked_out(b));
                    let node = self.graph.folded(Op::Mul(a, b));
                    self.atom(node)
                })
            }
            Op::Div(a, b) => {
                let (first, second) = (self.sum(a), self.sum(b));
                if let Some(constant) = invariant(&second) {
                    return self.each(first, |graph, part| graph.folded(Op::Div(part, constant)));
                }
                let (a, b) = (self.worked_out(a), self.worked_out(b));
                let node = self.graph.folded(Op::Div(a, b));
                self.atom(node)
            }
            Op::Root(at, _, _) => self.sum(at),
            Op::Min(a, b) => self.remade(&[a, b], |ids| Op::Min(ids[0], ids[1])),
            Op::Max(a, b) => self.remade(&[a, b], |ids| Op::Max(ids[0], ids[1])),
            Op::Select(c, a, b) => {
                self.remade(&[c, a, b], |ids| Op::Select(ids[0], ids[1], ids[2]))
            }
            Op::Sqrt(a) => self.remade(&[a], |ids| Op::Sqrt(ids[0])),
            Op::Ln(a) => self.remade(&[a], |ids| Op::Ln(ids[0])),
            Op::Exp(a) => self.remade(&[a], |ids| Op::Exp(ids[0])),
            Op::Constant(_) | Op::Input(_) | Op::State(..) | Op::Exit(..) | Op::Foreign(..) => {
                self.atom(id)
            }
        }
    }

    fn remade(&mut self, operands: &[Id], op: impl Fn(&[Id]) -> Op) -> Sum {
        let ids: Vec<Id> = operands.iter().map(|&id| self.worked_out(id)).collect();
        let node = self.graph.folded(op(&ids));
        self.atom(node)
    }

    /// Two sums put together, `second` negative where it is taken away.
    fn kept(
        &mut self,
        first: Sum,
        second: Sum,
        join: impl Fn(&mut Graph, Id, Id) -> Id,
        away: bool,
    ) -> Sum {
        let mut sum = first;
        for (factors, part) in second {
            match sum.iter_mut().find(|(other, _)| *other == factors) {
                Some((_, own)) => *own = join(self.graph, *own, part),
                None if away => {
                    let part = self.graph.folded(Op::Neg(part));
                    sum.push((factors, part));
                }
                None => sum.push((factors, part)),
            }
        }
        sum.retain(|(_, part)| self.graph.constant_of(*part) != Some(0.0));
        self.short(sum)
    }

    /// A sum that is not too long: worked out where it would be.
    fn short(&mut self, sum: Sum) -> Sum {
        if sum.len() <= MOST_TERMS {
            return sum;
        }
        let node = self.added_up(&sum);
        self.atom(node)
    }

    fn each(&mut self, sum: Sum, act: impl Fn(&mut Graph, Id) -> Id) -> Sum {
        let mut sum: Sum =
            sum.into_iter().map(|(factors, part)| (factors, act(self.graph, part))).collect();
        sum.retain(|(_, part)| self.graph.constant_of(*part) != Some(0.0));
        sum
    }

    fn product(&mut self, first: &Sum, second: &Sum) -> Option<Sum> {
        let long = first.len() * second.len() > MOST_TERMS;
        let most = |sum: &Sum| sum.iter().map(|(factors, _)| factors.len()).max().unwrap_or(0);
        if long || most(first) + most(second) > MOST_FACTORS {
            return None;
        }
        let mut sum: Sum = Vec::new();
        for (left, a) in first {
            for (right, b) in second {
                let mut factors = [&left[..], &right[..]].concat();
                factors.sort_unstable();
                let part = self.graph.folded(Op::Mul(*a, *b));
                match sum.iter_mut().find(|(other, _)| *other == factors) {
                    Some((_, own)) => *own = self.graph.folded(Op::Add(*own, part)),
                    None => sum.push((factors, part)),
                }
            }
        }
        Some(sum)
    }

    /// The node that a node as it was recorded comes to.
    fn worked_out(&mut self, id: Id) -> Id {
        if let Some(&node) = self.done.get(&id) {
            return node;
        }
        let Some(sum) = self.sums.get(&id).cloned() else { return id };
        let node = self.added_up(&sum);
        self.done.insert(id, node);
        // what it is used for from here on is one number
        let atom = self.atom(node);
        if sum.len() > 2 {
            self.sums.insert(id, atom);
        }
        node
    }

    fn added_up(&mut self, sum: &Sum) -> Id {
        let mut total: Option<Id> = None;
        for (factors, part) in sum {
            let times = |graph: &mut Graph, a: Id, b: Id| graph.folded(Op::Mul(a, b));
            let product = factors.iter().copied().reduce(|a, b| times(self.graph, a, b));
            let term = match product {
                Some(product) => times(self.graph, product, *part),
                None => *part,
            };
            total = Some(match total {
                Some(total) => self.graph.folded(Op::Add(total, term)),
                None => term,
            });
        }
        total.unwrap_or_else(|| self.graph.constant(0.0))
    }
}

/// The number that a sum is where it does not change.
fn invariant(sum: &Sum) -> Option<Id> {
    match &sum[..] {
        [(factors, part)] if factors.is_empty() => Some(*part),
        _ => None,
    }
}
