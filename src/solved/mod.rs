//! The result of a run: every stream, every limit with its margin, what stopped each inlet, and
//! the balances it closed.
//!
//! *In:* what a run left. *Out:* a [`Solved`], through closed balances or not at all. *Order:*
//! `balance` closes every stage and chain, then results are read off by address, those of `limits`
//! among them; `parts` are what is read.

mod balance;
mod limits;
mod output;
mod parts;
mod through;

pub use balance::Balance;
pub(crate) use limits::{HOLDS_WITHIN, ROUNDING_OF_ALL};
pub use output::Output;
pub(crate) use output::{InletField, LimitField, Source, with_unit};
pub use parts::{
    Edge, FactorResult, ImportResult, InletResult, LimitResult, LinkResult, LoadResult,
    ProductResult, StoppedBy, StreamView, WarningResult,
};
pub(crate) use through::{Through, residual};

use balance::Closed;
use limits::LimitState;

use crate::case::MadeOf;
use crate::chain::{self, Openings};
use crate::chain::{
    Chain, Inlet, InletId, Link, LoadId, OUTERMOST, Outcome, PlacedLimit, PlacedLoad, SolveError,
    StageId, Stop,
};
use crate::digest::inputs_of;
use crate::error::Error;
use crate::fault::FaultKind;
use crate::ids::List;
use crate::limit::Direction;
use crate::param::{Basis, Values};
use crate::quantity::Dimension;
use crate::stage::{StageWarning, StatedLoad, StreamId, Streams};
use std::sync::{Arc, OnceLock};

/// The text in place of a limit's address for an inlet that nothing stopped.
pub const FULLY_DRAWN: &str = "fully drawn";

/// A chain that was run and closed.
///
/// There is no other way to one than through closed balances: it has no constructor, and cannot
/// be read from a file.
///
/// ```
/// let chain = gaschain::amur::chain();
/// let solved = chain.case().solve()?;
/// assert!(solved.worst_residual() < 1e-12);
/// assert_eq!(solved.inlet("kovykta")?.stopped_by, ["heihe.demand"]);
/// assert!((solved.get("heihe.sales_gas.volume")?.unwrap() - 38.0).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Solved {
    chain: Chain,
    values: Arc<Values>,
    streams: Streams<f64>,
    fraction: List<Inlet, f64>,
    stops: List<Inlet, Vec<Stop>>,
    jumps: List<Inlet, bool>,
    limits: List<PlacedLimit, LimitState>,
    /// Loads that stages state about themselves, SI.
    stated: List<StatedLoad, Option<f64>>,
    balances: Vec<Closed>,
    openings: Openings,
    /// What stages warn of, in their order, once it was asked for.
    warnings: OnceLock<Vec<(StageId, StageWarning)>>,
    /// The scenario that its values are of, where there is one.
    made_of: Option<Arc<MadeOf>>,
}

impl Solved {
    /// Closes the balances of a run, and makes the result if they do.
    pub(crate) fn close(
        chain: &Chain,
        values: &Arc<Values>,
        made_of: Option<&Arc<MadeOf>>,
        outcome: &Outcome<'_>,
    ) -> Result<Self, SolveError> {
        let balances = balance::close(chain, values, outcome.streams)?;
        let mut limits = List::with_room_for(chain.tree.limits.ids());
        for limit in &chain.tree.limits {
            let capacity = limit.capacity_in(values);
            let load = match &limit.load {
                PlacedLoad::Port { stream, load } => {
                    let stream = &outcome.streams[*stream];
                    let told = limit.told.is_some_and(|told| values.choices[told] == 1);
                    if let (true, Some(_), Some(species)) =
                        (told, capacity, load.lacking_in(stream))
                    {
                        // what it stopped, it stopped by a number that is none
                        return Err(SolveError::QualityUnknown {
                            limit: limit.address.clone(),
                            species: chain.slate.get(species).name.clone(),
                        });
                    }
                    load.of(stream)
                }
                PlacedLoad::Stated(load) => outcome.states[*load].then(|| outcome.stated[*load]),
            };
            limits.push(LimitState { load, capacity });
        }
        Ok(Self {
            chain: chain.clone(),
            values: Arc::clone(values),
            streams: outcome.streams.clone(),
            fraction: outcome.fraction.clone(),
            stops: outcome.stops.clone(),
            jumps: outcome.jumps.clone(),
            limits,
            stated: (outcome.stated.iter().zip(outcome.states))
                .map(|(load, stated)| stated.then_some(*load))
                .collect(),
            balances,
            openings: outcome.openings,
            warnings: OnceLock::new(),
            made_of: made_of.cloned(),
        })
    }

