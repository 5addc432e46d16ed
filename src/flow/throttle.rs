//! Let-down of a gas at constant enthalpy, and the steps by which such paths are followed.

use crate::gas::Gas;
use crate::scalar::Scalar;

/// Runge-Kutta steps of a let-down: with eight, a natural gas let down from 9.8e6 to 3e6 Pa ends
/// within 1e-4 K of where many more would end it.
const STEPS: u8 = 8;

/// Temperature (K) of a gas that is let down from a pressure (Pa) and temperature (K) to a lower
/// pressure at constant enthalpy: dT/dp = μ(p, T), μ the Joule-Thomson coefficient, which more than
/// doubles on the way down from the pressure of a trunk line.
pub(super) fn let_down<S: Scalar>(
    gas: &impl Gas<S>,
    pressure: S,
    temperature: S,
    to_pressure: S,
) -> S {
    let cooling = |pressure: S, temperature: S| gas.state(pressure, temperature).joule_thomson;
    runge_kutta(STEPS, pressure, to_pressure - pressure, temperature, cooling)
}

/// Follows y from a point over a length by its slope there, in fourth-order Runge-Kutta steps.
pub(super) fn runge_kutta<S: Scalar>(
    steps: u8,
    from: S,
    length: S,
    start: S,
    slope: impl Fn(S, S) -> S,
) -> S {
    let step = length.scaled(1.0 / f64::from(steps));
    let (half, sixth) = (step.scaled(0.5), step.scaled(1.0 / 6.0));
    let mut y = start;
    for taken in 0..steps {
        let at = from + step.scaled(f64::from(taken));
        let first = slope(at, y);
        let second = slope(at + half, y + half * first);
        let third = slope(at + half, y + half * second);
        let fourth = slope(at + step, y + step * third);
        y += sixth * (first + (second + third).scaled(2.0) + fourth);
    }
    y
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
            let cooled = let_down(&Known, 9.8e6, 290.0, to);
            let error = enthalpy(to, cooled) - enthalpy(9.8e6, 290.0);
            assert!((error / A).abs() < 1e-4, "{to}: {error} J/mol");
            let fine = runge_kutta(200, 9.8e6, to - 9.8e6, 290.0, |pressure, temperature| {
                RealGas.state(pressure, temperature).joule_thomson
            });
            assert!((let_down(&RealGas, 9.8e6, 290.0, to) - fine).abs() < 1e-4, "{to}");
        }
    }
}
