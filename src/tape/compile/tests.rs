//! Listings replayed symbolically: what every instruction reads is what the graph says.
//!
//! Items are scheduled over nodes, instructions work on registers that were allocated. The
//! instructions are run on the names of nodes instead of numbers, side by side with the items that
//! they were written for; where a loop begins, a register holds only what it holds after every
//! round. In tests this is done for whatever is compiled: random programs, and those that are
//! recorded of chains.

use super::Compiler;
use super::fuse::Fused;
use super::order::Item;
use crate::tape::graph::{Id, Op, small};
use crate::tape::program::{Instruction as I, Listing, Register};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many listings were replayed by all tests so far.
pub(in crate::tape) static REPLAYED: AtomicUsize = AtomicUsize::new(0);

/// What a register holds.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Holds {
    Nothing,
    Node(Id),
    /// A carried number, out of the way of what replaces it.
    Copy(u32, Id),
    /// Which scenarios are still in a loop.
    Going(u32),
    /// What a loop carries into its next round.
    Next,
}

/// Where an instruction reads: a register, or the constant that it holds.
#[derive(Debug, Clone, Copy)]
enum Read {
    Register(Register),
    Constant(f64),
}

struct Replay<'c, 'g> {
    compiler: &'c Compiler<'g>,
    listing: &'c Listing,
    /// Items that have an instruction, which has the same number.
    items: Vec<&'c Item>,
}

type Holdings = Vec<Holds>;

/// Replays a listing; says where it does not do what the items say.
pub(super) fn check(
    compiler: &Compiler<'_>,
    items: &[Item],
    listing: &Listing,
    outputs: &[Id],
) -> Result<(), String> {
    REPLAYED.fetch_add(1, Ordering::Relaxed);
    let mut copied = Vec::new();
    let has_instruction = |item: &&Item| match item {
        Item::Copy(of, id) if copied.contains(&(*of, *id)) => false,
        Item::Copy(of, id) => {
            copied.push((*of, *id));
            true
        }
        _ => true,
    };
    let items: Vec<&Item> = items.iter().filter(has_instruction).collect();
    let replay = Replay { compiler, listing, items };
    if replay.items.len() != listing.instructions.len() {
        return Err("there are not as many instructions as items".to_owned());
    }
    let mut holds = vec![Holds::Nothing; listing.registers];
    for &(register, k) in &listing.constants {
        let id = compiler.graph.find(Op::Constant(k.to_bits())).ok_or("an unknown constant")?;
        holds[register as usize] = Holds::Node(id);
    }
    for &(input, register) in &listing.inputs {
        let id = compiler.graph.find(Op::Input(small(input))).ok_or("an unknown input")?;
        holds[register as usize] = Holds::Node(id);
    }
    let holds = replay.run(0..replay.items.len(), holds)?;
    for (&id, &register) in outputs.iter().zip(&listing.outputs) {
        replay.reads(&holds, register, id)?;
    }
    Ok(())
}

impl Replay<'_, '_> {
    fn run(&self, range: Range<usize>, mut holds: Holdings) -> Result<Holdings, String> {
        let mut at = range.start;
        while at < range.end {
            let here =
                |error: String| format!("{at}, {:?}: {error}", self.listing.instructions[at]);
            match (self.items[at], self.listing.instructions[at]) {
                (Item::Begin(of), I::Loop { index }) => {
                    let end = self.end_of(at, *of)?;
                    holds = self.run_loop(*of, index, at..end, holds).map_err(here)?;
                    at = end;
                }
                (Item::Node(id), instruction) => {
                    let to = self.node(&holds, *id, instruction).map_err(here)?;
                    holds[to as usize] = Holds::Node(*id);
                }
                (Item::Copy(of, id), I::Copy { to, a }) => {
                    self.reads(&holds, a, *id).map_err(here)?;
                    holds[to as usize] = Holds::Copy(*of, *id);
                }
                (Item::Call(call), I::Call { index }) => {
                    let code = &self.listing.calls[index as usize];
                    let own = &self.compiler.graph.calls[*call as usize];
                    let moves = own.moves.iter().flatten();
                    for (&id, &register) in
                        own.inputs.iter().chain(moves).zip(code.inputs.iter().chain(&code.moves))
                    {
                        self.reads(&holds, register, id).map_err(here)?;
                    }
                    for (place, register) in code.outputs.iter().enumerate() {
                        let id = self.compiler.graph.find(Op::Foreign(*call, small(place)));
                        if let (Some(register), Some(id)) = (register, id) {
                            holds[*register as usize] = Holds::Node(id);
                        }
                    }
                }
                (item, _) => return Err(here(format!("it is no {item:?}"))),
            }
            at += 1;
        }
        Ok(holds)
    }

