//! Compression of a real gas, by polytropic or by isentropic efficiency.

use super::runge_kutta::follow;
use crate::gas::{Gas, GasState};
use crate::quantity::MOLAR_GAS_CONSTANT;
use crate::scalar::Scalar;

/// Runge-Kutta steps: with two, the work of a gas whose Z and cp are constant is within 1e-11
/// of the closed form up to a ratio of 1.7, and the temperature is exact. Of natural gas, ethane and
/// carbon dioxide by GERG-2008, which are known up to 500 K, work is within 5e-6 of the rise of
/// enthalpy up to that ratio, and within 1e-4 up to a ratio of 10 and down to an efficiency of 10 %.
const STEPS: u8 = 2;

/// Runge-Kutta steps from the end of the isentropic path to the actual discharge at one pressure:
/// of a usual compressor a few kelvins, along which heat capacity hardly changes.
const HEATING_STEPS: u8 = 2;

/// Either where most of the work is lost, and gas is heated by a hundred kelvins and more: with the
/// usual steps, work on ethane and carbon dioxide would be off by up to 5e-4.
const LONG_STEPS: u8 = 4;

/// Highest temperature on a path over that of the suction at which a gas is asked for its state: beyond,
/// nothing is known of it, and it is taken to be as there.
const HOTTEST: f64 = 2.0;

/// Efficiency below which that is so.
const POOR: f64 = 0.3;

/// The steps of a path, and those of one on which most of the work is lost. Efficiencies that
/// differ between scenarios are taken to be usual ones: see [`CompressorEfficiency::undecided`].
fn steps<S: Scalar>(usual: u8, efficiency: S) -> u8 {
    if efficiency.known().is_some_and(|efficiency| efficiency < POOR) { LONG_STEPS } else { usual }
}

/// The efficiency of a compressor, and what it is the ratio of; above 0, to 1.
///
/// ```
/// use gaschain::flow::{CompressorEfficiency, compress};
/// use gaschain::gas::{GasState, UniformGas};
/// let state = GasState {
///     compressibility: 0.9,
///     heat_capacity: 40.0,
///     joule_thomson: 0.0,
///     viscosity: 1.1e-5,
/// };
/// let gas = UniformGas { molar_mass: 0.017, state };
/// let work = |efficiency| compress(&gas, 6e6, 290.0, 9e6, efficiency).work;
/// // the more the pressure rises, the more the heat of earlier losses costs later on: of one
/// // compressor the isentropic efficiency is the lower number
/// let polytropic = work(CompressorEfficiency::Polytropic(0.84));
/// assert!(work(CompressorEfficiency::Isentropic(0.84)) < polytropic);
/// assert!((work(CompressorEfficiency::Isentropic(0.8341)) / polytropic - 1.0).abs() < 1e-3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum CompressorEfficiency<S> {
    /// Polytropic: the reversible work v dp of every small rise of pressure over what it takes.
    Polytropic(S),
    /// Isentropic: the rise of enthalpy at constant entropy to the discharge pressure over the
    /// actual one.
    Isentropic(S),
}

impl<S: Scalar> CompressorEfficiency<S> {
    /// Above zero where only plain numbers can tell in how many steps to compress; `None` where
    /// that is known.
    pub(crate) fn undecided(self) -> Option<S> {
        let (Self::Polytropic(efficiency) | Self::Isentropic(efficiency)) = self;
        efficiency.known().is_none().then(|| S::from_f64(POOR) - efficiency)
    }
}

/// What [`compress`] found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compression<S> {
    /// Discharge temperature, K.
    pub discharge_temperature: S,
    /// Work on the gas, J/mol.
    pub work: S,
}

