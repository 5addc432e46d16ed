//! A sweep: the chain, what is asked for, the axes and the design; judged before anything is run.

use super::axis::Axis;
use super::correlation::{self, Correlation, Group};
use super::design::{AxisColumn, Design, DesignKind, Layout, MOST_SCENARIOS};
use super::evaluate::{Evaluator, Variable};
use super::judge::{Judge, Judged, Spread};
use super::low_discrepancy::DIMENSIONS;
use super::output::Output;
use super::tabled;
use crate::chain::Chain;
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{Value, Values};
use crate::scenario::{Override, Scenario};

/// A sweep as a person or program asks for it.
///
/// ```
/// use gaschain::sweep::{Axis, DesignKind, Results, Sweep};
/// let sweep = Sweep::new("demand against supply", "amur", DesignKind::Grid)
///     .setting("gpp.trains", 5.0)
///     .axis(Axis::steps("kovykta.flow", "6 bcm/yr", "26 bcm/yr", 3))
///     .axis(Axis::steps("heihe.demand", "28 bcm/yr", "38 bcm/yr", 2))
///     .output("heihe.sales_gas.volume");
///
/// let prepared = sweep.prepare(gaschain::amur::chain())?;
/// assert_eq!(prepared.design.len(), 6);
///
/// let mut inputs = vec![0.0; 2 * 6];
/// prepared.design.fill(&mut prepared.design.scratch(), 0, 6, &mut inputs);
/// let mut results = Results::default();
/// let mut workspace = prepared.evaluator.workspace();
/// prepared.evaluator.run(&mut workspace, 0, &inputs, 6, &mut results);
/// // scenario 1: 6 bcm/yr from Kovykta, 38 asked for
/// let unit = prepared.axes[1].unit.unwrap();
/// assert!((unit.from_si(inputs[6 + 1]) - 38.0).abs() < 1e-12);
/// assert!(results.column(0)[0] <= results.column(0)[1]);
/// # Ok::<(), gaschain::fault::Faults>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// Its name.
    pub name: String,
    /// The question it answers, where the file says.
    pub question: Option<String>,
    pub(super) base: Scenario,
    pub(super) outputs: Vec<(String, Place)>,
    pub(super) kind: DesignKind,
    /// Where the design stands.
    pub(super) place: Place,
    pub(super) axes: Vec<Axis>,
    pub(super) correlations: Vec<Correlation>,
    /// Bytes of the files it was read from.
    pub(super) sources: Vec<Vec<u8>>,
}

/// A sweep that fits its chain.
#[derive(Debug)]
pub struct Prepared<'c> {
    /// Works out its scenarios.
    pub evaluator: Evaluator<'c>,
    /// Where its scenarios lie.
    pub design: Design,
    /// How the numbers of its axes are shown.
    pub axes: Vec<AxisColumn>,
    /// What varies, axis after axis, as the evaluator takes it.
    pub variables: Vec<Variable>,
    /// The values on top of which it varies.
    pub base: Values,
}

impl Sweep {
    /// A sweep without axes and outputs.
    #[must_use]
    pub fn new(name: &str, chain: &str, kind: DesignKind) -> Self {
        Self {
            name: name.to_owned(),
            question: None,
            base: Scenario::new(name, chain),
            outputs: Vec::new(),
            kind,
            place: Place::address("design"),
            axes: Vec::new(),
            correlations: Vec::new(),
            sources: Vec::new(),
        }
    }

    /// The same sweep with a parameter of the base scenario changed.
    #[must_use]
    pub fn setting(mut self, address: &str, value: impl Into<Value>) -> Self {
        self.base = self.base.setting(address, value);
        self
    }

    /// The same sweep with one more result asked for.
    #[must_use]
    pub fn output(mut self, address: &str) -> Self {
        self.outputs.push((address.to_owned(), Place::address(address)));
        self
    }

    /// The same sweep with one more axis.
    #[must_use]
    pub fn axis(mut self, axis: Axis) -> Self {
        self.axes.push(axis);
        self
    }

    /// The same sweep with two axes correlated.
    #[must_use]
    pub fn correlation(mut self, correlation: Correlation) -> Self {
        self.correlations.push(correlation);
        self
    }

    /// The shipped chain's name, or a path to a chain folder.
    #[must_use]
    pub fn chain(&self) -> &str {
        &self.base.chain
    }

    /// What is different from the chain in every scenario.
    #[must_use]
    pub fn overrides(&self) -> &[Override] {
        &self.base.overrides
    }

