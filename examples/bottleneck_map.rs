//! A map of what stops an inlet, for two parameters that vary: a letter for each limit.
//!
//! ```sh
//! cargo run --release --example bottleneck_map
//! cargo run --release --example bottleneck_map -- --y "gpp.trains=0..6" --set bypass.open=true
//! ```
//!
//! Exit code 0: all of it could be solved; 1: some could not; 2: bad input.

mod common;

use common::Failure;
use gaschain::amur;
use gaschain::chain::Chain;
use gaschain::fault::{FaultKind, Faults, Place};
use gaschain::param::ParameterKind;
use gaschain::quantity::{Dimension, Unit};
use gaschain::report::number::{number, percent};
use gaschain::scenario::Override;
use gaschain::solved::FULLY_DRAWN;
use gaschain::sweep::{Axis, Column, Columns, DesignKind, Runner, Source, Sweep};
use lexopt::prelude::*;
use std::fmt::Write;
use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::process::ExitCode;

const USAGE: &str = "\
Maps which limit stops an inlet, for two parameters that vary.

usage: bottleneck_map [options]

  --x ADDRESS=LOW..HIGH   across (default: kovykta.flow=0..36 bcm/yr)
  --y ADDRESS=LOW..HIGH   upwards (default: heihe.demand=20..56 bcm/yr)
  --inlet ADDRESS         which inlet (default: kovykta)
  --size COLUMNSxROWS     (default: 73x25; a count has a row for each whole number)
  --set ADDRESS=VALUE     change another parameter (may be given several times)
  --chain NAME            shipped name or folder (default: amur)
";

/// Letters for limits, the most frequent first.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DRAWN: char = '.';
const FAILED: char = '!';

/// Colours of a terminal's 256 that letters stand out on: blue, orange, green, red and on.
const COLOURS: [u8; 8] = [75, 215, 114, 210, 183, 180, 116, 250];

struct Direction {
    address: String,
    low: String,
    high: String,
}

struct Arguments {
    x: Direction,
    y: Direction,
    inlet: String,
    size: (u64, u64),
    changes: Vec<Override>,
    chain: String,
}

fn main() -> ExitCode {
    common::end(run())
}

fn run() -> Result<(), Failure> {
    let Some(arguments) = arguments()? else { return Ok(()) };
    let chain = amur::open_chain(&arguments.chain, None)?;
    // the last axis varies fastest: rows, and along each its columns
    let sweep = Sweep::new("bottleneck map", &arguments.chain, DesignKind::Grid)
        .axis(arguments.y.axis(&chain, arguments.size.1))
        .axis(arguments.x.axis(&chain, arguments.size.0))
        .output(&format!("{}.stopped_by", arguments.inlet));
    let sweep = arguments
        .changes
        .iter()
        .fold(sweep, |sweep, change| sweep.setting(&change.address, change.value.clone()));
    let prepared = sweep.prepare(&chain)?;
    let mut columns = Columns::new(prepared.layout());
    let ran = Runner::new()
        .run(&prepared, &mut columns, |_| ControlFlow::Continue(()))
        .map_err(|error| Failure::Solve(error.to_string()))?;
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    common::print(&map(&columns, colour))?;
    if let Some(message) = ran.disagreement() {
        return Err(Failure::Solve(message));
    }
    match columns.errors.first() {
        None => Ok(()),
        Some((_, error)) => {
            let message = format!("{} points failed; the first: {error}", columns.errors.len());
            Err(Failure::Solve(message))
        }
    }
}