/// Compresses a gas from a pressure (Pa) and temperature (K) to a pressure not below it.
///
/// By a polytropic efficiency η, every small rise of pressure costs dh = v dp / η along the path,
/// so that with dh = cp dT - cp μ dp (μ the Joule-Thomson coefficient) and v = Z R T / p
///
/// ```text
/// d(ln T)/d(ln p) = Z R / (η cp) + μ p / T
/// dh/d(ln p)      = Z R T / η
/// ```
///
/// (J. M. Schultz, The polytropic analysis of centrifugal compressors, J. Eng. Power 84 (1962)
/// 69, for the definition of η; recalled). Integrated in ln p by Runge-Kutta steps of fifth order.
/// Where Z and cp are constant and μ is 0, T2 = T1 (p2/p1)^(Z R / (η cp)).
///
/// By an isentropic efficiency η, the work is w = ws / η with ws that of the same path at η = 1,
/// which is isentropic and ends at T2s; the discharge is at the enthalpy h1 + w, where heating at
/// the discharge pressure from T2s on, dT = dh / cp, has added w - ws. Where Z and cp are constant
/// and μ is 0, T2 = T1 + (T2s - T1) / η with T2s = T1 (p2/p1)^(Z R / cp).
///
/// ```
/// use gaschain::flow::{CompressorEfficiency, compress};
/// use gaschain::gas::{GasState, UniformGas};
/// let state = GasState {
///     compressibility: 0.9,
///     heat_capacity: 40.0,
///     joule_thomson: 0.0,
///     viscosity: 1.1e-5,
/// };
/// let gas = UniformGas { molar_mass: 0.017, state };
/// let done = compress(&gas, 6.8e6, 283.15, 9.81e6, CompressorEfficiency::Polytropic(0.84));
/// let exponent = 0.9 * 8.314_462_618 / (0.84 * 40.0);
/// let closed = 283.15 * (9.81_f64 / 6.8).powf(exponent);
/// assert!((done.discharge_temperature - closed).abs() < 1e-9);
/// assert!((done.work - 40.0 * (closed - 283.15)).abs() < 1e-6);
/// ```
pub fn compress<S: Scalar>(
    gas: &impl Gas<S>,
    suction_pressure: S,
    suction_temperature: S,
    discharge_pressure: S,
    efficiency: CompressorEfficiency<S>,
) -> Compression<S> {
    let state = gas.state(suction_pressure, suction_temperature);
    compress_from(
        gas,
        &state,
        [suction_pressure, suction_temperature],
        discharge_pressure,
        efficiency,
    )
    .0
}

/// The same from a state of the gas at the suction, pressure (Pa) and temperature (K) of which are
/// told; gives the compressibility factor near the discharge, too.
pub(super) fn compress_from<S: Scalar>(
    gas: &impl Gas<S>,
    state: &GasState<S>,
    suction: [S; 2],
    discharge_pressure: S,
    efficiency: CompressorEfficiency<S>,
) -> (Compression<S>, S) {
    let along = |efficiency: S| polytropic(gas, state, suction, discharge_pressure, efficiency);
    match efficiency {
        CompressorEfficiency::Polytropic(efficiency) => along(efficiency),
        CompressorEfficiency::Isentropic(efficiency) => {
            let (isentropic, near) = along(S::one());
            let work = isentropic.work / efficiency;
            let (discharge_temperature, near) = heated(
                steps(HEATING_STEPS, efficiency),
                gas,
                near,
                [discharge_pressure, isentropic.discharge_temperature],
                work - isentropic.work,
            );
            (Compression { discharge_temperature, work }, near)
        }
    }
}

/// Compresses along a polytropic path.
fn polytropic<S: Scalar>(
    gas: &impl Gas<S>,
    state: &GasState<S>,
    [suction_pressure, suction_temperature]: [S; 2],
    discharge_pressure: S,
    efficiency: S,
) -> (Compression<S>, S) {
    let steps = steps(STEPS, efficiency);
    let length = (discharge_pressure / suction_pressure).ln();
    let quarter = length.scaled(0.25 / f64::from(steps)).exp();
    let per_efficiency = S::from_f64(MOLAR_GAS_CONSTANT) / efficiency;
    let mut near = state.compressibility;
    // of the logarithm of the temperature over that of the suction, and of the work, over ln p
    let slopes = |quarters: u8, [rise, _]: [S; 2]| {
        let pressure = suction_pressure * quarter.powi(quarters.into());
        let temperature = suction_temperature * rise.exp();
        let known = temperature.min(suction_temperature.scaled(HOTTEST));
        let state = if quarters == 0 { *state } else { gas.state_near(near, pressure, known) };
        near = state.compressibility;
        let volume_work = state.compressibility * per_efficiency;
        let ln_slope =
            volume_work / state.heat_capacity + state.joule_thomson * pressure / temperature;
        [ln_slope, volume_work * temperature]
    };
    let [rise, work] = follow(steps, length, [S::zero(); 2], slopes);
    (Compression { discharge_temperature: suction_temperature * rise.exp(), work }, near)
}

/// Temperature of a gas to which so much heat (J/mol) is added at constant pressure, and the
/// compressibility factor near there.
fn heated<S: Scalar>(
    steps: u8,
    gas: &impl Gas<S>,
    compressibility: S,
    [pressure, temperature]: [S; 2],
    heat: S,
) -> (S, S) {
    let mut near = compressibility;
    let slope = |_, [temperature]: [S; 1]| {
        let state = gas.state_near(near, pressure, temperature);
        near = state.compressibility;
        [S::one() / state.heat_capacity]
    };
    let [temperature] = follow(steps, heat, [temperature], slope);
    (temperature, near)
}

