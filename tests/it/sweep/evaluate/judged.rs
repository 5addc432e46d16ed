//! What judges a scenario is judged whatever is asked for: a sweep that asks for one number fails
//! and stops where its scenarios do by themselves.

use super::alike::{Compared, Scenarios, all_outputs};
use crate::support::chains::{Parts, build, chain_of, mol, slate};
use crate::support::through::{Powered, Through, powered, through};
use gaschain::chain::{Builder, Chain};
use gaschain::limit::{Limit, Load};
use gaschain::measure::{Measure, Property, References};
use gaschain::param::Value;
use gaschain::scalar::Scalar;
use gaschain::species::Slate;
use gaschain::stage::{Call, Spec, Split, Stage, StageError};
use gaschain::sweep::Slopes;

/// Asks for every output by itself, and for all of them.
#[track_caller]
fn whatever_is_asked(chain: &Chain, columns: &[(&str, Vec<f64>)]) -> Compared {
    whatever_is_asked_with(chain, &[], columns)
}

/// The same on top of other values.
#[track_caller]
fn whatever_is_asked_with(
    chain: &Chain,
    base: &[(String, Value)],
    columns: &[(&str, Vec<f64>)],
) -> Compared {
    let columns: Vec<_> =
        columns.iter().map(|(address, column)| ((*address).to_owned(), column.clone())).collect();
    let scenarios = Scenarios::new(chain, base, &columns);
    let outputs = all_outputs(chain);
    for output in &outputs {
        scenarios.compare(std::slice::from_ref(output)).unwrap_or_else(|why| panic!("{why}"));
    }
    scenarios.compare(&outputs).unwrap_or_else(|why| panic!("{why}"))
}

pub fn folder(name: &str) -> Chain {
    let folder = crate::support::folders::folder(&format!("sweep/evaluate/judged/{name}"), name);
    folder.chain().unwrap_or_else(|faults| panic!("{faults}"))
}

/// So many numbers from one to another, both among them.
fn steps(low: f64, high: f64, count: u32) -> Vec<f64> {
    let step = |at| low + (high - low) * f64::from(at) / f64::from(count - 1);
    (0..count).map(step).collect()
}

#[test]
fn a_stage_that_nothing_asked_for_needs_stops_and_objects_all_the_same() {
    // below about 3.5 MPa a casing comes out hotter than the gas is tabulated for: its limit has
    // shut the well by then, and without the limit no scenario is solved
    let chain = folder("booster");
    let pressures = steps(2.4e6, 4e6, 9);
    let column = ("booster.suction_pressure", pressures);
    assert_eq!(whatever_is_asked(&chain, std::slice::from_ref(&column)).failed, 0);
    let base = [("booster.hot".to_owned(), "unknown".into())];
    let columns = [(column.0.to_owned(), column.1)];
    let scenarios = Scenarios::new(&chain, &base, &columns);
    let failed = scenarios.compare(&["well.accepted".to_owned()]).unwrap().failed;
    assert!((1..9).contains(&failed), "{failed} of 9 fail");
}

#[test]
fn a_line_that_cannot_carry_its_gas_fails_in_every_scenario() {
    let chain = folder("line");
    let compared = whatever_is_asked(&chain, &[("line.inlet_pressure", steps(0.9e6, 2.1e6, 7))]);
    assert_eq!(compared.failed, 7);
    // and where it can in some, in those that it cannot
    let compared = whatever_is_asked(&chain, &[("source.flow", steps(500.0, 8_000.0, 7))]);
    assert!((1..7).contains(&compared.failed), "{} of 7 fail", compared.failed);
}

#[test]
fn a_line_behind_another_carries_in_a_sweep_what_it_does_by_itself() {
    let chain = folder("joined");
    let outputs = all_outputs(&chain);
    for (address, numbers) in [
        ("source.flow", steps(300.0, 3_000.0, 4)),
        ("line.inlet_pressure", steps(2.3e6, 5e6, 4)),
        ("second.friction_factor", steps(0.01, 0.02, 2)),
        ("second.availability", steps(0.7, 1.0, 2)),
    ] {
        let scenarios = Scenarios::new(&chain, &[], &[(address.to_owned(), numbers)]);
        scenarios.compare(&outputs).unwrap_or_else(|why| panic!("{address}: {why}"));
    }
}

