//! Friction of gas in a pipe: the Darcy friction factor by the laws that the trade uses.

use crate::quantity::MOLAR_GAS_CONSTANT;
use crate::scalar::Scalar;
use std::f64::consts::{LN_10, PI};

/// Roughness over inner diameter beyond which no friction law has been measured: Moody's chart
/// ends there (L. F. Moody, Trans. ASME 66 (1944) 671; recalled).
pub(crate) const ROUGHEST: f64 = 0.05;

/// Below this Reynolds number flow is laminar.
const LAMINAR_BELOW: f64 = 2_000.0;
/// Above this Reynolds number flow is turbulent.
pub(super) const TURBULENT_ABOVE: f64 = 4_000.0;

const INCH: f64 = 0.0254;
const FOOT: f64 = 0.3048;
const DAY: f64 = 86_400.0;

/// Density of air as the Panhandle laws count gas, kg/m3: an ideal gas of 28.9625 g/mol at
/// 60 degF and 14.73 psia, the base of US pipelines when the laws were fitted. They take it to
/// powers of 0.15 and 0.04, so that another base (14.696 psia) changes friction by 0.03 % and
/// less.
const AIR_AT_BASE: f64 =
    14.73 * 6_894.757_293_168 * 0.028_962_5 / (MOLAR_GAS_CONSTANT * ((60.0 + 459.67) / 1.8));

/// A kind of line pipe.
///
/// | symbol | field | unit | range |
/// |---|---|---|---|
/// | d | `inner_diameter` | m | above 0 |
/// | D | `outer_diameter` | m | at least d |
/// | k | `roughness` | m | 0 and above; above 0 for [`FrictionLaw::AgaFullyTurbulent`] |
/// | E | `efficiency` | 1 | above 0, usually 0.85 to 1 |
/// | λ | `friction_factor` | 1 | above 0, read by [`FrictionLaw::Given`] only |
///
/// The efficiency is the ratio of the flow that is measured to the one that the law gives for
/// the same pressures, and counts with every law, a given factor included: friction factors are
/// divided by its square, and the Panhandle laws are asked for the friction at the flow divided by
/// it, so that flow is in proportion to it. (The STO law is defined with E^2 at the actual flow;
/// Colebrook-White's is treated alike.)
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pipe<S> {
    /// Inner diameter, m.
    pub inner_diameter: S,
    /// Outer diameter with insulation if any, m; heat is exchanged there.
    pub outer_diameter: S,
    /// Equivalent sand roughness of the wall, m.
    pub roughness: S,
    /// Hydraulic efficiency.
    pub efficiency: S,
    /// Darcy friction factor, for the law that it is given.
    pub friction_factor: S,
}

impl<S: Scalar> Pipe<S> {
    /// Reynolds number of a mass flow (kg/s) at a dynamic viscosity (Pa s):
    /// Re = 4 m / (π d μ).
    pub fn reynolds(&self, mass_flow: S, viscosity: S) -> S {
        mass_flow.scaled(4.0 / PI) / (self.inner_diameter * viscosity)
    }
}

/// A law for the Darcy friction factor λ (four times Fanning's), as in dp/dx = -λ ρ u² / (2 d).
///
/// | law | λ at E = 1 | source |
/// |---|---|---|
/// | Colebrook-White | see [`colebrook_white`] | C. F. Colebrook, J. Inst. Civ. Eng. 11 (1939) 133 |
/// | STO Gazprom | 0.067 (158/Re + 2 k/d)^0.2 | STO Gazprom 2-3.5-051-2006 (recalled) |
/// | Weymouth | 0.032 / (d in inches)^(1/3) | T. R. Weymouth, Trans. ASME 34 (1912) (recalled); F = 11.18 d^(1/6) |
/// | Panhandle A | 4 / F², F = 7.2111 (Q G / d)^0.07305 | E. S. Menon, Gas Pipeline Hydraulics (2005), ch. 2 (recalled) |
/// | Panhandle B | 4 / F², F = 16.7 (Q G / d)^0.01961 | as above |
/// | AGA, fully turbulent | 4 / F², F = 4 log10(3.7 d/k) | as above |
/// | given | that of the [`Pipe`], whatever flows | a measurement, or another calculation |
///
/// F is the transmission factor 2/√λ; Q G / d is the gas flow in cubic feet of air of the same
/// mass a day, for each inch of diameter. All hold for turbulent flow; only Colebrook-White is
/// continued to laminar flow.
///
/// ```
/// use gaschain::flow::{FrictionLaw, Pipe};
/// let pipe = Pipe {
///     inner_diameter: 1.3766,
///     outer_diameter: 1.42,
///     roughness: 10e-6,
///     efficiency: 1.0,
///     friction_factor: 0.009,
/// };
/// let (mass_flow, viscosity) = (600.0, 1.2e-5); // kg/s, Pa s
/// let lambda = |law: FrictionLaw| law.darcy(&pipe, mass_flow, viscosity);
/// assert!((lambda(FrictionLaw::ColebrookWhite) - 0.00800).abs() < 5e-6);
/// assert!((lambda(FrictionLaw::StoGazprom) - 0.00753).abs() < 5e-6);
/// assert!((lambda(FrictionLaw::Weymouth) - 0.00846).abs() < 5e-6);
/// assert!((lambda(FrictionLaw::Given) - 0.009).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FrictionLaw {
    /// Colebrook and White's, with laminar flow below a Reynolds number of 2,000.
    ColebrookWhite,
    /// The law of Gazprom's design standard for trunk lines.
    StoGazprom,
    /// Weymouth's: of the diameter only.
    Weymouth,
    /// Panhandle Eastern's first: nearly smooth pipes, Reynolds numbers of 5 to 11 million.
    PanhandleA,
    /// Panhandle Eastern's second: larger lines, Reynolds numbers of 4 to 40 million.
    PanhandleB,
    /// The American Gas Association's for fully turbulent flow: of the roughness only.
    AgaFullyTurbulent,
    /// No law: the factor that the pipe is given.
    Given,
}

