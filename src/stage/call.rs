//! One run of a stage: what it reads and what it writes.

use super::handle::{
    Choice, Composition, Flag, Handle, Import, Inlet, Load, Number, Outlet, SpecId,
};
use super::streams::{Around, StreamId};
use super::{StageError, StageWarning};
use crate::gas::{BlendedGasRead, NaturalGas};
use crate::param::{Choices, Slot};
use crate::scalar::Scalar;
use std::cell::Cell;

/// One run of a stage: its inlets and parameters to read, its outlets and imports to write.
///
/// A stream is a slice of molar flows, mol/s, one a species of the slate. Everything is named by
/// the handles that the stage's own [`Spec`](super::Spec) gave; a handle of another reads zero,
/// writes what counts for nothing, and ends the run with [`StageError::OfAnotherSpec`].
#[derive(Debug)]
pub struct Call<'a, S> {
    pub(crate) spec: SpecId,
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
    /// The gas of whatever can come to the inlet that the spec asks for it at, where it is known.
    pub(crate) gas: Option<BlendedGasRead<'a, S>>,
    pub(crate) stated: &'a mut [S],
    pub(crate) objection: &'a mut Option<StageError>,
    /// What it warns of; `None` where nobody listens: until a run has ended, and in sweeps.
    pub(crate) warnings: Option<&'a mut Vec<StageWarning>>,
    /// What was named by a handle of another spec.
    pub(crate) misused: Cell<Option<&'static str>>,
}

impl<'a, S: Scalar> Call<'a, S> {
    /// Number of species in a stream.
    #[must_use]
    pub const fn species(&self) -> usize {
        self.streams.species
    }

