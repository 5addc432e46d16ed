//! Compiling: what the outputs of a graph need, in order, in as few registers as it takes.

use super::graph::{Graph, Id, Op, small};
use super::program::{CallCode, Instruction, Listing, LoopCode, Register};
use super::run::Program;
use std::collections::HashMap;

impl Graph {
    /// Marks everything that `outputs` need.
    pub fn needed(&self, outputs: &[Id]) -> Vec<bool> {
        let mut live = vec![false; self.ops.len()];
        let mut entered = vec![false; self.loops.len()];
        let mut stack = outputs.to_vec();
        while let Some(id) = stack.pop() {
            if std::mem::replace(&mut live[id.index()], true) {
                continue;
            }
            match self.op(id) {
                // its derivative is no part of its value
                Op::Root(at, _, _) => stack.push(at),
                Op::State(of, place) | Op::Exit(of, place) => {
                    let (index, place) = (of as usize, place as usize);
                    let own = &self.loops[index];
                    // a loop that is being recorded has no next yet
                    stack.extend(own.start.get(place).into_iter().chain(own.next.get(place)));
                    if !std::mem::replace(&mut entered[index], true) {
                        stack.extend(own.done.into_iter().chain(own.entry));
                    }
                }
                Op::Foreign(call, _) => {
                    let call = &self.calls[call as usize];
                    stack.extend(call.inputs.iter().chain(call.moves.iter().flatten()));
                }
                op => stack.extend(op.operands()),
            }
        }
        live
    }

    /// Compiles what `outputs` need.
    pub fn compile(&self, outputs: &[Id]) -> Program {
        let live = self.needed(outputs);
        let mut compiler = Compiler {
            graph: self,
            live,
            uses: vec![0; self.ops.len()],
            fused: HashMap::new(),
            items: Vec::new(),
        };
        compiler.count_uses(outputs);
        compiler.fuse();
        compiler.schedule(0);
        Program::new(compiler.allocate(outputs))
    }
}

/// What is scheduled: an instruction over virtual registers (numbered by node), or where a loop
/// begins and ends.
#[derive(Debug, Clone)]
enum Item {
    Node(Id),
    /// Brings a carried number out of the way of those that are replaced before it is read.
    Copy(u32, Id),
    Call(u32),
    Begin(u32),
    End(u32),
}

/// What a node is done as when it takes others into itself.
#[derive(Debug, Clone)]
enum Fused {
    /// Into another: done there.
    Away,
    /// `a * b + c`, or `c - a * b`.
    MulAdd { a: Id, b: Id, c: Id, less: bool },
    /// A sum of nodes times constants.
    Terms(Vec<(Id, f64)>),
}

struct Compiler<'g> {
    graph: &'g Graph,
    live: Vec<bool>,
    uses: Vec<u32>,
    fused: HashMap<Id, Fused>,
    items: Vec<Item>,
}

