//! A segment from any side gives back the segment that made it; so does a line.

use super::*;
use std::f64::consts::PI;

/// The part of a number behind the point: of multiples of odd steps, as good as drawn.
fn drawn(number: u32, step: f64, [low, high]: [f64; 2]) -> f64 {
    low + (high - low) * (f64::from(number) * step).fract()
}

/// A segment with what enters it: every law, up and down, looped in part or along all, cooled or
/// not.
fn any(number: u32) -> (Segment<f64>, f64, f64, f64) {
    let of = |step: f64, range| drawn(number + 1, step, range);
    let law = FrictionLaw::ALL[number as usize % FrictionLaw::ALL.len()];
    let inner_diameter = of(0.618_034, [0.2, 1.4]);
    let pipe = Pipe {
        inner_diameter,
        outer_diameter: inner_diameter + of(0.754_877, [0.01, 0.1]),
        roughness: of(0.569_840, [5e-6, 1e-4]),
        efficiency: of(0.324_718, [0.85, 1.0]),
        friction_factor: 0.009,
    };
    let loops = match number % 3 {
        0 => None,
        1 => Some(Loop { pipe: Pipe { inner_diameter: 0.6, ..pipe }, share_of_length: 0.3 }),
        _ => Some(Loop { pipe, share_of_length: 1.0 }),
    };
    let segment = Segment {
        length: of(0.819_173, [5e3, 1.2e5]),
        elevation_gain: of(0.671_044, [-400.0, 400.0]),
        pipe,
        loops,
        soil: Soil {
            temperature: of(0.549_700, [265.0, 295.0]),
            heat_transfer: if number.is_multiple_of(5) { 0.0 } else { of(0.450_278, [0.1, 5.0]) },
        },
        friction: law,
        pressure_floor: 1e5,
    };
    let (pressure, temperature) = (of(0.856_675, [5e6, 1.2e7]), of(0.733_892, [280.0, 320.0]));
    let velocity = of(0.628_707, [2.0, 9.0]);
    let area = 0.25 * PI * inner_diameter * inner_diameter;
    (segment, velocity * area * pressure / (0.85 * 8.314 * temperature), pressure, temperature)
}

#[test]
fn each_side_gives_back_the_segment_that_made_it() {
    let mut tried = 0;
    for number in 0..1_200 {
        let (segment, flow, pressure, temperature) = any(number);
        let end = segment.solve(&RealGas, flow, pressure, temperature);
        // what is barely moved by friction says little of what made it
        let rest = segment.solve(&RealGas, 0.0, pressure, temperature);
        let lost = 1.0 - end.outlet_pressure_squared / rest.outlet_pressure_squared;
        if end.short_of_pressure > 0.0 || lost < 0.01 {
            continue;
        }
        tried += 1;
        let outlet = end.outlet_pressure;
        let ends = Ends {
            inlet_pressure: pressure,
            inlet_temperature: temperature,
            outlet_pressure: outlet,
        };
        let blank = Segment { length: f64::NAN, ..segment };
        let other = segment.with_inner_diameter(0.05);
        let length = blank.length_for(&RealGas, flow, &ends).map(|found| found / segment.length);
        let found = [
            segment.inlet_pressure_for(&RealGas, flow, temperature, outlet).unwrap() / pressure,
            segment.molar_flow_for(&RealGas, &ends).unwrap() / flow,
            other.inner_diameter_for(&RealGas, flow, &ends).unwrap() / segment.pipe.inner_diameter,
            // heat and height may make up for as much friction: then another length does it, too
            if lost < 0.03 { 1.0 } else { length.unwrap() },
        ];
        for (side, ratio) in found.into_iter().enumerate() {
            assert!((ratio - 1.0).abs() < 1e-10, "{number}: side {side}, {ratio} of {segment:?}");
        }
    }
    assert!(tried > 600, "{tried}");
}

/// Each side from numbers: what it is looked for with, and what is found.
fn sides<S: Scalar>(law: FrictionLaw, numbers: [S; 10]) -> [S; 4] {
    let [flow, inlet, temperature, outlet, length, gain, diameter, roughness, transfer, soil] =
        numbers;
    let wall = S::from_f64(0.02);
    let own = Pipe { inner_diameter: diameter, roughness, ..pipe() };
    let own = Pipe { outer_diameter: diameter + wall, ..own };
    let segment = Segment {
        length,
        elevation_gain: gain,
        pipe: own,
        loops: Some(Loop { pipe: pipe(), share_of_length: S::from_f64(0.3) }),
        soil: Soil { temperature: soil, heat_transfer: transfer },
        friction: law,
        pressure_floor: S::from_f64(1e5),
    };
    let ends =
        Ends { inlet_pressure: inlet, inlet_temperature: temperature, outlet_pressure: outlet };
    [
        segment.inlet_pressure_for(&RealGas, flow, temperature, outlet).unwrap(),
        segment.molar_flow_for(&RealGas, &ends).unwrap(),
        segment.length_for(&RealGas, flow, &ends).unwrap(),
        segment.inner_diameter_for(&RealGas, flow, &ends).unwrap(),
    ]
}

#[test]
fn gradients_of_each_side_are_those_of_differences() {
    for law in FrictionLaw::ALL {
        let numbers = [20e3, 9.8e6, 305.0, 7.5e6, 120e3, 150.0, 1.1, 2e-5, 1.5, 275.0];
        check_derivatives(numbers, |numbers| sides(law, numbers), |numbers| sides(law, numbers));
    }
}

