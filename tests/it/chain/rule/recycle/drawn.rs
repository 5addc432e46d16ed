//! Imports that are drawn from another stream: a loop of the two.

use crate::chain::rule::chains::line;
use crate::chain::rule::recycle::chains::{closes, species};
use crate::support::chains::{Parts, at_most, build, chain_of};
use crate::support::compare::same;
use crate::support::solved::{flow, flow_of, inlet, solve, solve_with};
use crate::support::through::{Through, through};
use gaschain::ErrorKind;
use gaschain::chain::Builder;
use gaschain::scalar::Scalar;
use gaschain::species::Slate;
use gaschain::stage::{
    Call, Draw, Import, Outlet, Separate, Setting, Spec, Split, Stage, StageError,
};

fn comonomer_drawn(butene: &[(&str, f64)], butene_flow: f64) -> Builder {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "butene", butene_flow, butene)
        .field(&slate, "ethylene", 100.0, &[("ethylene", 1.0)])
        .stage("tap", Draw::new())
        .stage("line", line(&slate))
        .set("line.monomer_use", 1.02)
        .set("line.comonomer", 0.04)
        .market("city")
        .leaving_as_product("line.polymer")
        .leaving_as_loss("line.purge")
        .joined(&["butene -> tap", "ethylene -> line", "tap.rest -> city"])
        .connect("tap.drawn -> line.comonomer");
    chain
}

#[test]
fn comonomer_drawn_from_another_stream() {
    let mut chain = comonomer_drawn(&[("1-butene", 1.0)], 10.0);
    chain.limit(at_most("butene_use", "line.comonomer", 1.0));
    let chain = build(chain);
    let taken = 100.0 * 0.5 * 0.04 / 0.96;
    let solved = solve_with(&chain, &[("butene_use", "unknown".into())]);
    same(flow(&solved, "tap.drawn"), taken);
    same(flow(&solved, "city.sold"), 10.0 - taken);
    same(flow_of(&solved, "line.polymer", "PB"), taken / 1.02);
    assert_eq!(solved.imports().count(), 0, "it does not come from outside");
    let carbon = |name: &str, atoms: f64, port: &str| atoms * flow_of(&solved, port, name);
    let inflow = carbon("1-butene", 4.0, "butene.gas") + carbon("ethylene", 2.0, "ethylene.gas");
    let outflow = carbon("1-butene", 4.0, "city.sold")
        + carbon("PB", 4.0, "line.polymer")
        + carbon("PE", 2.0, "line.polymer")
        + carbon("1-butene", 4.0, "line.purge")
        + carbon("ethylene", 2.0, "line.purge");
    same(outflow, inflow);
    assert!(solved.worst_residual() < 1e-13);
    // a limit on it stops the monomer
    let solved = solve(&chain);
    inlet(&solved, "butene", 10.0, &[]);
    inlet(&solved, "ethylene", 1.0 / (0.5 * 0.04 / 0.96), &["butene_use"]);
}

#[test]
fn an_import_is_stopped_by_what_there_is_to_draw() {
    // 1 of butene is enough for 48 of ethylene
    let chain = build(comonomer_drawn(&[("1-butene", 1.0)], 1.0));
    let solved = solve(&chain);
    inlet(&solved, "butene", 1.0, &[]);
    inlet(&solved, "ethylene", 1.0 / (0.5 * 0.04 / 0.96), &["line.comonomer"]);
    same(flow(&solved, "tap.drawn"), 1.0);
    assert!(flow(&solved, "city.sold") <= 1e-12);
    // and the ethylene first: it is judged with the butene open
    let solved = solve_with(&chain, &[("order", "ethylene > butene".into())]);
    inlet(&solved, "ethylene", 48.0, &["line.comonomer"]);
    inlet(&solved, "butene", 1.0, &[]);
}

#[test]
fn a_drawn_stream_of_another_composition_than_the_import_does_not_close() {
    // the line takes pure butene; the tap gives half of it as propylene
    let chain = build(comonomer_drawn(&[("1-butene", 0.5), ("propylene", 0.5)], 10.0));
    let error = chain.case().solve().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotClosed, "{error}");
}