impl Direction {
    /// `address=low..high`; the unit may stand behind the second only.
    fn read(option: &str, text: &str, faults: &mut Faults) -> Option<Self> {
        let parts = text.split_once('=').and_then(|(address, ends)| {
            let (low, high) = ends.split_once("..")?;
            Some((address.trim().to_owned(), low.trim().to_owned(), high.trim().to_owned()))
        });
        let Some((address, mut low, high)) = parts else {
            let allowed = "address=low..high, as in \"gpp.trains=0..6\"".to_owned();
            let kind = FaultKind::Unreadable { got: text.to_owned(), allowed };
            faults.push(Place::file(option), kind);
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
        let counts = parameter.is_some_and(|parameter| {
            let unit = match &parameter.kind {
                ParameterKind::Number { unit, .. } => unit.dimension(),
                _ => return false,
            };
            unit == Dimension::Count
        });
        if let (true, Ok(low), Ok(high)) = (counts, self.low.parse(), self.high.parse::<u32>())
            && (low..high).contains(&low)
        {
            return Axis::values(&self.address, (low..=high).map(f64::from));
        }
        Axis::steps(&self.address, self.low.as_str(), self.high.as_str(), steps)
    }
}

/// The map with its legend; `columns` has rows of points one after the other.
fn map(columns: &Columns, colour: bool) -> String {
    let [y, x] = [0, 1].map(|axis| &columns.layout.axes[axis]);
    let stopped = &columns.layout.outputs[0];
    let width = columns.axes[0]
        .iter()
        .take_while(|row| row.to_bits() == columns.axes[0][0].to_bits())
        .count();
    let letters = letters(stopped, &columns.outputs[0]);
    let mut text = format!("{}: {} across, {} up\n\n", stopped.address, x.header(), y.header());
    let points = columns.outputs[0].chunks(width).zip(columns.axes[0].chunks(width));
    let labels: Vec<String> = points.clone().map(|(_, row)| label(y, row[0])).collect();
    let margin = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    for (label, (row, _)) in labels.iter().zip(points).rev() {
        let _ = write!(text, "{label:>margin$} ");
        for point in row {
            let letter = letters.iter().find(|known| known.name.as_deref() == stopped.name(*point));
            text.push_str(&painted(letter, colour));
        }
        text.push('\n');
    }
    let ends = columns.axes[1].first().zip(columns.axes[1].last());
    let (low, high) = ends.map_or_else(Default::default, |(a, b)| (label(x, *a), label(x, *b)));
    let between = width.saturating_sub(low.chars().count());
    let _ = writeln!(text, "{:margin$} {low}{high:>between$}\n", "");
    for letter in &letters {
        let share = letter.points as f64 / columns.scenarios.len() as f64;
        let sign = painted(Some(letter), colour);
        let name = letter.name.as_deref().unwrap_or("could not be solved");
        let _ = writeln!(text, "{sign}  {name:<32} {:>8}", percent(share));
    }
    text
}

/// A sign on the map and what it stands for.
struct Letter {
    sign: char,
    /// `None` for points that could not be solved.
    name: Option<String>,
    points: usize,
}

/// What occurs on the map: limits, the most frequent first, then what is no limit.
fn letters(column: &Column, points: &[f64]) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::new();
    for point in points {
        let name = column.name(*point);
        match letters.iter_mut().find(|letter| letter.name.as_deref() == name) {
            Some(letter) => letter.points += 1,
            None => {
                let sign = if name.is_some() { DRAWN } else { FAILED };
                letters.push(Letter { sign, name: name.map(str::to_owned), points: 1 });
            }
        }
    }
    let no_limit = |name: Option<&str>| name.is_none_or(|name| name == FULLY_DRAWN);
    letters.sort_by_key(|letter| (no_limit(letter.name.as_deref()), usize::MAX - letter.points));
    let limits = letters.iter_mut().filter(|letter| !no_limit(letter.name.as_deref()));
    for (letter, sign) in limits.zip(LETTERS.chars().cycle()) {
        letter.sign = sign;
    }
    letters
}

/// A sign, on its colour where there is any.
fn painted(letter: Option<&Letter>, colour: bool) -> String {
    let sign = letter.map_or(FAILED, |letter| letter.sign);
    match LETTERS.find(sign) {
        Some(index) if colour => {
            let background = COLOURS[index % COLOURS.len()];
            format!("\x1b[30;48;5;{background}m{sign}\x1b[0m")
        }
        _ => sign.to_string(),
    }
}

/// A number with its unit, or the name it counts.
fn label(column: &Column, value: f64) -> String {
    match (column.name(value), column.unit) {
        (Some(name), _) => name.to_owned(),
        (None, Some(unit)) if unit.dimension() == Dimension::Count => value.to_string(),
        (None, Some(unit)) if unit != Unit::BARE => format!("{} {unit}", number(Some(value))),
        (None, _) => number(Some(value)),
    }
}

/// Reads the command line; `None` where it asked for help.
fn arguments() -> Result<Option<Arguments>, Failure> {
    let mut parser = lexopt::Parser::from_env();
    let mut faults = Faults::default();
    let (mut x, mut y) =
        ("kovykta.flow=0..36 bcm/yr".to_owned(), "heihe.demand=20..56 bcm/yr".to_owned());
    let mut inlet = "kovykta".to_owned();
    let mut size = Some((73, 25));
    let mut changes = Vec::new();
    let mut chain = amur::NAME.to_owned();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => {
                common::print(USAGE)?;
                return Ok(None);
            }
            Long("x") => x = parser.value()?.string()?,
            Long("y") => y = parser.value()?.string()?,
            Long("inlet") => inlet = parser.value()?.string()?,
            Long("size") => {
                let text = parser.value()?.string()?;
                let sides = text.split_once('x');
                size = sides
                    .and_then(|(columns, rows)| Some((columns.parse().ok()?, rows.parse().ok()?)))
                    .filter(|(columns, rows)| {
                        (2..=400).contains(columns) && (2..=400).contains(rows)
                    });
                if size.is_none() {
                    let allowed = "COLUMNSxROWS, each 2 to 400".to_owned();
                    let kind = FaultKind::Unreadable { got: text, allowed };
                    faults.push(Place::file("--size"), kind);
                }
            }
            Long("set") => match common::change(&parser.value()?.string()?) {
                Ok(change) => changes.push(change),
                Err(more) => faults.append(more),
            },
            Long("chain") => chain = parser.value()?.string()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let x = Direction::read("--x", &x, &mut faults);
    let y = Direction::read("--y", &y, &mut faults);
    let read = faults.into_result((x, y, size))?;
    let (Some(x), Some(y), Some(size)) = read else { return Ok(None) };
    Ok(Some(Arguments { x, y, inlet, size, changes, chain }))
}
