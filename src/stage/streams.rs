//! All streams of a chain, and those of them that one stage may write.

use crate::ids::{Id, Ids};
use crate::scalar::Scalar;
use std::ops::{Index, IndexMut};

/// A stream between two ports: what a [`StreamId`] is the place of.
#[derive(Debug)]
pub(crate) enum Stream {}

/// The place of a stream among all of a chain.
pub(crate) type StreamId = Id<Stream>;

/// All streams of a chain, one after another: of each its molar flows, mol/s, one a species.
#[derive(Debug, Clone)]
pub(crate) struct Streams<S> {
    flows: Vec<S>,
    species: usize,
}

impl<S: Scalar> Streams<S> {
    /// Streams of nothing.
    pub fn of_nothing(ids: Ids<Stream>, species: usize) -> Self {
        Self { flows: vec![S::zero(); ids.len() * species], species }
    }
}

impl<S> Streams<S> {
    /// The flows of all of them, stream after stream.
    pub fn flows(&self) -> &[S] {
        &self.flows
    }

    /// Some streams to be written, while all others can be read.
    #[inline]
    pub fn around(&mut self, own: Ids<Stream>) -> Around<'_, S> {
        let (before, rest) = self.flows.split_at_mut(own.first().index() * self.species);
        let (own, after) = rest.split_at_mut(own.len() * self.species);
        Around { before, own, after, species: self.species }
    }
}

impl<S> Index<StreamId> for Streams<S> {
    type Output = [S];

    #[inline]
    fn index(&self, stream: StreamId) -> &[S] {
        let at = stream.index() * self.species;
        &self.flows[at..at + self.species]
    }
}

impl<S> IndexMut<StreamId> for Streams<S> {
    #[inline]
    fn index_mut(&mut self, stream: StreamId) -> &mut [S] {
        let at = stream.index() * self.species;
        &mut self.flows[at..at + self.species]
    }
}

/// The flow of one species.
impl<S> Index<(StreamId, usize)> for Streams<S> {
    type Output = S;

    #[inline]
    fn index(&self, (stream, species): (StreamId, usize)) -> &S {
        &self[stream][species]
    }
}

impl<S> IndexMut<(StreamId, usize)> for Streams<S> {
    #[inline]
    fn index_mut(&mut self, (stream, species): (StreamId, usize)) -> &mut S {
        &mut self[stream][species]
    }
}

/// Streams one after another: those of a range.
impl<S> Index<Ids<Stream>> for Streams<S> {
    type Output = [S];

    #[inline]
    fn index(&self, streams: Ids<Stream>) -> &[S] {
        let at = streams.first().index() * self.species;
        &self.flows[at..at + streams.len() * self.species]
    }
}

impl<S> IndexMut<Ids<Stream>> for Streams<S> {
    #[inline]
    fn index_mut(&mut self, streams: Ids<Stream>) -> &mut [S] {
        let at = streams.first().index() * self.species;
        &mut self.flows[at..at + streams.len() * self.species]
    }
}

/// Streams that lie one after another, to be written, and all others, to be read.
#[derive(Debug)]
pub(crate) struct Around<'a, S> {
    /// Streams before one's own.
    pub before: &'a [S],
    pub own: &'a mut [S],
    /// Streams after them.
    pub after: &'a [S],
    pub species: usize,
}

impl<'a, S> Around<'a, S> {
    /// A stream that is none of one's own.
    #[inline]
    pub fn stream(&self, stream: StreamId) -> &'a [S] {
        let at = stream.index() * self.species;
        let before = self.before.len();
        if at < before {
            &self.before[at..at + self.species]
        } else {
            let at = at - before - self.own.len();
            &self.after[at..at + self.species]
        }
    }

    /// Some stream that is none of one's own; nothing where there is none.
    pub fn any(&self) -> &'a [S] {
        let first = |streams: &'a [S]| streams.get(..self.species);
        first(self.before).or_else(|| first(self.after)).unwrap_or_default()
    }

    /// One of one's own, by its position among them.
    #[inline]
    pub fn own(&mut self, position: usize) -> &mut [S] {
        &mut self.own[position * self.species..(position + 1) * self.species]
    }
}
