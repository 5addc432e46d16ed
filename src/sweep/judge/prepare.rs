//! Judging a whole sweep against its chain: what is left is ready to run.

use super::{Judge, Judged, Spread, tabled};
use crate::chain::Chain;
use crate::digest::Digest;
use crate::document::csv::Table;
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{ParameterId, Values};
use crate::scenario;
use crate::sweep::ask::Sweep;
use crate::sweep::design::{
    AxisColumn, DIMENSIONS, Design, DesignKind, Drawn, Layout, Leader, MOST_SCENARIOS, Source,
    Steps, Together, together,
};
use crate::sweep::evaluate::{Evaluator, Variable, Way};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// A sweep that fits its chain.
#[derive(Debug)]
pub struct Prepared {
    /// Works out its scenarios.
    pub(in crate::sweep) evaluator: Evaluator,
    /// Where its scenarios lie.
    pub design: Design,
    /// How the numbers of its axes are shown: a column for each parameter.
    pub axes: Vec<AxisColumn>,
    /// By column: whether it goes with the one before it, as another parameter of the same axis.
    pub(in crate::sweep) tied: Vec<bool>,
    notes: Vec<String>,
    normalised: Vec<String>,
    /// Whether programs give all scenarios that they are sure of.
    by_programs: bool,
}

impl Prepared {
    /// What somebody should know of its results before it is run: how much of distributions without
    /// ends was cut where the range of their parameter ends, so that no scenario leaves it.
    ///
    /// ```
    /// use gaschain::sweep::{Axis, DesignKind, Distribution, Sweep};
    /// let own_needs = Distribution::Normal {
    ///     mean: "1.5 %/1000 km".into(),
    ///     standard_deviation: "0.4 %/1000 km".into(),
    /// };
    /// let sweep = Sweep::new("own needs", "amur", DesignKind::MonteCarlo { samples: 8, seed: 1 })
    ///     .axis(Axis::distributed("trunk_line.own_needs", own_needs))
    ///     .output("heihe.sales_gas.volume");
    /// let prepared = sweep.prepare(gaschain::amur::chain())?;
    /// assert_eq!(
    ///     prepared.notes(),
    ///     ["trunk_line.own_needs: 0.0088 % below 0 %/1000 km and 3.2e-12 % above 4.5 %/1000 km is cut \
    ///       off normal, mean 1.5 %/1000 km, standard deviation 0.4 %/1000 km, as not allowed"]
    /// );
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Why all of its scenarios are worked out one by one, where they are: because no program would be
    /// quicker. How follows from counts of operations and from what some scenarios show, and
    /// changes no bit of any scenario.
    ///
    /// ```
    /// use gaschain::sweep::{Axis, DesignKind, Sweep};
    /// let sweep = |samples| {
    ///     Sweep::new("flows", "amur", DesignKind::MonteCarlo { samples, seed: 1 })
    ///         .axis(Axis::between("kovykta.flow", "15 bcm/yr", "30 bcm/yr"))
    ///         .output("heihe.sales_gas.volume")
    /// };
    /// let chain = gaschain::amur::chain();
    /// assert_eq!(
    ///     sweep(100).prepare(chain)?.one_by_one().unwrap(),
    ///     "all scenarios are worked out one by one: up to 1024 of them are not worth a program"
    /// );
    /// assert_eq!(sweep(2_000).prepare(chain)?.one_by_one(), None);
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    #[must_use]
    pub fn one_by_one(&self) -> Option<String> {
        self.way().note()
    }

    /// Has programs give every scenario that they are sure of, the first ones too, whether or not
    /// that is quicker: to hold what is recorded of stages of one's own against what a solve gives.
    /// The first 1,024 are still worked out by themselves as well.
    #[must_use]
    pub fn by_programs(mut self) -> Self {
        self.by_programs = true;
        self
    }

    /// How its scenarios are worked out.
    pub(in crate::sweep) fn way(&self) -> Way {
        if self.by_programs { Way::Programs { from: 0 } } else { self.evaluator.way(&self.design) }
    }

    /// What was corrected of compositions because it was asked for, as
    /// [`Solved::normalised`](crate::Solved::normalised) has it.
    #[must_use]
    pub fn normalised(&self) -> &[String] {
        &self.normalised
    }

