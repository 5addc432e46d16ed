//! Ids: places in lists, named by what lies there.
//!
//! A bare number indexes anything. An [`Id`] indexes only what there is one of for each thing of
//! its kind: a limit's id in a list of stages does not compile. It is a `u32` and no more than
//! that, and indexing by it is indexing.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut, Range};

/// The place of one `T` among all of them.
pub(crate) struct Id<T>(u32, PhantomData<fn() -> T>);

/// Something for each `T`, by its [`Id`].
pub(crate) struct List<T, V>(Vec<V>, PhantomData<fn() -> T>);

/// All `T` themselves.
pub(crate) type All<T> = List<T, T>;

/// The ids of several `T` that lie one after another.
pub(crate) struct Ids<T> {
    start: u32,
    end: u32,
    of: PhantomData<fn() -> T>,
}

/// A count as ids hold it: memory ends long before.
#[allow(clippy::cast_possible_truncation, reason = "judged first")]
const fn narrowed(count: usize) -> u32 {
    assert!(count < u32::MAX as usize, "more than can be counted");
    count as u32
}

impl<T> Id<T> {
    /// The id of the one that `index` others lie before.
    pub const fn at(index: usize) -> Self {
        Self(narrowed(index), PhantomData)
    }

    /// How many lie before it.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl<T> Ids<T> {
    /// So many, from a first one on.
    pub fn starting(first: Id<T>, count: usize) -> Self {
        let start = first.0;
        Self { start, end: narrowed(start as usize + count), of: PhantomData }
    }

    /// How many they are.
    pub const fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether one is among them.
    pub const fn contains(self, id: Id<T>) -> bool {
        self.start <= id.0 && id.0 < self.end
    }

    /// The one at a position among them.
    #[allow(clippy::cast_possible_truncation, reason = "a position among them")]
    pub fn at(self, position: usize) -> Id<T> {
        debug_assert!(position < self.len());
        Id(self.start + position as u32, PhantomData)
    }

    /// The first of them.
    pub const fn first(self) -> Id<T> {
        Id(self.start, PhantomData)
    }

    /// In order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Id<T>> + ExactSizeIterator + Clone {
        (self.start..self.end).map(|place| Id(place, PhantomData))
    }

    /// As many new ones, behind all that there are.
    pub fn more(&mut self, count: usize) -> Self {
        let start = self.end;
        self.end = narrowed(start as usize + count);
        Self { start, ..*self }
    }

    /// Those that came after some earlier ones.
    pub const fn since(self, earlier: Self) -> Self {
        Self { start: earlier.end, ..self }
    }

    /// One of the parts of a length that they fall into.
    #[allow(clippy::cast_possible_truncation, reason = "a part of them")]
    pub fn part(self, index: usize, length: usize) -> Self {
        debug_assert!((index + 1) * length <= self.len());
        let start = self.start + (index * length) as u32;
        Self { start, end: start + length as u32, ..self }
    }

    /// These, with those that lie right behind them.
    pub fn with(self, next: Self) -> Self {
        debug_assert!(self.end == next.start);
        Self { end: next.end, ..self }
    }

    /// Their places, as bare numbers.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl<T> Clone for Ids<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Ids<T> {}

impl<T> PartialEq for Ids<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.start, self.end) == (other.start, other.end)
    }
}

impl<T> Eq for Ids<T> {}

/// None.
impl<T> Default for Ids<T> {
    fn default() -> Self {
        Self { start: 0, end: 0, of: PhantomData }
    }
}

impl<T> fmt::Debug for Ids<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}..{}", self.start, self.end)
    }
}

