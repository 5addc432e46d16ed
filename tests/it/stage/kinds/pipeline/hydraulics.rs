//! The stage by hydraulics against itself: what each station states, what helps and what hinders,
//! no flow, no length, and what has no meaning.

use crate::stage::kinds::pipeline::line::{
    FEED, accepted, at, chain, load, set, sites, three, try_at,
};
use crate::support::compare::close;
use gaschain::chain::Chain;
use gaschain::param::Value;
use gaschain::solved::Solved;

pub fn moles(solved: &Solved, port: &str) -> f64 {
    solved.stream(port).unwrap().mol_per_s()
}

#[test]
fn a_station_of_its_own_is_told_apart() {
    let chain = chain(&sites(&[(0.0, 0.0), (0.4, 0.0), (0.7, 0.0)]), 0.0);
    let changes = [("line.inlet_pressure", "5.6 MPa"), ("line.second.units", "0")];
    let solved = at(&set(&chain, &changes), 9e3);
    // what enters the line arrives at the station that stands there
    close(load(&solved, "first.suction_pressure"), 5.6, 1e-12);
    close(load(&solved, "first.suction_temperature"), 20.0, 1e-12);
    close(load(&solved, "first.discharge_pressure"), 7.4, 1e-12);
    close(load(&solved, "first.discharge_temperature"), 25.0, 1e-12);
    close(load(&solved, "first.ratio"), 7.4 / 5.6, 1e-12);
    // one out of service lets the gas through
    let second = |name: &str| load(&solved, &format!("second.{name}"));
    close(second("discharge_pressure"), second("suction_pressure"), 0.0);
    close(second("discharge_temperature"), second("suction_temperature"), 0.0);
    close(second("ratio"), 1.0, 0.0);
    close(second("power"), 0.0, 0.0);
    // and the line's own loads are the extremes of the stations'
    let third = |name: &str| load(&solved, &format!("third.{name}"));
    close(load(&solved, "suction_pressure"), third("suction_pressure").min(5.6), 0.0);
    let ratio = third("ratio").max(load(&solved, "first.ratio"));
    close(load(&solved, "compression_ratio"), ratio, 0.0);
    let powers = ["first", "second", "third"].map(|name| load(&solved, &format!("{name}.power")));
    close(load(&solved, "power"), powers.iter().sum(), 1e-12);
    close(load(&solved, "station_load"), powers[0].max(powers[2]) / 20.0 * 100.0, 1e-12);
}

#[test]
fn gas_above_the_set_point_is_let_down_and_counts_as_no_compression() {
    let chain = chain(&sites(&[(0.0, 0.0)]), 0.0);
    let solved = at(&set(&chain, &[("line.inlet_pressure", "8 MPa")]), 3e3);
    close(load(&solved, "first.suction_pressure"), 8.0, 1e-12);
    close(load(&solved, "first.discharge_pressure"), 7.4, 1e-12);
    close(load(&solved, "first.ratio"), 1.0, 0.0);
    close(load(&solved, "compression_ratio"), 1.0, 0.0);
    close(load(&solved, "power"), 0.0, 0.0);
    assert!(load(&solved, "first.discharge_temperature") < 20.0);
}

#[test]
fn the_highest_pressure_may_be_at_the_foot_of_a_slope() {
    let chain = chain(&three(), -800.0);
    let solved = at(&set(&chain, &[]), 1e3);
    assert!(load(&solved, "delivery_pressure") > 7.6);
    close(load(&solved, "highest_pressure"), load(&solved, "delivery_pressure"), 0.0);
}

#[test]
fn fuel_is_power_over_efficiency_and_has_the_feeds_composition() {
    let chain = chain(&three(), 0.0);
    let solved = at(&set(&chain, &[]), 12e3);
    let burned = solved.get("line.burned.energy").unwrap().unwrap() * 1e9 / 8760.0 / 3600.0; // MW
    close(burned * 0.34, load(&solved, "power"), 1e-9);
    for port in ["line.burned", "line.delivered"] {
        let stream = solved.stream(port).unwrap();
        let fractions = stream.mole_fractions().unwrap();
        assert_eq!(fractions.len(), FEED.len());
        for (name, share) in FEED {
            let (_, got) = fractions.iter().find(|(other, _)| *other == name).unwrap();
            close(*got, share, 1e-12);
        }
    }
    assert!(solved.balances().all(|balance| balance.residual < 1e-14));
}

