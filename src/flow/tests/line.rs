//! Lines and stations: balances, limits, let-down, velocity, what more flow takes.

use super::*;

pub(super) fn station<S: Scalar>() -> Station<S> {
    Station {
        in_service: true,
        discharge: Discharge::Pressure(S::from_f64(9.81e6)),
        efficiency: CompressorEfficiency::Polytropic(S::from_f64(0.84)),
        mechanical_efficiency: S::from_f64(0.98),
        driver_efficiency: S::from_f64(0.36),
        aftercooler_temperature: Some(S::from_f64(300.0)),
    }
}

pub(super) fn section<S: Scalar>(station: Option<Station<S>>) -> Section<S> {
    let (length, elevation_gain) = (S::from_f64(120e3), S::from_f64(60.0));
    Section { station, length, elevation_gain, loops: None }
}

pub(super) fn line<S: Scalar>(sections: &[Section<S>]) -> Line<'_, S> {
    let Segment { soil, friction, pressure_floor, .. } = segment();
    Line { sections, pipe: pipe(), soil, friction, segments_per_section: 3, pressure_floor }
}

pub(super) const NET_HEAT: f64 = 8e5;

#[test]
fn a_line_is_its_segments_and_stations_one_after_the_other() {
    let sections = [section(None), section(Some(station())).looped(pipe(), 40e3), section(None)];
    let mut points = Vec::new();
    let result =
        line(&sections).solve(&RealGas, NET_HEAT, FLOW, INLET, 300.0, &mut |at| points.push(at));

    let (mut flow, mut pressure, mut temperature) = (FLOW, INLET, 300.0);
    let mut fuel = 0.0;
    let mut expected = Vec::new();
    for section in &sections {
        if let Some(station) = section.station {
            let done = station.run(&RealGas, NET_HEAT, flow, pressure, temperature);
            assert!(close(result.power, done.power, 1e-11));
            assert!(close(result.highest_ratio, 9.81e6 / pressure, 1e-11));
            assert!(result.largest_station_power.to_bits() == result.power.to_bits());
            assert!(close(result.lowest_suction_pressure.unwrap(), pressure, 1e-11));
            fuel = done.fuel_molar_flow;
            (flow, pressure, temperature) = (flow - fuel, 9.81e6, done.outlet_temperature);
        }
        expected.push((pressure, temperature));
        let part =
            Segment { length: 40e3, elevation_gain: 20.0, loops: section.loops, ..segment() };
        for _ in 0..3 {
            let end = part.solve(&RealGas, flow, pressure, temperature);
            (pressure, temperature) = (end.outlet_pressure, end.outlet_temperature);
            expected.push((pressure, temperature));
        }
    }
    assert_eq!(points.len(), expected.len());
    for (point, (pressure, temperature)) in points.iter().zip(expected) {
        assert!(close(point.pressure, pressure, 1e-11));
        assert!(close(point.temperature, temperature, 1e-11));
    }
    assert!(close(points[points.len() - 1].distance, 360e3, 1e-14));
    assert_eq!(points.iter().filter(|point| point.station.is_some()).count(), 1);
    assert!(close(result.delivered_molar_flow, FLOW - fuel, 1e-14));
    assert!(close(result.fuel_molar_flow, result.power / (0.36 * NET_HEAT), 1e-14));
    assert!(close(result.delivered_pressure, pressure, 1e-11));
    assert!(close(result.delivered_temperature, temperature, 1e-11));
    assert!(result.short_of_pressure == 0.0);
}

#[test]
fn a_station_out_of_service_is_as_none() {
    let idle = Station { in_service: false, ..station() };
    let with = [section(None), section(Some(idle))];
    let without = [section(None), section(None)];
    let solve = |sections: &[Section<f64>]| {
        line(sections).solve(&RealGas, NET_HEAT, FLOW, INLET, 300.0, &mut |point| {
            assert!(point.station.is_none());
        })
    };
    let result = solve(&with);
    assert_eq!(result, solve(&without));
    assert_eq!(result.lowest_suction_pressure, None);
    assert!(close(result.highest_ratio, 1.0, 0.0) && result.power == 0.0);
}

