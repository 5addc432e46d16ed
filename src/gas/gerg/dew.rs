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
//! where a liquid or a vapour may be; one that is below zero on the way has answered already.

use super::constants::COMPONENTS;
use super::equation::{Gerg2008, TEMPERATURES};
use super::error::GasStateError;
use crate::gas::viscosity::critical_point;
use crate::math::{exp, ln};

/// Acentric factors of the components (recalled). With their critical points they say where a
/// trial starts (G. M. Wilson, 1968; recalled) and decide nothing else.
const ACENTRIC: [f64; COMPONENTS] = [
    0.011, 0.037, 0.224, 0.099, 0.152, 0.184, 0.201, 0.227, 0.251, 0.300, 0.350, 0.399, 0.445,
    0.488, -0.219, 0.022, 0.050, 0.344, 0.100, -0.385, -0.002,
];

/// Place of water among the components: it forms a liquid of its own.
const WATER: usize = 17;

/// Most steps of a trial. Near a critical point it goes slowly; what has not shown itself by then is
/// at most a trace.
const STEPS: usize = 300;

/// A trial has come to rest when no logarithm moves by more.
const AT_REST: f64 = 1e-9;

/// A trial whose logarithms are all this near to those of the gas is the gas itself.
const THE_SAME: f64 = 0.01;

/// Below zero by more than rounding.
const BELOW: f64 = -1e-9;

/// Density over the reducing one from which a phase is a liquid.
const LIQUID: f64 = 2.0;

/// Density over the reducing one above which what there is may be a liquid that leaves a vapour.
const DENSE: f64 = 0.75;

/// Halvings of the way between two states, and by which share a density that still differs after
/// them has jumped: smooth ones differ by no more than the way is long.
const HALVINGS: usize = 30;
const JUMP: f64 = 0.05;

/// How near a dew point is told, K.
const NEAR: f64 = 0.01;

/// Steps in which a dew point is looked for, K.
const APART: f64 = 5.0;

/// What a phase is made of, as the state of a trial sees it.
struct Phase {
    /// mol/m3.
    density: f64,
    /// ln z + ln phi of each component; what is not there has none.
    logs: [f64; COMPONENTS],
}

impl Gerg2008<f64> {
    /// Whether a gas would be two phases at a pressure (Pa) and temperature (K): a liquid forms beside
    /// it, of hydrocarbons or of water, or has taken up so much of it that a vapour is left. A pure
    /// component is not: it is one or the other, and [`Gerg2008::boils_between`] tells where it changes.
    ///
    /// The answer is as good as the equation; dew points come to within 1 K of another implementation
    /// with longer equations of the pure components. A trace of what is heavy, which an analysis may
    /// not list, moves them by much more.
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
        let by_boiling = |&one: &usize, &other: &usize| {
            critical_point(one)[0].total_cmp(&critical_point(other)[0])
        };
        let dry = || (0..COMPONENTS).filter(|&place| there(place) && place != WATER);
        // fractions over those in a vapour, by Wilson
        let volatility: [f64; COMPONENTS] = std::array::from_fn(|place| {
            let [critical, at] = critical_point(place);
            at / pressure * exp(5.373 * (1.0 + ACENTRIC[place]) * (1.0 - critical / temperature))
        });
        let mostly = |which: usize| {
            std::array::from_fn(|place| if place == which { 1.0 } else { 1e-3 * shares[place] })
        };
        let mut trials = vec![std::array::from_fn(|place| shares[place] / volatility[place])];
        trials.extend(dry().max_by(by_boiling).map(mostly));
        trials.extend(there(WATER).then(|| mostly(WATER)));
        if gas.density > DENSE * self.reducing_density() {
            trials.push(std::array::from_fn(|place| shares[place] * volatility[place]));
            trials.extend(dry().min_by(by_boiling).map(mostly));
        }
        for trial in trials {
            if self.splits(&gas, trial, pressure, temperature) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Where on the way between two states (Pa, K) the density jumps: a gas that turns into a liquid
    /// as a whole, as a pure component does, or the other way round. `None` where it goes over
    /// smoothly, around the critical point.
    ///
    /// # Errors
    /// A state on the way that the equation has no density for.
    ///
    /// ```
    /// use gaschain::gas::Gerg2008;
    /// let mut amounts = [0.0; 21];
    /// amounts[3] = 1.0; // ethane, which boils at 275 K under 2.5e6 Pa
    /// let ethane = Gerg2008::new(&amounts)?;
    /// let [_, temperature] = ethane.boils_between([2.5e6, 300.0], [2.5e6, 260.0])?.unwrap();
    /// assert!((temperature - 275.0).abs() < 1.0);
    /// assert_eq!(ethane.boils_between([6e6, 320.0], [6e6, 260.0])?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn boils_between(
        &self,
        one: [f64; 2],
        other: [f64; 2],
    ) -> Result<Option<[f64; 2]>, GasStateError> {
        let at = |[pressure, temperature]: [f64; 2]| self.density(pressure, temperature);
        let (mut ends, mut densities) = ([one, other], [at(one)?, at(other)?]);
        let apart = |[one, other]: [f64; 2]| (one / other - 1.0).abs();
        for _ in 0..HALVINGS {
            if apart(densities) < JUMP {
                return Ok(None);
            }
            let middle = [0, 1].map(|of| 0.5 * (ends[0][of] + ends[1][of]));
            let density = at(middle)?;
            let kept = usize::from(apart([densities[0], density]) < apart([density, densities[1]]));
            (ends[1 - kept], densities[1 - kept]) = (middle, density);
        }
        Ok(Some(ends[1]))
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
            *log = if share > 0.0 { *log + ln(share) } else { f64::NEG_INFINITY };
        }
        Ok(Phase { density, logs })
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
                let now = ln(amount);
                distance += amount * (now - next - 1.0);
                if last[place].is_nan() {
                    moved = f64::INFINITY;
                } else {
                    moved = moved.max((next - last[place]).abs());
                }
                off = off.max((next - ln(self.mole_fractions()[place])).abs());
                last[place] = next;
                amounts[place] = exp(next);
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