#[test]
fn what_helps_and_what_hinders() {
    let chain = chain(&three(), 0.0);
    let limited = |more: &[(&str, &str)]| {
        let limits = [("power", "100 %"), ("suction", "4 MPa"), ("delivery", "4 MPa")];
        let changes: Vec<_> = limits.iter().chain(more).copied().collect();
        accepted(&at(&set(&chain, &changes), 1e5))
    };
    let base = limited(&[]);
    assert!(base > 5e3 && base < 3e4, "{base}");
    let mut carried = base;
    for loops in ["1 km", "100 km", "400 km", "600 km"] {
        let more = limited(&[("line.loops", loops)]);
        assert!(more > carried, "{loops}");
        carried = more;
    }
    for out in ["line.first.units", "line.second.units", "line.third.units"] {
        assert!(limited(&[(out, "0")]) < base, "{out}");
    }
    assert!(limited(&[("line.soil_temperature", "-5 degC")]) > base);
    assert!(limited(&[("line.soil_temperature", "15 degC")]) < base);
    assert!(limited(&[("line.roughness", "0.05 mm")]) < base);
    assert!(limited(&[("line.pipe_efficiency", "90 %")]) < base);
    assert!(limited(&[("line.diameter", "1040 mm")]) > base);
    // with the whole line doubled, pressures are those of half the flow
    let doubled = at(&set(&chain, &[("line.loops", "600 km")]), 2e4);
    let single = at(&set(&chain, &[]), 1e4);
    let delivery = |solved| load(solved, "delivery_pressure");
    close(delivery(&doubled), delivery(&single), 1e-9);
    close(load(&doubled, "power"), 2.0 * load(&single, "power"), 1e-9);
}

#[test]
fn a_line_that_stands_still_for_a_part_of_the_year_runs_at_a_higher_rate() {
    let chain = chain(&three(), 0.0);
    let part = at(&set(&chain, &[("line.availability", "90 %")]), 9e3);
    let whole = at(&set(&chain, &[]), 1e4);
    for found in whole.loads() {
        let own = part.loads().find(|other| other.load == found.load).unwrap();
        close(own.value.unwrap(), found.value.unwrap(), 1e-12);
    }
    // of the year's gas the same share is burned
    close(moles(&part, "line.burned"), 0.9 * moles(&whole, "line.burned"), 1e-12);
    close(moles(&part, "line.delivered"), 0.9 * moles(&whole, "line.delivered"), 1e-12);
    // so that a limit lets as much less through
    let limited = |availability| {
        let limits =
            [("delivery", "5 MPa"), ("power", "100 %"), ("line.availability", availability)];
        accepted(&at(&set(&chain, &limits), 1e5))
    };
    close(limited("80 %"), 0.8 * limited("100 %"), 1e-9);
}

#[test]
fn a_line_that_never_runs_carries_nothing() {
    let chain = chain(&three(), 0.0);
    let never = [("line.availability", "0 %")];
    close(load(&at(&set(&chain, &never), 0.0), "delivery_pressure"), 7.4, 0.0);
    assert_eq!(
        fails(&chain, &never, 1e3),
        "line: flow through a line that never runs, mol/s is 1000; allowed: 0 at an availability of 0"
    );
}

#[test]
fn stations_by_ratio_raise_what_comes_by_it() {
    let chain = chain(&sites(&[(0.0, 0.0), (0.5, 0.0)]), 0.0);
    let by = [
        ("line.station_control", "compression_ratio"),
        ("line.station_ratio", "1.3"),
        ("line.inlet_pressure", "6 MPa"),
    ];
    let solved = at(&set(&chain, &by), 8e3);
    close(load(&solved, "first.discharge_pressure"), 7.8, 1e-12);
    let suction = load(&solved, "second.suction_pressure");
    close(load(&solved, "second.discharge_pressure"), 1.3 * suction, 1e-12);
    close(load(&solved, "compression_ratio"), 1.3, 1e-12);
    let highest = (1.3 * suction).max(7.8);
    close(load(&solved, "highest_pressure"), highest, 1e-12);
}

#[test]
fn pipe_efficiency_counts_with_every_law() {
    let chain = chain(&[], 0.0);
    for law in [
        "colebrook_white",
        "sto_gazprom",
        "weymouth",
        "panhandle_a",
        "panhandle_b",
        "aga_fully_turbulent",
        "given",
    ] {
        let carried = |efficiency: &str| {
            let changes = [
                ("delivery", "6 MPa"),
                ("line.pipe_efficiency", efficiency),
                ("line.friction", law),
                ("line.friction_factor", "0.009"),
            ];
            let count = if law == "given" { 4 } else { 3 };
            accepted(&at(&set(&chain, &changes[..count]), 1e5))
        };
        // flow in proportion, but for what friction factors fall with it
        let ratio = carried("90 %") / carried("100 %");
        assert!((ratio - 0.9).abs() < 0.012, "{law}: {ratio}");
    }
}

