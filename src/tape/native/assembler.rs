//! Encoding the few instructions of x86-64 that programs need.
//!
//! All work on whole vectors of numbers: of 4 by AVX2 (VEX prefixes) or of 8 by AVX-512 (EVEX
//! prefixes). Memory is addressed from two pointers: the frame in `rdi`, constants in `rsi`.

/// Which instructions a machine has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Avx2,
    Avx512,
}

impl Level {
    /// The best that this machine has.
    pub fn best() -> Option<Self> {
        [Self::Avx512, Self::Avx2].into_iter().find(|level| level.is_here())
    }

    pub fn is_here(self) -> bool {
        match self {
            Self::Avx2 => is_x86_feature_detected!("avx2"),
            Self::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512dq")
            }
        }
    }

    /// Numbers of a vector.
    pub const fn lanes(self) -> usize {
        match self {
            Self::Avx2 => 4,
            Self::Avx512 => 8,
        }
    }

    /// Vector registers.
    pub const fn registers(self) -> u8 {
        match self {
            Self::Avx2 => 16,
            Self::Avx512 => 32,
        }
    }

    /// Numbers that a constant takes in memory: AVX-512 spreads a single one as it reads it.
    pub const fn copies(self) -> usize {
        match self {
            Self::Avx2 => 4,
            Self::Avx512 => 1,
        }
    }
}

/// Slots before the one that the frame's pointer points to, so that a byte reaches most of them.
pub(super) const SLOTS_BEFORE: usize = 128;

/// A vector of numbers that an instruction reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operand {
    Register(u8),
    Slot(u32),
    Constant(u32),
}

/// An operation on two vectors, or on the second alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Sqrt = 0x51,
    And = 0x54,
    Or = 0x56,
    Xor = 0x57,
    Add = 0x58,
    Mul = 0x59,
    Sub = 0x5c,
    Min = 0x5d,
    Div = 0x5e,
    Max = 0x5f,
}

impl Arithmetic {
    pub const fn commutes(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::Xor | Self::Add | Self::Mul)
    }
}

/// A shift of all bits of each number; it is told from others by what else would name a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shift {
    Right = 2,
    Left = 6,
}

/// The maps of operation codes.
#[derive(Clone, Copy)]
enum Map {
    M0f = 1,
    M0f38 = 2,
    M0f3a = 3,
}

/// What differs between instructions.
#[derive(Clone, Copy)]
struct Form {
    map: Map,
    code: u8,
    /// The mask that chooses, under AVX-512.
    mask: u8,
}

const ORDERED_GREATER: u8 = 0x1e;

/// Machine code as it is written.
#[derive(Debug)]
pub(super) struct Assembler {
    pub code: Vec<u8>,
    level: Level,
}

impl Assembler {
    pub const fn new(level: Level) -> Self {
        Self { code: Vec::new(), level }
    }

    /// Where the next function begins, on a border of cache lines.
    pub fn align(&mut self) -> usize {
        const INT3: u8 = 0xcc;
        self.code.resize(self.code.len().next_multiple_of(64), INT3);
        self.code.len()
    }

    /// `to = a op b`
    pub fn arithmetic(&mut self, op: Arithmetic, to: u8, a: u8, b: Operand) {
        self.vector(plain(op as u8), to, a, b);
    }

    pub fn sqrt(&mut self, to: u8, a: Operand) {
        self.vector(plain(Arithmetic::Sqrt as u8), to, 0, a);
    }

    /// `to` is `a` with its bits moved by so many places.
    pub fn shift(&mut self, shift: Shift, to: u8, a: u8, places: u8) {
        self.vector(plain(0x73), shift as u8, to, Operand::Register(a));
        self.code.push(places);
    }

    pub fn load(&mut self, to: u8, from: Operand) {
        match (self.level, from) {
            (Level::Avx512, Operand::Constant(_)) => {
                self.vector(Form { map: Map::M0f38, code: 0x19, mask: 0 }, to, 0, from);
            }
            _ => self.vector(plain(0x10), to, 0, from),
        }
    }

    pub fn store(&mut self, slot: u32, from: u8) {
        self.vector(plain(0x11), from, 0, Operand::Slot(slot));
    }

    /// Where `a` is above `b`: a mask under AVX-512, all bits of a number under AVX2.
    pub fn compare(&mut self, to: u8, a: u8, b: Operand) {
        self.vector(plain(0xc2), to, a, b);
        self.code.push(ORDERED_GREATER);
    }

