//! The gas of whatever some sources are blended to, as a polynomial in composition.
//!
//! *In:* the compositions of the sources. *Out:* all numbers of a [`NaturalGas`] as polynomials of
//! the second order in the coordinates of a `frame`, where they are as good as `judge` asks.
//! *Order:* `frame` finds the coordinates; the polynomial goes through its corners and the middles
//! between them.

mod frame;
mod judge;

use super::gerg::GergSpecies;
use super::natural::{NaturalGas, Numbers};
use super::surface::{DENSITIES, TEMPERATURES};
use super::viscosity::NODES;
use crate::scalar::Scalar;
use frame::Frame;

/// Largest number of sources that differ. Beyond it a gas costs what its own table does.
const MOST_SOURCES: usize = 6;

/// Largest number of coordinates.
const MOST_COORDINATES: usize = MOST_SOURCES - 1;

/// Numbers of a gas that are means over its mole fractions: of the first order without an error.
const LINEAR: usize = TEMPERATURES + 3;

/// All others.
const QUADRATIC: usize = TEMPERATURES * DENSITIES + NODES + 1;

/// Mole fractions that differ by no more than this are the same.
const SAME: f64 = 1e-9;

/// The gas of whatever some sources are blended to: what lines and compressors of the real gas read
/// where it is known which sources reach them, in place of a table for every composition.
///
/// All numbers of a [`NaturalGas`] are polynomials in composition: those that are means over mole
/// fractions (molar mass, heat capacity of the ideal gas) of the first order, without an error;
/// the coefficients of its surface of Z and of its viscosity of the second, through the sources and
/// the middles between any two. A gas so costs 1e-7 s where its table costs 5e-6.
///
/// What blends differ by from their own tables is judged once, for the sources alone: at a quarter
/// and three quarters between any two of them, where a polynomial of the second order is furthest
/// from one of the third, and at the means of any three, of any four and of all. Sources are
/// refused that differ too much: then every blend of what is accepted has
///
/// | | differs from its own table by at most (relative) | feeds of the shipped chain |
/// |---|---|---|
/// | Z | 1e-5 | 1e-6 |
/// | viscosity | 2e-4 | 1e-6 |
///
/// which comes to what [`NaturalGas`] says that the table differs from GERG-2008 by. Refused as well
/// are sources of a gas that is near its critical point or condenses, whose table is good in part
/// only; those of species that GERG-2008 does not know; and more than 6 that differ.
///
/// ```
/// use gaschain::gas::{BlendedGas, Gas, GergSpecies, NaturalGas};
/// use gaschain::species::Slate;
///
/// let slate = Slate::shipped().chosen(["methane", "ethane", "propane", "nitrogen"])?;
/// let species = GergSpecies::new(&slate);
/// let (lean, rich) = ([95.0, 2.0, 0.2, 2.8], [88.0, 6.0, 2.0, 4.0]); // moles of any number
/// let blended = BlendedGas::of(&species, &[&lean, &rich]).expect("natural gases");
///
/// let mixed: Vec<f64> = lean.iter().zip(rich).map(|(lean, rich)| 0.3 * lean + 0.7 * rich).collect();
/// let gas = blended.gas(&mixed); // of molar flows, or fractions
/// let own = NaturalGas::gerg_2008(&species, &mixed)?;
/// let [ours, table] = [gas, own].map(|gas| gas.state(9.8e6, 288.15).compressibility);
/// assert!((ours / table - 1.0).abs() < 1e-6);
///
/// // hydrogen and natural gas differ too much
/// let slate = Slate::shipped().chosen(["methane", "hydrogen"])?;
/// assert!(BlendedGas::of(&GergSpecies::new(&slate), &[&[1.0, 0.0], &[0.0, 1.0]]).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BlendedGas {
    polynomials: Polynomials<f64>,
}

