//! Lines recorded: no equation looks at what differs between scenarios, and a scenario has the bits
//! of plain numbers.

use super::line::{NET_HEAT, station};
use super::*;
use crate::gas::{GergSpecies, NaturalGas};
use crate::species::Slate;
use crate::tape::{Block, Graph, Traced, record};

/// Sections between stations, of other lengths and heights each.
const STATIONS: u8 = 7;

/// Flow (mol/s), pressures at the inlet and of the stations (Pa), temperatures at the inlet and of
/// the soil (K), efficiency of the compressors, roughness (m), share of the length that is looped.
const INPUTS: [(f64, f64); 8] = [
    (30e3, 50e3),
    (9.5e6, 9.8e6),
    (9.6e6, 9.9e6),
    (285.0, 305.0),
    (270.0, 280.0),
    (0.75, 0.9),
    (5e-6, 2e-5),
    (0.1, 0.9),
];

fn outputs<S: Scalar>(gas: &impl Gas<S>, law: FrictionLaw, inputs: [S; 8]) -> [S; 6] {
    let [flow, inlet, set_point, warm, cold, efficiency, roughness, looped] = inputs;
    let station = Station {
        discharge: Discharge::Pressure(set_point),
        efficiency: CompressorEfficiency::Polytropic(efficiency),
        ..station()
    };
    let pipe = Pipe { roughness, ..pipe() };
    let loops = Some(Loop { pipe, share_of_length: looped });
    let sections: Vec<Section<S>> = (0..=STATIONS)
        .map(|at| Section {
            station: (at > 0).then_some(station),
            length: S::from_f64(90e3 + 2e3 * f64::from(at)),
            elevation_gain: S::from_f64(20.0 - 5.0 * f64::from(at)),
            loops,
        })
        .collect();
    let line = Line {
        sections: &sections,
        pipe,
        soil: Soil { temperature: cold, heat_transfer: S::from_f64(1.5) },
        friction: law,
        segments_per_section: 1,
        pressure_floor: S::from_f64(1e5),
    };
    let result = line.solve(gas, S::from_f64(NET_HEAT), flow, inlet, warm, &mut |_| ());
    [
        result.delivered_molar_flow,
        result.delivered_pressure,
        result.delivered_temperature,
        result.power,
        result.highest_velocity,
        result.short_of_pressure,
    ]
}

fn natural<S: Scalar>() -> NaturalGas<S> {
    let names = ["methane", "ethane", "propane", "nitrogen"];
    let species = GergSpecies::new(&Slate::shipped().chosen(names).unwrap());
    NaturalGas::gerg_2008(&species, &[0.91, 0.05, 0.02, 0.02].map(S::from_f64)).unwrap()
}

#[test]
fn a_line_is_recorded_whole_and_has_the_bits_of_plain_numbers() {
    for law in FrictionLaw::ALL {
        let (graph, ids) = record(Graph::new(&INPUTS), || {
            let gas = natural();
            Traced::looked();
            let inputs = [0, 1, 2, 3, 4, 5, 6, 7].map(Traced::input);
            let found = outputs(&gas, law, inputs);
            assert!(!Traced::looked(), "{law:?}");
            found.map(Traced::id)
        });
        let program = graph.compile(&ids);
        let points: Vec<[f64; 8]> = (0..16)
            .map(|point| {
                let share = |of: usize| {
                    f64::from((7 * point + 5 * u32::try_from(of).unwrap() + 3) % 16) / 15.0
                };
                std::array::from_fn(|of| INPUTS[of].0 + share(of) * (INPUTS[of].1 - INPUTS[of].0))
            })
            .collect();
        let columns: Vec<f64> =
            (0..8).flat_map(|of| points.iter().map(move |point| point[of])).collect();
        let mut block = Block::new(&program);
        program.run(&mut block, &columns, points.len(), 0, points.len());
        let gas = natural();
        for (lane, &point) in points.iter().enumerate() {
            for (at, due) in outputs(&gas, law, point).into_iter().enumerate() {
                let got = program.output(&block, at)[lane];
                assert!(got.to_bits() == due.to_bits(), "{law:?} {point:?} {at}: {got} {due}");
            }
        }
    }
}
