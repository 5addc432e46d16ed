//! Derivatives by the tape run backwards: against differences of scenarios worked out one by one,
//! and at kinks.

use gaschain::chain::Chain;
use gaschain::param::{ParameterKind, Values};
use gaschain::quantity::Quantity;
use gaschain::sweep::{Evaluator, Gradient, Slopes, Variable};

const OUTPUTS: [&str; 6] = [
    "heihe.sales_gas.volume",
    "gpp.helium.volume",
    "gcc.polyethylene.mass",
    "rail.lpg.mass",
    "gpp.feed.utilisation",
    "kovykta.accepted",
];

/// Axes of the shipped sweeps, at a place between their ends.
fn axes(chain: &Chain, share: impl Fn(usize) -> f64) -> (Vec<String>, Vec<f64>) {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/amur/sweeps/axes.csv"));
    let rows = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    rows.enumerate()
        .map(|(index, row)| {
            let number = |text: &str| {
                let mut values = chain.values();
                chain.set(&mut values, row[0], text).unwrap();
                chain.number(&values, row[0]).unwrap()
            };
            let (low, high) = (number(row[1]), number(row[2]));
            (row[0].to_owned(), low + (high - low) * share(index))
        })
        .unzip()
}

fn with(chain: &Chain, base: &Values, names: &[String], numbers: &[f64]) -> Values {
    let mut values = base.clone();
    for (name, &number) in names.iter().zip(numbers) {
        let parameter = chain.parameters().iter().find(|other| other.address == *name);
        let ParameterKind::Number { unit, .. } = parameter.unwrap().kind else { continue };
        chain.set(&mut values, name, Quantity::from_si(number, unit)).unwrap();
    }
    values
}

fn evaluator(chain: &Chain, names: &[String]) -> Evaluator {
    let variables: Vec<Variable> =
        names.iter().map(|name| Variable::Number { address: name.clone() }).collect();
    let outputs = OUTPUTS.map(str::to_owned);
    Evaluator::new(chain, &chain.values(), &variables, &outputs).unwrap()
}

#[test]
fn derivatives_are_those_of_central_differences() {
    let chain = gaschain::amur::chain();
    let mut case = chain.case();
    let mut compared = 0;
    for place in 0..6 {
        // places that lie on no kink
        let share = |index: usize| 0.15 + 0.7 * ((index * 7 + place * 13) % 23) as f64 / 22.0;
        let (names, numbers) = axes(chain, share);
        let evaluator = evaluator(chain, &names);
        for (output, address) in OUTPUTS.iter().enumerate() {
            let gradient = Gradient::new(&evaluator, output).unwrap();
            let mut slopes = Slopes::default();
            gradient.run(&mut gradient.workspace(), &numbers, 1, &mut slopes);
            assert!(slopes.kinks.is_empty(), "{:?}", slopes.kinks);
            for (variable, name) in names.iter().enumerate() {
                let step = 1e-6 * numbers[variable].abs();
                let mut at = |number: f64| {
                    let mut moved = numbers.clone();
                    moved[variable] = number;
                    let values = with(chain, &chain.values(), &names, &moved);
                    case.set_values(&values).unwrap().solve().unwrap().value(address).unwrap()
                };
                let (low, high) = (at(numbers[variable] - step), at(numbers[variable] + step));
                let difference = (high - low) / (2.0 * step);
                let scale = slopes.values[0] / numbers[variable];
                let got = slopes.of(variable)[0];
                assert!(
                    (got - difference).abs() <= 1e-6 * scale.abs() + 1e-5 * difference.abs(),
                    "place {place}: {address} by {name} is {got}, differences say {difference}"
                );
                compared += usize::from(difference != 0.0);
            }
        }
    }
    assert!(compared > 500, "only {compared} derivatives that are not zero");
}

#[test]
fn a_derivative_at_a_kink_names_the_limit_and_is_that_of_one_side() {
    // as much gas offered as the border takes: at just that flow Kovykta begins to be stopped
    let chain = gaschain::amur::chain();
    let names = vec!["kovykta.flow".to_owned()];
    let solved = chain.solve(&chain.values()).unwrap();
    let accepted = solved.accepted_fraction("kovykta").unwrap();
    let just = accepted * chain.number(&chain.values(), "kovykta.flow").unwrap();
    let evaluator = evaluator(chain, &names);
    let gradient = Gradient::new(&evaluator, 0).unwrap();
    let mut slopes = Slopes::default();
    let inputs = [0.9 * just, just * (1.0 - 1e-12), 1.1 * just];
    gradient.run(&mut gradient.workspace(), &inputs, 3, &mut slopes);
    let demand = chain.limits().position(|limit| limit.address == "heihe.demand").unwrap();
    assert!(slopes.kinks.contains(&(1, demand)), "{:?}", slopes.kinks);
    assert!(!slopes.kinks.iter().any(|&(scenario, limit)| scenario != 1 && limit == demand));
    let [below, at, above] = [0, 1, 2].map(|scenario| slopes.of(0)[scenario]);
    assert!(below > 1e-4 && above.abs() < 1e-12, "{below} {above}");
    assert!((at - below).abs() < 0.2 * below || at.abs() < 1e-12, "{at}");
    assert_eq!(gradient.stopped_by(&slopes, "kovykta", 0), Some("fully drawn"));
    assert_eq!(gradient.stopped_by(&slopes, "kovykta", 2), Some("heihe.demand"));
}

#[test]
fn what_cannot_be_differentiated_is_refused() {
    let chain = gaschain::amur::chain();
    let options = Variable::Options {
        address: "bypass.open".to_owned(),
        values: vec![true.into(), false.into()],
    };
    let outputs = ["heihe.sales_gas.volume".to_owned()];
    let evaluator = Evaluator::new(chain, &chain.values(), &[options], &outputs).unwrap();
    let none = Variable::Options { address: "bypass.open".to_owned(), values: Vec::new() };
    let faults = Evaluator::new(chain, &chain.values(), &[none], &outputs).unwrap_err();
    assert_eq!(faults.to_string(), "bypass.open: no values; allowed: at least one");
    let message = Gradient::new(&evaluator, 3).unwrap_err().to_string();
    assert!(
        message.contains("output 3") && message.contains("options of bypass.open"),
        "{message}"
    );
}
