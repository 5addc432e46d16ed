//! What goes through a stage or chain, species by species, and how far in and out are apart: the
//! one balance, for plain numbers and for recorded ones.

use crate::chain::{Level, PlacedStage, Tree};
use crate::param::Values;
use crate::scalar::Scalar;
use crate::stage::Streams;

/// What counts as nothing of a species, relative to all moles that go through.
const NOISE: f64 = 1e-15;

/// Flows below this lose their digits, mol/s.
pub(super) const FEW_DIGITS: f64 = 1e-290;

/// What goes in, with imports, and what comes out, by species, mol/s.
#[derive(Debug)]
pub(crate) struct Through<S> {
    pub inflow: Vec<S>,
    pub outflow: Vec<S>,
}

impl<S: Scalar> Through<S> {
    pub fn new(species: usize) -> Self {
        let zeros = || vec![S::zero(); species];
        Self { inflow: zeros(), outflow: zeros() }
    }

    /// What goes through a stage.
    pub fn stage(&mut self, placed: &PlacedStage, streams: &Streams<S>) {
        let inlets = placed.inlets.iter().copied().chain(placed.imports.iter());
        let inlets = inlets.map(|inlet| &streams[inlet]);
        self.between(inlets, placed.outlets.iter().map(|outlet| &streams[outlet]));
    }

    /// What goes in by some streams and out by others.
    pub fn between<'s>(
        &mut self,
        inlets: impl Iterator<Item = &'s [S]>,
        outlets: impl Iterator<Item = &'s [S]>,
    ) where
        S: 's,
    {
        sum(&mut self.inflow, inlets);
        sum(&mut self.outflow, outlets);
    }

    /// What goes through a chain's boundary.
    pub fn level(&mut self, tree: &Tree, level: &Level, values: &Values, streams: &Streams<S>) {
        let accepted = level.inlets.iter().map(|&inlet| tree.inlets[inlet].accepted);
        let imports = tree.stages[level.stages].iter().flat_map(|placed| {
            let from_outside = move |index: usize| {
                let offer = placed.offer(index, &values.choices);
                offer.is_none_or(|stream| !level.streams.contains(stream))
            };
            let imports = placed.imports.iter().enumerate();
            imports.filter(move |(index, _)| from_outside(*index)).map(|(_, import)| import)
        });
        sum(&mut self.inflow, accepted.chain(imports).map(|stream| &streams[stream]));
        if level.parent.is_none() {
            let leaving = tree.links.iter().filter(|link| link.to.is_none());
            sum(&mut self.outflow, leaving.map(|link| &streams[link.stream]));
        } else {
            // an inner inlet's surplus never enters; one inside this level that leaves by an
            // outlet is counted there
            sum(&mut self.outflow, level.outlets.iter().map(|(_, outlet)| &streams[*outlet]));
        }
    }

    /// Atoms of an element that go in and come out.
    pub fn of_element(&self, counts: &[f64]) -> (S, S) {
        let sum = |flows: &[S]| {
            let parts = counts.iter().zip(flows);
            parts.fold(S::zero(), |sum, (count, flow)| sum + flow.scaled(*count))
        };
        (sum(&self.inflow), sum(&self.outflow))
    }

    /// The least flow that counts, mol/s: less than that of a species is what rounding leaves of
    /// the others.
    pub fn least(&self) -> S {
        let sum = |flows: &[S]| flows.iter().fold(S::zero(), |sum, flow| sum + *flow);
        sum(&self.inflow).max(sum(&self.outflow)).scaled(NOISE).max(S::from_f64(FEW_DIGITS))
    }
}

/// Writes the sum of some streams.
fn sum<'s, S: Scalar>(whole: &mut [S], mut streams: impl Iterator<Item = &'s [S]>) {
    match streams.next() {
        Some(first) => whole.copy_from_slice(first),
        None => whole.fill(S::zero()),
    }
    for stream in streams {
        for (sum, flow) in whole.iter_mut().zip(stream) {
            *sum += *flow;
        }
    }
}

/// How far in and out are apart, relative to the larger of the two.
#[inline]
pub(crate) fn residual<S: Scalar>(inflow: S, outflow: S, least: S) -> S {
    let off = (inflow - outflow).max(outflow - inflow);
    off / inflow.max(outflow).max(least)
}
