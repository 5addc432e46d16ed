//! The table of units: a new one is a line here.

use super::{Dimension, Meaning, ReferenceConditions, SECONDS_PER_YEAR};

/// A row of the table of units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    /// The name it is shown by.
    pub name: &'static str,
    /// Other spellings that are read, spaces aside.
    pub also: &'static [&'static str],
    /// Whether capital and small letters are alike in all of them: not where they part milli from
    /// mega.
    pub any_case: bool,
    pub dimension: Dimension,
    /// What is meant, where the dimension alone does not tell.
    pub meaning: Option<Meaning>,
    /// SI value of 1; for units by gas volume, of 1 per molar volume in m3/mol.
    pub factor: f64,
    /// SI value of 0.
    pub offset: f64,
    /// How the unit depends on the molar volume: -1 for flows, +1 for heats, 0 for all else.
    pub by_volume: i8,
    /// Where gas is counted, for units whose name says so.
    pub at: Option<ReferenceConditions>,
}

impl Row {
    const fn also(mut self, also: &'static [&'static str]) -> Self {
        self.also = also;
        self
    }

    const fn any_case(mut self) -> Self {
        self.any_case = true;
        self
    }

    const fn at(mut self, at: ReferenceConditions) -> Self {
        self.at = Some(at);
        self
    }

    const fn meaning(mut self, meaning: Meaning) -> Self {
        self.meaning = Some(meaning);
        self
    }

    const fn from(mut self, offset: f64) -> Self {
        self.offset = offset;
        self
    }

    const fn by_volume(mut self, power: i8) -> Self {
        self.by_volume = power;
        self
    }

    /// Where gas is counted that is counted by its volume and nothing else is said.
    pub const fn usual(&self) -> ReferenceConditions {
        match self.at {
            Some(at) => at,
            None => ReferenceConditions::AT_20_DEGC,
        }
    }
}

const fn unit(name: &'static str, dimension: Dimension, factor: f64) -> Row {
    Row {
        name,
        also: &[],
        any_case: false,
        dimension,
        meaning: None,
        factor,
        offset: 0.0,
        by_volume: 0,
        at: None,
    }
}

const fn gas(name: &'static str, cubic_metres_per_second: f64) -> Row {
    unit(name, Dimension::MolarFlow, cubic_metres_per_second).by_volume(-1)
}

/// Normal cubic metres, counted at 0 degC.
const fn normal(name: &'static str, cubic_metres_per_second: f64) -> Row {
    gas(name, cubic_metres_per_second).at(ReferenceConditions::AT_0_DEGC).any_case()
}

/// Standard cubic metres, counted at 15 degC.
const fn standard(name: &'static str, cubic_metres_per_second: f64) -> Row {
    gas(name, cubic_metres_per_second).at(ReferenceConditions::AT_15_DEGC).any_case()
}

/// Standard cubic feet, counted at 60 degF and 14.696 psia.
const fn feet(name: &'static str, cubic_feet_per_second: f64) -> Row {
    gas(name, cubic_feet_per_second * CUBIC_FOOT).at(ReferenceConditions::SCF).any_case()
}

const fn heat(name: &'static str, joules_per_cubic_metre: f64) -> Row {
    unit(name, Dimension::VolumetricHeat, joules_per_cubic_metre).by_volume(1)
}

const fn mass(name: &'static str, kilograms_per_second: f64) -> Row {
    unit(name, Dimension::MassFlow, kilograms_per_second)
}

const fn liquid(name: &'static str, cubic_metres_per_second: f64) -> Row {
    unit(name, Dimension::LiquidVolumeFlow, cubic_metres_per_second)
}

const fn power(name: &'static str, watts: f64) -> Row {
    unit(name, Dimension::Power, watts)
}

const fn pressure(name: &'static str, pascals: f64) -> Row {
    unit(name, Dimension::Pressure, pascals)
}

/// A pressure above that of the atmosphere, 101.325 kPa.
const fn gauge(name: &'static str, pascals: f64) -> Row {
    pressure(name, pascals).from(101_325.0)
}

const fn share(name: &'static str, of_one: f64) -> Row {
    unit(name, Dimension::Fraction, of_one)
}

