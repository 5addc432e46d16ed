//! `map`: what stops an inlet, for two parameters that vary.

mod picture;

use crate::failure::{Failure, keep, sound};
use crate::interrupt::Interrupt;
use crate::open::{Asked, Chains};
use crate::output;
use crate::sort::{Sort, sort_of};
use crate::tolerance::Tolerance;
use crate::words;
use gaschain::amur;
use gaschain::chain::Chain;
use gaschain::fault::{FaultKind, Faults, Place};
use gaschain::param::ParameterKind;
use gaschain::quantity::Dimension;
use gaschain::scenario::{Override, Scenario};
use gaschain::sweep::{Axis, Columns, DesignKind, Prepared, Runner, Source, Sweep};
use std::collections::HashSet;
use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::Path;

const MORE: &str = "\
Of a sweep file with a grid of two axes, the first axis runs upwards and the second across. Exit
code 1: more points than --max-failed could not be solved.

Examples:
  gaschain map
  gaschain map four_trains --y \"heihe.demand=10..40 bcm/yr\" --set bypass.open=true
  gaschain map grid.toml";

/// Map which limit stops an inlet, for two parameters that vary: a letter for each limit
#[derive(clap::Args)]
#[command(after_help = MORE)]
pub struct Map {
    /// A sweep file with a grid of two axes, or a scenario to start from (shipped name, file, or
    /// chain folder) [default: the chain as it is]
    #[arg(value_name = "FILE")]
    file: Option<String>,
    /// Across [default: kovykta.flow=0..36 bcm/yr]
    #[arg(long, value_name = "ADDRESS=LOW..HIGH")]
    x: Option<String>,
    /// Upwards [default: heihe.demand=20..56 bcm/yr]
    #[arg(long, value_name = "ADDRESS=LOW..HIGH")]
    y: Option<String>,
    /// Which inlet [default: kovykta; of a sweep file, the first it asks what stops]
    #[arg(long, value_name = "INLET")]
    inlet: Option<String>,
    /// Points; a count has a row for each whole number [default: 73x25]
    #[arg(long, value_name = "COLUMNSxROWS")]
    size: Option<String>,
    /// Change another parameter; may be given several times
    #[arg(long, value_name = "ADDRESS=VALUE")]
    set: Vec<String>,
    /// Chain: shipped name or folder [default: what the scenario names, else amur]
    #[arg(long, value_name = "CHAIN")]
    chain: Option<String>,
    #[command(flatten)]
    tolerance: Tolerance,
}

/// Most points in either direction.
const MOST: u64 = 400;

