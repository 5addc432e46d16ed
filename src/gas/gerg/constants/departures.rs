//! Departure functions of GERG-2008: what a binary mixture has beyond its components.
//!
//! Kunz and Wagner, J. Chem. Eng. Data 57 (2012) 3032, appendix (read from NIST's code,
//! GERG2008.cpp). A function is a sum of terms n delta^d tau^t, some times a bell
//! exp(-eta (delta - epsilon)^2 - beta (delta - gamma)), where epsilon and gamma are 1/2 in all.

use super::powers::{Power, power};

/// A term of a departure function.
#[derive(Debug, Clone, Copy)]
pub(in crate::gas::gerg) struct Departing {
    /// Of delta, 1 to 4, and to 3 with a bell.
    pub d: usize,
    /// Exponent of tau.
    pub t: Power,
    pub n: f64,
    /// The place of its bell in [`BELLS`]; one beyond them for none.
    pub bell: usize,
}

/// The pairs of eta and beta that there are.
pub(in crate::gas::gerg) const BELLS: [[f64; 2]; 9] = [
    [1.0, 1.0],
    [0.875, 1.25],
    [0.75, 1.5],
    [0.5, 2.0],
    [0.0, 3.0],
    [0.25, 0.75],
    [0.25, 1.0],
    [0.0, 2.0],
    [0.25, 2.5],
];

/// A term without a bell.
const fn plain(d: usize, t: f64, n: f64) -> Departing {
    assert!(1 <= d && d <= 4, "a term that no sum has a place for");
    Departing { d, t: power(t), n, bell: BELLS.len() }
}

/// A term with the bell of eta and beta.
const fn bell(d: usize, t: f64, eta: f64, beta: f64, n: f64) -> Departing {
    assert!(1 <= d && d <= 3, "a term that no sum has a place for");
    let mut bell = 0;
    while BELLS[bell][0].to_bits() != eta.to_bits() || BELLS[bell][1].to_bits() != beta.to_bits() {
        bell += 1;
    }
    Departing { d, t: power(t), n, bell }
}

/// Methane and nitrogen.
#[rustfmt::skip]
static METHANE_NITROGEN: [Departing; 9] = [
    plain(1, 0.0, -0.009_803_898_551_733_5),
    plain(4, 1.85, 0.000_424_872_701_430_05),
    bell(1, 7.85, 1.0, 1.0, -0.034_800_214_576_142),
    bell(2, 5.4, 1.0, 1.0, -0.133_338_130_138_96),
    bell(2, 0.0, 0.25, 2.5, -0.011_993_694_974_627),
    bell(2, 0.75, 0.0, 3.0, 0.069_243_379_775_168),
    bell(2, 2.8, 0.0, 3.0, -0.310_225_081_482_49),
    bell(2, 4.45, 0.0, 3.0, 0.244_954_917_532_26),
    bell(3, 4.25, 0.0, 3.0, 0.223_698_167_169_81),
];

/// Methane and carbon dioxide.
#[rustfmt::skip]
static METHANE_CARBON_DIOXIDE: [Departing; 6] = [
    plain(1, 2.6, -0.108_593_873_549_42),
    plain(2, 1.95, 0.080_228_576_727_389),
    plain(3, 0.0, -0.009_330_398_511_571_7),
    bell(1, 3.95, 1.0, 1.0, 0.040_989_274_005_848),
    bell(2, 7.95, 0.5, 2.0, -0.243_380_197_724_94),
    bell(3, 8.0, 0.0, 3.0, 0.238_553_472_811_24),
];

/// Methane and ethane.
#[rustfmt::skip]
static METHANE_ETHANE: [Departing; 12] = [
    plain(3, 0.65, -0.000_809_260_502_987_46),
    plain(4, 1.55, -0.000_753_819_250_800_59),
    bell(1, 3.1, 1.0, 1.0, -0.041_618_768_891_219),
    bell(2, 5.9, 1.0, 1.0, -0.234_521_736_815_69),
    bell(2, 7.05, 1.0, 1.0, 0.140_038_405_845_86),
    bell(2, 3.35, 0.875, 1.25, 0.063_281_744_807_738),
    bell(2, 1.2, 0.75, 1.5, -0.034_660_425_848_809),
    bell(2, 5.8, 0.5, 2.0, -0.239_187_473_342_51),
    bell(2, 2.7, 0.0, 3.0, 0.001_985_525_506_689_1),
    bell(3, 0.45, 0.0, 3.0, 6.177_774_617_155_5),
    bell(3, 0.55, 0.0, 3.0, -6.957_535_827_110_5),
    bell(3, 1.95, 0.0, 3.0, 1.063_018_530_638_8),
];

