//! The stage against flow equations put together by hand, and against itself.

use super::*;
use gaschain::flow::{FrictionLaw, Line, LineResult, Loop, Pipe, Section, Soil, Station};
use gaschain::gas::{GergSpecies, NaturalGas};

/// What a line of these tests is made of, for putting it together by hand.
struct Hand {
    sites: Vec<StationSite>,
    outlet_height: f64,
    in_service: Vec<bool>,
    law: FrictionLaw,
    looped_m: f64,
    cooled: bool,
}

impl Hand {
    fn of(sites: &[StationSite]) -> Self {
        Self {
            sites: sites.to_vec(),
            outlet_height: 0.0,
            in_service: vec![true; sites.len()],
            law: FrictionLaw::StoGazprom,
            looped_m: 0.0,
            cooled: true,
        }
    }

    /// The line with [`SETTINGS`], by the flow equations alone.
    fn solve(&self, flow: f64) -> LineResult<f64> {
        let slate = slate();
        let mut moles = vec![0.0; slate.len()];
        let mut heat = 0.0;
        for (name, share) in FEED {
            let index = slate.index(name).unwrap();
            moles[index] = share * flow;
            heat += share * slate.iter().nth(index).unwrap().net_heat_25().unwrap();
        }
        let gas = NaturalGas::gerg_2008(&GergSpecies::new(&slate), &moles).unwrap();
        let pipe = Pipe {
            inner_diameter: 1.020 - 2.0 * 0.016,
            outer_diameter: 1.020,
            roughness: 2e-5,
            efficiency: 0.95,
        };
        // the ends of sections: the inlet, the stations, the delivery point
        let mut points = vec![(0.0, 0.0, None)];
        for (site, &in_service) in self.sites.iter().zip(&self.in_service) {
            let station = Station {
                in_service,
                discharge_pressure: 7.4e6,
                polytropic_efficiency: 0.82,
                mechanical_efficiency: 0.98,
                driver_efficiency: 0.34,
                aftercooler_temperature: self.cooled.then_some(298.15),
            };
            if site.at == 0.0 {
                points.clear();
            }
            points.push((site.at, site.height, Some(station)));
        }
        points.push((1.0, self.outlet_height, None));
        let sections: Vec<Section<f64>> = points
            .windows(2)
            .map(|ends| Section {
                station: ends[0].2,
                length: 600e3 * (ends[1].0 - ends[0].0),
                elevation_gain: ends[1].1 - ends[0].1,
                loops: (self.looped_m > 0.0)
                    .then_some(Loop { pipe, share_of_length: self.looped_m / 600e3 }),
            })
            .collect();
        let line = Line {
            sections: &sections,
            pipe,
            soil: Soil { temperature: 278.15, heat_transfer: 1.5 },
            friction: self.law,
            segments_per_section: 2,
            pressure_floor: 1e5,
        };
        line.solve(&gas, heat, flow, 7.4e6, 293.15, &mut |_| ())
    }

    /// Holds the stage's loads and streams against it.
    #[track_caller]
    fn check(&self, changes: &[(&str, &str)], flow: f64) {
        let chain = chain(&self.sites, self.outlet_height);
        let solved = at(&chain, &set(&chain, changes), flow);
        let by_hand = self.solve(flow);
        let near = |got: f64, expected: f64| close(got, expected, 1e-9);
        near(load(&solved, "delivery_pressure"), by_hand.delivered_pressure / 1e6);
        near(load(&solved, "delivery_temperature") + 273.15, by_hand.delivered_temperature);
        near(load(&solved, "compression_ratio"), by_hand.highest_ratio);
        near(load(&solved, "power"), by_hand.power / 1e6);
        near(load(&solved, "station_load"), by_hand.largest_station_power / 20e6 * 100.0);
        let suction = by_hand.lowest_suction_pressure.unwrap_or(7.4e6);
        near(load(&solved, "suction_pressure"), suction / 1e6);
        near(moles(&solved, "line.burned"), by_hand.fuel_molar_flow);
        near(moles(&solved, "line.delivered"), by_hand.delivered_molar_flow);
        // % per 1,000 km
        near(load(&solved, "own_needs"), by_hand.fuel_molar_flow / flow / 600e3 * 1e8);
    }
}

fn moles(solved: &Solved<'_>, port: &str) -> f64 {
    solved.stream(port).unwrap().mol_per_s()
}

#[test]
fn the_stage_is_the_line_put_together_by_hand() {
    for flow in [1.0, 4e3, 12e3] {
        Hand::of(&three()).check(&[], flow);
    }
}

