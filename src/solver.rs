//! Solving a chain: run by the operating rule, then close every balance.

use crate::chain::{Chain, Memory, SolveError};
use crate::param::Values;
use crate::solved::Solved;

/// A solver with memory of its own: reuse one to run many scenarios of a chain.
///
/// ```
/// let chain = gaschain::amur::chain();
/// let mut solver = chain.solver();
/// let mut values = chain.values();
/// for trains in [6.0, 5.0, 4.0] {
///     chain.set(&mut values, "gpp.trains", trains)?;
///     let solved = solver.solve(&values)?;
///     assert!(solved.get("gpp.feed.load")?.unwrap() <= 7.0 * trains * (1.0 + 1e-12));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Solver<'a> {
    chain: &'a Chain,
    memory: Memory,
}

impl Chain {
    /// Runs the chain with these values.
    ///
    /// # Errors
    /// Values of another chain, a stage that does not close, equations without meaning for what
    /// came in, limits that no openings hold, a recycle without a solution.
    pub fn solve(&self, values: &Values) -> Result<Solved<'_>, SolveError> {
        self.solver().solve(values)
    }

    /// A solver with memory of its own, for many runs.
    #[must_use]
    pub fn solver(&self) -> Solver<'_> {
        Solver { chain: self, memory: Memory::new(&self.tree) }
    }
}

impl<'a> Solver<'a> {
    /// Runs the chain with these values.
    ///
    /// # Errors
    /// As [`Chain::solve`].
    pub fn solve(&mut self, values: &Values) -> Result<Solved<'a>, SolveError> {
        if !self.chain.owns(values) {
            let (of, chain) = (values.origin.chain.to_string(), self.chain.name().to_owned());
            return Err(SolveError::ValuesOfAnotherChain { of, chain });
        }
        self.memory.run(self.chain, values)?;
        Solved::close(self.chain, values, &self.memory.outcome())
    }
}
