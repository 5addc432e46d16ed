//! A compressor station of a line.

use super::compressor::{CompressorEfficiency, compress_from};
use super::course::Mean;
use super::throttle::let_down;
use crate::gas::Gas;
use crate::scalar::Scalar;

/// What decides the pressure that a station discharges at.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Discharge<S> {
    /// A set point, Pa.
    Pressure(S),
    /// A ratio of compression, 1 and above: the discharge follows what arrives.
    Ratio(S),
}

/// A compressor station.
///
/// In service, it raises whatever arrives to its set point, or by its ratio. Gas that arrives above
/// a set point is let down to it at constant enthalpy: no work is gained, and it cools by its
/// Joule-Thomson coefficient all the way down. All of the gas is compressed; fuel is drawn from the
/// discharge:
///
/// ```text
/// power = n w / (mechanical efficiency)
/// fuel  = power / (driver efficiency × H)
/// ```
///
/// with w the work of [`compress`](super::compress) and H the net heat of a mole of the gas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Station<S> {
    /// Whether it is in service; gas passes one that is not as it comes.
    pub in_service: bool,
    /// What decides the discharge pressure.
    pub discharge: Discharge<S>,
    /// Efficiency of the compressors.
    pub efficiency: CompressorEfficiency<S>,
    /// Mechanical efficiency, work on the gas over shaft power, above 0 to 1.
    pub mechanical_efficiency: S,
    /// Driver efficiency, shaft power over net heat of the fuel, above 0 to 1.
    pub driver_efficiency: S,
    /// Temperature that an aftercooler brings the discharge down to, K; a cooler discharge is
    /// left as it is.
    pub aftercooler_temperature: Option<S>,
}

/// What a station in service does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StationResult<S> {
    /// Pressure that arrives, Pa.
    pub suction_pressure: S,
    /// Pressure that leaves, Pa.
    pub discharge_pressure: S,
    /// Ratio of compression, 1 and above.
    pub ratio: S,
    /// Shaft power, W.
    pub power: S,
    /// Fuel, mol/s.
    pub fuel_molar_flow: S,
    /// Temperature at the discharge, before an aftercooler, K.
    pub discharge_temperature: S,
    /// Temperature that leaves, K.
    pub outlet_temperature: S,
}

impl<S: Scalar> Station<S> {
    /// What the station, in service, does to a molar flow (mol/s) that arrives at a pressure (Pa)
    /// and a temperature (K), of gas with so much net heat (J/mol).
    pub fn run(
        &self,
        gas: &impl Gas<S>,
        net_heat_per_mole: S,
        molar_flow: S,
        suction_pressure: S,
        suction_temperature: S,
    ) -> StationResult<S> {
        let (pressure, temperature) = (suction_pressure, suction_temperature);
        let state = gas.state(pressure, temperature);
        let suction = Mean { pressure, temperature, state };
        self.run_from(gas, net_heat_per_mole, molar_flow, &suction).0
    }

    /// The same from the state of what arrives on; gives the compressibility factor near the
    /// discharge, too.
    pub(super) fn run_from(
        &self,
        gas: &impl Gas<S>,
        net_heat_per_mole: S,
        molar_flow: S,
        suction: &Mean<S>,
    ) -> (StationResult<S>, S) {
        let (start, discharge_pressure) = match self.discharge {
            Discharge::Pressure(set_point) => (suction.let_down(gas, set_point), set_point),
            Discharge::Ratio(ratio) => (*suction, suction.pressure * ratio),
        };
        let from = [start.pressure, start.temperature];
        let (done, near) =
            compress_from(gas, &start.state, from, discharge_pressure, self.efficiency);
        let power = molar_flow.max(S::zero()) * done.work / self.mechanical_efficiency;
        let result = StationResult {
            suction_pressure: suction.pressure,
            discharge_pressure,
            ratio: discharge_pressure / start.pressure,
            power,
            fuel_molar_flow: power / (self.driver_efficiency * net_heat_per_mole),
            discharge_temperature: done.discharge_temperature,
            outlet_temperature: match self.aftercooler_temperature {
                Some(cooled) => done.discharge_temperature.min(cooled),
                None => done.discharge_temperature,
            },
        };
        (result, near)
    }

    /// Above zero where only plain numbers work out what the station does to gas that arrives at a
    /// pressure (Pa); `None` where any do.
    pub(crate) fn undecided(&self, suction_pressure: S) -> Option<S> {
        let above = match self.discharge {
            Discharge::Pressure(set_point) => Some(suction_pressure - set_point),
            Discharge::Ratio(_) => None,
        };
        let above = above.filter(|above| above.known().is_none());
        highest(above, self.efficiency.undecided())
    }
}

impl<S: Scalar> Mean<S> {
    /// Let down to a set point, Pa, where it is above. Numbers of which that is not known are taken
    /// to be below, as they are at most stations; above, they are led on without a jump.
    fn let_down(&self, gas: &impl Gas<S>, set_point: S) -> Self {
        let &Self { pressure, temperature, state } = self;
        let start = pressure.min(set_point);
        let fall = start - pressure;
        match fall.known() {
            Some(0.0) => *self,
            Some(_) => {
                let temperature = let_down(gas, pressure, temperature, start);
                Self { pressure: start, temperature, state: gas.state(start, temperature) }
            }
            None => {
                let temperature = temperature + state.joule_thomson * fall;
                Self { pressure: start, temperature, state }
            }
        }
    }
}

/// The higher of two numbers that there may be.
pub(super) fn highest<S: Scalar>(one: Option<S>, other: Option<S>) -> Option<S> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    }
}