    /// `sha256:` and the hash of everything that determines the results: the chain, the values of
    /// parameters that do not vary, the design with its seed and what it draws from, and the outputs
    /// with their units. What the sweep and its files are called, and how they are laid out, is
    /// nothing to it; nor is how many scenarios there are, where the others are the same with more or
    /// fewer: results of fewer can be gone on with ([`Sweep::with_samples`]).
    ///
    /// ```
    /// use gaschain::sweep::{Axis, DesignKind, Sweep};
    /// let chain = gaschain::amur::chain();
    /// let sweep = |name: &str, seed| {
    ///     Sweep::new(name, "amur", DesignKind::MonteCarlo { samples: 9, seed })
    ///         .axis(Axis::between("kovykta.flow", "0 bcm/yr", "30 bcm/yr"))
    ///         .output("heihe.sales_gas.volume")
    /// };
    /// let inputs = sweep("one", 1).prepare(chain)?.inputs();
    /// assert_eq!(sweep("other", 1).prepare(chain)?.inputs(), inputs);
    /// assert_ne!(sweep("one", 2).prepare(chain)?.inputs(), inputs);
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    #[must_use]
    pub fn inputs(&self) -> String {
        let mut digest = Digest::default();
        digest.chain(self.evaluator.chain());
        digest.values(&self.evaluator.fixed());
        digest.debug(self.design.layout());
        digest.debug(&self.evaluator.variables());
        let outputs = self.evaluator.outputs().iter();
        digest.debug(&outputs.map(|of| (of.address(), of.unit())).collect::<Vec<_>>());
        digest.finish()
    }

    /// Operations on numbers that a scenario takes, if every loop of root finding goes round once;
    /// `None` where scenarios are worked out one by one.
    #[must_use]
    pub fn operations(&self) -> Option<usize> {
        self.evaluator.operations()
    }
}

impl Sweep {
    /// Judges the sweep against its chain.
    ///
    /// # Errors
    /// Everything in it that does not fit the chain or itself, each with its place: unknown
    /// addresses, values out of range, distributions of which too much lies outside it, doubled axes
    /// and outputs, correlations that contradict one another, designs without scenarios or with too
    /// many.
    pub fn prepare(&self, chain: &Chain) -> Result<Prepared, Error> {
        let mut faults = Faults::default();
        let varied = self.varied(chain);
        let varies =
            |address: &str| chain.parameter(address).is_some_and(|id| varied.contains(&id));
        let base = self.base.judge_beside(chain, varies, &mut faults);
        self.judge_outputs(chain, &mut faults);
        let mut notes = Vec::new();
        let mut normalised: Vec<String> = base.normalised(chain).collect();
        let judged =
            self.judge_axes(chain, (&base, &varied), [&mut notes, &mut normalised], &mut faults);
        self.judge_design(&mut faults);
        let len = self.len(&judged, &mut faults);
        let together = together(&self.correlations, &self.addresses(), &mut faults);
        faults.into_result(())?;
        let design = Design::new(len, self.layout(&judged, together));
        let columns: Vec<Vec<f64>> = match &self.kind {
            DesignKind::Table(_) => {
                judged.iter().map(|column| column.spread.steps().to_vec()).collect()
            }
            _ => Vec::new(),
        };
        let variables: Vec<Variable> = judged.iter().map(|axis| axis.variable.clone()).collect();
        let tied = judged.iter().map(|axis| axis.tied).collect();
        let axes = judged.into_iter().map(|axis| axis.column).collect();
        let outputs: Vec<String> = self.outputs().map(str::to_owned).collect();
        let place = |address: &str| self.place_of(chain, address);
        let evaluator = Evaluator::new(chain, &base, &variables, &outputs, place)?;
        let mut faults = Faults::default();
        if let DesignKind::Table(table) = &self.kind {
            let header = header(table, chain);
            let place = |row: usize, address: &str| {
                let id = chain.parameter(address);
                let column = header.iter().position(|column| column.is_some() && *column == id);
                let cell = column.filter(|&column| !table.text(row, column).is_empty());
                cell.map_or_else(|| self.place_of(chain, address), |at| table.place(row, at))
            };
            evaluator.judge_rows(&columns, place, &mut faults);
        } else {
            evaluator.judge_together(place, &mut faults);
        }
        faults.into_result(())?;
        Ok(Prepared { evaluator, design, axes, tied, notes, normalised, by_programs: false })
    }

