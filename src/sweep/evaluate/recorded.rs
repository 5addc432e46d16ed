//! A sweep's scenarios as a program: the outputs asked for, and what tells whether they are right.

use super::broken;
use super::column::{self, NOTHING};
use super::judges::Judges;
use crate::chain::{Chain, LimitId, PlacedLoad, Recorded, SolveError, Stop, record_run};
use crate::fault::FaultKind;
use crate::limit::Direction;
use crate::param::{NumberAt, Values};
use crate::quantity::{Dimension, Quantity, Unit};
use crate::scalar::Scalar;
use crate::solved::{InletField, LimitField, Output, Source};
use crate::stage::StreamId;
use crate::sweep::block::BLOCK;
use crate::tape::{Block, Graph, Id, Program, Traced, record};

/// Most blocks of scenarios among which one is worked out by itself as well.
const MOST_BLOCKS: usize = 64;

/// Outputs that every program has before those asked for, whatever is: they judge.
pub(super) const OWN_OUTPUTS: usize = 3;
/// Above zero, or no number, where what was found is not sure.
const FAIL: usize = 0;
/// The worst residual.
const WORST: usize = 1;
/// A sum that is no finite number where a flow is none.
const FLOWS: usize = 2;

/// Residuals above this are judged by the run of plain numbers, which closes the balances of chains
/// as well: those come to more than those of their stages where much goes round.
const SURELY_CLOSES_WITHIN: f64 = 1e-12;

/// A number that varies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::sweep) struct Varying {
    /// Its place in the values.
    pub place: NumberAt,
    /// The unit it is shown in.
    pub unit: Unit,
    /// The range it may have, SI.
    pub low: f64,
    pub high: f64,
    /// Whether only whole numbers are values.
    pub whole: bool,
}

impl Varying {
    /// Whether a number is in its range.
    pub fn allows(&self, number: f64) -> bool {
        (self.low..=self.high).contains(&number) && !(self.whole && number.fract() != 0.0)
    }

    /// The fault that a number is which it does not allow.
    pub fn refuse(&self, number: f64) -> FaultKind {
        let shown = |si: f64| Quantity::from_si(si, self.unit).rounded().to_string();
        if (self.low..=self.high).contains(&number) {
            return FaultKind::Unreadable {
                got: shown(number),
                allowed: "a whole number".to_owned(),
            };
        }
        FaultKind::OutOfRange {
            got: shown(number),
            low: shown(self.low),
            high: self.high.is_finite().then(|| shown(self.high)),
        }
    }
}

/// Within how much of its capacity a load is just at it, for a kink to be named.
const AT_CAPACITY: f64 = 1e-9;

/// A chain recorded with some of its numbers varying: what runs a scenario in all the ways asked
/// for.
#[derive(Debug)]
pub(in crate::sweep) struct Plan {
    graph: Graph,
    /// What judges, and what was asked for.
    outputs: Vec<Id>,
    /// How many of the outputs say which limits are broken.
    words: usize,
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
        let (mut graph, judges) = record(graph, || Judges::of(chain, values, &recorded));
        let guards: Vec<Id> = graph.guards().collect();
        let fail = graph.any_above_zero(guards);
        let (graph, kinks) = record(graph, || kinks(chain, values, &recorded));
        let (graph, words) = record(graph, || broken::words(chain, values, &recorded));
        let worst = judges.worst.id();
        let asked = asked.iter().map(|id| id.unwrap_or(worst));
        let own: [Id; OWN_OUTPUTS] = [fail, worst, judges.flows.id()];
        let outputs: Vec<Id> = own.into_iter().chain(words.iter().copied()).chain(asked).collect();
        let words = words.len();
        let program = graph.compile(&outputs);
        let stops = recorded.stop.iter().map(|stop| stop.id()).collect();
        Ok(Self { graph, outputs, words, stops, kinks, program })
    }

    /// A program whose outputs are: what judges, an output, its derivatives with respect to the
    /// first inputs, what stopped each inlet, what is above zero at a kink of each limit.
    pub fn gradient(&self, output: usize, inputs: usize) -> Program {
        let mut graph = self.graph.clone();
        let own = self.outputs[OWN_OUTPUTS + self.words + output];
        let ids: Vec<Id> = (0..inputs).map(|input| graph.input(input)).collect();
        let slopes = graph.backward(own, &ids);
        let kinks = self.kinks.iter().map(|(_, id)| *id);
        let judges = self.outputs[..OWN_OUTPUTS].iter().copied();
        let all: Vec<Id> = judges
            .chain([own])
            .chain(slopes)
            .chain(self.stops.iter().copied())
            .chain(kinks)
            .collect();
        graph.compile(&all)
    }

    /// Whether a scenario is worked out by itself as well, to hold what the program gives against:
    /// by its number in the sweep alone. As many operations as a scenario takes less in a program
    /// than by itself, as seldom one is worked out twice.
    pub fn is_checked(&self, scenario: u64) -> bool {
        let (alone, together) = self.operations();
        let every = (alone / together.max(1)).clamp(1, MOST_BLOCKS) as u64;
        scenario < BLOCK || scenario.is_multiple_of(every * BLOCK)
    }

    /// Operations that a scenario takes by itself, and by the program, once it was run: if every
    /// search goes round once.
    fn operations(&self) -> (usize, usize) {
        self.graph.operations(self.program.operations())
    }

    /// Whether the program is quicker than working each scenario out by itself, where of so many it
    /// leaves some in doubt, which then takes both.
    pub fn is_worth(&self, all: usize, doubtful: usize) -> bool {
        let (alone, together) = self.operations();
        alone * (all - doubtful) > together * all
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

    /// Whether a scenario of a program of this plan has to be worked out by itself, whatever its
    /// outputs are.
    pub fn is_in_doubt(program: &Program, block: &Block, lane: usize) -> bool {
        let number = |judge: usize| program.output(block, judge)[lane];
        // what is no number is within no range
        let sure = (0.0..=0.0).contains(&number(FAIL))
            && (0.0..=SURELY_CLOSES_WITHIN).contains(&number(WORST))
            && number(FLOWS).is_finite();
        !sure || block.has_failed(lane)
    }

    /// Whether any of the first scenarios of a block has to be.
    pub fn has_doubts(&self, block: &Block, width: usize) -> bool {
        let within = |judge: usize, low: f64, high: f64| {
            column::are_within(&self.program.output(block, judge)[..width], low, high)
        };
        let sure = within(FAIL, 0.0, 0.0)
            && within(WORST, 0.0, SURELY_CLOSES_WITHIN)
            && within(FLOWS, f64::MIN, f64::MAX);
        !sure || (0..width).any(|lane| block.has_failed(lane))
    }

    pub fn residuals<'b>(&self, block: &'b Block) -> &'b [f64] {
        self.program.output(block, WORST)
    }

    /// The numbers of an output, [`NOTHING`] where it does not exist.
    pub fn output<'b>(&self, block: &'b Block, output: usize) -> &'b [f64] {
        self.program.output(block, OWN_OUTPUTS + self.words + output)
    }

    /// The numbers that say which limits are broken, as many as are told by one each.
    pub fn broken<'b>(&self, block: &'b Block) -> impl Iterator<Item = &'b [f64]> {
        (OWN_OUTPUTS..OWN_OUTPUTS + self.words).map(|output| self.program.output(block, output))
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
    // what does not exist stays what it is in any unit
    node_of_source(&output.source, chain, values, recorded).map(|node| output.shown(node))
}

