//! Handles: what a stage's equations name its ports, parameters and loads by.
//!
//! A [`Spec`](super::Spec) gives a handle for whatever is declared in it. One of another kind does
//! not compile; one of another spec ends the run of the stage with an error.

use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU32, Ordering};

/// Which spec something was declared in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SpecId(u32);

impl SpecId {
    /// One that no other spec has, among any four billion made one after another.
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// What handles are of.
pub mod of {
    /// An inlet port.
    #[derive(Debug)]
    pub enum Inlet {}
    /// An outlet port.
    #[derive(Debug)]
    pub enum Outlet {}
    /// An import.
    #[derive(Debug)]
    pub enum Import {}
    /// A parameter that is a number.
    #[derive(Debug)]
    pub enum Number {}
    /// A parameter that is one of several names.
    #[derive(Debug)]
    pub enum Choice {}
    /// A parameter that is true or false.
    #[derive(Debug)]
    pub enum Flag {}
    /// A parameter that is a composition.
    #[derive(Debug)]
    pub enum Composition {}
    /// A stated load.
    #[derive(Debug)]
    pub enum Load {}
}

/// The place of something in the [`Spec`](super::Spec) it was declared in.
pub struct Handle<T> {
    spec: SpecId,
    at: u32,
    of: PhantomData<fn() -> T>,
}

/// An inlet port of a stage.
pub type Inlet = Handle<of::Inlet>;
/// An outlet port of a stage.
pub type Outlet = Handle<of::Outlet>;
/// An import of a stage: what it takes from outside, or of a stream that is drawn from.
pub type Import = Handle<of::Import>;
/// A parameter that is a number: a quantity, a fraction, a count.
pub type Number = Handle<of::Number>;
/// A parameter that is one of several names.
pub type Choice = Handle<of::Choice>;
/// A parameter that is true or false.
pub type Flag = Handle<of::Flag>;
/// A parameter that is a composition.
pub type Composition = Handle<of::Composition>;
/// A load that a stage states about itself.
pub type Load = Handle<of::Load>;

impl<T> Handle<T> {
    #[allow(clippy::cast_possible_truncation, reason = "memory ends before ports do")]
    pub(super) const fn new(spec: SpecId, at: usize) -> Self {
        Self { spec, at: at as u32, of: PhantomData }
    }

    /// Its place among those of its kind (parameters: among all), if it is of this spec.
    #[inline]
    pub(crate) fn in_spec(self, spec: SpecId) -> Option<usize> {
        (self.spec == spec).then_some(self.at as usize)
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Handle<T> {}

impl<T> PartialEq for Handle<T> {
    fn eq(&self, other: &Self) -> bool {
        self.spec == other.spec && self.at == other.at
    }
}

impl<T> Eq for Handle<T> {}

impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.at)
    }
}
