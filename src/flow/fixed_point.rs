//! Fixed points of two numbers that barely depend on themselves, in few evaluations.

use crate::scalar::Scalar;

/// A step is the last but one when both numbers move less than this, relative to one.
const CLOSE: f64 = 1e-14;

/// Steps smaller than this say nothing about slopes any more, only about rounding.
const TELLING: f64 = 1e-11;

/// Steps that are taken in any case: a start that happens to be the solution has its value, but
/// not yet its derivatives.
const LEAST_STEPS: usize = 2;

/// Steps after which the search ends in any case.
const MOST_STEPS: usize = 40;

/// What a search learned about the slopes of its map: the inverse of (identity - slopes), in
/// plain numbers. Handed to the next, similar search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slopes([[f64; 2]; 2]);

impl Default for Slopes {
    /// A map that does not depend on itself.
    fn default() -> Self {
        Self([[1.0, 0.0], [0.0, 1.0]])
    }
}

impl Slopes {
    fn times<S: Scalar>(self, vector: [S; 2]) -> [S; 2] {
        self.0.map(|row| vector[0].scaled(row[0]) + vector[1].scaled(row[1]))
    }

    /// Broyden's update: the least change that explains by how much `step` changed the residual.
    fn learn(&mut self, step: [f64; 2], fall: [f64; 2]) {
        let explained = self.times(fall);
        let weight = dot(step, explained);
        if weight.abs() <= 0.1 * dot(step, step) {
            return; // no information that would not blow the slopes up
        }
        let row = [
            step[0] * self.0[0][0] + step[1] * self.0[1][0],
            step[0] * self.0[0][1] + step[1] * self.0[1][1],
        ];
        for (at, inverse) in self.0.iter_mut().enumerate() {
            let missing = (step[at] - explained[at]) / weight;
            inverse[0] += missing * row[0];
            inverse[1] += missing * row[1];
        }
    }
}

fn dot(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

/// Solves x = map(x) for two numbers of about one, starting from `start`; returns what else the
/// map gave at the solution.
///
/// Quasi-Newton steps whose slopes are plain numbers: the residual carries all derivatives, so
/// that they converge with the values, at the same rate. When the values have stopped moving,
/// one more step is taken for the derivatives.
pub(super) fn solve<S: Scalar, T>(
    start: [S; 2],
    slopes: &mut Slopes,
    mut map: impl FnMut([S; 2]) -> ([S; 2], T),
) -> T {
    let mut at = start;
    let (mut image, mut rest) = map(at);
    for taken in 1..=MOST_STEPS {
        let residual = [image[0] - at[0], image[1] - at[1]];
        let step = slopes.times(residual);
        at = [at[0] + step[0], at[1] + step[1]];
        (image, rest) = map(at);

        let size = step.map(|part| part.value().abs());
        let largest = size[0].max(size[1]);
        if largest <= CLOSE && taken >= LEAST_STEPS {
            break;
        }
        if largest > TELLING {
            let left = [image[0] - at[0], image[1] - at[1]];
            let fall = [0, 1].map(|of| residual[of].value() - left[of].value());
            slopes.learn(step.map(Scalar::value), fall);
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Dual;

    fn count<S: Scalar>(parameter: S, slopes: &mut Slopes) -> ([S; 2], usize) {
        let mut calls = 0;
        let x = solve([S::one(), S::one()], slopes, |[x, y]| {
            calls += 1;
            let image = [
                parameter * (x.scaled(0.1) + (y * y).scaled(0.02)),
                S::one() - (x * y).scaled(0.05) * parameter,
            ];
            (image, image)
        });
        (x, calls)
    }

    #[test]
    fn few_evaluations_and_fewer_with_slopes_known() {
        let mut slopes = Slopes::default();
        let (_, first) = count(1.0, &mut slopes);
        let (_, second) = count(1.01, &mut slopes);
        assert!(first <= 9 && second <= 7, "{first}, {second}");
    }

    #[test]
    fn derivative_is_that_of_differences() {
        let (dual, _) = count(Dual::variable(1.0), &mut Slopes::default());
        let h = 1e-5;
        let (above, _) = count(1.0 + h, &mut Slopes::default());
        let (below, _) = count(1.0 - h, &mut Slopes::default());
        for of in 0..2 {
            let difference = (above[of] - below[of]) / (2.0 * h);
            assert!((dual[of].derivative() - difference).abs() < 1e-10);
        }
    }

    #[test]
    fn a_map_without_meaning_ends() {
        let ([x, _], calls) = count(f64::NAN, &mut Slopes::default());
        assert!(x.is_nan() && calls <= MOST_STEPS + 1);
    }
}
