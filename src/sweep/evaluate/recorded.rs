//! A sweep's scenarios as a program: the outputs asked for, and what tells whether they are right.

use super::column::{self, NOTHING};
use super::output::{InletField, LimitField, Output, Source};
use crate::chain::{
    CLOSES_WITHIN, Chain, LimitId, PlacedLoad, Recorded, SolveError, Stop, record_run,
};
use crate::limit::Direction;
use crate::param::{NumberAt, Values};
use crate::quantity::Dimension;
use crate::scalar::Scalar;
use crate::solved::{Through, residual};
use crate::stage::{StreamId, Streams};
use crate::tape::{Block, Graph, Id, Program, Traced, record};

/// Outputs that a program has before those asked for.
const OWN_OUTPUTS: usize = 2;

/// A number that varies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::sweep) struct Varying {
    /// Its place in the values.
    pub place: NumberAt,
    /// The range it may have, SI.
    pub low: f64,
    pub high: f64,
}

impl Varying {
    /// Whether a number is in its range.
    pub fn allows(&self, number: f64) -> bool {
        (self.low..=self.high).contains(&number)
    }
}

/// Within how much of its capacity a load is just at it, for a kink to be named.
const AT_CAPACITY: f64 = 1e-9;

/// A chain recorded with some of its numbers varying: what runs a scenario in all the ways asked
/// for.
#[derive(Debug)]
pub(in crate::sweep) struct Plan {
    graph: Graph,
    /// What fails, the worst residual, and what was asked for.
    outputs: Vec<Id>,
    /// By inlet: what stopped it.
    stops: Vec<Id>,
    /// Limits with what is above zero where they are at their capacity and stop nothing.
    kinks: Vec<(LimitId, Id)>,
    program: Program,
}

impl Plan {
    /// Records a chain. `varying` lists, by input, places of numbers in the values and the range
    /// that each may have; `values` holds all others.
    pub fn new(
        chain: &Chain,
        values: &Values,
        varying: &[Option<Varying>],
        outputs: &[Output],
    ) -> Result<Self, SolveError> {
        let ranges: Vec<(f64, f64)> =
            varying.iter().map(|input| input.map_or((0.0, 0.0), |of| (of.low, of.high))).collect();
        let places: Vec<(NumberAt, usize)> = (varying.iter().enumerate())
            .filter_map(|(input, varying)| Some(((*varying)?.place, input)))
            .collect();
        let (graph, recorded) = record(Graph::new(&ranges), || {
            let recorded = record_run(chain, values, &places)?;
            let asked: Vec<Option<Id>> = outputs
                .iter()
                .map(|output| node_of(output, chain, values, &recorded).map(Traced::id))
                .collect();
            Ok::<_, SolveError>((recorded, asked))
        });
        let (recorded, asked) = recorded?;
        let known: Vec<Id> = asked.iter().copied().flatten().collect();
        let needed = graph.needed(&known);
        let kept = |flow: Traced| {
            flow.constant().is_some() || needed.get(flow.id().index()) == Some(&true)
        };
        let (graph, balances) = record(graph, || Balances::of(chain, &recorded.streams, kept));
        let guards: Vec<Id> = graph.guards().collect();
        let (graph, (fail, kinks)) = record(graph, || {
            let failing = |most: Traced, &guard: &Id| most.max(Traced::of(guard));
            let fail = guards.iter().fold(balances.failing, failing);
            (fail.id(), kinks(chain, values, &recorded))
        });
        let worst = balances.worst.id();
        let asked = asked.iter().map(|id| id.unwrap_or(worst));
        let outputs: Vec<Id> = [fail, worst].into_iter().chain(asked).collect();
        let program = graph.compile(&outputs);
        let stops = recorded.stop.iter().map(|stop| stop.id()).collect();
        Ok(Self { graph, outputs, stops, kinks, program })
    }

    /// A program whose outputs are: what fails, an output, its derivatives with respect to the
    /// first inputs, what stopped each inlet, what is above zero at a kink of each limit.
    pub fn gradient(&self, output: usize, inputs: usize) -> Program {
        let mut graph = self.graph.clone();
        let own = self.outputs[OWN_OUTPUTS + output];
        let ids: Vec<Id> = (0..inputs).map(|input| graph.input(input)).collect();
        let slopes = graph.backward(own, &ids);
        let kinks = self.kinks.iter().map(|(_, id)| *id);
        let all: Vec<Id> = [self.outputs[0], own]
            .into_iter()
            .chain(slopes)
            .chain(self.stops.iter().copied())
            .chain(kinks)
            .collect();
        graph.compile(&all)
    }

    /// Number of inlets.
    pub fn inlets(&self) -> usize {
        self.stops.len()
    }