/// Burns as much of what it is offered as its feed needs: a mole of methane's heat a mole of feed.
#[derive(Debug)]
struct Furnace {
    ports: Through<2>,
    fuel: Import,
    heats: Vec<f64>,
}

impl Furnace {
    fn new(heats: Vec<f64>) -> Self {
        let mut ports = through("furnace", ["out", "burned"]);
        Self { fuel: ports.spec.import("fuel"), ports, heats }
    }
}

impl Stage for Furnace {
    fn spec(&self) -> &Spec {
        &self.ports.spec
    }
    fn linear(&self, outlet: Outlet, _: &Setting<'_>) -> bool {
        // what is drawn has the composition of what it is drawn from
        outlet == self.ports.to[0]
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.ports.feed);
        let [out, burned] = self.ports.to;
        call.send(out).copy_from_slice(feed);
        let moles = feed.iter().fold(S::zero(), |sum, flow| sum + *flow);
        let heat = moles * S::from_f64(self.heats[0] * 0.1);
        match call.offer(self.fuel) {
            Some(offer) => {
                let mut energy = S::zero();
                for (flow, heat) in offer.iter().zip(&self.heats) {
                    energy += *flow * S::from_f64(*heat);
                }
                let share = heat.share_of(energy);
                for (species, &flow) in offer.iter().enumerate() {
                    call.take(self.fuel)[species] = flow * share;
                    call.send(burned)[species] = flow * share;
                }
            }
            None => {
                let fuel = heat / S::from_f64(self.heats[0]);
                call.take(self.fuel)[0] = fuel;
                call.send(burned)[0] = fuel;
            }
        }
        Ok(())
    }
}

fn heats(slate: &Slate) -> Vec<f64> {
    slate.iter().map(|species| species.net_heat_25().unwrap_or(0.0)).collect()
}

#[test]
fn fuel_drawn_from_the_sales_gas() {
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "propane", 50.0, &[("propane", 1.0)])
        .field(&slate, "gas", 80.0, &[("methane", 0.8), ("nitrogen", 0.15), ("helium", 0.05)])
        .stage("tap", Draw::new())
        .stage("furnace", Furnace::new(heats(&slate)))
        .market("city")
        .market("olefins")
        .leaving_as_loss("furnace.burned")
        .joined(&["propane -> furnace", "gas -> tap", "tap.rest -> city"])
        .joined(&["furnace.out -> olefins", "tap.drawn -> furnace.fuel"]);
    let chain = build(chain);
    let solved = solve(&chain);
    // 5 mol/s of methane's heat is in 6.25 mol/s of the gas
    same(flow(&solved, "tap.drawn"), 6.25);
    same(flow_of(&solved, "furnace.burned", "helium"), 6.25 * 0.05);
    same(flow(&solved, "city.sold"), 80.0 - 6.25);
    for name in ["methane", "nitrogen", "helium", "propane"] {
        closes(&solved, name, 1e-12);
    }
}

