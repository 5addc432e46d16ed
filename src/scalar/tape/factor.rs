//! Taking out of a loop what does not change in it, sum by sum.
//!
//! A stream that is offered to a walk is a sum of what came before and a part of what opens, and
//! most of what stages make of it is linear: what a load comes to is then a few products of
//! numbers that change with numbers that do not. The latter are worked out once, outside. This
//! regroups sums, which is why it is done only to loops that find a place, never to what is made
//! of the place found.

use super::graph::{Graph, Id, Op};
use std::collections::{HashMap, HashSet};

/// Most numbers that a sum is kept as before it is worked out.
const MOST_TERMS: usize = 8;

/// A sum of numbers that change (none for what does not), each times one that does not.
type Sum = Vec<(Option<Id>, Id)>;

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
            None => vec![(None, id)],
        }
    }

    /// A number that changes and is no sum of products.
    fn atom(&mut self, id: Id) -> Sum {
        if self.graph.is_within(id, self.of) {
            vec![(Some(id), self.graph.constant(1.0))]
        } else {
            vec![(None, id)]
        }
    }

    fn sum_of(&mut self, id: Id) -> Sum {
        let op = self.graph.op(id);
        match op {
            Op::Add(a, b) => {
                let (a, b) = (self.sum(a), self.sum(b));
                self.kept(a, b, |graph, x, y| graph.folded(Op::Add(x, y)), false)
            }
            // what an inlet leaves is nothing at all where it accepts everything, and stays so
            Op::Sub(a, b) if self.is_changing_part(b, a) => {
                self.remade(&[a, b], |ids| Op::Sub(ids[0], ids[1]))
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
                self.remade(&[a, b], |ids| Op::Mul(ids[0], ids[1]))
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

    /// Whether a node is another times a number that changes.
    fn is_changing_part(&self, part: Id, whole: Id) -> bool {
        match self.graph.op(part) {
            Op::Mul(a, b) if a == whole => self.graph.is_within(b, self.of),
            Op::Mul(a, b) if b == whole => self.graph.is_within(a, self.of),
            _ => false,
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
        for (factor, part) in second {
            match sum.iter_mut().find(|(other, _)| *other == factor) {
                Some((_, own)) => *own = join(self.graph, *own, part),
                None if away => {
                    let part = self.graph.folded(Op::Neg(part));
                    sum.push((factor, part));
                }
                None => sum.push((factor, part)),
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
            sum.into_iter().map(|(factor, part)| (factor, act(self.graph, part))).collect();
        sum.retain(|(_, part)| self.graph.constant_of(*part) != Some(0.0));
        sum
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
        for &(factor, part) in sum {
            let term = match factor {
                Some(factor) => self.graph.folded(Op::Mul(factor, part)),
                None => part,
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
        [(None, part)] => Some(*part),
        _ => None,
    }
}
