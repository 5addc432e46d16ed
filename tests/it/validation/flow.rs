//! Friction laws, the general flow equation and compression, against worked examples.

use super::Row;
use gaschain::flow::{
    CompressorEfficiency, FrictionLaw, Pipe, Segment, Soil, colebrook_white, compress,
};
use gaschain::gas::{GasState, UniformGas};

const GAS_CONSTANT: f64 = 8.314_462_618;
const INCH: f64 = 0.0254;
const FOOT: f64 = 0.3048;
const MILE: f64 = 1_609.344;
const PSI: f64 = 6_894.757_293_168;
const ATMOSPHERE: f64 = 14.7 * PSI;
/// 60 degF as the trade rounds it, 520 degR.
const SIXTY_FAHRENHEIT: f64 = 520.0 / 1.8;
/// Molar mass of air that gas gravities are against, kg/mol.
const AIR: f64 = 0.028_962_5;
const WHITE: &str = "F. M. White, Fluid Mechanics, ch. 6, table below eq. 6.54";
const CRANE: &str = "Crane, Technical Paper 410M, example 7-18 (as quoted with the solution in the \
                     examples of C. Bell, fluids)";
const FLUIDS: &str = "C. Bell, fluids, test data of the compressible and friction modules";
const SHEET: &str = "Line Sizing (worksheet, author not named), scribd document 205198842";

pub fn rows() -> Vec<Row> {
    [friction(), lines(), compression()].into_iter().flatten().collect()
}

fn friction() -> Vec<Row> {
    let colebrook = |case, published: f64, reynolds, roughness, reference, half_digit: f64| Row {
        relation: "friction factor, Colebrook-White",
        reference,
        case,
        published,
        ours: colebrook_white(reynolds, roughness),
        within: half_digit / published,
    };
    // half of the last digit printed
    let white =
        |case, published, reynolds| colebrook(case, published, reynolds, 0.0, WHITE, 0.5e-4);
    let rough = Pipe {
        inner_diameter: 1.0,
        outer_diameter: 1.0,
        roughness: 1e-4,
        efficiency: 1.0,
        friction_factor: 0.0,
    };
    vec![
        white("smooth, Re 4,000", 0.0399, 4e3),
        white("smooth, Re 10,000", 0.0309, 1e4),
        white("smooth, Re 100,000", 0.0180, 1e5),
        white("smooth, Re 1,000,000", 0.0116, 1e6),
        white("smooth, Re 10,000,000", 0.0081, 1e7),
        white("smooth, Re 100,000,000", 0.0059, 1e8),
        colebrook("k/d 0.0001, Re 100,000", 0.018_513_866_077_47, 1e5, 1e-4, FLUIDS, 1e-14),
        colebrook("smooth, Re 100,000", 0.017_989_773_084_27, 1e5, 0.0, FLUIDS, 1e-14),
        Row {
            relation: "friction factor, AGA fully turbulent (von Karman, rough)",
            reference: FLUIDS,
            case: "k/d 0.0001",
            published: 0.011_973_651_495_65,
            ours: FrictionLaw::AgaFullyTurbulent.darcy(&rough, 500.0, 1e-5),
            // there the law's 3.7 is 3.71
            within: 2.0 * (3.71_f64 / 3.7).ln() / (3.7e4_f64).ln() + 1e-6,
        },
    ]
}

/// An isothermal, level line whose flow is asked for.
struct Case {
    law: FrictionLaw,
    efficiency: f64,
    friction_factor: f64,
    inlet: f64,
    outlet: f64,
    length: f64,
    diameter: f64,
    temperature: f64,
    compressibility: f64,
    gravity: f64,
}