impl Map {
    pub fn run(&self, chains: &Chains) -> Result<(), Failure> {
        let mut faults = Faults::default();
        let changes = words::changes(&self.set, &mut faults);
        let tolerated = self.tolerance.read(&mut faults);
        let asked = match &self.file {
            Some(file) if sort_of(Path::new(file)) == Sort::Sweep => {
                self.of_sweep(file, &changes, chains, &mut faults)?
            }
            _ => self.of_chain(&changes, chains, &mut faults)?,
        };
        let (prepared, inlet) = sound(asked, faults)?;
        output::note(prepared.normalised().to_vec(), &mut HashSet::new());
        let interrupt = Interrupt::listen()?;
        let mut columns = Columns::new(prepared.layout());
        let ran = Runner::new().run(&prepared, &mut columns, |_| {
            if interrupt.came() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        if !ran.is_complete() {
            let left = ran.total - ran.done;
            return Err(Failure::Interrupted(format!("broken off, {left} points left")));
        }
        let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        output::print(&picture::draw(&columns, inlet, colour))?;
        if let Some((_, error)) = columns.errors.first() {
            output::say(&format!("{} points failed; the first: {error}\n", columns.errors.len()));
        }
        tolerated.judge(&ran)
    }

    /// A sweep file's own grid, and which of its outputs is drawn.
    fn of_sweep(
        &self,
        file: &str,
        changes: &[Override],
        chains: &Chains,
        faults: &mut Faults,
    ) -> Result<Option<(Prepared, usize)>, Failure> {
        let own = [("--x", &self.x), ("--y", &self.y), ("--size", &self.size)];
        let given = own.iter().filter_map(|(option, text)| Some((option, text.as_ref()?)));
        for (option, text) in given {
            let got = format!("\"{text}\" beside a sweep file, which says its own axes");
            let allowed = "this option with a scenario, or with no file".to_owned();
            faults.push(Place::file(*option), FaultKind::NotAllowed { got, allowed });
        }
        let Some((sweep, chain)) = keep(chains.sweep(Path::new(file)), faults)? else {
            return Ok(None);
        };
        let sweep = changed(sweep, changes);
        let Some(prepared) = keep(sweep.prepare(&chain), faults)? else { return Ok(None) };
        if !picture::is_grid(&prepared, MOST) {
            let got = "axes or points that make no map".to_owned();
            let allowed = format!("a grid of two axes, at most {MOST} points each");
            faults.push(Place::file(file), FaultKind::NotAllowed { got, allowed });
        }
        let wanted = self.inlet.as_ref().map(|inlet| format!("{inlet}.stopped_by"));
        let drawn = prepared.layout().outputs.iter().position(|output| match &wanted {
            Some(wanted) => output.address == *wanted,
            None => output.address.ends_with(".stopped_by"),
        });
        if drawn.is_none() {
            let name = wanted.unwrap_or_else(|| "<inlet>.stopped_by".to_owned());
            faults.push(Place::file(file), FaultKind::Missing { what: "output", name });
        }
        Ok(drawn.map(|output| (prepared, output)))
    }

    /// A grid of what the arguments say, from a scenario or the chain as it is.
    fn of_chain(
        &self,
        changes: &[Override],
        chains: &Chains,
        faults: &mut Faults,
    ) -> Result<Option<(Prepared, usize)>, Failure> {
        let [x, y] = [
            ("--x", &self.x, "kovykta.flow=0..36 bcm/yr"),
            ("--y", &self.y, "heihe.demand=20..56 bcm/yr"),
        ]
        .map(|(option, text, default)| {
            Direction::read(option, text.as_deref().unwrap_or(default), faults)
        });
        let size = size(self.size.as_deref(), faults);
        let varied: Vec<&str> = [&x, &y].into_iter().flatten().map(|way| &*way.address).collect();
        let opened = if let Some(name) = &self.file {
            let asked = Asked { chain: self.chain.as_deref(), changes, varied: &varied };
            let opened = chains.scenario(name, &asked, faults)?;
            opened.map(|opened| (opened.scenario, opened.case.chain().clone()))
        } else {
            let name = self.chain.as_deref().unwrap_or(amur::NAME);
            let mut scenario = Scenario::new("map", name);
            scenario.overrides = changes.to_vec();
            keep(chains.named(Some(name)), faults)?.map(|chain| {
                if let Err(wrong) = scenario.check_beside(&chain, &varied) {
                    faults.append(wrong);
                }
                (scenario, chain)
            })
        };
        let (Some((scenario, chain)), Some(x), Some(y), Some(size)) = (opened, x, y, size) else {
            return Ok(None);
        };
        // the last axis varies fastest: rows, and along each its columns
        let sweep = Sweep::new("map", &scenario.chain, DesignKind::Grid)
            .read_as(chains.reading)
            .axis(y.axis(&chain, size.1))
            .axis(x.axis(&chain, size.0))
            .output(&format!("{}.stopped_by", self.inlet.as_deref().unwrap_or("kovykta")));
        let prepared = keep(changed(sweep, &scenario.overrides).prepare(&chain), faults)?;
        Ok(prepared.map(|prepared| (prepared, 0)))
    }
}

fn changed(sweep: Sweep, changes: &[Override]) -> Sweep {
    changes.iter().fold(sweep, |sweep, change| sweep.setting(&change.address, change.value.clone()))
}

/// Points across and upwards.
fn size(text: Option<&str>, faults: &mut Faults) -> Option<(u64, u64)> {
    let Some(text) = text else { return Some((73, 25)) };
    let sides = text.split_once('x');
    let size = sides
        .and_then(|(columns, rows)| Some((columns.parse().ok()?, rows.parse().ok()?)))
        .filter(|(columns, rows)| (2..=MOST).contains(columns) && (2..=MOST).contains(rows));
    if size.is_none() {
        words::unreadable("--size", text, "COLUMNSxROWS, each 2 to 400", faults);
    }
    size
}

struct Direction {
    address: String,
    low: String,
    high: String,
}

impl Direction {
    /// `address=low..high`; the unit may stand behind the second only.
    fn read(option: &str, text: &str, faults: &mut Faults) -> Option<Self> {
        let parts = text.split_once('=').and_then(|(address, ends)| {
            let (low, high) = ends.split_once("..")?;
            Some((address.trim().to_owned(), low.trim().to_owned(), high.trim().to_owned()))
        });
        let Some((address, mut low, high)) = parts else {
            let allowed = "address=low..high, as in \"gpp.trains=0..6\"";
            words::unreadable(option, text, allowed, faults);
            return None;
        };
        if let (Ok(_), Some((_, unit))) = (low.parse::<f64>(), high.split_once(' ')) {
            low = format!("{low} {unit}");
        }
        Some(Self { address, low, high })
    }

    /// So many steps; for a count, those between which there are whole numbers.
    fn axis(&self, chain: &Chain, steps: u64) -> Axis {
        let parameter = chain.parameters().iter().find(|other| other.address == self.address);
        let counts = parameter.is_some_and(|parameter| match &parameter.kind {
            ParameterKind::Number { unit, .. } => unit.dimension() == Dimension::Count,
            _ => false,
        });
        if let (true, Ok(low), Ok(high)) = (counts, self.low.parse(), self.high.parse::<u32>())
            && (low..high).contains(&low)
        {
            return Axis::values(&self.address, (low..=high).map(f64::from));
        }
        Axis::steps(&self.address, self.low.as_str(), self.high.as_str(), steps)
    }
}
