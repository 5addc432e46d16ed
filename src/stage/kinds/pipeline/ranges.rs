//! Whether a line stays within what its correlations were fitted for.

use crate::flow::{FrictionLaw, Pipe, ProfilePoint};
use crate::gas::{Gas, GasState};
use crate::quantity::{MOLAR_GAS_CONSTANT, Unit};
use crate::scalar::Scalar;
use crate::stage::heats::RealGas;
use crate::stage::{Call, StageWarning};

/// Largest share of components for which viscosity was not held against a reference: as far off
/// as those are as dilute gases (3 %, water 10 %), that of the mixture is then off by 1 % more.
const MOST_UNCOMPARED: f64 = 0.1;

/// Density over the critical one up to which what it adds to viscosity was fitted (recalled).
const DENSEST: f64 = 3.0;

const VISCOSITY: &str = "viscosity by Chapman and Enskog, Davidson, Jossi, Stiel and Thodos";

/// The Reynolds numbers along a line, where somebody hears of them.
#[derive(Debug)]
pub(super) struct Ranges {
    is_heard: bool,
    lowest: f64,
    highest: f64,
    /// The highest density over the critical one.
    densest: f64,
}

impl Ranges {
    pub fn of<S: Scalar>(call: &Call<'_, S>) -> Self {
        Self { is_heard: call.hears_warnings(), lowest: f64::INFINITY, highest: 0.0, densest: 0.0 }
    }

    /// Takes a point of the line in.
    pub fn see<S: Scalar>(&mut self, gas: &RealGas<S>, pipe: &Pipe<S>, point: &ProfilePoint<S>) {
        if !self.is_heard {
            return;
        }
        let GasState { compressibility, viscosity, .. } =
            gas.state(point.pressure, point.temperature);
        let reynolds = pipe.reynolds(point.molar_flow * gas.molar_mass(), viscosity).value();
        self.lowest = self.lowest.min(reynolds);
        self.highest = self.highest.max(reynolds);
        let ideal = point.pressure / point.temperature.scaled(MOLAR_GAS_CONSTANT);
        let density = gas.reduced_density(ideal / compressibility).value();
        self.densest = self.densest.max(density);
    }

    /// Warns of what was outside. Along the looped share of the length each of two like pipes
    /// carries half.
    pub fn warn<S: Scalar>(
        &self,
        call: &mut Call<'_, S>,
        gas: &RealGas<S>,
        law: FrictionLaw,
        pipe: &Pipe<S>,
        looped: S,
    ) {
        let roughness = (pipe.roughness / pipe.inner_diameter).value();
        let looped = looped.value();
        let lowest = if looped > 0.0 { 0.5 * self.lowest } else { self.lowest };
        let highest = if looped < 1.0 { self.highest } else { 0.5 * self.highest };
        for reynolds in [lowest, highest] {
            call.warn(|| StageWarning {
                correlation: named(law),
                quantity: "Reynolds number",
                got: reynolds,
                fitted: law.fitted_for(roughness),
                unit: Unit::BARE,
                source: "E. S. Menon, Gas Pipeline Hydraulics, 2005",
            });
        }
        call.warn(|| StageWarning {
            correlation: VISCOSITY,
            quantity: "density over the critical one",
            got: self.densest,
            fitted: [0.0, DENSEST],
            unit: Unit::BARE,
            source: "Jossi, Stiel and Thodos, AIChE J. 8 (1962) 59",
        });
        call.warn(|| StageWarning {
            correlation: VISCOSITY,
            quantity: "share of water, hydrogen sulfide, carbon monoxide, pentanes and heavier",
            got: gas.uncompared_viscosity().value(),
            fitted: [0.0, MOST_UNCOMPARED],
            unit: Unit::PERCENT,
            source: "held against the reference equations of the other components",
        });
    }
}

/// What a law gives, by its name.
const fn named(law: FrictionLaw) -> &'static str {
    match law {
        FrictionLaw::ColebrookWhite => "friction by Colebrook and White",
        FrictionLaw::StoGazprom => "friction by STO Gazprom",
        FrictionLaw::Weymouth => "friction by Weymouth",
        FrictionLaw::PanhandleA => "friction by Panhandle A",
        FrictionLaw::PanhandleB => "friction by Panhandle B",
        FrictionLaw::AgaFullyTurbulent => "friction by AGA, fully turbulent",
        FrictionLaw::Given => "friction as given",
    }
}