    /// `a` where the mask is set, else `b`.
    pub fn blend(&mut self, to: u8, mask: u8, a: Operand, b: u8) {
        match self.level {
            Level::Avx512 => self.vector(Form { map: Map::M0f38, code: 0x65, mask }, to, b, a),
            Level::Avx2 => {
                self.vector(Form { map: Map::M0f3a, code: 0x4b, mask: 0 }, to, b, a);
                self.code.push(mask << 4);
            }
        }
    }

    /// Ends a function that gives a mask.
    pub fn end_with(&mut self, mask: u8) {
        match self.level {
            // kmovb eax, mask
            Level::Avx512 => self.code.extend([0xc5, 0xf9, 0x93, 0xc0 | mask]),
            Level::Avx2 => self.vector(plain(0x50), 0, 0, Operand::Register(mask)),
        }
        self.end();
    }

    pub fn end(&mut self) {
        // vzeroupper; ret
        self.code.extend([0xc5, 0xf8, 0x77, 0xc3]);
    }

    fn vector(&mut self, form: Form, register: u8, first: u8, second: Operand) {
        match self.level {
            Level::Avx2 => self.vex(form, register, first, second),
            Level::Avx512 => self.evex(form, register, first, second),
        }
    }

    fn vex(&mut self, form: Form, register: u8, first: u8, second: Operand) {
        const WIDE: u8 = 1 << 2;
        const PREFIX_66: u8 = 1;
        let rest = ((!first & 15) << 3) | WIDE | PREFIX_66;
        let r = not_bit(register, 3) << 7;
        let b = match second {
            Operand::Register(second) => not_bit(second, 3),
            _ => 1,
        };
        if matches!(form.map, Map::M0f) && b == 1 {
            self.code.extend([0xc5, r | rest]);
        } else {
            self.code.extend([0xc4, r | (1 << 6) | (b << 5) | form.map as u8, rest]);
        }
        self.code.push(form.code);
        self.operand(register, second, 1);
    }

    fn evex(&mut self, form: Form, register: u8, first: u8, second: Operand) {
        const W1: u8 = 1 << 7;
        const ALWAYS: u8 = 1 << 2;
        const PREFIX_66: u8 = 1;
        const BITS_512: u8 = 2 << 5;
        const SPREAD: u8 = 1 << 4;
        const SPREADS_ITSELF: u8 = 0x19;
        let (x, b) = match second {
            Operand::Register(second) => (not_bit(second, 4), not_bit(second, 3)),
            _ => (1, 1),
        };
        let (spread, scale) = match second {
            Operand::Constant(_) if form.code == SPREADS_ITSELF => (0, 8),
            Operand::Constant(_) => (SPREAD, 8),
            _ => (0, 64),
        };
        let registers = (not_bit(register, 3) << 7) | (x << 6) | (b << 5);
        self.code.extend([
            0x62,
            registers | (not_bit(register, 4) << 4) | form.map as u8,
            W1 | ((!first & 15) << 3) | ALWAYS | PREFIX_66,
            BITS_512 | spread | (not_bit(first, 4) << 3) | form.mask,
            form.code,
        ]);
        self.operand(register, second, scale);
    }

    /// The byte that names registers, and the distance from a pointer, in which a byte counts
    /// `scale` bytes.
    fn operand(&mut self, register: u8, operand: Operand, scale: i32) {
        const FRAME: u8 = 7;
        const CONSTANTS: u8 = 6;
        let register = (register & 7) << 3;
        let (base, index, bytes, before) = match operand {
            Operand::Register(second) => {
                self.code.push(0xc0 | register | (second & 7));
                return;
            }
            Operand::Slot(slot) => (FRAME, slot, 8 * self.level.lanes(), SLOTS_BEFORE),
            Operand::Constant(index) => (CONSTANTS, index, 8 * self.level.copies(), 0),
        };
        // frames and constants are far below 2^31 bytes
        #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "see above")]
        let distance = (index as i32 - before as i32) * bytes as i32;
        match i8::try_from(distance / scale) {
            Ok(near) if distance % scale == 0 => {
                self.code.push(0x40 | register | base);
                self.code.extend(near.to_le_bytes());
            }
            _ => {
                self.code.push(0x80 | register | base);
                self.code.extend(distance.to_le_bytes());
            }
        }
    }
}

const fn plain(code: u8) -> Form {
    Form { map: Map::M0f, code, mask: 0 }
}

/// Prefixes hold the high bits of registers inverted.
const fn not_bit(register: u8, bit: u8) -> u8 {
    !(register >> bit) & 1
}
