//! Lines one after the other: what the second begins with is what the first ends with.

use crate::stage::kinds::pipeline::line::{SETTINGS, feed, slate};
use crate::support::compare::close;
use gaschain::chain::{Builder, Chain};
use gaschain::limit::{Limit, Load};
use gaschain::quantity::Unit;
use gaschain::stage::{Blend, Hydraulics, Market, Pipeline, Split, StationSite, Supply};
use gaschain::sweep::Slopes;

/// What is set of each line by itself, or not at all.
const OWN: [&str; 4] = ["length", "own_needs", "inlet_pressure", "inlet_temperature"];

fn add(chain: &mut Builder, name: &str, length: &str, stations: &[(&str, f64)]) {
    let sites =
        stations.iter().map(|&(name, at)| StationSite { name: name.into(), at, height: 0.0 });
    let hydraulics = Hydraulics::new(&slate(), sites.collect(), 0.0).unwrap();
    chain.stage(name, Pipeline::with(hydraulics)).set(&format!("{name}.length"), length);
    for (parameter, value) in SETTINGS.into_iter().filter(|(name, _)| !OWN.contains(name)) {
        chain.set(&format!("{name}.{parameter}"), value);
    }
    chain.set(&format!("{name}.segments"), 3.0);
    for (station, _) in stations {
        chain.set(&format!("{name}.{station}.units"), 2.0);
    }
}

fn begins(chain: &mut Builder, name: &str) {
    chain.set(&format!("{name}.inlet_pressure"), "7.2 MPa");
    chain.set(&format!("{name}.inlet_temperature"), "20 degC");
}

/// A field, and a city whose gas a line named `last` delivers.
fn around() -> Builder {
    let slate = slate();
    let mut chain = Builder::new("lines", &slate);
    chain
        .stage("field", Supply::new(&slate).shown_in(Unit::MOL_PER_SECOND))
        .set("field.flow", "9000 mol/s")
        .set("field.composition", feed())
        .stage("city", Market::new("sold"))
        .leaving_as_product("city.sold");
    chain
}

fn built(chain: Builder) -> Chain {
    chain.build().unwrap_or_else(|faults| panic!("{faults}"))
}

fn limited(chain: &mut Builder, line: &str) {
    let delivery =
        Limit::at_least("delivery", Load::stated(format!("{line}.delivery_pressure")), "unknown");
    chain.limit(delivery.shown_in(Unit::MEGAPASCAL).throttling(["field"]));
}

/// One line with a station half way, in service or out of it.
fn whole(station: bool) -> Chain {
    let mut chain = around();
    add(&mut chain, "line", "600 km", &[("first", 0.25), ("middle", 0.5), ("last", 0.75)]);
    begins(&mut chain, "line");
    chain.set("line.middle.units", if station { 2.0 } else { 0.0 });
    chain.connect("field -> line").connect("line.delivered -> city");
    chain.leaving_as_loss("line.burned");
    limited(&mut chain, "line");
    built(chain)
}

/// The same of two lines, of which the second is fed `by` what the first delivers.
fn halves(station: bool, between: impl FnOnce(&mut Builder)) -> Builder {
    let mut chain = around();
    add(&mut chain, "upper", "300 km", &[("first", 0.5)]);
    begins(&mut chain, "upper");
    let stations = [("middle", 0.0), ("last", 0.5)];
    add(&mut chain, "lower", "300 km", &stations[usize::from(!station)..]);
    chain.set("lower.inlet", "line_before");
    chain.connect("field -> upper").connect("lower.delivered -> city");
    chain.leaving_as_loss("upper.burned").leaving_as_loss("lower.burned");
    between(&mut chain);
    limited(&mut chain, "lower");
    chain
}

fn directly(chain: &mut Builder) {
    chain.connect("upper.delivered -> lower");
}

