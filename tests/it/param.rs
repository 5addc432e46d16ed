//! Values know the chain they are of: given to another they are an error that names both, never a
//! number and never a panic.

use crate::support::chains::{Parts, at_most, build, mol, slate};
use crate::support::solved::bits;
use gaschain::ErrorKind;
use gaschain::chain::{Builder, Chain, Folder};
use gaschain::fault::FaultKind;
use gaschain::param::{ParameterSpec, Values};
use gaschain::quantity::Unit;
use gaschain::scenario::Scenario;
use gaschain::stage::Split;
use std::path::Path;

/// A field, a split and two markets.
fn three_stages(name: &str) -> Builder {
    let slate = slate(&["methane", "ethane"]);
    let mut chain = Builder::new(name, &slate);
    chain
        .field(&slate, "field", 10.0, &[("methane", 0.9), ("ethane", 0.1)])
        .stage("tee", Split::new(["side"], "on"))
        .set("tee.side", 0.25)
        .market("city")
        .market("town")
        .joined(&["field -> tee", "tee.side -> town", "tee.on -> city"])
        .limit(at_most("demand", "city", 6.0));
    chain
}

fn amur() -> &'static Chain {
    gaschain::amur::chain()
}

/// The message where values of one chain are given to another.
fn refusal(of: &str, chain: &str) -> String {
    format!(
        "these are values of chain \"{of}\"; this is chain \"{chain}\", whose parameters are others; allowed: values of its own"
    )
}

/// Every way of using values with a chain that they are not of.
fn refuses(chain: &Chain, address: &str, values: &Values) {
    let message = refusal(other_than(chain), chain.name());

    let mut changed = values.clone();
    let faults = chain.set(&mut changed, address, 1.0).unwrap_err();
    assert_eq!(faults.to_string(), format!("{address}: {message}"));
    assert_eq!(changed, *values, "what cannot be set stays as it is");
    // it is the values that are wrong, whatever the address
    let faults = chain.set(&mut changed, "nowhere", 1.0).unwrap_err();
    assert_eq!(faults.to_string(), format!("nowhere: {message}"));
    let (of, name) = (other_than(chain).to_owned(), chain.name().to_owned());
    assert_eq!(faults.faults()[0].kind, FaultKind::ValuesOfAnotherChain { of, chain: name });

    assert!(chain.number(&chain.values(), address).is_some());
    assert_eq!(chain.number(values, address), None);

    let error = chain.solve(values).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert_eq!(error.kind(), ErrorKind::OtherChain);
    let mut case = chain.case();
    let refused = case.set_values(values).unwrap_err();
    assert_eq!((refused.kind(), refused.to_string()), (ErrorKind::OtherChain, message.clone()));
    assert!(case.solve().is_ok(), "a case goes on after them");
}

fn other_than(chain: &Chain) -> &'static str {
    if chain.name() == "amur" { "three stages" } else { "amur" }
}

#[test]
fn values_of_a_larger_chain_are_refused() {
    let small = build(three_stages("three stages"));
    refuses(&small, "tee.side", &amur().values());
}

#[test]
fn values_of_a_smaller_chain_are_refused() {
    let small = build(three_stages("three stages"));
    refuses(amur(), "gpp.ngl.ethane", &small.values());
}

#[test]
fn values_set_by_a_scenario_are_those_of_its_chain() {
    let small = build(three_stages("three stages"));
    let scenario = Scenario::new("more", "three stages").setting("field.flow", mol(12.0));
    let values = scenario.values(&small).unwrap();
    assert!(small.solve(&values).is_ok());
    assert_eq!(amur().solve(&values).unwrap_err().to_string(), refusal("three stages", "amur"));
}

#[test]
fn a_folder_read_twice_is_one_chain() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/amur");
    let read = Folder::open(&folder).unwrap().chain().unwrap();
    let mut values = read.values();
    assert_eq!(values, amur().values());
    amur().set(&mut values, "gpp.trains", 4.0).unwrap();
    assert_eq!(read.number(&values, "gpp.trains"), Some(4.0));
    let (one, other) = (amur().solve(&values).unwrap(), read.solve(&values).unwrap());
    assert_eq!(bits(&one), bits(&other));
}

#[test]
fn chains_that_differ_in_values_and_names_only_are_alike() {
    let one = build(three_stages("three stages"));
    let mut other = three_stages("of other values");
    other.set("tee.side", 0.5).set("demand", mol(3.0));
    let other = build(other);
    // the values say how much goes where, not the chain
    let (by_one, by_other) = (one.solve(&other.values()).unwrap(), other.solve(&other.values()));
    assert_eq!(bits(&by_one), bits(&by_other.unwrap()));
}

#[test]
fn chains_of_as_many_parameters_are_not_alike_for_that() {
    let parameter = |name: &str, unit, low, high| {
        let mut chain = three_stages("three stages");
        chain.parameter(ParameterSpec::number(name, "of no use", unit, low, high), "1 km");
        build(chain)
    };
    let choosing = |names: [&str; 2]| {
        let mut chain = three_stages("three stages");
        let names = names.map(str::to_owned).to_vec();
        chain.parameter(ParameterSpec::choice("which", "of no use", names), "first");
        build(chain)
    };
    let ordered = |[first, second]: [(&str, f64); 2]| {
        let mut chain = three_stages("three stages");
        for (name, number) in [first, second] {
            let spec = ParameterSpec::number(name, "of no use", Unit::BARE, 0.0, 9.0);
            chain.parameter(spec, number);
        }
        build(chain)
    };
    let chains = [
        build(three_stages("three stages")),
        parameter("length", Unit::KILOMETRE, 0.0, 9.0),
        parameter("width", Unit::KILOMETRE, 0.0, 9.0),
        parameter("length", Unit::METRE, 0.0, 9000.0),
        parameter("length", Unit::KILOMETRE, 0.0, 8.0),
        parameter("length", Unit::KILOMETRE, 0.5, 9.0),
        choosing(["first", "second"]),
        choosing(["first", "third"]),
        choosing(["second", "first"]),
        ordered([("a", 1.0), ("b", 2.0)]),
        ordered([("b", 2.0), ("a", 1.0)]),
        ordered([("ab", 1.0), ("b", 2.0)]),
    ];
    for (index, one) in chains.iter().enumerate() {
        for (other_index, other) in chains.iter().enumerate() {
            let alike = index == other_index;
            assert_eq!(one.solve(&other.values()).is_ok(), alike, "{index} and {other_index}");
            assert_eq!(one.values() == other.values(), alike, "{index} and {other_index}");
        }
    }
    // two chains may go by one name
    assert_eq!(
        chains[0].solve(&chains[1].values()).unwrap_err().to_string(),
        refusal("three stages", "three stages")
    );
}
