//! What tests of flow equations share: gases, a segment, derivatives against differences.

mod capacity;
mod line;
mod recorded;
mod segment;
mod sizing;

use super::*;
use crate::gas::{Gas, GasState, UniformGas};
use crate::scalar::{Dual, Scalar};

const STATE: GasState<f64> = GasState {
    compressibility: 0.86,
    heat_capacity: 47.0,
    joule_thomson: 3.5e-6,
    viscosity: 1.2e-5,
};

pub(super) fn uniform() -> UniformGas<f64> {
    UniformGas { molar_mass: 0.0175, state: STATE }
}

/// A gas like natural gas: all properties vary with pressure and temperature, evenly.
pub(super) struct RealGas;

impl<S: Scalar> Gas<S> for RealGas {
    fn molar_mass(&self) -> S {
        S::from_f64(0.0175)
    }

    fn state(&self, pressure: S, temperature: S) -> GasState<S> {
        let p = pressure.scaled(1e-7); // 10 MPa
        let t = temperature.scaled(1.0 / 300.0) - S::one();
        GasState {
            compressibility: S::one() - p.scaled(0.19) + p * t.scaled(0.9),
            heat_capacity: S::from_f64(37.0) + p.scaled(17.0) - p * t.scaled(60.0),
            joule_thomson: (S::from_f64(4.6) - p.scaled(1.4) - t.scaled(14.0)).scaled(1e-6),
            viscosity: (S::from_f64(1.08) + p.scaled(0.35) + t.scaled(0.6)).scaled(1e-5),
        }
    }

    fn speed_of_sound(&self, _: S, temperature: S) -> S {
        temperature.scaled(1.3)
    }
}

pub(super) fn pipe<S: Scalar>() -> Pipe<S> {
    Pipe {
        inner_diameter: S::from_f64(1.3766),
        outer_diameter: S::from_f64(1.42),
        roughness: S::from_f64(1e-5),
        efficiency: S::from_f64(0.95),
        friction_factor: S::from_f64(0.01),
    }
}

fn segment<S: Scalar>() -> Segment<S> {
    Segment {
        length: S::from_f64(100e3),
        elevation_gain: S::zero(),
        pipe: pipe(),
        loops: None,
        soil: Soil { temperature: S::from_f64(275.0), heat_transfer: S::from_f64(1.5) },
        friction: FrictionLaw::StoGazprom,
        pressure_floor: S::from_f64(1e5),
    }
}

const FLOW: f64 = 35e3;
const INLET: f64 = 9.81e6;

fn close(ours: f64, exact: f64, relative: f64) -> bool {
    (ours - exact).abs() <= relative * exact.abs()
}

/// Every output of a function against central differences, for every input.
pub(super) fn check_derivatives<const N: usize, const M: usize>(
    inputs: [f64; N],
    plain: impl Fn([f64; N]) -> [f64; M],
    dual: impl Fn([Dual; N]) -> [Dual; M],
) {
    let scale = plain(inputs);
    for of in 0..N {
        let mut varied = inputs.map(Dual::from_f64);
        varied[of] = Dual::variable(inputs[of]);
        let derivatives = dual(varied);
        let h = 1e-5 * inputs[of].abs();
        let [above, below] = [h, -h].map(|step| {
            let mut moved = inputs;
            moved[of] += step;
            plain(moved)
        });
        for output in 0..M {
            let difference = (above[output] - below[output]) / (2.0 * h);
            let ours = derivatives[output].derivative();
            let allowed = 1e-7 * difference.abs() + 1e-9 * (scale[output] / inputs[of]).abs();
            assert!(
                (ours - difference).abs() <= allowed,
                "output {output} by input {of}: {ours} against {difference}"
            );
            assert!(derivatives[output].value().to_bits() == scale[output].to_bits());
        }
    }
}