    fn end_of(&self, begin: usize, of: u32) -> Result<usize, String> {
        let ends = |item: &&Item| matches!(item, Item::End(other) if *other == of);
        let found = self.items[begin..].iter().position(ends).map(|after| begin + after);
        found.ok_or_else(|| format!("loop {of} has no end"))
    }

    /// Runs a loop whose begin and end stand at the ends of a range, until its rounds begin with
    /// what they leave.
    fn run_loop(
        &self,
        of: u32,
        index: u32,
        range: Range<usize>,
        mut holds: Holdings,
    ) -> Result<Holdings, String> {
        let graph = self.compiler.graph;
        let own = &graph.loops[of as usize];
        let code = &self.listing.loops[index as usize];
        let places: Vec<u32> = self.compiler.places(of).collect();
        if (code.begin, code.end) != (range.start + 1, range.end + 1) {
            return Err("its rounds are other instructions".to_owned());
        }
        if let (Some(register), Some(id)) = (code.entry, own.entry) {
            self.reads(&holds, register, id)?;
        }
        for (&place, &(start, state, _)) in places.iter().zip(&code.carried) {
            self.reads(&holds, start, own.start[place as usize])?;
            holds[state as usize] = Holds::Node(graph.state(of, place));
        }
        holds[code.going as usize] = Holds::Going(of);
        // where no scenario enters, this is what is there behind it
        let mut head = holds;
        loop {
            let mut after = self.run(range.start + 1..range.end, head.clone())?;
            self.reads(&after, code.done, own.done.ok_or("it is never done")?)?;
            if after[code.going as usize] != Holds::Going(of) {
                return Err("what tells who goes on is written over".to_owned());
            }
            for (&place, &(_, state, next)) in places.iter().zip(&code.carried) {
                let due = self.compiler.source(own.next[place as usize]);
                let copy = Holds::Copy(of, due);
                if after[next as usize] != copy {
                    self.reads(&after, next, due)?;
                }
                if after[state as usize] != Holds::Node(graph.state(of, place)) {
                    return Err(format!("carried number {place} is written over"));
                }
                if next != state {
                    after[state as usize] = Holds::Next;
                }
            }
            // in the next round, and behind the loop, it is what is carried
            for (&place, &(_, state, _)) in places.iter().zip(&code.carried) {
                after[state as usize] = Holds::Node(graph.state(of, place));
            }
            let both = |(&one, &other): (&Holds, &Holds)| {
                if one == other { one } else { Holds::Nothing }
            };
            let met: Holdings = head.iter().zip(&after).map(both).collect();
            if met == head {
                return Ok(met);
            }
            head = met;
        }
    }

    /// Whether a register holds a node's value.
    fn reads(&self, holds: &Holdings, register: Register, id: Id) -> Result<(), String> {
        let due = Holds::Node(self.compiler.source(id));
        match holds.get(register as usize) {
            Some(&got) if got == due => Ok(()),
            got => Err(format!("register {register} holds {got:?} for {due:?}")),
        }
    }

    fn takes(&self, holds: &Holdings, read: Read, id: Id) -> Result<(), String> {
        match read {
            Read::Register(register) => self.reads(holds, register, id),
            Read::Constant(k) => {
                let due = self.compiler.graph.constant_of(id);
                let same = due.is_some_and(|due| due.to_bits() == k.to_bits());
                if same { Ok(()) } else { Err(format!("{k} for {due:?}")) }
            }
        }
    }

