//! A chain laid out for running: its streams one after another, its stages and inner chains in
//! running order.

use super::belonging::Belonging;
use super::conditions::TakenOver;
use super::exit::Exit;
use super::supplies::{Composed, PerMole};
use crate::gas::GergSpecies;
use crate::ids::{All, Id, Ids, List};
use crate::limit::Direction;
use crate::measure::PortLoad;
use crate::param::{ChoiceAt, Choices, Number, NumberAt, OrderAt, ParameterId, Slot, Values};
use crate::quantity::{Meaning, Unit};
use crate::scalar::Scalar;
use crate::stage::{AnyStage, StatedLoad, Stream, StreamId};
use std::sync::Arc;

pub(crate) type LevelId = Id<Level>;
pub(crate) type StageId = Id<PlacedStage>;
pub(crate) type InletId = Id<Inlet>;
pub(crate) type LimitId = Id<PlacedLimit>;
pub(crate) type LoopId = Id<Loop>;
/// The place of a load that a stage states about itself among all of a chain.
pub(crate) type LoadId = Id<StatedLoad>;

/// The outermost chain among its levels.
pub(crate) const OUTERMOST: LevelId = Id::at(0);

/// The whole chain, its inner chains flattened into levels, the outermost first.
///
/// `F` is what an inlet is fed by: a stream; while the chain is being assembled, perhaps none yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree<F = StreamId> {
    pub levels: All<Level>,
    pub stages: List<PlacedStage, PlacedStage<F>>,
    pub inlets: List<Inlet, Inlet<F>>,
    pub limits: All<PlacedLimit>,
    pub links: Vec<Link>,
    pub loops: All<Loop>,
    /// Port addresses and their streams.
    pub ports: Vec<(String, StreamId)>,
    /// Imports that may be drawn from other stages.
    pub draws: Vec<Drawn>,
    /// All streams.
    pub streams: Ids<Stream>,
    /// All loads that stages state about themselves.
    pub loads: Ids<StatedLoad>,
    pub species: usize,
    /// Compositions whose shares can be set by themselves.
    pub compositions: Vec<Composed>,
    /// What makes moles of flows that are said otherwise.
    pub per_mole: PerMole,
    /// Numbers that belong to a name of a choice.
    pub belonging: Vec<Belonging>,
    /// Its species as GERG-2008 knows them.
    pub gerg: Arc<GergSpecies>,
}

/// A chain, or a chain inside a chain.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    /// Full address; empty for the outermost.
    pub path: String,
    /// Name for reports: the path, or the chain's own name.
    pub name: String,
    pub parent: Option<LevelId>,
    /// Its inlets, in order of declaration.
    pub inlets: Vec<InletId>,
    /// Names and streams of its outlets.
    pub outlets: Vec<(String, StreamId)>,
    /// Names of its imports, with the stage inside that takes each and as which of its imports.
    pub imports: Vec<(String, StageId, usize)>,
    /// Its limits, in order of declaration.
    pub limits: Vec<LimitId>,
    pub steps: Vec<Step>,
    /// Order parameter, where there are several inlets.
    pub order: Option<OrderAt>,
    /// Stages of this level and of those below it.
    pub stages: Ids<PlacedStage>,
    /// Streams that begin in this level and in those below it.
    pub streams: Ids<Stream>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Stage(StageId),
    Chain(LevelId),
    Loop(LoopId),
}

/// Steps that depend on each other, and the streams to cut so that they do not.
#[derive(Debug, Clone)]
pub(crate) struct Loop {
    pub steps: Vec<Step>,
    pub tears: Vec<StreamId>,
    /// `reactor -> separator -> reactor`, for messages.
    pub path: String,
}

