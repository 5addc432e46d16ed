//! Derivatives by the tape run backwards: against differences of scenarios worked out one by one,
//! and at kinks.

use gaschain::chain::Chain;
use gaschain::sweep::Slopes;

const OUTPUTS: [&str; 6] = [
    "heihe.sales_gas.volume",
    "gpp.helium.volume",
    "gcc.polyethylene.mass",
    "rail.lpg.mass",
    "gpp.feed.utilisation",
    "kovykta.accepted",
];

/// Axes of the shipped sweeps, at a place between their ends, in the units they are shown in.
fn axes(chain: &Chain, share: impl Fn(usize) -> f64) -> (Vec<String>, Vec<f64>) {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/amur/sweeps/axes.csv"));
    let rows = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    rows.enumerate()
        .map(|(index, row)| {
            let number =
                |text: &str| chain.case().set(row[0], text).unwrap().get(row[0]).unwrap().unwrap();
            let (low, high) = (number(row[1]), number(row[2]));
            (row[0].to_owned(), low + (high - low) * share(index))
        })
        .unzip()
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
        let mut function = chain.function(&names, OUTPUTS).unwrap();
        for (output, address) in OUTPUTS.iter().enumerate() {
            let mut slopes = Slopes::default();
            function.gradient(output, &numbers, &mut slopes).unwrap();
            assert!(slopes.kinks.is_empty(), "{:?}", slopes.kinks);
            for (variable, name) in names.iter().enumerate() {
                let step = 1e-6 * numbers[variable].abs();
                let mut at = |number: f64| {
                    for (input, (name, unit)) in function.inputs().enumerate() {
                        let number = if input == variable { number } else { numbers[input] };
                        case.set_in(name, number, &unit.to_string()).unwrap();
                    }
                    case.solve().unwrap().value(address).unwrap()
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
    let mut case = chain.case();
    let accepted = case.solve().unwrap().accepted_fraction("kovykta").unwrap();
    let just = accepted * case.get("kovykta.flow").unwrap().unwrap();
    let mut function = chain.function(["kovykta.flow"], OUTPUTS).unwrap();
    let mut slopes = Slopes::default();
    let inputs = [0.9 * just, just * (1.0 - 1e-12), 1.1 * just];
    function.gradient(0, &inputs, &mut slopes).unwrap();
    let demand = chain.limits().position(|limit| limit.address == "heihe.demand").unwrap();
    assert!(slopes.kinks.contains(&(1, demand)), "{:?}", slopes.kinks);
    assert!(!slopes.kinks.iter().any(|&(scenario, limit)| scenario != 1 && limit == demand));
    let [below, at, above] = [0, 1, 2].map(|scenario| slopes.of(0)[scenario]);
    assert!(below > 0.1 && above.abs() < 1e-12, "{below} {above}");
    assert!((at - below).abs() < 0.2 * below || at.abs() < 1e-12, "{at}");
    assert_eq!(function.stopped_by(&slopes, "kovykta", 0), Some("fully drawn"));
    assert_eq!(function.stopped_by(&slopes, "kovykta", 2), Some("heihe.demand"));
}

#[test]
fn what_cannot_be_differentiated_is_refused() {
    let chain = gaschain::amur::chain();
    let outputs = ["heihe.sales_gas.volume"];
    let error = chain.function(["bypass.open", "gpp.trains [m]"], outputs).unwrap_err();
    assert_eq!(
        error.to_string(),
        "bypass.open: bypass.open, which is true or false; allowed: a parameter that is a number\n\
         gpp.trains [m]: \"m\" is a length; allowed: a count"
    );
    let mut function = chain.function(["gpp.trains"], outputs).unwrap();
    let error = function.gradient(3, &[4.0], &mut Slopes::default()).unwrap_err();
    assert_eq!(error.to_string(), "output 3; allowed: 0 to 0");
}
