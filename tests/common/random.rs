//! Random chains, and a second engine that runs them by the operating rule's own words: no
//! derivatives, no closed forms, no events, only looking along each inlet in small steps.

use crate::common::{mol, of};
use gaschain::chain::Builder;
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::param::Value;
use gaschain::quantity::Unit;
use gaschain::species::Slate;
use gaschain::stage::{Blend, Fuel, Pipeline, React, Reaction, Separate, Split, Supply};
use std::cell::Cell;

pub const SPECIES: [&str; 5] = ["methane", "ethane", "ethylene", "hydrogen", "helium"];
const METHANE: usize = 0;
const ETHANE: usize = 1;
const ETHYLENE: usize = 2;
const HYDROGEN: usize = 3;

/// Molar flows of [`SPECIES`].
pub type Flows = [f64; 5];

/// Random choices, read off a list; when it ends, always the first and simplest.
struct Tape<'a> {
    numbers: &'a [u16],
    at: usize,
}

impl Tape<'_> {
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

/// Where a stream comes from, within a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Source {
    Inlet(usize),
    Out(usize, usize),
    Surplus(usize, usize),
}

#[derive(Debug, Clone)]
pub enum Node {
    Blend(Vec<Source>),
    Split(Source, f64),
    Separate(Source, Flows),
    Fuel(Source, f64),
    /// Net heat, W.
    Duty(Source, f64),
    Pipeline(Source, f64),
    /// Ethane to ethylene and hydrogen, by this conversion.
    Crack(Source, f64),
    /// Ethylene to ethane with imported hydrogen.
    Hydrogenate(Source, f64),
    Chain {
        chain: Plant,
        feeds: Vec<Source>,
        surplus: Vec<Surplus>,
    },
    /// A share of what leaves the middle goes back to its feed.
    Loop {
        feed: Source,
        back: f64,
        middle: Middle,
    },
}