#[derive(Debug, Clone)]
pub(crate) struct PlacedStage<F = StreamId> {
    pub address: String,
    pub stage: Arc<dyn AnyStage>,
    pub inlets: Vec<F>,
    pub outlets: Ids<Stream>,
    /// They lie right behind the outlets.
    pub imports: Ids<Stream>,
    pub import_names: Vec<String>,
    /// By outlet: the import that decides what flows there.
    pub demands: Vec<Option<Tie>>,
    /// By import: the stream that it takes from.
    pub offers: Vec<Option<Tie>>,
    /// Where its parameters lie.
    pub slots: Vec<Slot>,
    /// Loads that it states about itself.
    pub loads: Ids<StatedLoad>,
    /// Pressure and temperature that it may take over from the stage before it.
    pub takes: Option<TakenOver>,
}

/// One side of an import joined to a drawn stream: what the other side reads of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tie {
    pub stream: StreamId,
    /// The switch that closes the connection.
    pub switch: Option<ChoiceAt>,
}

impl Tie {
    fn is_open(&self, choices: &Choices) -> bool {
        self.switch.is_none_or(|switch| choices[switch] == 1)
    }
}

impl<F: Copy + Into<Option<StreamId>>> PlacedStage<F> {
    /// All streams it reads; given what was chosen, those by a connection that is open.
    pub fn reads(&self, choices: Option<&Choices>) -> impl Iterator<Item = StreamId> {
        let ties = self.demands.iter().chain(&self.offers).flatten();
        let open = move |tie: &&Tie| choices.is_none_or(|choices| tie.is_open(choices));
        let fed = self.inlets.iter().filter_map(|&feed| feed.into());
        fed.chain(ties.filter(open).map(|tie| tie.stream))
    }

    /// All streams it writes.
    pub fn writes(&self) -> Ids<Stream> {
        self.outlets.with(self.imports)
    }
}

impl PlacedStage {
    /// The stream that an import takes from, where it does not come from outside the chain.
    pub fn offer(&self, import: usize, choices: &Choices) -> Option<StreamId> {
        self.offers[import].filter(|tie| tie.is_open(choices)).map(|tie| tie.stream)
    }

    /// The import that decides what flows at an outlet.
    pub fn demand(&self, outlet: usize, choices: &Choices) -> Option<StreamId> {
        self.demands[outlet].filter(|tie| tie.is_open(choices)).map(|tie| tie.stream)
    }
}

/// An inlet of a chain: what is offered, what is accepted, what is not.
#[derive(Debug, Clone)]
pub(crate) struct Inlet<F = StreamId> {
    /// Full address: `gpp.feed`, or the supply's name.
    pub address: String,
    pub level: LevelId,
    pub offered: F,
    pub accepted: StreamId,
    /// It lies right behind the accepted stream.
    pub surplus: StreamId,
    /// Whether the surplus is joined to anything.
    pub joined: bool,
    /// The switch that closes that connection.
    pub switch: Option<ChoiceAt>,
    /// Unit it is shown in.
    pub unit: Unit,
    /// What its supply offers.
    pub supply: Option<Supplied>,
}

/// Where what a supply offers lies in the values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Supplied {
    pub flow: NumberAt,
    /// The parameter that the flow is.
    pub parameter: ParameterId,
    pub composition: Ids<Number>,
}

