//! What a stage brings in from outside comes out of its equations, counts in every balance, and can
//! be limited.

use crate::chain::rule::chains::line;
use crate::support::chains::{Parts, at_most, build, chain_of, mol, slate};
use crate::support::compare::same;
use crate::support::solved::{flow_of, inlet, solve, solve_with};
use crate::support::through::{Through, through};
use gaschain::chain::Builder;
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::scalar::Scalar;
use gaschain::species::Slate;
use gaschain::stage::{Call, Import, React, Reaction, Spec, Stage, StageError};

/// Ethylene into polyethylene with 1-butene.
fn polymers() -> Slate {
    let own = Slate::read("species,formula\nPE,C2H4\nPB,C4H8\n", "own.csv").unwrap();
    slate(&["ethylene", "1-butene", "ethane", "hydrogen", "acetylene"]).extended(own).unwrap()
}

#[test]
fn an_import_comes_out_of_the_equations_and_counts_in_every_balance() {
    let slate = polymers();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "ethylene", 100.0, &[("ethylene", 1.0)])
        .stage("line", line(&slate))
        .set("line.monomer_use", 1.25)
        .set("line.comonomer", 0.05)
        .leaving_as_product("line.polymer")
        .leaving_as_loss("line.purge")
        .connect("ethylene -> line")
        .limit(Limit::at_most("butene", ("line.comonomer", Measure::Moles(None)), "unknown"));
    let chain = build(chain);
    let solved = solve(&chain);
    // 1-butene is two ethylenes: 5 % of the mass is half of 5/95 in moles
    let taken = 100.0 * 0.5 * 0.05 / 0.95;
    let imports: Vec<_> = solved.imports().collect();
    assert_eq!(imports.len(), 1);
    assert_eq!((imports[0].stage, imports[0].import), ("line", "comonomer"));
    same(imports[0].stream.mol_per_s(), taken);
    same(flow_of(&solved, "line.polymer", "PB"), taken / 1.25);
    same(flow_of(&solved, "line.polymer", "PE"), 80.0);
    same(flow_of(&solved, "line.purge", "1-butene"), taken - taken / 1.25);
    let polymer = solved.stream("line.polymer").unwrap().kg_per_s();
    let butene = taken / 1.25 * slate.molar_masses()[1];
    same(butene / polymer, 0.05);
    // the balance of the line counts the import: carbon in is 2 * 100 + 4 * taken
    for name in ["line", "chain"] {
        let balance = solved.balances().find(|balance| balance.stage == name).unwrap();
        assert!(balance.residual < 1e-13, "{balance:?}");
    }
    // a limit on the import stops the monomer
    let solved = solve_with(&chain, &[("butene", mol(taken / 4.0).into())]);
    inlet(&solved, "ethylene", 25.0, &["butene"]);
}

#[test]
fn an_import_inside_two_chains_is_listed_by_its_full_address_and_its_limit_goes_out() {
    let slate = polymers();
    let mut works = Builder::new("works", &slate);
    works
        .inlets(&["ethylene"])
        .outlet("polymer")
        .outlet("purge")
        .stage("line", line(&slate))
        .set("line.monomer_use", 1.0)
        .set("line.comonomer", 0.05)
        .joined(&["ethylene -> line", "line.polymer -> polymer", "line.purge -> purge"])
        .limit(at_most("butene", "line.comonomer", 1.0));
    let mut site = Builder::new("site", &slate);
    site.inlets(&["ethylene"]).outlet("polymer").outlet("purge").chain("works", works).joined(&[
        "ethylene -> works",
        "works.polymer -> polymer",
        "works.purge -> purge",
    ]);
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "ethylene", 100.0, &[("ethylene", 1.0)])
        .chain("site", site)
        .connect("ethylene -> site")
        .leaving_as_product("site.polymer")
        .leaving_as_loss("site.purge");
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "ethylene", 2.0 * 0.95 / 0.05, &["site.works.butene"]);
    let import = solved.imports().next().unwrap();
    assert_eq!((import.stage, import.import), ("site.works.line", "comonomer"));
    same(import.stream.mol_per_s(), 1.0);
}

/// Heats its feed: what the ethane in it does not give is imported.
#[derive(Debug)]
struct Heater {
    ports: Through<2>,
    fuel: Import,
}

impl Heater {
    fn new() -> Self {
        let mut ports = through("heater", ["out", "burned"]);
        Self { fuel: ports.spec.import("fuel"), ports }
    }
}

impl Stage for Heater {
    fn spec(&self) -> &Spec {
        &self.ports.spec
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        // a mole of ethylene needs a mole of ethane burned; species 0 is ethylene, 2 ethane
        let feed = call.stream(self.ports.feed);
        let [out, burned] = self.ports.to;
        let own = feed[0].min(feed[2]);
        let bought = feed[0] - own;
        call.send(out).copy_from_slice(feed);
        call.send(out)[2] = feed[2] - own;
        call.send(burned)[2] = own + bought;
        call.take(self.fuel)[2] = bought;
        Ok(())
    }
}

#[test]
fn a_limit_on_an_import_that_bends() {
    // ethane first (own fuel), then ethylene: what is bought is ethylene less ethane
    let slate = polymers();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "ethane", 30.0, &[("ethane", 1.0)])
        .field(&slate, "ethylene", 100.0, &[("ethylene", 1.0)])
        .blend("hub", &["ethane", "ethylene"])
        .stage("heater", Heater::new())
        .market("city")
        .leaving_as_loss("heater.burned")
        .joined(&["ethane -> hub.ethane", "ethylene -> hub.ethylene", "hub -> heater"])
        .connect("heater.out -> city")
        .limit(at_most("bought", "heater.fuel", 20.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "ethane", 30.0, &[]);
    inlet(&solved, "ethylene", 50.0, &["bought"]);
}

#[test]
fn a_limit_on_an_import_of_what_another_reaction_makes() {
    // ethane gives off the hydrogen that acetylene takes up: only the difference is imported
    let slate = polymers();
    let reactions = vec![
        Reaction::new(&slate, "cracked", "ethane -> ethylene + hydrogen", "ethane").unwrap(),
        Reaction::new(&slate, "hydrogenated", "acetylene + hydrogen -> ethylene", "acetylene")
            .unwrap(),
    ];
    let react =
        React::new(&slate, reactions, "out").importing(&slate, "hydrogen", "hydrogen").unwrap();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "ethane", 30.0, &[("ethane", 1.0)])
        .field(&slate, "acetylene", 100.0, &[("acetylene", 1.0)])
        .blend("hub", &["ethane", "acetylene"])
        .stage("reactor", react)
        .set("reactor.cracked", 1.0)
        .set("reactor.hydrogenated", 1.0)
        .market("city")
        .joined(&["ethane -> hub.ethane", "acetylene -> hub.acetylene", "hub -> reactor"])
        .connect("reactor.out -> city")
        .limit(at_most("hydrogen", "reactor.hydrogen", 20.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "ethane", 30.0, &[]);
    inlet(&solved, "acetylene", 50.0, &["hydrogen"]);
}