    /// Name of the scenario that was run; of the chain, where it was none.
    #[must_use]
    pub fn scenario(&self) -> &str {
        self.made_of.as_ref().map_or(self.chain.name(), |made_of| &made_of.name)
    }

    /// The question that its scenario answers, where it says one.
    #[must_use]
    pub fn question(&self) -> Option<&str> {
        self.made_of.as_ref()?.question.as_deref()
    }

    /// `sha256:` and the hash of everything that determines the result: the chain, and the values of
    /// all its parameters, however they came to be. Where files lie, what they are called, how they
    /// are laid out and what else they hold is nothing to it.
    ///
    /// ```
    /// let mut case = gaschain::amur::chain().case();
    /// let design = case.solve()?.inputs();
    /// let one = case.set("gpp.trains", 4.0)?.set("heihe.demand", "30 bcm/yr")?.solve()?.inputs();
    /// case.reset();
    /// let other = case.set("heihe.demand", "30 bcm/yr")?.set("gpp.trains", "4")?.solve()?.inputs();
    /// assert!(one == other && one != design);
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    #[must_use]
    pub fn inputs(&self) -> String {
        inputs_of(&self.chain, &self.values)
    }

    /// What its scenario calls its chain: the shipped one's name, or a path; the chain's own name
    /// where there is no scenario.
    #[must_use]
    pub fn chain_named(&self) -> &str {
        self.made_of.as_ref().map_or(self.chain.name(), |made_of| &made_of.chain)
    }

    /// What is promised of its openings: the weakest of all chains that were offered anything.
    #[must_use]
    pub const fn openings(&self) -> Openings {
        self.openings
    }

    /// The chain that was run.
    #[must_use]
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The values it was run with.
    pub(crate) fn values(&self) -> &Values {
        &self.values
    }

    /// What stopped an inlet, first of all.
    pub(crate) fn first_stop(&self, inlet: InletId) -> Stop {
        self.stops[inlet].first().copied().unwrap_or(Stop::NOTHING)
    }

    /// A load that a stage states, SI.
    pub(crate) fn stated(&self, load: LoadId) -> Option<f64> {
        self.stated[load]
    }

    /// The largest flow of a species anywhere, mol/s.
    pub(crate) fn largest_flow(&self) -> f64 {
        self.streams.flows().iter().copied().fold(0.0, f64::max)
    }

