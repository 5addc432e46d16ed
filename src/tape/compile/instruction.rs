//! The instruction of a node, with the constants that it holds in itself.

use super::Compiler;
use super::fuse::Fused;
use super::order::Item;
use crate::tape::graph::{Id, Op, small};
use crate::tape::program::{Instruction, Listing, Register};
use rustc_hash::FxHashMap as HashMap;

impl Compiler<'_> {
    /// Whether an item holds a constant in its instruction.
    pub(super) fn holds(&self, item: &Item, id: Id) -> bool {
        let (Item::Node(node), Some(_)) = (item, self.graph.constant_of(id)) else { return false };
        match self.fused.get(node) {
            Some(Fused::MulAdd { a, b, c, .. }) => (*a == id || *b == id) && *c != id,
            Some(Fused::Terms(_) | Fused::Away) => true,
            None => match self.graph.op(*node) {
                Op::Add(..) | Op::Mul(..) | Op::Sub(..) => true,
                Op::Div(a, _) => a == id,
                _ => false,
            },
        }
    }

    pub(super) fn instruction(
        &self,
        id: Id,
        to: Register,
        place: &HashMap<Id, Register>,
        program: &mut Listing,
    ) -> Instruction {
        use Instruction as I;
        let graph = self.graph;
        let at = |id: Id| place[&self.source(id)];
        let constant = |id: Id| graph.constant_of(id);
        program.operations += 1;
        match self.fused.get(&id) {
            Some(&Fused::MulAdd { a, b, c, less }) => {
                program.operations += 1;
                let c = at(c);
                let scaled = match (constant(a), constant(b)) {
                    (Some(k), _) => Some((at(b), k)),
                    (_, Some(k)) => Some((at(a), k)),
                    _ => None,
                };
                return match (scaled, less) {
                    (Some((a, k)), false) => I::MulConstantAdd { to, a, k, c },
                    (Some((a, k)), true) => I::MulConstantSub { to, a, k, c },
                    (None, false) => I::MulAdd { to, a: at(a), b: at(b), c },
                    (None, true) => I::MulSub { to, a: at(a), b: at(b), c },
                };
            }
            Some(Fused::Terms(terms)) => {
                let plain = terms.iter().all(|(_, k)| k.to_bits() == 1.0_f64.to_bits());
                let scaled = terms.iter().filter(|(_, k)| k.to_bits() != 1.0_f64.to_bits()).count();
                program.operations += terms.len() - 2 + scaled;
                let (first, count) = (program.terms.len(), terms.len());
                if let ([(a, _), (b, _)], true) = (&terms[..], plain) {
                    return I::Add { to, a: at(*a), b: at(*b) };
                }
                program.terms.extend(terms.iter().map(|(id, k)| (at(*id), *k)));
                let (first, count) = (small(first), small(count));
                return if plain {
                    I::Sum { to, first, count }
                } else {
                    I::Dot { to, first, count }
                };
            }
            _ => {}
        }
        match graph.op(id) {
            Op::Add(a, b) => match (constant(a), constant(b)) {
                (Some(k), _) => I::AddConstant { to, a: at(b), k },
                (_, Some(k)) => I::AddConstant { to, a: at(a), k },
                _ => I::Add { to, a: at(a), b: at(b) },
            },
            Op::Sub(a, b) => match (constant(a), constant(b)) {
                (Some(k), _) => I::SubFrom { to, a: at(b), k },
                (_, Some(k)) => I::AddConstant { to, a: at(a), k: -k },
                _ => I::Sub { to, a: at(a), b: at(b) },
            },
            Op::Mul(a, b) => match (constant(a), constant(b)) {
                (Some(k), _) => I::MulConstant { to, a: at(b), k },
                (_, Some(k)) => I::MulConstant { to, a: at(a), k },
                _ => I::Mul { to, a: at(a), b: at(b) },
            },
            Op::Div(a, b) => match constant(a) {
                Some(k) => I::DivInto { to, a: at(b), k },
                None => I::Div { to, a: at(a), b: at(b) },
            },
            Op::Neg(a) => I::Neg { to, a: at(a) },
            Op::Min(a, b) => I::Min { to, a: at(a), b: at(b) },
            Op::Max(a, b) => I::Max { to, a: at(a), b: at(b) },
            Op::Select(c, a, b) => I::Select { to, c: at(c), a: at(a), b: at(b) },
            Op::Abs(a) => I::Abs { to, a: at(a) },
            Op::Sqrt(a) => I::Sqrt { to, a: at(a) },
            Op::Ln(a) => I::Ln { to, a: at(a) },
            Op::Exp(a) => I::Exp { to, a: at(a) },
            Op::Pow(a, b) => I::Pow { to, a: at(a), b: at(b) },
            // scheduled as something else
            Op::Root(a, _, _) => I::Copy { to, a: at(a) },
            Op::Constant(_)
            | Op::Given(_)
            | Op::Input(_)
            | Op::State(..)
            | Op::Exit(..)
            | Op::Foreign(..) => I::Copy { to, a: to },
        }
    }
}