#[test]
fn two_in_series_are_one_with_a_station_at_the_joint_and_without() {
    for (station, flow) in [(true, 9e3), (true, 11e3), (false, 7e3), (false, 100.0), (false, 0.0)] {
        let (whole, halves) = (whole(station), built(halves(station, directly)));
        let solve = |chain: &Chain| {
            chain.case().set("field.flow", format!("{flow} mol/s")).unwrap().solve().unwrap()
        };
        let (one, two) = (solve(&whole), solve(&halves));
        let get = |solved: &gaschain::Solved, address: &str| solved.get(address).unwrap().unwrap();
        for load in ["delivery_pressure", "delivery_temperature", "last.suction_pressure"] {
            let (one, two) =
                (get(&one, &format!("line.{load}")), get(&two, &format!("lower.{load}")));
            close(two, one, 1e-12);
        }
        let power = get(&two, "upper.power") + get(&two, "lower.power");
        close(power, get(&one, "line.power"), 1e-12);
        let velocity = get(&two, "upper.highest_velocity").max(get(&two, "lower.highest_velocity"));
        close(velocity, get(&one, "line.highest_velocity"), 1e-12);
        close(get(&two, "city.sold.moles"), get(&one, "city.sold.moles"), 1e-12);
    }
}

#[test]
fn a_limit_at_the_end_of_the_second_opens_the_field_as_of_one_line() {
    for station in [true, false] {
        let accepted = |chain: &Chain, pressure: &str| {
            let mut case = chain.case();
            case.set("field.flow", "30000 mol/s").unwrap().set("delivery", pressure).unwrap();
            let solved = case.solve().unwrap();
            let inlet = solved.inlet("field").unwrap();
            assert_eq!(inlet.stopped_by, ["delivery"]);
            inlet.accepted
        };
        let (whole, halves) = (whole(station), built(halves(station, directly)));
        for pressure in ["6.9 MPa", "7.1 MPa"] {
            close(accepted(&halves, pressure), accepted(&whole, pressure), 1e-9);
        }
    }
}

#[test]
fn gradients_and_sweeps_go_through_the_joint() {
    let inputs = ["field.flow", "%.inlet_pressure", "%.inlet_temperature"];
    let outputs = ["line.delivery_pressure", "line.delivery_temperature", "city.sold.moles"];
    let names = |chain: &Chain, upper: &str, lower: &str| {
        let inputs = inputs.map(|input| input.replace('%', upper));
        let outputs = outputs.map(|output| output.replace("line", lower));
        chain.function(inputs, outputs).unwrap()
    };
    for station in [true, false] {
        let mut one = names(&whole(station), "line", "line");
        let mut two = names(&built(halves(station, directly)), "upper", "lower");
        let mut results = [[0.0; 3]; 2];
        for at in [[8e3, 7.2, 20.0], [9.5e3, 7.4, 15.0], [3e3, 6.9, 30.0]] {
            one.call(&at, &mut results[0]).unwrap();
            two.call(&at, &mut results[1]).unwrap();
            for (one, two) in results[0].iter().zip(&results[1]) {
                close(*two, *one, 1e-11);
            }
            for output in 0..3 {
                let mut slopes = [Slopes::default(), Slopes::default()];
                one.gradient(output, &at, &mut slopes[0]).unwrap();
                two.gradient(output, &at, &mut slopes[1]).unwrap();
                for input in 0..3 {
                    let [one, two] = [0, 1].map(|of: usize| slopes[of].of(input)[0]);
                    close(two, one, 1e-7);
                }
            }
        }
    }
}

#[test]
fn derivatives_by_what_lines_are_told_are_those_of_differences() {
    let mut chain = halves(true, directly);
    chain.set("lower.friction", "given").set("lower.friction_factor", 0.009);
    chain.set("lower.efficiency", "isentropic").set("lower.isentropic_efficiency", "80 %");
    chain.set("lower.polytropic_efficiency", "not given");
    chain.set("lower.station_control", "compression_ratio").set("lower.station_ratio", 1.1);
    chain.set("lower.discharge_pressure", "not given");
    let chain = built(chain);
    let inputs = [
        "upper.inlet_pressure",
        "upper.availability",
        "lower.friction_factor",
        "lower.isentropic_efficiency",
        "lower.station_ratio",
        "lower.availability",
    ];
    let outputs = ["lower.delivery_pressure", "lower.highest_velocity", "lower.power"];
    let mut function = chain.function(inputs, outputs).unwrap();
    let at = [7.2, 97.0, 0.009, 80.0, 1.1, 95.0];
    let mut slopes = Slopes::default();
    for output in 0..outputs.len() {
        function.gradient(output, &at, &mut slopes).unwrap();
        let slopes: Vec<f64> = (0..at.len()).map(|input| slopes.of(input)[0]).collect();
        for (input, slope) in slopes.into_iter().enumerate() {
            let h = 1e-4 * at[input];
            let [above, below] = [h, -h].map(|step| {
                let (mut moved, mut found) = (at, [0.0; 3]);
                moved[input] += step;
                function.call(&moved, &mut found).unwrap();
                found[output]
            });
            let difference = (above - below) / (2.0 * h);
            let allowed = 1e-5 * difference.abs() + 1e-9;
            assert!(
                (slope - difference).abs() < allowed,
                "{} by {}: {slope} against {difference}",
                outputs[output],
                inputs[input]
            );
        }
    }
}