#[test]
fn gas_above_the_set_point_is_let_down_without_work() {
    let done = station().run(&uniform(), NET_HEAT, FLOW, 10.81e6, 295.0);
    assert!(done.power == 0.0 && done.fuel_molar_flow == 0.0);
    assert!(close(done.ratio, 1.0, 0.0));
    assert!(close(done.discharge_pressure, 9.81e6, 0.0));
    assert!(close(done.outlet_temperature, 295.0 - STATE.joule_thomson * 1e6, 1e-14));
    let cooled = station().run(&uniform(), NET_HEAT, FLOW, 6.5e6, 290.0);
    assert!(cooled.discharge_temperature > 310.0);
    assert!(close(cooled.outlet_temperature, 300.0, 0.0));
}

#[test]
fn more_flow_takes_more_until_a_line_falls_short() {
    // level: up a hill, very little gas is colder and heavier, and arrives at less
    let level = |station| Section { elevation_gain: 0.0, ..section(station) };
    let sections = [level(None), level(Some(station())), level(Some(station()))];
    let line = line(&sections);
    let solve = |flow| line.solve(&RealGas, NET_HEAT, flow, INLET, 300.0, &mut |_| ());
    let mut before = solve(2e3);
    for step in 3..250 {
        let now = solve(1e3 * f64::from(step));
        assert!(now.short_of_pressure >= before.short_of_pressure);
        assert!(now.delivered_pressure > 0.5e5 && now.power.is_finite());
        if now.short_of_pressure == 0.0 {
            assert!(now.power > before.power);
            assert!(now.largest_station_power > before.largest_station_power);
            assert!(now.highest_ratio > before.highest_ratio);
            assert!(now.lowest_suction_pressure < before.lowest_suction_pressure);
            assert!(now.delivered_pressure < before.delivered_pressure);
        }
        before = now;
    }
    assert!(before.short_of_pressure > 0.0);
}

#[test]
fn a_station_by_its_ratio_follows_what_arrives() {
    let by_ratio = Station { discharge: Discharge::Ratio(1.4), ..station() };
    for suction in [5e6, 6.5e6, 9e6] {
        let set_point = Station { discharge: Discharge::Pressure(1.4 * suction), ..station() };
        let run = |station: Station<f64>| station.run(&RealGas, NET_HEAT, FLOW, suction, 290.0);
        let done = run(by_ratio);
        assert!(close(done.discharge_pressure, 1.4 * suction, 1e-15));
        assert!(close(done.ratio, 1.4, 1e-15));
        assert!(close(done.power, run(set_point).power, 1e-13));
    }
    let idle = Station { discharge: Discharge::Ratio(1.0), ..station() };
    let done = idle.run(&RealGas, NET_HEAT, FLOW, 6e6, 290.0);
    assert!(done.power == 0.0 && close(done.discharge_temperature, 290.0, 1e-15));
}

#[test]
fn let_down_begins_without_a_jump() {
    let run = |pressure: Dual| {
        let station = Station { aftercooler_temperature: None, ..station() };
        let constant = Dual::from_f64;
        let (heat, flow) = (constant(NET_HEAT), constant(FLOW));
        station.run(&RealGas, heat, flow, pressure, constant(300.0)).outlet_temperature
    };
    let cooling = Gas::<f64>::state(&RealGas, 9.81e6, 300.0).joule_thomson;
    let [below, at, above] = [-1e-3, 0.0, 1e-3].map(|by| run(Dual::variable(9.81e6 + by)));
    // above, more pressure is let down further; below, it is less to compress
    assert!((above.derivative() + cooling).abs() < 1e-9 * cooling);
    assert!((at.derivative() / below.derivative() - 1.0).abs() < 1e-6);
    assert!((above.value() - at.value()).abs() < 1e-8 && (at.value() - 300.0).abs() < 1e-12);
}