/// What a stage does where more than 10 mol/s come to it.
#[derive(Debug, Clone, Copy)]
pub enum Beyond {
    ObjectsToABound,
    ObjectsToAValue,
    FailsByABound,
    FailsByAValue,
    /// Sends a share to its side that is no number there.
    IsNoNumber,
    /// The same, of which a minimum makes a number.
    IsPassedOver,
    Leaks,
    /// Gives a flow below zero.
    TakesBack,
}

impl Beyond {
    /// A stage that does so.
    pub fn stage(self) -> impl Stage {
        Splits(through("beyond", ["out", "side"]), self)
    }

    pub const ALL: [Self; 8] = [
        Self::ObjectsToABound,
        Self::ObjectsToAValue,
        Self::FailsByABound,
        Self::FailsByAValue,
        Self::IsNoNumber,
        Self::IsPassedOver,
        Self::Leaks,
        Self::TakesBack,
    ];

    /// Whether it gives numbers beyond its domain, too.
    pub const fn goes_on(self) -> bool {
        !matches!(self, Self::FailsByABound | Self::FailsByAValue | Self::IsNoNumber)
    }
}

/// A stage that splits what comes, with something the matter where that is much.
#[derive(Debug)]
struct Splits(Through<2>, Beyond);

impl Stage for Splits {
    fn spec(&self) -> &Spec {
        &self.0.spec
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.0.feed);
        let flow = feed.iter().fold(S::zero(), |sum, &flow| sum + flow);
        let beyond = flow - S::from_f64(10.0);
        let error = |got: S| StageError::OutOfDomain {
            what: "flow, mol/s",
            got: got.value(),
            allowed: "at most 10",
        };
        let (mut share, mut kept) = (S::from_f64(0.1), S::one());
        match self.1 {
            Beyond::ObjectsToABound if flow.exceeds(10.0) => call.object(error(flow)),
            Beyond::ObjectsToAValue if flow.value() > 10.0 => call.object(error(flow)),
            Beyond::FailsByABound if flow.exceeds(10.0) => return Err(error(flow)),
            Beyond::FailsByAValue if flow.value() > 10.0 => return Err(error(flow)),
            Beyond::IsNoNumber => share = (-beyond).sqrt().scaled(0.01),
            Beyond::IsPassedOver => share = share.min((-beyond).sqrt()),
            Beyond::Leaks => kept = S::select(beyond, S::from_f64(1.0 - 1e-8), S::one()),
            Beyond::TakesBack => share = S::select(beyond, S::from_f64(-0.1), share),
            _ => {}
        }
        for (species, &flow) in feed.iter().enumerate() {
            call.send(self.0.to[0])[species] = (flow - flow * share) * kept;
            call.send(self.0.to[1])[species] = flow * share;
        }
        Ok(())
    }
}

/// A field of 20 mol/s, of which the larger part goes past the stage, and a market for both.
fn past(stage: Beyond, capacity: Option<f64>) -> Chain {
    let slate = slate(&["methane", "helium"]);
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 20.0, &[("methane", 0.9), ("helium", 0.1)])
        .stage("tee", Split::new(["through"], "past"))
        .set("tee.through", 0.5)
        .stage("plant", stage.stage())
        .market("city")
        .market("town")
        .joined(&["field -> tee", "tee.past -> city", "tee.through -> plant", "plant.out -> town"])
        .leaving_as_loss("plant.side");
    if let Some(capacity) = capacity {
        let demand = Limit::at_most("demand", ("city", Measure::Moles(None)), mol(capacity));
        chain.limit(demand);
    }
    build(chain)
}

