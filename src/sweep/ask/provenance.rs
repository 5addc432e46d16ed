//! What a sweep is, in words, for the record beside its results.

use super::axis::Axis;
use super::sweep::Sweep;
use crate::sweep::design::{Correlation, DesignKind};
use std::fmt::Write;

impl Sweep {
    /// What the sweep is, in lines that a person reads beside its results. What of its
    /// distributions is cut depends on the chain: [`Prepared::notes`](crate::sweep::Prepared::notes).
    #[must_use]
    pub fn provenance(&self) -> String {
        let mut text = format!("sweep \"{}\" of chain \"{}\"\n", self.name, self.chain());
        let samples =
            self.kind.samples().map_or_else(String::new, |samples| format!(" of {samples}"));
        let design = match &self.kind {
            DesignKind::Grid => "grid, the last axis fastest".to_owned(),
            DesignKind::OneAtATime => "one axis at a time, the base scenario first".to_owned(),
            DesignKind::Table(table) => format!("the rows of {}", table.file),
            DesignKind::LatinHypercube { seed, .. } => {
                format!(
                    "Latin hypercube{samples}, seed {seed} (keyed permutations, Philox 4x32-10)"
                )
            }
            DesignKind::Sobol { seed, scrambled, .. } => {
                let scrambling = if *scrambled {
                    format!("nested scrambling with seed {seed} (Philox 4x32-10)")
                } else {
                    "not scrambled, in the middle of intervals".to_owned()
                };
                format!("Sobol' sequence{samples}, Joe and Kuo (2008), {scrambling}")
            }
            DesignKind::MonteCarlo { seed, .. } => {
                format!("Monte Carlo{samples}, seed {seed} (Philox 4x32-10)")
            }
        };
        let _ = writeln!(text, "design: {design}");
        for change in self.overrides() {
            let _ = writeln!(text, "set {} = {}", change.address, change.value);
        }
        for axis in &self.axes {
            let _ = writeln!(text, "axis {axis} ({})", known_by(axis));
        }
        for Correlation { between: [one, other], coefficient, .. } in &self.correlations {
            let _ =
                writeln!(text, "correlation of {one} and {other}: {coefficient} (Gaussian copula)");
        }
        for output in self.outputs() {
            let _ = writeln!(text, "output {output}");
        }
        text
    }
}

fn known_by(axis: &Axis) -> String {
    let provenance = &axis.provenance;
    match provenance.source.as_str() {
        "" => provenance.evidence.to_string(),
        source => format!("{}: {source}", provenance.evidence),
    }
}
