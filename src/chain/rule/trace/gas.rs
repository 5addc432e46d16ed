//! Recording the gas of whatever sources are blended to: constants where they are the same in all
//! scenarios, and else a call before all else.

use crate::chain::rule::gases::HeldGas;
use crate::gas::{GergSpecies, Polynomials, blended_gas_numbers};
use crate::scalar::Scalar;
use crate::tape::{Foreign, ForeignMemory, Traced};
use std::sync::Arc;

/// The gas of sources, by their mole fractions or moles of any number.
pub(super) fn blended(
    species: &Arc<GergSpecies>,
    sources: &[Vec<Traced>],
) -> Option<HeldGas<Traced>> {
    let plain = |source: &Vec<Traced>| source.iter().map(|flow| flow.constant()).collect();
    let constants: Option<Vec<Vec<f64>>> = sources.iter().map(plain).collect();
    if let Some(constants) = constants {
        return HeldGas::of_constants(species, &constants);
    }
    // those that are the same in all scenarios are no second source in any
    let mut distinct: Vec<&Vec<Traced>> = Vec::new();
    for source in sources {
        if !distinct.contains(&source) {
            distinct.push(source);
        }
    }
    let sources = distinct;
    let species_count = sources.first().map_or(0, |first| first.len());
    let rank = sources.len() - 1;
    let making = Making { species: Arc::clone(species), sources: sources.len() };
    let inputs: Vec<Traced> = sources.iter().flat_map(|source| source.iter().copied()).collect();
    let count = blended_gas_numbers(species_count, rank);
    let mut numbers = Traced::call(Arc::new(making), &inputs, count + 1);
    // scenarios whose sources have none take the table of each composition
    if let Some(refused) = numbers.pop() {
        refused.guard();
    }
    Some(HeldGas::Own { species: species_count, rank, numbers })
}

/// Makes polynomials of sources that differ, and says whether it could not: by a number above zero,
/// behind theirs.
#[derive(Debug)]
struct Making {
    species: Arc<GergSpecies>,
    sources: usize,
}

impl Making {
    fn with<S: Scalar>(&self, inputs: &[S], outputs: &mut [S]) {
        let Some((refused, numbers)) = outputs.split_last_mut() else { return };
        let sources: Vec<&[S]> = inputs.chunks_exact(inputs.len() / self.sources).collect();
        // fewer coordinates, where sources have become alike, are other numbers
        let made = Polynomials::of(&self.species, &sources)
            .filter(|made| made.numbers().len() == numbers.len());
        match made {
            Some(made) => {
                numbers.copy_from_slice(made.numbers());
                *refused = S::zero();
            }
            None => {
                numbers.fill(S::from_f64(f64::NAN));
                *refused = S::one();
            }
        }
    }
}

/// As many operations as a table of GERG-2008 takes.
const TABLE: usize = 10_000;

impl Foreign for Making {
    /// A table at each corner and middle, and about as many where it is judged.
    fn operations(&self) -> usize {
        TABLE * self.sources * (self.sources + 1)
    }

    fn run(&self, inputs: &[f64], outputs: &mut [f64]) {
        self.with(inputs, outputs);
    }

    fn slopes(
        &self,
        inputs: &[f64],
        moves: &[f64],
        outputs: &mut [f64],
        memory: &mut ForeignMemory,
    ) {
        memory.slopes((inputs, moves), outputs, |own, found| self.with(own, found));
    }
}
