//! Turning a random chain into the library's: the names it has there, and its builder.

use crate::engine::stages::total;
use crate::engine::steps::{Shuffle, Steps};
use crate::engine::world::{
    At, Bound, Middle, Node, Of, Plant, SPECIES, Source, Surplus, World, slate,
};
use crate::support::chains::{mol, of};
use gaschain::chain::Builder;
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::param::Value;
use gaschain::quantity::Unit;
use gaschain::species::Slate;
use gaschain::stage::{Blend, Fuel, Pipeline, React, Reaction, Separate, Split, Supply};

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
        self.built(scale, &mut Shuffle::none())
    }

    /// The same chain, its stages, connections and limits declared in some other order.
    pub fn shuffled(&self, seed: u64) -> Builder {
        self.built(1.0, &mut Shuffle::by(seed))
    }

    fn built(&self, scale: f64, shuffle: &mut Shuffle) -> Builder {
        let slate = slate();
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
        let mut steps = Steps::default();
        self.plant.fill(&mut steps, &slate, scale, true, shuffle);
        shuffle.run(steps, &mut builder);
        builder
    }
}

/// A hub, something in the middle, and a tee that sends a share back to the hub.
fn fill_loop(
    builder: &mut Steps,
    (slate, scale): (&Slate, f64),
    name: &str,
    back: f64,
    middle: &Middle,
    shuffle: &mut Shuffle,
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
            builder.chain(&mid, chain.inner(&mid, slate, scale, shuffle));
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
    fn port(&self, source: Source, outermost: bool) -> String {
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

    fn fill(
        &self,
        builder: &mut Steps,
        slate: &Slate,
        scale: f64,
        outermost: bool,
        shuffle: &mut Shuffle,
    ) {
        let join = |builder: &mut Steps, source: Source, to: &str| {
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
                    builder.chain(&name, chain.inner(&name, slate, scale, shuffle));
                    for (inlet, &source) in feeds.iter().enumerate() {
                        join(builder, source, &format!("{name}.i{inlet}"));
                    }
                }
                Node::Loop { feed, back, middle } => {
                    let hub = format!("{name}_hub");
                    fill_loop(builder, (slate, scale), &name, *back, middle, shuffle);
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

    fn inner(&self, name: &str, slate: &Slate, scale: f64, shuffle: &mut Shuffle) -> Builder {
        let mut builder = Builder::new(name, slate);
        for inlet in 0..self.inlets {
            builder.inlet_in(&format!("i{inlet}"), Unit::MOL_PER_SECOND);
        }
        for outlet in 0..self.outlets.len() {
            builder.outlet(&format!("o{outlet}"));
        }
        let mut steps = Steps::default();
        self.fill(&mut steps, slate, scale, false, shuffle);
        shuffle.run(steps, &mut builder);
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
            Limit::at_least(&bound.name, (&port, measure), capacity)
        } else {
            Limit::at_most(&bound.name, (&port, measure), capacity)
        };
        let limit = limit.shown_in(unit);
        match &bound.some {
            Some(some) => {
                let names: Vec<String> = some.iter().map(|inlet| format!("i{inlet}")).collect();
                limit.throttling(names.iter().map(String::as_str))
            }
            None => limit,
        }
    }
}