impl FrictionLaw {
    /// All laws.
    pub const ALL: [Self; 7] = [
        Self::ColebrookWhite,
        Self::StoGazprom,
        Self::Weymouth,
        Self::PanhandleA,
        Self::PanhandleB,
        Self::AgaFullyTurbulent,
        Self::Given,
    ];

    /// Darcy friction factor of a pipe at a mass flow (kg/s, above 0) and a dynamic viscosity
    /// (Pa s).
    pub fn darcy<S: Scalar>(self, pipe: &Pipe<S>, mass_flow: S, viscosity: S) -> S {
        let [times_reynolds, _] = Friction::of(self, pipe).times_reynolds(mass_flow, viscosity);
        times_reynolds / pipe.reynolds(mass_flow, viscosity)
    }
}

/// Friction in one pipe by one law: all of it that does not depend on what flows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Friction<S> {
    law: FrictionLaw,
    /// Reynolds number by mass flow and fluidity: 4 / (π d), 1/m.
    reynolds: S,
    /// Of Colebrook-White's law k/d over 3.7, of the STO's 2 k/d; of the Panhandle laws the cubic
    /// feet of air a day and inch of a kilogram a second; of others the friction factor.
    own: S,
    /// 1 / E².
    per_efficiency_squared: S,
    /// 4 / (π d⁴), 1/m⁴.
    per_fourth: S,
}

impl<S: Scalar> Friction<S> {
    /// Of a pipe.
    pub fn of(law: FrictionLaw, pipe: &Pipe<S>) -> Self {
        let relative_roughness = pipe.roughness / pipe.inner_diameter;
        let inches = || pipe.inner_diameter.scaled(1.0 / INCH);
        let own = match law {
            FrictionLaw::ColebrookWhite => relative_roughness.scaled(1.0 / 3.7),
            FrictionLaw::StoGazprom => relative_roughness.scaled(2.0),
            FrictionLaw::Weymouth => power(inches(), -1.0 / 3.0).scaled(0.032),
            FrictionLaw::PanhandleA | FrictionLaw::PanhandleB => {
                S::from_f64(DAY / (AIR_AT_BASE * FOOT * FOOT * FOOT)) / (pipe.efficiency * inches())
            }
            FrictionLaw::AgaFullyTurbulent => {
                let root = (S::from_f64(3.7) / relative_roughness).ln().scaled(2.0 / LN_10);
                S::one() / (root * root)
            }
            FrictionLaw::Given => pipe.friction_factor,
        };
        let square = pipe.inner_diameter * pipe.inner_diameter;
        Self {
            law,
            reynolds: S::from_f64(4.0 / PI) / pipe.inner_diameter,
            own,
            per_efficiency_squared: S::one() / (pipe.efficiency * pipe.efficiency),
            per_fourth: S::from_f64(4.0 / PI) / (square * square),
        }
    }