    /// Addresses of the results asked for.
    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        self.outputs.iter().map(|(address, _)| address.as_str())
    }

    /// Judges the sweep against its chain.
    ///
    /// # Errors
    /// Everything in it that does not fit the chain or itself, each with its place: unknown
    /// addresses, values out of range, doubled axes and outputs, correlations that contradict one
    /// another, designs without scenarios or with too many.
    pub fn prepare<'c>(&self, chain: &'c Chain) -> Result<Prepared<'c>, Faults> {
        let mut faults = Faults::default();
        let base = self.base.judge(chain, &mut faults);
        self.judge_outputs(chain, &mut faults);
        let judged = self.judge_axes(chain, &base, &mut faults);
        self.judge_design(&mut faults);
        let len = self.len(&judged, &mut faults);
        let addresses: Vec<&str> = self.axes.iter().map(|axis| axis.parameter.as_str()).collect();
        let groups = correlation::groups(&self.correlations, &addresses, &mut faults);
        faults.into_result(())?;
        let design = Design::new(len, self.layout(&judged, groups));
        let variables: Vec<Variable> = judged.iter().map(|axis| axis.variable.clone()).collect();
        let axes = judged.into_iter().map(|axis| axis.column).collect();
        let outputs: Vec<String> = self.outputs().map(str::to_owned).collect();
        let evaluator = Evaluator::new(chain, &base, &variables, &outputs)?;
        Ok(Prepared { evaluator, design, axes, variables, base })
    }

    fn judge_outputs(&self, chain: &Chain, faults: &mut Faults) {
        if self.outputs.is_empty() {
            let got = "a sweep that asks for nothing".to_owned();
            let allowed = "at least one address in outputs".to_owned();
            faults.push(self.place.clone(), FaultKind::NotAllowed { got, allowed });
        }
        for (index, (address, place)) in self.outputs.iter().enumerate() {
            if self.outputs[..index].iter().any(|(other, _)| other == address) {
                let (what, name) = ("output", address.clone());
                faults.push(place.clone(), FaultKind::Duplicate { what, name, first: None });
            } else if let Err(kind) = Output::find(chain, address) {
                faults.push(place.clone(), kind);
            }
        }
    }

    fn judge_axes(&self, chain: &Chain, base: &Values, faults: &mut Faults) -> Vec<Judged> {
        if let DesignKind::Table(table) = &self.kind {
            return tabled::columns(table, chain, base, faults);
        }
        for (index, axis) in self.axes.iter().enumerate() {
            let first = self.axes[..index].iter().find(|other| other.parameter == axis.parameter);
            if let Some(first) = first {
                let (what, name) = ("axis", axis.parameter.clone());
                let first = first.place_of("parameter");
                let first =
                    first.file.is_some().then(|| Box::new(Place { address: None, ..first }));
                let kind = FaultKind::Duplicate { what, name, first };
                faults.push(axis.place_of("parameter"), kind);
            }
        }
        let (design, draws) = (self.kind.name(), self.kind.samples().is_some());
        let mut judge = Judge { chain, base, design, draws, faults };
        self.axes.iter().filter_map(|axis| judge.axis(axis)).collect()
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
        let steps = |axis: &Judged| axis.spread.steps().len() as u64;
        let (len, got) = match &self.kind {
            // a table counts its own rows
            DesignKind::Table(table) => return table.rows.len() as u64,
            DesignKind::Grid | DesignKind::OneAtATime => {
                let len = if self.kind == DesignKind::Grid {
                    judged.iter().try_fold(1_u64, |len, axis| len.checked_mul(steps(axis)))
                } else {
                    Some(1 + judged.iter().map(steps).sum::<u64>())
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
    fn layout(&self, judged: &[Judged], groups: Vec<Group>) -> Layout {
        let columns = || judged.iter().map(|axis| axis.spread.steps().to_vec()).collect();
        match &self.kind {
            DesignKind::Grid => Layout::Grid(columns()),
            DesignKind::Table(_) => Layout::Table(columns()),
            DesignKind::OneAtATime => {
                let moved = |axis: &Judged| (axis.spread.base(), axis.spread.steps().to_vec());
                Layout::OneAtATime(judged.iter().map(moved).collect())
            }
            drawn => {
                let axes = judged.iter().enumerate().filter_map(|(index, axis)| {
                    match (&axis.spread, drawn.points(index)) {
                        (Spread::Drawn(marginal), Some(points)) => Some((points, marginal.clone())),
                        _ => None,
                    }
                });
                Layout::Drawn(axes.collect(), groups)
            }
        }
    }
}