#[test]
fn fuel_drawn_from_the_plants_own_gas() {
    // the furnace's feed leaves methane behind, of which its fuel is drawn: a loop through both
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 100.0, &[("methane", 0.6), ("propane", 0.4)])
        .blend("hub", &["fresh", "back"])
        .stage("furnace", Furnace::new(heats(&slate)))
        .stage(
            "sieve",
            Separate::new("heavy").recovering(&slate, "c", &["methane"], "light").unwrap(),
        )
        .set("sieve.c", 0.95)
        .stage("tap", Draw::new())
        .stage("tee", Split::new(["back"], "on"))
        .set("tee.back", 0.25)
        .market("city")
        .market("olefins")
        .leaving_as_loss("furnace.burned")
        .joined(&["field -> hub.fresh", "hub -> furnace", "furnace.out -> sieve"])
        .joined(&["sieve.light -> tap", "tap.drawn -> furnace.fuel", "tap.rest -> tee"])
        .joined(&["tee.back -> hub.back", "tee.on -> city", "sieve.heavy -> olefins"])
        .limit(at_most("furnace.size", "furnace", 50.0));
    let chain = build(chain);
    // methane through the furnace: m = 60 + (0.95 m - 0.1 (m + 40)) / 4
    let m = (60.0 - 1.0) / (1.0 - 0.85 / 4.0);
    let solved = solve_with(&chain, &[("furnace.size", "unknown".into())]);
    same(flow_of(&solved, "furnace.feed", "methane"), m);
    same(flow(&solved, "tap.drawn"), 0.1 * (m + 40.0));
    closes(&solved, "methane", 1e-12);
    // it is linear in what is accepted: half as much fits
    let solved = solve(&chain);
    inlet(&solved, "field", 100.0 * 50.0 / (m + 40.0), &["furnace.size"]);
}

/// A furnace inside a plant of its own, its fuel an import of the plant's: drawn from the sales
/// gas outside while the switch is open.
fn plant_with_drawn_fuel() -> Builder {
    let slate = species();
    let mut plant = Builder::new("plant", &slate);
    plant
        .inlet("propane")
        .outlet("out")
        .outlet("burned")
        .import("fuel")
        .stage("furnace", Furnace::new(heats(&slate)))
        .joined(&["propane -> furnace", "fuel -> furnace.fuel"])
        .joined(&["furnace.out -> out", "furnace.burned -> burned"])
        .limit(at_most("size", "propane", 40.0));
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "propane", 50.0, &[("propane", 1.0)])
        .field(&slate, "gas", 80.0, &[("methane", 0.8), ("nitrogen", 0.15), ("helium", 0.05)])
        .stage("tap", Draw::new())
        .market("city")
        .market("olefins")
        .chain("plant", plant)
        .leaving_as_loss("plant.burned")
        .joined(&["propane -> plant", "gas -> tap", "tap.rest -> city", "plant.out -> olefins"])
        .connect_by_switch("tap.drawn -> plant.fuel", "own_fuel", true);
    chain
}

#[test]
fn the_fuel_of_an_inner_chain_is_drawn_outside_it() {
    let chain = build(plant_with_drawn_fuel());
    let solved = solve(&chain);
    inlet(&solved, "propane", 40.0, &["plant.size"]);
    // 4 mol/s of methane's heat is in 5 mol/s of the gas
    same(flow(&solved, "tap.drawn"), 5.0);
    same(flow(&solved, "plant.fuel"), 5.0);
    same(flow_of(&solved, "plant.burned", "helium"), 5.0 * 0.05);
    same(flow(&solved, "city.sold"), 75.0);
    assert_eq!(solved.imports().count(), 0);
    closes(&solved, "methane", 1e-12);

    let shut = solve_with(&chain, &[("own_fuel.open", false.into())]);
    inlet(&shut, "propane", 40.0, &["plant.size"]);
    same(flow(&shut, "tap.drawn"), 0.0);
    same(flow(&shut, "city.sold"), 80.0);
    let imports: Vec<_> = shut.imports().collect();
    assert_eq!((imports[0].stage, imports[0].import), ("plant.furnace", "fuel"));
    same(imports[0].stream.mol_per_s(), 4.0);
}

#[test]
fn the_demand_outside_binds_with_what_is_drawn_inside() {
    // the city takes 70: at 80 offered and 5 drawn, 75 of the gas is accepted
    let mut chain = plant_with_drawn_fuel();
    chain.limit(at_most("city.demand", "city", 70.0));
    let chain = build(chain);
    let solved = solve(&chain);
    inlet(&solved, "propane", 40.0, &["plant.size"]);
    inlet(&solved, "gas", 75.0, &["city.demand"]);
    let shut = solve_with(&chain, &[("own_fuel.open", false.into())]);
    inlet(&shut, "gas", 70.0, &["city.demand"]);
}
