//! What a line carries between two pressures, and what inlet it asks for.

use super::line::{NET_HEAT, line, section, station};
use super::*;

fn delivered<S: Scalar>(of: &Line<'_, S>, flow: S, pressure: S) -> LineResult<S> {
    let (heat, temperature) = (S::from_f64(NET_HEAT), S::from_f64(300.0));
    of.solve(&RealGas, heat, flow, pressure, temperature, &mut |_| {})
}

#[test]
fn a_line_carries_what_arrives_at_the_pressure_asked_for() {
    for sections in [
        vec![section(None), section(None)],
        vec![section(None), section(Some(station())), section(None)],
        vec![section(Some(station())).looped(pipe(), 30e3)],
    ] {
        let line = line(&sections);
        for asked in [6e6, 8e6, 9e6] {
            let flow = line.molar_flow_for(&RealGas, NET_HEAT, INLET, 300.0, asked).unwrap();
            let end = delivered(&line, flow, INLET);
            assert!(close(end.delivered_pressure, asked, 1e-12), "{asked}: {end:?}");
            assert!(end.short_of_pressure.to_bits() == 0.0_f64.to_bits());
        }
    }
}

#[test]
fn a_line_without_stations_gives_back_its_inlet_pressure() {
    let sections = [section(None), section(None).looped(pipe(), 60e3)];
    let line = line(&sections);
    let end = delivered(&line, FLOW, 9e6);
    let inlet =
        line.inlet_pressure_for(&RealGas, NET_HEAT, FLOW, 300.0, end.delivered_pressure).unwrap();
    assert!(close(inlet, 9e6, 1e-12), "{inlet}");
}

#[test]
fn what_a_station_decides_or_lacks_before_is_said() {
    let sections = [section(None), section(Some(station())), section(None)];
    let line = line(&sections);
    // the station's set point, not the inlet, decides what arrives
    let error = line.inlet_pressure_for(&RealGas, NET_HEAT, FLOW, 300.0, 9.7e6).unwrap_err();
    assert!(matches!(error, SizingError::OutOfReach { .. }), "{error}");
    // from a low inlet the station runs dry before the end is down to what is asked for
    let error = line.molar_flow_for(&RealGas, NET_HEAT, 3e6, 300.0, 2e6).unwrap_err();
    let SizingError::OutOfReach { nearest, at, .. } = error else { panic!("{error}") };
    assert!(nearest > 2e6);
    let short = |flow: f64| delivered(&line, flow, 3e6).short_of_pressure > 0.0;
    assert!(!short(at) && short(at * (1.0 + 1e-9)), "{at}");
}

fn carried<S: Scalar>([inlet, temperature, asked, heat]: [S; 4]) -> [S; 1] {
    let sections = [section(None), section(Some(station())), section(None)];
    let line = line(&sections);
    [line.molar_flow_for(&RealGas, heat, inlet, temperature, asked).unwrap()]
}

#[test]
fn gradients_of_what_a_line_carries_are_those_of_differences() {
    check_derivatives([INLET, 300.0, 8e6, NET_HEAT], carried, carried);
}

#[test]
fn what_would_be_faster_than_sound_is_said_and_not_found() {
    let short = Section { length: 100.0, ..section(None) };
    let narrow = Pipe { inner_diameter: 0.3, outer_diameter: 0.32, ..pipe() };
    let sections = [short];
    let line = Line { pipe: narrow, ..line(&sections) };
    let flow = line.molar_flow_for(&RealGas, NET_HEAT, 9.81e6, 293.15, 3e5);
    let inlet = line.inlet_pressure_for(&RealGas, NET_HEAT, 10e3, 293.15, 3e5);
    for (found, name) in [(flow, "molar flow at the inlet, mol/s,"), (inlet, "inlet pressure, Pa,")]
    {
        let Err(SizingError::Supersonic { sought, velocity, speed_of_sound, .. }) = found else {
            panic!("{name} {found:?}")
        };
        assert!(sought == name && velocity > speed_of_sound);
    }
    assert!(line.molar_flow_for(&RealGas, NET_HEAT, 9.81e6, 293.15, 9.7e6).is_ok());
}
