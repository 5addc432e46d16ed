//! A sweep's scenarios as a program: the outputs asked for, and what tells whether they are right.

use super::output::{InletField, LimitField, Output, Source};
use crate::chain::{Chain, PlacedLoad, Recorded, SolveError, record_run};
use crate::limit::Direction;
use crate::param::Values;
use crate::quantity::Dimension;
use crate::scalar::tape::{Block, Graph, Id, Program, record};
use crate::scalar::{Scalar, Traced};

/// Stands for an output that does not exist in a scenario.
pub(super) const NOTHING: f64 = f64::NEG_INFINITY;

/// Outputs that a program has before those asked for.
const OWN_OUTPUTS: usize = 2;

/// A number that varies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Varying {
    /// Its place in the values.
    pub place: usize,
    /// The range it may have, SI.
    pub low: f64,
    pub high: f64,
}

/// A chain recorded with some of its numbers varying: what runs a scenario in all the ways asked
/// for.
#[derive(Debug)]
pub(super) struct Plan {
    graph: Graph,
    outputs: Vec<Id>,
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
        let places: Vec<(usize, usize)> = (varying.iter().enumerate())
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
        let (mut graph, (worst, failing)) = record(graph, || {
            let balances = Balances::of(chain, &recorded.streams, kept);
            (balances.worst.id(), balances.failing)
        });
        let guards: Vec<Id> = graph.guards().collect();
        let (filled, (fail, outputs)) = record(graph, || {
            let fail = guards.iter().fold(failing, |most, &guard| most.max(Traced::of(guard)));
            let outputs = asked.iter().map(|id| id.unwrap_or_else(|| worst)).collect::<Vec<Id>>();
            (fail.id(), outputs)
        });
        graph = filled;
        let outputs: Vec<Id> = [fail, worst].into_iter().chain(outputs).collect();
        let program = graph.compile(&outputs);
        Ok(Self { graph, outputs, program })
    }

    /// Memory for a thread.
    pub fn block(&self) -> Block {
        Block::new(&self.program)
    }

    /// Runs scenarios of columns of `stride` numbers each.
    pub fn run(
        &self,
        block: &mut Block,
        inputs: &[f64],
        stride: usize,
        first: usize,
        count: usize,
    ) {
        self.program.run(block, inputs, stride, first, count);
    }

    /// Whether the scenario in a lane has to be worked out by itself.
    pub fn is_in_doubt(&self, block: &Block, lane: usize) -> bool {
        let fail = self.program.output(block, 0)[lane];
        let worst = self.residual(block, lane);
        block.has_failed(lane)
            || fail > 0.0
            || fail.is_nan()
            || !(worst <= crate::chain::CLOSES_WITHIN)
            || (0..self.outputs.len() - OWN_OUTPUTS).any(|output| {
                let value = self.output(block, output)[lane];
                value.is_nan() || value == f64::INFINITY
            })
    }

    pub fn residual(&self, block: &Block, lane: usize) -> f64 {
        self.program.output(block, 1)[lane]
    }

    /// The numbers of an output, [`NOTHING`] where it does not exist.
    pub fn output<'b>(&self, block: &'b Block, output: usize) -> &'b [f64] {
        self.program.output(block, OWN_OUTPUTS + output)
    }

    pub fn program(&self) -> &Program {
        &self.program
    }
}

