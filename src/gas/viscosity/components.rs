//! What viscosity needs to know of the 21 components of GERG-2008.
//!
//! Collision diameters and energies are those of the Lennard-Jones potential that measurements of
//! the dilute gas's viscosity were fitted by; [`Potential`] says whose. Critical constants are those
//! of the reference equations of state, to five digits, second-hand (as `CoolProp` 8.0.0 states them).

use crate::gas::gerg::COMPONENTS;

/// Whose parameters of the Lennard-Jones potential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Potential {
    /// R. A. Svehla, NASA Technical Report R-132 (1962), as in Poling, Prausnitz and O'Connell, The
    /// Properties of Gases and Liquids (2001), appendix B (second-hand).
    Svehla,
    /// J. O. Hirschfelder, C. F. Curtiss and R. B. Bird, Molecular Theory of Gases and Liquids
    /// (1954), table I-A (recalled).
    Hirschfelder,
    /// L. S. Tee, S. Gotoh and W. E. Stewart, Ind. Eng. Chem. Fundamentals 5 (1966) 356, as in Bird,
    /// Stewart and Lightfoot, Transport Phenomena (2002), table E.1 (recalled).
    Tee,
    /// From the critical point: σ = 0.809 Vc^(1/3) (1 - 0.2756 ω)^(-1/2), ε/k = Tc / 1.2593 (T.-H.
    /// Chung et al., Ind. Eng. Chem. Res. 27 (1988) 671, the factor of shape put into σ).
    Critical,
}

/// A component.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Component {
    /// Molar mass, g/mol.
    pub molar_mass: f64,
    /// Collision diameter σ, 1e-10 m.
    pub diameter: f64,
    /// Depth of the potential ε/k, K.
    pub energy: f64,
    /// Whose those two are.
    pub potential: Potential,
    /// Critical temperature, K.
    pub critical_temperature: f64,
    /// Critical pressure, 1e6 Pa.
    pub critical_pressure: f64,
    /// Critical molar volume, cm3/mol.
    pub critical_volume: f64,
    /// Whether the model has been held against a reference equation of its viscosity, and is
    /// within 4 % of it (5 % for carbon dioxide).
    pub is_compared: bool,
}

const fn component(
    molar_mass: f64,
    (diameter, energy, potential): (f64, f64, Potential),
    [critical_temperature, critical_pressure, critical_volume]: [f64; 3],
) -> Component {
    Component {
        molar_mass,
        diameter,
        energy,
        potential,
        critical_temperature,
        critical_pressure,
        critical_volume,
        is_compared: true,
    }
}

/// One of which no reference is at hand, or from which the model is further off.
const fn uncompared(component: Component) -> Component {
    Component { is_compared: false, ..component }
}

use Potential::{Critical, Hirschfelder, Svehla, Tee};

/// The components, in the order of GERG-2008.
pub(super) const ALL: [Component; COMPONENTS] = [
    // methane, nitrogen, carbon dioxide
    component(16.043, (3.758, 148.6, Svehla), [190.56, 4.5992, 98.63]),
    component(28.0135, (3.681, 91.5, Hirschfelder), [126.19, 3.3958, 89.41]),
    component(44.010, (3.996, 190.0, Hirschfelder), [304.13, 7.3773, 94.12]),
    // ethane, propane, isobutane, n-butane
    component(30.069, (4.443, 215.7, Svehla), [305.32, 4.8722, 145.84]),
    component(44.096, (5.118, 237.1, Svehla), [369.89, 4.2512, 200.00]),
    component(58.122, (5.278, 330.1, Svehla), [407.81, 3.6290, 257.75]),
    component(58.122, (4.687, 531.4, Svehla), [425.13, 3.7960, 254.92]),
    // isopentane, n-pentane, n-hexane to n-decane: of their gas, only that at no density
    uncompared(component(72.149, (5.629, 365.6, Critical), [460.35, 3.3782, 305.72])),
    uncompared(component(72.149, (5.784, 341.1, Svehla), [469.70, 3.3675, 311.53])),
    uncompared(component(86.175, (6.264, 342.0, Tee), [507.82, 3.0441, 369.58])),
    uncompared(component(100.202, (6.663, 352.0, Tee), [541.23, 2.7738, 445.54])),
    uncompared(component(114.229, (7.035, 361.0, Tee), [568.74, 2.4836, 492.36])),
    uncompared(component(128.255, (7.463, 351.0, Tee), [594.55, 2.2819, 552.44])),
    uncompared(component(142.282, (7.374, 490.5, Critical), [617.70, 2.1013, 609.75])),
    // hydrogen, oxygen, carbon monoxide
    component(2.015_88, (2.827, 59.7, Svehla), [33.144, 1.2964, 64.51]),
    component(31.998_8, (3.467, 106.7, Svehla), [154.60, 5.0464, 74.95]),
    uncompared(component(28.010, (3.690, 91.7, Svehla), [132.86, 3.4982, 92.16])),
    // water, hydrogen sulfide, helium, argon
    uncompared(component(18.015, (2.641, 809.1, Svehla), [647.10, 22.064, 55.95])),
    uncompared(component(34.081, (3.785, 296.3, Critical), [373.10, 8.9989, 98.15])),
    component(4.002_602, (2.576, 10.2, Hirschfelder), [5.1953, 0.228_32, 57.52]),
    component(39.948, (3.418, 124.0, Hirschfelder), [150.69, 4.8630, 74.59]),
];
