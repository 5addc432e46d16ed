//! Recycles inside recycles, at any depth, against closed forms.

use crate::chain::rule::recycle::chains::{
    closes, dehydrogenation_plant, exact, plant_with_purge, species,
};
use crate::support::chains::{Parts, build, chain_of, mol, of, slate};
use crate::support::compare::{agree, same};
use crate::support::solved::{flow, flow_of, solve, solve_with};
use gaschain::chain::{Builder, Chain};
use gaschain::species::Slate;
use gaschain::stage::{Fuel, Split, Supply};
use gaschain::sweep::Results;

/// What goes round at a level of a chain: what comes in is blended with what comes back, passes the
/// level inside, if any, and a tee that lets this share out.
fn go_round(chain: &mut Builder, purge: f64, inside: Option<Builder>) {
    chain.blend("mix", &["fresh", "recycled"]);
    chain.stage("tee", Split::new(["purge"], "back")).set("tee.purge", purge);
    chain.connect("tee.back -> mix.recycled");
    match inside {
        Some(inside) => {
            chain.chain("core", inside).joined(&["mix -> core.feed", "core.out -> tee"]);
        }
        None => {
            chain.connect("mix -> tee");
        }
    }
}

/// Chains inside each other, each with a recycle of its own around all that it holds.
fn nested(slate: &Slate, purges: &[f64]) -> Chain {
    let shares = vec![1.0 / slate.len() as f64; slate.len()];
    let parts: Vec<(String, f64)> = slate.names().map(str::to_owned).zip(shares).collect();
    let parts: Vec<(&str, f64)> = parts.iter().map(|(name, share)| (&name[..], *share)).collect();
    let (outermost, inner) = purges.split_first().unwrap();
    let inside = inner.iter().rev().fold(None, |inside, &purge| {
        let mut level = Builder::new("level", slate);
        level.inlets(&["feed"]).outlet("out");
        go_round(&mut level, purge, inside);
        level.joined(&["feed -> mix.fresh", "tee.purge -> out"]);
        Some(level)
    });
    let mut chain = chain_of(slate);
    chain.stage("field", Supply::new(slate)).set("field.flow", mol(10.0));
    chain.set("field.composition", of(&parts));
    go_round(&mut chain, *outermost, inside);
    chain.market("city").joined(&["field -> mix.fresh", "tee.purge -> city"]);
    build(chain)
}

/// The stream that goes round innermost: each level carries what it is fed, over its purge.
fn innermost(chain: &Chain, purges: &[f64]) -> f64 {
    let solved = solve(chain);
    same(flow(&solved, "city.sold"), 10.0);
    let path = "core.".repeat(purges.len() - 1);
    flow(&solved, &format!("{path}mix.out"))
}

#[test]
fn recycles_around_recycles_of_twenty_species() {
    let slate = Slate::shipped();
    for depth in [1, 2, 3, 4, 5, 12, 90] {
        let purges = vec![0.2; depth];
        let through = innermost(&nested(&slate, &purges), &purges);
        let expected = 10.0 * 5.0_f64.powi(i32::try_from(depth).unwrap());
        assert!(agree(through, expected, 1e-12), "{depth} deep: {through} of {expected}");
    }
}

#[test]
fn purges_of_any_size_at_every_level() {
    let slate = slate(&["methane", "nitrogen", "helium"]);
    for purges in [[1e-6, 1e-6, 1e-6], [1e-12, 0.5, 1e-9], [1.0, 1e-15, 1e-3], [1e-40; 3]] {
        let through = innermost(&nested(&slate, &purges), &purges);
        let expected = purges.iter().fold(10.0, |flow, purge| flow / purge);
        assert!(agree(through, expected, 1e-12), "{purges:?}: {through} of {expected}");
    }
}

#[test]
fn what_cannot_leave_any_one_of_the_levels_has_no_solution() {
    let slate = slate(&["methane", "helium"]);
    for closed in 0..3 {
        let mut purges = [0.5; 3];
        purges[closed] = 0.0;
        let chain = nested(&slate, &purges);
        let error = chain.case().solve().unwrap_err().to_string();
        assert!(error.ends_with("nothing leaves it: what enters has nowhere to go"), "{error}");
    }
}

#[test]
fn one_loop_crosses_another() {
    // a -> b -> c -> d, with a part of c back to a, and a part of d back to b
    let slate = species();
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 10.0, &[("methane", 0.9), ("helium", 0.1)])
        .blend("a", &["fresh", "back"])
        .blend("b", &["on", "back"])
        .stage("c", Split::new(["back"], "on"))
        .set("c.back", 0.75)
        .stage("d", Split::new(["back"], "on"))
        .set("d.back", 0.9)
        .market("city")
        .joined(&["field -> a.fresh", "a -> b.on", "b -> c", "c.back -> a.back", "c.on -> d"])
        .joined(&["d.back -> b.back", "d.on -> city"]);
    let chain = build(chain);
    let solved = solve(&chain);
    // a = 10 + 0.75 b and b = a + 0.9 * 0.25 b
    same(flow(&solved, "b.out"), 10.0 / 0.025);
    same(flow_of(&solved, "a.out", "helium"), 1.0 + 0.75 * 1.0 / 0.025);
    same(flow(&solved, "city.sold"), 10.0);
}