/// The node of an output; none for the worst residual, which follows from all others.
fn node_of(output: &Output, chain: &Chain, values: &Values, recorded: &Recorded) -> Option<Traced> {
    let nothing = Traced::from_f64(NOTHING);
    let where_any = |value: Traced, any: Traced| Traced::select(any, value, nothing);
    let n = chain.tree.species;
    let stream = |slot: usize| &recorded.streams[slot * n..(slot + 1) * n];
    Some(match &output.source {
        Source::WorstResidual => return None,
        Source::StoppedBy(inlet) => recorded.stop[*inlet],
        Source::Stated(load, unit) => match recorded.states[*load] {
            true => unit.shown(recorded.stated[*load]),
            false => nothing,
        },
        Source::Port(slot, measure) => {
            let (value, any) = measure.load(&chain.slate).recorded(stream(*slot));
            where_any(measure.unit().shown(value), any)
        }
        Source::Inlet(index, field) => {
            let inlet = &chain.tree.inlets[*index];
            let fraction = recorded.fraction[*index];
            let amount = |slot: usize| {
                let sum = |weights: &mut dyn Iterator<Item = f64>| {
                    let parts = stream(slot).iter().zip(weights);
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
                    let flow = recorded.numbers[chain.tree.stages[supply].slots[0].at];
                    let offered = inlet.unit.shown(flow);
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
        Source::Limit(index, field) => {
            let limit = &chain.tree.limits[*index];
            let slots = &chain.tree.factor_slots[*index];
            let known = slots.iter().all(|slot| values.known[slot.at]);
            let capacity = slots
                .iter()
                .fold(Traced::one(), |product, slot| product * recorded.numbers[slot.at]);
            let (load, any) = match &limit.load {
                PlacedLoad::Port { slot, load } => load.recorded(stream(*slot)),
                PlacedLoad::Stated(load) if recorded.states[*load] => {
                    (recorded.stated[*load], Traced::one())
                }
                PlacedLoad::Stated(_) => (nothing, Traced::zero()),
            };
            let (load, capacity) = (limit.unit.shown(load), limit.unit.shown(capacity));
            match field {
                LimitField::Load => where_any(load, any),
                LimitField::Capacity if known => capacity,
                LimitField::Utilisation if known => where_any(
                    load / Traced::select(capacity, capacity, Traced::one()),
                    any.min(capacity),
                ),
                LimitField::Margin if known => match limit.direction {
                    Direction::AtMost => where_any(capacity - load, any),
                    Direction::AtLeast => where_any(load - capacity, any),
                },
                _ => nothing,
            }
        }
    })
}

/// The balances of the stages that a program keeps.
struct Balances {
    worst: Traced,
    /// Above zero where a flow cannot be.
    failing: Traced,
}

impl Balances {
    /// Records the balances of stages by species, and where something reacts by element, as far as
    /// all flows in them are kept.
    fn of(chain: &Chain, streams: &[Traced], kept: impl Fn(Traced) -> bool) -> Self {
        let n = chain.tree.species;
        let zero = Traced::zero();
        let mut balances = Self { worst: zero, failing: Traced::from_f64(-1.0) };
        for placed in &chain.tree.stages {
            let imports = placed.own + placed.outlets
                ..placed.own + placed.outlets + placed.import_names.len();
            let ins: Vec<usize> = placed.inlets.iter().copied().chain(imports).collect();
            let outs: Vec<usize> = (placed.own..placed.own + placed.outlets).collect();
            let sum = |slots: &[usize], species: usize| {
                slots.iter().fold(zero, |sum, slot| sum + streams[slot * n + species])
            };
            let all_kept: Vec<bool> = (0..n)
                .map(|species| {
                    ins.iter().chain(&outs).all(|slot| kept(streams[slot * n + species]))
                })
                .collect();
            let through: Vec<(Traced, Traced)> = (0..n)
                .map(|species| {
                    if all_kept[species] {
                        (sum(&ins, species), sum(&outs, species))
                    } else {
                        (zero, zero)
                    }
                })
                .collect();
            for species in (0..n).filter(|&species| all_kept[species]) {
                let (inflow, outflow) = through[species];
                for slot in placed.writes() {
                    let flow = streams[slot * n + species];
                    if !flow.is_never_below_zero() {
                        let rounding = inflow.max(outflow).scaled(1e-12);
                        balances.failing = balances.failing.max(-flow - rounding);
                    }
                }
                if !placed.stage.reacts() {
                    balances.check(inflow, outflow);
                }
            }
            if placed.stage.reacts() && !all_kept.contains(&false) {
                for element in 0..chain.slate.elements().len() {
                    let counts = chain.slate.element_counts(element);
                    let count = |side: fn(&(Traced, Traced)) -> Traced| {
                        let parts = counts.iter().zip(&through);
                        parts.fold(zero, |sum, (count, flows)| sum + side(flows).scaled(*count))
                    };
                    balances.check(count(|flows| flows.0), count(|flows| flows.1));
                }
            }
        }
        balances
    }

    fn check(&mut self, inflow: Traced, outflow: Traced) {
        let off = inflow - outflow;
        let whole = inflow.max(outflow);
        self.worst = self.worst.max(off.max(-off).share_of(whole));
    }
}
