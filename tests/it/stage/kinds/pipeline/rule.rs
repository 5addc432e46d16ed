//! The operating rule on a line: its capacity is the flow at which the first limit is reached,
//! whatever more is offered.

use crate::stage::kinds::pipeline::line::{
    LIMITS, accepted, add_limits, add_line, at, chain, feed, load, set, sites, slate, three, try_at,
};
use crate::support::compare::close;
use crate::support::seeds::config;
use gaschain::Case;
use gaschain::chain::{Builder, Chain};
use gaschain::limit::{Direction, Limit};
use gaschain::quantity::Unit;
use gaschain::solved::Solved;
use gaschain::stage::{Blend, Market, Supply};
use proptest::prelude::*;

/// Flows at which lines are tried one by one, as the reference that no search can mislead.
const SCANNED: u32 = 400;

/// Whether the limits of [`LIMITS`] that have a capacity hold at a fixed flow; `None` where the
/// line cannot carry it.
fn holds(free: &Case, capacities: &[(&str, f64)], flow: f64) -> Option<bool> {
    let solved = try_at(free, flow).ok()?;
    Some(capacities.iter().all(|(name, capacity)| {
        let (_, load_name, direction, _) =
            LIMITS.iter().find(|(limit, ..)| limit == name).expect("one of the limits");
        let load = load(&solved, load_name);
        match direction {
            Direction::AtMost => load <= *capacity,
            _ => load >= *capacity,
        }
    }))
}

/// Holds what the rule accepts against [`SCANNED`] fixed flows up to `most`.
#[track_caller]
fn scan(free: &Case, capacities: &[(&str, f64)], most: f64, accepted: f64) {
    let mut last = 0.0;
    for step in 1..=SCANNED {
        let flow = most * f64::from(step) / f64::from(SCANNED);
        match holds(free, capacities, flow) {
            Some(true) => last = flow,
            Some(false) => {
                assert!(
                    last <= accepted * (1.0 + 1e-9) && accepted <= flow,
                    "{capacities:?}: {accepted} accepted, the first limit breaks from {last} to {flow}"
                );
                return;
            }
            None => break,
        }
    }
    panic!("{capacities:?}: nothing breaks up to {last}");
}

/// The one limit that stops the field, used to the full.
#[track_caller]
fn used_up(solved: &Solved) -> &str {
    let stopped_by = solved.inlet("field").unwrap().stopped_by;
    assert_eq!(stopped_by.limits().len(), 1);
    let limit = solved.limit(&stopped_by.to_string()).unwrap();
    close(limit.utilisation.unwrap(), 1.0, 1e-9);
    assert!(!limit.broken);
    assert_eq!(limit.stops, ["field"]);
    limit.limit
}

const ALONE: [(&str, &str, f64); 6] = [
    ("power", "80 %", 80.0),
    ("megawatts", "31 MW", 31.0),
    ("ratio", "1.4", 1.4),
    ("suction", "4.9 MPa", 4.9),
    ("delivery", "5.6 MPa", 5.6),
    ("own", "0.9 %/1000 km", 0.9),
];

#[test]
fn each_limit_alone_stops_the_field_however_much_is_offered() {
    for sites in [three(), sites(&[(0.0, 0.0), (0.3, 80.0), (0.6, 120.0)])] {
        let chain = chain(&sites, 50.0);
        for (name, capacity, number) in ALONE {
            let changes = [(name, capacity)];
            let case = set(&chain, &changes);
            let solved = at(&case, 2.5e4);
            let carried = accepted(&solved);
            assert_eq!(used_up(&solved), name);
            scan(&set(&chain, &[]), &[(name, number)], 2e4, carried);
            // 4e5 mol/s is 300 bcm/yr; the line carries 12
            for offered in [carried * 1.000_1, 5e4, 1e5, 4e5, 1e7, 1e10] {
                let solved = at(&case, offered);
                assert_eq!(used_up(&solved), name);
                close(accepted(&solved), carried, 1e-9);
            }
            let enough = at(&case, carried * 0.999_9);
            assert!(enough.inlet("field").unwrap().stopped_by.is_fully_drawn());
        }
    }
}