    /// Limits that kinks are looked for at.
    pub fn limits(&self) -> impl Iterator<Item = LimitId> {
        self.kinks.iter().map(|(limit, _)| *limit)
    }

    /// Memory for a thread.
    pub fn block(&self) -> Block {
        Block::new(&self.program)
    }

    /// Whether a program whose first output is what fails is not sure of a scenario.
    pub fn fails(program: &Program, block: &Block, lane: usize) -> bool {
        let fail = program.output(block, 0)[lane];
        block.has_failed(lane) || fail > 0.0 || fail.is_nan()
    }

    /// Whether the scenario in a lane has to be worked out by itself, whatever its outputs are.
    pub fn is_in_doubt(&self, block: &Block, lane: usize) -> bool {
        let closes = (0.0..=CLOSES_WITHIN).contains(&self.residuals(block)[lane]);
        !closes || Self::fails(&self.program, block, lane)
    }

    /// Whether any of the first scenarios of a block has to be.
    pub fn has_doubts(&self, block: &Block, width: usize) -> bool {
        let closes = column::are_within(&self.residuals(block)[..width], 0.0, CLOSES_WITHIN);
        !closes || (0..width).any(|lane| Self::fails(&self.program, block, lane))
    }

    pub fn residuals<'b>(&self, block: &'b Block) -> &'b [f64] {
        self.program.output(block, 1)
    }

    /// The numbers of an output, [`NOTHING`] where it does not exist.
    pub fn output<'b>(&self, block: &'b Block, output: usize) -> &'b [f64] {
        self.program.output(block, OWN_OUTPUTS + output)
    }

    pub const fn program(&self) -> &Program {
        &self.program
    }
}

/// What is above zero where a limit is just at its capacity and stops no inlet, or stops one just
/// so: there an output may have a kink.
fn kinks(chain: &Chain, values: &Values, recorded: &Recorded) -> Vec<(LimitId, Id)> {
    let mut kinks = Vec::new();
    for limit in chain.tree.limits.ids().iter() {
        let of = |field| node_of_limit(limit, field, chain, values, recorded);
        let (load, capacity) = (of(LimitField::Load), of(LimitField::Capacity));
        if capacity.constant() == Some(NOTHING) {
            continue;
        }
        let off = (load - capacity).max(capacity - load);
        let mut near = load.max(capacity).scaled(AT_CAPACITY) - off;
        let number = Traced::from_f64(Stop::limit(limit).number());
        for (stop, fraction) in recorded.stop.iter().zip(&recorded.fraction) {
            // one that stops an inlet somewhere on its way holds its load there: no kink
            let other = (*stop - number).max(number - *stop) - Traced::from_f64(0.5);
            let one_less = Traced::one() - *fraction - Traced::from_f64(AT_CAPACITY);
            let inside = one_less.min(*fraction - Traced::from_f64(AT_CAPACITY));
            let smooth = Traced::select(other, Traced::zero(), inside);
            near = Traced::select(smooth, Traced::zero(), near);
        }
        kinks.push((limit, near.id()));
    }
    kinks
}

/// The node of an output; none for the worst residual, which follows from all others.
fn node_of(output: &Output, chain: &Chain, values: &Values, recorded: &Recorded) -> Option<Traced> {
    let nothing = Traced::from_f64(NOTHING);
    let where_any = |value: Traced, any: Traced| Traced::select(any, value, nothing);
    Some(match &output.source {
        Source::WorstResidual => return None,
        Source::StoppedBy(inlet) => recorded.stop[*inlet],
        Source::Stated(load, unit) if recorded.states[*load] => unit.shown(recorded.stated[*load]),
        Source::Stated(..) => nothing,
        Source::Port(stream, measure) => {
            let (value, any) = measure.load(&chain.slate).recorded(&recorded.streams[*stream]);
            where_any(measure.unit().shown(value), any)
        }
        Source::Inlet(id, field) => {
            let inlet = &chain.tree.inlets[*id];
            let fraction = recorded.fraction[*id];
            let amount = |stream: StreamId| {
                let sum = |weights: &mut dyn Iterator<Item = f64>| {
                    let parts = recorded.streams[stream].iter().zip(weights);
                    parts.fold(Traced::zero(), |sum, (flow, weight)| sum + flow.scaled(weight))
                };
                let si = if inlet.unit.dimension() == Dimension::MassFlow {
                    sum(&mut chain.slate.molar_masses().iter().copied())
                } else {
                    sum(&mut std::iter::repeat(1.0))
                };
                inlet.unit.shown(si)
            };
            match (inlet.supply, inlet.unit.dimension(), field) {
                (Some(supply), Dimension::MolarFlow, field) => {
                    let offered = inlet.unit.shown(recorded.numbers[supply.flow]);
                    match field {
                        InletField::Offered => offered,
                        InletField::Accepted => offered * fraction,
                        InletField::ShutIn => offered - offered * fraction,
                    }
                }
                (_, _, InletField::Offered) => amount(inlet.offered),
                (_, _, InletField::Accepted) => amount(inlet.accepted),
                (_, _, InletField::ShutIn) => amount(inlet.surplus),
            }
        }
        Source::Limit(limit, field) => node_of_limit(*limit, *field, chain, values, recorded),
    })
}

