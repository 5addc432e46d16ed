//! The order of a piece's operations: only those that are needed, masks right before they are
//! read, and what leaves as soon as it is made.
//!
//! Masks stay in their registers while these suffice; of more, that goes which is read again
//! last, and is made again then.

use super::assembler::{Arithmetic, Level};
use super::lower::{Code, NONE, Operation, Origin, Piece, Value};
use crate::tape::program::Register;
use rustc_hash::FxHashMap as HashMap;

/// Mask registers that choose; that of number 0 means none.
const MASKS: u8 = 7;

/// An operation in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub operation: Operation,
    /// The mask register that it reads or writes, under AVX-512.
    pub mask: u8,
}

/// What a piece does, of whose registers those are needed that `leaves` tells.
pub(super) fn placed(
    piece: &Piece,
    level: Level,
    leaves: impl Fn(Register) -> bool,
) -> Vec<Placed> {
    let mut leaving: Vec<(Register, Value)> = piece
        .leaving
        .iter()
        .map(|(&register, &value)| (register, value))
        .filter(|&(register, value)| {
            leaves(register) && piece.origins[value as usize] != Origin::Enters(register)
        })
        .collect();
    leaving.sort_unstable();
    let mut needed = vec![false; piece.origins.len()];
    for value in leaving.iter().map(|(_, value)| *value).chain(piece.gives) {
        needed[value as usize] = true;
    }
    for operation in piece.operations.iter().rev() {
        if needed[operation.to as usize] {
            for &value in operation.of.iter().filter(|&&value| value != NONE) {
                needed[value as usize] = true;
            }
        }
    }
    let operations = piece.operations.iter().filter(|operation| needed[operation.to as usize]);
    let mut operations: Vec<Operation> = operations.copied().collect();
    compare_terms(piece, &mut operations, &leaving);
    // the last operation that reads each value
    let mut last = vec![0; piece.origins.len()];
    for (at, operation) in operations.iter().enumerate() {
        for &value in operation.of.iter().filter(|&&value| value != NONE) {
            last[value as usize] = at;
        }
    }
    for (_, value) in &leaving {
        last[*value as usize] = usize::MAX;
    }
    let mut made_at = vec![None; piece.origins.len()];
    for (at, operation) in operations.iter().enumerate() {
        made_at[operation.to as usize] = Some(at);
    }
    let mut early: Vec<Vec<(Register, Value)>> = vec![Vec::new(); operations.len()];
    let mut late = Vec::new();
    for &(register, value) in &leaving {
        let free_from = piece.entering.get(&register).map_or(0, |&before| last[before as usize]);
        match made_at[value as usize] {
            Some(at) if free_from <= at => early[at].push((register, value)),
            _ => late.push((register, value)),
        }
    }
    let compares = operations.iter().filter(|operation| operation.code == Code::Compare);
    let mut placing = Placing {
        level,
        placed: Vec::new(),
        compares: compares.map(|compare| (compare.to, *compare)).collect(),
        readers: HashMap::default(),
        masks: Vec::new(),
    };
    for (at, operation) in operations.iter().enumerate().rev() {
        if operation.code == Code::Blend {
            placing.readers.entry(operation.of[0]).or_default().push(at);
        }
    }
    for (operation, early) in operations.iter().zip(early) {
        placing.add(*operation);
        for (register, value) in early {
            placing.leave(register, value);
        }
    }
    for (register, value) in late {
        placing.leave(register, value);
    }
    if let Some(mask) = piece.gives {
        placing.add(Operation { code: Code::Give, to: NONE, of: [mask, NONE, NONE] });
    }
    placing.placed
}

/// Compares the terms of differences that are only compared with zero: one is above the other
/// where their difference is above zero.
fn compare_terms(piece: &Piece, operations: &mut Vec<Operation>, leaving: &[(Register, Value)]) {
    let mut uses = vec![0_u32; piece.origins.len()];
    let read = operations.iter().flat_map(|operation| operation.of);
    for value in read.filter(|&value| value != NONE).chain(leaving.iter().map(|leaves| leaves.1)) {
        uses[value as usize] += 1;
    }
    let mut differences = vec![None; piece.origins.len()];
    for operation in operations.iter() {
        if operation.code == Code::Arithmetic(Arithmetic::Sub) && uses[operation.to as usize] == 1 {
            differences[operation.to as usize] = Some(operation.of);
        }
    }
    let mut gone = vec![false; piece.origins.len()];
    for compare in operations.iter_mut().filter(|operation| operation.code == Code::Compare) {
        let with_zero = piece.origins[compare.of[1] as usize] == Origin::Constant(0.0);
        if let (true, Some(of)) = (with_zero, differences[compare.of[0] as usize]) {
            gone[compare.of[0] as usize] = true;
            compare.of = of;
        }
    }
    operations.retain(|operation| !gone[operation.to as usize]);
}

struct Placing {
    level: Level,
    placed: Vec<Placed>,
    /// How each mask is made.
    compares: HashMap<Value, Operation>,
    /// Where each mask is still read, last to first.
    readers: HashMap<Value, Vec<usize>>,
    /// Masks that are there, with their registers.
    masks: Vec<(Value, u8)>,
}

impl Placing {
    fn leave(&mut self, register: Register, value: Value) {
        self.add(Operation { code: Code::Leave(register), to: NONE, of: [value, NONE, NONE] });
    }

    fn add(&mut self, mut operation: Operation) {
        let mut mask = 0;
        match operation.code {
            // made where it is read
            Code::Compare => return,
            Code::Blend | Code::Give => {
                mask = self.mask(operation.of[0]);
                if self.level == Level::Avx512 {
                    operation.of[0] = NONE;
                }
            }
            Code::Arithmetic(_) | Code::Shift(_) | Code::Leave(_) => {}
        }
        self.placed.push(Placed { operation, mask });
    }

    /// The mask register of a mask that is read now, which is made unless it is there.
    fn mask(&mut self, value: Value) -> u8 {
        if let Some(readers) = self.readers.get_mut(&value) {
            readers.pop();
        }
        if let Some(&(_, register)) = self.masks.iter().find(|&&(known, _)| known == value) {
            return register;
        }
        let register = match self.level {
            // masks are values like any other
            Level::Avx2 => 0,
            Level::Avx512 => self.mask_register(),
        };
        self.placed.push(Placed { operation: self.compares[&value], mask: register });
        self.masks.push((value, register));
        register
    }

    fn mask_register(&mut self) -> u8 {
        let free = (1..=MASKS).find(|free| self.masks.iter().all(|(_, taken)| taken != free));
        free.unwrap_or_else(|| {
            let next = |mask: Value| self.readers.get(&mask).and_then(|readers| readers.last());
            let read_again = |&at: &usize| next(self.masks[at].0).map_or(usize::MAX, |&at| at);
            let last = (0..self.masks.len()).max_by_key(read_again);
            last.map_or(1, |last| self.masks.swap_remove(last).1)
        })
    }
}