impl<T, V> List<T, V> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self(Vec::new(), PhantomData)
    }

    /// Nothing yet, with room for so many.
    pub fn with_room_for(ids: Ids<T>) -> Self {
        Self(Vec::with_capacity(ids.end as usize), PhantomData)
    }

    /// The same for each.
    pub fn filled(ids: Ids<T>, value: V) -> Self
    where
        V: Clone,
    {
        Self(vec![value; ids.end as usize], PhantomData)
    }

    /// One more, and its id.
    pub fn push(&mut self, value: V) -> Id<T> {
        self.0.push(value);
        Id::at(self.0.len() - 1)
    }

    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Those that it holds something for.
    pub fn ids(&self) -> Ids<T> {
        Ids { start: 0, end: narrowed(self.0.len()), of: PhantomData }
    }

    pub fn iter(&self) -> std::slice::Iter<'_, V> {
        self.0.iter()
    }

    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, V> {
        self.0.iter_mut()
    }

    /// Each with its id.
    pub fn pairs(
        &self,
    ) -> impl DoubleEndedIterator<Item = (Id<T>, &V)> + ExactSizeIterator + Clone {
        self.ids().iter().zip(&self.0)
    }

    /// The first that fits.
    pub fn position(&self, fits: impl FnMut(&V) -> bool) -> Option<Id<T>> {
        self.0.iter().position(fits).map(Id::at)
    }

    /// In order, without ids.
    pub fn as_slice(&self) -> &[V] {
        &self.0
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl<T, V> Index<Id<T>> for List<T, V> {
    type Output = V;

    fn index(&self, id: Id<T>) -> &V {
        &self.0[id.index()]
    }
}

impl<T, V> IndexMut<Id<T>> for List<T, V> {
    fn index_mut(&mut self, id: Id<T>) -> &mut V {
        &mut self.0[id.index()]
    }
}

impl<T, V> Index<Ids<T>> for List<T, V> {
    type Output = [V];

    fn index(&self, ids: Ids<T>) -> &[V] {
        &self.0[ids.range()]
    }
}

impl<T, V> IndexMut<Ids<T>> for List<T, V> {
    fn index_mut(&mut self, ids: Ids<T>) -> &mut [V] {
        &mut self.0[ids.range()]
    }
}

impl<T, V> FromIterator<V> for List<T, V> {
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> Self {
        Self(values.into_iter().collect(), PhantomData)
    }
}

impl<T, V> Extend<V> for List<T, V> {
    fn extend<I: IntoIterator<Item = V>>(&mut self, values: I) {
        self.0.extend(values);
    }
}

impl<T, V> IntoIterator for List<T, V> {
    type Item = V;
    type IntoIter = std::vec::IntoIter<V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'l, T, V> IntoIterator for &'l List<T, V> {
    type Item = &'l V;
    type IntoIter = std::slice::Iter<'l, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T, V: Clone> Clone for List<T, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<T, V> Default for List<T, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, V: PartialEq> PartialEq for List<T, V> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T, V: fmt::Debug> fmt::Debug for List<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    enum Wagon {}

    #[test]
    fn ids_lie_one_after_another() {
        let mut all: Ids<Wagon> = Ids::default();
        let first = all.more(2);
        let next = all.more(4);
        assert_eq!(first.with(next), all);
        assert_eq!(all.since(first), next);
        assert_eq!(next.part(1, 2), Ids::starting(Id::at(4), 2));
        assert_eq!(next.iter().collect::<Vec<_>>(), [2, 3, 4, 5].map(Id::at));
        assert!(
            next.contains(next.at(3)) && !next.contains(first.at(1)) && first.at(0) == all.first()
        );
    }

    #[test]
    fn a_list_holds_something_for_each() {
        let mut loads: List<Wagon, f64> = [3.0, 4.0].into_iter().collect();
        let last = loads.push(5.0);
        assert_eq!((last, loads.position(|load| *load > 3.5)), (Id::at(2), Some(Id::at(1))));
        loads[Ids::starting(Id::at(0), 2)].fill(1.0);
        assert_eq!(loads.as_slice(), [1.0, 1.0, 5.0]);
        assert_eq!(loads.pairs().next_back(), Some((last, &5.0)));
        assert_eq!(size_of::<Option<Id<Wagon>>>(), 8);
    }
}
