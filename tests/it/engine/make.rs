//! Making random chains: each is read off a list of numbers, and simpler as the list gets shorter
//! and its numbers smaller, so that what a property fails on can be made smaller.

use crate::engine::level::Engine;
use crate::engine::stages::{apply, heat, import, of_stream, plus, total};
use crate::engine::world::{
    At, Bound, Flows, METHANE, Middle, Node, Of, Plant, Source, Surplus, World,
};
use proptest::prelude::*;

/// Random choices, read off a list; when it ends, always the first and simplest.
struct Choices<'a> {
    numbers: &'a [u16],
    at: usize,
}

impl Choices<'_> {
    fn next(&mut self) -> usize {
        self.at += 1;
        self.numbers.get(self.at - 1).map_or(0, |&number| usize::from(number))
    }

    /// One of `count` choices.
    fn choose(&mut self, count: usize) -> usize {
        self.next() % count
    }

    /// Whether something with this chance in a hundred happens.
    fn chance(&mut self, percent: usize) -> bool {
        self.next() % 100 >= 100 - percent
    }

    /// A number between two, in steps that people would write.
    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() % 1000) as f64 / 1000.0
    }
}

impl World {
    /// Makes a chain of at most this depth of inner chains; where its supplies are `gathered` they
    /// meet first, and several limits are on what they are together.
    pub fn random(depth: usize, gathered: bool, numbers: Vec<u16>) -> Self {
        let choices = &mut Choices { numbers: &numbers, at: 0 };
        let count = if gathered { 2 + choices.choose(3) } else { 1 + choices.choose(4) };
        let supplies: Vec<Flows> = (0..count)
            .map(|_| {
                let flow = if choices.chance(6) { 0.0 } else { choices.between(1.0, 200.0) };
                let shares: Flows = std::array::from_fn(|species| {
                    if species == METHANE {
                        0.2
                    } else if choices.chance(60) {
                        choices.between(0.001, 1.0)
                    } else {
                        0.0
                    }
                });
                let sum = total(&shares);
                shares.map(|share| flow * share / sum)
            })
            .collect();
        let kind = if gathered { Kind::Gathering } else { Kind::Outermost };
        let plant = Plant::random(choices, &supplies, depth, kind);
        Self { plant, supplies, made_from: (depth, numbers) }
    }
}

/// What kind of chain is made.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Inner,
    Outermost,
    /// An outermost one whose supplies meet first.
    Gathering,
}

impl Plant {
    fn random(choices: &mut Choices<'_>, feeds: &[Flows], depth: usize, kind: Kind) -> Self {
        let (inlets, outermost) = (feeds.len(), kind != Kind::Inner);
        let mut making = Making {
            nodes: Vec::new(),
            open: (0..inlets).map(|i| (Source::Inlet(i), feeds[i])).collect(),
            seen: (0..inlets).map(|i| (Source::Inlet(i), feeds[i])).collect(),
            imports: Vec::new(),
            hub: None,
        };
        if kind == Kind::Gathering {
            making.gather(choices, inlets);
        }
        for _ in 0..=choices.choose(if outermost { 6 } else { 4 }) {
            making.node(choices, depth);
        }
        if outermost {
            // a surplus that is left over is flared
            while let Some(at) =
                making.open.iter().position(|(source, _)| matches!(source, Source::Surplus(..)))
            {
                let (source, flows) = making.open.remove(at);
                making.add(Node::Blend(vec![source]), &[flows]);
            }
        }
        let scale: f64 = feeds.iter().map(total).sum();
        let count = match kind {
            Kind::Inner => choices.choose(4),
            Kind::Outermost => 1 + choices.choose(3),
            Kind::Gathering => 2 + choices.choose(4),
        };
        let limit = |index| match kind {
            Kind::Gathering if choices.chance(70) => making.of_all(choices, index, inlets),
            _ => making.limit(choices, index, inlets, scale),
        };
        let limits = (0..count).map(limit).collect();
        let mut left: Vec<usize> = (0..inlets).collect();
        let mut order: Vec<Vec<usize>> = Vec::new();
        while !left.is_empty() {
            let next = left.remove(choices.choose(left.len()));
            match order.last_mut() {
                Some(group) if choices.chance(20) => group.push(next),
                _ => order.push(vec![next]),
            }
        }
        let outlets = making.open.iter().map(|(source, _)| *source).collect();
        Self { inlets, order, nodes: making.nodes, outlets, limits }
    }
}

/// A level being made, with what would flow if nothing were refused.
struct Making {
    nodes: Vec<Node>,
    open: Vec<(Source, Flows)>,
    seen: Vec<(Source, Flows)>,
    imports: Vec<(usize, f64)>,
    /// Where among what is seen all supplies have met.
    hub: Option<usize>,
}

