//! The shipped trunk line by pressures, with the feeds of its two fields, as the data files have
//! them.

use gaschain::flow::{
    CompressorEfficiency, Discharge, FrictionLaw, Line, LineResult, Loop, Pipe, Section, Soil,
    Station,
};
use gaschain::gas::{BlendedGas, Gas, GergSpecies, NaturalGas};
use gaschain::scalar::Scalar;
use gaschain::species::Slate;
use gaschain::{Case, amur};

/// Species of the feeds.
pub const SPECIES: [&str; 12] = [
    "methane",
    "ethane",
    "propane",
    "isobutane",
    "n-butane",
    "isopentane",
    "n-pentane",
    "n-hexane",
    "nitrogen",
    "carbon dioxide",
    "helium",
    "hydrogen",
];

/// The seven stations of the line stand evenly on it, and all have the same parameters.
const SECTIONS: usize = 8;

/// Pressure below which a line is said to be unable to carry its flow, Pa.
const FLOOR: f64 = 1e5;

/// What the fields offer, bcm/yr: all of it flows, and the line carries all of it.
pub const OFFERED: [[f64; 2]; 2] = [[20.0, 28.0], [6.0, 14.0]];

/// The line, and the feeds that it carries.
pub struct Trunk {
    pub slate: Slate,
    species: GergSpecies,
    /// The gas of whatever they are blended to.
    blended: BlendedGas,
    /// Mole fractions of each field's gas.
    pub feeds: [[f64; SPECIES.len()]; 2],
    /// Net heat by species, J/mol.
    heats: [f64; SPECIES.len()],
    case: Case,
}

/// What is asked of the line.
#[derive(Clone, Copy)]
pub struct Answer<S> {
    /// Pa.
    pub delivered_pressure: S,
    /// K.
    pub delivered_temperature: S,
    /// mol/s.
    pub fuel: S,
    /// W.
    pub power: S,
}

impl<S> Answer<S> {
    pub const NAMES: [&'static str; 4] =
        ["delivered_pressure", "delivered_temperature", "fuel", "power"];

    pub fn numbers(self) -> [S; 4] {
        [self.delivered_pressure, self.delivered_temperature, self.fuel, self.power]
    }
}

impl Trunk {
    pub fn shipped() -> Self {
        let mut case = amur::chain().case();
        let hydraulic = amur::scenario("hydraulic").expect("it is shipped");
        case.apply(&hydraulic).expect("it is sound");
        let slate = Slate::shipped().chosen(SPECIES).expect("shipped species");
        let feeds = ["chayanda", "kovykta"].map(|field| {
            let of = case.composition(&format!("{field}.composition")).expect("it is set");
            SPECIES.map(|name| of.iter().find(|(one, _)| *one == name).map_or(0.0, |(_, x)| *x))
        });
        let heat = |name| {
            let at = slate.index(name).expect("it was chosen");
            slate.get(at).net_heat_25().expect("it is known")
        };
        let species = GergSpecies::new(&slate);
        let blended = BlendedGas::of(&species, &feeds.each_ref().map(|feed| &feed[..]))
            .expect("natural gases");
        Self { heats: SPECIES.map(heat), species, blended, feeds, slate, case }
    }

    /// A parameter of the shipped line, in a unit.
    pub fn parameter(&self, name: &str, unit: &str) -> f64 {
        let address = format!("trunk_line.{name} [{unit}]");
        self.case.get(&address).expect("a number").expect("it is set")
    }

    /// The flows of all species where each field gives so much, mol/s.
    pub fn blend<S: Scalar>(&self, fields: [S; 2]) -> [S; SPECIES.len()] {
        std::array::from_fn(|at| {
            fields[0].scaled(self.feeds[0][at]) + fields[1].scaled(self.feeds[1][at])
        })
    }

    pub fn gas<S: Scalar>(&self, flows: &[S; SPECIES.len()]) -> NaturalGas<S> {
        self.blended.gas(flows)
    }

    /// The gas of flows that are no blend of the two feeds, by a table of its own.
    pub fn own_gas(&self, flows: &[f64; SPECIES.len()]) -> NaturalGas<f64> {
        NaturalGas::gerg_2008(&self.species, flows).expect("a gas")
    }