#[cfg(test)]
mod tests {
    use super::CompressorEfficiency::{Isentropic, Polytropic};
    use super::*;
    use crate::gas::{GasState, UniformGas};
    use crate::scalar::Dual;

    fn gas<S: Scalar>() -> UniformGas<S> {
        UniformGas {
            molar_mass: S::from_f64(0.0175),
            state: GasState {
                compressibility: S::from_f64(0.88),
                heat_capacity: S::from_f64(42.0),
                joule_thomson: S::zero(),
                viscosity: S::from_f64(1.2e-5),
            },
        }
    }

    #[test]
    fn constant_properties_give_the_closed_form() {
        for ratio in [1.0, 1.2, 1.45, 1.7] {
            let done = compress(&gas(), 6e6, 285.0, 6e6 * ratio, Polytropic(0.84));
            let exponent = 0.88 * MOLAR_GAS_CONSTANT / (0.84 * 42.0);
            let closed = 285.0 * f64::powf(ratio, exponent);
            assert!((done.discharge_temperature / closed - 1.0).abs() < 1e-14);
            let work = 42.0 * (closed - 285.0);
            assert!((done.work - work).abs() <= 1e-9 * work, "{ratio}");
        }
    }

    #[test]
    fn isentropic_efficiency_gives_the_closed_form() {
        for (ratio, efficiency) in [(1.0, 0.8), (1.2, 0.9), (1.45, 0.8), (1.7, 0.55), (1.7, 1.0)] {
            let done = compress(&gas(), 6e6, 285.0, 6e6 * ratio, Isentropic(efficiency));
            let rise = 285.0 * (f64::powf(ratio, 0.88 * MOLAR_GAS_CONSTANT / 42.0) - 1.0);
            let closed = 285.0 + rise / efficiency;
            assert!((done.discharge_temperature / closed - 1.0).abs() < 1e-9);
            let work = 42.0 * rise / efficiency;
            assert!((done.work - work).abs() <= 1e-9 * work, "{ratio}");
        }
    }

    /// A gas whose enthalpy is known: h = cp T - b p with cp constant, so that the Joule-Thomson
    /// coefficient is b / cp.
    #[test]
    fn work_is_the_rise_of_enthalpy() {
        let mut gas = gas::<f64>();
        gas.state.joule_thomson = 3.5e-6;
        for efficiency in [Polytropic(0.84), Isentropic(0.84), Isentropic(0.3)] {
            let done = compress(&gas, 6e6, 285.0, 9e6, efficiency);
            let enthalpy = 42.0 * (done.discharge_temperature - 285.0) - 42.0 * 3.5e-6 * 3e6;
            assert!((done.work / enthalpy - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn without_losses_both_efficiencies_are_the_same() {
        let polytropic = compress(&gas(), 6e6, 285.0, 9e6, Polytropic(1.0));
        let isentropic = compress(&gas(), 6e6, 285.0, 9e6, Isentropic(1.0));
        assert!(polytropic.work.to_bits() == isentropic.work.to_bits());
        let [one, other] = [polytropic, isentropic].map(|done| done.discharge_temperature);
        assert!(one.to_bits() == other.to_bits());
    }

    #[test]
    fn derivatives_are_those_of_differences() {
        type By<S> = fn(S) -> CompressorEfficiency<S>;
        let kinds: [(By<f64>, By<Dual>); 2] = [(Polytropic, Polytropic), (Isentropic, Isentropic)];
        for (plain, dual) in kinds {
            let inputs = [6e6, 285.0, 9e6, 0.84];
            let at = |[p, t, to, by]: [f64; 4]| compress(&gas(), p, t, to, plain(by));
            for of in 0..inputs.len() {
                let mut varied = inputs.map(Dual::from_f64);
                varied[of] = Dual::variable(inputs[of]);
                let [p, t, to, by] = varied;
                let found = compress(&gas(), p, t, to, dual(by));
                let h = 1e-5 * inputs[of];
                let [above, below] = [h, -h].map(|step| {
                    let mut moved = inputs;
                    moved[of] += step;
                    at(moved)
                });
                let slope = |of: fn(Compression<f64>) -> f64| (of(above) - of(below)) / (2.0 * h);
                let temperature = slope(|done| done.discharge_temperature);
                let work = slope(|done| done.work);
                assert!(
                    (found.discharge_temperature.derivative() / temperature - 1.0).abs() < 1e-6
                );
                assert!((found.work.derivative() / work - 1.0).abs() < 1e-6);
                assert!(found.work.value().to_bits() == at(inputs).work.to_bits());
            }
        }
    }
}