impl Making {
    fn take(&mut self, choices: &mut Choices<'_>) -> (Source, Flows) {
        let at = choices.choose(self.open.len());
        self.open.remove(at)
    }

    fn add(&mut self, node: Node, outlets: &[Flows]) {
        let index = self.nodes.len();
        self.nodes.push(node);
        for (port, &flows) in outlets.iter().enumerate() {
            self.open.push((Source::Out(index, port), flows));
            self.seen.push((Source::Out(index, port), flows));
        }
    }

    /// Supplies, some of them past a tee, meet in one blend: the last stream that is seen.
    fn gather(&mut self, choices: &mut Choices<'_>, inlets: usize) {
        let mut sources = Vec::new();
        for _ in 0..inlets {
            let (mut source, mut flows) = self.open.remove(0);
            if choices.chance(40) {
                let node = Node::Split(source, choices.between(0.05, 0.95));
                let outlets = apply(&node, &flows);
                self.add(node, &outlets);
                // what does not go to the blend may meet others later
                let rest = self.open.pop().expect("two outlets");
                (source, flows) = self.open.pop().expect("two outlets");
                self.open.push(rest);
            }
            sources.push((source, flows));
        }
        let sum = sources.iter().fold([0.0; 5], |sum, (_, flows)| plus(&sum, flows));
        self.add(Node::Blend(sources.into_iter().map(|(source, _)| source).collect()), &[sum]);
        self.hub = Some(self.seen.len() - 1);
    }

    /// A limit on what all supplies are together: on its flow, or on a share of it that some
    /// supplies alone would break.
    fn of_all(&self, choices: &mut Choices<'_>, index: usize, inlets: usize) -> Bound {
        let (source, flows) = self.seen[self.hub.expect("supplies that meet")];
        let of = match choices.choose(4) {
            0 => Of::Moles,
            1 => Of::Species(choices.choose(5)),
            _ => Of::Fraction(choices.choose(5)),
        };
        let (load, whole) = of_stream(of, &flows);
        let at_least = choices.chance(25);
        let nominal = if whole > 0.0 { load / whole } else { 0.1 };
        let share = match (of, at_least) {
            (Of::Fraction(_), true) => choices.between(0.8, 1.2),
            (Of::Fraction(_), false) => choices.between(0.5, 1.1),
            (_, true) => choices.between(0.02, 0.5),
            (_, false) => choices.between(0.2, 1.1),
        };
        let capacity = match of {
            Of::Fraction(_) => (nominal * share).clamp(0.001, 1.0),
            _ => nominal * share,
        };
        Bound {
            name: format!("limit{index}"),
            at: At::Stream(source),
            of,
            capacity: Some(capacity),
            at_least,
            some: Some((0..inlets).collect()),
        }
    }