fn node_of_limit(
    limit: LimitId,
    field: LimitField,
    chain: &Chain,
    values: &Values,
    recorded: &Recorded,
) -> Traced {
    let nothing = Traced::from_f64(NOTHING);
    let where_any = |value: Traced, any: Traced| Traced::select(any, value, nothing);
    let limit = &chain.tree.limits[limit];
    let known = limit.capacity.iter().all(|&at| values.known[at]);
    let number = |product: Traced, &at: &NumberAt| product * recorded.numbers[at];
    let capacity = limit.capacity.iter().fold(Traced::one(), number);
    let (load, any) = match &limit.load {
        PlacedLoad::Port { stream, load } => load.recorded(&recorded.streams[*stream]),
        PlacedLoad::Stated(load) if recorded.states[*load] => {
            (recorded.stated[*load], Traced::one())
        }
        PlacedLoad::Stated(_) => (nothing, Traced::zero()),
    };
    let (load, capacity) = (limit.unit.shown(load), limit.unit.shown(capacity));
    let guarded = Traced::select(capacity, capacity, Traced::one());
    match field {
        LimitField::Load => where_any(load, any),
        LimitField::Capacity if known => capacity,
        LimitField::Utilisation if known => where_any(load / guarded, any.min(capacity)),
        LimitField::Margin if known => match limit.direction {
            Direction::AtMost => where_any(capacity - load, any),
            Direction::AtLeast => where_any(load - capacity, any),
        },
        _ => nothing,
    }
}

/// The balances of the stages that a program keeps.
struct Balances {
    /// The worst residual of those that are not seen to close whatever the scenario; of the
    /// others, what rounding leaves.
    worst: Traced,
    /// Above zero where a flow cannot be.
    failing: Traced,
    /// What flows into the stage that is looked at.
    given: Vec<Traced>,
}

impl Balances {
    /// Records the balances of stages by species, and where something reacts by element, as far as
    /// all flows in them are kept.
    fn of(chain: &Chain, streams: &Streams<Traced>, kept: impl Fn(Traced) -> bool) -> Self {
        let mut balances = Self {
            worst: Traced::from_f64(f64::EPSILON),
            failing: Traced::from_f64(-1.0),
            given: Vec::new(),
        };
        let n = chain.tree.species;
        let mut through = Through::new(n);
        for placed in &chain.tree.stages {
            let inlets = placed.inlets.iter().flat_map(|&inlet| &streams[inlet]);
            balances.given = inlets.copied().collect();
            through.stage(placed, streams);
            let around = || {
                placed
                    .inlets
                    .iter()
                    .copied()
                    .chain(placed.imports.iter())
                    .chain(placed.outlets.iter())
            };
            let is_kept =
                |species: &usize| around().all(|stream| kept(streams[(stream, *species)]));
            for species in 0..n {
                if !is_kept(&species) {
                    // not to be asked for
                    (through.inflow[species], through.outflow[species]) =
                        (Traced::zero(), Traced::zero());
                }
            }
            let least = through.least();
            for species in (0..n).filter(is_kept) {
                let (inflow, outflow) = (through.inflow[species], through.outflow[species]);
                for stream in placed.writes().iter() {
                    let flow = streams[(stream, species)];
                    if !flow.is_never_below_zero() {
                        let rounding = inflow.max(outflow).scaled(1e-12);
                        balances.failing = balances.failing.max(-flow - rounding);
                    }
                }
                if !placed.stage.reacts() {
                    balances.check(inflow, outflow, least);
                }
            }
            if placed.stage.reacts() && (0..n).all(|species| is_kept(&species)) {
                for element in 0..chain.slate.elements().len() {
                    let counts = chain.slate.element_counts(element);
                    let (inflow, outflow) = through.of_element(counts);
                    balances.check(inflow, outflow, least);
                }
            }
        }
        balances
    }

    fn check(&mut self, inflow: Traced, outflow: Traced, least: Traced) {
        if !inflow.is_always(outflow, &self.given) {
            self.worst = self.worst.max(residual(inflow, outflow, least));
        }
    }
}
