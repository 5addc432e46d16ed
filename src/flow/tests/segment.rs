//! Segments against exact integrals, and against themselves.

use super::*;
use crate::flow::course::{Course, Mean};
use crate::flow::segment::Frictions;
use crate::gas::{GergSpecies, NaturalGas};
use crate::quantity::MOLAR_GAS_CONSTANT;
use crate::species::Slate;
use std::cell::Cell;

/// A segment whose gas is as warm as the soil and stays so: T is constant.
fn isothermal(elevation_gain: f64) -> (Segment<f64>, UniformGas<f64>) {
    let mut gas = uniform();
    gas.state.joule_thomson = 0.0;
    // no work against gravity shows up as temperature if heat passes freely
    let soil = Soil { temperature: 290.0, heat_transfer: 1e20 };
    (Segment { elevation_gain, soil, ..segment() }, gas)
}

/// c² = Z R T / M.
fn sound_squared(temperature: f64) -> f64 {
    STATE.compressibility * MOLAR_GAS_CONSTANT * temperature / 0.0175
}

/// λ m² / (d A²).
fn friction_gradient(law: FrictionLaw, pipe: &Pipe<f64>, molar_flow: f64) -> f64 {
    let mass_flow = molar_flow * 0.0175;
    let lambda = law.darcy(pipe, mass_flow, STATE.viscosity);
    let area = std::f64::consts::PI / 4.0 * pipe.inner_diameter.powi(2);
    lambda * mass_flow.powi(2) / (pipe.inner_diameter * area.powi(2))
}

#[test]
fn level_isothermal_flow_is_the_difference_of_squares() {
    for law in FrictionLaw::ALL {
        let (mut segment, gas) = isothermal(0.0);
        segment.friction = law;
        let end = segment.solve(&gas, FLOW, INLET, 290.0);
        let loss = sound_squared(290.0) * 100e3 * friction_gradient(law, &segment.pipe, FLOW);
        assert!(close(end.outlet_pressure, (INLET * INLET - loss).sqrt(), 1e-12), "{law:?}");
        assert!(close(end.outlet_temperature, 290.0, 1e-12));
        let [p1, p2] = [INLET, end.outlet_pressure];
        assert!(close(end.mean_pressure, 2.0 / 3.0 * (p1 + p2 * p2 / (p1 + p2)), 1e-14));
    }
}

#[test]
fn elevation_is_exact_where_temperature_is_constant() {
    for elevation_gain in [-800.0, -1.0, 1.0, 50.0, 800.0] {
        let (segment, gas) = isothermal(elevation_gain);
        let end = segment.solve(&gas, FLOW, INLET, 290.0);
        let c2 = sound_squared(290.0);
        let s = 2.0 * 9.80665 * elevation_gain / c2;
        let loss = c2 * 100e3 * friction_gradient(segment.friction, &segment.pipe, FLOW);
        let squared = INLET * INLET * (-s).exp() + loss * (-s).exp_m1() / s;
        assert!(close(end.outlet_pressure, squared.sqrt(), 1e-12));

        let still = segment.solve(&gas, 0.0, INLET, 290.0);
        assert!(close(still.outlet_pressure, INLET * (-s / 2.0).exp(), 1e-12));
    }
}

#[test]
fn segments_in_series_are_one_segment() {
    let (whole, gas) = isothermal(300.0);
    let exact = whole.solve(&gas, FLOW, INLET, 290.0);
    for count in [2_u8, 5] {
        let part = Segment {
            length: whole.length / f64::from(count),
            elevation_gain: whole.elevation_gain / f64::from(count),
            ..whole
        };
        let mut pressure = INLET;
        for _ in 0..count {
            pressure = part.solve(&gas, FLOW, pressure, 290.0).outlet_pressure;
        }
        assert!(close(pressure, exact.outlet_pressure, 1e-12));
    }
}

#[test]
fn without_heat_transfer_enthalpy_is_constant() {
    let mut segment = segment();
    segment.soil.heat_transfer = 0.0;
    for elevation_gain in [0.0, 400.0] {
        segment.elevation_gain = elevation_gain;
        let end = segment.solve(&uniform(), FLOW, INLET, 300.0);
        let cooled = 300.0
            - STATE.joule_thomson * (INLET - end.outlet_pressure)
            - 0.0175 * 9.80665 * elevation_gain / STATE.heat_capacity;
        assert!(close(end.outlet_temperature, cooled, 1e-14));
        assert!(close(end.mean_temperature, f64::midpoint(300.0, cooled), 1e-14));
    }
}

