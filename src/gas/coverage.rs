//! Up to which density the surface of one gas is as good as the equation it was made of.
//!
//! A surface of few nodes is near its equation as long as that is smooth: far above the critical
//! temperature, as natural gas is. What is told is how far above, by the reducing temperature of
//! the composition; a gas that is nearer is held against the equation itself once, at a few
//! temperatures, each from no density upwards to where Z, heat capacity or Joule-Thomson coefficient
//! part or a liquid becomes the stable phase. Between two temperatures the lower of their two
//! densities counts: both rise with temperature.

use super::gerg::Gerg2008;
use super::surface::{HIGHEST_DENSITY, Surface, TABULATED};
use crate::scalar::Scalar;

/// A gas with a reducing temperature up to this one, K, is tabulated everywhere.
const FAR_BELOW: f64 = 215.0;

/// Steps of temperature and of density in which others are judged.
const TEMPERATURES: usize = 12;
const STEPS: usize = 12;

/// How often the step that is too far is halved.
const HALVINGS: usize = 3;

/// What the surface may be off by where it is judged: Z, heat capacity, Joule-Thomson coefficient;
/// well below what it is allowed anywhere, which is 5e-3, 5e-2 and 5e-2.
const ALLOWED: [f64; 3] = [2e-3, 2e-2, 1.3e-2];

/// What a Joule-Thomson coefficient is at least reckoned to be, K/Pa: it passes zero.
const LEAST_COOLING: f64 = 5e-7;

/// Densities, mol/m3, up to which a surface is good, at equal steps of temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Coverage {
    densities: [f64; TEMPERATURES],
}

impl Coverage {
    /// That of a surface which is good wherever it is tabulated.
    pub const WHOLE: Self = Self { densities: [HIGHEST_DENSITY; TEMPERATURES] };

    /// Whether a gas is so far above its critical point that its surface is good everywhere.
    pub fn is_whole<S: Scalar>(equation: &Gerg2008<S>) -> bool {
        equation.reducing_temperature().value() <= FAR_BELOW
    }

    /// That of a surface of a gas.
    pub fn of<S: Scalar>(equation: &Gerg2008<S>, surface: &Surface<S>) -> Self {
        let mut coverage = Self::WHOLE;
        if !Self::is_whole(equation) {
            let (equation, surface) = (equation.plain(), surface.plain());
            for (step, density) in coverage.densities.iter_mut().enumerate() {
                *density = highest(&equation, &surface, temperature(step));
            }
        }
        coverage
    }

    /// Density, mol/m3, up to which it is good at every temperature.
    pub fn densest(&self) -> f64 {
        self.densities.into_iter().fold(f64::INFINITY, f64::min)
    }

    /// Whether a density is covered at a temperature, K.
    pub fn has(&self, density: f64, temperature: f64) -> bool {
        let [coldest, hottest] = TABULATED;
        if !(coldest..=hottest).contains(&temperature) {
            return false;
        }
        let mut steps = (0..TEMPERATURES - 1).zip(self.densities.windows(2));
        let between = steps.find(|(step, _)| temperature <= self::temperature(step + 1));
        between.is_some_and(|(_, limits)| density <= limits[0].min(limits[1]))
    }
}

fn temperature(step: usize) -> f64 {
    let [coldest, hottest] = TABULATED;
    // the last one exactly
    coldest + (hottest - coldest) * (step as f64 / (TEMPERATURES - 1) as f64)
}

/// The density up to which a surface is good at a temperature.
fn highest(equation: &Gerg2008<f64>, surface: &Surface<f64>, temperature: f64) -> f64 {
    let at = equation.at(temperature);
    let is_good = |density: f64| {
        let Some(there) = at.properties(density) else { return false };
        let here = surface.state(there.pressure, temperature, |_, _| 0.0);
        let off = [
            here.compressibility / there.compressibility - 1.0,
            here.heat_capacity / there.isobaric_heat_capacity - 1.0,
            (here.joule_thomson - there.joule_thomson)
                / there.joule_thomson.abs().max(LEAST_COOLING),
        ];
        off.iter().zip(ALLOWED).all(|(off, allowed)| off.abs() <= allowed)
    };
    let step = HIGHEST_DENSITY / STEPS as f64;
    let mut good = 0.0;
    let mut bad = f64::INFINITY;
    for count in 1..=STEPS {
        let density = step * count as f64;
        if !is_good(density) {
            bad = density;
            break;
        }
        good = density;
    }
    let is_stable = |density: f64| {
        let found = at.properties(density).and_then(|there| at.density(there.pressure));
        found.is_some_and(|found| (found - density).abs() <= 1e-6 * density)
    };
    // a gas may only be there because no liquid has begun
    while good > 0.0 && !is_stable(good) {
        bad = good;
        good -= step;
    }
    if bad.is_finite() {
        for _ in 0..HALVINGS {
            let middle = 0.5 * (good + bad);
            if is_good(middle) && is_stable(middle) {
                good = middle;
            } else {
                bad = middle;
            }
        }
    }
    good.max(0.0)
}
