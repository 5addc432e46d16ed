//! A second engine that runs random chains by the operating rule's own words: no derivatives, no
//! closed forms, no events, only looking along each inlet in small steps. It shares nothing with
//! the library but the numbers of the chain and the heats and masses of its species.

use crate::engine::stages::{apply, cracked, duty_share, import, minus, of_stream, part, plus};
use crate::engine::world::{At, Flows, Middle, Node, Of, Plant, Source, World};
use std::cell::Cell;

/// A limit at one opening: its full address, load, what is allowed of it, and which groups of
/// the level it throttles.
#[derive(Debug, Clone)]
pub struct Seen {
    pub address: String,
    pub load: f64,
    pub allowed: f64,
    throttles: Vec<bool>,
}

impl Seen {
    fn over(&self) -> f64 {
        self.load - self.allowed
    }

    fn scale(&self) -> f64 {
        self.load.max(self.allowed)
    }
}

/// A level that was run.
#[derive(Debug, Clone, Default)]
pub struct Ran {
    pub outlets: Vec<Flows>,
    pub surplus: Vec<Flows>,
    pub fractions: Vec<f64>,
    /// The limits that may be named for what stopped each inlet.
    pub stopped_by: Vec<Vec<String>>,
    passed_out: Vec<Seen>,
}

/// The second engine.
pub struct BruteForce {
    /// Whether limits stop anything.
    hindered: bool,
    /// How many levels may still be run before it gives up.
    left: Cell<usize>,
}

/// By how much a limit may be passed and still hold, relative to the larger of its capacity and
/// its load at the full opening.
const TOLERANCE: f64 = 1e-12;
/// How many steps it looks along an inlet before it searches between two of them.
const LOOKS: usize = 24;

impl BruteForce {
    /// One that gives up after running this many levels.
    pub fn patient(levels: usize) -> Self {
        Self { hindered: true, left: Cell::new(levels) }
    }

    /// One that no limit stops: what would flow.
    pub fn unhindered() -> Self {
        Self { hindered: false, left: Cell::new(usize::MAX) }
    }

    /// Whether it has given up: what it says means nothing then.
    pub fn gave_up(&self) -> bool {
        self.left.get() == 0
    }

    /// Runs the outermost chain.
    pub fn world(&self, world: &World) -> Ran {
        let open = vec![false; world.plant.inlets];
        self.level(&world.plant, &world.supplies, &open)
    }

    /// Runs the outermost chain with these fractions of its supplies, whatever breaks.
    pub fn limits_at(&self, world: &World, fractions: &[f64]) -> Vec<(String, f64, f64)> {
        let offered = &world.supplies;
        let seen = self.inside(&world.plant, offered, fractions).1;
        seen.into_iter().map(|seen| (seen.address, seen.load, seen.allowed)).collect()
    }

    /// Runs a chain with what is offered to it; inlets that are `closed` pass what they would
    /// refuse to the chain outside.
    pub fn level(&self, plant: &Plant, offered: &[Flows], closed: &[bool]) -> Ran {
        self.left.set(self.left.get().saturating_sub(1));
        let mut fractions = vec![0.0; plant.inlets];
        let mut stopped_by = vec![Vec::new(); plant.inlets];
        for (number, group) in plant.order.iter().enumerate() {
            let forced = group.iter().any(|&inlet| closed[inlet]);
            let at = |share: f64| {
                let mut fractions = fractions.clone();
                for &inlet in group {
                    fractions[inlet] = share;
                }
                self.inside(plant, offered, &fractions).1
            };
            let (share, names) = if forced || !self.hindered || self.gave_up() {
                (1.0, Vec::new())
            } else {
                self.first_crossing(number, at)
            };
            for &inlet in group {
                fractions[inlet] = share;
                stopped_by[inlet].clone_from(&names);
            }
        }
        let (ran, seen) = self.inside(plant, offered, &fractions);
        let forced = |group: &Vec<usize>| group.iter().any(|&inlet| closed[inlet]);
        let passed_out = seen.into_iter().filter(|seen| {
            plant
                .order
                .iter()
                .zip(&seen.throttles)
                .any(|(group, throttles)| *throttles && forced(group))
        });
        Ran { fractions, stopped_by, passed_out: passed_out.collect(), ..ran }
    }

