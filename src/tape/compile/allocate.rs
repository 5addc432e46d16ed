//! Registers: as few as what lives at the same time needs.

use super::Compiler;
use super::order::Item;
use crate::tape::graph::{Callee, Id, Op, small};
use crate::tape::program::{CallCode, Instruction, Listing, LoopCode, Register};
use rustc_hash::FxHashMap as HashMap;

impl Compiler<'_> {
    /// Gives registers to what lives at the same time, and writes the instructions.
    #[allow(clippy::too_many_lines, reason = "one pass over the items, in their order")]
    pub(super) fn allocate(&mut self, outputs: &[Id]) -> Listing {
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
        let mut last: HashMap<Id, usize> = HashMap::default();
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
        let mut place: HashMap<Id, Register> = HashMap::default();
        let mut copies: HashMap<(u32, Id), Register> = HashMap::default();
        let mut going: HashMap<u32, Register> = HashMap::default();
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
                if let Some(value) = graph.value_of(id)
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
                    if let Callee::Function(function) = &call.callee {
                        program.operations += function.program().operations();
                    }
                    let callee = call.callee.clone();
                    program.calls.push(CallCode { callee, inputs, moves, outputs });
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
                if let Some(value) = graph.value_of(source) {
                    program.constants.push((registers - 1, value));
                }
                registers - 1
            });
            program.outputs.push(register);
        }
        program.registers = registers as usize;
        program
    }
}
