//! Whether a gas would condense: the stability of its one phase against a liquid beside it.
//!
//! A phase is stable if no other has a tangent plane below its own (M. L. Michelsen, Fluid Phase
//! Equilibria 9 (1982) 1; recalled): with z the fractions of the gas and W amounts of a trial liquid
//! of fractions w,
//!
//! ```text
//! d_i = ln z_i + ln phi_i(z)
//! tm  = 1 + sum over i of W_i (ln W_i + ln phi_i(w) - d_i - 1)
//! ```
//!
//! is not below zero anywhere. Trials go to the least of it by `ln W_i = d_i - ln phi_i(w)`, from
//! where a liquid may be; one that is below zero on the way has answered already.

use super::constants::COMPONENTS;
use super::equation::{Gerg2008, TEMPERATURES};
use super::error::GasStateError;

/// Critical temperature (K) and pressure (Pa) and acentric factor of the components (recalled), by
/// which a liquid is guessed (G. M. Wilson, 1968). They decide where trials start and nothing else.
const GUESS: [[f64; 3]; COMPONENTS] = [
    [190.6, 4.599e6, 0.011],
    [126.2, 3.396e6, 0.037],
    [304.1, 7.377e6, 0.224],
    [305.3, 4.872e6, 0.099],
    [369.8, 4.251e6, 0.152],
    [407.8, 3.629e6, 0.184],
    [425.1, 3.796e6, 0.201],
    [460.4, 3.378e6, 0.227],
    [469.7, 3.370e6, 0.251],
    [507.8, 3.034e6, 0.300],
    [540.1, 2.736e6, 0.350],
    [569.3, 2.497e6, 0.399],
    [594.6, 2.281e6, 0.445],
    [617.7, 2.103e6, 0.488],
    [33.2, 1.297e6, -0.219],
    [154.6, 5.043e6, 0.022],
    [132.8, 3.494e6, 0.050],
    [647.1, 22.064e6, 0.344],
    [373.1, 9.000e6, 0.100],
    [5.2, 0.228e6, -0.385],
    [150.7, 4.863e6, -0.002],
];

/// Place of water among the components: it forms a liquid of its own.
const WATER: usize = 17;

/// Most steps of a trial. Near a critical point it goes slowly; what has not shown itself by then is
/// at most a trace.
const STEPS: usize = 300;

/// A trial has come to rest when no logarithm moves by more.
const AT_REST: f64 = 1e-9;

/// A trial whose logarithms are all this near to those of the gas is the gas itself.
const THE_SAME: f64 = 1e-3;

/// Below zero by more than rounding.
const BELOW: f64 = -1e-9;

/// Density over the reducing one from which a phase is a liquid.
const LIQUID: f64 = 2.0;

/// How near a dew point is told, K.
const NEAR: f64 = 0.01;

/// Steps in which a dew point is looked for, K.
const APART: f64 = 5.0;

/// What a phase is made of, as the state of a trial sees it.
struct Phase {
    /// ln z + ln phi of each component; what is not there has none.
    logs: [f64; COMPONENTS],
}

