//! What stages make of a feed and limits measure of a stream, in plain arithmetic on arrays.

use crate::engine::world::{ETHANE, ETHYLENE, Flows, HYDROGEN, Node, Of, slate};

/// All moles, mol/s.
pub fn total(flows: &Flows) -> f64 {
    flows.iter().sum()
}

thread_local! {
    static HEATS: Flows = std::array::from_fn(|index| slate().get(index).net_heat_25().unwrap());
    static MASSES: Flows = std::array::from_fn(|index| slate().molar_masses()[index]);
}

/// Net heat, W.
pub fn heat(flows: &Flows) -> f64 {
    HEATS.with(|heats| flows.iter().zip(heats).map(|(flow, heat)| flow * heat).sum())
}

/// What a limit measures of a stream, and of what that is a share: 1 of a plain flow.
pub fn of_stream(of: Of, flows: &Flows) -> (f64, f64) {
    match of {
        Of::Moles => (total(flows), 1.0),
        Of::Mass => {
            let mass = MASSES.with(|masses| flows.iter().zip(masses).map(|(n, m)| n * m).sum());
            (mass, 1.0)
        }
        Of::Species(species) => (flows[species], 1.0),
        Of::Fraction(species) => (flows[species], total(flows)),
    }
}

/// Both together.
pub fn plus(a: &Flows, b: &Flows) -> Flows {
    std::array::from_fn(|i| a[i] + b[i])
}

/// What one leaves of the other.
pub fn minus(a: &Flows, b: &Flows) -> Flows {
    std::array::from_fn(|i| (a[i] - b[i]).max(0.0))
}

/// Some of the ethane turned into ethylene and hydrogen.
pub fn cracked(feed: &Flows, conversion: f64) -> Flows {
    let turned = feed[ETHANE] * conversion;
    let mut out = *feed;
    out[ETHANE] -= turned;
    out[ETHYLENE] += turned;
    out[HYDROGEN] += turned;
    out
}

/// A share of a stream.
pub fn part(feed: &Flows, share: f64) -> Flows {
    feed.map(|flow| flow * share)
}

/// The share of a gas that a duty takes, all of it at the most.
pub fn duty_share(feed: &Flows, duty: f64) -> f64 {
    let energy = heat(feed);
    if energy > 0.0 { (duty / energy).min(1.0) } else { 0.0 }
}

/// Outlets of a plain stage.
pub fn apply(node: &Node, feed: &Flows) -> Vec<Flows> {
    match node {
        Node::Split(_, share) => vec![part(feed, *share), part(feed, 1.0 - share)],
        Node::Separate(_, recoveries) => {
            let out = std::array::from_fn(|i| feed[i] * recoveries[i]);
            vec![out, minus(feed, &out)]
        }
        Node::Fuel(_, share) | Node::Pipeline(_, share) => {
            let burned = part(feed, *share);
            vec![minus(feed, &burned), burned]
        }
        Node::Duty(_, duty) => {
            let burned = part(feed, duty_share(feed, *duty));
            vec![minus(feed, &burned), burned]
        }
        Node::Crack(_, conversion) => vec![cracked(feed, *conversion)],
        Node::Hydrogenate(_, conversion) => {
            let turned = feed[ETHYLENE] * conversion;
            let mut out = *feed;
            out[ETHYLENE] -= turned;
            out[ETHANE] += turned;
            vec![out]
        }
        Node::Blend(_) | Node::Chain { .. } | Node::Loop { .. } => unreachable!(),
    }
}

/// The hydrogen that a stage brings in, mol/s.
pub fn import(node: &Node, feed: &Flows) -> f64 {
    match node {
        Node::Hydrogenate(_, conversion) => feed[ETHYLENE] * conversion,
        _ => 0.0,
    }
}