impl Compiler<'_> {
    /// The node whose register holds a node's value.
    fn source(&self, id: Id) -> Id {
        let mut id = id;
        loop {
            match self.graph.op(id) {
                Op::Root(at, _, _) => id = at,
                Op::Exit(of, place) => {
                    // the state's register keeps the last of what a loop carries
                    return self.graph.state(of, place);
                }
                _ => return id,
            }
        }
    }

    fn count_uses(&mut self, outputs: &[Id]) {
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
    fn fuse(&mut self) {
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

    /// Puts the live nodes of a scope in order, loops inside it where their results are asked for
    /// first.
    fn schedule(&mut self, scope: u32) {
        let graph = self.graph;
        let mut begun = vec![false; graph.loops.len()];
        let mut called = vec![false; graph.calls.len()];
        for index in 0..graph.ops.len() {
            if !self.live[index] || graph.scopes[index] != scope {
                continue;
            }
            let id = Id(small(index));
            if matches!(self.fused.get(&id), Some(Fused::Away)) {
                continue;
            }
            match graph.op(id) {
                Op::Constant(_) | Op::Input(_) | Op::State(..) | Op::Root(..) => {}
                Op::Exit(of, _) => {
                    if !std::mem::replace(&mut begun[of as usize], true) {
                        self.items.push(Item::Begin(of));
                        self.schedule(of + 1);
                        let own = &graph.loops[of as usize];
                        for (place, &next) in own.next.iter().enumerate() {
                            let place = small(place);
                            let source = self.source(next);
                            let carried = matches!(graph.op(source), Op::State(from, at) if from == of && at != place);
                            if carried && self.carries(of, place) {
                                self.items.push(Item::Copy(of, source));
                            }
                        }
                        self.items.push(Item::End(of));
                    }
                }
                Op::Foreign(call, _) => {
                    if !std::mem::replace(&mut called[call as usize], true) {
                        self.items.push(Item::Call(call));
                    }
                }
                _ => self.items.push(Item::Node(id)),
            }
        }
    }

    /// Whether anything needs a number that a loop carries.
    fn carries(&self, of: u32, place: u32) -> bool {
        let live = |id: Option<Id>| id.is_some_and(|id| self.live[id.index()]);
        live(self.graph.find(Op::State(of, place))) || live(self.graph.find(Op::Exit(of, place)))
    }

    /// Nodes that an item reads.
    fn reads(&self, item: &Item) -> Vec<Id> {
        let ids: Vec<Id> = match item {
            Item::Node(id) => match self.fused.get(id) {
                Some(Fused::MulAdd { a, b, c, .. }) => vec![*a, *b, *c],
                Some(Fused::Terms(terms)) => terms.iter().map(|(id, _)| *id).collect(),
                _ => self.graph.op(*id).operands().collect(),
            },
            Item::Copy(_, id) => vec![*id],
            Item::Call(call) => {
                let call = &self.graph.calls[*call as usize];
                call.inputs.iter().chain(call.moves.iter().flatten()).copied().collect()
            }
            Item::Begin(of) => {
                let own = &self.graph.loops[*of as usize];
                let starts = self.places(*of).map(|place| own.start[place as usize]);
                starts.chain(own.entry).collect()
            }
            Item::End(of) => {
                let own = &self.graph.loops[*of as usize];
                let next = self.places(*of).map(|place| own.next[place as usize]);
                next.chain(own.done).collect()
            }
        };
        ids.into_iter().map(|id| self.source(id)).collect()
    }

    /// What a loop carries that anything needs.
    fn places(&self, of: u32) -> impl Iterator<Item = u32> {
        let count = small(self.graph.loops[of as usize].next.len());
        (0..count).filter(move |&place| self.carries(of, place))
    }

    /// Gives registers to what lives at the same time, and writes the instructions.
    #[allow(clippy::too_many_lines, reason = "one pass over the items, in their order")]
    fn allocate(&mut self, outputs: &[Id]) -> Listing {
        let graph = self.graph;
        let items = std::mem::take(&mut self.items);
        // where each loop ends, and the loops around each item
        let mut ends = vec![0; graph.loops.len()];
        let mut around: Vec<Vec<u32>> = Vec::with_capacity(items.len());
        let mut open: Vec<u32> = Vec::new();
        for (at, item) in items.iter().enumerate() {
            match item {
                Item::Begin(of) => {
                    around.push(open.clone());
                    open.push(*of);
                }
                Item::End(of) => {
                    ends[*of as usize] = at;
                    around.push(open.clone());
                    open.pop();
                }
                _ => around.push(open.clone()),
            }
        }
        // the last item that reads each value: a loop reads what is made outside it to its end
        let mut last: HashMap<Id, usize> = HashMap::new();
        for (at, item) in items.iter().enumerate() {
            for id in self.reads(item) {
                let outermost = around[at].iter().find(|&&of| !graph.is_within(id, of));
                let until = outermost.map_or(at, |&of| ends[of as usize]);
                let entry = last.entry(id).or_insert(until);
                *entry = (*entry).max(until);
            }
        }
        for &id in outputs {
            last.insert(self.source(id), items.len());
        }
        for (index, &end) in ends.iter().enumerate() {
            let of = small(index);
            for place in self.places(of) {
                // what is carried lives as long as its loop, and while its end is read
                let state = self.graph.state(of, place);
                let entry = last.entry(state).or_insert(end);
                *entry = (*entry).max(end);
            }
        }
        let mut free: Vec<Register> = Vec::new();
        let mut registers: Register = 0;
        let mut place: HashMap<Id, Register> = HashMap::new();
        let mut copies: HashMap<(u32, Id), Register> = HashMap::new();
        let mut going: HashMap<u32, Register> = HashMap::new();
        let mut dying: Vec<Vec<Register>> = vec![Vec::new(); items.len() + 1];
        let mut program = Listing {
            instructions: Vec::new(),
            terms: Vec::new(),
            loops: Vec::new(),
            calls: Vec::new(),
            registers: 0,
            constants: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            operations: 0,
        };
        let fresh = |free: &mut Vec<Register>, registers: &mut Register| {
            free.pop().unwrap_or_else(|| {
                *registers += 1;
                *registers - 1
            })
        };
        for (index, op) in graph.ops.iter().enumerate() {
            let id = Id(small(index));
            if let (Op::Input(input), Some(&until)) = (op, last.get(&id)) {
                let register = fresh(&mut free, &mut registers);
                place.insert(id, register);
                program.inputs.push((*input as usize, register));
                if let Some(list) = dying.get_mut(until) {
                    list.push(register);
                }
            }
        }
        let mut starts: Vec<(u32, usize)> = Vec::new();
        for (at, item) in items.iter().enumerate() {
            // constants that no instruction holds in itself
            for id in self.reads(item) {
                if let Some(value) = graph.constant_of(id)
                    && !place.contains_key(&id)
                    && !self.holds(item, id)
                {
                    registers += 1;
                    place.insert(id, registers - 1);
                    program.constants.push((registers - 1, value));
                }
            }
            match item {
                Item::Begin(of) => {
                    let own = &graph.loops[*of as usize];
                    let mut carried = Vec::new();
                    for which in self.places(*of).collect::<Vec<_>>() {
                        let state = self.graph.state(*of, which);
                        let register = fresh(&mut free, &mut registers);
                        place.insert(state, register);
                        let start = place[&self.source(own.start[which as usize])];
                        carried.push((start, register, Register::MAX));
                        if let Some(&until) = last.get(&state)
                            && let Some(list) = dying.get_mut(until)
                        {
                            list.push(register);
                        }
                    }
                    let register = fresh(&mut free, &mut registers);
                    going.insert(*of, register);
                    dying[ends[*of as usize]].push(register);
                    let index = program.loops.len();
                    program.loops.push(LoopCode {
                        begin: program.instructions.len() + 1,
                        end: 0,
                        entry: own.entry.map(|entry| place[&self.source(entry)]),
                        carried,
                        done: Register::MAX,
                        going: register,
                        most: own.most,
                        may_break_off: own.may_break_off,
                    });
                    program.instructions.push(Instruction::Loop { index: small(index) });
                    starts.push((*of, index));
                }
                Item::End(of) => {
                    let own = &graph.loops[*of as usize];
                    let index = starts.pop().map_or(0, |(_, index)| index);
                    let next: Vec<Register> = self
                        .places(*of)
                        .map(|which| {
                            let source = self.source(own.next[which as usize]);
                            match copies.get(&(*of, source)) {
                                Some(&copy) if source != self.graph.state(*of, which) => copy,
                                _ => place[&source],
                            }
                        })
                        .collect();
                    program.instructions.push(Instruction::Round { index: small(index) });
                    let code = &mut program.loops[index];
                    code.end = program.instructions.len();
                    for (carried, next) in code.carried.iter_mut().zip(next) {
                        carried.2 = next;
                    }
                    if let Some(done) = own.done {
                        code.done = place[&self.source(done)];
                    }
                }
                Item::Copy(of, id) => {
                    if copies.contains_key(&(*of, *id)) {
                        continue;
                    }
                    let register = fresh(&mut free, &mut registers);
                    copies.insert((*of, *id), register);
                    dying[ends[*of as usize]].push(register);
                    program.instructions.push(Instruction::Copy { to: register, a: place[id] });
                }
                Item::Call(index) => {
                    let call = &graph.calls[*index as usize];
                    let of = |ids: &[Id]| -> Vec<Register> {
                        ids.iter().map(|&id| place[&self.source(id)]).collect()
                    };
                    let (inputs, moves) = (
                        of(&call.inputs),
                        call.moves.as_ref().map_or_else(Vec::new, |ids| of(ids)),
                    );
                    let outputs = (0..call.outputs)
                        .map(|output| {
                            let output = small(output);
                            let id = graph.find(Op::Foreign(*index, output))?;
                            let &until = last.get(&id)?;
                            let register = fresh(&mut free, &mut registers);
                            place.insert(id, register);
                            if let Some(list) = dying.get_mut(until) {
                                list.push(register);
                            }
                            Some(register)
                        })
                        .collect();
                    let index = small(program.calls.len());
                    program.calls.push(CallCode { call: call.clone(), inputs, moves, outputs });
                    program.instructions.push(Instruction::Call { index });
                }
                Item::Node(id) => {
                    let to = fresh(&mut free, &mut registers);
                    let instruction = self.instruction(*id, to, &place, &mut program);
                    program.instructions.push(instruction);
                    place.insert(*id, to);
                    let until = last.get(id).copied().unwrap_or(at);
                    if let Some(list) = dying.get_mut(until) {
                        list.push(to);
                    }
                }
            }
            free.append(&mut dying[at]);
        }
        for &id in outputs {
            let source = self.source(id);
            let register = *place.entry(source).or_insert_with(|| {
                registers += 1;
                if let Some(value) = graph.constant_of(source) {
                    program.constants.push((registers - 1, value));
                }
                registers - 1
            });
            program.outputs.push(register);
        }
        program.registers = registers as usize;
        program
    }

    /// Whether an item holds a constant in its instruction.
    fn holds(&self, item: &Item, id: Id) -> bool {
        let Item::Node(node) = item else { return false };
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

    fn instruction(
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
            // scheduled as something else
            Op::Root(a, _, _) => I::Copy { to, a: at(a) },
            Op::Constant(_) | Op::Input(_) | Op::State(..) | Op::Exit(..) | Op::Foreign(..) => {
                I::Copy { to, a: to }
            }
        }
    }
}