    /// The end of the interval from 0 on which all limits hold, by looking.
    fn first_crossing(&self, group: usize, at: impl Fn(f64) -> Vec<Seen>) -> (f64, Vec<String>) {
        let (zero, full) = (at(0.0), at(1.0));
        if !zero.iter().any(|seen| seen.throttles[group]) {
            return (1.0, Vec::new());
        }
        // by how much the worst limit is broken, in terms of its tolerance
        let worst = |seen: &[Seen]| {
            (0..seen.len())
                .filter(|&index| seen[index].throttles[group])
                .map(|index| {
                    let tolerance = TOLERANCE * full[index].scale();
                    let before = zero[index].over().max(0.0);
                    if tolerance > 0.0 {
                        (seen[index].over() - before) / tolerance - 1.0
                    } else if seen[index].over() > before {
                        1e30
                    } else {
                        -1.0
                    }
                })
                .fold(f64::NEG_INFINITY, f64::max)
        };
        let (mut low, mut high) = (0.0, 0.0);
        let (mut below, mut above) = (worst(&zero), 0.0);
        for look in 1..=LOOKS {
            if self.gave_up() {
                return (1.0, Vec::new());
            }
            high = look as f64 / LOOKS as f64;
            above = if look == LOOKS { worst(&full) } else { worst(&at(high)) };
            if above > 0.0 {
                break;
            }
            (low, below) = (high, above);
        }
        if above <= 0.0 {
            return (1.0, Vec::new());
        }
        // regula falsi (Illinois), with a halving every third time
        let mut turn = 0;
        while high - low > 1e-15 * high && high - low > 1e-300 && !self.gave_up() {
            turn += 1;
            let guess = low + (high - low) * (-below / (above - below));
            let middle = if turn % 3 == 0 || !(guess > low && guess < high) {
                low + 0.5 * (high - low)
            } else {
                guess
            };
            if middle <= low || middle >= high {
                break;
            }
            let value = worst(&at(middle));
            if value.abs() < 1e-3 {
                low = middle;
                break;
            }
            if value > 0.0 {
                (high, above) = (middle, value);
                below *= 0.5;
            } else {
                (low, below) = (middle, value);
                above *= 0.5;
            }
        }
        // that is the far edge of the tolerance; it stops where the capacity is reached, so that
        // what an inner chain leaves there is no more than that for the chain outside, whose own
        // tolerance may be narrower
        let mut back = TOLERANCE;
        while back < 1e-9 && !self.gave_up() {
            let nearer = (low - back).max(0.0);
            // at the capacity and not past it: a whole tolerance inside what still holds
            if worst(&at(nearer)) <= -1.0 {
                low = nearer;
                break;
            }
            back *= 2.0;
        }
        // what is within tolerance of nothing is nothing
        if low < 1e-10 {
            low = 0.0;
        }
        let seen = at(low);
        let names = (0..seen.len())
            .filter(|&index| {
                seen[index].throttles[group]
                    && seen[index].over() >= -1e-8 * full[index].scale().max(seen[index].scale())
            })
            .map(|index| seen[index].address.clone())
            .collect();
        (low, names)
    }

    /// Runs what is inside a level with given fractions: its outlets, and its limits.
    fn inside(&self, plant: &Plant, offered: &[Flows], fractions: &[f64]) -> (Ran, Vec<Seen>) {
        let accepted: Vec<Flows> =
            offered.iter().zip(fractions).map(|(flows, share)| part(flows, *share)).collect();
        let surplus: Vec<Flows> =
            offered.iter().zip(&accepted).map(|(all, taken)| minus(all, taken)).collect();
        let mut outs: Vec<(Vec<Flows>, Vec<Flows>, f64)> = Vec::new();
        let mut passed: Vec<Seen> = Vec::new();
        let groups = plant.order.len();
        let mut pass_out = |node: usize, name: &str, seen: Vec<Seen>| {
            for one in seen {
                let address = format!("n{node}{name}.{}", one.address);
                passed.push(Seen { address, throttles: vec![true; groups], ..one });
            }
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
                    let closed: Vec<bool> =
                        surplus.iter().map(|surplus| surplus.closed()).collect();
                    let ran = self.level(chain, &feeds, &closed);
                    pass_out(index, "", ran.passed_out);
                    (ran.outlets, ran.surplus, 0.0)
                }
                Node::Loop { feed, .. } => {
                    let (outlets, seen) = self.around(node, &stream(*feed));
                    pass_out(index, "_mid", seen);
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
        let mut seen = Vec::new();
        for bound in &plant.limits {
            let Some(capacity) = bound.capacity else { continue };
            if bound.at_least {
                continue;
            }
            let (load, whole) = match bound.at {
                At::Stream(source) => of_stream(bound.of, &stream(source)),
                At::Import(node) => match bound.of {
                    Of::Moles => (outs[node].2, 1.0),
                    _ => unreachable!(),
                },
            };
            let throttles = |group: &Vec<usize>| group.iter().any(|&inlet| bound.throttles(inlet));
            seen.push(Seen {
                address: bound.name.clone(),
                load,
                allowed: capacity * whole,
                throttles: plant.order.iter().map(throttles).collect(),
            });
        }
        seen.extend(passed);
        let outlets = plant.outlets.iter().map(|&source| stream(source)).collect();
        (Ran { outlets, surplus, ..Ran::default() }, seen)
    }

    /// Runs a loop by going round until nothing changes: outlets, and what its chain passes out.
    pub fn around(&self, node: &Node, feed: &Flows) -> (Vec<Flows>, Vec<Seen>) {
        let Node::Loop { back, middle, .. } = node else { unreachable!() };
        let mut returned = [0.0; 5];
        for _ in 0..400 {
            let hub = plus(feed, &returned);
            let (on, side, seen) = match middle {
                Middle::Nothing => (hub, Vec::new(), Vec::new()),
                Middle::Crack(conversion) => (cracked(&hub, *conversion), Vec::new(), Vec::new()),
                Middle::Separate(recoveries) => {
                    let out = std::array::from_fn(|i| hub[i] * recoveries[i]);
                    (minus(&hub, &out), vec![out], Vec::new())
                }
                Middle::Duty(duty) => {
                    let burned = part(&hub, duty_share(&hub, *duty));
                    (minus(&hub, &burned), vec![burned], Vec::new())
                }
                Middle::Chain(chain) => {
                    let ran = self.level(chain, &[hub], &[true]);
                    (ran.outlets[0], ran.outlets[1..].to_vec(), ran.passed_out)
                }
            };
            let again = part(&on, *back);
            let moved = (0..5).any(|i| (again[i] - returned[i]).abs() > 1e-16 * again[i]);
            returned = again;
            if !moved {
                let mut outlets = vec![part(&on, 1.0 - back)];
                outlets.extend(side);
                return (outlets, seen);
            }
        }
        // it goes round within rounding
        let hub = plus(feed, &returned);
        let still = Node::Loop { feed: Source::Inlet(0), back: 0.0, middle: middle.clone() };
        let (mut outlets, seen) = self.around(&still, &hub);
        outlets[0] = part(&outlets[0], 1.0 - back);
        (outlets, seen)
    }
}
