//! Gas quality by ISO 6976:2016: heating value, density and Wobbe index of a gas by its
//! composition, as a real gas and as an ideal one.

use crate::quantity::ReferenceConditions;
use crate::scalar::Scalar;
use crate::species::{ReferenceTemperature, Slate};

/// Molar gas constant that the standard takes, J/(mol K) (CODATA 2010).
const GAS_CONSTANT: f64 = 8.314_462_1;

/// Molar mass of dry air, kg/mol.
const MOLAR_MASS_OF_AIR: f64 = 0.028_965_46;

/// Pressure that the summation factors are tabulated at, Pa.
const TABULATED_PRESSURE: f64 = 101_325.0;

/// Pressures of the metering reference that the standard covers, Pa.
const PRESSURES: std::ops::RangeInclusive<f64> = 90_000.0..=110_000.0;

/// Least compressibility at which the standard's volumetric properties hold.
const LEAST_COMPRESSIBILITY: f64 = 0.9;

/// Why a stream has no quality by ISO 6976.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum QualityError {
    /// Summation factors are not tabulated at the metering temperature.
    #[error("no gas is metered at {kelvin} K; allowed: 0 degC, 15 degC, 60 degF and 20 degC")]
    MeteringTemperature {
        /// The temperature, K.
        kelvin: f64,
    },
    /// The metering pressure lies outside the standard's range.
    #[error("a metering pressure of {pascal} Pa; allowed: 90000 to 110000 Pa")]
    MeteringPressure {
        /// The pressure, Pa.
        pascal: f64,
    },
    /// As many flows as species are needed.
    #[error("{got} flows; allowed: {allowed}, one for each species")]
    Flows {
        /// How many there are.
        got: usize,
        /// How many species there are.
        allowed: usize,
    },
    /// A species of the stream lacks a datum.
    #[error("no {datum} of {species} is known")]
    Unknown {
        /// The species.
        species: String,
        /// What is not known: `gross heat at 20 degC`.
        datum: String,
    },
    /// Nothing flows, or less than nothing.
    #[error("a stream of {moles} mol/s has no quality")]
    NoStream {
        /// The sum of the flows, mol/s.
        moles: f64,
    },
    /// The gas is too far from an ideal one.
    #[error("a compressibility of {compressibility}; allowed: above {LEAST_COMPRESSIBILITY}")]
    Compressibility {
        /// Its compressibility at metering conditions.
        compressibility: f64,
    },
}

/// The quality of a gas by ISO 6976:2016, generic over the scalar.
///
/// With mole fractions x, molar masses M, ideal gross heats H(t1) at the combustion temperature
/// and summation factors s(t2) at the metering temperature t2 (K: T2) and pressure p2
/// (p0 = 101.325 kPa, b atoms of hydrogen, L(t1) the heat of condensing a mole of water,
/// R = 8.3144621 J/(mol K), air: M = 28.96546 g/mol, Z0 = 0.999419, 0.999595, 0.999601 and
/// 0.999645 at 0 degC, 15 degC, 60 degF and 20 degC):
///
/// | quantity | equation |
/// |---|---|
/// | compressibility | `Z = 1 - p2/p0 (sum x s)^2` |
/// | gross heat, molar | `Hc = sum x H` |
/// | net heat, molar | `Hc - L sum x b / 2` |
/// | heats by mass | molar heat / `sum x M` |
/// | volume of a mole | ideal `V = R T2 / p2`, real `Z V`: of natural gas 0.2 to 0.3 % less |
/// | heats by volume | molar heat / volume |
/// | density | `sum x M` / volume |
/// | relative density | ideal `G = sum x M / M_air`, real `G Z_air / Z`, `Z_air = 1 - p2/p0 (1 - Z0)` |
/// | Wobbe index | heat by volume / `sqrt(relative density)` |
///
/// The standard covers 90 to 110 kPa, and volumetric properties where Z is above 0.9. It tabulates
/// summation factors of gases only: a gas that holds a species without one is refused.
///
/// ```
/// use gaschain::gas::Quality;
/// use gaschain::quantity::ReferenceConditions;
/// use gaschain::species::{ReferenceTemperature, Slate};
///
/// let slate = Slate::shipped().chosen(["methane", "nitrogen"])?;
/// let at_15 = (ReferenceTemperature::At15DegC, ReferenceConditions::AT_15_DEGC);
/// let quality = Quality::of(&slate, &[99.0, 1.0], at_15.0, at_15.1)?; // any flows, mol/s
/// println!(
///     "{:.3} MJ/m3 gross, {:.4} kg/m3, Wobbe index {:.2} MJ/m3",
///     quality.real.gross_heat / 1e6,
///     quality.real.density,
///     quality.real.gross_wobbe / 1e6,
/// );
/// assert!((quality.real.gross_wobbe / 1e6 - 50.02).abs() < 0.01);
/// assert!(quality.real.gross_heat > quality.ideal.gross_heat); // more gas in a cubic metre
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality<S> {
    /// Molar mass, kg/mol.
    pub molar_mass: S,
    /// Compressibility factor at metering conditions.
    pub compressibility: S,
    /// Gross heat of combustion per mole, J/mol.
    pub gross_heat_molar: S,
    /// Net heat of combustion per mole, J/mol.
    pub net_heat_molar: S,
    /// Gross heat of combustion per mass, J/kg.
    pub gross_heat_mass: S,
    /// Net heat of combustion per mass, J/kg.
    pub net_heat_mass: S,
    /// Per cubic metre of it as a real gas.
    pub real: ByVolume<S>,
    /// Per cubic metre of it as an ideal gas.
    pub ideal: ByVolume<S>,
}