#[test]
fn without_joule_thomson_cooling_temperature_decays_to_the_soils() {
    let mut gas = uniform();
    gas.state.joule_thomson = 0.0;
    let end = segment().solve(&gas, FLOW, INLET, 310.0);
    let t = 1.5 * std::f64::consts::PI * 1.42 * 100e3 / (FLOW * STATE.heat_capacity);
    assert!(close(end.outlet_temperature, 275.0 + 35.0 * (-t).exp(), 1e-14));
    assert!(close(end.mean_temperature, 275.0 + 35.0 * -(-t).exp_m1() / t, 1e-14));
}

#[test]
fn a_line_looped_all_along_carries_double() {
    let single = segment();
    let loops = Some(Loop { pipe: pipe(), share_of_length: 1.0 });
    for law in FrictionLaw::ALL {
        let single = Segment { friction: law, ..single };
        let double = Segment { loops, ..single };
        let one = single.solve(&RealGas, FLOW, INLET, 300.0);
        let two = double.solve(&RealGas, 2.0 * FLOW, INLET, 300.0);
        assert!(close(two.outlet_pressure, one.outlet_pressure, 1e-14), "{law:?}");
        assert!(close(two.outlet_temperature, one.outlet_temperature, 1e-14), "{law:?}");
    }
}

#[test]
fn where_loops_lie_makes_no_difference_to_isothermal_flow() {
    let (bare, gas) = isothermal(0.0);
    let looped = |length: f64, share_of_length: f64| Segment {
        length,
        loops: Some(Loop { pipe: pipe(), share_of_length }),
        ..bare
    };
    let spread = looped(100e3, 0.3).solve(&gas, FLOW, INLET, 290.0).outlet_pressure;
    let through = |parts: [Segment<f64>; 2]| {
        parts.iter().fold(INLET, |p, part| part.solve(&gas, FLOW, p, 290.0).outlet_pressure)
    };
    let first = through([looped(30e3, 1.0), Segment { length: 70e3, ..bare }]);
    let last = through([Segment { length: 70e3, ..bare }, looped(30e3, 1.0)]);
    assert!(close(first, spread, 1e-12) && close(last, spread, 1e-12));
}

#[test]
fn the_reverse_of_a_level_line_is_its_mirror_image() {
    for law in FrictionLaw::ALL {
        let segment = Segment { friction: law, ..segment() };
        let there = segment.solve(&RealGas, FLOW, INLET, 305.0);
        let back = segment.solve(&RealGas, -FLOW, there.outlet_pressure, 305.0);
        assert!(close(back.outlet_pressure, INLET, 1e-12), "{law:?}");
        assert!(close(back.outlet_temperature, there.outlet_temperature, 1e-12));
        assert!(close(back.mean_pressure, there.mean_pressure, 1e-12));
    }
}

#[test]
fn flow_comes_to_rest_smoothly() {
    for law in FrictionLaw::ALL {
        let warm = segment();
        let hill = Segment { elevation_gain: 300.0, ..warm };
        for (segment, temperature) in [(warm, 300.0), (hill, 275.0)] {
            let segment = Segment { friction: law, ..segment };
            let still = segment.solve(&RealGas, 0.0, INLET, temperature);
            assert!(close(still.mean_temperature, 275.0, 1e-12));
            let mut slopes = [0.0; 2];
            for (slope, sign) in slopes.iter_mut().zip([1.0, -1.0]) {
                let near = segment.solve(&RealGas, sign * 1e-3, INLET, temperature);
                *slope = (near.outlet_pressure - still.outlet_pressure) / (sign * 1e-3);
            }
            // both ways the same, to what rounding leaves of the difference
            assert!((slopes[0] - slopes[1]).abs() < 1e-2, "{law:?} {slopes:?}");
        }
    }
}

#[test]
fn pressure_is_monotone_and_smooth_across_the_floor() {
    let mut segment = segment();
    segment.length = 300e3;
    let at = |flow: f64| {
        let [outlet, squared, short] = outputs(&dual_segment(&segment), Dual::variable(flow));
        (outlet, squared, short)
    };
    // where the floor is reached
    let (mut low, mut high) = (20e3, 100e3);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if at(middle).2.value() > 0.0 { high = middle } else { low = middle }
    }
    let (below, above) = (at(low * (1.0 - 1e-9)), at(high * (1.0 + 1e-9)));
    assert!(below.2.value() == 0.0 && above.2.value() > 0.0);
    assert!(close(below.0.value(), 1e5, 1e-2) && close(above.0.value(), 1e5, 1e-2));
    assert!(close(above.0.derivative(), below.0.derivative(), 1e-2));
    assert!(close(above.1.derivative(), below.1.derivative(), 1e-4));

    let mut before = at(1e3);
    for step in 2..200 {
        let now = at(1e3 * f64::from(step));
        assert!(now.0.value() < before.0.value() && now.0.value() > 0.5e5);
        assert!(now.1.value() < before.1.value());
        assert!(now.2.value() >= before.2.value());
        before = now;
    }
    assert!(before.1.value() < 0.0);
}

