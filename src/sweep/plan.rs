//! A sweep: the chain, what is asked for, the axes and the design; judged before anything is run.

use super::axis::Axis;
use super::correlation::{self, Correlation};
use super::design::{AxisColumn, Design, DesignKind, Layout, MOST_SCENARIOS};
use super::evaluate::{Evaluator, Variable};
use super::judge::{Judge, Judged, Spread};
use super::low_discrepancy::DIMENSIONS;
use super::output::Output;
use super::tabled;
use crate::chain::{Chain, hexadecimal};
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{Value, Values};
use crate::scenario::{Override, Scenario};
use sha2::{Digest, Sha256};
use std::fmt::Write;

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
        let design = self.design(&judged, &mut faults);
        let (Some(design), true) = (design, faults.is_empty()) else {
            return Err(faults.in_order());
        };
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

    /// The design, of axes that all fit; `None` with a fault where it has none or too many.
    fn design(&self, judged: &[Judged], faults: &mut Faults) -> Option<Design> {
        let mut fault = |got: String, allowed: &str| {
            let allowed = allowed.to_owned();
            faults.push(self.place.clone(), FaultKind::NotAllowed { got, allowed });
        };
        let is_table = matches!(self.kind, DesignKind::Table(_));
        let name = self.kind.name();
        if is_table && !self.axes.is_empty() {
            fault("axes beside a table".into(), "either a table or axes");
        }
        if !is_table && self.axes.is_empty() {
            fault("a sweep without axes".into(), "at least one [[axis]]");
        }
        if !self.correlations.is_empty() && self.kind.samples().is_none() {
            let allowed = "latin_hypercube, sobol and monte_carlo";
            fault(format!("correlations in the design \"{name}\""), allowed);
        }
        if matches!(self.kind, DesignKind::Sobol { .. }) && self.axes.len() > DIMENSIONS {
            let allowed = format!("at most {DIMENSIONS} in the design \"sobol\"");
            fault(format!("{} axes", self.axes.len()), &allowed);
        }
        let steps = |axis: &Judged| match &axis.spread {
            Spread::Steps { numbers, .. } => numbers.len() as u64,
            Spread::Drawn(_) => 1,
        };
        let len = match &self.kind {
            DesignKind::Grid => {
                judged.iter().try_fold(1_u64, |len, axis| len.checked_mul(steps(axis)))
            }
            DesignKind::OneAtATime => Some(1 + judged.iter().map(steps).sum::<u64>()),
            DesignKind::Table(table) => Some(table.rows.len() as u64),
            drawn => drawn.samples(),
        };
        let len = len.filter(|len| (1..=MOST_SCENARIOS).contains(len));
        if len.is_none() && (!is_table || judged.len() > self.axes.len()) {
            let got = self.kind.samples().map_or_else(
                || "more scenarios than can be counted".to_owned(),
                |samples| format!("{samples} samples"),
            );
            fault(got, &format!("1 to {MOST_SCENARIOS}"));
        }
        let addresses: Vec<&str> = self.axes.iter().map(|axis| axis.parameter.as_str()).collect();
        let groups = correlation::groups(&self.correlations, &addresses, faults);
        if !faults.is_empty() {
            return None;
        }
        let numbers = |axis: &Judged| match &axis.spread {
            Spread::Steps { numbers, base } => (*base, numbers.clone()),
            Spread::Drawn(_) => (f64::NAN, Vec::new()),
        };
        let columns = || judged.iter().map(|axis| numbers(axis).1).collect();
        let layout = match &self.kind {
            DesignKind::Grid => Layout::Grid(columns()),
            DesignKind::Table(_) => Layout::Table(columns()),
            DesignKind::OneAtATime => Layout::OneAtATime(judged.iter().map(numbers).collect()),
            drawn => {
                let axes = judged.iter().enumerate().filter_map(|(index, axis)| {
                    match (&axis.spread, drawn.points(index)) {
                        (Spread::Drawn(marginal), Some(points)) => Some((points, marginal.clone())),
                        _ => None,
                    }
                });
                Layout::Drawn(axes.collect(), groups)
            }
        };
        len.map(|len| Design::new(len, layout))
    }

    /// What the sweep is, in lines that a person reads beside its results.
    #[must_use]
    pub fn provenance(&self) -> String {
        let mut text = format!("sweep \"{}\" of chain \"{}\"\n", self.name, self.chain());
        let design = match &self.kind {
            DesignKind::Grid => "grid, the last axis fastest".to_owned(),
            DesignKind::OneAtATime => "one axis at a time, the base scenario first".to_owned(),
            DesignKind::Table(table) => format!("the rows of {}", table.file),
            DesignKind::LatinHypercube { samples, seed } => {
                format!(
                    "Latin hypercube of {samples}, seed {seed} (keyed permutations, Philox 4x32-10)"
                )
            }
            DesignKind::Sobol { samples, seed, scrambled } => {
                let scrambling = if *scrambled {
                    format!("nested scrambling with seed {seed} (Philox 4x32-10)")
                } else {
                    "not scrambled".to_owned()
                };
                format!("Sobol' sequence of {samples}, Joe and Kuo (2008), {scrambling}")
            }
            DesignKind::MonteCarlo { samples, seed } => {
                format!("Monte Carlo of {samples}, seed {seed} (Philox 4x32-10)")
            }
        };
        let _ = writeln!(text, "design: {design}");
        for change in self.overrides() {
            let _ = writeln!(text, "set {} = {}", change.address, change.value);
        }
        for axis in &self.axes {
            let _ = writeln!(text, "axis {axis} ({})", known_by(axis));
        }
        for Correlation { between: [one, other], coefficient, .. } in &self.correlations {
            let _ =
                writeln!(text, "correlation of {one} and {other}: {coefficient} (Gaussian copula)");
        }
        for output in self.outputs() {
            let _ = writeln!(text, "output {output}");
        }
        text
    }

    /// Hash of everything that determines the results: the chain's files, the sweep, and the
    /// files that it was read from and names.
    #[must_use]
    pub fn inputs(&self, chain: &Chain) -> String {
        let mut hash = Sha256::new();
        hash.update(chain.inputs());
        hash.update(self.provenance());
        for source in &self.sources {
            hash.update((source.len() as u64).to_le_bytes());
            hash.update(source);
        }
        format!("sha256:{}", hexadecimal(&hash.finalize()))
    }
}

fn known_by(axis: &Axis) -> String {
    let provenance = &axis.provenance;
    match provenance.source.as_str() {
        "" => provenance.evidence.to_string(),
        source => format!("{}: {source}", provenance.evidence),
    }
}