/// Quality by volume, at metering conditions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ByVolume<S> {
    /// Volume of a mole, m3/mol.
    pub molar_volume: S,
    /// Gross heat of combustion, J/m3.
    pub gross_heat: S,
    /// Net heat of combustion, J/m3.
    pub net_heat: S,
    /// Density, kg/m3.
    pub density: S,
    /// Density relative to that of dry air at the same conditions.
    pub relative_density: S,
    /// Gross Wobbe index, J/m3.
    pub gross_wobbe: S,
    /// Net Wobbe index, J/m3.
    pub net_wobbe: S,
}

impl<S: Scalar> Quality<S> {
    /// The quality of a stream (flows of the slate's species, mol/s, or mole fractions), burned
    /// at one reference temperature and metered at reference conditions.
    ///
    /// # Errors
    /// Metering conditions outside the standard's, a species in the stream without a datum that
    /// is needed (it is named), a stream of nothing, and one so heavy that Z is not above 0.9.
    pub fn of(
        slate: &Slate,
        flows: &[S],
        combustion: ReferenceTemperature,
        metering: ReferenceConditions,
    ) -> Result<Self, QualityError> {
        if flows.len() != slate.len() {
            return Err(QualityError::Flows { got: flows.len(), allowed: slate.len() });
        }
        let tables = Tables::new(slate, combustion, metering)?;
        for (index, _) in flows.iter().enumerate().filter(|(_, flow)| flow.value() > 0.0) {
            let lacking = if tables.lacks_heat[index] {
                format!("gross heat at {combustion}")
            } else if tables.lacks_factor[index] {
                format!("summation factor at {}", tables.metering)
            } else {
                continue;
            };
            let species = slate.get(index).name.clone();
            return Err(QualityError::Unknown { species, datum: lacking });
        }
        let (moles, sums) = tables.sums(flows);
        if moles.value().is_nan() || moles.value() <= 0.0 {
            return Err(QualityError::NoStream { moles: moles.value() });
        }
        let quality = tables.quality(sums.map(|sum| sum / moles));
        let compressibility = quality.compressibility.value();
        if compressibility > LEAST_COMPRESSIBILITY {
            Ok(quality)
        } else {
            Err(QualityError::Compressibility { compressibility })
        }
    }
}

/// Number of sums that quality follows from.
pub(crate) const SUMS: usize = 4;

/// What the standard takes of each species of a slate, at one pair of reference conditions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tables {
    /// Molar masses, gross heats, net heats and summation factors; zero where not known.
    weights: [Vec<f64>; SUMS],
    metering: ReferenceTemperature,
    /// Species whose heat is not known.
    pub lacks_heat: Vec<bool>,
    /// Species whose summation factor is not known.
    pub lacks_factor: Vec<bool>,
    /// Metering pressure over that of the summation factors.
    pressure_ratio: f64,
    /// Volume of a mole of ideal gas, m3/mol.
    molar_volume: f64,
    compressibility_of_air: f64,
}

impl Tables {
    pub fn new(
        slate: &Slate,
        combustion: ReferenceTemperature,
        metering: ReferenceConditions,
    ) -> Result<Self, QualityError> {
        let (kelvin, pascal) = (metering.temperature_kelvin, metering.pressure_pascal);
        let unknown = QualityError::MeteringTemperature { kelvin };
        let at = ReferenceTemperature::of(metering).ok_or_else(|| unknown.clone())?;
        let air = compressibility_of_air(at).ok_or(unknown)?;
        if !PRESSURES.contains(&pascal) {
            return Err(QualityError::MeteringPressure { pascal });
        }
        let pressure_ratio = pascal / TABULATED_PRESSURE;
        let table = |datum: &dyn Fn(&crate::species::Species) -> Option<f64>| {
            let known: Vec<Option<f64>> = slate.iter().map(datum).collect();
            let lacks: Vec<bool> = known.iter().map(Option::is_none).collect();
            (known.into_iter().map(Option::unwrap_or_default).collect::<Vec<f64>>(), lacks)
        };
        let (gross_heats, lacks_heat) = table(&|species| species.gross_heat(combustion));
        let (net_heats, _) = table(&|species| species.net_heat(combustion));
        let (factors, lacks_factor) = table(&|species| species.summation_factor(at));
        Ok(Self {
            weights: [slate.molar_masses().to_vec(), gross_heats, net_heats, factors],
            metering: at,
            lacks_heat,
            lacks_factor,
            pressure_ratio,
            molar_volume: GAS_CONSTANT * kelvin / pascal,
            compressibility_of_air: 1.0 - pressure_ratio * (1.0 - air),
        })
    }

