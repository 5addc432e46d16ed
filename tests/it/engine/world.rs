//! What a random chain is: nodes, where streams go, limits, an order; and its supplies.

use gaschain::species::Slate;

/// Species of random chains; the numbers of those that something is done with by name.
pub const SPECIES: [&str; 5] = ["methane", "ethane", "ethylene", "hydrogen", "helium"];
pub const METHANE: usize = 0;
pub const ETHANE: usize = 1;
pub const ETHYLENE: usize = 2;
pub const HYDROGEN: usize = 3;

/// The species as the library knows them.
pub fn slate() -> Slate {
    Slate::shipped().chosen(SPECIES).unwrap()
}

/// Molar flows of [`SPECIES`].
pub type Flows = [f64; 5];

/// Where a stream comes from, within a chain: an inlet; an outlet of a node; what an inlet of an
/// inner chain refuses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Source {
    Inlet(usize),
    Out(usize, usize),
    Surplus(usize, usize),
}

/// A stage, an inner chain, or a recycle.
#[derive(Debug, Clone)]
pub enum Node {
    Blend(Vec<Source>),
    Split(Source, f64),
    Separate(Source, Flows),
    Fuel(Source, f64),
    /// Net heat, W.
    Duty(Source, f64),
    Pipeline(Source, f64),
    /// Ethane to ethylene and hydrogen, by this conversion.
    Crack(Source, f64),
    /// Ethylene to ethane with imported hydrogen.
    Hydrogenate(Source, f64),
    Chain {
        chain: Plant,
        feeds: Vec<Source>,
        surplus: Vec<Surplus>,
    },
    /// A share of what leaves the middle goes back to its feed.
    Loop {
        feed: Source,
        back: f64,
        middle: Middle,
    },
}

/// What a recycle goes through.
#[derive(Debug, Clone)]
pub enum Middle {
    Nothing,
    Crack(f64),
    Separate(Flows),
    Duty(f64),
    /// A chain with one inlet, whose surplus is not joined.
    Chain(Plant),
}

/// What is done with that which an inner chain refuses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Surplus {
    Unjoined,
    Joined,
    Switch(bool),
}

impl Surplus {
    /// Whether what is refused is passed to the chain outside.
    pub fn closed(self) -> bool {
        matches!(self, Self::Unjoined | Self::Switch(false))
    }
}

/// What a limit is of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Of {
    Moles,
    Mass,
    Species(usize),
    Fraction(usize),
}

/// Where a limit is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum At {
    Stream(Source),
    /// The hydrogen that a node imports.
    Import(usize),
}

/// A limit; capacity in mol/s, kg/s or as a fraction.
#[derive(Debug, Clone)]
pub struct Bound {
    pub name: String,
    pub at: At,
    pub of: Of,
    pub capacity: Option<f64>,
    pub at_least: bool,
    /// Which inlets it throttles, where that is said.
    pub some: Option<Vec<usize>>,
}

impl Bound {
    /// Whether it names an inlet: unless told, one on a fraction or at least names none, and any
    /// other all.
    pub fn throttles(&self, inlet: usize) -> bool {
        match &self.some {
            Some(some) => some.contains(&inlet),
            None => !self.at_least && !matches!(self.of, Of::Fraction(_)),
        }
    }
}

/// A chain: the outermost one where its inlets are supplies.
#[derive(Debug, Clone)]
pub struct Plant {
    pub inlets: usize,
    pub order: Vec<Vec<usize>>,
    pub nodes: Vec<Node>,
    pub outlets: Vec<Source>,
    pub limits: Vec<Bound>,
}

/// A random chain with its supplies.
#[derive(Debug, Clone)]
pub struct World {
    pub plant: Plant,
    pub supplies: Vec<Flows>,
    /// What it was made from, to make it again: shown where a property fails.
    #[expect(dead_code, reason = "it is there to be shown")]
    pub made_from: (usize, Vec<u16>),
}