fn dual_segment(segment: &Segment<f64>) -> Segment<Dual> {
    Segment {
        length: Dual::from_f64(segment.length),
        elevation_gain: Dual::from_f64(segment.elevation_gain),
        ..super::segment()
    }
}

fn outputs(segment: &Segment<Dual>, flow: Dual) -> [Dual; 3] {
    let end = segment.solve(&RealGas, flow, Dual::from_f64(INLET), Dual::from_f64(300.0));
    [end.outlet_pressure, end.outlet_pressure_squared, end.short_of_pressure]
}

#[test]
fn refining_segments_converges() {
    let whole = Segment { elevation_gain: 200.0, length: 150e3, ..segment() };
    let end = |count: u16| {
        let part = Segment {
            length: whole.length / f64::from(count),
            elevation_gain: whole.elevation_gain / f64::from(count),
            ..whole
        };
        (0..count).fold((INLET, 305.0), |(pressure, temperature), _| {
            let end = part.solve(&RealGas, FLOW, pressure, temperature);
            (end.outlet_pressure, end.outlet_temperature)
        })
    };
    let exact = end(512);
    let mut errors = [1, 2, 4, 8].map(|count| {
        let ours = end(count);
        ((ours.0 / exact.0 - 1.0).abs(), (ours.1 - exact.1).abs())
    });
    assert!(errors[0].0 < 2e-3 && errors[0].1 < 0.5, "{errors:?}");
    errors.reverse();
    for pair in errors.windows(2) {
        assert!(pair[0].0 < 0.3 * pair[1].0 && pair[0].1 < 0.3 * pair[1].1, "{errors:?}");
    }
}

/// Counts how often a gas is asked for its state, and how often for its slopes too.
struct Counting<'a, G>(&'a G, Cell<[usize; 2]>);

impl<G> Counting<'_, G> {
    fn count(&self, of: usize) {
        let mut counts = self.1.get();
        counts[of] += 1;
        self.1.set(counts);
    }
}

impl<S: Scalar, G: Gas<S>> Gas<S> for Counting<'_, G> {
    fn molar_mass(&self) -> S {
        self.0.molar_mass()
    }

    fn state(&self, pressure: S, temperature: S) -> GasState<S> {
        self.count(0);
        self.0.state(pressure, temperature)
    }

    fn state_with_slopes(
        &self,
        compressibility: S,
        pressure: S,
        temperature: S,
    ) -> (GasState<S>, [GasState<S>; 2]) {
        self.count(1);
        self.0.state_with_slopes(compressibility, pressure, temperature)
    }

    fn speed_of_sound(&self, pressure: S, temperature: S) -> S {
        self.0.speed_of_sound(pressure, temperature)
    }
}

#[test]
fn a_gas_is_asked_as_often_whatever_flows() {
    let gas = Counting(&RealGas, Cell::default());
    for length in [1e3, 50e3, 300e3] {
        for flow in [0.0, 1.0, FLOW, 90e3, -FLOW] {
            gas.1.set([0; 2]);
            let segment = Segment { length, elevation_gain: 20.0, ..segment() };
            segment.solve(&gas, flow, INLET, 305.0);
            assert_eq!(gas.1.get(), [2, 3]);
        }
    }
}

/// What a segment's end is when its means are looked for until nothing moves any more.
fn converged(
    segment: &Segment<f64>,
    gas: &impl Gas<f64>,
    [flow, pressure, temperature]: [f64; 3],
) -> SegmentResult<f64> {
    let frictions = Frictions::of(segment.friction, &segment.pipe, segment.loops.as_ref());
    let molar_mass = gas.molar_mass();
    let course = Course::of(segment, &frictions, molar_mass, flow, pressure, temperature);
    let at = |[pressure, temperature]: [f64; 2]| {
        let near = gas.state(pressure, temperature).compressibility;
        let (state, slopes) = gas.state_with_slopes(near, pressure, temperature);
        (Mean { pressure, temperature, state }, slopes)
    };
    let start = course.means(&gas.state(pressure, temperature));
    let means = (0..30).fold(start, |means, _| {
        let (mean, slopes) = at(means);
        course.step(&mean, &slopes)
    });
    let (mean, slopes) = at(means);
    course.end(&mean, &slopes)
}