#[derive(Debug, Clone)]
pub enum Middle {
    Nothing,
    Crack(f64),
    Separate(Flows),
    Duty(f64),
    /// A chain with one inlet, whose surplus is not joined.
    Chain(Plant),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Surplus {
    Unjoined,
    Joined,
    Switch(bool),
}

impl Surplus {
    /// Whether what is refused is passed to the chain outside.
    fn closed(self) -> bool {
        matches!(self, Self::Unjoined | Self::Switch(false))
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Of {
    Moles,
    Mass,
    Species(usize),
    Fraction(usize),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum At {
    Stream(Source),
    /// The hydrogen that a node imports.
    Import(usize),
}

/// A limit; capacity in mol/s, kg/s or as a fraction.
#[derive(Debug, Clone)]
pub struct Bound {
    pub name: String,
    pub at: At,
    pub of: Of,
    pub capacity: Option<f64>,
    pub at_least: bool,
    /// Which inlets it throttles, where it does not throttle all.
    pub some: Option<Vec<usize>>,
}

impl Bound {
    /// Whether it can stop anything.
    pub fn throttles(&self, inlet: usize) -> bool {
        !self.at_least && self.some.as_ref().is_none_or(|some| some.contains(&inlet))
    }
}

/// A chain: the outermost one where its inlets are supplies.
#[derive(Debug, Clone)]
pub struct Plant {
    pub inlets: usize,
    pub order: Vec<Vec<usize>>,
    pub nodes: Vec<Node>,
    pub outlets: Vec<Source>,
    pub limits: Vec<Bound>,
}

/// A random chain with its supplies.
#[derive(Debug, Clone)]
pub struct World {
    pub plant: Plant,
    pub supplies: Vec<Flows>,
    /// What it was made from, to make it again: shown where a property fails.
    #[allow(dead_code, reason = "it is there to be shown")]
    pub made_from: (usize, Vec<u16>),
}

// -- making --------------------------------------------------------------------------------------

fn total(flows: &Flows) -> f64 {
    flows.iter().sum()
}

fn net_heats() -> Flows {
    let slate = Slate::shipped().chosen(SPECIES).unwrap();
    std::array::from_fn(|index| slate.get(index).net_heat_25().unwrap())
}

fn molar_masses() -> Flows {
    let slate = Slate::shipped().chosen(SPECIES).unwrap();
    std::array::from_fn(|index| slate.molar_masses()[index])
}

thread_local! {
    static HEATS: Flows = net_heats();
    static MASSES: Flows = molar_masses();
}

fn heat(flows: &Flows) -> f64 {
    HEATS.with(|heats| flows.iter().zip(heats).map(|(flow, heat)| flow * heat).sum())
}

fn of_stream(of: Of, flows: &Flows) -> (f64, f64) {
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

impl World {
    /// Makes a chain of at most this depth of inner chains.
    pub fn random(depth: usize, numbers: Vec<u16>) -> Self {
        let tape = &mut Tape { numbers: &numbers, at: 0 };
        let count = 1 + tape.choose(4);
        let supplies: Vec<Flows> = (0..count)
            .map(|_| {
                let flow = if tape.chance(6) { 0.0 } else { tape.between(1.0, 200.0) };
                let shares: Flows = std::array::from_fn(|species| {
                    if species == METHANE {
                        0.2
                    } else if tape.chance(60) {
                        tape.between(0.001, 1.0)
                    } else {
                        0.0
                    }
                });
                let sum = total(&shares);
                shares.map(|share| flow * share / sum)
            })
            .collect();
        let plant = Plant::random(tape, &supplies, depth, true);
        Self { plant, supplies, made_from: (depth, numbers) }
    }
}

impl Plant {
    fn random(tape: &mut Tape<'_>, feeds: &[Flows], depth: usize, outermost: bool) -> Self {
        let inlets = feeds.len();
        let mut making = Making {
            nodes: Vec::new(),
            open: (0..inlets).map(|i| (Source::Inlet(i), feeds[i])).collect(),
            seen: (0..inlets).map(|i| (Source::Inlet(i), feeds[i])).collect(),
            imports: Vec::new(),
        };
        for _ in 0..=tape.choose(if outermost { 6 } else { 4 }) {
            making.node(tape, depth);
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
        let count = if outermost { 1 + tape.choose(3) } else { tape.choose(4) };
        let limits = (0..count).map(|index| making.limit(tape, index, inlets, scale)).collect();
        let mut left: Vec<usize> = (0..inlets).collect();
        let mut order: Vec<Vec<usize>> = Vec::new();
        while !left.is_empty() {
            let next = left.remove(tape.choose(left.len()));
            match order.last_mut() {
                Some(group) if tape.chance(20) => group.push(next),
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
}

impl Making {
    fn take(&mut self, tape: &mut Tape<'_>) -> (Source, Flows) {
        let at = tape.choose(self.open.len());
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

    fn node(&mut self, tape: &mut Tape<'_>, depth: usize) {
        let kinds = if depth > 0 { 14 } else { 9 };
        let share = |tape: &mut Tape<'_>| tape.between(0.05, 0.95);
        let recoveries =
            |tape: &mut Tape<'_>| -> Flows { std::array::from_fn(|_| tape.between(0.0, 1.0)) };
        match tape.choose(kinds) {
            0 | 1 => {
                let count = 1 + tape.choose(self.open.len().min(3));
                let parts: Vec<_> = (0..count).map(|_| self.take(tape)).collect();
                let sum = parts.iter().fold([0.0; 5], |sum, (_, flows)| plus(&sum, flows));
                self.add(Node::Blend(parts.iter().map(|(source, _)| *source).collect()), &[sum]);
            }
            2 => {
                let (source, flows) = self.take(tape);
                let node = Node::Split(source, share(tape));
                let outlets = apply(&node, &flows);
                self.add(node, &outlets);
            }
            3 => {
                let (source, flows) = self.take(tape);
                let node = Node::Separate(source, recoveries(tape));
                let outlets = apply(&node, &flows);
                self.add(node, &outlets);
            }
            4 => {
                let (source, flows) = self.take(tape);
                let duty = heat(&flows) * tape.between(0.0, 0.5);
                let node = match tape.choose(3) {
                    0 => Node::Fuel(source, tape.between(0.0, 0.3)),
                    1 => Node::Pipeline(source, tape.between(0.0, 0.1)),
                    _ => Node::Duty(source, duty),
                };
                let outlets = apply(&node, &flows);
                self.add(node, &outlets);
            }
            5 => {
                let (source, flows) = self.take(tape);
                let node = Node::Crack(source, share(tape));
                let outlets = apply(&node, &flows);
                self.add(node, &outlets);
            }
            6 => {
                let (source, flows) = self.take(tape);
                let node = Node::Hydrogenate(source, share(tape));
                let outlets = apply(&node, &flows);
                self.imports.push((self.nodes.len(), import(&node, &flows)));
                self.add(node, &outlets);
            }
            7 | 8 => {
                let (feed, flows) = self.take(tape);
                let back = tape.between(0.0, 0.6);
                let middle = match tape.choose(if depth > 0 { 5 } else { 4 }) {
                    0 => Middle::Nothing,
                    1 => Middle::Crack(share(tape)),
                    2 => Middle::Separate(recoveries(tape)),
                    3 => Middle::Duty(heat(&flows) * tape.between(0.0, 0.5)),
                    _ => Middle::Chain(Plant::random(tape, &[flows], 0, false)),
                };
                let node = Node::Loop { feed, back, middle };
                let outlets = unhindered().around(&node, &flows).0;
                self.add(node, &outlets);
            }
            _ => {
                let count = 1 + tape.choose(self.open.len().min(3));
                let parts: Vec<_> = (0..count).map(|_| self.take(tape)).collect();
                let flows: Vec<Flows> = parts.iter().map(|(_, flows)| *flows).collect();
                let chain = Plant::random(tape, &flows, depth - 1, false);
                let surplus: Vec<Surplus> = (0..count)
                    .map(|_| match tape.choose(6) {
                        0..=2 => Surplus::Joined,
                        3 | 4 => Surplus::Unjoined,
                        _ => Surplus::Switch(tape.chance(50)),
                    })
                    .collect();
                let outlets = unhindered().level(&chain, &flows, &vec![false; count]).outlets;
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

    fn limit(&self, tape: &mut Tape<'_>, index: usize, inlets: usize, scale: f64) -> Bound {
        let (source, flows) = self.seen[tape.choose(self.seen.len())];
        let (mut at, mut of) = (At::Stream(source), Of::Moles);
        match tape.choose(8) {
            0..=3 => {}
            4 => of = Of::Mass,
            5 => of = Of::Species(tape.choose(5)),
            6 => of = Of::Fraction(tape.choose(5)),
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
        let capacity = match tape.choose(20) {
            0 => None,
            1 => Some(0.0),
            _ => Some(nominal * tape.between(0.02, 1.2)),
        };
        let capacity = match of {
            Of::Fraction(_) => capacity.map(|capacity| capacity.min(1.0)),
            _ => capacity,
        };
        let some = tape.chance(20).then(|| {
            let first = tape.choose(inlets);
            (0..inlets).filter(|&inlet| inlet == first || tape.chance(30)).collect()
        });
        // a quality throttles only if it is told which inlets
        let all = matches!(of, Of::Fraction(_)).then(|| (0..inlets).collect());
        Bound {
            name: format!("limit{index}"),
            at,
            of,
            capacity,
            at_least: some.is_none() && tape.chance(8),
            some: some.or(all),
        }
    }
}

// -- the library's chain -------------------------------------------------------------------------

fn dehydrogenation(slate: &Slate) -> React {
    let reaction =
        Reaction::new(slate, "conversion", "ethane -> ethylene + hydrogen", "ethane").unwrap();
    React::new(slate, vec![reaction], "out")
}

fn separate(slate: &Slate) -> Separate {
    SPECIES.iter().fold(Separate::new("rest"), |stage, name| {
        stage.recovering(slate, name, &[name], "out").unwrap()
    })
}

fn megawatts(watts: f64) -> String {
    format!("{} MW", watts / 1e6)
}

fn pipeline_length(share: f64) -> String {
    format!("{} km", share / 1e-4)
}

impl World {
    /// The chain, with all flows, capacities and duties times `scale`.
    pub fn builder(&self, scale: f64) -> Builder {
        let slate = Slate::shipped().chosen(SPECIES).unwrap();
        let mut builder = Builder::new("world", &slate);
        for (index, flows) in self.supplies.iter().enumerate() {
            let name = format!("i{index}");
            let all = total(flows);
            let shares: Vec<(&str, f64)> = if all > 0.0 {
                SPECIES.iter().zip(flows).map(|(name, flow)| (*name, flow / all)).collect()
            } else {
                vec![("methane", 1.0)]
            };
            builder
                .stage(&name, Supply::new(&slate).shown_in(Unit::MOL_PER_SECOND))
                .set(&format!("{name}.flow"), mol(all * scale))
                .set(&format!("{name}.composition"), of(&shares));
        }
        self.plant.fill(&mut builder, &slate, scale, true);
        builder
    }
}

/// A hub, something in the middle, and a tee that sends a share back to the hub.
fn fill_loop(
    builder: &mut Builder,
    slate: &Slate,
    scale: f64,
    name: &str,
    back: f64,
    middle: &Middle,
) {
    let (hub, mid, tee) = (format!("{name}_hub"), format!("{name}_mid"), format!("{name}_tee"));
    builder.stage(&hub, Blend::new(["fresh", "back"]));
    builder.stage(&tee, Split::new(["back"], "on"));
    builder.set(&format!("{tee}.back"), back);
    builder.connect(&format!("{tee}.back -> {hub}.back"));
    let out = match middle {
        Middle::Nothing => None,
        Middle::Crack(conversion) => {
            builder.stage(&mid, dehydrogenation(slate));
            builder.set(&format!("{mid}.conversion"), *conversion);
            Some("out")
        }
        Middle::Separate(recoveries) => {
            builder.stage(&mid, separate(slate));
            for (species, recovery) in SPECIES.iter().zip(recoveries) {
                builder.set(&format!("{mid}.{species}"), *recovery);
            }
            Some("rest")
        }
        Middle::Duty(duty) => {
            builder.stage(&mid, Fuel::by_duty(slate));
            builder.set(&format!("{mid}.duty"), megawatts(duty * scale));
            Some("gas")
        }
        Middle::Chain(chain) => {
            builder.chain(&mid, chain.inner(&mid, slate, scale));
            Some("o0")
        }
    };
    match out {
        None => builder.connect(&format!("{hub} -> {tee}")),
        Some(out) => {
            builder.connect(&format!("{hub} -> {mid}")).connect(&format!("{mid}.{out} -> {tee}"))
        }
    };
}

impl Plant {
    /// The port that a stream leaves by, as its chain knows it.
    pub fn port(&self, source: Source, outermost: bool) -> String {
        match source {
            Source::Inlet(inlet) if outermost => format!("i{inlet}.gas"),
            Source::Inlet(inlet) => format!("i{inlet}"),
            Source::Surplus(node, inlet) => format!("n{node}.i{inlet}.surplus"),
            Source::Out(node, port) => {
                let name = match (&self.nodes[node], port) {
                    (Node::Blend(_) | Node::Crack(..) | Node::Hydrogenate(..), _)
                    | (Node::Split(..) | Node::Separate(..), 0) => "out",
                    (Node::Split(..) | Node::Separate(..), _) => "rest",
                    (Node::Fuel(..) | Node::Duty(..), 0) => "gas",
                    (Node::Pipeline(..), 0) => "delivered",
                    (Node::Fuel(..) | Node::Duty(..) | Node::Pipeline(..), _) => "burned",
                    (Node::Chain { .. }, port) => return format!("n{node}.o{port}"),
                    (Node::Loop { .. }, 0) => return format!("n{node}_tee.on"),
                    (Node::Loop { middle: Middle::Chain(_), .. }, port) => {
                        return format!("n{node}_mid.o{port}");
                    }
                    (Node::Loop { middle: Middle::Duty(_), .. }, _) => {
                        return format!("n{node}_mid.burned");
                    }
                    (Node::Loop { .. }, _) => return format!("n{node}_mid.out"),
                };
                format!("n{node}.{name}")
            }
        }
    }

    fn fill(&self, builder: &mut Builder, slate: &Slate, scale: f64, outermost: bool) {
        let join = |builder: &mut Builder, source: Source, to: &str| {
            let text = format!("{} -> {to}", self.port(source, outermost));
            if let Source::Surplus(node, inlet) = source
                && let Node::Chain { surplus, .. } = &self.nodes[node]
                && let Surplus::Switch(open) = surplus[inlet]
            {
                builder.connect_by_switch(&text, &format!("n{node}_i{inlet}"), open);
            } else {
                builder.connect(&text);
            }
        };
        for (index, node) in self.nodes.iter().enumerate() {
            let name = format!("n{index}");
            match node {
                Node::Blend(sources) => {
                    let inlets: Vec<String> =
                        (0..sources.len()).map(|i| format!("in{i}")).collect();
                    builder.stage(&name, Blend::new(inlets));
                    for (inlet, &source) in sources.iter().enumerate() {
                        join(builder, source, &format!("{name}.in{inlet}"));
                    }
                }
                Node::Split(source, share) => {
                    builder.stage(&name, Split::new(["out"], "rest"));
                    builder.set(&format!("{name}.out"), *share);
                    join(builder, *source, &name);
                }
                Node::Separate(source, recoveries) => {
                    builder.stage(&name, separate(slate));
                    for (species, recovery) in SPECIES.iter().zip(recoveries) {
                        builder.set(&format!("{name}.{species}"), *recovery);
                    }
                    join(builder, *source, &name);
                }
                Node::Fuel(source, share) => {
                    builder.stage(&name, Fuel::by_share()).set(&format!("{name}.share"), *share);
                    join(builder, *source, &name);
                }
                Node::Duty(source, duty) => {
                    builder.stage(&name, Fuel::by_duty(slate));
                    builder.set(&format!("{name}.duty"), megawatts(duty * scale));
                    join(builder, *source, &name);
                }
                Node::Pipeline(source, share) => {
                    builder
                        .stage(&name, Pipeline::by_own_needs())
                        .set(&format!("{name}.length"), pipeline_length(*share))
                        .set(&format!("{name}.own_needs"), "10 %/1000 km");
                    join(builder, *source, &name);
                }
                Node::Crack(source, conversion) => {
                    builder.stage(&name, dehydrogenation(slate));
                    builder.set(&format!("{name}.conversion"), *conversion);
                    join(builder, *source, &name);
                }
                Node::Hydrogenate(source, conversion) => {
                    let equation = "ethylene + hydrogen -> ethane";
                    let reaction =
                        Reaction::new(slate, "conversion", equation, "ethylene").unwrap();
                    let stage = React::new(slate, vec![reaction], "out");
                    builder.stage(&name, stage.importing(slate, "bought", "hydrogen").unwrap());
                    builder.set(&format!("{name}.conversion"), *conversion);
                    join(builder, *source, &name);
                }
                Node::Chain { chain, feeds, .. } => {
                    builder.chain(&name, chain.inner(&name, slate, scale));
                    for (inlet, &source) in feeds.iter().enumerate() {
                        join(builder, source, &format!("{name}.i{inlet}"));
                    }
                }
                Node::Loop { feed, back, middle } => {
                    let hub = format!("{name}_hub");
                    fill_loop(builder, slate, scale, &name, *back, middle);
                    join(builder, *feed, &format!("{hub}.fresh"));
                }
            }
        }
        for (index, &source) in self.outlets.iter().enumerate() {
            if outermost {
                builder.leaving_as_product(&self.port(source, true));
            } else {
                join(builder, source, &format!("o{index}"));
            }
        }
        for limit in &self.limits {
            builder.limit(self.limit(limit, scale, outermost));
        }
        if self.inlets > 1 {
            let groups: Vec<String> = self
                .order
                .iter()
                .map(|group| {
                    group.iter().map(|inlet| format!("i{inlet}")).collect::<Vec<_>>().join(" + ")
                })
                .collect();
            builder.set("order", groups.join(" > "));
        }
    }

    fn inner(&self, name: &str, slate: &Slate, scale: f64) -> Builder {
        let mut builder = Builder::new(name, slate);
        for inlet in 0..self.inlets {
            builder.inlet_in(&format!("i{inlet}"), Unit::MOL_PER_SECOND);
        }
        for outlet in 0..self.outlets.len() {
            builder.outlet(&format!("o{outlet}"));
        }
        self.fill(&mut builder, slate, scale, false);
        builder
    }

    fn limit(&self, bound: &Bound, scale: f64, outermost: bool) -> Limit {
        let port = match bound.at {
            At::Stream(source) => self.port(source, outermost),
            At::Import(node) => format!("n{node}.bought"),
        };
        let name = |species: usize| SPECIES[species].to_owned();
        let (measure, unit) = match bound.of {
            Of::Moles => (Measure::Moles(None), Unit::MOL_PER_SECOND),
            Of::Mass => (Measure::Mass(None), Unit::KILOGRAM_PER_SECOND),
            Of::Species(species) => (Measure::Moles(Some(name(species))), Unit::MOL_PER_SECOND),
            Of::Fraction(species) => (Measure::MoleFraction(name(species)), Unit::BARE),
        };
        let capacity: Value = match (bound.capacity, bound.of) {
            (None, _) => "unknown".into(),
            (Some(capacity), Of::Fraction(_)) => capacity.into(),
            (Some(capacity), _) => format!("{} {unit}", capacity * scale).into(),
        };
        let limit = if bound.at_least {
            Limit::at_least(&bound.name, &port, measure, capacity)
        } else {
            Limit::at_most(&bound.name, &port, measure, capacity)
        };
        let limit = limit.shown_in(unit);
        match &bound.some {
            Some(some) if !bound.at_least => {
                let names: Vec<String> = some.iter().map(|inlet| format!("i{inlet}")).collect();
                limit.throttling(names.iter().map(String::as_str))
            }
            _ => limit,
        }
    }
}

// -- the second engine ---------------------------------------------------------------------------

fn plus(a: &Flows, b: &Flows) -> Flows {
    std::array::from_fn(|i| a[i] + b[i])
}

fn minus(a: &Flows, b: &Flows) -> Flows {
    std::array::from_fn(|i| (a[i] - b[i]).max(0.0))
}

fn cracked(feed: &Flows, conversion: f64) -> Flows {
    let turned = feed[ETHANE] * conversion;
    let mut out = *feed;
    out[ETHANE] -= turned;
    out[ETHYLENE] += turned;
    out[HYDROGEN] += turned;
    out
}

fn part(feed: &Flows, share: f64) -> Flows {
    feed.map(|flow| flow * share)
}

fn duty_share(feed: &Flows, duty: f64) -> f64 {
    let energy = heat(feed);
    if energy > 0.0 { (duty / energy).min(1.0) } else { 0.0 }
}

/// Outlets of a plain stage.
fn apply(node: &Node, feed: &Flows) -> Vec<Flows> {
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

fn import(node: &Node, feed: &Flows) -> f64 {
    match node {
        Node::Hydrogenate(_, conversion) => feed[ETHYLENE] * conversion,
        _ => 0.0,
    }
}

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
pub struct Plain {
    hindered: bool,
    /// How many levels may still be run before it gives up.
    left: Cell<usize>,
}

/// By how much a limit may be passed and still hold, relative to the larger of its capacity and
/// its load at the full opening.
const TOLERANCE: f64 = 1e-12;

const LOOKS: usize = 24;

fn unhindered() -> Plain {
    Plain { hindered: false, left: Cell::new(usize::MAX) }
}

impl Plain {
    /// One that gives up after running this many levels.
    pub fn patient(levels: usize) -> Self {
        Self { hindered: true, left: Cell::new(levels) }
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
        let open = vec![false; world.plant.inlets];
        let seen = self.inside(&world.plant, offered, fractions, &open).1;
        seen.into_iter().map(|seen| (seen.address, seen.load, seen.allowed)).collect()
    }

    fn level(&self, plant: &Plant, offered: &[Flows], closed: &[bool]) -> Ran {
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
                self.inside(plant, offered, &fractions, closed).1
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
        let (ran, seen) = self.inside(plant, offered, &fractions, closed);
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
    fn inside(
        &self,
        plant: &Plant,
        offered: &[Flows],
        fractions: &[f64],
        closed: &[bool],
    ) -> (Ran, Vec<Seen>) {
        let _ = closed;
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
    fn around(&self, node: &Node, feed: &Flows) -> (Vec<Flows>, Vec<Seen>) {
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