impl Inlet {
    /// The accepted stream, and the surplus behind it.
    pub fn own(&self) -> Ids<Stream> {
        Ids::starting(self.accepted, 2)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct PlacedLimit {
    pub address: String,
    pub direction: Direction,
    pub load: PlacedLoad,
    /// Parameters whose product is the capacity.
    pub factors: Vec<ParameterId>,
    /// Where their numbers lie.
    pub capacity: Vec<NumberAt>,
    /// Whether its load is gross or net heat, a share by moles or by mass.
    pub meaning: Option<Meaning>,
    /// The parameter that takes the place of the product once it is set.
    pub whole: Option<Whole>,
    pub unit: Unit,
    /// Inlets that it throttles when it throttles at all.
    pub throttles: Vec<InletId>,
    /// Whether it throttles without being told.
    pub by_itself: bool,
    /// The parameter that tells it to.
    pub told: Option<ChoiceAt>,
}

impl PlacedLimit {
    /// Its capacity in SI, `None` where a factor of it is unknown.
    pub fn capacity_in(&self, values: &Values) -> Option<f64> {
        let number = |product: f64, &at: &NumberAt| product * values.numbers[at];
        self.is_known(values).then(|| self.numbers(values).iter().fold(1.0, number))
    }

    /// Whether its capacity is known.
    pub fn is_known(&self, values: &Values) -> bool {
        self.numbers(values).iter().all(|&at| values.known[at])
    }

    /// The numbers whose product its capacity is.
    pub fn numbers(&self, values: &Values) -> &[NumberAt] {
        match &self.whole {
            Some(whole) if values.known[whole.number] => std::slice::from_ref(&whole.number),
            _ => &self.capacity,
        }
    }

    /// The parameters whose product its capacity is.
    pub fn parameters(&self, values: &Values) -> &[ParameterId] {
        match &self.whole {
            Some(whole) if values.known[whole.number] => std::slice::from_ref(&whole.parameter),
            _ => &self.factors,
        }
    }
}

/// A capacity that is set as a whole, in place of the product of its factors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whole {
    pub parameter: ParameterId,
    pub number: NumberAt,
}

#[derive(Debug, Clone)]
pub(crate) enum PlacedLoad {
    Port { stream: StreamId, load: PortLoad },
    Stated(LoadId),
}

/// A connection, as results list it.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub from: Option<String>,
    pub to: Option<String>,
    pub stream: StreamId,
    pub leaving: Option<Exit>,
    /// The stage and import that a chain's own import leads to: nothing flows there where the
    /// stage imports from outside.
    pub import: Option<(StageId, usize)>,
}

/// An import that is drawn from another stage's outlet, which may not carry enough.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    /// Full address of the import.
    pub address: String,
    /// What it takes.
    pub wanted: StreamId,
}

/// What stopped an inlet: nothing, a limit, or an import that is drawn from a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop(usize);

impl Stop {
    /// Nothing: it is fully drawn.
    pub const NOTHING: Self = Self(0);

    /// A limit.
    pub const fn limit(limit: LimitId) -> Self {
        Self(limit.index() + 1)
    }

    /// A number for it, which scalars can choose between: 0 for nothing, then limits, then draws.
    pub const fn number(self) -> f64 {
        self.0 as f64
    }

    /// Above zero where a number stands for this.
    pub fn is<S: Scalar>(self, number: S) -> S {
        let off = number - S::from_f64(self.number());
        S::from_f64(0.25) - off * off
    }

    /// What a number stands for.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
    pub const fn from_number(number: f64) -> Self {
        Self(number as usize)
    }
}

impl<F: Copy + Into<Option<StreamId>>> Tree<F> {
    /// The stream at a port; `chain.surplus` stands for the surplus of a chain's only inlet.
    pub fn port(&self, address: &str) -> Option<StreamId> {
        let find = |address: &str| self.ports.iter().find(|(port, _)| port == address);
        if let Some((_, stream)) = find(address) {
            return Some(*stream);
        }
        let chain = address.strip_suffix(".surplus")?;
        let level = self.levels.iter().find(|level| !chain.is_empty() && level.path == chain)?;
        self.only_surplus(level)
    }

    /// The surplus of a chain's only inlet.
    pub fn only_surplus(&self, level: &Level) -> Option<StreamId> {
        match level.inlets[..] {
            [only] => Some(self.inlets[only].surplus),
            _ => None,
        }
    }

