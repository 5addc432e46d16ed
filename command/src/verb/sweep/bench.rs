//! `sweep --bench`: how many scenarios are worked out in a second.
//!
//! The time is that of the run alone: points, results and balances, from the first scenario to the
//! last, without reading and preparing the chain, and without writing results.

use super::{Sweep, job};
use crate::failure::{Failure, keep, sound};
use crate::interrupt::Interrupt;
use crate::open::Chains;
use crate::output;
use crate::words;
use gaschain::amur;
use gaschain::fault::{FaultKind, Faults, Place};
use gaschain::sweep::{Discard, Runner, Source};
use serde::Serialize;
use std::ops::ControlFlow;

/// What was measured.
#[derive(Serialize)]
struct Measured {
    axes: usize,
    scenarios: u64,
    threads: usize,
    seconds: f64,
    scenarios_per_second: f64,
    /// Why all scenarios are worked out one by one; `null` where programs work them out.
    one_by_one: Option<String>,
    /// `null` where no program can be made of a scenario.
    operations_per_scenario: Option<u64>,
    /// Share of scenarios that were worked out one by one.
    fallback_share: f64,
    worst_residual: f64,
}

const SCENARIOS: u64 = 100_000;

impl Sweep {
    /// Measures the sweep of the file, or that of the shipped chain.
    pub(super) fn measure(&self, chains: &Chains, mut faults: Faults) -> Result<(), Failure> {
        let threads = words::threads(self.threads.as_deref(), &mut faults).unwrap_or(1);
        let tolerated = self.tolerance.read(&mut faults);
        let scenarios = words::count("--scenarios", self.scenarios.as_deref(), &mut faults);
        let prepared = if let Some(path) = &self.file {
            match keep(chains.sweep(path), &mut faults)? {
                Some((sweep, chain)) => keep(sweep.prepare(&chain), &mut faults)?,
                None => None,
            }
        } else {
            let axes = axes(self.axes.as_deref(), &mut faults);
            let sweep = amur::throughput(axes, scenarios.unwrap_or(SCENARIOS));
            keep(sweep.prepare(amur::chain()), &mut faults)?
        };
        if let (Some(scenarios), Some(prepared)) = (scenarios, &prepared)
            && scenarios > prepared.scenarios()
        {
            let got = scenarios.to_string();
            let allowed = format!("at most {}, all of this sweep", prepared.scenarios());
            faults.push(Place::file("--scenarios"), FaultKind::NotAllowed { got, allowed });
        }
        let prepared = sound(prepared, faults)?;
        let interrupt = Interrupt::listen()?;
        let scenarios = scenarios.unwrap_or(prepared.scenarios());
        let runner = Runner::new().threads(threads).range(0..scenarios);
        let ran = runner.run(&prepared, &mut Discard, |_| {
            if interrupt.came() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        let measured = Measured {
            axes: prepared.axes.len(),
            scenarios: ran.done,
            threads,
            seconds: ran.seconds,
            scenarios_per_second: ran.done as f64 / ran.seconds,
            one_by_one: prepared.one_by_one(),
            operations_per_scenario: prepared.operations().map(|count| count as u64),
            fallback_share: ran.rerun as f64 / ran.done as f64,
            worst_residual: ran.worst_residual,
        };
        let json = serde_json::to_string_pretty(&measured)
            .map_err(|error| Failure::Unsolved(error.to_string()))?;
        output::print(&(json + "\n"))?;
        job::complete(&ran, "")?;
        tolerated.judge(&ran)
    }
}

/// How many axes, where `all` are as many as there are.
fn axes(text: Option<&str>, faults: &mut Faults) -> usize {
    match text {
        Some("3") => 3,
        None | Some("10") => 10,
        Some("all") => usize::MAX,
        Some(other) => {
            words::unreadable("--axes", other, "3, 10 or all", faults);
            10
        }
    }
}