#[test]
fn a_purge_of_any_size_closes_where_species_react() {
    // the reactor converts 0.4 of what comes, 0.9 of the rest is recovered; of nitrogen all comes
    // back but the purge
    for purge in [1e-3, 1e-6, 1e-9, 1e-12, 1e-30] {
        let chain = plant_with_purge(&[("propane", 0.99), ("nitrogen", 0.01)], purge);
        let solved = solve(&chain);
        exact(flow_of(&solved, "reactor.feed", "nitrogen"), 1.0 / purge);
        exact(flow_of(&solved, "reactor.feed", "propane"), 99.0 / (1.0 - 0.54 * (1.0 - purge)));
        closes(&solved, "nitrogen", 1e-12);
    }
}

#[test]
fn what_only_a_reaction_takes_away_may_be_converted_ever_so_little() {
    // all propane is recovered and nothing is purged: it leaves as what it turns into
    let slate = species();
    let mut chain = chain_of(&slate);
    chain.field(&slate, "field", 100.0, &[("propane", 1.0)]);
    dehydrogenation_plant(&slate, &mut chain, 0.0);
    chain
        .market("city")
        .set("recovery.propane", 1.0)
        .joined(&["field -> hub.fresh", "recovery.product -> city"])
        .leaving_as_loss("purge.vent");
    let chain = build(chain);
    for conversion in [0.4, 1e-4, 1e-8, 1e-12] {
        let solved = solve_with(&chain, &[("reactor.conversion", conversion.into())]);
        exact(flow_of(&solved, "reactor.feed", "propane"), 100.0 / conversion);
        same(flow_of(&solved, "city.sold", "propylene"), 100.0);
        same(flow_of(&solved, "city.sold", "hydrogen"), 100.0);
    }
}

#[test]
fn a_sweep_over_purges_gives_what_they_give_one_by_one() {
    let slate = slate(&["methane", "nitrogen", "helium"]);
    let chain = nested(&slate, &[0.5, 0.5, 0.5]);
    let axes = ["tee.purge", "core.tee.purge", "core.core.tee.purge"];
    let axes = axes.map(|address| format!("{address} [%]"));
    let outputs = ["core.core.mix.out.moles", "city.sold.moles"];
    let mut function = chain.function(axes, outputs).unwrap();
    let inputs = [1e-3, 1e-12, 0.5, 1e-6, 1e-12, 0.25, 1e-9, 1e-12, 1.0];
    let mut results = Results::default();
    function.columns(&inputs.map(|share| 100.0 * share), &mut results).unwrap();
    assert_eq!((results.rerun, results.failures.len()), (0, 0));
    for lane in 0..3 {
        let through = 10.0 / inputs[lane] / inputs[3 + lane] / inputs[6 + lane];
        assert!(agree(results.column(0)[lane], through, 1e-12), "{}", results.column(0)[lane]);
        same(results.column(1)[lane], 10.0);
        assert!(results.residuals[lane] <= 1e-12);
    }
}

#[test]
fn a_small_purge_around_a_stage_that_is_not_linear() {
    // what burns is a duty, not a share: 0.99 of 1 mol/s is let out, as exactly as a duty can be
    // taken from what goes round
    let slate = species();
    let heat = slate.get(slate.index("methane").unwrap()).net_heat_25().unwrap();
    for purge in [1e-2, 1e-4, 1e-6] {
        let mut chain = chain_of(&slate);
        chain
            .field(&slate, "field", 1.0, &[("methane", 1.0)])
            .blend("mix", &["fresh", "back"])
            .stage("fuel", Fuel::by_duty(&slate))
            .set("fuel.duty", format!("{} W", 0.01 * heat))
            .stage("tee", Split::new(["purge"], "back"))
            .set("tee.purge", purge)
            .market("city")
            .leaving_as_loss("fuel.burned")
            .joined(&["field -> mix.fresh", "mix -> fuel", "fuel.gas -> tee"])
            .joined(&["tee.back -> mix.back", "tee.purge -> city"]);
        let chain = build(chain);
        let solved = chain.case().solve().unwrap();
        assert!(agree(flow(&solved, "tee.feed"), 0.99 / purge, 1e-15 / purge));
        assert!(agree(flow(&solved, "city.sold"), 0.99, 1e-15 / purge));
    }
}