#[test]
fn every_friction_law_is_the_one_that_is_named() {
    let names = [
        ("colebrook_white", FrictionLaw::ColebrookWhite),
        ("sto_gazprom", FrictionLaw::StoGazprom),
        ("weymouth", FrictionLaw::Weymouth),
        ("panhandle_a", FrictionLaw::PanhandleA),
        ("panhandle_b", FrictionLaw::PanhandleB),
        ("aga_fully_turbulent", FrictionLaw::AgaFullyTurbulent),
    ];
    assert_eq!(names.map(|(_, law)| law), FrictionLaw::ALL);
    for (name, law) in names {
        Hand { law, ..Hand::of(&three()) }.check(&[("line.friction", name)], 11e3);
    }
}

#[test]
fn stations_loops_coolers_and_heights_are_where_they_belong() {
    let hot = Hand { cooled: false, ..Hand::of(&three()) };
    hot.check(&[("line.aftercoolers", "false")], 11e3);

    let out = Hand { in_service: vec![true, false, true], ..Hand::of(&three()) };
    out.check(&[("line.second.units", "0")], 9e3);
    let none = Hand { in_service: vec![false; 3], ..Hand::of(&three()) };
    let all_out =
        [("line.first.units", "0"), ("line.second.units", "0"), ("line.third.units", "0")];
    none.check(&all_out, 5e3);
    Hand::of(&[]).check(&[], 5e3);

    for (length, looped_m) in [("150 km", 150e3), ("600 km", 600e3)] {
        Hand { looped_m, ..Hand::of(&three()) }.check(&[("line.loops", length)], 14e3);
    }

    let hills = sites(&[(0.0, 0.0), (0.3, 400.0), (0.6, -150.0)]);
    Hand { outlet_height: 900.0, ..Hand::of(&hills) }.check(&[], 11e3);
}

#[test]
fn a_station_of_its_own_is_told_apart() {
    let chain = chain(&sites(&[(0.0, 0.0), (0.4, 0.0), (0.7, 0.0)]), 0.0);
    let changes = [("line.inlet_pressure", "5.6 MPa"), ("line.second.units", "0")];
    let solved = at(&chain, &set(&chain, &changes), 9e3);
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
    let solved = at(&chain, &set(&chain, &[("line.inlet_pressure", "8 MPa")]), 3e3);
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
    let solved = at(&chain, &set(&chain, &[]), 1e3);
    assert!(load(&solved, "delivery_pressure") > 7.6);
    close(load(&solved, "highest_pressure"), load(&solved, "delivery_pressure"), 0.0);
}

#[test]
fn fuel_is_power_over_efficiency_and_has_the_feeds_composition() {
    let chain = chain(&three(), 0.0);
    let solved = at(&chain, &set(&chain, &[]), 12e3);
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
    assert!(solved.balances().iter().all(|balance| balance.residual < 1e-14));
}

#[test]
fn what_helps_and_what_hinders() {
    let chain = chain(&three(), 0.0);
    let limited = |more: &[(&str, &str)]| {
        let limits = [("power", "100 %"), ("suction", "4 MPa"), ("delivery", "4 MPa")];
        let changes: Vec<_> = limits.iter().chain(more).copied().collect();
        accepted(&at(&chain, &set(&chain, &changes), 1e5))
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
    let doubled = at(&chain, &set(&chain, &[("line.loops", "600 km")]), 2e4);
    let single = at(&chain, &set(&chain, &[]), 1e4);
    let delivery = |solved| load(solved, "delivery_pressure");
    close(delivery(&doubled), delivery(&single), 1e-9);
    close(load(&doubled, "power"), 2.0 * load(&single, "power"), 1e-9);
}

#[test]
fn no_flow_and_hardly_any() {
    let chain = chain(&three(), 300.0);
    let values = set(&chain, &[]);
    let rest = at(&chain, &values, 0.0);
    for (name, expected) in [
        ("station_load", 0.0),
        ("compression_ratio", 1.0),
        ("suction_pressure", 7.4),
        ("highest_pressure", 7.4),
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
        let solved = at(&chain, &values, flow);
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
    let none = at(&chain, &set(&chain, &changes), 9e3);
    let short = at(&chain, &set(&chain, &[("line.length", "0.001 km"), changes[1]]), 9e3);
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
    let solved = at(&chain, &set(&chain, &changes), 5e4);
    close(accepted(&solved), 5e4, 0.0);
    assert_eq!(solved.inlet("field").unwrap().stopped_by, ["fully drawn"]);
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
    try_at(chain, &set(chain, changes), flow).expect_err("this has no solution").to_string()
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
fn of(chain: &Chain, parts: &[(&str, f64)]) -> Result<f64, String> {
    let mut values = chain.values();
    let parts = parts.iter().map(|(name, share)| ((*name).to_owned(), *share)).collect();
    chain.set(&mut values, "field.composition", Value::Composition(parts)).unwrap();
    try_at(chain, &values, 1e3)
        .map(|solved| load(&solved, "power"))
        .map_err(|error| error.to_string())
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
