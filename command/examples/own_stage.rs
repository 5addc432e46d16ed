//! A kind of stage of one's own, named in a chain file, and the command with it: a turboexpander
//! that takes liquids off a gas and gives power back.
//!
//! ```sh
//! cargo run --release -p gaschain-cli --example own_stage -- run command/examples/expander
//! cargo run --release -p gaschain-cli --example own_stage -- list --chain command/examples/expander parameters
//! ```

use gaschain::param::Parameter;
use gaschain::quantity::Unit;
use gaschain::scalar::Scalar;
use gaschain::stage::{Call, Config, Inlet, Kinds, Load, Number, Outlet};
use gaschain::stage::{Setting, Spec, Stage, StageError};
use std::process::ExitCode;

/// A turboexpander: a share of each species that `condenses` leaves as liquid, all else as gas, and
/// every mole that comes gives some work.
#[derive(Debug)]
struct Expander {
    /// As indices into the slate.
    condenses: Vec<usize>,
    spec: Spec,
    feed: Inlet,
    gas: Outlet,
    liquid: Outlet,
    recovery: Number,
    work: Number,
    power: Load,
}

impl Expander {
    fn new(condenses: Vec<usize>) -> Self {
        let mut spec = Spec::new("expander");
        let recovery = Parameter::fraction("recovery", "share of each that condenses");
        // a kilojoule a mole is a kilowatt for each mol/s
        let work = Parameter::number("work", "work of 1 mol/s", Unit::MEGAWATT, 0.0, 0.01);
        Self {
            condenses,
            feed: spec.inlet("feed"),
            gas: spec.outlet("gas"),
            liquid: spec.outlet("liquid"),
            recovery: spec.number(recovery.or("85 %")),
            work: spec.number(work.or("0.002 MW")),
            power: spec.load("power", "power at the shaft", Unit::MEGAWATT),
            spec,
        }
    }

    /// `kind = "expander"`, `condenses = ["ethane", ..]`
    fn read(config: &mut Config<'_>) -> Option<Self> {
        let condenses = config.species("condenses"); // what is wrong with it is told by now
        (!condenses.is_empty()).then(|| Self::new(condenses))
    }
}

impl Stage for Expander {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
        true
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let (feed, recovery) = (call.stream(self.feed), call.number(self.recovery));
        call.send(self.gas).copy_from_slice(feed);
        for &species in &self.condenses {
            let taken = feed[species] * recovery;
            call.send(self.liquid)[species] = taken;
            call.send(self.gas)[species] = feed[species] - taken;
        }
        let moles = feed.iter().fold(S::zero(), |sum, &flow| sum + flow);
        call.state(self.power, moles * call.number(self.work));
        Ok(())
    }
}

fn main() -> ExitCode {
    gaschain_cli::main_with(Kinds::shipped().with("expander", Expander::read))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gaschain::{Error, species::Slate, stage::check};

    #[test]
    fn the_expander_closes_and_does_what_it_claims() -> Result<(), Error> {
        let slate = Slate::shipped();
        let expander = Expander::new(slate.index("ethane").into_iter().collect());
        check(&expander, &slate, [("feed", [("methane", 900.0), ("ethane", 60.0)])])
    }
}
