//! The stage by hydraulics is the line put together by hand of the flow equations.

use crate::stage::kinds::pipeline::hydraulics::moles;
use crate::stage::kinds::pipeline::line::{FEED, at, chain, load, set, sites, slate, three};
use crate::support::compare::close;
use gaschain::flow::{
    CompressorEfficiency, Discharge, FrictionLaw, Line, LineResult, Loop, Pipe, Section, Soil,
    Station,
};
use gaschain::gas::{GergSpecies, NaturalGas};
use gaschain::stage::StationSite;

/// What a line of these tests is made of, for putting it together by hand.
struct Hand {
    sites: Vec<StationSite>,
    outlet_height: f64,
    in_service: Vec<bool>,
    law: FrictionLaw,
    looped_m: f64,
    cooled: bool,
    discharge: Discharge<f64>,
    efficiency: CompressorEfficiency<f64>,
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
            discharge: Discharge::Pressure(7.4e6),
            efficiency: CompressorEfficiency::Polytropic(0.82),
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
            friction_factor: 0.0087,
        };
        // the ends of sections: the inlet, the stations, the delivery point
        let mut points = vec![(0.0, 0.0, None)];
        for (site, &in_service) in self.sites.iter().zip(&self.in_service) {
            let station = Station {
                in_service,
                discharge: self.discharge,
                efficiency: self.efficiency,
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
        let solved = at(&set(&chain, changes), flow);
        let by_hand = self.solve(flow);
        let near = |got: f64, expected: f64| close(got, expected, 1e-9);
        near(load(&solved, "delivery_pressure"), by_hand.delivered_pressure / 1e6);
        near(load(&solved, "delivery_temperature") + 273.15, by_hand.delivered_temperature);
        near(load(&solved, "compression_ratio"), by_hand.highest_ratio);
        near(load(&solved, "power"), by_hand.power / 1e6);
        near(load(&solved, "highest_velocity"), by_hand.highest_velocity);
        near(load(&solved, "station_load"), by_hand.largest_station_power / 20e6 * 100.0);
        let suction = by_hand.lowest_suction_pressure.unwrap_or(7.4e6);
        near(load(&solved, "suction_pressure"), suction / 1e6);
        near(moles(&solved, "line.burned"), by_hand.fuel_molar_flow);
        near(moles(&solved, "line.delivered"), by_hand.delivered_molar_flow);
        // % per 1,000 km
        near(load(&solved, "own_needs"), by_hand.fuel_molar_flow / flow / 600e3 * 1e8);
    }
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
        ("given", FrictionLaw::Given),
    ];
    assert_eq!(names.map(|(_, law)| law), FrictionLaw::ALL);
    for (name, law) in names {
        let changes = [("line.friction", name), ("line.friction_factor", "0.0087 ratio")];
        let count = if law == FrictionLaw::Given { 2 } else { 1 };
        Hand { law, ..Hand::of(&three()) }.check(&changes[..count], 11e3);
    }
}

#[test]
fn stations_by_ratio_and_by_isentropic_efficiency_are_those_that_are_named() {
    let ratio = [("line.station_control", "compression_ratio"), ("line.station_ratio", "1.25")];
    let efficiency = [("line.efficiency", "isentropic"), ("line.isentropic_efficiency", "78 %")];
    let discharge = Discharge::Ratio(1.25);
    let isentropic = CompressorEfficiency::Isentropic(0.78);
    Hand { discharge, ..Hand::of(&three()) }.check(&ratio, 9e3);
    Hand { efficiency: isentropic, ..Hand::of(&three()) }.check(&efficiency, 11e3);
    let both = [ratio, efficiency].concat();
    Hand { discharge, efficiency: isentropic, ..Hand::of(&three()) }.check(&both, 9e3);
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
