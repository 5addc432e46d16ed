//! Gas flow through long lines: friction, pipe segments, loops, compressor stations.
//!
//! *In:* a gas, a line, what flows at which pressure. *Out:* pressures, temperatures, power, fuel.
//! *Order:* `friction` (and what it was `fitted` for), then `segment` (a length of pipe: its `course`
//! by closed forms, in which temperature is a `decay`), `parallel` (loops), `compressor` and
//! `throttle` in steps of `runge_kutta`, a `station` of them, then `line`, which strings all together,
//! and the `velocity` at its points; `sizing` and `capacity` `seek` what makes the end of a segment or
//! a line what it is to be.
//!
//! Steady flow of one gas, written from the small to the large: [`FrictionLaw`] gives the Darcy
//! friction factor of a [`Pipe`], [`Segment`] carries gas through a length of it (friction,
//! elevation, heat exchange with the soil, Joule-Thomson cooling, a parallel pipe where the line
//! is looped), [`compress`] raises its pressure, and [`Line`] strings sections and [`Station`]s
//! together. Everything is SI, generic over [`Scalar`](crate::scalar::Scalar), asks the gas
//! through [`Gas`](crate::gas::Gas) only, and allocates nothing.
//!
//! ```
//! use gaschain::flow::{
//!     CompressorEfficiency, Discharge, FrictionLaw, Line, Pipe, Section, Soil, Station,
//! };
//! use gaschain::gas::{GasState, UniformGas};
//!
//! let gas = UniformGas {
//!     molar_mass: 0.0175,
//!     state: GasState {
//!         compressibility: 0.86,
//!         heat_capacity: 47.0,
//!         joule_thomson: 3.5e-6,
//!         viscosity: 1.2e-5,
//!     },
//! };
//! let station = Station {
//!     in_service: true,
//!     discharge: Discharge::Pressure(9.81e6),
//!     efficiency: CompressorEfficiency::Polytropic(0.84),
//!     mechanical_efficiency: 0.99,
//!     driver_efficiency: 0.36,
//!     aftercooler_temperature: Some(293.15),
//! };
//! let section = Section { station: None, length: 130e3, elevation_gain: 0.0, loops: None };
//! let line = Line {
//!     sections: &[section, Section { station: Some(station), ..section }],
//!     pipe: Pipe {
//!         inner_diameter: 1.3766,
//!         outer_diameter: 1.42,
//!         roughness: 10e-6,
//!         efficiency: 0.95,
//!         friction_factor: 0.0, // that of the law
//!     },
//!     soil: Soil { temperature: 273.15, heat_transfer: 1.5 },
//!     friction: FrictionLaw::StoGazprom,
//!     segments_per_section: 2,
//!     pressure_floor: 1e5,
//! };
//!
//! let mut suction = 0.0;
//! let result = line.solve(&gas, 8e5, 50e3, 9.81e6, 293.15, &mut |point| {
//!     if let Some(station) = point.station {
//!         suction = station.suction_pressure;
//!     }
//! });
//! assert!((suction / 1e6 - 8.042).abs() < 1e-3); // MPa
//! assert!((result.power / 1e6 - 24.78).abs() < 0.01); // MW
//! assert!((result.fuel_molar_flow / 50e3 - 0.00172).abs() < 1e-5); // share of the gas
//! assert_eq!(format!("{:.2}", result.highest_velocity), "8.42"); // m/s, where pressure is lowest
//! assert!(result.short_of_pressure == 0.0);
//! ```

mod capacity;
mod compressor;
mod course;
mod decay;
mod fitted;
mod friction;
mod line;
mod parallel;
mod runge_kutta;
mod seek;
mod segment;
mod sizing;
mod station;
mod throttle;
mod velocity;

#[cfg(test)]
mod tests;

pub use compressor::{Compression, CompressorEfficiency, compress};
pub(crate) use friction::ROUGHEST;
pub use friction::{FrictionLaw, Pipe, colebrook_white};
pub use line::{Line, LineResult, ProfilePoint, Section};
pub use parallel::Loop;
pub use seek::SizingError;
pub use segment::{Segment, SegmentResult, Soil};
pub use sizing::Ends;
pub use station::{Discharge, Station, StationResult};
pub use velocity::Supersonic;