impl Case {
    /// Molar flow that arrives at the outlet pressure, by halving.
    fn molar_flow(&self) -> f64 {
        let pipe = Pipe {
            inner_diameter: self.diameter,
            outer_diameter: self.diameter,
            roughness: 0.0,
            efficiency: self.efficiency,
            friction_factor: self.friction_factor,
        };
        let segment = Segment {
            length: self.length,
            elevation_gain: 0.0,
            pipe,
            loops: None,
            soil: Soil { temperature: self.temperature, heat_transfer: 1e20 },
            friction: self.law,
            pressure_floor: 1e5,
        };
        let gas = UniformGas {
            molar_mass: self.gravity * AIR,
            state: GasState {
                compressibility: self.compressibility,
                heat_capacity: 40.0,
                joule_thomson: 0.0,
                viscosity: 1.1e-5,
            },
        };
        let (mut low, mut high) = (0.0, 1e6);
        for _ in 0..80 {
            let middle = f64::midpoint(low, high);
            let end = segment.solve(&gas, middle, self.inlet, self.temperature);
            if end.outlet_pressure > self.outlet { low = middle } else { high = middle }
        }
        low
    }

    /// Millions of cubic feet a day at 60 degF and 14.7 psia.
    fn million_cubic_feet_a_day(&self) -> f64 {
        let volume = GAS_CONSTANT * SIXTY_FAHRENHEIT / ATMOSPHERE;
        self.molar_flow() * volume * 86_400.0 / FOOT.powi(3) / 1e6
    }

    /// Cubic metres a second at 288.7 K and 101.325 kPa.
    fn cubic_metres_a_second(&self) -> f64 {
        self.molar_flow() * GAS_CONSTANT * 288.7 / 101_325.0
    }
}

fn lines() -> Vec<Row> {
    // 75 % methane, 21 % ethane, 4 % propane; Crane leaves Z out
    let crane = |law, efficiency| Case {
        law,
        efficiency,
        friction_factor: 0.0,
        inlet: 1_300.0 * PSI,
        outlet: 300.0 * PSI,
        length: 100.0 * MILE,
        diameter: 13.376 * INCH,
        temperature: 500.0 / 1.8,
        compressibility: 1.0,
        gravity: (0.75 * 16.042_46 + 0.21 * 30.069_04 + 0.04 * 44.095_62) / 28.966,
    };
    let fluids = |law| Case {
        inlet: 90e5,
        outlet: 20e5,
        length: 160e3,
        diameter: 0.34,
        temperature: 277.15,
        gravity: 0.693,
        ..crane(law, 0.92)
    };
    let sheet = Case {
        inlet: 1_014.7 * PSI,
        outlet: 814.7 * PSI,
        length: 10.0 * MILE,
        diameter: 19.25 * INCH,
        temperature: 530.0 / 1.8,
        compressibility: 0.85,
        gravity: 0.6,
        ..crane(FrictionLaw::PanhandleA, 1.0)
    };
    let given_friction = Case {
        friction_factor: 0.014,
        inlet: 1_029.7 * PSI,
        outlet: 514.7 * PSI,
        length: 1.247 * MILE,
        diameter: 8.324_42 * INCH,
        temperature: 540.0 / 1.8,
        gravity: 0.7487,
        ..crane(FrictionLaw::Given, 1.0)
    };
    let row = |relation, reference, case, published, ours, within| Row {
        relation,
        reference,
        case,
        published,
        ours,
        within,
    };
    let (weymouth, panhandle_a, panhandle_b) =
        ("flow of a line, Weymouth", "flow of a line, Panhandle A", "flow of a line, Panhandle B");
    let crane_case = "14 in, 100 miles, 1,300 to 300 psia: flow, MMscfd";
    let fluids_case = "0.34 m, 160 km, 90 to 20 bar: flow, m3/s";
    vec![
        // the equation's constant there is 28.0, half a digit of which is 0.18 %
        row(
            weymouth,
            CRANE,
            crane_case,
            105.1,
            crane(FrictionLaw::Weymouth, 1.0).million_cubic_feet_a_day(),
            0.05 / 28.0 + 0.05 / 105.1,
        ),
        row(
            panhandle_a,
            CRANE,
            crane_case,
            128.2,
            crane(FrictionLaw::PanhandleA, 0.92).million_cubic_feet_a_day(),
            0.05 / 128.2,
        ),
        // SI forms of the laws: constants and exponents of three to five digits, where the laws
        // are given here by their US forms
        row(
            weymouth,
            FLUIDS,
            fluids_case,
            32.077_290_559,
            fluids(FrictionLaw::Weymouth).cubic_metres_a_second(),
            1e-3,
        ),
        row(
            panhandle_a,
            FLUIDS,
            fluids_case,
            42.560_820_512,
            fluids(FrictionLaw::PanhandleA).cubic_metres_a_second(),
            5e-4,
        ),
        row(
            panhandle_b,
            FLUIDS,
            fluids_case,
            42.353_661_780,
            fluids(FrictionLaw::PanhandleB).cubic_metres_a_second(),
            1e-3,
        ),
        row(
            panhandle_a,
            SHEET,
            "19.25 in, 10 miles, 1,000 to 800 psig: flow, MMscfd",
            638.586_931,
            sheet.million_cubic_feet_a_day(),
            5e-4,
        ),
        // the sheet does not show its constants: 77.54 and air of 29 g/mol, as common with this
        // equation, would be 0.006 % and 0.065 % off ours
        row(
            "general flow equation at a given friction factor",
            SHEET,
            "8.324 in, 1.247 miles, 1,015 to 500 psig, factor 0.014: flow, MMscfd",
            184.090_864,
            given_friction.million_cubic_feet_a_day(),
            7e-4,
        ),
    ]
}