    /// Darcy friction factor times Reynolds number, at a mass flow (kg/s, above 0) and a dynamic
    /// viscosity (Pa s): what friction is reckoned with, because it stays finite where flow comes to
    /// rest. With it the power of the viscosity that the friction factor goes with in turbulent
    /// flow, for searches to step by.
    pub fn times_reynolds(&self, mass_flow: S, viscosity: S) -> [S; 2] {
        let reynolds = self.reynolds * mass_flow / viscosity;
        let (turbulent, by_viscosity) = match self.law {
            FrictionLaw::ColebrookWhite => {
                let [times_reynolds, by_viscosity] = colebrook_times_reynolds(reynolds, self.own);
                return [times_reynolds * self.per_efficiency_squared, by_viscosity];
            }
            FrictionLaw::StoGazprom => {
                let smooth = S::from_f64(158.0) / reynolds;
                let sum = smooth + self.own;
                (power(sum, 0.2).scaled(0.067), smooth.scaled(0.2) / sum)
            }
            FrictionLaw::PanhandleA => {
                let friction = power(self.own * mass_flow, -2.0 * 0.073_05);
                (friction.scaled(4.0 / (7.2111 * 7.2111)), S::zero())
            }
            FrictionLaw::PanhandleB => {
                let friction = power(self.own * mass_flow, -2.0 * 0.019_61);
                (friction.scaled(4.0 / (16.7 * 16.7)), S::zero())
            }
            FrictionLaw::Weymouth | FrictionLaw::AgaFullyTurbulent | FrictionLaw::Given => {
                (self.own, S::zero())
            }
        };
        [turbulent * reynolds * self.per_efficiency_squared, by_viscosity]
    }

    /// Friction gradient, kg²/(m⁵ s²): λ m |m| / (d A²), that is, -d(p²)/dx over the square of the
    /// isothermal speed of sound, Z R T / M; and the power of the viscosity that it goes with.
    ///
    /// Written with λ Re, which is finite at rest: (λ Re) (4 μ / (π d⁴)) m.
    pub fn gradient(&self, flow: MassFlow<S>, viscosity: S) -> [S; 2] {
        let [times_reynolds, by_viscosity] = self.times_reynolds(flow.size, viscosity);
        [times_reynolds * viscosity * self.per_fourth * flow.signed, by_viscosity]
    }
}

/// A mass flow, as friction is reckoned from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct MassFlow<S> {
    /// kg/s, negative against the direction of the line.
    pub signed: S,
    /// Its size, kept just above zero, kg/s.
    pub size: S,
}

/// Darcy friction factor by Colebrook and White, at a Reynolds number above 0 and a relative
/// roughness k/d of 0 and above.
///
/// Above Re = 4,000 it is the solution, to rounding, of
///
/// ```text
/// 1/√λ = -2 log10( (k/d)/3.7 + 2.51 / (Re √λ) )
/// ```
///
/// and below 2,000 it is 64/Re. Between, where experiments scatter, it passes from one to the
/// other with weights 1 - w and w, w = t² (3 - 2 t), t = (Re - 2,000) / 2,000: value and slope
/// are continuous (the bridge is a choice of this crate).
///
/// ```
/// use gaschain::flow::colebrook_white;
/// // F. M. White, Fluid Mechanics, table below eq. 6.54: Re = 1e5, smooth pipe
/// assert!((colebrook_white(1e5, 0.0) - 0.0180).abs() < 5e-5);
/// assert!((colebrook_white(1_000.0, 1e-4) - 0.064).abs() < 1e-15);
/// ```
pub fn colebrook_white<S: Scalar>(reynolds: S, relative_roughness: S) -> S {
    let [times_reynolds, _] =
        colebrook_times_reynolds(reynolds, relative_roughness.scaled(1.0 / 3.7));
    times_reynolds / reynolds
}

/// λ Re, and the power of 1 / Re that λ goes with in turbulent flow; `rough` is (k/d)/3.7.
fn colebrook_times_reynolds<S: Scalar>(reynolds: S, rough: S) -> [S; 2] {
    let turbulent_reynolds = reynolds.max(S::from_f64(LAMINAR_BELOW));
    let root = colebrook_root(turbulent_reynolds, rough); // 1/√λ
    let turbulent = turbulent_reynolds / (root * root);

    let laminar = S::from_f64(64.0);
    let t = (turbulent_reynolds - S::from_f64(LAMINAR_BELOW))
        .scaled(1.0 / (TURBULENT_ABOVE - LAMINAR_BELOW))
        .min(S::one());
    let weight = t * t * (S::from_f64(3.0) - t.scaled(2.0));
    // exact at both ends of the bridge: 64 at weight 0, the turbulent law at weight 1
    let times_reynolds = laminar * (S::one() - weight) + turbulent * weight;
    let smooth = S::from_f64(2.51) / turbulent_reynolds;
    let slope = (smooth / (rough + smooth * root)).scaled(2.0 / LN_10);
    [times_reynolds, slope.scaled(2.0) / (S::one() + slope)]
}

