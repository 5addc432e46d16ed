//! A second engine that runs random chains at openings it is given, and settles inner chains by
//! programmes. It shares nothing with the library but the numbers of the chain and the heats and
//! masses of its species.

use crate::engine::programme::{Row, greatest};
use crate::engine::stages::{apply, cracked, duty_share, import, minus, of_stream, part, plus};
use crate::engine::world::{At, Bound, Flows, Middle, Node, Of, Plant, Source};
use std::cell::Cell;

/// A limit at a state: of a fraction, load and what is allowed are amounts.
#[derive(Debug, Clone)]
pub struct Seen {
    pub address: String,
    pub load: f64,
    pub allowed: f64,
    /// Whether what is allowed is in proportion to the stream.
    pub amounts: bool,
    pub at_least: bool,
    /// Whether it is the level's own, not of a chain inside.
    pub own: bool,
}

impl Seen {
    /// By how much it is broken.
    pub fn over(&self) -> f64 {
        if self.at_least { self.allowed - self.load } else { self.load - self.allowed }
    }
}

/// A level at openings.
#[derive(Debug, Clone, Default)]
pub struct State {
    pub outlets: Vec<Flows>,
    pub surplus: Vec<Flows>,
    pub openings: Vec<f64>,
    /// The chains inside that pass on what they refuse: their nodes, and what they are offered.
    pub settled: Vec<(usize, Vec<Flows>)>,
    /// The limits that throttle, and those of inner chains that may not refuse.
    pub seen: Vec<Seen>,
    /// Whether an inner chain has no allowed state.
    pub dead: bool,
}

/// The second engine.
pub struct Engine {
    hindered: bool,
    /// Whether it met a chain that it cannot settle.
    pub unsure: Cell<bool>,
}

impl Engine {
    /// One whose inner chains keep their limits.
    pub fn new() -> Self {
        Self { hindered: true, unsure: Cell::new(false) }
    }

    /// One that no limit stops: what would flow.
    pub fn unhindered() -> Self {
        Self { hindered: false, unsure: Cell::new(false) }
    }

    /// A chain whose inlets open by its own rule.
    pub fn settle(&self, plant: &Plant, offered: &[Flows]) -> Option<State> {
        let open = self.at(plant, offered, &vec![1.0; plant.inlets]);
        if !self.hindered || (!open.dead && open.seen.iter().all(|seen| holds(seen, 1e-12))) {
            return Some(open);
        }
        if !is_straight(plant) {
            self.unsure.set(true);
            return None;
        }
        let openings = greatest(plant.inlets, &self.rows(plant, offered), &plant.order)?;
        let nothing = |inlet: usize| offered[inlet].iter().all(|flow| *flow <= 0.0);
        let openings: Vec<f64> = openings
            .into_iter()
            .enumerate()
            .map(
                |(inlet, opening)| {
                    if nothing(inlet) || opening > 1.0 - 1e-13 { 1.0 } else { opening }
                },
            )
            .collect();
        Some(self.at(plant, offered, &openings))
    }

    /// The limits of a straight level along its openings: each inlet is opened alone.
    pub fn rows(&self, plant: &Plant, offered: &[Flows]) -> Vec<Row> {
        let alone: Vec<Vec<Seen>> = (0..plant.inlets)
            .map(|inlet| {
                let mut openings = vec![0.0; plant.inlets];
                openings[inlet] = 1.0;
                self.at(plant, offered, &openings).seen
            })
            .collect();
        let shut = self.at(plant, offered, &vec![0.0; plant.inlets]).seen;
        let row = |(limit, at_zero): (usize, &Seen)| {
            let sign = if at_zero.at_least { -1.0 } else { 1.0 };
            let slope = |seen: &Seen| {
                let whole = if seen.amounts { seen.allowed } else { 0.0 };
                sign * (seen.load - whole)
            };
            let slopes = alone.iter().map(|seen| slope(&seen[limit])).collect();
            Row { slopes, at_most: if at_zero.amounts { 0.0 } else { sign * at_zero.allowed } }
        };
        shut.iter().enumerate().map(row).collect()
    }

