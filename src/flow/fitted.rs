//! The Reynolds numbers that friction laws were fitted for.

use super::friction::{FrictionLaw, TURBULENT_ABOVE};
use crate::math;
use std::f64::consts::LN_10;

impl FrictionLaw {
    /// The lowest and the highest Reynolds number that the law was fitted for, of a pipe of this
    /// relative roughness k/d; infinite where there is no bound.
    ///
    /// | law | Reynolds numbers |
    /// |---|---|
    /// | given | all |
    /// | Colebrook-White | all; laminar flow and the bridge to it are continued |
    /// | STO Gazprom, Weymouth | turbulent flow, above 4,000 |
    /// | Panhandle A | 5 to 11 million |
    /// | Panhandle B | 4 to 40 million |
    /// | AGA, fully turbulent | above F 10^((F + 0.6) / 4) with F = 4 log10(3.7 d/k): where a smooth pipe would lose less |
    ///
    /// Source: E. S. Menon, Gas Pipeline Hydraulics (2005), ch. 2 (recalled).
    ///
    /// ```
    /// use gaschain::flow::FrictionLaw;
    /// assert_eq!(FrictionLaw::PanhandleA.fitted_for(1e-5), [5e6, 1.1e7]);
    /// // 10 um in a pipe of 1,376.6 mm
    /// let [lowest, _] = FrictionLaw::AgaFullyTurbulent.fitted_for(10e-6 / 1.3766);
    /// assert!((lowest / 1.6e7 - 1.0).abs() < 0.05);
    /// ```
    #[must_use]
    pub fn fitted_for(self, relative_roughness: f64) -> [f64; 2] {
        match self {
            Self::ColebrookWhite | Self::Given => [0.0, f64::INFINITY],
            Self::StoGazprom | Self::Weymouth => [TURBULENT_ABOVE, f64::INFINITY],
            Self::PanhandleA => [5e6, 1.1e7],
            Self::PanhandleB => [4e6, 4e7],
            Self::AgaFullyTurbulent => {
                let transmission = 4.0 / LN_10 * math::ln(3.7 / relative_roughness);
                let lowest = transmission * math::exp((transmission + 0.6) * (LN_10 / 4.0));
                [lowest, f64::INFINITY]
            }
        }
    }
}