const YEAR: f64 = SECONDS_PER_YEAR;
const DAY: f64 = 86_400.0;
const HOUR: f64 = 3_600.0;
const MINUTE: f64 = 60.0;
/// International foot, m3 a cubic foot.
const CUBIC_FOOT: f64 = 0.3048 * 0.3048 * 0.3048;
/// Barrel of 42 US gallons of 231 cubic inches, m3.
const BARREL: f64 = 42.0 * 231.0 * 0.0254 * 0.0254 * 0.0254;
/// Avoirdupois pound, kg.
const POUND: f64 = 0.453_592_37;
/// Standard acceleration of gravity, m/s2.
const GRAVITY: f64 = 9.806_65;
/// Pound-force per square inch, Pa.
const PSI: f64 = POUND * GRAVITY / (0.0254 * 0.0254);
/// Calorie of the international table, J.
const CALORIE: f64 = 4.1868;
/// British thermal unit of the international table, J: a calorie a gram and kelvin, for a pound and
/// a degree Fahrenheit.
const BTU: f64 = CALORIE * 1e3 * POUND / 1.8;
/// Tonne of oil equivalent, J: 10 Gcal.
const TOE: f64 = 1e10 * CALORIE;

/// All units; within a dimension those that messages list first come first.
pub(super) static UNITS: [Row; 182] = [
    share("", 1.0),
    share("%", 0.01).also(&["percent", "pct"]),
    share("ppm", 1e-6).any_case(),
    share("mol%", 0.01).meaning(Meaning::Moles).also(&["mole%", "vol%", "%mol", "%vol"]).any_case(),
    share("ppmv", 1e-6).meaning(Meaning::Moles).also(&["molppm", "ppmmol"]).any_case(),
    share("mol/mol", 1.0).meaning(Meaning::Moles).also(&["molefraction"]),
    share("mass%", 0.01)
        .meaning(Meaning::Mass)
        .also(&["wt%", "weight%", "%mass", "%wt", "w%"])
        .any_case(),
    share("ppmw", 1e-6).meaning(Meaning::Mass).also(&["ppmwt", "ppmmass", "massppm"]).any_case(),
    share("kg/kg", 1.0).meaning(Meaning::Mass).also(&["massfraction"]),
    share("h/yr", HOUR / YEAR),
    unit("units", Dimension::Count, 1.0),
    unit("mol/s", Dimension::MolarFlow, 1.0),
    unit("kmol/h", Dimension::MolarFlow, 1e3 / HOUR),
    unit("kmol/s", Dimension::MolarFlow, 1e3),
    unit("lbmol/h", Dimension::MolarFlow, POUND * 1e3 / HOUR),
    gas("bcm/yr", 1e9 / YEAR).also(&["bcma", "bcmpa", "billionm3/yr", "billioncm/yr"]).any_case(),
    gas("million m3/yr", 1e6 / YEAR).also(&["mcm/yr", "mcmpa", "mmcm/yr"]).any_case(),
    gas("million m3/d", 1e6 / DAY).also(&["mcm/d", "mcmd", "mmcm/d", "mmcmd"]).any_case(),
    gas("million m3/h", 1e6 / HOUR).any_case(),
    gas("thousand m3/yr", 1e3 / YEAR).any_case(),
    gas("thousand m3/d", 1e3 / DAY).any_case(),
    gas("thousand m3/h", 1e3 / HOUR).any_case(),
    gas("m3/d", 1.0 / DAY),
    gas("m3/h", 1.0 / HOUR),
    gas("m3/s", 1.0),
    normal("billion Nm3/yr", 1e9 / YEAR),
    normal("million Nm3/yr", 1e6 / YEAR),
    normal("million Nm3/d", 1e6 / DAY),
    normal("million Nm3/h", 1e6 / HOUR),
    normal("thousand Nm3/d", 1e3 / DAY),
    normal("thousand Nm3/h", 1e3 / HOUR),
    normal("Nm3/yr", 1.0 / YEAR).also(&["ncm/yr"]),
    normal("Nm3/d", 1.0 / DAY).also(&["ncm/d"]),
    normal("Nm3/h", 1.0 / HOUR).also(&["ncm/h"]),
    normal("Nm3/s", 1.0),
    standard("billion Sm3/yr", 1e9 / YEAR),
    standard("million Sm3/yr", 1e6 / YEAR).also(&["mmscm/yr"]),
    standard("million Sm3/d", 1e6 / DAY).also(&["mmscmd", "mmscm/d"]),
    standard("million Sm3/h", 1e6 / HOUR),
    standard("thousand Sm3/d", 1e3 / DAY),
    standard("thousand Sm3/h", 1e3 / HOUR),
    standard("Sm3/yr", 1.0 / YEAR).also(&["scm/yr"]),
    standard("Sm3/d", 1.0 / DAY).also(&["scm/d", "scmd"]),
    standard("Sm3/h", 1.0 / HOUR).also(&["scm/h", "scmh"]),
    standard("Sm3/s", 1.0),
    feet("Tcf/yr", 1e12 / YEAR).also(&["tscf/yr", "trillionscf/yr"]),
    feet("Bcf/yr", 1e9 / YEAR).also(&["bscf/yr", "billionscf/yr", "billioncf/yr"]),
    feet("Bcf/d", 1e9 / DAY).also(&["bcfd", "bscf/d", "bscfd", "billionscf/d", "billioncf/d"]),
    feet("MMscfd", 1e6 / DAY).also(&[
        "mmscf/d",
        "mmcf/d",
        "mmcfd",
        "millionscf/d",
        "millioncf/d",
        "millionscfd",
    ]),
    feet("MMscf/h", 1e6 / HOUR).also(&["mmscfh", "millionscf/h"]),
    feet("MMscf/yr", 1e6 / YEAR).also(&["mmcf/yr", "millionscf/yr"]),
    feet("Mscf/d", 1e3 / DAY).also(&["mscfd", "mcf/d", "mcfd", "thousandscf/d", "thousandcf/d"]),
    feet("Mscf/h", 1e3 / HOUR).also(&["mscfh", "mcf/h", "thousandscf/h"]),
    feet("scf/d", 1.0 / DAY).also(&["scfd", "cf/d", "cfd"]),
    feet("scf/h", 1.0 / HOUR).also(&["scfh", "cf/h"]),
    feet("scf/min", 1.0 / MINUTE).also(&["scfm"]),
    feet("scf/s", 1.0),
    mass("Mt/yr", 1e9 / YEAR).also(&[
        "mtpa",
        "Mtpa",
        "MTPA",
        "MTpa",
        "MMtpa",
        "MMTPA",
        "mmtpa",
        "MMt/yr",
        "milliont/yr",
        "milliontonnes/yr",
    ]),
    mass("kt/yr", 1e6 / YEAR).also(&["ktpa", "KTPA", "kTpa", "kta", "KTA", "thousandt/yr"]),
    mass("t/yr", 1e3 / YEAR).also(&["tpa", "TPA", "tonnes/yr", "tonne/yr"]),
    mass("t/d", 1e3 / DAY).also(&["tpd", "TPD", "tonnes/d", "tonne/d"]),
    mass("t/h", 1e3 / HOUR).also(&["tph", "TPH", "tonnes/h", "tonne/h"]),
    mass("kg/d", 1.0 / DAY),
    mass("kg/h", 1.0 / HOUR),
    mass("kg/s", 1.0),
    mass("t/s", 1e3),
    mass("g/s", 1e-3),
    mass("lb/h", POUND / HOUR).also(&["lbs/h", "pph"]).any_case(),
    mass("lb/d", POUND / DAY).also(&["lbs/d"]).any_case(),
    liquid("kbbl/d", 1e3 * BARREL / DAY)
        .also(&["kbbld", "kbpd", "kb/d", "kbd", "mbbl/d", "mbpd", "thousandbbl/d"])
        .any_case(),
    liquid("MMbbl/d", 1e6 * BARREL / DAY).also(&["mmbpd", "mmb/d", "millionbbl/d"]).any_case(),
    liquid("bbl/d", BARREL / DAY).also(&["bpd", "b/d", "bbld", "barrels/d", "barrel/d"]).any_case(),
    liquid("bbl/h", BARREL / HOUR).also(&["bph", "barrels/h"]).any_case(),
    liquid("million bbl/yr", 1e6 * BARREL / YEAR).also(&["mmbbl/yr"]).any_case(),
    liquid("liquid m3/yr", 1.0 / YEAR).also(&["m3liquid/yr"]),
    liquid("liquid m3/d", 1.0 / DAY).also(&["m3liquid/d"]),
    liquid("liquid m3/h", 1.0 / HOUR).also(&["m3liquid/h"]),
    liquid("liquid m3/s", 1.0).also(&["m3liquid/s"]),
    liquid("gal/min", BARREL / 42.0 / MINUTE).also(&["gpm", "usgpm"]).any_case(),
    power("PJ/yr", 1e15 / YEAR).also(&["PJpa"]),
    power("TJ/yr", 1e12 / YEAR),
    power("TJ/d", 1e12 / DAY),
    power("GJ/d", 1e9 / DAY),
    power("GJ/h", 1e9 / HOUR),
    power("MJ/h", 1e6 / HOUR),
    power("EJ/yr", 1e18 / YEAR),
    power("GW", 1e9).also(&["GWth"]),
    power("MW", 1e6).also(&["MWth"]),
    power("kW", 1e3).also(&["KW"]),
    power("W", 1.0),
    power("hp", 550.0 * 0.3048 * POUND * GRAVITY).also(&["bhp"]).any_case(),
    power("TWh/yr", 3.6e15 / YEAR).also(&["TWhpa"]),
    power("GWh/yr", 3.6e12 / YEAR),
    power("GWh/d", 3.6e12 / DAY),
    power("GWh/h", 3.6e12 / HOUR),
    power("MWh/yr", 3.6e9 / YEAR),
    power("MWh/d", 3.6e9 / DAY),
    power("MWh/h", 3.6e9 / HOUR),
    power("kWh/d", 3.6e6 / DAY),
    power("kWh/h", 3.6e6 / HOUR),
    power("MMBtu/yr", 1e6 * BTU / YEAR).also(&["millionbtu/yr"]).any_case(),
    power("MMBtu/d", 1e6 * BTU / DAY).also(&["mmbtud", "millionbtu/d"]).any_case(),
    power("MMBtu/h", 1e6 * BTU / HOUR).also(&["mmbtuh", "millionbtu/h"]).any_case(),
    power("TBtu/yr", 1e12 * BTU / YEAR).any_case(),
    power("TBtu/d", 1e12 * BTU / DAY).any_case(),
    power("Btu/h", BTU / HOUR).also(&["btuh"]).any_case(),
    power("Gcal/h", 1e9 * CALORIE / HOUR),
    power("Gcal/d", 1e9 * CALORIE / DAY),
    power("Gcal/yr", 1e9 * CALORIE / YEAR),
    power("kcal/h", 1e3 * CALORIE / HOUR),
    power("toe/yr", TOE / YEAR).any_case(),
    power("toe/d", TOE / DAY).any_case(),
    power("ktoe/yr", 1e3 * TOE / YEAR).also(&["thousandtoe/yr"]),
    power("Mtoe/yr", 1e6 * TOE / YEAR).also(&["milliontoe/yr"]),
    pressure("MPa", 1e6).also(&["MPaa"]),
    pressure("kPa", 1e3).also(&["KPa", "kPaa"]),
    pressure("bar", 1e5).also(&["bara", "barabs"]).any_case(),
    pressure("mbar", 100.0).also(&["mbara"]),
    pressure("hPa", 100.0),
    pressure("atm", 101_325.0),
    pressure("kgf/cm2", 1e4 * GRAVITY).also(&["kgf/cm2a", "kg/cm2", "kg/cm2a", "ata"]),
    pressure("psi", PSI).also(&["psia", "psiabs"]).any_case(),
    pressure("Pa", 1.0),
    gauge("MPag", 1e6).also(&["MPaG", "MPagauge"]),
    gauge("kPag", 1e3).also(&["kPaG", "KPag", "kPagauge"]),
    gauge("barg", 1e5).also(&["bargauge"]).any_case(),
    gauge("mbarg", 100.0),
    gauge("kgf/cm2g", 1e4 * GRAVITY).also(&["kg/cm2g", "kgf/cm2G", "kg/cm2G"]),
    gauge("psig", PSI).also(&["psigauge"]).any_case(),
    unit("km", Dimension::Length, 1e3),
    unit("m", Dimension::Length, 1.0),
    unit("mm", Dimension::Length, 1e-3),
    unit("cm", Dimension::Length, 1e-2),
    unit("mi", Dimension::Length, 1_609.344).also(&["mile", "miles"]),
    unit("ft", Dimension::Length, 0.3048).also(&["foot", "feet"]).any_case(),
    unit("in", Dimension::Length, 0.0254).also(&["inch", "inches", "\""]).any_case(),
    unit("K", Dimension::Temperature, 1.0).also(&["kelvin", "Kelvin"]),
    unit("degC", Dimension::Temperature, 1.0)
        .from(273.15)
        .also(&["C", "celsius", "degcelsius", "deg.C"])
        .any_case(),
    unit("degF", Dimension::Temperature, 1.0 / 1.8)
        .from(459.67 / 1.8)
        .also(&["F", "fahrenheit", "degfahrenheit", "deg.F"])
        .any_case(),
    unit("degR", Dimension::Temperature, 1.0 / 1.8).also(&["rankine"]).any_case(),
    heat("MJ/m3", 1e6).also(&["GJ/thousandm3"]),
    heat("kJ/m3", 1e3),
    heat("kWh/m3", 3.6e6),
    heat("kcal/m3", 1e3 * CALORIE),
    heat("MJ/Nm3", 1e6).at(ReferenceConditions::AT_0_DEGC),
    heat("kWh/Nm3", 3.6e6).at(ReferenceConditions::AT_0_DEGC),
    heat("kcal/Nm3", 1e3 * CALORIE).at(ReferenceConditions::AT_0_DEGC),
    heat("MJ/Sm3", 1e6).at(ReferenceConditions::AT_15_DEGC).also(&["MJ/scm"]),
    heat("kWh/Sm3", 3.6e6).at(ReferenceConditions::AT_15_DEGC),
    heat("kcal/Sm3", 1e3 * CALORIE).at(ReferenceConditions::AT_15_DEGC),
    heat("Btu/scf", BTU / CUBIC_FOOT)
        .at(ReferenceConditions::SCF)
        .also(&["btu/cf", "btu/ft3", "btu/scft"])
        .any_case(),
    heat("MMBtu/Mscf", 1e3 * BTU / CUBIC_FOOT)
        .at(ReferenceConditions::SCF)
        .also(&["mmbtu/mcf"])
        .any_case(),
    unit("kJ/mol", Dimension::VolumetricHeat, 1e3),
    unit("J/mol", Dimension::VolumetricHeat, 1.0),
    unit("GJ/t", Dimension::MassHeat, 1e6),
    unit("MJ/kg", Dimension::MassHeat, 1e6),
    unit("kJ/kg", Dimension::MassHeat, 1e3),
    unit("J/kg", Dimension::MassHeat, 1.0),
    unit("kWh/kg", Dimension::MassHeat, 3.6e6),
    unit("kWh/t", Dimension::MassHeat, 3.6e3),
    unit("MWh/t", Dimension::MassHeat, 3.6e6),
    unit("Gcal/t", Dimension::MassHeat, 1e6 * CALORIE),
    unit("kcal/kg", Dimension::MassHeat, 1e3 * CALORIE),
    unit("MMBtu/t", Dimension::MassHeat, 1e3 * BTU).any_case(),
    unit("Btu/lb", Dimension::MassHeat, BTU / POUND).any_case(),
    unit("%/1000 km", Dimension::PerLength, 1e-8),
    unit("%/100 km", Dimension::PerLength, 1e-7),
    unit("1/km", Dimension::PerLength, 1e-3),
    unit("kg/m3", Dimension::Density, 1.0),
    unit("g/cm3", Dimension::Density, 1e3),
    unit("lb/ft3", Dimension::Density, POUND / CUBIC_FOOT),
    unit("m3/kmol", Dimension::MolarVolume, 1e-3).also(&["l/mol", "L/mol", "dm3/mol"]),
    unit("m3/mol", Dimension::MolarVolume, 1.0),
    unit("cm3/mol", Dimension::MolarVolume, 1e-6),
    unit("ft3/lbmol", Dimension::MolarVolume, CUBIC_FOOT / (POUND * 1e3)),
    unit("ratio", Dimension::Ratio, 1.0),
    unit("W/m2K", Dimension::HeatTransfer, 1.0).also(&["W/(m2K)", "W/m2/K"]),
    unit("Btu/h ft2 degF", Dimension::HeatTransfer, BTU / HOUR / (0.3048 * 0.3048) * 1.8)
        .also(&["btu/(hft2degF)"]),
    unit("m/s", Dimension::Velocity, 1.0),
    unit("km/h", Dimension::Velocity, 1.0 / 3.6),
    unit("ft/s", Dimension::Velocity, 0.3048),
    unit("mph", Dimension::Velocity, 1_609.344 / HOUR).also(&["mi/h"]),
];