    pub(crate) fn view(&self, stream: StreamId) -> StreamView<'_> {
        StreamView { slate: &self.chain.slate, flows: &self.streams[stream] }
    }

    /// The stream at a port, by its full address.
    ///
    /// # Errors
    /// An unknown port, with the nearest.
    pub fn stream(&self, port: &str) -> Result<StreamView<'_>, Error> {
        let found = self.chain.port(port).map(|stream| self.view(stream));
        found.ok_or_else(|| FaultKind::unknown("port", port, self.chain.ports()).into())
    }

    /// All inlets, those of the outermost chain first.
    pub fn inlets(&self) -> impl Iterator<Item = InletResult<'_>> {
        self.chain.tree.inlets_outermost_first().map(|(id, _)| self.inlet_result(id))
    }

    /// An inlet by its address.
    ///
    /// # Errors
    /// An unknown inlet, with the nearest.
    pub fn inlet(&self, address: &str) -> Result<InletResult<'_>, Error> {
        Ok(self.inlet_result(self.inlet_named(address)?))
    }

    fn inlet_named(&self, address: &str) -> Result<InletId, Error> {
        let unknown = || FaultKind::unknown("inlet", address, self.chain.inlets());
        Ok(self.chain.index.inlet(address).ok_or_else(unknown)?)
    }

    fn inlet_result(&self, id: InletId) -> InletResult<'_> {
        let tree = &self.chain.tree;
        let inlet = &tree.inlets[id];
        let [offered, accepted, shut_in] = self.amounts(id);
        let stopped_by = self.stops[id].iter().filter_map(|&stop| tree.stop_address(stop));
        InletResult {
            inlet: &inlet.address,
            offered,
            accepted,
            shut_in,
            unit: inlet.unit,
            stopped_by: StoppedBy(stopped_by.map(str::to_owned).collect()),
            jump: self.jumps[id],
        }
    }

    /// What an inlet was offered, what it accepted and what it did not, in its unit.
    pub(crate) fn amounts(&self, id: InletId) -> [f64; 3] {
        let inlet = &self.chain.tree.inlets[id];
        let amount = |stream: StreamId| {
            let stream = self.view(stream);
            let si = if inlet.unit.dimension() == Dimension::MassFlow {
                stream.kg_per_s()
            } else {
                stream.mol_per_s()
            };
            inlet.unit.from_si(si)
        };
        let fraction = self.fraction[id];
        match (inlet.supply, inlet.unit.dimension()) {
            // a supply's flow as it was given, not as the sum of its species rounds it
            (Some(supply), Dimension::MolarFlow)
                if self.values.bases[supply.flow] == Basis::Moles =>
            {
                let offered = inlet.unit.from_si(self.values.numbers[supply.flow]);
                [offered, offered * fraction, offered - offered * fraction]
            }
            _ => [inlet.offered, inlet.accepted, inlet.surplus].map(amount),
        }
    }

    /// Fraction of what an inlet was offered that it accepted, 0 to 1.
    ///
    /// # Errors
    /// An unknown inlet, with the nearest.
    pub fn accepted_fraction(&self, inlet: &str) -> Result<f64, Error> {
        Ok(self.fraction[self.inlet_named(inlet)?])
    }

    /// What stages state about themselves: powers, pressures, furnace loads.
    pub fn loads(&self) -> impl Iterator<Item = LoadResult> {
        self.chain.tree.stages.iter().flat_map(move |placed| {
            let loads = placed.stage.spec().loads().iter().zip(&self.stated[placed.loads]);
            loads.map(move |(load, value)| LoadResult {
                load: format!("{}.{}", placed.address, load.name),
                value: value.map(|si| load.unit.from_si(si)),
                unit: load.unit,
            })
        })
    }

    /// The chain's products.
    pub fn products(&self) -> impl Iterator<Item = ProductResult<'_>> {
        self.chain.products.iter().map(|at| {
            let product = &at.product;
            let value = self
                .view(at.stream)
                .measure(&product.measure)
                .map(|value| product.unit.from_si(product.measure.unit().to_si(value)));
            ProductResult { product, value, announced: product.announced.as_ref() }
        })
    }

    /// A product by name.
    ///
    /// # Errors
    /// An unknown product, with the nearest.
    pub fn product(&self, name: &str) -> Result<ProductResult<'_>, Error> {
        let names = || self.chain.products().map(|product| product.name.as_str());
        let found = self.products().find(|result| result.product.name == name);
        found.ok_or_else(|| FaultKind::unknown("product", name, names()).into())
    }

    /// Every connection of every level, once.
    pub fn links(&self) -> impl Iterator<Item = LinkResult<'_>> {
        let tree = &self.chain.tree;
        let joined = |link: &&Link| {
            let offered = |(stage, import): (StageId, usize)| {
                tree.stages[stage].offer(import, &self.values.choices).is_some()
            };
            link.import.is_none_or(offered)
        };
        tree.links.iter().filter(joined).map(|link| LinkResult {
            from: link.from.as_deref(),
            to: link.to.as_deref(),
            leaving: link.leaving.as_ref().map(|exit| exit.how),
            class: link.leaving.as_ref().and_then(|exit| exit.class.as_deref()),
            stream: self.view(link.stream),
        })
    }

    /// Flows between stages, with the ports of chains followed through to the stages inside:
    /// each stream once, from a stage or an import to a stage or the port by which it leaves.
    pub fn edges(&self) -> impl Iterator<Item = Edge<'_>> {
        let tree = &self.chain.tree;
        let into = tree.stages.iter().filter(|placed| placed.stage.spec().supply().is_none());
        let between = into.flat_map(move |placed| {
            let inlets = placed.inlets.iter().filter_map(move |&stream| {
                let from = self.origin(stream)?.to_owned();
                Some(Edge { from, to: placed.address.clone(), stream: self.view(stream) })
            });
            let names = placed.import_names.iter().enumerate();
            let imports = names.map(move |(index, name)| Edge {
                from: match placed
                    .offer(index, &self.values.choices)
                    .and_then(|stream| self.origin(stream))
                {
                    Some(stage) => stage.to_owned(),
                    None => format!("{}.{name}", placed.address),
                },
                to: placed.address.clone(),
                stream: self.view(placed.imports.at(index)),
            });
            inlets.chain(imports)
        });
        let leaving = tree.links.iter().filter(|link| link.to.is_none());
        between.chain(leaving.filter_map(move |link| {
            let (from, to) = (self.origin(link.stream)?.to_owned(), link.from.clone()?);
            Some(Edge { from, to, stream: self.view(link.stream) })
        }))
    }

    /// The stage whose outlet a stream comes from, through the inlets of inner chains.
    fn origin(&self, stream: StreamId) -> Option<&str> {
        let tree = &self.chain.tree;
        if let Some(placed) = tree.stages.iter().find(|placed| placed.writes().contains(stream)) {
            return Some(&placed.address);
        }
        let inlet = tree
            .inlets
            .iter()
            .find(|inlet| inlet.level != OUTERMOST && inlet.own().contains(stream))?;
        self.origin(inlet.offered)
    }

    /// What stages took from outside the chain.
    pub fn imports(&self) -> impl Iterator<Item = ImportResult<'_>> {
        self.chain.tree.stages.iter().flat_map(move |placed| {
            placed
                .import_names
                .iter()
                .enumerate()
                .filter(|(index, _)| placed.offer(*index, &self.values.choices).is_none())
                .map(move |(index, import)| ImportResult {
                    stage: &placed.address,
                    import,
                    stream: self.view(placed.imports.at(index)),
                })
        })
    }

    /// The worst balance of each stage and chain.
    #[must_use]
    pub fn balances(&self) -> impl ExactSizeIterator<Item = Balance<'_>> {
        self.balances.iter().map(|closed| closed.balance(&self.chain))
    }

    /// The worst residual of all, relative to the throughput of its species or element.
    #[must_use]
    pub fn worst_residual(&self) -> f64 {
        self.balances.iter().map(|balance| balance.residual).fold(0.0, f64::max)
    }

    /// What a reader should know beside the numbers: compositions that were normalised, limits that
    /// are broken, correlations that were used outside their range.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let broken = self.limits().filter(|limit| limit.broken).filter_map(|limit| {
            let (load, capacity) = (limit.load?, limit.capacity?);
            let side = match limit.direction {
                Direction::AtMost => "at most",
                Direction::AtLeast => "at least",
            };
            Some(format!(
                "{} is broken: {} {}, {side} {} {}",
                limit.limit,
                significant(load),
                limit.unit,
                significant(capacity),
                limit.unit
            ))
        });
        let stated = self.stage_warnings().map(|warning| warning.to_string());
        self.normalised().chain(broken).chain(stated).collect()
    }

    /// Correlations that were used outside the range they were fitted for: of each stage and kind
    /// the one that is furthest outside, in the order of stages. Among the warnings, too.
    ///
    /// They are worked out when they are asked for: a run that nobody asks, and the rows of a sweep,
    /// are not judged so.
    #[must_use]
    pub fn stage_warnings(&self) -> impl ExactSizeIterator<Item = WarningResult<'_>> {
        let worked_out = || chain::warnings(&self.chain, &self.values, &self.streams, &self.stated);
        let warnings = self.warnings.get_or_init(worked_out);
        warnings.iter().map(|(stage, warning)| WarningResult {
            stage: &self.chain.tree.stages[*stage].address,
            warning: *warning,
        })
    }

    /// What was corrected of what was read, because it was asked for: compositions whose shares were
    /// divided by a sum that is off 1 by more than rounding. Among the warnings, too.
    pub fn normalised(&self) -> impl Iterator<Item = String> {
        self.values.normalised(&self.chain)
    }
}

/// Six significant digits, for messages.
fn significant(value: f64) -> String {
    format!("{value:.5e}").parse::<f64>().unwrap_or(value).to_string()
}