/// Root x = 1/√λ of x + 2 log10(a + b x) = 0, a = (k/d)/3.7, b = 2.51/Re.
///
/// From the right side at x = 8, which is within 0.8 of the root from Re = 2,000 to 1e12, three
/// of Halley's steps; each multiplies the error by less than 0.003 times its square, so that
/// the third lands on the root to rounding, in value and in derivative.
fn colebrook_root<S: Scalar>(reynolds: S, a: S) -> S {
    const C: f64 = 2.0 / LN_10;
    let b = S::from_f64(2.51) / reynolds;
    let mut x = -(a + b.scaled(8.0)).ln().scaled(C);
    for _ in 0..3 {
        let argument = a + b * x;
        let value = x + argument.ln().scaled(C);
        let q = b / argument;
        let slope = S::one() + q.scaled(C);
        let curvature = -(q * q).scaled(C);
        let newton = value / slope;
        x -= newton / (S::one() - (newton * curvature / slope).scaled(0.5));
    }
    x
}

/// base^exponent, of a base above 0: a logarithm of some units needs no second part here.
fn power<S: Scalar>(base: S, exponent: f64) -> S {
    base.ln().scaled(exponent).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Dual;

    fn pipe<S: Scalar>() -> Pipe<S> {
        Pipe {
            inner_diameter: S::from_f64(1.3766),
            outer_diameter: S::from_f64(1.42),
            roughness: S::from_f64(1e-5),
            efficiency: S::from_f64(0.95),
            friction_factor: S::from_f64(0.01),
        }
    }

    #[test]
    fn colebrooks_equation_is_met_to_rounding() {
        for exponent in 0..=30 {
            let reynolds = 4_000.0 * 10_f64.powf(f64::from(exponent) / 4.0);
            for roughness in [0.0, 1e-7, 1e-5, 1e-3, 0.05] {
                let x = colebrook_root(reynolds, roughness / 3.7);
                let right = -2.0 * (roughness / 3.7 + 2.51 * x / reynolds).log10();
                assert!((x - right).abs() < 4e-15 * x, "{reynolds} {roughness}: {x} {right}");
            }
        }
    }

    #[test]
    fn laminar_flow_passes_into_turbulent_without_a_jump() {
        assert!((colebrook_white(500.0_f64, 1e-3) - 64.0 / 500.0).abs() < 1e-15);
        for edge in [LAMINAR_BELOW, TURBULENT_ABOVE] {
            let at = |by: f64| colebrook_white(Dual::variable(edge + by), Dual::from_f64(1e-4));
            let (below, above) = (at(-1e-7), at(1e-7));
            assert!((below.value() - above.value()).abs() < 1e-10);
            assert!((below.derivative() - above.derivative()).abs() < 1e-10);
        }
        // more flow, more loss: λ Re² rises all the way
        let mut before = 0.0;
        for step in 1..=1_000 {
            let reynolds = 6.0 * f64::from(step);
            let loss = colebrook_white(reynolds, 1e-6) * reynolds * reynolds;
            assert!(loss > before);
            before = loss;
        }
    }

    #[test]
    fn derivatives_are_those_of_differences() {
        for law in FrictionLaw::ALL {
            for mass_flow in [0.02, 0.035, 5.0, 600.0] {
                let dual = law.darcy(&pipe(), Dual::variable(mass_flow), Dual::from_f64(1.2e-5));
                let h = mass_flow * 1e-5;
                let at = |mass_flow: f64| law.darcy(&pipe(), mass_flow, 1.2e-5);
                let difference = (at(mass_flow + h) - at(mass_flow - h)) / (2.0 * h);
                let scale = at(mass_flow) / mass_flow;
                assert!((dual.derivative() - difference).abs() < 1e-8 * scale, "{law:?}");
            }
        }
    }

    #[test]
    fn efficiency_is_a_ratio_of_flows() {
        let loss = |law: FrictionLaw, efficiency: f64, flow: f64| {
            law.darcy(&Pipe { efficiency, ..pipe() }, flow, 1.2e-5) * flow * flow
        };
        for law in FrictionLaw::ALL {
            let ratio = match law {
                FrictionLaw::ColebrookWhite | FrictionLaw::StoGazprom => {
                    loss(law, 0.95, 600.0) * 0.95 * 0.95 / loss(law, 1.0, 600.0)
                }
                _ => loss(law, 0.95, 0.95 * 600.0) / loss(law, 1.0, 600.0),
            };
            assert!((ratio - 1.0).abs() < 1e-14, "{law:?}");
        }
    }
}