#[test]
fn the_highest_velocity_is_that_of_a_point_of_the_profile() {
    let sections = [section(None), section(Some(station())), section(None)];
    let mut points = Vec::new();
    let result =
        line(&sections).solve(&RealGas, NET_HEAT, FLOW, INLET, 300.0, &mut |at| points.push(at));
    let highest = points.iter().map(|point| point.velocity).fold(0.0, f64::max);
    assert!(highest.to_bits() == result.highest_velocity.to_bits() && result.supersonic.is_none());
    // gas is fastest where there is least pressure
    let lowest = points.iter().min_by(|a, b| a.pressure.total_cmp(&b.pressure)).unwrap();
    assert!(lowest.velocity.to_bits() == highest.to_bits());
}

#[test]
fn gas_beyond_the_speed_of_sound_is_told_where_and_how_fast() {
    // 100 m of a narrow pipe, from 9.81 MPa to little above the floor
    let narrow = Pipe { inner_diameter: 0.3, outer_diameter: 0.32, ..pipe() };
    let short = [Section { length: 100.0, elevation_gain: 0.0, ..section(None) }];
    let line = Line { pipe: narrow, ..line(&short) };
    let solve = |flow| line.solve(&uniform(), NET_HEAT, flow, INLET, 300.0, &mut |_| ());
    let mut flow = 1e3;
    let said = loop {
        let result = solve(flow);
        assert!(result.short_of_pressure == 0.0);
        if let Some(said) = result.supersonic {
            assert!(said.velocity > said.speed_of_sound && said.distance > 99.0);
            break said;
        }
        assert!(result.highest_velocity < 400.0);
        flow += 50.0;
    };
    let gamma = 47.0 / (47.0 - 0.86 * 8.314_462_618);
    let sound = (gamma * 0.86 * 8.314_462_618 * 300.0 / 0.0175).sqrt();
    assert!((said.speed_of_sound / sound - 1.0).abs() < 0.05);
}

fn line_outputs<S: Scalar>(inputs: [S; 7]) -> [S; 10] {
    let [flow, pressure, temperature, length, set_point, looped, net_heat] = inputs;
    let station = Some(Station { discharge: Discharge::Pressure(set_point), ..station() });
    let sections = [
        Section { length, ..section(None) },
        section(station).looped(pipe(), looped),
        section(station),
    ];
    let result =
        line(&sections).solve(&RealGas, net_heat, flow, pressure, temperature, &mut |_| ());
    [
        result.delivered_molar_flow,
        result.delivered_pressure,
        result.delivered_temperature,
        result.fuel_molar_flow,
        result.power,
        result.largest_station_power,
        result.highest_ratio,
        result.lowest_suction_pressure.unwrap(),
        result.highest_velocity,
        result.short_of_pressure,
    ]
}

#[test]
fn derivatives_of_a_line_are_those_of_differences() {
    for flow in [35e3, 70e3] {
        check_derivatives(
            [flow, 9.5e6, 305.0, 130e3, 9.81e6, 50e3, NET_HEAT],
            line_outputs,
            line_outputs,
        );
    }
}

fn stations_outputs<S: Scalar>(inputs: [S; 5]) -> [S; 4] {
    let [flow, pressure, temperature, ratio, efficiency] = inputs;
    let by_ratio = Station {
        discharge: Discharge::Ratio(ratio),
        efficiency: CompressorEfficiency::Isentropic(efficiency),
        ..station()
    };
    // the second lets down what the first has raised
    let sections = [section(Some(by_ratio)), section(Some(station()))];
    let net_heat = S::from_f64(NET_HEAT);
    let result =
        line(&sections).solve(&RealGas, net_heat, flow, pressure, temperature, &mut |_| ());
    [result.delivered_pressure, result.delivered_temperature, result.power, result.highest_velocity]
}

#[test]
fn derivatives_of_stations_by_ratio_and_of_let_down_are_those_of_differences() {
    check_derivatives([20e3, 9e6, 305.0, 1.25, 0.8], stations_outputs, stations_outputs);
}