#[test]
fn what_a_stage_does_beyond_its_domain_is_judged_whatever_is_asked() {
    for stage in Beyond::ALL {
        let column = ("field.flow", steps(10.0, 30.0, 9));
        let compared = whatever_is_asked(&past(stage, None), std::slice::from_ref(&column));
        let expected = if matches!(stage, Beyond::IsPassedOver) { 0 } else { 4 };
        assert_eq!(compared.failed, expected, "{stage:?}");
        // where something is tried before the end
        for capacity in [4.0, 10.0, 12.0] {
            let column = ("demand", steps(0.5 * capacity, capacity, 5));
            whatever_is_asked(
                &past(stage, Some(capacity)),
                &[("field.flow", steps(4.0, 30.0, 5)), column],
            );
        }
    }
}

#[test]
fn what_a_gradient_is_not_sure_of_has_none() {
    for stage in Beyond::ALL {
        let chain = past(stage, None);
        let mut function = chain.function(["field.flow [mol/s]"], ["field.accepted"]).unwrap();
        let mut slopes = Slopes::default();
        function.gradient(0, &[10.0, 30.0], &mut slopes).unwrap();
        assert!(!slopes.of(0)[0].is_nan(), "{stage:?}");
        let fails = !matches!(stage, Beyond::IsPassedOver);
        assert_eq!(slopes.of(0)[1].is_nan(), fails, "{stage:?}");
    }
}

#[test]
fn a_quality_that_is_not_known_fails_where_it_throttles() {
    let own = Slate::read("species,formula,summation_factor_20C\noddity,C7H8,0.3\n", "own.csv");
    let slate = slate(&["methane"]).extended(own.unwrap()).unwrap();
    let mut chain = chain_of(&slate);
    let measure = Measure::Quality(Property::GrossWobbe, References::AT_20_DEGC);
    chain
        .field(&slate, "field", 10.0, &[("methane", 1.0)])
        .field(&slate, "odd", 1.0, &[("methane", 0.5), ("oddity", 0.5)])
        .blend("hub", &["field", "odd"])
        .market("city")
        .joined(&["field -> hub.field", "odd -> hub.odd", "hub -> city"])
        .limit(Limit::at_least("wobbe", ("city", measure), "40 MJ/m3"));
    let chain = build(chain);
    let base = [("wobbe.throttles".to_owned(), Value::Flag(true))];
    let compared = whatever_is_asked_with(&chain, &base, &[("odd.flow", vec![0.0, 1e-3, 1.0])]);
    assert_eq!(compared.failed, 2);
}

/// Needs some power whether anything flows or not.
#[derive(Debug)]
struct Idle(Powered);

impl Stage for Idle {
    fn spec(&self) -> &Spec {
        &self.0.ports.spec
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.0.ports.feed);
        call.send(self.0.ports.to[0]).copy_from_slice(feed);
        let power = call.number(self.0.at_no_flow) + feed[0].scaled(1e5);
        call.state(self.0.power, power);
        Ok(())
    }
}

#[test]
fn a_limit_that_is_broken_at_no_flow_fails_whatever_is_asked() {
    let slate = slate(&["methane"]);
    let mut plant = Builder::new("plant", &slate);
    plant
        .inlets(&["feed"])
        .outlet("out")
        .stage("work", Idle(powered("idle")))
        .joined(&["feed -> work", "work -> out"])
        .limit(Limit::at_most("power", Load::stated("work.power"), "5 MW"));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, &[("methane", 1.0)])
        .chain("plant", plant)
        .blend("flare", &["gas"])
        .market("city")
        .joined(&["field -> plant.feed", "plant.out -> city", "plant.feed.surplus -> flare"])
        .leaving_as_loss("flare.out");
    let chain = build(chain);
    let compared = whatever_is_asked(&chain, &[("plant.work.idle", steps(0.0, 1e7, 9))]);
    assert!((3..6).contains(&compared.failed), "{} of 9 fail", compared.failed);
}
