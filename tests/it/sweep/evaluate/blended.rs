//! Lines whose gas is that of a blend of known sources: which those are, that no opening moves it,
//! and that a sweep has the same as single solves.

use super::alike::{Scenarios, all_outputs};
use crate::stage::kinds::pipeline::line::{add_line, slate};
use crate::support::chains::of;
use crate::support::compare::agree;
use crate::support::solved::{get, solve};
use crate::support::through::{Through, through};
use gaschain::chain::{Builder, Chain};
use gaschain::quantity::Unit;
use gaschain::scalar::Scalar;
use gaschain::stage::{Blend, Call, Market, Separate, Spec, Split, Stage, StageError, Supply};

/// Passes a stream on, and may take some of a species out of it; claims to keep it, or not.
#[derive(Debug)]
struct Passes {
    ports: Through<2>,
    taken: Option<usize>,
}

impl Passes {
    fn new(claims: bool, taken: Option<usize>) -> Self {
        let mut ports = through("passes", ["out", "side"]);
        if claims {
            ports.spec.keeps_composition(ports.to[0]);
        }
        Self { ports, taken }
    }
}

impl Stage for Passes {
    fn spec(&self) -> &Spec {
        &self.ports.spec
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.ports.feed);
        let [out, side] = self.ports.to;
        call.send(out).copy_from_slice(feed);
        if let Some(species) = self.taken {
            let half = feed[species].scaled(0.5);
            call.send(out)[species] = half;
            call.send(side)[species] = half;
        }
        Ok(())
    }
}

const LEAN: [(&str, f64); 2] = [("methane", 0.97), ("nitrogen", 0.03)];
const RICH: [(&str, f64); 3] = [("methane", 0.88), ("ethane", 0.07), ("nitrogen", 0.05)];

fn supply(chain: &mut Builder, name: &str, flow: &str, parts: &[(&str, f64)]) {
    chain.stage(name, Supply::new(&slate()).shown_in(Unit::MOL_PER_SECOND));
    chain.set(&format!("{name}.flow"), flow).set(&format!("{name}.composition"), of(parts));
}

/// A line to a city, fed by two fields through a stage, or by what those two are together.
fn fields(between: Option<Passes>) -> Builder {
    let slate = slate();
    let mut chain = Builder::new("fields", &slate);
    add_line(&mut chain, &slate, &[], 0.0);
    chain.set("line.length", "200 km");
    chain.stage("city", Market::new("sold")).leaving_as_product("city.sold");
    chain.connect("line.delivered -> city").leaving_as_loss("line.burned");
    supply(&mut chain, "lean", "4000 mol/s", &LEAN);
    supply(&mut chain, "rich", "4000 mol/s", &RICH);
    chain.stage(
        "membrane",
        Separate::new("gas").recovering(&slate, "nitrogen", &["nitrogen"], "off").unwrap(),
    );
    chain.set("membrane.nitrogen", "40 %").leaving_as_loss("membrane.off");
    chain.stage("gather", Blend::new(["lean", "rich"]));
    chain.connect("lean -> gather.lean").connect("rich -> membrane");
    chain.connect("membrane.gas -> gather.rich");
    match between {
        None => {
            chain.connect("gather -> line");
        }
        Some(stage) => {
            chain.stage("between", stage).leaving_as_loss("between.side");
            chain.connect("gather -> between").connect("between.out -> line");
        }
    }
    chain
}

fn built(chain: Builder) -> Chain {
    chain.build().unwrap_or_else(|faults| panic!("{faults}"))
}

fn delivered(chain: Builder) -> f64 {
    get(&solve(&built(chain)), "line.delivery_pressure")
}

#[test]
fn a_line_behind_blends_and_linear_stages_has_the_gas_of_its_sources() {
    let blended = delivered(fields(None));
    // behind a stage that keeps what comes and says so it is known, else it has its own table
    let [claims, own] =
        [true, false].map(|claims| delivered(fields(Some(Passes::new(claims, None)))));
    assert_eq!(blended.to_bits(), claims.to_bits());
    assert_ne!(blended.to_bits(), own.to_bits());
    assert!(agree(blended, own, 1e-5), "{blended} {own}");
}

#[test]
fn a_source_that_offers_nothing_takes_no_part() {
    let one = |flow: &str| {
        let mut chain = fields(None);
        chain.set("rich.flow", flow);
        delivered(chain)
    };
    // of one source it is that source's own table
    let mut alone = fields(Some(Passes::new(false, None)));
    alone.set("rich.flow", "0 mol/s");
    assert!(agree(one("0 mol/s"), delivered(alone), 1e-12));
}

#[test]
fn a_false_claim_to_keep_what_comes_is_named() {
    let slate = slate();
    let nitrogen = slate.names().position(|name| name == "nitrogen");
    let chain = built(fields(Some(Passes::new(true, nitrogen))));
    let error = chain.case().solve().unwrap_err().to_string();
    let claim = "what leaves at out is what comes, blended or parted";
    assert!(error.contains("between") && error.contains(claim), "{error}");
    let fed = [("feed", LEAN)];
    let judged = gaschain::stage::check(&Passes::new(true, nitrogen), &slate, fed);
    assert!(judged.unwrap_err().to_string().contains(claim));
    gaschain::stage::check(&Passes::new(true, None), &slate, fed).unwrap();
    gaschain::stage::check(&Split::new(["one"], "rest"), &slate, fed).unwrap();
}

#[test]
fn a_sweep_has_the_gas_of_single_solves() {
    let chain = built(fields(None));
    let outputs = all_outputs(&chain);
    for (address, numbers) in [
        ("lean.flow", vec![0.0, 1_000.0, 4_500.0, 9_000.0]),
        // sources that move, one of them until it is like the other
        ("membrane.nitrogen", vec![0.0, 0.2, 0.7, 1.0]),
        ("line.inlet_pressure", vec![6e6, 8e6]),
    ] {
        let scenarios = Scenarios::new(&chain, &[], &[(address.to_owned(), numbers)]);
        scenarios.compare(&outputs).unwrap_or_else(|why| panic!("{address}: {why}"));
    }
}