    /// The parameters that vary, as far as they are known.
    fn varied(&self, chain: &Chain) -> HashSet<ParameterId> {
        if let DesignKind::Table(table) = &self.kind {
            return header(table, chain).into_iter().flatten().collect();
        }
        let addresses = self.axes.iter().flat_map(|axis| &axis.parameters);
        addresses.filter_map(|address| chain.parameter(address)).collect()
    }

    /// Where a parameter is set: by an axis, or in the base scenario.
    fn place_of(&self, chain: &Chain, address: &str) -> Place {
        let id = chain.parameter(address);
        let of_axis = self.axes.iter().find_map(|axis| {
            let mut all = axis.parameters.iter();
            let index = all.position(|own| chain.parameter(own) == id)?;
            Some(axis.place_of_parameter(index))
        });
        let of_base = || {
            let mut all = self.base.overrides.iter().rev();
            all.find(|change| chain.parameter(&change.address) == id)
                .map(|change| change.place.clone())
        };
        of_axis.or_else(of_base).unwrap_or_default().at_address(address)
    }

    /// Every address of an axis with the column of the axis's first one.
    fn addresses(&self) -> Vec<(&str, usize)> {
        let mut addresses = Vec::new();
        for axis in &self.axes {
            let first = addresses.len();
            addresses.extend(axis.parameters.iter().map(|address| (address.as_str(), first)));
        }
        addresses
    }

    fn judge_outputs(&self, chain: &Chain, faults: &mut Faults) {
        if self.outputs.is_empty() {
            let got = "a sweep that asks for nothing".to_owned();
            let allowed = "at least one address in outputs".to_owned();
            faults.push(self.place.clone(), FaultKind::NotAllowed { got, allowed });
        }
        let mut seen: HashMap<(String, Option<String>), &Place> = HashMap::new();
        for (written, place) in &self.outputs {
            let output = match chain.find_output(written) {
                Ok(output) => output,
                Err(kind) => {
                    faults.push(place.clone(), kind);
                    continue;
                }
            };
            // the same result in two units is two columns
            let unit = output.unit().map(|unit| unit.to_string());
            match seen.entry((output.address().to_owned(), unit)) {
                Entry::Vacant(vacant) => drop(vacant.insert(place)),
                Entry::Occupied(first) => {
                    let (what, name) = ("output", written.clone());
                    let kind = FaultKind::Duplicate { what, name, first: placed(first.get()) };
                    faults.push(place.clone(), kind);
                }
            }
        }
    }

    fn judge_axes(
        &self,
        chain: &Chain,
        (base, varied): (&Values, &HashSet<ParameterId>),
        [notes, normalised]: [&mut Vec<String>; 2],
        faults: &mut Faults,
    ) -> Vec<Judged> {
        if let DesignKind::Table(table) = &self.kind {
            return tabled::columns(table, chain, base, faults);
        }
        let mut seen: HashMap<&str, Place> = HashMap::new();
        for axis in &self.axes {
            for (index, address) in axis.parameters.iter().enumerate() {
                let place = axis.place_of_parameter(index);
                // a share has several names
                let found =
                    chain.parameter(address).map(|id| chain.parameters[id].address.as_str());
                match seen.entry(found.unwrap_or(address)) {
                    Entry::Vacant(vacant) => drop(vacant.insert(place)),
                    Entry::Occupied(first) => {
                        let (what, name) = ("axis", address.clone());
                        let kind = FaultKind::Duplicate { what, name, first: placed(first.get()) };
                        faults.push(place.at_address(address), kind);
                    }
                }
            }
        }
        let mut judge = Judge {
            chain,
            base,
            varied,
            sum: self.base.reading().sum(),
            design: self.kind.name(),
            draws: self.kind.samples().is_some(),
            faults,
            notes,
            normalised,
            address: String::new(),
            range: [f64::NEG_INFINITY, f64::INFINITY],
        };
        self.axes.iter().flat_map(|axis| judge.axis(axis)).collect()
    }

