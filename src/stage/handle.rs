//! Handles: what a stage's equations name its ports, parameters and loads by.
//!
//! A [`Spec`](super::Spec) gives a handle for whatever is declared in it. One of another kind does
//! not compile; one of another spec ends the run of the stage with an error.

use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU32, Ordering};

/// Which spec something was declared in: a number in the upper half, room for places below.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct SpecId(u64);

/// Which number it has tells when it was made, and nothing of what it is.
impl fmt::Debug for SpecId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SpecId")
    }
}

impl SpecId {
    /// One that no other spec has, among any four billion made one after another.
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        Self(u64::from(NEXT.fetch_add(1, Ordering::Relaxed)) << 32)
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
    /// The spec's number in the upper half, the place in the lower.
    key: u64,
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
        Self { key: spec.0 | at as u32 as u64, of: PhantomData }
    }

    /// Its place among those of its kind (parameters: among all); beyond any place there is where it
    /// is of another spec, so that looking for it there is all that has to be judged.
    #[inline]
    pub(crate) fn place_in(self, spec: SpecId) -> usize {
        usize::try_from(self.key ^ spec.0).unwrap_or(usize::MAX)
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
        self.key == other.key
    }
}

impl<T> Eq for Handle<T> {}

impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.key & u64::from(u32::MAX))
    }
}
