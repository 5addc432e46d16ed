//! Fuel: part of a gas is burned for heat and power.

use super::config::Config;
use super::{Call, Ports, Setting, Stage, StageError};
use crate::fault::FaultKind;
use crate::param::ParameterSpec;
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::species::Slate;

/// A fuel tap: part of the gas leaves unburned at `burned`, at the gas's own composition.
///
/// By share, `burned = share * feed` (of moles and of energy alike). By duty,
/// `burned = feed * min(1, duty / (feed's net heat at 25 degC))`: all of it where the heat asked
/// for is more than the gas holds.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `share` (by share) | fraction | 0 to 1 |
/// | `duty` (by duty) | power, net heat | 0 to 100 GW |
#[derive(Debug)]
pub struct Fuel {
    /// Net heats of the slate's species at 25 degC, J/mol, where the fuel is taken by duty.
    net_heats: Option<Vec<f64>>,
}

impl Fuel {
    /// Fuel as a share of the gas.
    #[must_use]
    pub const fn by_share() -> Self {
        Self { net_heats: None }
    }

    /// Fuel as a heat duty. Species whose heat the slate does not know count as giving none.
    #[must_use]
    pub fn by_duty(slate: &Slate) -> Self {
        let heats = slate.iter().map(|species| species.net_heat_25().unwrap_or(0.0)).collect();
        Self { net_heats: Some(heats) }
    }

    pub(super) fn read(config: &mut Config<'_>) -> Option<Self> {
        match config.optional_text("by").as_deref() {
            None | Some("share") => Some(Self::by_share()),
            Some("duty") => Some(Self::by_duty(config.slate)),
            Some(other) => {
                config.fault(FaultKind::unknown("way to burn fuel", other, ["share", "duty"]));
                None
            }
        }
    }
}

const GAS: usize = 0;
const BURNED: usize = 1;

impl Stage for Fuel {
    fn kind(&self) -> &'static str {
        "fuel"
    }

    fn ports(&self) -> Ports {
        Ports::new(["feed"], ["gas", "burned"])
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        if self.net_heats.is_some() {
            let about = "heat taken from the gas, net";
            vec![ParameterSpec::number("duty", about, Unit::MEGAWATT, 0.0, 100_000.0)]
        } else {
            vec![ParameterSpec::fraction("share", "share of the gas that is burned")]
        }
    }

    fn linear(&self, _: usize, _: &Setting<'_>) -> bool {
        self.net_heats.is_none()
    }

    fn burns(&self, outlet: usize) -> bool {
        outlet == BURNED
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        let share = match &self.net_heats {
            None => call.number(0),
            Some(heats) => {
                let mut energy = S::zero();
                for (heat, flow) in heats.iter().zip(feed) {
                    energy += S::from_f64(*heat) * *flow;
                }
                call.number(0).share_of(energy).min(S::one())
            }
        };
        for (species, &flow) in feed.iter().enumerate() {
            let burned = flow * share;
            call.outlet(BURNED)[species] = burned;
            call.outlet(GAS)[species] = flow - burned;
        }
        Ok(())
    }
}
