//! The linear system of a nest: what goes on where of each flow that goes round, and what leaves.

use crate::linear::{Pattern, Trapped};
use crate::scalar::Scalar;

/// The linear system of one nest, and memory for it.
///
/// A node is a species of a stream that goes round; it is numbered by its stream's place, species
/// after species. Flows are counted by mass, which stages neither make nor lose.
#[derive(Debug, Clone)]
pub(in crate::chain) struct System<S> {
    /// Whether the linear blocks' coefficients are those of the numbers that are loaded.
    pub known: bool,
    /// Coefficients of linear blocks come first.
    linear: usize,
    /// From node to node: the share of the flow, by mass.
    coefficients: Vec<(u32, u32, S)>,
    /// By node: the share that leaves; once solved, its pivot.
    leaving: Vec<S>,
    /// Those of linear blocks alone.
    leaving_linear: Vec<S>,
    pattern: Pattern,
    /// The ways that the pattern was made for, with their places among the shares.
    ways: Vec<(u32, u32)>,
    places: Vec<Option<usize>>,
    shares: Vec<S>,
    /// What comes to each node from outside, kg/s; then what flows through it, mol/s.
    pub flows: Vec<S>,
}

impl<S> Default for System<S> {
    fn default() -> Self {
        Self {
            known: false,
            linear: 0,
            coefficients: Vec::new(),
            leaving: Vec::new(),
            leaving_linear: Vec::new(),
            pattern: Pattern::default(),
            ways: Vec::new(),
            places: Vec::new(),
            shares: Vec::new(),
            flows: Vec::new(),
        }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "nodes are far below 2^32")]
const fn small(number: usize) -> u32 {
    number as u32
}

impl<S: Scalar> System<S> {
    /// Begins anew, with so many nodes.
    pub fn clear(&mut self, nodes: usize) {
        self.coefficients.clear();
        self.leaving.clear();
        self.leaving.resize(nodes, S::zero());
    }

    /// Says that of the flow at a node, this share goes on to another, by mass.
    pub fn goes_on(&mut self, from: usize, to: usize, share: S) {
        self.coefficients.push((small(from), small(to), share));
    }

    /// Says that of the flow at a node, this share leaves, by mass.
    pub fn leaves(&mut self, from: usize, share: S) {
        self.leaving[from] += share;
    }

    /// Keeps what has been said so far, of linear blocks.
    pub fn keep(&mut self) {
        self.linear = self.coefficients.len();
        self.leaving_linear.clone_from(&self.leaving);
        self.known = true;
    }

    /// Forgets all but what was kept; nothing comes from outside.
    pub fn restart(&mut self) {
        self.coefficients.truncate(self.linear);
        self.leaving.clone_from(&self.leaving_linear);
        self.flows.clear();
        self.flows.resize(self.leaving.len(), S::zero());
    }

    /// Solves for what goes round: `flows` turn from what comes from outside, mol/s, into what
    /// flows through each node.
    pub fn solve(&mut self, molar_masses: &[f64]) -> Result<(), Trapped> {
        let count = self.leaving.len();
        let is_same = self.ways.len() == self.coefficients.len()
            && self.ways.iter().zip(&self.coefficients).all(|(way, own)| *way == (own.0, own.1));
        if !is_same || count == 0 {
            self.ways.clear();
            self.ways.extend(self.coefficients.iter().map(|&(from, to, _)| (from, to)));
            let ends = |&(from, to): &(u32, u32)| (from as usize, to as usize);
            self.pattern = Pattern::new(count, self.ways.iter().map(ends));
            let place = |way| {
                let (from, to) = ends(way);
                self.pattern.share(from, to)
            };
            self.places = self.ways.iter().map(place).collect();
        }
        self.shares.clear();
        self.shares.resize(self.pattern.shares(), S::zero());
        for (&place, &(.., part)) in self.places.iter().zip(&self.coefficients) {
            if let Some(place) = place {
                self.shares[place] += part;
            }
        }
        let mut pivots = std::mem::take(&mut self.leaving);
        self.pattern.eliminate(&mut self.shares, &mut pivots);
        for (flow, &mass) in self.flows.iter_mut().zip(molar_masses.iter().cycle()) {
            *flow = flow.scaled(mass);
        }
        let solved = self.pattern.solve(&self.shares, &pivots, &mut self.flows);
        self.leaving = pivots;
        for (flow, &mass) in self.flows.iter_mut().zip(molar_masses.iter().cycle()) {
            *flow = flow.scaled(1.0 / mass);
        }
        solved
    }
}