    /// Checks the instruction of a node; gives where its result goes.
    #[allow(clippy::many_single_char_names, reason = "the names that operands have")]
    fn node(&self, holds: &Holdings, id: Id, instruction: I) -> Result<Register, String> {
        use Read::{Constant as K, Register as R};
        let wrong = || format!("it is not {:?}", self.compiler.graph.op(id));
        let all = |to: Register, pairs: &[(Read, Id)]| {
            pairs.iter().try_for_each(|&(read, id)| self.takes(holds, read, id)).map(|()| to)
        };
        // in either order
        let either = |to, [x, y]: [Read; 2], [a, b]: [Id; 2]| {
            all(to, &[(x, a), (y, b)])
                .or_else(|error| all(to, &[(x, b), (y, a)]).map_err(|_| error))
        };
        match (self.compiler.fused.get(&id), instruction) {
            (Some(&Fused::MulAdd { a, b, c, less }), instruction) => {
                let (to, factors, added, subtracts) = match instruction {
                    I::MulAdd { to, a, b, c } => (to, [R(a), R(b)], c, false),
                    I::MulSub { to, a, b, c } => (to, [R(a), R(b)], c, true),
                    I::MulConstantAdd { to, a, k, c } => (to, [R(a), K(k)], c, false),
                    I::MulConstantSub { to, a, k, c } => (to, [R(a), K(k)], c, true),
                    _ => return Err(wrong()),
                };
                if subtracts != less {
                    return Err(wrong());
                }
                self.reads(holds, added, c)?;
                either(to, factors, [a, b])
            }
            (Some(Fused::Terms(terms)), instruction) => {
                let (to, read) = match instruction {
                    I::Add { to, a, b } => (to, vec![(a, 1.0), (b, 1.0)]),
                    I::Sum { to, first, count } | I::Dot { to, first, count } => {
                        let terms = &self.listing.terms[first as usize..][..count as usize];
                        (to, terms.to_vec())
                    }
                    _ => return Err(wrong()),
                };
                if read.len() != terms.len() {
                    return Err("it has not as many terms".to_owned());
                }
                for (&(register, k), &(id, due)) in read.iter().zip(terms) {
                    self.reads(holds, register, id)?;
                    if k.to_bits() != due.to_bits() {
                        return Err(format!("{k} for {due}"));
                    }
                }
                Ok(to)
            }
            (Some(Fused::Away), _) => Err("it is done elsewhere".to_owned()),
            (None, instruction) => match (self.compiler.graph.op(id), instruction) {
                (Op::Add(a, b), I::Add { to, a: x, b: y })
                | (Op::Mul(a, b), I::Mul { to, a: x, b: y }) => either(to, [R(x), R(y)], [a, b]),
                (Op::Add(a, b), I::AddConstant { to, a: x, k })
                | (Op::Mul(a, b), I::MulConstant { to, a: x, k }) => {
                    either(to, [R(x), K(k)], [a, b])
                }
                (Op::Sub(a, b), I::Sub { to, a: x, b: y })
                | (Op::Div(a, b), I::Div { to, a: x, b: y })
                | (Op::Min(a, b), I::Min { to, a: x, b: y })
                | (Op::Max(a, b), I::Max { to, a: x, b: y })
                | (Op::Pow(a, b), I::Pow { to, a: x, b: y }) => all(to, &[(R(x), a), (R(y), b)]),
                (Op::Sub(a, b), I::SubFrom { to, a: y, k })
                | (Op::Div(a, b), I::DivInto { to, a: y, k }) => all(to, &[(K(k), a), (R(y), b)]),
                (Op::Sub(a, b), I::AddConstant { to, a: x, k }) => {
                    all(to, &[(R(x), a), (K(-k), b)])
                }
                (Op::Select(c, a, b), I::Select { to, c: w, a: x, b: y }) => {
                    all(to, &[(R(w), c), (R(x), a), (R(y), b)])
                }
                (Op::Neg(a), I::Neg { to, a: x })
                | (Op::Abs(a), I::Abs { to, a: x })
                | (Op::Sqrt(a), I::Sqrt { to, a: x })
                | (Op::Ln(a), I::Ln { to, a: x })
                | (Op::Exp(a), I::Exp { to, a: x }) => all(to, &[(R(x), a)]),
                _ => Err(wrong()),
            },
        }
    }
}