    /// Runs a level at openings, whatever breaks.
    pub fn at(&self, plant: &Plant, offered: &[Flows], openings: &[f64]) -> State {
        let accepted: Vec<Flows> =
            offered.iter().zip(openings).map(|(flows, share)| part(flows, *share)).collect();
        let surplus: Vec<Flows> =
            offered.iter().zip(&accepted).map(|(all, taken)| minus(all, taken)).collect();
        let mut outs: Vec<(Vec<Flows>, Vec<Flows>, f64)> = Vec::new();
        let (mut passed, mut dead, mut settled) = (Vec::new(), false, Vec::new());
        let mut pass_out = |path: String, seen: Vec<Seen>| {
            passed.extend(seen.into_iter().map(|seen| Seen {
                address: format!("{path}.{}", seen.address),
                own: false,
                ..seen
            }));
        };
        for (index, node) in plant.nodes.iter().enumerate() {
            let stream = |source: Source| match source {
                Source::Inlet(inlet) => accepted[inlet],
                Source::Out(node, port) => outs[node].0[port],
                Source::Surplus(node, inlet) => outs[node].1[inlet],
            };
            let result = match node {
                Node::Blend(sources) => {
                    let sum = |sum, source: &Source| plus(&sum, &stream(*source));
                    (vec![sources.iter().fold([0.0; 5], sum)], Vec::new(), 0.0)
                }
                Node::Chain { chain, feeds, surplus } => {
                    let feeds: Vec<Flows> = feeds.iter().map(|&source| stream(source)).collect();
                    let path = format!("n{index}");
                    if surplus.iter().all(|surplus| surplus.closed()) || !self.hindered {
                        // it has to take all: its limits are kept outside
                        let ran = self.at(chain, &feeds, &vec![1.0; chain.inlets]);
                        dead |= ran.dead;
                        pass_out(path, ran.seen);
                        (ran.outlets, ran.surplus, 0.0)
                    } else if let Some(ran) = self.settle(chain, &feeds) {
                        let refused = (0..chain.inlets).filter(|&inlet| surplus[inlet].closed());
                        settled.push((index, feeds.clone()));
                        pass_out(path, refused.map(|inlet| refusal(&ran, &feeds, inlet)).collect());
                        (ran.outlets, ran.surplus, 0.0)
                    } else {
                        dead = true;
                        let ran = self.at(chain, &feeds, &vec![0.0; chain.inlets]);
                        (ran.outlets, ran.surplus, 0.0)
                    }
                }
                Node::Loop { feed, .. } => {
                    let (outlets, ran) = self.around(node, &stream(*feed));
                    dead |= ran.dead;
                    pass_out(format!("n{index}_mid"), ran.seen);
                    (outlets, Vec::new(), 0.0)
                }
                Node::Split(source, _)
                | Node::Separate(source, _)
                | Node::Fuel(source, _)
                | Node::Duty(source, _)
                | Node::Pipeline(source, _)
                | Node::Crack(source, _)
                | Node::Hydrogenate(source, _) => {
                    let feed = stream(*source);
                    (apply(node, &feed), Vec::new(), import(node, &feed))
                }
            };
            outs.push(result);
        }
        let stream = |source: Source| match source {
            Source::Inlet(inlet) => accepted[inlet],
            Source::Out(node, port) => outs[node].0[port],
            Source::Surplus(node, inlet) => outs[node].1[inlet],
        };
        let see = |bound: &Bound| {
            let throttles = (0..plant.inlets).any(|inlet| bound.throttles(inlet));
            let capacity = bound.capacity.filter(|_| throttles)?;
            let (load, whole) = match bound.at {
                At::Stream(source) => of_stream(bound.of, &stream(source)),
                At::Import(node) => (outs[node].2, 1.0),
            };
            Some(Seen {
                address: bound.name.clone(),
                load,
                allowed: capacity * whole,
                amounts: matches!(bound.of, Of::Fraction(_)),
                at_least: bound.at_least,
                own: true,
            })
        };
        let seen = plant.limits.iter().filter_map(see).chain(passed).collect();
        let outlets = plant.outlets.iter().map(|&source| stream(source)).collect();
        State { outlets, surplus, openings: openings.to_vec(), settled, seen, dead }
    }