impl Gerg2008<f64> {
    /// Whether a liquid would form beside a gas at a pressure (Pa) and temperature (K): of
    /// hydrocarbons, or of water. A pure component does not: it is one phase or the other.
    ///
    /// The answer is as good as the equation: for natural gases without much beyond hexane their
    /// dew points are within some 1 to 2 K of measurements (Kunz and Wagner 2012, figures 20 to 23;
    /// recalled), and a trace of what is heavier, which an analysis may not list, moves them by more.
    ///
    /// # Errors
    /// A state that the equation has no density for ([`Gerg2008::density`]).
    ///
    /// ```
    /// use gaschain::gas::Gerg2008;
    /// let mut amounts = [0.0; 21];
    /// (amounts[0], amounts[6]) = (90.0, 10.0); // methane, n-butane
    /// let gas = Gerg2008::new(&amounts)?;
    /// assert!(gas.condenses(5e6, 263.15)?);
    /// assert!(!gas.condenses(5e6, 323.15)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn condenses(&self, pressure: f64, temperature: f64) -> Result<bool, GasStateError> {
        let gas = self.phase(pressure, temperature)?;
        let shares = self.mole_fractions();
        let there = |place: usize| shares[place] > 0.0;
        let heaviest = (0..COMPONENTS)
            .filter(|&place| there(place) && place != WATER)
            .max_by(|&one, &other| GUESS[one][0].total_cmp(&GUESS[other][0]));
        let guessed = std::array::from_fn(|place| {
            let [critical, at, acentric] = GUESS[place];
            let wilson = 5.373 * (1.0 + acentric) * (1.0 - critical / temperature);
            // as little of what is far above its critical point as matters
            shares[place] * (pressure / at * crate::math::exp(-wilson.min(30.0)))
        });
        let mostly = |which: usize| {
            std::array::from_fn(|place| if place == which { 1.0 } else { 1e-3 * shares[place] })
        };
        let mut trials = vec![guessed];
        trials.extend(heaviest.map(mostly));
        trials.extend(there(WATER).then(|| mostly(WATER)));
        for trial in trials {
            if self.splits(&gas, trial, pressure, temperature) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The highest temperature, K, at which the gas would condense at a pressure (Pa), to 0.01 K;
    /// `None` where it does at none, as above the highest pressure of its two phases.
    ///
    /// It is looked for in steps of 5 K from high temperatures down, until the gas is as dense as a
    /// liquid: two phases that are there over a smaller range are passed over.
    ///
    /// # Errors
    /// A pressure outside 0 to 70e6 Pa.
    ///
    /// ```
    /// use gaschain::gas::Gerg2008;
    /// let mut amounts = [0.0; 21];
    /// (amounts[0], amounts[6]) = (90.0, 10.0); // methane, n-butane
    /// let gas = Gerg2008::new(&amounts)?;
    /// let dew = gas.dew_temperature(5e6)?.unwrap();
    /// assert!(gas.condenses(5e6, dew - 0.1)? && !gas.condenses(5e6, dew + 0.1)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn dew_temperature(&self, pressure: f64) -> Result<Option<f64>, GasStateError> {
        let [coldest, hottest] = TEMPERATURES;
        self.condenses(pressure, hottest)?;
        let mut above = hottest;
        while above > coldest {
            let below = (above - APART).max(coldest);
            if self.is_two(pressure, below) {
                return Ok(Some(self.dew_between(pressure, below, above)));
            }
            let density = self.density(pressure, below);
            if density.is_ok_and(|density| density > LIQUID * self.reducing_density()) {
                break;
            }
            above = below;
        }
        Ok(None)
    }

    /// The dew point above a temperature at which the gas condenses, K.
    pub(crate) fn dew_temperature_above(&self, pressure: f64, temperature: f64) -> f64 {
        let mut below = temperature;
        while below < TEMPERATURES[1] && self.is_two(pressure, below + APART) {
            below += APART;
        }
        self.dew_between(pressure, below, below + APART)
    }

    /// Where condensing ends between a temperature at which it does and one at which it does not.
    fn dew_between(&self, pressure: f64, mut below: f64, mut above: f64) -> f64 {
        while above - below > NEAR {
            let middle = 0.5 * (below + above);
            if self.is_two(pressure, middle) {
                below = middle;
            } else {
                above = middle;
            }
        }
        0.5 * (below + above)
    }

    /// Whether it condenses; what has no density by the equation does not count.
    fn is_two(&self, pressure: f64, temperature: f64) -> bool {
        self.condenses(pressure, temperature).unwrap_or(false)
    }

    fn phase(&self, pressure: f64, temperature: f64) -> Result<Phase, GasStateError> {
        let density = self.density(pressure, temperature)?;
        let mut logs = self.log_fugacity_coefficients(density, temperature)?;
        for (log, &share) in logs.iter_mut().zip(self.mole_fractions()) {
            *log = if share > 0.0 { *log + crate::math::ln(share) } else { f64::NEG_INFINITY };
        }
        Ok(Phase { logs })
    }

    /// Whether a trial liquid comes to be more stable than the gas.
    fn splits(
        &self,
        gas: &Phase,
        mut amounts: [f64; COMPONENTS],
        pressure: f64,
        temperature: f64,
    ) -> bool {
        let mut last = [f64::NAN; COMPONENTS];
        for _ in 0..STEPS {
            // a trial that has no density as one phase leads nowhere
            let Ok(trial) = Self::new(&amounts) else { return false };
            let Ok(density) = trial.density(pressure, temperature) else { return false };
            let Ok(logs) = trial.log_fugacity_coefficients(density, temperature) else {
                return false;
            };
            let (mut distance, mut moved, mut off) = (1.0, 0.0_f64, 0.0_f64);
            for place in 0..COMPONENTS {
                let amount = amounts[place];
                if self.mole_fractions()[place] <= 0.0 || amount <= 0.0 {
                    amounts[place] = 0.0;
                    continue;
                }
                let next = gas.logs[place] - logs[place];
                let now = crate::math::ln(amount);
                distance += amount * (now - next - 1.0);
                if last[place].is_nan() {
                    moved = f64::INFINITY;
                } else {
                    moved = moved.max((next - last[place]).abs());
                }
                off = off.max((next - crate::math::ln(self.mole_fractions()[place])).abs());
                last[place] = next;
                amounts[place] = crate::math::exp(next);
            }
            if distance < BELOW {
                return true;
            }
            if moved <= AT_REST || off <= THE_SAME {
                return false;
            }
        }
        false
    }
}