    fn node(&mut self, choices: &mut Choices<'_>, depth: usize) {
        let kinds = if depth > 0 { 14 } else { 9 };
        let share = |choices: &mut Choices<'_>| choices.between(0.05, 0.95);
        let recoveries = |choices: &mut Choices<'_>| -> Flows {
            std::array::from_fn(|_| choices.between(0.0, 1.0))
        };
        match choices.choose(kinds) {
            0 | 1 => {
                let count = 1 + choices.choose(self.open.len().min(3));
                let parts: Vec<_> = (0..count).map(|_| self.take(choices)).collect();
                let sum = parts.iter().fold([0.0; 5], |sum, (_, flows)| plus(&sum, flows));
                self.add(Node::Blend(parts.iter().map(|(source, _)| *source).collect()), &[sum]);
            }
            2 => {
                let (source, flows) = self.take(choices);
                let node = Node::Split(source, share(choices));
                let outlets = apply(&node, &flows);
                self.add(node, &outlets);
            }
            3 => {
                let (source, flows) = self.take(choices);
                let node = Node::Separate(source, recoveries(choices));
                let outlets = apply(&node, &flows);
                self.add(node, &outlets);
            }
            4 => {
                let (source, flows) = self.take(choices);
                let duty = heat(&flows) * choices.between(0.0, 0.5);
                let node = match choices.choose(3) {
                    0 => Node::Fuel(source, choices.between(0.0, 0.3)),
                    1 => Node::Pipeline(source, choices.between(0.0, 0.1)),
                    _ => Node::Duty(source, duty),
                };
                let outlets = apply(&node, &flows);
                self.add(node, &outlets);
            }
            5 => {
                let (source, flows) = self.take(choices);
                let node = Node::Crack(source, share(choices));
                let outlets = apply(&node, &flows);
                self.add(node, &outlets);
            }
            6 => {
                let (source, flows) = self.take(choices);
                let node = Node::Hydrogenate(source, share(choices));
                let outlets = apply(&node, &flows);
                self.imports.push((self.nodes.len(), import(&node, &flows)));
                self.add(node, &outlets);
            }
            7 | 8 => {
                let (feed, flows) = self.take(choices);
                let back = choices.between(0.0, 0.6);
                let middle = match choices.choose(if depth > 0 { 5 } else { 4 }) {
                    0 => Middle::Nothing,
                    1 => Middle::Crack(share(choices)),
                    2 => Middle::Separate(recoveries(choices)),
                    3 => Middle::Duty(heat(&flows) * choices.between(0.0, 0.5)),
                    _ => Middle::Chain(Plant::random(choices, &[flows], 0, Kind::Inner)),
                };
                let node = Node::Loop { feed, back, middle };
                let outlets = Engine::unhindered().around(&node, &flows).0;
                self.add(node, &outlets);
            }
            _ => {
                let count = 1 + choices.choose(self.open.len().min(3));
                let parts: Vec<_> = (0..count).map(|_| self.take(choices)).collect();
                let flows: Vec<Flows> = parts.iter().map(|(_, flows)| *flows).collect();
                let chain = Plant::random(choices, &flows, depth - 1, Kind::Inner);
                let surplus: Vec<Surplus> = (0..count)
                    .map(|_| match choices.choose(6) {
                        0..=2 => Surplus::Joined,
                        3 | 4 => Surplus::Unjoined,
                        _ => Surplus::Switch(choices.chance(50)),
                    })
                    .collect();
                let outlets = Engine::unhindered().at(&chain, &flows, &vec![1.0; count]).outlets;
                let index = self.nodes.len();
                let feeds = parts.iter().map(|(source, _)| *source).collect();
                self.add(Node::Chain { chain, feeds, surplus: surplus.clone() }, &outlets);
                for (inlet, surplus) in surplus.iter().enumerate() {
                    if *surplus != Surplus::Unjoined {
                        self.open.push((Source::Surplus(index, inlet), [0.0; 5]));
                        self.seen.push((Source::Surplus(index, inlet), [0.0; 5]));
                    }
                }
            }
        }
    }

    fn limit(&self, choices: &mut Choices<'_>, index: usize, inlets: usize, scale: f64) -> Bound {
        let (source, flows) = self.seen[choices.choose(self.seen.len())];
        let (mut at, mut of) = (At::Stream(source), Of::Moles);
        match choices.choose(8) {
            0..=3 => {}
            4 => of = Of::Mass,
            5 => of = Of::Species(choices.choose(5)),
            6 => of = Of::Fraction(choices.choose(5)),
            _ => {
                if let Some(&(node, _)) = self.imports.first() {
                    at = At::Import(node);
                }
            }
        }
        let (load, whole) = match at {
            At::Stream(_) => of_stream(of, &flows),
            At::Import(node) => {
                (self.imports.iter().find(|(other, _)| *other == node).unwrap().1, 1.0)
            }
        };
        let nominal = if whole > 0.0 { load / whole } else { 0.3 };
        let nominal = match of {
            Of::Fraction(_) => nominal.max(0.01),
            Of::Mass if nominal < 1e-9 => 0.02 * 0.2 * scale,
            _ if nominal < 1e-9 => 0.2 * scale,
            _ => nominal,
        };
        let capacity = match choices.choose(20) {
            0 => None,
            1 => Some(0.0),
            _ => Some(nominal * choices.between(0.02, 1.2)),
        };
        let capacity = match of {
            Of::Fraction(_) => capacity.map(|capacity| capacity.min(1.0)),
            _ => capacity,
        };
        let some = choices.chance(20).then(|| {
            let first = choices.choose(inlets);
            (0..inlets).filter(|&inlet| inlet == first || choices.chance(30)).collect()
        });
        let at_least = some.is_none() && choices.chance(15);
        // a quality, and one that holds at least, throttles only if it is told which inlets
        let told = if at_least { choices.chance(60) } else { matches!(of, Of::Fraction(_)) };
        let all = told.then(|| (0..inlets).collect());
        let capacity = capacity.map(|capacity| if at_least { 0.3 * capacity } else { capacity });
        Bound { name: format!("limit{index}"), at, of, capacity, at_least, some: some.or(all) }
    }
}

/// A random chain: up to three levels of chains inside chains.
pub fn worlds() -> impl Strategy<Value = World> {
    (0_usize..=3, prop::collection::vec(any::<u16>(), 0..260))
        .prop_map(|(depth, numbers)| World::random(depth, false, numbers))
}

/// A random chain whose supplies meet first, with several limits on what they are together: then
/// later inlets may help earlier ones.
pub fn gathered() -> impl Strategy<Value = World> {
    (0_usize..=2, prop::collection::vec(any::<u16>(), 40..200))
        .prop_map(|(depth, numbers)| World::random(depth, true, numbers))
}

/// Random chains of both kinds.
pub fn all_worlds() -> impl Strategy<Value = World> {
    prop_oneof![worlds(), gathered()]
}
