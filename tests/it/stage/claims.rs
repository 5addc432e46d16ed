//! What a stage claims of itself is judged.

use crate::support::between::{Leak, between, light_gases};
use crate::support::through::{Through, through};
use gaschain::chain::Builder;
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::param::Parameter;
use gaschain::quantity::Unit;
use gaschain::scalar::Scalar;
use gaschain::stage::{
    Call, Load, Number, Outlet, Setting, Spec, Stage, StageError, Supply, check,
};
use std::any::TypeId;

/// Claims to be linear, and is a square: twice the feed, four times the side stream.
#[derive(Debug)]
struct Square(Through<2>);

impl Stage for Square {
    fn spec(&self) -> &Spec {
        &self.0.spec
    }
    fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
        true
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.0.feed);
        let total = feed.iter().fold(S::zero(), |sum, &flow| sum + flow);
        let share = (total / S::from_f64(2000.0)).min(S::from_f64(0.9));
        for (species, &flow) in feed.iter().enumerate() {
            call.send(self.0.to[0])[species] = flow - flow * share;
            call.send(self.0.to[1])[species] = flow * share;
        }
        Ok(())
    }
}

fn square() -> Square {
    Square(through("square", ["out", "side"]))
}

/// What is wrong with a stage that is fed methane and helium.
fn wrong(stage: &impl Stage) -> String {
    let feed = [("feed", [("methane", 900.0), ("helium", 100.0)])];
    check(stage, &light_gases(), feed).unwrap_err().to_string()
}

#[test]
fn a_false_claim_of_being_linear_is_named() {
    let error = wrong(&square());
    assert!(
        error.starts_with(
            "square: it claims that what flows at out is linear in what comes, and two feeds \
             together give "
        ),
        "{error}"
    );
    // in a chain, where a limit is reached along the straight line that was claimed
    let mut chain = fed(square());
    chain.connect("field -> plant").leaving_as_product("plant.out").leaving_as_loss("plant.side");
    chain.limit(Limit::at_most("side", ("plant.side", Measure::Moles(None)), "40 mol/s"));
    let error = chain.build().unwrap().case().solve().unwrap_err().to_string();
    assert!(error.starts_with("plant: it claims that what flows at out is linear"), "{error}");
}

/// A supply of 1,000 mol/s and a stage, not joined yet.
fn fed(stage: impl Stage) -> Builder {
    let slate = light_gases();
    let supply = Supply::new(&slate).knowing("well", &[0.9, 0.0, 0.0, 0.1, 0.0, 0.0]).unwrap();
    let mut chain = Builder::new("fed", &slate);
    chain.stage("field", supply).stage("plant", stage);
    chain.set("field.flow", "1000 mol/s").set("field.composition", "well");
    chain
}

/// Names things by handles of another stage of its own kind.
#[derive(Debug)]
struct Stranger {
    own: Through<1>,
    other: Through<1>,
    share: Number,
}

impl Stage for Stranger {
    fn spec(&self) -> &Spec {
        &self.own.spec
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.own.feed);
        let _ = call.number(self.share);
        call.send(self.other.to[0]).copy_from_slice(feed);
        Ok(())
    }
}

#[test]
fn what_another_spec_gave_is_an_error_and_no_wrong_read() {
    let mut other = through("other", ["out"]);
    let share = other.spec.number(Parameter::fraction("share", "a share"));
    let stranger = Stranger { own: through("stranger", ["out"]), other, share };
    let expected = "an outlet by a handle of another stage's spec; allowed: those that its own \
                    spec gave";
    assert_eq!(wrong(&stranger), format!("stranger: {expected}"));
    let chain = between(stranger).build().unwrap();
    assert_eq!(chain.case().solve().unwrap_err().to_string(), format!("plant: {expected}"));
}

/// Closes with plain numbers only, or claims a load that it does not state.
#[derive(Debug)]
struct Uneven {
    ports: Through<1>,
    power: Load,
    states: bool,
}

impl Stage for Uneven {
    fn spec(&self) -> &Spec {
        &self.ports.spec
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.ports.feed);
        call.send(self.ports.to[0]).copy_from_slice(feed);
        if self.states {
            let plain = TypeId::of::<S>() == TypeId::of::<f64>();
            call.state(self.power, feed[0].scaled(if plain { 1.0 } else { 2.0 }));
        }
        Ok(())
    }
}

#[test]
fn equations_that_differ_and_loads_that_are_not_stated_are_found() {
    let uneven = |states| {
        let mut ports = through("uneven", ["out"]);
        Uneven { power: ports.spec.load("power", "a power", Unit::MEGAWATT), ports, states }
    };
    assert_eq!(
        wrong(&uneven(false)),
        "uneven: it claims that it states the load power, and it does not"
    );
    assert_eq!(
        wrong(&uneven(true)),
        "uneven: it claims that its equations are the same over any number, and with derivatives \
         they give 1800 where plain numbers give 900"
    );
    let leak = wrong(&Leak::default());
    assert!(leak.starts_with("leak does not close in helium: 100 mol/s in"), "{leak}");
}

#[test]
fn faults_of_what_is_checked_come_together() {
    let feed = [("fed", [("methane", 1.0), ("argon", -2.0)])];
    let error = check(&square(), &light_gases(), feed).unwrap_err();
    assert_eq!(error.faults().len(), 2, "{error}");
}
