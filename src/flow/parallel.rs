//! Loops: how the flow splits between two parallel pipes.

use super::friction::{Friction, FrictionLaw, MassFlow, Pipe};
use crate::scalar::Scalar;

/// The split is done when its logarithm moves less than this, relative to one.
const CLOSE: f64 = 1e-14;
/// Steps that are taken in any case, so that derivatives are right where the start was.
const LEAST_STEPS: usize = 2;
/// Steps after which the search ends in any case.
const MOST_STEPS: usize = 40;

/// A second pipe beside the line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loop<S> {
    /// The parallel pipe.
    pub pipe: Pipe<S>,
    /// Share of the length that it runs beside, 0 to 1: the looped pieces are taken to be spread
    /// evenly. (Where they lie makes no difference to the pressure at the end as long as Z T is
    /// the same along the line; put a piece whose place is known into a section of its own.)
    pub share_of_length: S,
}

impl<S: Scalar> MassFlow<S> {
    fn share(self, share: S) -> Self {
        Self { signed: self.signed * share, size: self.size * share }
    }
}

/// Friction of two parallel pipes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<S> {
    each: [Friction<S>; 2],
    /// Logarithm of the ratio of their flows at like friction factors; `None` of pipes that are
    /// alike, in their derivatives too.
    by_size: Option<S>,
    /// Their inner diameters, m.
    diameters: [S; 2],
}

impl<S: Scalar> Pair<S> {
    /// Of two pipes by one law.
    pub fn of(law: FrictionLaw, pipes: [&Pipe<S>; 2]) -> Self {
        let by_size = || (pipes[0].inner_diameter / pipes[1].inner_diameter).ln().scaled(2.5);
        Self {
            each: pipes.map(|pipe| Friction::of(law, pipe)),
            by_size: (pipes[0] != pipes[1]).then(by_size),
            diameters: pipes.map(|pipe| pipe.inner_diameter),
        }
    }

    /// Friction gradient of both, each carrying its part of a flow; and the power of the viscosity
    /// that it goes with, about that of the first.
    pub fn gradient(&self, flow: MassFlow<S>, viscosity: S) -> [S; 2] {
        let [first, _] = self.parts(flow, viscosity);
        self.each[0].gradient(first, viscosity)
    }

    /// What each carries of a flow, so much that both lose the same:
    ///
    /// ```text
    /// m1/m2 = √((λ2/λ1) (d1/d2)⁵)
    /// ```
    ///
    /// The friction factors depend a little on the flows; the ratio's logarithm is found by
    /// secant steps whose slope is a plain number, the last of them for the derivatives. Pipes that
    /// are alike carry half each.
    pub fn parts(&self, flow: MassFlow<S>, viscosity: S) -> [MassFlow<S>; 2] {
        let Some(by_size) = self.by_size else {
            return [flow.share(S::from_f64(0.5)); 2];
        };
        let mut at = S::zero();
        let (mut slope, mut before) = (0.0, None);
        for taken in 1..=MOST_STEPS {
            let flows = parts(flow, at);
            let factors = [0, 1].map(|of| {
                let [times_reynolds, _] = self.each[of].times_reynolds(flows[of].size, viscosity);
                // λ, but for what both have in common
                times_reynolds * self.diameters[of] / flows[of].size
            });
            let asked = (factors[1] / factors[0]).ln().scaled(0.5) + by_size;
            if let Some((last_at, last_asked)) = before {
                let moved: f64 = at.value() - last_at;
                let steep: f64 = (asked.value() - last_asked) / moved;
                // only from steps that are not mostly rounding
                if moved.abs() > 1e-9 && steep.abs() < 0.9 {
                    slope = steep;
                }
            }
            before = Some((at.value(), asked.value()));
            let step = (asked - at).scaled(1.0 / (1.0 - slope));
            at += step;
            if step.value().abs() <= CLOSE && taken >= LEAST_STEPS {
                break;
            }
        }
        parts(flow, at)
    }
}

/// The parts of a flow whose ratio has this logarithm.
fn parts<S: Scalar>(flow: MassFlow<S>, logarithm: S) -> [MassFlow<S>; 2] {
    let share = |logarithm: S| S::one() / (S::one() + (-logarithm).exp());
    [flow.share(share(logarithm)), flow.share(share(-logarithm))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Dual;

    const VISCOSITY: f64 = 1.2e-5;

    fn pipe(inner_diameter: f64, roughness: f64) -> Pipe<f64> {
        let outer_diameter = inner_diameter + 0.03;
        Pipe { inner_diameter, outer_diameter, roughness, efficiency: 1.0, friction_factor: 0.01 }
    }

    fn flow(mass_flow: f64) -> MassFlow<f64> {
        MassFlow { signed: mass_flow, size: mass_flow.abs().max(1e-9) }
    }

    #[test]
    fn equal_pipes_carry_half_each_exactly() {
        let pipe = pipe(1.2, 2e-5);
        for law in FrictionLaw::ALL {
            let [both, _] = Pair::of(law, [&pipe, &pipe]).gradient(flow(500.0), VISCOSITY);
            let [one, _] = Friction::of(law, &pipe).gradient(flow(250.0), VISCOSITY);
            assert!(both.to_bits() == one.to_bits(), "{law:?}");
        }
    }

    #[test]
    fn unequal_pipes_lose_the_same() {
        let pipes = [&pipe(1.4, 1e-5), &pipe(0.7, 5e-5)];
        for law in FrictionLaw::ALL {
            for mass_flow in [0.02, 0.1, 1.0, 500.0, -500.0] {
                let pair = Pair::of(law, pipes);
                let [both, _] = pair.gradient(flow(mass_flow), VISCOSITY);
                let [first, second] = pair.parts(flow(mass_flow), VISCOSITY);
                assert!((first.signed + second.signed - mass_flow).abs() < 1e-15 * mass_flow.abs());
                let [other, _] = Friction::of(law, pipes[1]).gradient(second, VISCOSITY);
                assert!((both / other - 1.0).abs() < 1e-13, "{law:?} {mass_flow}");
            }
        }
    }

    #[test]
    fn derivative_is_that_of_differences() {
        let constant = |pipe: Pipe<f64>| Pipe {
            inner_diameter: Dual::from_f64(pipe.inner_diameter),
            outer_diameter: Dual::from_f64(pipe.outer_diameter),
            roughness: Dual::from_f64(pipe.roughness),
            efficiency: Dual::from_f64(pipe.efficiency),
            friction_factor: Dual::from_f64(pipe.friction_factor),
        };
        let (large, small) = (pipe(1.4, 1e-5), pipe(0.7, 5e-5));
        for law in FrictionLaw::ALL {
            for mass_flow in [0.02, 0.1, 500.0] {
                let varied =
                    MassFlow { signed: Dual::variable(mass_flow), size: Dual::variable(mass_flow) };
                let pipes = [&constant(large), &constant(small)];
                let viscosity = Dual::from_f64(VISCOSITY);
                let [dual, _] = Pair::of(law, pipes).gradient(varied, viscosity);
                let at = |mass_flow: f64| {
                    Pair::of(law, [&large, &small]).gradient(flow(mass_flow), VISCOSITY)[0]
                };
                let h = 1e-5 * mass_flow;
                let difference = (at(mass_flow + h) - at(mass_flow - h)) / (2.0 * h);
                assert!((dual.derivative() / difference - 1.0).abs() < 1e-7, "{law:?} {mass_flow}");
            }
        }
    }
}
