//! Judging a stage by itself: whether it closes, gives the same over any number, and does what it
//! claims.
//!
//! *In:* a stage, a slate, streams at its inlets. *Out:* nothing, or the first thing that is not
//! so. *Order:* `cases` are what it is tried with; at each it is run plainly, with
//! derivatives and on the tape, and its claims are tried.

mod cases;

use self::cases::{Case, cases, feeds};
use super::alone::Alone;
use super::{AnyStage, Setting, Spec, Stage, StageError, StreamId};
use crate::chain::{CLOSES_WITHIN, SolveError};
use crate::error::Error;
use crate::fault::{Faults, Place};
use crate::ids::Id;
use crate::param::{Choices, Slots};
use crate::scalar::{Dual, Scalar};
use crate::solved::{Through, residual};
use crate::species::Slate;
use crate::tape::{Block, Graph, Traced, record};

/// How near numbers have to be that are worked out in several ways.
const SAME: f64 = 1e-12;

/// Judges a stage by itself, fed at its inlets with molar flows by species, mol/s (those that are
/// not named are zero).
///
/// It is run with every choice there is and with its numbers at their defaults, at both ends and
/// at places between of their ranges, with what it is fed, with a part of it that is made up
/// differently, and with nothing. Each time
///
/// * every species closes, or every element where it reacts, and no flow is below zero;
/// * plain numbers, numbers with derivatives and the tape of sweeps give the same;
/// * outlets that are claimed to be linear are, those that are claimed to keep what comes do, and
///   loads that are claimed to be stated are.
///
/// Settings at which its equations have no meaning ([`StageError`]) are passed over, unless there
/// are no others.
///
/// # Errors
/// All faults of its spec and of the streams together; else the first thing that is not so.
///
/// ```
/// use gaschain::species::Slate;
/// use gaschain::stage::{Separate, check};
///
/// let slate = Slate::shipped();
/// let membrane = Separate::new("gas").recovering(&slate, "helium", &["helium"], "raw")?;
/// check(&membrane, &slate, [("feed", [("methane", 97.0), ("helium", 3.0)])])?;
/// # Ok::<(), gaschain::Error>(())
/// ```
pub fn check<'n, I, F>(stage: &impl Stage, slate: &Slate, inlets: I) -> Result<(), Error>
where
    I: IntoIterator<Item = (&'n str, F)>,
    F: IntoIterator<Item = (&'n str, f64)>,
{
    check_any(stage, slate, inlets)
}

/// The same of a stage whose kind is forgotten.
pub(crate) fn check_any<'n, I, F>(
    stage: &dyn AnyStage,
    slate: &Slate,
    inlets: I,
) -> Result<(), Error>
where
    I: IntoIterator<Item = (&'n str, F)>,
    F: IntoIterator<Item = (&'n str, f64)>,
{
    let spec = stage.spec();
    let mut faults = Faults::default();
    for kind in spec.faults() {
        faults.push(Place::address(spec.kind()), kind.clone());
    }
    let feeds = feeds(spec, slate, inlets, &mut faults);
    let cases = cases(spec, &mut faults);
    faults.into_result(())?;
    let mut any = false;
    let mut last = None;
    for case in &cases {
        for (feed, offered) in feeds.iter().flat_map(|feed| [(feed, false), (feed, true)]) {
            let trial = Trial::new(stage, slate, case, feed, offered)?;
            match trial.judge() {
                Ok(()) => any = true,
                Err(Verdict::HasNoMeaning(error)) => last = Some(error),
                Err(Verdict::Wrong(error)) => return Err(error.into()),
            }
        }
    }
    match last {
        Some(source) if !any => {
            Err(SolveError::Stage { stage: spec.kind().to_owned(), source }.into())
        }
        _ => Ok(()),
    }
}

/// What a trial ended with.
enum Verdict {
    /// The equations have no meaning there.
    HasNoMeaning(StageError),
    Wrong(SolveError),
}

/// A stage at one setting, fed so.
struct Trial<'a> {
    stage: &'a dyn AnyStage,
    slate: &'a Slate,
    alone: Alone,
    /// By outlet.
    linear: Vec<bool>,
    /// By load.
    states: Vec<bool>,
    inputs: Vec<f64>,
}

impl<'a> Trial<'a> {
    /// Joins what it imports to streams of others, where it is to be offered them.
    fn new(
        stage: &'a dyn AnyStage,
        slate: &'a Slate,
        case: &Case,
        feed: &[f64],
        offered: bool,
    ) -> Result<Self, Error> {
        let spec = stage.spec();
        let (outlets, imports) = (spec.outlets().len(), spec.imports().len());
        let own = outlets + imports;
        let mut inputs = feed.to_vec();
        let mut reads = spec.inlets().len();
        // another stage takes a part of the first inlet, or offers as much as that
        let mut other = |share: f64| -> Option<StreamId> {
            let first = feed.get(..slate.len())?;
            inputs.extend(first.iter().map(|flow| flow * share));
            reads += 1;
            Some(Id::at(own + reads - 1))
        };
        let demands: Vec<Option<StreamId>> = (0..outlets)
            .map(|at| if offered && spec.is_on_demand(at) { other(0.3) } else { None })
            .collect();
        let offers = (0..imports).map(|_| if offered { other(1.0) } else { None }).collect();
        let demanded: Vec<bool> = demands.iter().map(Option::is_some).collect();
        let mut reserved = Slots::default();
        let mut choices = Choices::new();
        let slots = spec
            .parameters()
            .iter()
            .map(|parameter| reserved.reserve(&parameter.kind))
            .inspect(|slot| {
                if slot.choice().is_some() {
                    choices.push(0);
                }
            })
            .collect::<Vec<_>>();
        for ((slot, &choice), numbers) in slots.iter().zip(&case.choices).zip(&case.numbers) {
            if let Some(at) = slot.choice() {
                choices[at] = choice;
            }
            inputs.extend(numbers);
        }
        let setting = Setting::new(spec, &case.choices, &demanded);
        let linear = spec.outlet_handles().map(|outlet| stage.linear(outlet, &setting)).collect();
        let states = spec.load_handles().map(|load| stage.states(load, &setting)).collect();
        let constants = stage.constants(&setting);
        if let Some(what) = setting.misused.take() {
            let source = StageError::OfAnotherSpec { what };
            return Err(SolveError::Stage { stage: spec.kind().to_owned(), source }.into());
        }
        let alone = Alone {
            spec: spec.id(),
            species: slate.len(),
            outlets,
            own,
            inlets: (0..spec.inlets().len()).map(|at| Id::at(own + at)).collect(),
            demands,
            offers,
            slots,
            reads,
            choices,
            constants,
            loads: spec.loads().len(),
            gas: None,
        };
        Ok(Self { stage, slate, alone, linear, states, inputs })
    }

    fn spec(&self) -> &Spec {
        self.stage.spec()
    }

    fn wrong(&self, source: StageError) -> Verdict {
        Verdict::Wrong(SolveError::Stage { stage: self.spec().kind().to_owned(), source })
    }

    fn false_claim(&self, claim: impl Into<String>, got: impl Into<String>) -> Verdict {
        self.wrong(StageError::FalseClaim { claim: claim.into(), got: got.into() })
    }

    fn judge(&self) -> Result<(), Verdict> {
        let plain = self.run(&self.inputs)?;
        self.closes(&plain)?;
        self.claims_what_it_states(&plain)?;
        self.is_the_same_with_derivatives(&plain)?;
        self.is_the_same_on_the_tape(&plain)?;
        self.does_what_it_claims()
    }

    /// What a run writes; loads that are not stated are no numbers.
    fn run(&self, inputs: &[f64]) -> Result<Vec<f64>, Verdict> {
        let mut outputs = vec![0.0; self.alone.outputs()];
        match self.alone.run(self.stage, inputs, &mut outputs, f64::NAN) {
            Ok(None) => Ok(outputs),
            Err(error @ StageError::OfAnotherSpec { .. }) => Err(self.wrong(error)),
            Ok(Some(error)) | Err(error) => Err(Verdict::HasNoMeaning(error)),
        }
    }

    fn closes(&self, outputs: &[f64]) -> Result<(), Verdict> {
        let spec = self.spec();
        let mut through = Through::new(self.slate.len());
        let outlets = (0..spec.outlets().len()).map(|at| self.alone.outlet(outputs, at));
        let imports =
            (spec.outlets().len()..self.alone.own).map(|at| self.alone.outlet(outputs, at));
        let fed = self.inputs.chunks_exact(self.slate.len()).take(spec.inlets().len());
        through.between(fed.chain(imports), outlets);
        let names = spec.outlets().iter().chain(spec.imports());
        for (at, name) in names.enumerate() {
            for (species, &flow) in self.alone.outlet(outputs, at).iter().enumerate() {
                let most = through.inflow[species].max(through.outflow[species]);
                if !(-1e-12 * most..f64::INFINITY).contains(&flow) {
                    return Err(Verdict::Wrong(SolveError::ImpossibleFlow {
                        stage: format!("{} at {name}", spec.kind()),
                        species: self.slate.get(species).name.clone(),
                        flow,
                    }));
                }
            }
        }
        let least = through.least();
        let balances: Vec<(&str, f64, f64)> = if spec.is_reacting() {
            let elements = self.slate.elements().iter().enumerate();
            elements
                .map(|(element, name)| {
                    let (inflow, outflow) = through.of_element(self.slate.element_counts(element));
                    (name.as_str(), inflow, outflow)
                })
                .collect()
        } else {
            let flows = through.inflow.iter().zip(&through.outflow);
            self.slate.names().zip(flows).map(|(name, (&i, &o))| (name, i, o)).collect()
        };
        for (of, inflow, outflow) in balances {
            let residual = residual(inflow, outflow, least);
            if residual > CLOSES_WITHIN {
                let (stage, of) = (spec.kind().to_owned(), of.to_owned());
                let open = SolveError::NotClosed { stage, of, inflow, outflow, residual };
                return Err(Verdict::Wrong(open));
            }
        }
        Ok(())
    }

    fn claims_what_it_states(&self, outputs: &[f64]) -> Result<(), Verdict> {
        let stated = &outputs[self.alone.own * self.alone.species..];
        let loads = self.spec().loads().iter().zip(stated).zip(&self.states);
        for ((load, stated), _) in loads.filter(|(_, claimed)| **claimed) {
            if stated.is_nan() {
                let claim = format!("it states the load {}", load.name);
                return Err(self.false_claim(claim, "it does not"));
            }
        }
        Ok(())
    }

    fn compare(&self, how: &str, plain: &[f64], other: &[f64]) -> Result<(), Verdict> {
        let largest = |outputs: &[f64]| {
            outputs.iter().filter(|number| number.is_finite()).fold(0.0, |m: f64, x| m.max(x.abs()))
        };
        let written = self.alone.own * self.alone.species;
        let least = SAME * largest(&plain[..written]);
        for (at, (&one, &same)) in plain.iter().zip(other).enumerate() {
            let within = SAME * one.abs().max(same.abs()) + if at < written { least } else { 0.0 };
            if (one - same).abs() > within && !(one.is_nan() && same.is_nan()) {
                let claim = "its equations are the same over any number";
                let got = format!("{how} they give {same} where plain numbers give {one}");
                return Err(self.false_claim(claim, got));
            }
        }
        Ok(())
    }

    fn is_the_same_with_derivatives(&self, plain: &[f64]) -> Result<(), Verdict> {
        let inputs: Vec<Dual> = self.inputs.iter().map(|&x| Dual::new(x, x)).collect();
        let mut outputs = vec![Dual::zero(); self.alone.outputs()];
        let unstated = Dual::from_f64(f64::NAN);
        if let Err(error) = self.alone.run(self.stage, &inputs, &mut outputs, unstated) {
            let claim = "its equations are the same over any number";
            return Err(self.false_claim(claim, format!("with derivatives they fail: {error}")));
        }
        let values: Vec<f64> = outputs.iter().map(|output| output.value()).collect();
        self.compare("with derivatives", plain, &values)
    }

    /// Equations that look at values are called, not recorded: there is nothing to compare.
    fn is_the_same_on_the_tape(&self, plain: &[f64]) -> Result<(), Verdict> {
        let ranges: Vec<(f64, f64)> =
            self.inputs.iter().map(|&x| (x.min(0.0), x.abs() * 2.0)).collect();
        let (mut graph, recorded) = record(Graph::new(&ranges), || {
            Traced::looked();
            let inputs: Vec<Traced> = (0..self.inputs.len()).map(Traced::input).collect();
            let mut outputs = vec![Traced::zero(); self.alone.outputs()];
            let unstated = Traced::from_f64(f64::NAN);
            let outcome = self.alone.run(self.stage, &inputs, &mut outputs, unstated);
            let is_recorded = !Traced::looked() && matches!(outcome, Ok(None));
            is_recorded.then_some(outputs)
        });
        let Some(outputs) = recorded else { return Ok(()) };
        let guards: Vec<_> = graph.guards().collect();
        let fails = graph.any_above_zero(guards);
        let ids: Vec<_> =
            std::iter::once(fails).chain(outputs.iter().map(|output| output.id())).collect();
        let program = graph.compile(&ids);
        let mut block = Block::new(&program);
        program.run(&mut block, &self.inputs, 1, 0, 1);
        if block.has_failed(0) || program.output(&block, 0)[0] > 0.0 {
            return Ok(()); // left to be worked out one by one
        }
        let values: Vec<f64> =
            (1..=outputs.len()).map(|output| program.output(&block, output)[0]).collect();
        self.compare("on the tape", plain, &values)
    }

    fn does_what_it_claims(&self) -> Result<(), Verdict> {
        let found = self.alone.false_claim(self.stage, &self.inputs, &self.linear);
        found.map_or(Ok(()), |claim| Err(self.wrong(claim)))
    }
}