#[test]
fn a_number_waits_while_another_name_is_chosen_on_top_of_the_chains_own() {
    let chain = chain(&three(), 0.0);
    let mut case = chain.case();
    // the chain's own polytropic efficiency waits
    case.set_all([("line.efficiency", "isentropic"), ("line.isentropic_efficiency", "80 %")])
        .unwrap();
    let isentropic = load(&at(&case, 1e4), "power");
    case.set_all([("line.efficiency", "polytropic"), ("line.isentropic_efficiency", "not given")])
        .unwrap();
    let polytropic = load(&at(&case, 1e4), "power");
    // 82 % polytropic are some 81.3 % isentropic at such ratios
    assert!(isentropic > 1.01 * polytropic && isentropic < 1.03 * polytropic);
    // what is set beside another name does not
    let fault = |changes: &[(&str, &str)]| {
        chain.case().set_all(changes.iter().copied()).unwrap_err().to_string()
    };
    assert_eq!(
        fault(&[("line.friction_factor", "0.01")]),
        "line.friction_factor: 0.01 with line.friction = \"sto_gazprom\"; allowed: a value with \
         \"given\" only"
    );
    assert_eq!(
        fault(&[("line.station_control", "compression_ratio")]),
        "value of parameter \"line.station_ratio\" is missing"
    );
    assert_eq!(
        fault(&[("line.friction", "gven"), ("line.friction_factor", "0.01")]),
        "line.friction: unknown name \"gven\"; nearest: \"given\""
    );
}

#[test]
fn the_highest_velocity_is_where_pressure_is_lowest_and_can_be_limited() {
    let chain = chain(&[], 0.0);
    let mut case = set(&chain, &[("line.loops", "0 km")]);
    let solved = at(&case, 8e3);
    let (pressure, temperature) =
        (load(&solved, "delivery_pressure") * 1e6, load(&solved, "delivery_temperature") + 273.15);
    let area = std::f64::consts::PI / 4.0 * (1.020_f64 - 2.0 * 0.016).powi(2);
    let ideal = 8e3 * 8.314_462_618 * temperature / pressure / area;
    let velocity = load(&solved, "highest_velocity");
    // Z of a lean gas at such pressures
    assert!((0.8..1.0).contains(&(velocity / ideal)), "{velocity} of {ideal}");
    // where all of it is looped, each pipe has half
    case = set(&chain, &[("line.loops", "600 km")]);
    close(load(&at(&case, 16e3), "highest_velocity"), velocity, 1e-9);
}

#[test]
fn gas_beyond_the_speed_of_sound_is_an_error_that_names_both() {
    let chain = chain(&[], 0.0);
    let narrow = [
        ("line.length", "0.05 km"),
        ("line.diameter", "200 mm"),
        ("line.wall", "10 mm"),
        ("line.segments", "40"),
    ];
    let mut said = String::new();
    for flow in (1..120).map(|step| 250.0 * f64::from(step)) {
        match try_at(&set(&chain, &narrow), flow) {
            Ok(solved) => assert!(load(&solved, "highest_velocity") < 450.0),
            Err(error) => {
                said = error.to_string();
                break;
            }
        }
    }
    assert!(said.starts_with("line: velocity of the gas 0.050 km from the inlet is "), "{said}");
    assert!(said.contains(" m/s; allowed: up to the speed of sound there, "), "{said}");
}

#[test]
fn no_flow_and_hardly_any() {
    let chain = chain(&three(), 300.0);
    let case = set(&chain, &[]);
    let rest = at(&case, 0.0);
    for (name, expected) in [
        ("station_load", 0.0),
        ("compression_ratio", 1.0),
        ("suction_pressure", 7.4),
        ("highest_pressure", 7.4),
        ("highest_velocity", 0.0),
        ("delivery_pressure", 7.4),
        ("delivery_temperature", 5.0),
        ("power", 0.0),
        ("own_needs", 0.0),
        ("second.ratio", 1.0),
        ("second.power", 0.0),
    ] {
        close(load(&rest, name), expected, 1e-12);
    }
    // hardly any gas takes the soil's temperature, and weighs what it weighs
    let mut last = None;
    for flow in [1e-30, 1e-12, 1e-6, 1e-3] {
        let solved = at(&case, flow);
        let delivered = load(&solved, "delivery_pressure");
        close(load(&solved, "delivery_temperature") + 273.15, 278.15, 1e-6);
        close(delivered, last.unwrap_or(delivered), 1e-6);
        assert!(delivered < 7.4 && delivered > 7.1, "{delivered}");
        last = Some(delivered);
    }
}