/// Methane and propane.
#[rustfmt::skip]
static METHANE_PROPANE: [Departing; 9] = [
    plain(3, 1.85, 0.013_746_429_958_576),
    plain(3, 3.95, -0.007_442_501_212_955_2),
    plain(4, 0.0, -0.004_551_660_021_368_5),
    plain(4, 1.85, -0.005_454_660_335_023_7),
    plain(4, 3.85, 0.002_368_201_682_447_1),
    bell(1, 5.25, 0.25, 0.75, 0.180_077_637_214_38),
    bell(1, 3.85, 0.25, 1.0, -0.447_739_429_324_86),
    bell(1, 0.2, 0.0, 2.0, 0.019_327_374_888_2),
    bell(2, 6.5, 0.0, 3.0, -0.306_321_978_046_24),
];

/// Nitrogen and carbon dioxide.
#[rustfmt::skip]
static NITROGEN_CARBON_DIOXIDE: [Departing; 6] = [
    plain(2, 1.85, 0.286_616_250_283_99),
    plain(3, 1.4, -0.109_198_338_612_47),
    bell(1, 3.2, 0.25, 0.75, -1.137_403_208_227),
    bell(1, 2.5, 0.25, 1.0, 0.765_805_442_373_58),
    bell(1, 8.0, 0.0, 2.0, 0.004_263_800_092_681_9),
    bell(2, 3.75, 0.0, 3.0, 0.176_735_382_045_34),
];

/// Nitrogen and ethane.
#[rustfmt::skip]
static NITROGEN_ETHANE: [Departing; 6] = [
    plain(2, 0.0, -0.473_765_181_266_08),
    plain(2, 0.05, 0.489_611_934_610_01),
    plain(3, 0.0, -0.005_701_106_209_053_5),
    bell(1, 3.65, 1.0, 1.0, -0.199_668_200_413_2),
    bell(2, 4.9, 1.0, 1.0, -0.694_111_031_017_23),
    bell(2, 4.45, 0.875, 1.25, 0.692_261_927_390_21),
];

/// Methane and hydrogen.
#[rustfmt::skip]
static METHANE_HYDROGEN: [Departing; 4] = [
    plain(1, 2.0, -0.251_571_349_719_34),
    plain(3, -1.0, -0.006_220_384_111_198_3),
    plain(3, 1.75, 0.088_850_315_184_396),
    plain(4, 1.4, -0.035_592_212_573_239),
];

/// Alkanes with each other, each pair with a factor of its own.
#[rustfmt::skip]
static GENERALIZED: [Departing; 10] = [
    plain(1, 1.0, 2.557_477_684_411_8),
    plain(1, 1.55, -7.984_635_713_635_3),
    plain(1, 1.7, 4.785_913_146_580_6),
    plain(2, 0.25, -0.732_653_923_695_87),
    plain(2, 1.35, 1.380_547_134_531_2),
    plain(3, 0.0, 0.283_496_034_763_65),
    plain(3, 1.25, -0.490_873_859_404_25),
    plain(4, 0.0, -0.102_918_889_214_47),
    plain(4, 0.7, 0.118_363_146_819_68),
    plain(4, 5.4, 0.000_055_527_385_721_943),
];

/// The departure functions.
pub(in crate::gas::gerg) static FUNCTIONS: [&[Departing]; 8] = [
    &METHANE_NITROGEN,
    &METHANE_CARBON_DIOXIDE,
    &METHANE_ETHANE,
    &METHANE_PROPANE,
    &NITROGEN_CARBON_DIOXIDE,
    &NITROGEN_ETHANE,
    &METHANE_HYDROGEN,
    &GENERALIZED,
];

/// A pair of components that has a departure function.
#[derive(Debug)]
pub(in crate::gas::gerg) struct Pair {
    /// Their places among the components.
    pub components: [usize; 2],
    /// The place of its function in [`FUNCTIONS`].
    pub function: usize,
    /// What the function counts for this pair: F.
    pub factor: f64,
}

const fn pair(components: [usize; 2], function: usize, factor: f64) -> Pair {
    Pair { components, function, factor }
}

/// The pairs that have a departure function.
#[rustfmt::skip]
pub(in crate::gas::gerg) static PAIRS: [Pair; 15] = [
    pair([0, 1], 0, 1.0), // methane, nitrogen
    pair([0, 2], 1, 1.0), // methane, carbon dioxide
    pair([0, 3], 2, 1.0), // methane, ethane
    pair([0, 4], 3, 1.0), // methane, propane
    pair([0, 5], 7, 0.771_035_405_688), // methane, isobutane
    pair([0, 6], 7, 1.0), // methane, n-butane
    pair([0, 14], 6, 1.0), // methane, hydrogen
    pair([1, 2], 4, 1.0), // nitrogen, carbon dioxide
    pair([1, 3], 5, 1.0), // nitrogen, ethane
    pair([3, 4], 7, 0.130_424_765_15), // ethane, propane
    pair([3, 5], 7, 0.260_632_376_098), // ethane, isobutane
    pair([3, 6], 7, 0.281_570_073_085), // ethane, n-butane
    pair([4, 5], 7, -0.055_160_977_102_4), // propane, isobutane
    pair([4, 6], 7, 0.031_257_260_048_9), // propane, n-butane
    pair([5, 6], 7, -0.055_124_029_300_9), // isobutane, n-butane
];