/// Pressure and temperature at the end of a segment, how far from those that there are.
fn off(segment: &Segment<f64>, gas: &impl Gas<f64>, inlet: [f64; 3]) -> [f64; 2] {
    let [flow, pressure, temperature] = inlet;
    let (ours, exact) =
        (segment.solve(gas, flow, pressure, temperature), converged(segment, gas, inlet));
    [
        (ours.outlet_pressure / exact.outlet_pressure - 1.0).abs(),
        (ours.outlet_temperature / exact.outlet_temperature - 1.0).abs(),
    ]
}

#[test]
fn four_states_are_enough() {
    let names = ["methane", "ethane", "propane", "nitrogen"];
    let species = GergSpecies::new(&Slate::shipped().chosen(names).unwrap());
    let gas = NaturalGas::gerg_2008(&species, &[0.91, 0.05, 0.02, 0.02]).unwrap();
    let laws = [FrictionLaw::ColebrookWhite, FrictionLaw::StoGazprom];
    let (mut tried, mut worst) = (0, [0.0_f64; 5]);
    for [law, length, gain, heat_transfer, temperature, pressure] in every([2, 4, 2, 3, 2, 2]) {
        let soil = Soil { temperature: 268.15, heat_transfer: [0.0, 1.5, 20.0][heat_transfer] };
        let segment = Segment {
            length: [1e3, 30e3, 100e3, 300e3][length],
            elevation_gain: [0.0, 300.0][gain],
            soil,
            friction: laws[law],
            ..segment()
        };
        let (pressure, temperature) = ([9.81e6, 6e6][pressure], [285.0, 320.0][temperature]);
        let end = |flow| segment.solve(&gas, flow, pressure, temperature);
        for (worst, share) in worst.iter_mut().zip([0.9, 0.8, 0.667, 0.4, 0.15]) {
            // the flow that leaves so much of the pressure
            let (mut low, mut high) = (1e2, 1e7);
            for _ in 0..30 {
                let middle = f64::sqrt(low * high);
                let left = end(middle).outlet_pressure_squared > (share * pressure).powi(2);
                *(if left { &mut low } else { &mut high }) = middle;
            }
            // not where the table of the gas ends
            if end(low).outlet_temperature < 255.0 {
                continue;
            }
            let [pressure, temperature] = off(&segment, &gas, [low, pressure, temperature]);
            *worst = worst.max(pressure).max(temperature);
            tried += 1;
        }
        for flow in [0.0, 1.0, 1e2, 3e3] {
            let [pressure, temperature] = off(&segment, &gas, [flow, pressure, temperature]);
            assert!(pressure.max(temperature) < 1e-12, "{flow} {pressure} {temperature}");
        }
    }
    assert!(tried > 850);
    let allowed = [1e-14, 1e-14, 1e-14, 1e-14, 1e-7];
    assert!(worst.iter().zip(allowed).all(|(worst, allowed)| *worst < allowed), "{worst:?}");
}

/// Every combination of so many.
fn every<const N: usize>(counts: [usize; N]) -> impl Iterator<Item = [usize; N]> {
    (0..counts.iter().product()).map(move |mut left: usize| {
        counts.map(|count| {
            let own = left % count;
            left /= count;
            own
        })
    })
}

/// All inputs of a looped segment on a slope.
fn segment_outputs<S: Scalar>(law: FrictionLaw, inputs: [S; 11]) -> [S; 6] {
    let [
        flow,
        pressure,
        temperature,
        length,
        gain,
        diameter,
        roughness,
        transfer,
        soil,
        share,
        loop_diameter,
    ] = inputs;
    let pipe = Pipe { inner_diameter: diameter, roughness, ..pipe() };
    let looped = Pipe { inner_diameter: loop_diameter, ..pipe };
    let segment = Segment {
        length,
        elevation_gain: gain,
        pipe,
        loops: Some(Loop { pipe: looped, share_of_length: share }),
        soil: Soil { temperature: soil, heat_transfer: transfer },
        friction: law,
        pressure_floor: S::from_f64(1e5),
    };
    let end = segment.solve(&RealGas, flow, pressure, temperature);
    [
        end.outlet_pressure,
        end.outlet_temperature,
        end.outlet_pressure_squared,
        end.short_of_pressure,
        end.mean_pressure,
        end.mean_temperature,
    ]
}

#[test]
fn derivatives_of_a_segment_are_those_of_differences() {
    for law in FrictionLaw::ALL {
        // carrying; in reverse; short of pressure
        for (flow, length) in [(35e3, 120e3), (-35e3, 60e3), (90e3, 300e3)] {
            let inputs = [flow, 9.8e6, 305.0, length, 150.0, 1.38, 2e-5, 1.5, 275.0, 0.4, 0.9];
            check_derivatives(
                inputs,
                |inputs| segment_outputs(law, inputs),
                |inputs| segment_outputs(law, inputs),
            );
        }
    }
}