#[test]
fn what_no_side_can_give_is_said_with_what_is_possible() {
    let segment = segment();
    let ends = |inlet_pressure, outlet_pressure| Ends {
        inlet_pressure,
        inlet_temperature: 300.0,
        outlet_pressure,
    };
    let reach = |result: Result<f64, SizingError>| match result {
        Err(SizingError::OutOfReach { nearest, at, .. }) => (nearest, at),
        other => panic!("{other:?}"),
    };
    // a level line has at most its inlet's pressure at its end
    let (nearest, at) = reach(segment.molar_flow_for(&RealGas, &ends(7e6, 7.1e6)));
    assert!(close(nearest, 7e6, 1e-12) && at.to_bits() == 0.0_f64.to_bits());
    let (nearest, at) = reach(segment.length_for(&RealGas, FLOW, &ends(7e6, 7.1e6)));
    assert!(close(nearest, 7e6, 1e-6) && close(at, 1e-3, 1e-12));
    let (nearest, at) = reach(segment.inner_diameter_for(&RealGas, FLOW, &ends(7e6, 7.1e6)));
    assert!(close(nearest, 7e6, 1e-6) && close(at, 100.0, 1e-12));
    // a second pipe along all of it carries the gas however narrow the first is
    let carried = Loop { pipe: pipe(), share_of_length: 1.0 };
    let looped = Segment { loops: Some(carried), ..segment };
    let (nearest, _) = reach(looped.inner_diameter_for(&RealGas, FLOW, &ends(9.8e6, 5e6)));
    let alone = segment.solve(&RealGas, FLOW, 9.8e6, 300.0).outlet_pressure;
    assert!(close(nearest, alone, 1e-3), "{nearest} {alone}");
    // against the flow, pressure rises by more than is asked for
    let (nearest, at) = reach(segment.inlet_pressure_for(&RealGas, -60e3, 300.0, 3e5));
    assert!(nearest > 3e5 && close(at, 1e5, 1e-12));
    // and what is said reads
    let said = segment.molar_flow_for(&RealGas, &ends(7e6, 7.1e6)).unwrap_err().to_string();
    assert_eq!(
        said,
        "no molar flow, mol/s, makes the outlet pressure 7100000 Pa; the nearest is 7000000 Pa, \
         at 0"
    );
    for outlet in [0.9e5, -1.0, f64::NAN, f64::INFINITY] {
        let error = segment.length_for(&RealGas, FLOW, &ends(7e6, outlet)).unwrap_err();
        assert!(
            matches!(error, SizingError::OutOfDomain { what, .. } if what.starts_with("outlet"))
        );
    }
    for flow in [0.0, -1.0, f64::NAN] {
        let error = segment.inner_diameter_for(&RealGas, flow, &ends(7e6, 6e6)).unwrap_err();
        assert!(
            matches!(error, SizingError::OutOfDomain { what, .. } if what.starts_with("molar"))
        );
    }
}

#[test]
fn downhill_a_line_ends_above_its_start() {
    let segment = Segment { elevation_gain: -900.0, ..segment() };
    let flow = 4e3;
    let end = segment.solve(&RealGas, flow, 7e6, 300.0);
    assert!(end.outlet_pressure > 7e6);
    let inlet = segment.inlet_pressure_for(&RealGas, flow, 300.0, end.outlet_pressure).unwrap();
    assert!(close(inlet, 7e6, 1e-12));
    let ends = Ends {
        inlet_pressure: 7e6,
        inlet_temperature: 300.0,
        outlet_pressure: end.outlet_pressure,
    };
    assert!(close(segment.molar_flow_for(&RealGas, &ends).unwrap(), flow, 1e-10));
}

/// The shortest of pipes between pressures far apart: the equations give what no gas does.
#[test]
fn what_would_be_faster_than_sound_is_said_and_not_found() {
    let pipe = Pipe { inner_diameter: 0.3, outer_diameter: 0.32, ..pipe() };
    let segment = Segment { length: 100.0, pipe, ..segment() };
    let ends = Ends { inlet_pressure: 9.81e6, inlet_temperature: 293.15, outlet_pressure: 3e5 };
    let flow = 10e3;
    let of_length = segment.length_for(&RealGas, flow, &ends);
    let of_diameter = segment.inner_diameter_for(&RealGas, flow, &ends);
    for (found, name) in [
        (segment.molar_flow_for(&RealGas, &ends), "molar flow, mol/s,"),
        (segment.inlet_pressure_for(&RealGas, flow, 293.15, 3e5), "inlet pressure, Pa,"),
        (of_length, "length, m,"),
        (of_diameter, "inner diameter, m,"),
    ] {
        let Err(SizingError::Supersonic { sought, velocity, speed_of_sound, at }) = found else {
            panic!("{name} {found:?}")
        };
        assert!(sought == name && at > 0.0 && velocity > speed_of_sound);
        assert!((200.0..500.0).contains(&speed_of_sound), "{speed_of_sound}");
        let said = found.unwrap_err().to_string();
        assert!(
            said.starts_with(&format!("{name} would be {at}: velocity of the gas is ")),
            "{said}"
        );
    }
    // and what is slower is found
    assert!(segment.molar_flow_for(&RealGas, &Ends { outlet_pressure: 9.7e6, ..ends }).is_ok());
}
