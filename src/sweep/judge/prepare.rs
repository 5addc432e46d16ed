//! Judging a whole sweep against its chain: what is left is ready to run.

use super::{Judge, Judged, Spread, tabled};
use crate::chain::Chain;
use crate::digest::Digest;
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use crate::param::Values;
use crate::sweep::ask::Sweep;
use crate::sweep::design::{
    AxisColumn, DIMENSIONS, Design, DesignKind, Group, Layout, MOST_SCENARIOS, groups,
};
use crate::sweep::evaluate::{Evaluator, Variable};

/// A sweep that fits its chain.
#[derive(Debug)]
pub struct Prepared {
    /// Works out its scenarios.
    pub(in crate::sweep) evaluator: Evaluator,
    /// Where its scenarios lie.
    pub design: Design,
    /// How the numbers of its axes are shown.
    pub axes: Vec<AxisColumn>,
}

impl Prepared {
    /// `sha256:` and the hash of everything that determines the results: the chain, the values of
    /// parameters that do not vary, the design with its seed and what it draws from, and the outputs
    /// with their units. What the sweep and its files are called, and how they are laid out, is
    /// nothing to it.
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
        digest.debug(&self.design);
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
    /// addresses, values out of range, doubled axes and outputs, correlations that contradict one
    /// another, designs without scenarios or with too many.
    pub fn prepare(&self, chain: &Chain) -> Result<Prepared, Error> {
        let mut faults = Faults::default();
        let base = self.base.judge(chain, &mut faults);
        self.judge_outputs(chain, &mut faults);
        let judged = self.judge_axes(chain, &base, &mut faults);
        self.judge_design(&mut faults);
        let len = self.len(&judged, &mut faults);
        let addresses: Vec<&str> = self.axes.iter().map(|axis| axis.parameter.as_str()).collect();
        let groups = groups(&self.correlations, &addresses, &mut faults);
        faults.into_result(())?;
        let design = Design::new(len, self.layout(&judged, groups));
        let variables: Vec<Variable> = judged.iter().map(|axis| axis.variable.clone()).collect();
        let axes = judged.into_iter().map(|axis| axis.column).collect();
        let outputs: Vec<String> = self.outputs().map(str::to_owned).collect();
        let evaluator = Evaluator::new(chain, &base, &variables, &outputs)?;
        Ok(Prepared { evaluator, design, axes })
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
            } else if let Err(kind) = chain.find_output(address) {
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