#[test]
fn a_line_without_length_is_its_stations() {
    let chain = chain(&sites(&[(0.0, 0.0)]), 0.0);
    let changes = [("line.length", "0 km"), ("line.inlet_pressure", "5 MPa")];
    let none = at(&set(&chain, &changes), 9e3);
    let short = at(&set(&chain, &[("line.length", "0.001 km"), changes[1]]), 9e3);
    close(load(&none, "delivery_pressure"), 7.4, 1e-12);
    close(load(&none, "power"), load(&short, "power"), 1e-9);
    close(load(&none, "own_needs"), 0.0, 0.0); // a share per length, and there is none
    assert!(load(&none, "power") > 1.0);
}

#[test]
fn by_own_needs_nothing_of_the_hydraulics_counts() {
    let chain = chain(&three(), 0.0);
    let changes = [
        ("line.mode", "own_needs"),
        ("power", "1 %"),
        ("suction", "7.3 MPa"),
        ("delivery", "20 MPa"),
        ("highest", "1 MPa"),
        ("own", "0.01 %/1000 km"),
    ];
    let solved = at(&set(&chain, &changes), 5e4);
    close(accepted(&solved), 5e4, 0.0);
    assert!(solved.inlet("field").unwrap().stopped_by.is_fully_drawn());
    close(moles(&solved, "line.burned"), 5e4 * 0.015 * 0.6, 1e-12);
    assert!(solved.loads().all(|load| load.value.is_none()));
    let limits: Vec<_> = solved.limits().filter(|limit| limit.capacity.is_some()).collect();
    assert_eq!(limits.len(), 5);
    for limit in limits {
        assert!(limit.load.is_none() && limit.stops.is_empty() && !limit.broken, "{limit:?}");
        assert!(limit.margin.is_none() && limit.utilisation.is_none());
    }
}

#[track_caller]
fn fails(chain: &Chain, changes: &[(&str, &str)], flow: f64) -> String {
    try_at(&set(chain, changes), flow).expect_err("this has no solution").to_string()
}

#[test]
fn what_has_no_meaning_is_said() {
    let chain = chain(&three(), 0.0);
    let message = |changes: &[(&str, &str)]| fails(&chain, changes, 1e4);
    assert_eq!(
        message(&[("line.loops", "750 km")]),
        "line: length of loops over length of the line is 1.25; allowed: at most 1"
    );
    assert_eq!(
        message(&[("line.diameter", "100 mm"), ("line.wall", "60 mm")]),
        "line: diameter less two walls, m is -0.01999999999999999; allowed: above 0"
    );
    assert_eq!(
        message(&[("line.diameter", "50 mm"), ("line.wall", "5 mm"), ("line.roughness", "3 mm")]),
        "line: roughness over inner diameter is 0.075; allowed: at most 0.05"
    );
}

/// A gas of one feed.
pub fn of(chain: &Chain, parts: &[(&str, f64)]) -> Result<f64, String> {
    let mut case = chain.case();
    let parts = parts.iter().map(|(name, share)| ((*name).to_owned(), *share)).collect();
    case.set("field.composition", Value::Composition(parts)).unwrap();
    try_at(&case, 1e3).map(|solved| load(&solved, "power")).map_err(|error| error.to_string())
}

#[test]
fn gases_that_it_cannot_carry() {
    let with = chain(&three(), 0.0);
    assert_eq!(
        of(&with, &[("methane", 0.9), ("ethylene", 0.1)]).unwrap_err(),
        "line: ethylene is 0.1 of the gas, and GERG-2008 does not know it"
    );
    assert_eq!(
        of(&with, &[("methane", 0.9), ("tar", 0.1)]).unwrap_err(),
        "line: heat of combustion of tar is not known"
    );
    // no station runs on nitrogen; without stations it flows like any other gas
    assert_eq!(
        of(&with, &[("nitrogen", 1.0)]).unwrap_err(),
        "line: net heat of the gas that stations burn, W is 0; allowed: above 0 where a station is in service"
    );
    close(of(&chain(&[], 0.0), &[("nitrogen", 1.0)]).unwrap(), 0.0, 0.0);
}