impl BlendedGas {
    /// That of sources, each by the molar flows or fractions of its species, one a species of the
    /// slate. `None` where their blends would not be near enough their own tables, or have none;
    /// this follows from the sources alone. Costs 2e-5 s for two sources, 5e-4 s for six.
    #[must_use]
    pub fn of(species: &GergSpecies, sources: &[&[f64]]) -> Option<Self> {
        Polynomials::of(species, sources).map(|polynomials| Self { polynomials })
    }

    /// The gas of a blend, from the molar flows or fractions of its species, one a species of the
    /// slate; that of a source where nothing flows. A composition that is no blend of the sources
    /// counts as the nearest that is one, or as if they went on beyond themselves.
    pub fn gas<S: Scalar>(&self, composition: &[S]) -> NaturalGas<S> {
        self.polynomials.as_constants().gas(composition)
    }

    /// How far a composition (molar flows or fractions) is from what its coordinates stand for, as
    /// the largest difference of a mole fraction; rounding for a blend of the sources.
    pub(crate) fn off(&self, composition: &[f64]) -> f64 {
        self.polynomials.off(composition)
    }

    /// Its polynomials, to be read by any scalar.
    pub(crate) fn polynomials<S>(&self) -> Read<'_, S> {
        self.polynomials.as_constants()
    }
}

/// Mole fractions of sources, those that are the same once; `None` for one of nothing.
fn fractions<S: Scalar>(sources: &[&[S]]) -> Option<Vec<Vec<S>>> {
    let mut distinct: Vec<Vec<S>> = Vec::new();
    for source in sources {
        let total = source.iter().fold(S::zero(), |sum, &flow| sum + flow);
        let is_something = total.value() > 0.0 && total.value().is_finite();
        if !is_something || source.iter().any(|flow| flow.value() < 0.0) {
            return None;
        }
        let shares: Vec<S> = source.iter().map(|&flow| flow / total).collect();
        let is_same = |other: &Vec<S>| {
            let mut pairs = other.iter().zip(&shares);
            pairs.all(|(one, other)| (one.value() - other.value()).abs() <= SAME)
        };
        if !distinct.iter().any(is_same) {
            distinct.push(shares);
        }
    }
    (!distinct.is_empty()).then_some(distinct)
}

/// Polynomials in composition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Polynomials<S> {
    species: usize,
    rank: usize,
    /// By coordinate, what each mole fraction adds to it; by monomial of the first order, what the
    /// linear numbers of a gas are; by monomial of the second order, what the others are.
    numbers: Vec<S>,
    /// Mole fractions of the corners.
    corners: Vec<Vec<S>>,
}

/// How many numbers polynomials in so many coordinates are.
pub(crate) const fn count(species: usize, rank: usize) -> usize {
    rank * species + (rank + 1) * LINEAR + monomials(rank) * QUADRATIC
}

const fn monomials(rank: usize) -> usize {
    (rank + 1) * (rank + 2) / 2
}

impl<S: Scalar> Polynomials<S> {
    /// Those of sources, by molar flows or fractions; `None` where they are refused.
    pub fn of(species: &GergSpecies, sources: &[&[S]]) -> Option<Self> {
        Self::between(species, &fractions(sources)?)
    }

    /// All its numbers, as many as [`count`] says.
    pub fn numbers(&self) -> &[S] {
        &self.numbers
    }

    /// Through sources that differ, if their blends are near enough.
    fn between(species: &GergSpecies, sources: &[Vec<S>]) -> Option<Self> {
        if sources.len() > MOST_SOURCES {
            return None;
        }
        let through = Self::through(species, sources)?;
        let plain: Vec<Vec<f64>> = sources.iter().map(|source| plain(source)).collect();
        judge::is_near_enough(species, &plain, &through.plain()).then_some(through)
    }