#[test]
fn the_joint_may_be_a_split_or_the_border_of_a_chain() {
    let direct = built(halves(true, directly)).case().solve().unwrap();
    let pressure = direct.value("lower.delivery_pressure").unwrap();

    // nothing else goes off at the split
    let split = halves(true, |chain| {
        chain.stage("fork", Split::new(["branch"], "on")).set("fork.branch", "0 %");
        chain.connect("upper.delivered -> fork").connect("fork.on -> lower");
        chain.leaving_as_loss("fork.branch");
    });
    let split = built(split).case().solve().unwrap();
    close(split.value("lower.delivery_pressure").unwrap(), pressure, 1e-12);

    // the second line in a chain of its own, whose inlet a limit inside may close in part
    let nested = |capacity: &str| {
        let slate = slate();
        let mut inner = Builder::new("grid", &slate);
        inner.inlet("gas").outlet("out").outlet("burned");
        add(&mut inner, "lower", "300 km", &[("middle", 0.0), ("last", 0.5)]);
        inner.set("lower.inlet", "line_before").expose("begins", "lower.inlet");
        inner.connect("gas -> lower").connect("lower.delivered -> out");
        inner.connect("lower.burned -> burned");
        let load = Load::stated("lower.delivery_pressure");
        let delivery = Limit::at_least("delivery", load, capacity);
        inner.limit(delivery.shown_in(Unit::MEGAPASCAL).throttling(["gas"]));
        let mut chain = around();
        add(&mut chain, "upper", "300 km", &[("first", 0.5)]);
        begins(&mut chain, "upper");
        chain.chain("grid", inner);
        chain.connect("field -> upper").connect("upper.delivered -> grid.gas");
        chain.connect("grid.out -> city").leaving_as_loss("grid.gas.surplus");
        chain.leaving_as_loss("upper.burned").leaving_as_loss("grid.burned");
        built(chain)
    };
    let open = nested("unknown").case().solve().unwrap();
    let fault = nested("unknown").case().set("upper.mode", "own_needs").unwrap_err().to_string();
    assert!(fault.starts_with("grid.begins: \"line_before\" behind upper, which"), "{fault}");
    close(open.value("grid.lower.delivery_pressure").unwrap(), pressure, 1e-12);
    // what is refused leaves at the border: the pressure there stays that of the first line
    let capacity = format!("{} MPa", pressure + 0.2);
    let chain = nested(&capacity);
    let mut case = chain.case();
    let held = case.solve().unwrap();
    close(held.value("grid.lower.delivery_pressure").unwrap(), pressure + 0.2, 1e-9);
    let arrives = held.value("upper.delivery_pressure").unwrap();
    close(held.value("grid.lower.middle.suction_pressure").unwrap(), arrives, 1e-12);
    // and the second follows when it moves alone: less flow above, more pressure at the border
    let lower = case.set("field.flow", "8500 mol/s").unwrap().solve().unwrap();
    let arrives = lower.value("upper.delivery_pressure").unwrap();
    close(lower.value("grid.lower.middle.suction_pressure").unwrap(), arrives, 1e-12);
}

/// Two lines in a recycle.
fn in_a_recycle() -> Builder {
    let mut chain = around();
    chain.stage("knot", Blend::new(["fresh", "back"]));
    add(&mut chain, "upper", "300 km", &[]);
    begins(&mut chain, "upper");
    add(&mut chain, "lower", "300 km", &[]);
    chain.set("lower.inlet", "line_before");
    chain.stage("fork", Split::new(["back"], "on")).set("fork.back", "10 %");
    chain.connect("field -> knot.fresh").connect("fork.back -> knot.back");
    chain.connect("knot -> upper").connect("upper.delivered -> lower");
    chain.connect("lower.delivered -> fork").connect("fork.on -> city");
    chain.leaving_as_loss("upper.burned").leaving_as_loss("lower.burned");
    chain
}

