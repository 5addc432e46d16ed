//! Viscosity of natural gas by the correlation of Lee, Gonzalez and Eakin.

use crate::scalar::Scalar;

/// Degrees Rankine in a kelvin: the correlation is fitted in degrees Rankine.
const RANKINE_PER_KELVIN: f64 = 1.8;

/// A density that is as good as none, kg/m3: keeps the power of a density defined down to zero.
const NO_DENSITY: f64 = 1e-12;

/// Dynamic viscosity of a natural gas, Pa s, from its molar mass (kg/mol), density (kg/m3) and
/// temperature (K).
///
/// ```text
/// mu = 1e-7 K exp(X rho^Y)                                  Pa s
/// K  = (9.4 + 0.02 M) T^1.5 / (209 + 19 M + T)
/// X  = 3.5 + 986 / T + 0.01 M
/// Y  = 2.4 - 0.2 X
/// ```
///
/// with M in g/mol, T in degrees Rankine and rho in g/cm3, as fitted; the units are converted
/// inside. At zero density it is the viscosity of the dilute gas, 1e-7 K.
///
/// Source: Lee, Gonzalez and Eakin, The viscosity of natural gases, J. Petroleum Technology 18
/// (1966) 997, read second-hand (as the sources of `NeqSim` state it; the worked example of
/// `PetroWiki` comes out with these digits). Londono, Archer and Blasingame (SPE 75721, 2002;
/// second-hand) give the same correlation with other digits (9.379, 0.01607, 209.2, 19.26, 3.448, 986.4, 0.01009,
/// 2.447, 0.2224), 2 to 3 % higher at 100 kg/m3.
///
/// Range of the measurements behind it: 100 to 340 degF (311 to 444 K; second-hand), 100 to
/// 8,000 psia (0.7e6 to 55e6 Pa; recalled), sweet gas. Against three measurements of the paper's
/// sample 4 (18.26 g/mol; 400 psi and 280 degF, 3,000 psi and 340 degF, 8,000 psi and 100 degF;
/// second-hand) it is off by -4.0, +0.3 and -7.9 %. A line at 263 K is an extrapolation.
///
/// ```
/// use gaschain::gas::lee_gonzalez_eakin;
/// // 90 kg/m3 of a gas of 17.9 g/mol at 10 degC
/// let viscosity: f64 = lee_gonzalez_eakin(0.0179, 90.0, 283.15);
/// assert!((viscosity - 1.374e-5).abs() < 1e-8); // Pa s
/// ```
#[must_use]
pub fn lee_gonzalez_eakin<S: Scalar>(molar_mass: S, density: S, temperature: S) -> S {
    let constant = S::from_f64;
    let grams = molar_mass.scaled(1e3);
    let rankine = temperature.scaled(RANKINE_PER_KELVIN);
    let k = (constant(9.4) + grams.scaled(0.02)) * rankine * rankine.sqrt()
        / (constant(209.0) + grams.scaled(19.0) + rankine);
    let x = constant(3.5) + constant(986.0) / rankine + grams.scaled(0.01);
    let y = constant(2.4) - x.scaled(0.2);
    let density_g_per_cm3 = density.max(constant(NO_DENSITY)).scaled(1e-3);
    let power = (density_g_per_cm3.ln() * y).exp();
    k.scaled(1e-7) * (x * power).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Dual;

    #[test]
    fn it_rises_with_density_and_for_a_dilute_gas_with_temperature() {
        let at = |density: f64, temperature: f64| lee_gonzalez_eakin(0.017, density, temperature);
        assert!(at(80.0, 290.0) > at(40.0, 290.0) && at(40.0, 290.0) > at(0.0, 290.0));
        assert!(at(0.0, 320.0) > at(0.0, 290.0));
    }

    #[test]
    fn a_gas_without_density_has_that_of_the_dilute_gas_and_its_slope_is_finite() {
        let none = lee_gonzalez_eakin(0.017, 0.0, 290.0);
        let little = lee_gonzalez_eakin(0.017, 1e-6, 290.0);
        assert!((none / little - 1.0).abs() < 1e-6);
        let constant = Dual::from_f64;
        let slope = lee_gonzalez_eakin(constant(0.017), Dual::variable(0.0), constant(290.0));
        assert!(slope.derivative().is_finite());
    }

    #[test]
    fn it_is_near_what_was_measured() {
        // molar mass 18.26 g/mol (sample 4 of the paper): density, temperature, viscosity
        let measured =
            [(15.1, 410.93, 1.602e-5), (105.6, 444.26, 1.990e-5), (310.6, 310.93, 4.074e-5)];
        for ((density, temperature, viscosity), off) in
            measured.into_iter().zip([-0.040, 0.003, -0.079])
        {
            let ours = lee_gonzalez_eakin(0.01826, density, temperature);
            assert!((ours / viscosity - 1.0 - off).abs() < 1e-3, "{ours} {viscosity}");
        }
    }

    #[test]
    fn slopes_are_those_of_differences() {
        let at = |x: [f64; 3]| lee_gonzalez_eakin(x[0], x[1], x[2]);
        let here = [0.0179, 90.0, 283.15];
        for moved in 0..3 {
            let step = 1e-6 * here[moved];
            let (mut above, mut below) = (here, here);
            above[moved] += step;
            below[moved] -= step;
            let difference = (at(above) - at(below)) / (2.0 * step);
            let mut duals = here.map(Dual::from_f64);
            duals[moved] = Dual::variable(here[moved]);
            let slope = lee_gonzalez_eakin(duals[0], duals[1], duals[2]).derivative();
            assert!((slope / difference - 1.0).abs() < 1e-7, "{moved}: {slope} {difference}");
        }
    }
}