    /// Through the corners of what sources can be blended to, and the middles between them.
    fn through(species: &GergSpecies, sources: &[Vec<S>]) -> Option<Self> {
        let frame = Frame::of(sources);
        let corners: Vec<Vec<S>> = frame.corners.iter().map(|&at| sources[at].clone()).collect();
        let rank = frame.coordinates.len();
        let at = |composition: &[S]| {
            Some(split(&NaturalGas::good_everywhere(species, composition)?.numbers()))
        };
        let ends = corners.iter().map(|corner| at(corner)).collect::<Option<Vec<_>>>()?;
        let mut middles = Vec::with_capacity(monomials(rank));
        for (place, one) in corners.iter().enumerate() {
            for other in &corners[place + 1..] {
                let both: Vec<S> =
                    one.iter().zip(other).map(|(&one, &other)| one + other).collect();
                middles.push(at(&both)?.1);
            }
        }
        let middle = |one: usize, other: usize| {
            let before = one * rank - one * one.saturating_sub(1) / 2;
            &middles[before + other - one - 1]
        };
        let mut numbers: Vec<S> = frame.coordinates.into_iter().flatten().collect();
        let (origin_linear, origin) = &ends[0];
        numbers.extend(origin_linear);
        for (linear, _) in &ends[1..] {
            numbers.extend(linear.iter().zip(origin_linear).map(|(&end, &origin)| end - origin));
        }
        // λ (2 λ - 1) of the corners and 4 λ λ' of the middles, in the shares of all but the first
        numbers.extend(origin);
        for (one, (_, own)) in ends.iter().enumerate().skip(1) {
            let parts = middle(0, one).iter().zip(own).zip(origin);
            numbers.extend(parts.map(|((&to_middle, &own), &origin)| {
                to_middle.scaled(4.0) - own - origin.scaled(3.0)
            }));
        }
        for (one, (_, own)) in ends.iter().enumerate().skip(1) {
            for other in one..=rank {
                let parts = origin.iter().zip(middle(0, one)).zip(middle(0, other));
                let last = if one == other { own } else { middle(one, other) };
                numbers.extend(parts.zip(last).map(|(((&origin, &here), &there), &last)| {
                    if one == other {
                        (origin + last).scaled(2.0) - here.scaled(4.0)
                    } else {
                        (origin - here - there + last).scaled(4.0)
                    }
                }));
            }
        }
        debug_assert_eq!(numbers.len(), count(corners[0].len(), rank));
        Some(Self { species: corners[0].len(), rank, numbers, corners })
    }

    fn plain(&self) -> Polynomials<f64> {
        Polynomials {
            species: self.species,
            rank: self.rank,
            numbers: plain(&self.numbers),
            corners: self.corners.iter().map(|corner| plain(corner)).collect(),
        }
    }
}

fn plain<S: Scalar>(numbers: &[S]) -> Vec<f64> {
    numbers.iter().map(|number| number.value()).collect()
}

impl Polynomials<f64> {
    fn as_constants<S>(&self) -> Read<'_, S> {
        Read { species: self.species, rank: self.rank, numbers: Source::Constants(&self.numbers) }
    }

    fn off(&self, composition: &[f64]) -> f64 {
        let total: f64 = composition.iter().sum();
        let mut shares = vec![1.0];
        for own in self.numbers[..self.rank * self.species].chunks_exact(self.species.max(1)) {
            let along: f64 = own.iter().zip(composition).map(|(own, flow)| own * flow).sum();
            shares[0] -= along / total;
            shares.push(along / total);
        }
        let stands_for = |species: usize| {
            let parts = self.corners.iter().zip(&shares);
            parts.map(|(corner, share)| corner[species] * share).sum::<f64>()
        };
        let off = composition.iter().enumerate();
        off.fold(0.0, |most: f64, (at, flow)| most.max((flow / total - stands_for(at)).abs()))
    }
}

/// Polynomials as a scalar reads them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Read<'a, S> {
    species: usize,
    rank: usize,
    numbers: Source<'a, S>,
}

