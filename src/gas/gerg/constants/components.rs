//! The components of GERG-2008: molar masses, critical points, and what they are as ideal gases.
//!
//! Molar masses, critical points and coefficients of the ideal parts are those of Kunz and Wagner,
//! J. Chem. Eng. Data 57 (2012) 3032, appendix, but for n1 and n2: they have the digits with which
//! enthalpy and entropy vanish at the reference state, as NIST worked them out (its AGA8 code,
//! GERG2008.cpp, public domain; all numbers are read from there).

/// One component.
#[derive(Debug)]
pub(in crate::gas::gerg) struct Component {
    /// Its names on a slate; the first is the one that faults and documents say.
    pub names: &'static [&'static str],
    /// g/mol.
    pub molar_mass: f64,
    /// mol/dm3.
    pub critical_density: f64,
    /// K.
    pub critical_temperature: f64,
    pub ideal: Ideal,
}

/// Coefficients of the ideal part:
///
/// ```text
/// alpha_0 = ln(rho / rho_0) + R*/R (n1 + (n2 + T0) / T - (n3 - 1) ln T + waves) - T0 / T
/// waves   = n4 ln sinh(theta4 / T) - n5 ln cosh(theta5 / T) + n6 ln sinh(theta6 / T)
///           - n7 ln cosh(theta7 / T)
/// ```
///
/// where R* is the gas constant they were fitted with.
#[derive(Debug)]
pub(in crate::gas::gerg) struct Ideal {
    pub n1: f64,
    /// K.
    pub n2: f64,
    pub n3: f64,
    /// n and theta (K) of each wave; zero where there is none.
    pub waves: [(f64, f64); 4],
}

/// Number of components.
pub(in crate::gas) const COMPONENTS: usize = 21;