fn node_of_source(
    source: &Source,
    chain: &Chain,
    values: &Values,
    recorded: &Recorded,
) -> Option<Traced> {
    let nothing = Traced::from_f64(NOTHING);
    let where_any = |value: Traced, any: Traced| Traced::select(any, value, nothing);
    Some(match source {
        Source::WorstResidual => return None,
        Source::StoppedBy(inlet) => recorded.stop[*inlet],
        Source::Openings => recorded.openings,
        Source::Stated(load, unit) if recorded.states[*load] => unit.shown(recorded.stated[*load]),
        Source::Stated(..) => nothing,
        Source::Port(stream, measure, load) => {
            let (value, any) = load.recorded(&recorded.streams[*stream]);
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

pub(super) fn node_of_limit(
    limit: LimitId,
    field: LimitField,
    chain: &Chain,
    values: &Values,
    recorded: &Recorded,
) -> Traced {
    let nothing = Traced::from_f64(NOTHING);
    let where_any = |value: Traced, any: Traced| Traced::select(any, value, nothing);
    if field == LimitField::Broken {
        return broken::node(limit, chain, values, recorded);
    }
    let id = limit;
    let limit = &chain.tree.limits[id];
    let known = limit.is_known(values);
    let number = |product: Traced, &at: &NumberAt| product * recorded.numbers[at];
    let capacity = limit.numbers(values).iter().fold(Traced::one(), number);
    let (load, any) = match &limit.load {
        PlacedLoad::Port { stream, load } => load.recorded(&recorded.streams[*stream]),
        PlacedLoad::Stated(load) if recorded.states[*load] => {
            (recorded.stated[*load], Traced::one())
        }
        PlacedLoad::Stated(_) => (nothing, Traced::zero()),
    };
    let (load, capacity) = (limit.unit.shown(load), limit.unit.shown(capacity));
    match field {
        LimitField::Load => where_any(load, any),
        LimitField::Capacity if known => capacity,
        LimitField::Utilisation if known => {
            let ratio = limit.unit.in_ratio(load).zip(limit.unit.in_ratio(capacity));
            let Some((load, capacity)) = ratio else { return nothing };
            let of = |part: Traced, whole: Traced| {
                let guarded = Traced::select(whole, whole, Traced::one());
                let used = part / guarded;
                let broken = broken::node(id, chain, values, recorded);
                Traced::select(broken, used, used.min(Traced::one()))
            };
            match limit.direction {
                Direction::AtMost => where_any(of(load, capacity), any.min(capacity)),
                Direction::AtLeast => {
                    let without_load = Traced::select(capacity, nothing, Traced::zero());
                    let used = Traced::select(load, of(capacity, load), without_load);
                    where_any(used, any)
                }
            }
        }
        LimitField::Margin if known => match limit.direction {
            Direction::AtMost => where_any(capacity - load, any),
            Direction::AtLeast => where_any(load - capacity, any),
        },
        _ => nothing,
    }
}