#[test]
fn of_several_limits_the_first_reached_stops() {
    let chain = chain(&three(), 0.0);
    let alone = |name, capacity| {
        let changes = [(name, capacity)];
        accepted(&at(&set(&chain, &changes), 4e5))
    };
    let each = ALONE.map(|(name, capacity, _)| alone(name, capacity));
    let together = ALONE.map(|(name, capacity, _)| (name, capacity));
    let solved = at(&set(&chain, &together), 4e5);
    close(accepted(&solved), each.into_iter().fold(f64::INFINITY, f64::min), 1e-9);
    let first = each.iter().position(|one| *one < accepted(&solved) * 1.000_001).unwrap();
    assert_eq!(used_up(&solved), ALONE[first].0);
}

#[test]
fn a_set_point_above_the_highest_pressure_lets_nothing_in() {
    let chain = chain(&three(), 0.0);
    let changes = [("highest", "7 MPa"), ("line.inlet_pressure", "6.5 MPa")];
    let solved = at(&set(&chain, &changes), 1e4);
    assert_eq!(solved.inlet("field").unwrap().stopped_by, ["highest"]);
    close(accepted(&solved), 0.0, 0.0);
    // and an inlet above it has no solution at all
    let case = set(&chain, &[("highest", "7 MPa")]);
    let error = try_at(&case, 1e4).expect_err("broken at any flow");
    let cannot_hold = error.cannot_hold();
    assert_eq!(cannot_hold.len(), 1, "{error}");
    assert_eq!(cannot_hold[0].limit, "highest");
    close(cannot_hold[0].load.unwrap(), 7.4, 1e-9);
    close(cannot_hold[0].capacity, 7.0, 1e-12);
}

#[test]
fn a_flow_beyond_the_line_is_an_error_unless_a_limit_keeps_it_away() {
    let chain = chain(&three(), 0.0);
    let error = |case: &Case| try_at(case, 4e5).expect_err("too much").to_string();
    let message = error(&set(&chain, &[]));
    let what =
        "line: pressure that the line lacks for its flow, MPa (root of a sum of squares) is ";
    assert!(message.starts_with(&format!("{what}210.1")), "{message}");
    assert!(message.ends_with("; allowed: 0: it cannot carry so much"), "{message}");
    // limits so wide that they are reached beyond what the line can carry do not help
    assert!(error(&set(&chain, &[("ratio", "80")])).starts_with(what));
    // any that is reached before does
    for (name, capacity, _) in ALONE {
        let case = set(&chain, &[(name, capacity)]);
        assert!(accepted(&at(&case, 4e5)) < 3e4);
    }
}

#[test]
fn states_that_the_gas_is_not_tabulated_for_are_an_error() {
    let chain = chain(&three(), 0.0);
    let error = |changes: &[(&str, &str)], flow| {
        try_at(&set(&chain, changes), flow).expect_err("out of range").to_string()
    };
    assert_eq!(
        error(&[("line.inlet_pressure", "20 MPa")], 1e3),
        "line: pressure along the line, MPa is 20; allowed: up to 9 mol/l and where the table of the gas is good; gas_properties = \"equation\" goes further"
    );
    let hot = [
        ("line.inlet_temperature", "60 degC"),
        ("line.heat_transfer", "0 W/m2K"),
        ("line.discharge_pressure", "11 MPa"),
    ];
    let message = error(&hot, 1e3);
    let what = "line: temperature along the line, K is 370.";
    assert!(
        message.starts_with(what)
            && message.contains("; allowed: 255 to 350, where GERG-2008 is tabulated;"),
        "{message}"
    );
}

#[test]
fn stations_that_burn_more_than_comes_are_an_error() {
    let chain = chain(&three(), 0.0);
    let changes = [
        ("line.inlet_pressure", "0.3 MPa"),
        ("line.polytropic_efficiency", "10 %"),
        ("line.mechanical_efficiency", "10 %"),
        ("line.driver_efficiency", "10 %"),
    ];
    let error = try_at(&set(&chain, &changes), 1.0).expect_err("too much").to_string();
    let what = "line: fuel of the stations over the gas that enters the line is ";
    let told = error.strip_prefix(what).and_then(|rest| rest.strip_suffix("; allowed: at most 1"));
    let share: f64 = told.and_then(|share| share.parse().ok()).unwrap_or_else(|| panic!("{error}"));
    // far beyond what a gas is known at: many steps of the path come to as much within a few per cent
    close(share, 692.0, 0.02);
}