fn compression() -> Vec<Row> {
    let air = |isentropic_exponent: f64| UniformGas {
        molar_mass: AIR,
        state: GasState {
            compressibility: 1.0,
            heat_capacity: GAS_CONSTANT * isentropic_exponent / (isentropic_exponent - 1.0),
            joule_thomson: 0.0,
            viscosity: 1.8e-5,
        },
    };
    let work = |inlet, outlet, temperature, exponent, efficiency| {
        let efficiency = CompressorEfficiency::Polytropic(efficiency);
        compress(&air(exponent), inlet, temperature, outlet, efficiency).work
    };
    let discharge = |inlet, outlet, temperature, exponent, efficiency| {
        compress(&air(exponent), inlet, temperature, outlet, efficiency).discharge_temperature
    };
    let ideal = work(1e5, 3e5, 300.0, 1.4, 1.0);
    let real = work(1e5, 3e5, 300.0, 1.4, 0.75);
    // mol/s of the 0.3 m3/min that enter
    let entering = 101.3e3 * (0.3 / 60.0) / (GAS_CONSTANT * 288.0);
    vec![
        Row {
            relation: "compression, polytropic efficiency 1",
            reference: "Y. A. Cengel, M. A. Boles, Thermodynamics, example 7-13 (result recalled)",
            case: "air, 300 K, 100 to 900 kPa: work, kJ/kg",
            published: 263.2,
            // the example takes R = 0.287 kJ/(kg K)
            ours: work(100e3, 900e3, 300.0, 1.4, 1.0) * 0.287 / GAS_CONSTANT,
            within: 0.05 / 263.2,
        },
        Row {
            relation: "compression, polytropic efficiency 1",
            reference: "Gujarat Technological University, paper 3110006, summer 2019, question 3c, \
                        published solution",
            case: "air, 288 K, 1.013 to 7 bar, 0.3 m3/min: power, kW",
            published: 1.306,
            ours: entering * work(101.3e3, 700e3, 288.0, 1.4, 1.0) / 1e3,
            // cut off, not rounded, in the third decimal
            within: 0.001 / 1.306,
        },
        Row {
            relation: "compression, polytropic efficiency 1",
            reference: FLUIDS,
            case: "k 1.4, 286.8 K, 54.05 to 432.4 kPa: discharge temperature, K",
            published: 519.523_093_821_78,
            ours: discharge(54_050.0, 432_400.0, 286.8, 1.4, CompressorEfficiency::Polytropic(1.0)),
            within: 1e-13,
        },
        Row {
            relation: "compression, polytropic efficiency",
            reference: FLUIDS,
            case: "k 1.4, 1 to 3 bar, polytropic 0.75: isentropic efficiency",
            published: 0.709_509,
            ours: ideal / real,
            within: 0.5e-6 / 0.709_509,
        },
    ]
}