#[test]
fn a_line_behind_a_recycle_begins_with_what_the_line_in_it_ends_with() {
    // the fork keeps what the first line delivers; the second is no part of the recycle
    let mut chain = around();
    chain.stage("knot", Blend::new(["fresh", "back"]));
    add(&mut chain, "upper", "300 km", &[]);
    begins(&mut chain, "upper");
    add(&mut chain, "lower", "300 km", &[("middle", 0.0)]);
    chain.set("lower.inlet", "line_before");
    chain.stage("fork", Split::new(["back"], "on")).set("fork.back", "10 %");
    chain.connect("field -> knot.fresh").connect("fork.back -> knot.back");
    chain.connect("knot -> upper").connect("upper.delivered -> fork");
    chain.connect("fork.on -> lower").connect("lower.delivered -> city");
    chain.leaving_as_loss("upper.burned").leaving_as_loss("lower.burned");
    limited(&mut chain, "lower");
    let chain = built(chain);
    let mut case = chain.case();
    let solved = case.set("field.flow", "6000 mol/s").unwrap().solve().unwrap();
    let upper = solved.value("upper.delivery_pressure").unwrap();
    close(solved.value("lower.middle.suction_pressure").unwrap(), upper, 1e-12);
    // and a limit behind it opens the field so far that it holds
    case.set_all([("field.flow", "20000 mol/s"), ("delivery", "6 MPa")]).unwrap();
    let solved = case.solve().unwrap();
    close(solved.value("lower.delivery_pressure").unwrap(), 6.0, 1e-9);
}

fn message(chain: Builder) -> String {
    chain.build().expect_err("it is joined to no line").to_string()
}

#[test]
fn what_is_joined_to_no_line_is_a_fault() {
    let allowed = "; allowed: a pipeline by hydraulics before it, joined directly or through stages \
                   that keep pressure: split, draw";
    let blended = halves(true, |chain| {
        chain.stage("knot", Blend::new(["gas"]));
        chain.connect("upper.delivered -> knot").connect("knot -> lower");
    });
    let expected = format!("lower.inlet: \"line_before\" behind knot.out{allowed}");
    assert_eq!(message(blended), expected);

    let mut from_the_field = around();
    add(&mut from_the_field, "line", "600 km", &[]);
    from_the_field.set("line.inlet", "line_before");
    from_the_field.connect("field -> line").connect("line.delivered -> city");
    from_the_field.leaving_as_loss("line.burned");
    let expected = format!("line.inlet: \"line_before\" behind field.gas{allowed}");
    assert_eq!(message(from_the_field), expected);

    // a line by its own needs states no pressure; by a scenario, it may begin to
    let mut by_own_needs = halves(true, directly);
    by_own_needs.set("upper.mode", "own_needs");
    let expected = format!(
        "lower.inlet: \"line_before\" behind upper, which states no pressure as it is set{allowed}"
    );
    assert_eq!(message(by_own_needs), expected);
    let chain = built(halves(true, directly));
    let fault = chain.case().set("upper.mode", "own_needs").unwrap_err().to_string();
    assert_eq!(fault, expected);

    // behind a recycle gas comes from two sides; of two lines in one, neither is before the other
    let round = halves(true, |chain| {
        chain.stage("fork", Split::new(["back"], "on")).set("fork.back", "10 %");
        chain.stage("knot", Blend::new(["fresh", "back"]));
        chain.connect("upper.delivered -> knot.fresh").connect("knot -> fork");
        chain.connect("fork.back -> knot.back").connect("fork.on -> lower");
    });
    let expected = format!("lower.inlet: \"line_before\" behind knot.out{allowed}");
    assert_eq!(message(round), expected);
    assert_eq!(
        message(in_a_recycle()),
        format!(
            "lower.inlet: \"line_before\" behind upper, with which it lies in one recycle{allowed}"
        )
    );

    // and what is given beside it is no more than a second thought
    let mut given = halves(true, directly);
    given.set("lower.inlet_pressure", "7 MPa").set("lower.inlet_temperature", "280 K");
    assert_eq!(
        message(given),
        "lower.inlet_pressure: 7 MPa with lower.inlet = \"line_before\"; allowed: a \
         value with \"given\" only\nlower.inlet_temperature: 280 K with lower.inlet = \
         \"line_before\"; allowed: a value with \"given\" only"
    );
}
