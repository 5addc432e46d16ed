//! What a block of scenarios gave.
//!
//! *In:* room for so many scenarios and outputs. *Out:* columns of numbers, and what is said of each
//! scenario beside them.

/// What a block of scenarios gave. Reuse one: it allocates where a block is larger than any
/// before it, and for scenarios that fail.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Results {
    /// Number of scenarios.
    pub count: usize,
    /// Output after output, `count` numbers each, in the output's unit; not a number where it
    /// does not exist, as in a scenario that failed.
    pub values: Vec<f64>,
    /// Worst residual of each scenario: of balances that close by the form of their equations,
    /// which are proved once and not worked out again, what rounding leaves ([`f64::EPSILON`]).
    pub residuals: Vec<f64>,
    /// Which limits are broken, a bit each from the lowest on: for every
    /// 52 of a chain's limits `count` whole numbers; [`Row::broken`](crate::sweep::Row::broken)
    /// reads them. None of a scenario that failed.
    pub broken: Vec<u64>,
    /// Scenarios that failed (counted within the block), with the error.
    pub failures: Vec<(usize, String)>,
    /// How many scenarios were worked out one by one, other than to check alone: those that no
    /// program was sure of, and of a sweep the first ones, too.
    pub rerun: usize,
    /// How many were worked out by themselves to check the program that gave them.
    pub checked: usize,
    /// Numbers, in the sweep or by the order in which a function was asked for them, of those of
    /// them that differed: by more than 1e-9, in whether they
    /// fail, or in what stops an inlet. That is a fault of this crate or of a stage whose equations
    /// are not the same for every scalar. All scenarios of their blocks of
    /// [`BLOCK`](crate::sweep::BLOCK) by number are then worked out by themselves.
    pub disagreed: Vec<u64>,
}

impl Results {
    /// Makes room for a block.
    pub(super) fn start(&mut self, outputs: usize, words: usize, count: usize) {
        // all of them are written anew
        self.count = count;
        self.values.resize(outputs * count, f64::NAN);
        self.residuals.resize(count, f64::NAN);
        self.broken.resize(words * count, 0);
        self.failures.clear();
        self.disagreed.clear();
        (self.rerun, self.checked) = (0, 0);
    }

    /// In how many scenarios some limit is broken.
    pub(in crate::sweep) fn count_broken(&self) -> u64 {
        let breaks = |lane: &usize| {
            self.broken.iter().skip(*lane).step_by(self.count).any(|&bits| bits != 0)
        };
        if self.broken.iter().all(|&bits| bits == 0) {
            return 0;
        }
        (0..self.count).filter(breaks).count() as u64
    }

    /// The numbers of one output.
    #[must_use]
    pub fn column(&self, output: usize) -> &[f64] {
        &self.values[output * self.count..(output + 1) * self.count]
    }
}
