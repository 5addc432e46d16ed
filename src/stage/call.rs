//! One run of a stage: what it reads and what it writes.

use super::StageError;
use crate::param::Slot;
use crate::scalar::Scalar;

/// Where the streams of a call lie: everything outside the stage's own outlets can be read.
#[derive(Debug)]
pub(crate) struct Streams<'a, S> {
    /// Streams before the stage's own outlets and imports.
    pub before: &'a [S],
    /// The stage's outlets and imports.
    pub own: &'a mut [S],
    /// Streams after them.
    pub after: &'a [S],
}

/// One run of a stage: its inlets and parameters to read, its outlets and imports to write.
///
/// A stream is a slice of molar flows, mol/s, one a species of the slate.
#[derive(Debug)]
pub struct Call<'a, S> {
    pub(crate) streams: Streams<'a, S>,
    /// Slots of the inlets.
    pub(crate) inlets: &'a [usize],
    /// Slots that decide outlets on demand, by outlet.
    pub(crate) demands: &'a [Option<usize>],
    /// Slots that offer what an import takes, by import.
    pub(crate) offers: &'a [Option<usize>],
    pub(crate) outlet_count: usize,
    pub(crate) species: usize,
    pub(crate) slots: &'a [Slot],
    pub(crate) numbers: &'a [S],
    pub(crate) choices: &'a [usize],
    pub(crate) constants: &'a [f64],
    pub(crate) stated: &'a mut [S],
    pub(crate) objection: &'a mut Option<StageError>,
}

impl<'a, S: Scalar> Call<'a, S> {
    /// Number of species in a stream.
    #[must_use]
    pub const fn species(&self) -> usize {
        self.species
    }

    /// The stream at an inlet, counted as in [`Ports::inlets`](super::Ports::inlets).
    #[must_use]
    pub fn inlet(&self, inlet: usize) -> &'a [S] {
        self.stream(self.inlets[inlet])
    }

    /// Number of inlets.
    #[must_use]
    pub const fn inlet_count(&self) -> usize {
        self.inlets.len()
    }

    /// The stream at an outlet, to be written; counted as in [`Ports::outlets`](super::Ports::outlets).
    pub fn outlet(&mut self, outlet: usize) -> &mut [S] {
        debug_assert!(outlet < self.outlet_count);
        &mut self.streams.own[outlet * self.species..(outlet + 1) * self.species]
    }

    /// The stream taken at an import, to be written; counted as in [`Ports::imports`](super::Ports::imports).
    pub fn import(&mut self, import: usize) -> &mut [S] {
        let at = (self.outlet_count + import) * self.species;
        &mut self.streams.own[at..at + self.species]
    }

    /// What an import is offered where it is joined to another stage's outlet: take some of it
    /// at its own composition. `None` where the import comes from outside the chain.
    #[must_use]
    pub fn offer(&self, import: usize) -> Option<&'a [S]> {
        self.offers[import].map(|slot| self.stream(slot))
    }

    /// What the import at the other end of an on-demand outlet takes.
    #[must_use]
    pub fn demand(&self, outlet: usize) -> Option<&'a [S]> {
        self.demands[outlet].map(|slot| self.stream(slot))
    }

    /// Value of a number parameter, SI; counted as in [`Stage::parameters`](super::Stage::parameters).
    #[must_use]
    pub fn number(&self, parameter: usize) -> S {
        self.numbers[self.slots[parameter].at]
    }

    /// Mole fractions of a composition parameter.
    #[must_use]
    pub fn composition(&self, parameter: usize) -> &'a [S] {
        let slot = self.slots[parameter];
        &self.numbers[slot.at..slot.at + slot.len]
    }

    /// Index of the name chosen for a choice parameter.
    #[must_use]
    pub fn choice(&self, parameter: usize) -> usize {
        self.choices[self.slots[parameter].at]
    }

    /// What [`Stage::constants`](super::Stage::constants) gave for the names chosen.
    #[must_use]
    pub const fn constants(&self) -> &'a [f64] {
        self.constants
    }

    /// States a load, counted as in [`Stage::stated_loads`](super::Stage::stated_loads), SI.
    pub fn state(&mut self, load: usize, value: S) {
        self.stated[load] = value;
    }

    /// Objects to what came in: the numbers written have no meaning, but are fit for judging
    /// limits by. While the operating rule tries how far an inlet opens, limits may yet keep the
    /// stage away from there; only if the run ends so, it fails with this error.
    pub fn object(&mut self, error: StageError) {
        self.objection.get_or_insert(error);
    }

    fn stream(&self, slot: usize) -> &'a [S] {
        let at = slot * self.species;
        let before = self.streams.before.len();
        if at < before {
            &self.streams.before[at..at + self.species]
        } else {
            let at = at - before - self.streams.own.len();
            &self.streams.after[at..at + self.species]
        }
    }
}
