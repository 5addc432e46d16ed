//! Let-down of a gas at constant enthalpy.

use super::runge_kutta::follow;
use crate::gas::Gas;
use crate::scalar::Scalar;

/// Steps of a let-down: with so many, a natural gas let down from 9.8e6 to 3e6 Pa ends within 1e-4 K
/// of where many more would end it.
const STEPS: u8 = 4;

/// Temperature (K) of a gas that is let down from a pressure (Pa) and temperature (K) to a lower
/// pressure at constant enthalpy: dT/dp = μ(p, T), μ the Joule-Thomson coefficient, which more than
/// doubles on the way down from the pressure of a trunk line.
pub(super) fn let_down<S: Scalar>(
    gas: &impl Gas<S>,
    pressure: S,
    temperature: S,
    to_pressure: S,
) -> S {
    cooled(STEPS, gas, pressure, temperature, to_pressure)
}

fn cooled<S: Scalar>(
    steps: u8,
    gas: &impl Gas<S>,
    pressure: S,
    temperature: S,
    to_pressure: S,
) -> S {
    let fall = to_pressure - pressure;
    let quarter = fall.scaled(0.25 / f64::from(steps));
    let mut near = None;
    let cooling = |quarters: u8, [temperature]: [S; 1]| {
        let pressure = pressure + quarter.scaled(f64::from(quarters));
        let state = match near {
            None => gas.state(pressure, temperature),
            Some(near) => gas.state_near(near, pressure, temperature),
        };
        near = Some(state.compressibility);
        [state.joule_thomson]
    };
    let [temperature] = follow(steps, fall, [temperature], cooling);
    temperature
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::tests::RealGas;
    use crate::gas::GasState;

    /// A gas of known enthalpy, h = a T - b p / T: cp = a + b p / T^2, and the Joule-Thomson
    /// coefficient is (b / T) / cp.
    struct Known;

    const A: f64 = 38.0;
    const B: f64 = 0.06;

    fn enthalpy(pressure: f64, temperature: f64) -> f64 {
        A * temperature - B * pressure / temperature
    }

    impl Gas<f64> for Known {
        fn molar_mass(&self) -> f64 {
            0.0175
        }

        fn state(&self, pressure: f64, temperature: f64) -> GasState<f64> {
            let heat_capacity = A + B * pressure / (temperature * temperature);
            GasState {
                compressibility: 0.9,
                heat_capacity,
                joule_thomson: B / temperature / heat_capacity,
                viscosity: 1e-5,
            }
        }

        fn speed_of_sound(&self, _: f64, _: f64) -> f64 {
            400.0
        }
    }

    #[test]
    fn enthalpy_is_kept() {
        for to in [9.79e6, 7.4e6, 5e6, 3e6, 2e5] {
            let found = let_down(&Known, 9.8e6, 290.0, to);
            let error = enthalpy(to, found) - enthalpy(9.8e6, 290.0);
            assert!((error / A).abs() < 1e-4, "{to}: {error} J/mol");
            let fine = cooled(60, &RealGas, 9.8e6, 290.0, to);
            assert!((let_down(&RealGas, 9.8e6, 290.0, to) - fine).abs() < 1e-4, "{to}");
        }
    }
}