    /// Net heat of a mole, J/mol.
    pub fn net_heat<S: Scalar>(&self, flows: &[S; SPECIES.len()]) -> S {
        let mut energy = S::zero();
        for (flow, heat) in flows.iter().zip(self.heats) {
            energy += flow.scaled(heat);
        }
        energy / total(flows)
    }

    /// The sections of the line, to be run by [`Trunk::run`].
    pub fn sections<S: Scalar>(&self) -> ([Section<S>; SECTIONS], Pipe<S>, Soil<S>) {
        let number = |name, unit| S::from_f64(self.parameter(name, unit));
        let diameter = self.parameter("diameter", "m");
        let pipe = Pipe {
            inner_diameter: S::from_f64(diameter - 2.0 * self.parameter("wall", "m")),
            outer_diameter: S::from_f64(diameter),
            roughness: number("roughness", "m"),
            efficiency: number("pipe_efficiency", ""),
            friction_factor: S::zero(),
        };
        let length = self.parameter("length", "m");
        let loops =
            Loop { pipe, share_of_length: S::from_f64(self.parameter("loops", "m") / length) };
        let station = Station {
            in_service: true,
            discharge: Discharge::Pressure(number("discharge_pressure", "Pa")),
            efficiency: CompressorEfficiency::Polytropic(number("polytropic_efficiency", "")),
            mechanical_efficiency: number("mechanical_efficiency", ""),
            driver_efficiency: number("driver_efficiency", ""),
            aftercooler_temperature: Some(number("discharge_temperature", "K")),
        };
        let sections = std::array::from_fn(|at| Section {
            station: (at > 0).then_some(station),
            length: S::from_f64(length / SECTIONS as f64),
            elevation_gain: S::zero(),
            loops: Some(loops),
        });
        let soil = Soil {
            temperature: number("soil_temperature", "K"),
            heat_transfer: number("heat_transfer", "W/m2K"),
        };
        (sections, pipe, soil)
    }

    /// Pressure (Pa) and temperature (K) at the inlet.
    pub fn inlet(&self) -> [f64; 2] {
        [self.parameter("inlet_pressure", "Pa"), self.parameter("inlet_temperature", "K")]
    }

    /// The case that the line is of, to be solved whole.
    pub fn case(&self) -> Case {
        self.case.clone()
    }
}

/// A line made ready, of numbers of one kind.
pub struct Ready<S> {
    sections: [Section<S>; SECTIONS],
    pipe: Pipe<S>,
    soil: Soil<S>,
    inlet: [S; 2],
}

impl<S: Scalar> Ready<S> {
    pub fn of(trunk: &Trunk) -> Self {
        let (sections, pipe, soil) = trunk.sections();
        Self { sections, pipe, soil, inlet: trunk.inlet().map(S::from_f64) }
    }

    /// What the line does with a flow (mol/s) of a gas.
    pub fn run(&self, gas: &impl Gas<S>, net_heat: S, flow: S) -> Answer<S> {
        let line = Line {
            sections: &self.sections,
            pipe: self.pipe,
            soil: self.soil,
            friction: FrictionLaw::StoGazprom,
            segments_per_section: 1,
            pressure_floor: S::from_f64(FLOOR),
        };
        let [pressure, temperature] = self.inlet;
        let LineResult {
            delivered_pressure, delivered_temperature, fuel_molar_flow, power, ..
        } = line.solve(gas, net_heat, flow, pressure, temperature, &mut |_| {});
        Answer { delivered_pressure, delivered_temperature, fuel: fuel_molar_flow, power }
    }

    /// The same of what both fields give, the gas made of it.
    pub fn carry(&self, trunk: &Trunk, fields: [S; 2]) -> Answer<S> {
        let flows = trunk.blend(fields);
        self.run(&trunk.gas(&flows), trunk.net_heat(&flows), total(&flows))
    }
}

pub fn total<S: Scalar>(flows: &[S]) -> S {
    flows.iter().fold(S::zero(), |sum, &flow| sum + flow)
}