    /// What of the design does not fit, whatever the axes are.
    fn judge_design(&self, faults: &mut Faults) {
        let name = self.kind.name();
        let draws = self.kind.samples().is_some();
        let mut fault = |got: String, allowed: &str| {
            let allowed = allowed.to_owned();
            faults.push(self.place.clone(), FaultKind::NotAllowed { got, allowed });
        };
        match (&self.kind, self.axes.is_empty()) {
            (DesignKind::Table(_), false) => {
                fault("axes beside a table".into(), "either a table or axes");
            }
            (DesignKind::Table(_), true) | (_, false) => {}
            (_, true) => fault("a sweep without axes".into(), "at least one [[axis]]"),
        }
        if !self.correlations.is_empty() && !draws {
            let allowed = "latin_hypercube, sobol and monte_carlo";
            fault(format!("correlations in the design \"{name}\""), allowed);
        }
        if matches!(self.kind, DesignKind::Sobol { .. }) && self.axes.len() > DIMENSIONS {
            let allowed = format!("at most {DIMENSIONS} in the design \"{name}\"");
            fault(format!("{} axes", self.axes.len()), &allowed);
        }
    }

    /// Number of scenarios of axes that all fit.
    fn len(&self, judged: &[Judged], faults: &mut Faults) -> u64 {
        let judged = || judged.iter().filter(|column| !column.tied);
        let steps = |axis: &Judged| axis.spread.steps().len() as u64;
        let (len, got) = match &self.kind {
            // a table counts its own rows
            DesignKind::Table(table) => return table.len() as u64,
            DesignKind::Grid | DesignKind::OneAtATime => {
                let len = if self.kind == DesignKind::Grid {
                    judged().try_fold(1_u64, |len, axis| len.checked_mul(steps(axis)))
                } else {
                    Some(1 + judged().map(steps).sum::<u64>())
                };
                (len, "more scenarios than can be counted".to_owned())
            }
            drawn => {
                let samples = drawn.samples().unwrap_or(0);
                (Some(samples), format!("{samples} samples"))
            }
        };
        let len = len.filter(|len| (1..=MOST_SCENARIOS).contains(len));
        if len.is_none() {
            let allowed = format!("1 to {MOST_SCENARIOS}");
            faults.push(self.place.clone(), FaultKind::NotAllowed { got, allowed });
        }
        len.unwrap_or(0)
    }

    /// Where scenarios lie, for axes that all fit.
    fn layout(&self, judged: &[Judged], together: Together) -> Layout {
        let steps =
            |column: &Judged| Steps { numbers: column.spread.steps().to_vec(), tied: column.tied };
        match &self.kind {
            DesignKind::Grid => Layout::Grid(judged.iter().map(steps).collect()),
            DesignKind::Table(_) => {
                Layout::Table(judged.iter().map(|column| column.spread.steps().to_vec()).collect())
            }
            DesignKind::OneAtATime => {
                let moved = |column: &Judged| (column.spread.base(), steps(column));
                Layout::OneAtATime(judged.iter().map(moved).collect())
            }
            drawn => Layout::Drawn(drawn_columns(drawn, judged, together)),
        }
    }
}

/// By column of a table: its parameter, where it is one.
fn header(table: &Table, chain: &Chain) -> Vec<Option<ParameterId>> {
    let mut header = vec![None; table.header.len()];
    let place = table.header_place();
    // its faults are told where the columns are judged
    for column in scenario::columns(&table.header, &place, chain, &[], &mut Faults::default()) {
        header[column.index] = Some(column.parameter);
    }
    header
}

/// Points and distribution of each column: an axis has points once, whatever goes with it.
fn drawn_columns(kind: &DesignKind, judged: &[Judged], together: Together) -> Drawn {
    let Together { groups, leaders } = together;
    let mut columns = Vec::with_capacity(judged.len());
    let (mut axis, mut first) = (0, 0);
    for (at, column) in judged.iter().enumerate() {
        if !column.tied {
            (axis, first) = (axis + usize::from(at > 0), at);
        }
        let leader = leaders.get(&first).copied();
        let leader =
            leader.or_else(|| column.tied.then_some(Leader { column: first, mirrored: false }));
        let source = match leader {
            Some(leader) => Some(Source::Of(leader)),
            None => kind.points(axis).map(Source::Own),
        };
        if let (Some(source), Spread::Drawn(marginal)) = (source, &column.spread) {
            columns.push((source, marginal.clone()));
        }
    }
    Drawn::new(columns, groups)
}

/// A place in a file, to be named as the first of several.
fn placed(place: &Place) -> Option<Box<Place>> {
    let place = Place { address: None, ..place.clone() };
    place.file.is_some().then(|| Box::new(place))
}
