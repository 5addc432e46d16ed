//! What a sweep is, in words and as a hash, for the record beside its results.

use super::axis::{Axis, Range};
use super::distribution::Distribution;
use super::sweep::Sweep;
use crate::chain::{Chain, hexadecimal};
use crate::sweep::design::{Correlation, DesignKind};
use sha2::{Digest, Sha256};
use std::fmt::Write;

impl Sweep {
    /// What the sweep is, in lines that a person reads beside its results. What of its
    /// distributions is cut depends on the chain: [`Prepared::notes`](crate::sweep::Prepared::notes).
    #[must_use]
    pub fn provenance(&self) -> String {
        self.described(self.kind.samples())
    }

    /// What the sweep is, with so many samples.
    fn described(&self, samples: Option<u64>) -> String {
        let mut text = format!("sweep \"{}\" of chain \"{}\"\n", self.name, self.chain());
        let samples = samples.map_or_else(String::new, |samples| format!(" of {samples}"));
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

    /// Hash of everything that determines the results of a scenario: the chain's files, the sweep,
    /// and the values in files that it names.
    ///
    /// Of a design that can be extended ([`Sweep::with_samples`]) the number of samples is not
    /// among it, so that results of fewer can be gone on with.
    #[must_use]
    pub fn inputs(&self, chain: &Chain) -> String {
        let mut hash = Sha256::new();
        let mut take = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        take(chain.inputs());
        take(&self.described(self.kind.samples_that_matter()));
        if let DesignKind::Table(table) = &self.kind {
            table.header.iter().for_each(|name| take(name));
            for row in 0..table.len() {
                (0..table.header.len()).for_each(|column| take(table.text(row, column)));
            }
        }
        for axis in &self.axes {
            if let Range::Distributed(Distribution::Empirical { values, .. }) = &axis.range {
                for value in values {
                    take(&value.to_string());
                }
            }
        }
        format!("sha256:{}", hexadecimal(&hash.finalize()))
    }
}

fn known_by(axis: &Axis) -> String {
    let provenance = &axis.provenance;
    match provenance.source.as_str() {
        "" => provenance.evidence.to_string(),
        source => format!("{}: {source}", provenance.evidence),
    }
}