    /// Runs a loop by going round until nothing changes: outlets, and its chain.
    pub fn around(&self, node: &Node, feed: &Flows) -> (Vec<Flows>, State) {
        let Node::Loop { back, middle, .. } = node else { unreachable!() };
        let once = |hub: &Flows| match middle {
            Middle::Nothing => (*hub, Vec::new(), State::default()),
            Middle::Crack(conversion) => (cracked(hub, *conversion), Vec::new(), State::default()),
            Middle::Separate(recoveries) => {
                let out = std::array::from_fn(|i| hub[i] * recoveries[i]);
                (minus(hub, &out), vec![out], State::default())
            }
            Middle::Duty(duty) => {
                let burned = part(hub, duty_share(hub, *duty));
                (minus(hub, &burned), vec![burned], State::default())
            }
            Middle::Chain(chain) => {
                let ran = self.at(chain, &[*hub], &[1.0]);
                (ran.outlets[0], ran.outlets[1..].to_vec(), ran)
            }
        };
        let mut returned = [0.0; 5];
        for _ in 0..400 {
            let again = part(&once(&plus(feed, &returned)).0, *back);
            let moved = (0..5).any(|i| (again[i] - returned[i]).abs() > 1e-16 * again[i]);
            returned = again;
            if !moved {
                break;
            }
        }
        let (on, side, ran) = once(&plus(feed, &returned));
        let mut outlets = vec![part(&on, 1.0 - back)];
        outlets.extend(side);
        (outlets, ran)
    }
}

/// What an inlet that may refuse nothing refuses, as a limit of nothing.
fn refusal(ran: &State, feeds: &[Flows], inlet: usize) -> Seen {
    let all: f64 = feeds[inlet].iter().sum();
    Seen {
        address: format!("i{inlet}"),
        load: all * (1.0 - ran.openings[inlet]),
        allowed: 0.0,
        amounts: false,
        at_least: false,
        own: false,
    }
}

/// Whether a limit holds, within this of its own scale.
pub fn holds(seen: &Seen, within: f64) -> bool {
    seen.over() <= within * seen.load.abs().max(seen.allowed.abs())
}

/// Whether all that a level's limits see is in proportion to its openings.
pub fn is_straight(plant: &Plant) -> bool {
    let all = |bound: &Bound| {
        let named = (0..plant.inlets).filter(|&inlet| bound.throttles(inlet)).count();
        bound.capacity.is_none() || named == 0 || named == plant.inlets
    };
    plant.limits.iter().all(all)
        && plant.nodes.iter().all(|node| match node {
            Node::Duty(..) | Node::Loop { middle: Middle::Duty(_), .. } => false,
            Node::Chain { chain, surplus, .. } => {
                is_straight(chain)
                    && (surplus.iter().all(|surplus| surplus.closed()) || takes_all(chain))
            }
            Node::Loop { middle: Middle::Chain(chain), .. } => is_straight(chain),
            _ => true,
        })
}

/// Whether nothing can make a chain refuse.
pub fn takes_all(plant: &Plant) -> bool {
    let free = |bound: &Bound| {
        bound.capacity.is_none() || !(0..plant.inlets).any(|inlet| bound.throttles(inlet))
    };
    plant.limits.iter().all(free)
        && plant.nodes.iter().all(|node| match node {
            Node::Chain { chain, .. } | Node::Loop { middle: Middle::Chain(chain), .. } => {
                takes_all(chain)
            }
            _ => true,
        })
}
