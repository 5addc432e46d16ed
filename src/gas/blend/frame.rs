//! Coordinates of compositions that sources can be blended to.
//!
//! Blends of sources lie in the plane through them. Corners of it are chosen among the sources, each
//! the farthest from the plane through those before it, until none is off it by more than what
//! rounding leaves: so sources that are alike, or blends of others, count for nothing, and no
//! coordinate is ever divided by nothing. A blend's coordinates are the shares of all corners but the
//! first in it, linear in its mole fractions.

use crate::scalar::Scalar;
use crate::scalar::vector::{dot, take_out};

/// Sources this near the plane through others, as a distance of mole fractions, are on it.
const ON_THE_PLANE: f64 = 1e-8;

/// The plane through some sources.
#[derive(Debug)]
pub(super) struct Frame<S> {
    /// Which of the sources are its corners; the first has no coordinate.
    pub corners: Vec<usize>,
    /// By coordinate: what each mole fraction adds to it.
    pub coordinates: Vec<Vec<S>>,
}

impl<S: Scalar> Frame<S> {
    /// Of mole fractions, source after source; at least one.
    pub fn of(sources: &[Vec<S>]) -> Self {
        let first = farthest_from_their_mean(sources);
        let origin = &sources[first];
        let across: Vec<Vec<S>> = sources.iter().map(|source| minus(source, origin)).collect();
        let mut left = across.clone();
        let mut corners = vec![first];
        // the directions in which each corner leaves the plane through those before it
        let mut directions: Vec<Vec<S>> = Vec::new();
        let mut distances = Vec::new();
        while corners.len() < sources.len() {
            let (next, distance) = longest(&left);
            if distance <= ON_THE_PLANE {
                break;
            }
            let mut direction = left[next].clone();
            // a short rest is full of what rounding left of earlier directions
            for earlier in &directions {
                take_out(&mut direction, earlier);
            }
            let length = dot(&direction, &direction).sqrt();
            let direction: Vec<S> = direction.iter().map(|&part| part / length).collect();
            for rest in &mut left {
                take_out(rest, &direction);
            }
            corners.push(next);
            distances.push(length);
            directions.push(direction);
        }
        // what is one at its own corner and nothing at all others
        let rank = directions.len();
        let mut coordinates = directions;
        for own in (0..rank).rev() {
            for later in own + 1..rank {
                let along = dot(&coordinates[own], &across[corners[later + 1]]);
                let (before, after) = coordinates.split_at_mut(later);
                // directions are kept until their own turn
                for (part, &other) in before[own].iter_mut().zip(&after[0]) {
                    *part -= along * other;
                }
            }
            for part in &mut coordinates[own] {
                *part = *part / distances[own];
            }
        }
        // nothing at the first corner: mole fractions sum to one
        for coordinate in &mut coordinates {
            let at_origin = dot(coordinate, origin);
            for (species, part) in coordinate.iter_mut().enumerate() {
                let flows = sources.iter().any(|source| source[species] != S::zero());
                *part = if flows { *part - at_origin } else { S::zero() };
            }
        }
        Self { corners, coordinates }
    }
}

/// The source that is farthest from the mean of all: a corner of what they can be blended to.
fn farthest_from_their_mean<S: Scalar>(sources: &[Vec<S>]) -> usize {
    let count = sources.len() as f64;
    let species = sources.first().map_or(0, Vec::len);
    let mean: Vec<S> = (0..species)
        .map(|at| {
            sources.iter().fold(S::zero(), |sum, source| sum + source[at]).scaled(1.0 / count)
        })
        .collect();
    let off: Vec<Vec<S>> = sources.iter().map(|source| minus(source, &mean)).collect();
    longest(&off).0
}

/// The longest of some differences, the first of those that are, and its length.
fn longest<S: Scalar>(differences: &[Vec<S>]) -> (usize, f64) {
    let mut longest = (0, 0.0);
    for (at, difference) in differences.iter().enumerate() {
        let square: f64 = difference.iter().map(|part| part.value() * part.value()).sum();
        if square.sqrt() > longest.1 {
            longest = (at, square.sqrt());
        }
    }
    longest
}

fn minus<S: Scalar>(one: &[S], other: &[S]) -> Vec<S> {
    one.iter().zip(other).map(|(&one, &other)| one - other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(frame: &Frame<f64>, composition: &[f64]) -> Vec<f64> {
        frame.coordinates.iter().map(|own| dot(own, composition)).collect()
    }

    #[test]
    fn a_corner_has_one_coordinate_and_the_first_has_none() {
        let sources =
            [vec![1.0, 0.0, 0.0, 0.0], vec![0.5, 0.5, 0.0, 0.0], vec![0.2, 0.2, 0.6, 0.0]];
        let frame = Frame::of(&sources);
        assert_eq!(frame.corners.len(), 3);
        for (place, &corner) in frame.corners.iter().enumerate() {
            for (own, coordinate) in at(&frame, &sources[corner]).iter().enumerate() {
                let expected = if own + 1 == place { 1.0 } else { 0.0 };
                assert!((coordinate - expected).abs() < 1e-14, "{place} {own} {coordinate}");
            }
        }
        assert!(frame.coordinates.iter().all(|own| own[3] == 0.0));
    }

    #[test]
    fn sources_that_are_blends_of_others_are_no_corners() {
        let (one, other) = (vec![0.9, 0.1, 0.0], vec![0.5, 0.3, 0.2]);
        let blend: Vec<f64> = one.iter().zip(&other).map(|(a, b)| 0.3 * a + 0.7 * b).collect();
        let frame = Frame::of(&[blend.clone(), one.clone(), one.clone(), other.clone()]);
        assert_eq!(frame.corners.len(), 2);
        let shares = [at(&frame, &blend)[0], 1.0 - at(&frame, &blend)[0]];
        assert!(shares.iter().any(|share| (share - 0.3).abs() < 1e-14), "{shares:?}");
        assert_eq!(Frame::of(&[one.clone(), one]).corners.len(), 1);
    }

    #[test]
    fn what_is_hardly_off_the_plane_is_no_longer_off_for_it() {
        // a thin triangle: shares are as good as rounding over its height leaves them
        let (one, other) = (vec![0.8, 0.1, 0.1], vec![0.4, 0.3, 0.3]);
        let third = vec![0.6, 0.2 + 1e-6, 0.2 - 1e-6];
        let sources = [one, other, third];
        let frame = Frame::of(&sources);
        assert_eq!(frame.corners.len(), 3);
        for (place, &corner) in frame.corners.iter().enumerate() {
            for (own, coordinate) in at(&frame, &sources[corner]).iter().enumerate() {
                let expected = if own + 1 == place { 1.0 } else { 0.0 };
                assert!((coordinate - expected).abs() < 1e-9, "{place} {own} {coordinate}");
            }
        }
    }
}
