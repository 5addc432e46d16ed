//! The tape gives what a scenario worked out by itself gives: on random chains with random
//! parameters, and on every shipped scenario.

use crate::engine::make::all_worlds;
use crate::support::seeds::on_every_seed;
use crate::support::solved::first_stop;
use gaschain::Case;
use gaschain::chain::Chain;
use gaschain::param::ParameterKind;
use gaschain::sweep::Results;
use proptest::prelude::*;

/// Scenarios of a block that are compared.
const LANES: usize = 24;

/// Number parameters that have a value, with that and their range, in the unit they are shown in.
fn numbers(case: &Case) -> Vec<(String, f64, f64, f64)> {
    case.chain()
        .parameters()
        .iter()
        .filter_map(|parameter| {
            let ParameterKind::Number { unit, low, high, whole, .. } = parameter.kind else {
                return None;
            };
            let value = case.get(&parameter.address).unwrap()?;
            let [low, high] = [low, high].map(|si| unit.from_si(si));
            (!whole && value > 0.0).then(|| (parameter.address.clone(), value, low, high))
        })
        .collect()
}

/// Columns of scenarios in which each variable is a random part of its value, and now and then
/// exactly it.
fn columns(variables: &[(String, f64, f64, f64)], seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut columns = Vec::new();
    for (_, value, low, high) in variables {
        for _ in 0..LANES {
            let share = if next() < 0.2 { 1.0 } else { 0.5 + next() };
            columns.push((value * share).clamp(*low, *high));
        }
    }
    columns
}

/// Everything that can be asked for by moles, and all that is said of inlets and limits.
fn outputs(chain: &Chain) -> Vec<String> {
    let ports = chain.ports().map(|port| format!("{port}.moles"));
    let inlets = chain.inlets().flat_map(|inlet| {
        ["stopped_by", "accepted", "shut_in"].map(|field| format!("{inlet}.{field}"))
    });
    let limits = chain.limits().map(|limit| format!("{}.load", limit.address));
    inlets.chain(ports).chain(limits).collect()
}

struct Compared {
    rerun: usize,
    lanes: usize,
}

/// Runs scenarios both ways and holds every number of both against each other.
fn compare(
    case: &mut Case,
    variables: &[(String, f64, f64, f64)],
    seed: u64,
) -> Result<Compared, TestCaseError> {
    let chain = &case.chain().clone();
    let outputs = outputs(chain);
    let addresses = variables.iter().map(|(address, ..)| address);
    let mut function = case.function(addresses, &outputs).unwrap();
    let inputs = columns(variables, seed);
    let mut results = Results::default();
    function.columns(&inputs, &mut results).unwrap();
    prop_assert!(results.disagreed.is_empty(), "{:?}", results.disagreed);
    for lane in 0..LANES {
        let failed = results.failures.iter().find(|(at, _)| *at == lane);
        for (index, (address, unit)) in function.inputs().enumerate() {
            case.set_in(address, inputs[index * LANES + lane], &unit.to_string()).unwrap();
        }
        let solved = match case.solve() {
            Ok(solved) => solved,
            Err(error) => {
                let message = failed.map(|(_, message)| message.clone());
                prop_assert!(message.is_some(), "lane {lane} should fail: {error}");
                continue;
            }
        };
        prop_assert!(failed.is_none(), "lane {lane} fails: {failed:?}");
        let whole =
            chain.ports().map(|port| solved.stream(port).unwrap().mol_per_s()).fold(0.0, f64::max);
        for (index, address) in outputs.iter().enumerate() {
            let got = results.column(index)[lane];
            if let Some(inlet) = address.strip_suffix(".stopped_by") {
                let names = function.outputs()[index].names().unwrap();
                let expected = solved.inlet(inlet).unwrap();
                // what stops a stream that is nothing but rounding is one limit or none
                let offered = results.column(index + 1)[lane] + results.column(index + 2)[lane];
                if offered <= 1e-12 * whole && expected.offered <= 1e-12 * whole {
                    continue;
                }
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let name = &names[got as usize];
                prop_assert!(
                    first_stop(&solved, inlet) == *name,
                    "lane {lane}: {inlet} stopped by {name} at {}, expected {:?} at {}",
                    results.column(index + 1)[lane],
                    expected.stopped_by,
                    expected.accepted
                );
                continue;
            }
            let expected = solved.get(address).unwrap().unwrap_or(f64::NAN);
            let scale = if address.ends_with(".load") { expected.abs().max(1.0) } else { whole };
            // a share of what rounding leaves of a stream, or of nothing: in one way or the other
            let share = function.outputs()[index].unit().is_some_and(|unit| unit.to_si(1.0) <= 1.0);
            if address.ends_with(".load") && share && got.is_nan() != expected.is_nan() {
                continue;
            }
            let same =
                (got.is_nan() && expected.is_nan()) || (got - expected).abs() <= 1e-12 * scale;
            prop_assert!(same, "lane {lane}: {address} is {got}, expected {expected}");
        }
    }
    // one that fails, for want of an allowed state, is always worked out by itself
    let rerun = results.rerun - results.failures.len().min(results.rerun);
    Ok(Compared { rerun, lanes: LANES })
}

#[test]
fn random_chains_give_the_same_by_the_tape() {
    let seen = std::cell::RefCell::new((0, 0));
    on_every_seed(5, &(all_worlds(), any::<u64>(), 1_usize..40), |(world, seed, count)| {
        let Ok(chain) = world.builder(1.0).build() else { return Ok(()) };
        let mut case = chain.case();
        let mut variables = numbers(&case);
        let skip = variables.len().saturating_sub(count);
        variables.drain(..skip / 2);
        variables.truncate(count);
        let compared = compare(&mut case, &variables, seed)?;
        let mut seen = seen.borrow_mut();
        seen.0 += compared.rerun;
        seen.1 += compared.lanes;
        Ok(())
    });
    let (rerun, lanes) = *seen.borrow();
    // those in which a programme chooses, or inlets stop that are not the last of their chain
    assert!(rerun * 2 < lanes, "{rerun} of {lanes} scenarios had to be worked out one by one");
}

// one of them runs a line by hydraulics
#[test]
fn shipped_scenarios_give_the_same_by_the_tape() {
    let chain = gaschain::amur::chain();
    for name in gaschain::amur::scenario_names() {
        let mut case = chain.case();
        case.apply(&gaschain::amur::scenario(name).unwrap()).unwrap();
        let variables: Vec<_> = numbers(&case)
            .into_iter()
            .filter(|(address, ..)| !address.starts_with("trunk_line.") || name != "hydraulic")
            .collect();
        let compared = compare(&mut case, &variables, 7);
        let compared = compared.unwrap_or_else(|error| panic!("{name}: {error}"));
        // where furnaces refuse what is not the last of their order
        assert!(compared.rerun * 2 < compared.lanes, "{name}: {} one by one", compared.rerun);
    }
}
