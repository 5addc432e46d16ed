//! One run of a stage: what it reads and what it writes.

use super::StageError;
use super::streams::{Around, StreamId};
use crate::param::{Choices, Slot};
use crate::scalar::Scalar;

/// One run of a stage: its inlets and parameters to read, its outlets and imports to write.
///
/// A stream is a slice of molar flows, mol/s, one a species of the slate.
#[derive(Debug)]
pub struct Call<'a, S> {
    /// Its own are its outlets, then its imports.
    pub(crate) streams: Around<'a, S>,
    pub(crate) inlets: &'a [StreamId],
    /// What decides outlets on demand, by outlet.
    pub(crate) demands: &'a [Option<StreamId>],
    /// What offers what an import takes, by import.
    pub(crate) offers: &'a [Option<StreamId>],
    pub(crate) outlet_count: usize,
    /// Where its parameters lie among the numbers and choices.
    pub(crate) slots: &'a [Slot],
    pub(crate) numbers: &'a [S],
    pub(crate) choices: &'a Choices,
    pub(crate) constants: &'a [f64],
    pub(crate) stated: &'a mut [S],
    pub(crate) objection: &'a mut Option<StageError>,
}

impl<'a, S: Scalar> Call<'a, S> {
    /// Number of species in a stream.
    #[must_use]
    pub const fn species(&self) -> usize {
        self.streams.species
    }

    /// The stream at an inlet, counted as in [`Ports::inlets`](super::Ports::inlets).
    #[must_use]
    #[inline]
    pub fn inlet(&self, inlet: usize) -> &'a [S] {
        self.streams.stream(self.inlets[inlet])
    }

    /// Number of inlets.
    #[must_use]
    pub const fn inlet_count(&self) -> usize {
        self.inlets.len()
    }

    /// The stream at an outlet, to be written; counted as in [`Ports::outlets`](super::Ports::outlets).
    #[inline]
    pub fn outlet(&mut self, outlet: usize) -> &mut [S] {
        debug_assert!(outlet < self.outlet_count);
        self.streams.own(outlet)
    }

    /// The stream taken at an import, to be written; counted as in [`Ports::imports`](super::Ports::imports).
    #[inline]
    pub fn import(&mut self, import: usize) -> &mut [S] {
        self.streams.own(self.outlet_count + import)
    }

    /// What an import is offered where it is joined to another stage's outlet: take some of it
    /// at its own composition. `None` where the import comes from outside the chain.
    #[must_use]
    #[inline]
    pub fn offer(&self, import: usize) -> Option<&'a [S]> {
        self.offers[import].map(|offer| self.streams.stream(offer))
    }

    /// What the import at the other end of an on-demand outlet takes.
    #[must_use]
    pub fn demand(&self, outlet: usize) -> Option<&'a [S]> {
        self.demands[outlet].map(|demand| self.streams.stream(demand))
    }

    /// Value of a number parameter, SI; counted as in [`Stage::parameters`](super::Stage::parameters).
    ///
    /// # Panics
    /// Where the stage declares no such parameter, or one of another kind.
    #[must_use]
    #[inline]
    pub fn number(&self, parameter: usize) -> S {
        match self.slots[parameter] {
            Slot::Number(at) => self.numbers[at.index()],
            _ => panic!("parameter {parameter} of the stage is no number"),
        }
    }

    /// Mole fractions of a composition parameter.
    ///
    /// # Panics
    /// Where the stage declares no such parameter, or one of another kind.
    #[must_use]
    pub fn composition(&self, parameter: usize) -> &'a [S] {
        match self.slots[parameter] {
            Slot::Composition(at) => &self.numbers[at.range()],
            _ => panic!("parameter {parameter} of the stage is no composition"),
        }
    }

    /// Index of the name chosen for a choice parameter; 0 and 1 for a flag.
    ///
    /// # Panics
    /// Where the stage declares no such parameter, or one of another kind.
    #[must_use]
    pub fn choice(&self, parameter: usize) -> usize {
        match self.slots[parameter] {
            Slot::Choice(at) => self.choices[at],
            _ => panic!("parameter {parameter} of the stage is no choice"),
        }
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
}