    /// The stream at an inlet.
    #[must_use]
    #[inline]
    pub fn stream(&self, inlet: Inlet) -> &'a [S] {
        match self.inlets.get(inlet.place_in(self.spec)) {
            Some(&stream) => self.streams.stream(stream),
            None => {
                self.is_not_own::<()>("an inlet");
                self.streams.any()
            }
        }
    }

    /// The stream at an outlet, to be written.
    #[inline]
    pub fn send(&mut self, outlet: Outlet) -> &mut [S] {
        match self.own(outlet, self.outlet_count, "an outlet") {
            Some(at) => self.streams.own(at),
            None => self.spare(),
        }
    }

    /// The stream taken at an import, to be written.
    #[inline]
    pub fn take(&mut self, import: Import) -> &mut [S] {
        match self.own(import, self.offers.len(), "an import") {
            Some(at) => self.streams.own(self.outlet_count + at),
            None => self.spare(),
        }
    }

    /// What an import is offered where it is joined to another stage's outlet: take some of it
    /// at its own composition. `None` where the import comes from outside the chain.
    #[must_use]
    #[inline]
    pub fn offer(&self, import: Import) -> Option<&'a [S]> {
        match self.offers.get(import.place_in(self.spec)) {
            Some(offer) => offer.map(|offer| self.streams.stream(offer)),
            None => self.is_not_own("an import"),
        }
    }

    /// What the import at the other end of an outlet on demand takes.
    #[must_use]
    pub fn demand(&self, outlet: Outlet) -> Option<&'a [S]> {
        match self.demands.get(outlet.place_in(self.spec)) {
            Some(demand) => demand.map(|demand| self.streams.stream(demand)),
            None => self.is_not_own("an outlet"),
        }
    }

    /// Value of a number, SI.
    #[must_use]
    #[inline]
    pub fn number(&self, parameter: Number) -> S {
        match self.slot(parameter, "a number") {
            Some(Slot::Number(at)) => self.numbers[at.index()],
            _ => S::zero(),
        }
    }

    /// Mole fractions of a composition.
    #[must_use]
    pub fn composition(&self, parameter: Composition) -> &'a [S] {
        match self.slot(parameter, "a composition") {
            Some(Slot::Composition(at, _)) => &self.numbers[at.range()],
            _ => self.streams.any(),
        }
    }

    /// Index of the name chosen.
    #[must_use]
    #[inline]
    pub fn choice(&self, parameter: Choice) -> usize {
        match self.slot(parameter, "a choice") {
            Some(Slot::Choice(at)) => self.choices[at],
            _ => 0,
        }
    }

    /// Whether it is true.
    #[must_use]
    #[inline]
    pub fn flag(&self, parameter: Flag) -> bool {
        match self.slot(parameter, "a flag") {
            Some(Slot::Choice(at)) => self.choices[at] == 1,
            _ => false,
        }
    }

    /// What [`Stage::constants`](super::Stage::constants) gave for the names chosen.
    #[must_use]
    pub const fn constants(&self) -> &'a [f64] {
        self.constants
    }

    /// The gas of what has come to the inlet that the spec asks for it at, where it is known what can
    /// come there.
    pub(super) fn blended_gas(&self, stream: &[S]) -> Option<NaturalGas<S>> {
        self.gas.map(|gas| gas.gas(stream))
    }

    /// Moves flows of some species from an outlet to others.
    pub(crate) fn distribute(&mut self, from: Outlet, to: &[(usize, Outlet)]) {
        let Some(from) = self.own(from, self.outlet_count, "an outlet") else { return };
        for &(species, outlet) in to {
            let Some(at) = self.own(outlet, self.outlet_count, "an outlet") else { return };
            let flow = std::mem::replace(&mut self.streams.own(from)[species], S::zero());
            self.streams.own(at)[species] = flow;
        }
    }

    /// States a load, SI.
    #[inline]
    pub fn state(&mut self, load: Load, value: S) {
        match self.stated.get_mut(load.place_in(self.spec)) {
            Some(stated) => *stated = value,
            None => {
                self.is_not_own::<()>("a load");
            }
        }
    }

    /// Objects to what came in: the numbers written have no meaning, but are fit for judging
    /// limits by. While the operating rule tries how far an inlet opens, limits may yet keep the
    /// stage away from there; only if the run ends so, it fails with this error.
    pub fn object(&mut self, error: StageError) {
        self.objection.get_or_insert(error);
    }

    /// Objects where a number is above zero, or is none, in numbers of any kind: of many scenarios to
    /// those in which it is. `error` is asked where it is known to be.
    pub fn object_where(&mut self, excess: S, error: impl FnOnce() -> StageError) {
        if excess.objects() {
            self.object(error());
        }
    }

    /// Leaves scenarios in which a number is above zero to plain numbers, which work them out one by
    /// one: only of numbers that are not known to be asked.
    pub(in crate::stage) fn leave_open(undecided: S) {
        let objected = undecided.objects();
        debug_assert!(!objected, "left open, and known");
    }

    /// Whether what the stage warns of is heard: once a run has ended, and somebody asks. Elsewhere
    /// it need not work anything out for a warning.
    #[must_use]
    pub const fn hears_warnings(&self) -> bool {
        self.warnings.is_some()
    }

    /// Warns of a correlation that is used outside the range it was fitted for; of one that is
    /// used within it nothing is said. Of each kind a result keeps the one that is furthest
    /// outside.
    pub fn warn(&mut self, warning: impl FnOnce() -> StageWarning) {
        if let Some(warnings) = &mut self.warnings {
            warning().join(warnings);
        }
    }

    #[inline]
    fn slot<T>(&self, parameter: Handle<T>, what: &'static str) -> Option<Slot> {
        let slot = self.slots.get(parameter.place_in(self.spec)).copied();
        slot.or_else(|| self.is_not_own(what))
    }

    /// The place of something of this stage's own; what is not is kept in mind.
    #[inline]
    fn own<T>(&self, handle: Handle<T>, count: usize, what: &'static str) -> Option<usize> {
        let at = handle.place_in(self.spec);
        if at < count { Some(at) } else { self.is_not_own(what) }
    }

    #[cold]
    fn is_not_own<T>(&self, what: &'static str) -> Option<T> {
        self.misused.set(Some(what));
        None
    }

    /// Where a stream goes that was named so: the run fails, whatever is written.
    #[cold]
    fn spare(&mut self) -> &mut [S] {
        let end = self.streams.species.min(self.streams.own.len());
        &mut self.streams.own[..end]
    }
}