    /// Moles of a stream, and the sums over its species that quality follows from: its quality is
    /// that of the sums per mole.
    pub fn sums<S: Scalar>(&self, flows: &[S]) -> (S, [S; SUMS]) {
        let mut moles = S::zero();
        let mut sums = [S::zero(); SUMS];
        for (index, &flow) in flows.iter().enumerate() {
            moles += flow;
            for (sum, weights) in sums.iter_mut().zip(&self.weights) {
                *sum += flow.scaled(weights[index]);
            }
        }
        (moles, sums)
    }

    /// At least zero where the standard does not cover the properties by volume of a stream; below,
    /// where it does or nothing flows.
    pub fn uncovered<S: Scalar>(&self, flows: &[S]) -> S {
        let (moles, sums) = self.sums(flows);
        let quality = self.quality(sums.map(|sum| sum.share_of(moles)));
        S::from_f64(LEAST_COMPRESSIBILITY) - quality.compressibility
    }

    /// Quality by what a mole brings to each of the sums.
    pub fn quality<S: Scalar>(&self, per_mole: [S; SUMS]) -> Quality<S> {
        let [molar_mass, gross_heat, net_heat, factor] = per_mole;
        let compressibility = S::one() - (factor * factor).scaled(self.pressure_ratio);
        let ideal_volume = S::from_f64(self.molar_volume);
        let ideal_relative = molar_mass / S::from_f64(MOLAR_MASS_OF_AIR);
        let by_volume = |volume: S, relative_density: S| {
            let root = relative_density.sqrt();
            let (gross, net) = (gross_heat / volume, net_heat / volume);
            ByVolume {
                molar_volume: volume,
                gross_heat: gross,
                net_heat: net,
                density: molar_mass / volume,
                relative_density,
                gross_wobbe: gross / root,
                net_wobbe: net / root,
            }
        };
        let real_relative = ideal_relative.scaled(self.compressibility_of_air) / compressibility;
        Quality {
            molar_mass,
            compressibility,
            gross_heat_molar: gross_heat,
            net_heat_molar: net_heat,
            gross_heat_mass: gross_heat / molar_mass,
            net_heat_mass: net_heat / molar_mass,
            real: by_volume(compressibility * ideal_volume, real_relative),
            ideal: by_volume(ideal_volume, ideal_relative),
        }
    }
}

/// Compressibility factor of dry air at 101.325 kPa; `None` where the standard has none.
const fn compressibility_of_air(at: ReferenceTemperature) -> Option<f64> {
    match at {
        ReferenceTemperature::At0DegC => Some(0.999_419),
        ReferenceTemperature::At15DegC => Some(0.999_595),
        ReferenceTemperature::At60DegF => Some(0.999_601),
        ReferenceTemperature::At20DegC => Some(0.999_645),
        ReferenceTemperature::At25DegC => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Dual;

    #[test]
    fn quality_of_a_growing_part_has_the_slope_of_differences() {
        let slate = Slate::shipped().chosen(["methane", "propane", "nitrogen"]).unwrap();
        let (burned, metered) = (ReferenceTemperature::At25DegC, ReferenceConditions::AT_0_DEGC);
        let plain = |propane: f64| {
            Quality::of(&slate, &[90.0, propane, 5.0], burned, metered).unwrap().real
        };
        let flows = [Dual::from_f64(90.0), Dual::variable(4.0), Dual::from_f64(5.0)];
        let dual = Quality::of(&slate, &flows, burned, metered).unwrap().real;
        let (low, high) = (plain(4.0 - 1e-4), plain(4.0 + 1e-4));
        for (slope, low, high) in [
            (dual.gross_wobbe, low.gross_wobbe, high.gross_wobbe),
            (dual.net_heat, low.net_heat, high.net_heat),
            (dual.relative_density, low.relative_density, high.relative_density),
        ] {
            let difference = (high - low) / 2e-4;
            assert!((slope.derivative() / difference - 1.0).abs() < 1e-6);
        }
        assert_eq!(dual.gross_wobbe.value().to_bits(), plain(4.0).gross_wobbe.to_bits());
    }
}
