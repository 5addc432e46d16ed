//! The order of a piece's operations: only those that are needed, masks right before they are
//! read, and what leaves as soon as it is made.

use super::super::program::Register;
use super::assembler::Level;
use super::lower::{Code, NONE, Operation, Origin, Piece, Value};

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
    let operations: Vec<Operation> = operations.copied().collect();
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
    let mut placing = Placing { piece, level, placed: Vec::new(), masks: Vec::new(), made: 0 };
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

struct Placing<'p> {
    piece: &'p Piece,
    level: Level,
    placed: Vec<Placed>,
    /// Masks that are there, with their registers, in order of their last use.
    masks: Vec<(Value, u8)>,
    /// Mask registers that are in use.
    made: u8,
}

impl Placing<'_> {
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
            Code::Arithmetic(_) | Code::Leave(_) => {}
        }
        self.placed.push(Placed { operation, mask });
    }

    /// The mask register of a mask, which is made unless it is there.
    fn mask(&mut self, value: Value) -> u8 {
        let known = self.masks.iter().position(|&(known, _)| known == value);
        let entry = match known {
            Some(at) => self.masks.remove(at),
            None => {
                let register = match self.level {
                    Level::Avx2 => 0,
                    Level::Avx512 if self.made < MASKS => {
                        self.made += 1;
                        self.made
                    }
                    Level::Avx512 => self.masks.remove(0).1,
                };
                let made = self.piece.made(value);
                self.placed.push(Placed { operation: made, mask: register });
                (value, register)
            }
        };
        self.masks.push(entry);
        entry.1
    }
}