/// An allocation in which any register is wrong that is read is objected to.
#[test]
fn a_wrong_register_is_seen() {
    let mut turned = 0;
    for seed in 0..6 {
        let (graph, outputs) = crate::tape::tests::random_graph(seed, 80);
        let mut compiler = graph.prepared(&outputs);
        let items = compiler.items.clone();
        let listing = compiler.allocate(&outputs);
        let check = |listing: &Listing| check(&compiler, &items, listing, &outputs);
        check(&listing).unwrap();
        for at in 0..listing.instructions.len() {
            for other in (0..small(listing.registers)).step_by(5) {
                for operand in 0..3 {
                    let mut wrong = listing.clone();
                    let reads = reads_of(&mut wrong.instructions[at]);
                    let Some(read) = reads.into_iter().nth(operand) else { continue };
                    if std::mem::replace(read, other) == other {
                        continue;
                    }
                    // a sum or product in the other order is the same
                    assert!(check(&wrong).is_err(), "{at}: {:?}", wrong.instructions[at]);
                    turned += 1;
                }
            }
        }
        for (at, other) in (0..listing.outputs.len()).zip(1..) {
            let mut wrong = listing.clone();
            let own = wrong.outputs[at];
            wrong.outputs[at] = (own + other) % small(listing.registers);
            if wrong.outputs[at] != own {
                assert!(check(&wrong).is_err());
            }
        }
    }
    assert!(turned > 1_000, "only {turned} registers were turned");
}

/// A result that is put where another number is still needed is objected to.
#[test]
fn a_register_taken_too_early_is_seen() {
    let (graph, outputs) = crate::tape::tests::random_graph(7, 80);
    let mut compiler = graph.prepared(&outputs);
    let items = compiler.items.clone();
    let listing = compiler.allocate(&outputs);
    let mut seen = 0;
    for at in 0..listing.instructions.len() {
        // all numbers in one register fewer
        let mut wrong = listing.clone();
        let Some(to) = result_of(&mut wrong.instructions[at]) else { continue };
        *to = Register::from(*to == 0);
        seen += usize::from(check(&compiler, &items, &wrong, &outputs).is_err());
    }
    assert!(seen * 10 > listing.instructions.len() * 9, "{seen}");
}

fn reads_of(instruction: &mut I) -> Vec<&mut Register> {
    match instruction {
        I::Add { a, b, .. }
        | I::Sub { a, b, .. }
        | I::Mul { a, b, .. }
        | I::Div { a, b, .. }
        | I::Min { a, b, .. }
        | I::Max { a, b, .. }
        | I::Pow { a, b, .. } => vec![a, b],
        I::AddConstant { a, .. }
        | I::MulConstant { a, .. }
        | I::SubFrom { a, .. }
        | I::DivInto { a, .. }
        | I::Neg { a, .. }
        | I::Abs { a, .. }
        | I::Copy { a, .. }
        | I::Sqrt { a, .. }
        | I::Ln { a, .. }
        | I::Exp { a, .. } => vec![a],
        I::Select { c, a, b, .. } | I::MulAdd { a, b, c, .. } | I::MulSub { a, b, c, .. } => {
            vec![a, b, c]
        }
        I::MulConstantAdd { a, c, .. } | I::MulConstantSub { a, c, .. } => vec![a, c],
        I::Sum { .. } | I::Dot { .. } | I::Loop { .. } | I::Round { .. } | I::Call { .. } => {
            Vec::new()
        }
    }
}

fn result_of(instruction: &mut I) -> Option<&mut Register> {
    match instruction {
        I::Add { to, .. }
        | I::Sub { to, .. }
        | I::Mul { to, .. }
        | I::Div { to, .. }
        | I::Min { to, .. }
        | I::Max { to, .. }
        | I::Pow { to, .. }
        | I::AddConstant { to, .. }
        | I::MulConstant { to, .. }
        | I::SubFrom { to, .. }
        | I::DivInto { to, .. }
        | I::Neg { to, .. }
        | I::Abs { to, .. }
        | I::Copy { to, .. }
        | I::Sqrt { to, .. }
        | I::Ln { to, .. }
        | I::Exp { to, .. }
        | I::Select { to, .. }
        | I::MulAdd { to, .. }
        | I::MulSub { to, .. }
        | I::MulConstantAdd { to, .. }
        | I::MulConstantSub { to, .. }
        | I::Sum { to, .. }
        | I::Dot { to, .. } => Some(to),
        I::Loop { .. } | I::Round { .. } | I::Call { .. } => None,
    }
}
