//! Recycle to extinction in closed form is the sum of its passes, and conserves with every yield
//! set.

use crate::stage::conserves::CRACKER;
use crate::stage::kinds::crack::single_pass;
use crate::support::compare::close;
use crate::support::one_stage::{molar_mass, moles, one_stage, run};
use crate::support::solved::RESIDUAL;
use gaschain::param::ParameterKind;
use std::fmt::Write;

/// Recycle to extinction in closed form is what 200 passes add up to.
#[test]
fn recycle_to_extinction_is_the_sum_of_its_passes() {
    // ethane by 60 % a pass to ethylene and hydrogen; propane by a printed set, which makes ethane
    let (ethane, ethylene, hydrogen) = (molar_mass(2, 6), molar_mass(2, 4), molar_mass(0, 2));
    let folder = gaschain::amur::folder();
    let shipped = String::from_utf8(folder.files["yields.csv"].clone()).unwrap();
    let mut yields: String = shipped
        .lines()
        .filter(|line| line.starts_with("set,") || line.starts_with("patent_88,"))
        .flat_map(|line| [line, "\n"])
        .collect();
    for (product, fraction) in [
        ("ethane", 0.4),
        ("ethylene", 0.6 * ethylene / ethane),
        ("hydrogen", 0.6 * hydrogen / ethane),
    ] {
        writeln!(yields, "pass,ethane,{product},{fraction},per_pass,0.6,assumed,a test,").unwrap();
    }
    let sets = [("ethane", "pass"), ("propane", "patent_88")];
    let closed = single_pass(Some(&yields), &sets, "recycle = [\"ethane\", \"propane\"]\n");
    let once = single_pass(Some(&yields), &sets, "");
    let fresh = vec![("ethane", 70.0), ("propane", 30.0), ("methane", 5.0)];
    let extinct = run(&closed, &[("feed", fresh.clone())], &[]);

    let names: Vec<String> = once.slate().names().map(str::to_owned).collect();
    let mut made = vec![0.0; names.len()];
    let mut through = 0.0;
    let mut feed = fresh;
    for _ in 0..200 {
        let pass = run(&once, &[("feed", feed.clone())], &[]);
        let out = |name: &str| moles(&pass, "all", name);
        through += feed
            .iter()
            .filter(|(name, _)| *name != "methane")
            .map(|(name, flow)| {
                flow * molar_mass(
                    2 + u32::from(*name == "propane"),
                    if *name == "propane" { 8 } else { 6 },
                )
            })
            .sum::<f64>();
        for (sum, name) in made.iter_mut().zip(&names) {
            if name != "ethane" && name != "propane" {
                *sum += out(name);
            }
        }
        feed = vec![("ethane", out("ethane")), ("propane", out("propane"))];
    }
    assert!(feed.iter().all(|(_, flow)| *flow < 1e-70));
    for (name, sum) in names.iter().zip(&made) {
        let got = moles(&extinct, "all", name);
        assert!((got - sum).abs() <= 1e-13 * sum.max(1.0), "{name}: {got}, {sum}");
    }
    // and the furnaces carry every pass
    let through_closed: f64 = {
        // fresh propane is cracked 1/(1 - 0.12) times; ethane 1/(1 - 0.4), what propane makes too
        let propane = 30.0 * molar_mass(3, 8) / 0.88;
        let from_propane = propane * 0.032_456_955_681;
        propane + (70.0 * ethane + from_propane) / 0.6
    };
    close(through, through_closed, 1e-10);
}

#[test]
fn every_set_of_every_feed_conserves_with_recycle_and_hydrogenation() {
    let chain =
        one_stage(CRACKER, &["feed"], &["ethylene", "propylene", "rest", "flare", "burned"], None);
    for feed in ["ethane", "propane", "n-butane", "isobutane"] {
        let address = format!("stage.yields_{}", feed.replace('-', "_"));
        let parameter = chain.parameters().iter().find(|p| p.address == address).unwrap();
        let ParameterKind::Choice { allowed, .. } = &parameter.kind else { panic!("a choice") };
        for set in allowed {
            let short = address.strip_prefix("stage.").unwrap();
            let solved =
                run(&chain, &[("feed", vec![(feed, 100.0)])], &[(short, set.as_str().into())]);
            assert!(solved.worst_residual() <= RESIDUAL, "{set} of {feed}");
            for gone in ["acetylene", "propyne"] {
                assert_eq!(moles(&solved, "rest", gone).to_bits(), 0.0_f64.to_bits());
            }
        }
    }
}