/// A line inside a chain of its own; what it refuses leaves on the inner inlet's surplus.
fn nested(open: bool) -> Chain {
    let slate = slate();
    let mut grid = Builder::new("grid", &slate);
    grid.inlet_in("feed", Unit::MOL_PER_SECOND)
        .outlet("gas")
        .outlet("burned")
        .connect("feed -> line")
        .connect("line.delivered -> gas")
        .connect("line.burned -> burned");
    add_line(&mut grid, &slate, &three(), 0.0);
    add_limits(&mut grid, "feed");
    let mut outer = Builder::new("outer", &slate);
    outer
        .stage("field", Supply::new(&slate).shown_in(Unit::MOL_PER_SECOND))
        .set("field.flow", "0 mol/s")
        .set("field.composition", feed())
        .chain("grid", grid)
        .stage("round", Blend::new(["far", "near"]))
        .stage("city", Market::new("sold"))
        .connect("field -> grid.feed")
        .connect("grid.gas -> round.far")
        .connect_by_switch("grid.feed.surplus -> round.near", "bypass", open)
        .connect("round -> city")
        .limit(Limit::at_most(
            "demand",
            ("city.sold", gaschain::measure::Measure::Moles(None)),
            "unknown",
        ))
        .leaving_as_product("city.sold")
        .leaving_as_loss("grid.burned");
    outer.build().unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn a_line_inside_a_chain_looks_after_itself() {
    let single = chain(&three(), 0.0);
    let (open, closed) = (nested(true), nested(false));
    for (name, capacity, _) in ALONE {
        let inner = format!("grid.{name}");
        let alone = at(&set(&single, &[(name, capacity)]), 4e4);
        let (carried, delivered) =
            (accepted(&alone), alone.get("line.delivered.moles").unwrap().unwrap());

        // refusals joined: they go round the line
        let solved = at(&set(&open, &[(&inner, capacity)]), 4e4);
        close(accepted(&solved), 4e4, 0.0);
        assert!(solved.inlet("field").unwrap().stopped_by.is_fully_drawn());
        let line = solved.inlet("grid.feed").unwrap();
        close(line.accepted, carried, 1e-9);
        assert_eq!(line.stopped_by, [inner.as_str()]);
        let sold = solved.get("city.sold.moles").unwrap().unwrap();
        close(sold, delivered + 4e4 - carried, 1e-9);

        // refusals not joined: they stop the field
        let solved = at(&set(&closed, &[(&inner, capacity)]), 4e4);
        close(accepted(&solved), carried, 1e-9);
        assert_eq!(solved.inlet("field").unwrap().stopped_by, [inner.as_str()]);
        close(solved.limit(&inner).unwrap().utilisation.unwrap(), 1.0, 1e-9);
        close(solved.get("city.sold.moles").unwrap().unwrap(), delivered, 1e-9);
    }
}

#[test]
fn demand_outside_is_met_with_what_goes_round_the_line() {
    let chain = nested(true);
    // the line is full at about 12,000 mol/s: beyond, all that comes more goes round
    for demand in [6e3, 3e4] {
        let text = format!("{demand} mol/s");
        let case = set(&chain, &[("demand", &text), ("grid.power", "80 %")]);
        let solved = at(&case, 4e4);
        close(solved.get("city.sold.moles").unwrap().unwrap(), demand, 1e-9);
        assert_eq!(solved.inlet("field").unwrap().stopped_by, ["demand"]);
        let burned = solved.get("grid.burned.moles").unwrap().unwrap();
        close(accepted(&solved), demand + burned, 1e-12);
    }
}

prop_compose! {
    /// Stations in the order of flow, with heights, and the height of the end.
    fn places()(
        gaps in prop::collection::vec(0.05..1.0_f64, 1..7),
        from_inlet in any::<bool>(),
        hilly in any::<bool>(),
        heights in prop::collection::vec(-150.0..150.0_f64, 7),
    ) -> (Vec<(f64, f64)>, f64) {
        let whole: f64 = gaps.iter().sum();
        let mut at = 0.0;
        let mut places = Vec::new();
        for (index, gap) in gaps.iter().enumerate() {
            if index > 0 || from_inlet {
                let height = if hilly && index > 0 { heights[index] } else { 0.0 };
                places.push((at / whole, height));
            }
            at += gap;
        }
        (places, if hilly { heights[0] } else { 0.0 })
    }
}

/// What a random line is set to: loops (share of the length), friction, which stations are out,
/// inlet pressure, which limits count and how tight.
#[derive(Debug, Clone)]
struct Drawn {
    loops: f64,
    friction: usize,
    out: u8,
    cooled: bool,
    inlet: f64,
    limits: u8,
    tight: [f64; 5],
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let loops = prop_oneof![1 => Just(0.0), 2 => 0.0..1.0_f64, 1 => Just(1.0)];
    let numbers = (loops, 0..6_usize, any::<u8>(), any::<bool>(), 5.8..7.4_f64, 1..32_u8);
    (numbers, prop::array::uniform5(0.0..1.0_f64)).prop_map(
        |((loops, friction, out, cooled, inlet, limits), tight)| Drawn {
            loops,
            friction,
            out,
            cooled,
            inlet,
            limits,
            tight,
        },
    )
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn random_lines_carry_what_a_scan_finds((places, end) in places(), drawn in drawn()) {
        const LAWS: [&str; 6] = [
            "colebrook_white", "sto_gazprom", "weymouth", "panhandle_a", "panhandle_b",
            "aga_fully_turbulent",
        ];
        let sites = sites(&places);
        let chain = chain(&sites, end);
        let mut case = chain.case();
        let mut put = |address: &str, value: String| {
            case.set(address, value).unwrap_or_else(|faults| panic!("{faults}"));
        };
        put("line.loops", format!("{} km", 600.0 * drawn.loops));
        put("line.friction", LAWS[drawn.friction].into());
        put("line.aftercoolers", drawn.cooled.to_string());
        put("line.inlet_pressure", format!("{} MPa", drawn.inlet));
        for (index, site) in sites.iter().enumerate() {
            // one in four is out
            if (drawn.out >> index) & 1 == 1 && index % 2 == 0 {
                put(&format!("line.{}.units", site.name), "0".into());
            }
        }
        let free = case.clone();
        let between = |low: f64, high: f64, at: f64| low + (high - low) * at;
        let all = [
            ("power", between(30.0, 100.0, drawn.tight[0]), "%"),
            ("ratio", between(1.35, 1.9, drawn.tight[1]), ""),
            ("suction", between(3.0, 5.5, drawn.tight[2]), "MPa"),
            ("delivery", between(2.5, 5.5, drawn.tight[3]), "MPa"),
            ("megawatts", between(20.0, 120.0, drawn.tight[4]), "MW"),
        ];
        let mut capacities = Vec::new();
        for (index, (name, capacity, unit)) in all.into_iter().enumerate() {
            // delivery always counts: without stations nothing else would stop the flow
            if (drawn.limits >> index) & 1 == 1 || name == "delivery" {
                case.set(name, format!("{capacity} {unit}").trim()).unwrap();
                capacities.push((name, capacity));
            }
        }
        let solved = match try_at(&case, 4e5) {
            Ok(solved) => solved,
            Err(error) => {
                // then it has to be that the line cannot carry what its limits allow
                let message = error.to_string();
                prop_assert!(message.starts_with("line: "), "{}", message);
                let steps = (1..=SCANNED).map(|step| 8e4 * f64::from(step) / f64::from(SCANNED));
                let first = steps.map(|flow| holds(&free, &capacities, flow)).find(|held| *held != Some(true));
                prop_assert_eq!(first, Some(None));
                return Ok(());
            }
        };
        let carried = accepted(&solved);
        used_up(&solved);
        scan(&free, &capacities, carried * 1.37, carried);
        // more offered, or just enough, is carried as well
        close(accepted(&at(&case, 1e8)), carried, 1e-9);
        close(accepted(&at(&case, carried * 1.05)), carried, 1e-9);
    }
}
