//! The scenarios of the throughput measurements: which parameters vary, between what, and numbers
//! drawn at random from there.

use gaschain::amur;
use gaschain::chain::Chain;
use gaschain::param::ParameterKind;
use gaschain::quantity::Unit;
use gaschain::sweep::Results;

/// The outputs that every contestant works out.
pub const OUTPUTS: [&str; 9] = [
    "heihe.sales_gas.volume",
    "gpp.helium.volume",
    "gpp.c5_c6.mass",
    "rail.lpg.mass",
    "gcc.polyethylene.mass",
    "gcc.polypropylene.mass",
    "gpp.feed.utilisation",
    "kovykta.accepted",
    "kovykta.stopped_by",
];

/// A parameter that varies, SI.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Its address.
    pub address: String,
    /// Lowest value.
    pub low: f64,
    /// Highest value.
    pub high: f64,
}

/// The first `count` axes of the shipped list; all of them where there are fewer.
pub fn axes(chain: &Chain, count: usize) -> Vec<Axis> {
    let table = include_str!("../../data/amur/sweeps/axes.csv");
    let mut case = chain.case();
    let mut number = |address: &str, text: &str| {
        case.set(address, text).expect("the shipped axes fit the shipped chain");
        let shown = case.get(address).expect("every axis is a number").expect("that is known");
        let parameter = chain.parameters().iter().find(|other| other.address == address);
        match parameter.map(|parameter| &parameter.kind) {
            Some(ParameterKind::Number { unit, .. }) => unit.to_si(shown),
            _ => unreachable!("every axis is a number"),
        }
    };
    table
        .lines()
        .skip(1)
        .take(count)
        .map(|line| {
            let mut cells = line.split(',');
            let mut next = || cells.next().expect("every axis has a name, a low and a high end");
            let (address, low, high) = (next(), next(), next());
            let (low, high) = (number(address, low), number(address, high));
            Axis { address: address.to_owned(), low, high }
        })
        .collect()
}

/// `count` scenarios drawn at random, axis after axis, the same ones whenever asked for.
pub fn random(axes: &[Axis], count: usize) -> Vec<f64> {
    let mut state = 0x5eed_u64;
    let mut unit = || {
        // splitmix64 (Steele, Lea and Flood, OOPSLA 2014)
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    };
    axes.iter()
        .flat_map(|axis| std::iter::repeat_n(axis, count))
        .map(|axis| axis.low + (axis.high - axis.low) * unit())
        .collect()
}

/// What the crate makes of scenarios: its results, and the names that `kovykta.stopped_by`
/// counts.
pub fn solved(axes: &[Axis], inputs: &[f64], count: usize) -> (Results, Vec<String>) {
    let addresses = axes.iter().map(|axis| axis.address.as_str());
    let mut function =
        amur::chain().function(addresses, OUTPUTS).expect("the shipped axes and outputs are there");
    let units: Vec<Unit> = function.inputs().map(|(_, unit)| unit).collect();
    let shown = units.iter().zip(inputs.chunks_exact(count));
    let shown = shown.flat_map(|(unit, column)| column.iter().map(|si| unit.from_si(*si)));
    let mut results = Results::default();
    function.columns(&shown.collect::<Vec<_>>(), &mut results).expect("a column an axis");
    assert_eq!(results.failures, [], "every scenario has a solution");
    let names = function.outputs()[OUTPUTS.len() - 1].names().map(<[String]>::to_vec);
    (results, names.expect("what stopped an inlet is a name"))
}