    /// Streams that a step reads from outside itself, and writes; given what was chosen, by
    /// connections that are open.
    pub fn traffic(&self, step: Step, choices: Option<&Choices>) -> (Vec<StreamId>, Vec<StreamId>) {
        match step {
            Step::Stage(stage) => {
                let stage = &self.stages[stage];
                (stage.reads(choices).collect(), stage.writes().iter().collect())
            }
            Step::Chain(level) => {
                let level = &self.levels[level];
                let offered = |&inlet: &InletId| self.inlets[inlet].offered.into();
                let mut reads: Vec<StreamId> = level.inlets.iter().filter_map(offered).collect();
                let inside = &self.stages[level.stages];
                let drawn = inside.iter().flat_map(|stage| stage.reads(choices));
                reads.extend(drawn.filter(|&stream| !level.streams.contains(stream)));
                (reads, level.streams.iter().collect())
            }
            Step::Loop(cycle) => {
                let mut reads = Vec::new();
                let mut writes = Vec::new();
                for &step in &self.loops[cycle].steps {
                    let (more_reads, more_writes) = self.traffic(step, choices);
                    reads.extend(more_reads);
                    writes.extend(more_writes);
                }
                reads.retain(|stream| !writes.contains(stream));
                (reads, writes)
            }
        }
    }
}

impl Tree {
    /// Loads that stages of a step take over from stages outside it.
    pub fn lent(&self, step: Step, choices: &Choices) -> Vec<LoadId> {
        let stages = match step {
            Step::Stage(stage) => Ids::starting(stage, 1),
            Step::Chain(level) => self.levels[level].stages,
            Step::Loop(cycle) => {
                let steps = self.loops[cycle].steps.iter();
                return steps.flat_map(|&step| self.lent(step, choices)).collect();
            }
        };
        let taken =
            self.stages[stages].iter().filter_map(|placed| placed.takes.as_ref()?.now(choices));
        taken.filter(|(from, _)| !stages.contains(*from)).flat_map(|(_, loads)| loads).collect()
    }

    /// What stands for a draw among what stops inlets.
    pub fn stop_of_draw(&self, wanted: StreamId) -> Stop {
        let place = self.draws.iter().position(|drawn| drawn.wanted == wanted);
        place.map_or(Stop::NOTHING, |place| Stop(1 + self.limits.len() + place))
    }

    /// Full addresses of all that can stop an inlet, as a [`Stop`] counts them from one.
    pub fn stopping(&self) -> impl Iterator<Item = &str> {
        let limits = self.limits.iter().map(|limit| limit.address.as_str());
        limits.chain(self.draws.iter().map(|drawn| drawn.address.as_str()))
    }

    /// Full address of what stopped an inlet; `None` for nothing.
    pub fn stop_address(&self, stop: Stop) -> Option<&str> {
        let place = stop.0.checked_sub(1)?;
        match place.checked_sub(self.limits.len()) {
            None => Some(&self.limits[Id::at(place)].address),
            Some(draw) => self.draws.get(draw).map(|drawn| drawn.address.as_str()),
        }
    }

    pub fn inlets_outermost_first(&self) -> impl Iterator<Item = (InletId, &Inlet)> {
        let outer = self.inlets.pairs().filter(|(_, inlet)| inlet.level == OUTERMOST);
        outer.chain(self.inlets.pairs().filter(|(_, inlet)| inlet.level != OUTERMOST))
    }

    /// How a stream that leaves a chain for the port `to` leaves the outermost one; `None` where
    /// it goes on to another stage.
    pub fn exit_of(&self, stream: StreamId, to: Option<&str>) -> Option<&Exit> {
        let leaving = |from: &str| {
            let link = self.links.iter().find(|link| link.from.as_deref() == Some(from))?;
            Some((link.to.as_deref(), link.leaving.as_ref()))
        };
        match to {
            None => {
                let links = self.links.iter().filter(|link| link.stream == stream);
                links.filter(|link| link.to.is_none()).find_map(|link| link.leaving.as_ref())
            }
            Some(port) => {
                // an outlet of the chain around it leads further out
                let (next, exit) = leaving(port)?;
                exit.or_else(|| next.and_then(|next| self.exit_of(stream, Some(next))))
            }
        }
    }

    /// Whether an inner inlet passes its refusals to the chain outside it.
    pub fn is_closed(&self, inlet: InletId, choices: &Choices) -> bool {
        let inlet = &self.inlets[inlet];
        inlet.level != OUTERMOST
            && (!inlet.joined || inlet.switch.is_some_and(|switch| choices[switch] == 0))
    }
}