/// The numbers of polynomials.
#[derive(Debug, Clone, Copy)]
enum Source<'a, S> {
    /// The same whatever moves.
    Constants(&'a [f64]),
    Own(&'a [S]),
}

impl<'a, S: Scalar> Read<'a, S> {
    /// Of numbers of this scalar, as many as [`count`] says.
    pub const fn own(species: usize, rank: usize, numbers: &'a [S]) -> Self {
        Self { species, rank, numbers: Source::Own(numbers) }
    }

    /// The gas of a composition.
    pub fn gas(&self, composition: &[S]) -> NaturalGas<S> {
        match self.numbers {
            Source::Constants(numbers) => {
                self.with(numbers, composition, S::from_f64, |number, constant| {
                    number.scaled(constant)
                })
            }
            Source::Own(numbers) => {
                self.with(numbers, composition, |own| own, |number, own| number * own)
            }
        }
    }

    fn with<C: Copy>(
        &self,
        numbers: &[C],
        composition: &[S],
        lift: impl Fn(C) -> S + Copy,
        times: impl Fn(S, C) -> S + Copy,
    ) -> NaturalGas<S> {
        let total = composition.iter().fold(S::zero(), |sum, &flow| sum + flow);
        let (coordinates, numbers) = numbers.split_at(self.rank * self.species);
        let (linear, quadratic) = numbers.split_at((self.rank + 1) * LINEAR);
        let mut at = [S::zero(); MOST_COORDINATES];
        let own = coordinates.chunks_exact(self.species.max(1));
        for (at, own) in at.iter_mut().zip(own) {
            let parts = composition.iter().zip(own);
            let along = parts.fold(S::zero(), |sum, (&flow, &own)| sum + times(flow, own));
            *at = along.share_of(total);
        }
        let at = &at[..self.rank];
        let products = at
            .iter()
            .enumerate()
            .flat_map(|(place, &one)| at[place..].iter().map(move |&other| one * other));
        let linear = sum::<LINEAR, _, _>(linear, at.iter().copied(), lift, times);
        let second = at.iter().copied().chain(products);
        joined(&linear, &sum::<QUADRATIC, _, _>(quadratic, second, lift, times))
    }
}

/// The first numbers, and so much more of those behind them.
fn sum<const N: usize, S: Scalar, C: Copy>(
    numbers: &[C],
    monomials: impl Iterator<Item = S>,
    lift: impl Fn(C) -> S,
    times: impl Fn(S, C) -> S,
) -> [S; N] {
    let (parts, _) = numbers.as_chunks::<N>();
    let Some((first, others)) = parts.split_first() else { return [S::zero(); N] };
    let mut sums = first.map(lift);
    for (monomial, part) in monomials.zip(others) {
        for (sum, &number) in sums.iter_mut().zip(part) {
            *sum += times(monomial, number);
        }
    }
    sums
}

/// The numbers of a gas that are linear, and the others.
fn split<S: Scalar>(gas: &Numbers<S>) -> ([S; LINEAR], [S; QUADRATIC]) {
    let mut linear = [gas.scale; LINEAR];
    for (own, &number) in linear.iter_mut().zip(gas.ideal.iter().chain(&gas.means)) {
        *own = number;
    }
    let mut quadratic = [gas.scale; QUADRATIC];
    let others = gas.residual.as_flattened().iter().chain(&gas.dilute);
    for (own, &number) in quadratic.iter_mut().zip(others) {
        *own = number;
    }
    (linear, quadratic)
}

fn joined<S: Scalar>(linear: &[S; LINEAR], quadratic: &[S; QUADRATIC]) -> NaturalGas<S> {
    let scale = quadratic[QUADRATIC - 1];
    let mut numbers = Numbers {
        residual: [[scale; DENSITIES]; TEMPERATURES],
        dilute: [scale; NODES],
        scale,
        ideal: [scale; TEMPERATURES],
        means: [scale; 3],
    };
    let others = numbers.residual.as_flattened_mut().iter_mut().chain(&mut numbers.dilute);
    for (own, &number) in others.zip(quadratic) {
        *own = number;
    }
    for (own, &number) in numbers.ideal.iter_mut().chain(&mut numbers.means).zip(linear) {
        *own = number;
    }
    NaturalGas::of_numbers(&numbers)
}