/// The components in the order of Kunz and Wagner.
#[rustfmt::skip]
pub(in crate::gas::gerg) static ALL: [Component; COMPONENTS] = [
    Component {
        names: &["methane"],
        molar_mass: 16.042_46, critical_density: 10.139_342_719, critical_temperature: 190.564,
        ideal: Ideal {
            n1: 29.838_433_97, n2: -15_999.691_51, n3: 4.000_88,
            waves: [
                (0.763_15, 820.659), (0.004_6, 178.41),
                (8.744_32, 1062.82), (-4.469_21, 1090.53),
            ],
        },
    },
    Component {
        names: &["nitrogen"],
        molar_mass: 28.013_4, critical_density: 11.183_9, critical_temperature: 126.192,
        ideal: Ideal {
            n1: 17.567_707_85, n2: -2_801.729_072, n3: 3.500_31,
            waves: [
                (0.137_32, 662.738), (-0.146_6, 680.562),
                (0.900_66, 1740.06), (0.0, 0.0),
            ],
        },
    },
    Component {
        names: &["carbon dioxide"],
        molar_mass: 44.009_5, critical_density: 10.624_978_698, critical_temperature: 304.128_2,
        ideal: Ideal {
            n1: 20.658_446_96, n2: -4_902.171_516, n3: 3.500_02,
            waves: [
                (2.044_52, 919.306), (-1.060_44, 865.07),
                (2.033_66, 483.553), (0.013_93, 341.109),
            ],
        },
    },
    Component {
        names: &["ethane"],
        molar_mass: 30.069_04, critical_density: 6.870_854_54, critical_temperature: 305.322,
        ideal: Ideal {
            n1: 36.730_059_38, n2: -23_639.653_01, n3: 4.002_63,
            waves: [
                (4.339_39, 559.314), (1.237_22, 223.284),
                (13.197_4, 1031.38), (-6.019_89, 1071.29),
            ],
        },
    },
    Component {
        names: &["propane"],
        molar_mass: 44.095_62, critical_density: 5.000_043_088, critical_temperature: 369.825,
        ideal: Ideal {
            n1: 44.709_096_19, n2: -31_236.635_51, n3: 4.029_39,
            waves: [
                (6.605_69, 479.856), (3.197, 200.893),
                (19.192_1, 955.312), (-8.372_67, 1027.29),
            ],
        },
    },
    Component {
        names: &["isobutane"],
        molar_mass: 58.122_2, critical_density: 3.860_142_94, critical_temperature: 407.817,
        ideal: Ideal {
            n1: 34.301_803_49, n2: -38_525.502_76, n3: 4.067_14,
            waves: [
                (8.975_75, 438.27), (5.251_56, 198.018),
                (25.142_3, 1905.02), (16.138_8, 893.765),
            ],
        },
    },
    Component {
        names: &["n-butane"],
        molar_mass: 58.122_2, critical_density: 3.920_016_792, critical_temperature: 425.125,
        ideal: Ideal {
            n1: 36.532_377_83, n2: -38_957.809_33, n3: 4.339_44,
            waves: [
                (9.448_93, 468.27), (6.894_06, 183.636),
                (24.461_8, 1914.1), (14.782_4, 903.185),
            ],
        },
    },
    Component {
        names: &["isopentane"],
        molar_mass: 72.148_78, critical_density: 3.271, critical_temperature: 460.35,
        ideal: Ideal {
            n1: 43.172_186_26, n2: -51_198.309_46, n3: 4.0,
            waves: [
                (11.761_8, 292.503), (20.110_1, 910.237),
                (33.168_8, 1919.37), (0.0, 0.0),
            ],
        },
    },
    Component {
        names: &["n-pentane"],
        molar_mass: 72.148_78, critical_density: 3.215_577_588, critical_temperature: 469.7,
        ideal: Ideal {
            n1: 42.678_370_89, n2: -45_215.83, n3: 4.0,
            waves: [
                (8.950_43, 178.67), (21.836, 840.538),
                (33.403_2, 1774.25), (0.0, 0.0),
            ],
        },
    },
    Component {
        names: &["n-hexane", "hexane"],
        molar_mass: 86.175_36, critical_density: 2.705_877_875, critical_temperature: 507.82,
        ideal: Ideal {
            n1: 46.997_171_88, n2: -52_746.833_18, n3: 4.0,
            waves: [
                (11.697_7, 182.326), (26.814_2, 859.207),
                (38.616_4, 1826.59), (0.0, 0.0),
            ],
        },
    },
    Component {
        names: &["n-heptane", "heptane"],
        molar_mass: 100.201_94, critical_density: 2.315_324_434, critical_temperature: 540.13,
        ideal: Ideal {
            n1: 52.076_316_31, n2: -57_104.810_56, n3: 4.0,
            waves: [
                (13.726_6, 169.789), (30.470_7, 836.195),
                (43.556_1, 1760.46), (0.0, 0.0),
            ],
        },
    },
    Component {
        names: &["n-octane", "octane"],
        molar_mass: 114.228_52, critical_density: 2.056_404_127, critical_temperature: 569.32,
        ideal: Ideal {
            n1: 57.258_309_34, n2: -60_546.763_85, n3: 4.0,
            waves: [
                (15.686_5, 158.922), (33.802_9, 815.064),
                (48.173_1, 1693.07), (0.0, 0.0),
            ],
        },
    },
    Component {
        names: &["n-nonane", "nonane"],
        molar_mass: 128.255_1, critical_density: 1.81, critical_temperature: 594.55,
        ideal: Ideal {
            n1: 62.096_469_01, n2: -66_600.128_37, n3: 4.0,
            waves: [
                (18.024_1, 156.854), (38.123_5, 814.882),
                (53.341_5, 1693.79), (0.0, 0.0),
            ],
        },
    },
    Component {
        names: &["n-decane", "decane"],
        molar_mass: 142.281_68, critical_density: 1.64, critical_temperature: 617.7,
        ideal: Ideal {
            n1: 65.939_091_54, n2: -74_131.454_83, n3: 4.0,
            waves: [
                (21.006_9, 164.947), (43.493_1, 836.264),
                (58.365_7, 1750.24), (0.0, 0.0),
            ],
        },
    },
    Component {
        names: &["hydrogen"],
        molar_mass: 2.015_88, critical_density: 14.94, critical_temperature: 33.19,
        ideal: Ideal {
            n1: 13.075_202_88, n2: -5_836.943_696, n3: 2.479_06,
            waves: [
                (0.958_06, 228.734), (0.454_44, 326.843),
                (1.560_39, 1651.71), (-1.375_6, 1671.69),
            ],
        },
    },
    Component {
        names: &["oxygen"],
        molar_mass: 31.998_8, critical_density: 13.63, critical_temperature: 154.595,
        ideal: Ideal {
            n1: 16.801_717_3, n2: -2_318.322_69, n3: 3.501_46,
            waves: [
                (1.075_58, 2235.71), (1.013_34, 1116.69),
                (0.0, 0.0), (0.0, 0.0),
            ],
        },
    },
    Component {
        names: &["carbon monoxide"],
        molar_mass: 28.010_1, critical_density: 10.85, critical_temperature: 132.86,
        ideal: Ideal {
            n1: 17.457_868_99, n2: -2_635.244_116, n3: 3.500_55,
            waves: [
                (1.028_65, 1550.45), (0.004_93, 704.525),
                (0.0, 0.0), (0.0, 0.0),
            ],
        },
    },
    Component {
        names: &["water"],
        molar_mass: 18.015_28, critical_density: 17.873_716_09, critical_temperature: 647.096,
        ideal: Ideal {
            n1: 21.578_827_05, n2: -7_766.733_078, n3: 4.003_92,
            waves: [
                (0.010_59, 268.795), (0.987_63, 1141.41),
                (3.069_04, 2507.37), (0.0, 0.0),
            ],
        },
    },
    Component {
        names: &["hydrogen sulfide", "hydrogen sulphide"],
        molar_mass: 34.080_88, critical_density: 10.19, critical_temperature: 373.1,
        ideal: Ideal {
            n1: 21.583_094_4, n2: -6_069.035_869, n3: 4.0,
            waves: [
                (3.119_42, 1833.63), (1.002_43, 847.181),
                (0.0, 0.0), (0.0, 0.0),
            ],
        },
    },
    Component {
        names: &["helium"],
        molar_mass: 4.002_602, critical_density: 17.399, critical_temperature: 5.195_3,
        ideal: Ideal {
            n1: 10.046_395_07, n2: -745.375, n3: 2.5,
            waves: [
                (0.0, 0.0), (0.0, 0.0),
                (0.0, 0.0), (0.0, 0.0),
            ],
        },
    },
    Component {
        names: &["argon"],
        molar_mass: 39.948, critical_density: 13.407_429_659, critical_temperature: 150.687,
        ideal: Ideal {
            n1: 10.046_395_07, n2: -745.375, n3: 2.5,
            waves: [
                (0.0, 0.0), (0.0, 0.0),
                (0.0, 0.0), (0.0, 0.0),
            ],
        },
    },
];
