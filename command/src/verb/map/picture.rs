//! The map as text: a letter for each limit, and a legend with the share of each.

use gaschain::fault::visible;
use gaschain::quantity::{Dimension, Unit};
use gaschain::report::number::{number, percent};
use gaschain::solved::FULLY_DRAWN;
use gaschain::sweep::{Column, Columns, Prepared, Source};
use std::fmt::Write;

/// Letters for limits, the most frequent first.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DRAWN: char = '.';
const FAILED: char = '!';

/// Colours of a terminal's 256 that letters stand out on: blue, orange, green, red and on.
const COLOURS: [u8; 8] = [75, 215, 114, 210, 183, 180, 116, 250];

/// Whether the points of a sweep are a grid of two axes, rows one after the other, of at most so
/// many points each.
pub fn is_grid(prepared: &Prepared, most: u64) -> bool {
    let count = prepared.scenarios();
    if prepared.axes.len() != 2 || count > most * most {
        return false;
    }
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let mut points = vec![0.0; 2 * count];
    prepared.design.fill(&mut prepared.design.scratch(), 0, count, &mut points);
    let (up, across) = points.split_at(count);
    let width = width(up);
    let same = |row: &[f64], other: &[f64]| {
        row.len() == other.len() && row.iter().zip(other).all(|(a, b)| a.to_bits() == b.to_bits())
    };
    let rows = up.chunks(width).all(|row| row.iter().all(|up| up.to_bits() == row[0].to_bits()));
    rows && across.chunks(width).all(|row| same(row, &across[..width]))
        && width as u64 <= most
        && (count / width) as u64 <= most
}

/// How many points come before the first that is not of the first row.
fn width(up: &[f64]) -> usize {
    up.iter().take_while(|one| one.to_bits() == up[0].to_bits()).count().max(1)
}

/// The map with its legend; `columns` has rows of points one after the other, and `output` is what
/// is drawn of it.
pub fn draw(columns: &Columns, output: usize, colour: bool) -> String {
    let [y, x] = [0, 1].map(|axis| &columns.layout.axes[axis]);
    let (stopped, drawn) = (&columns.layout.outputs[output], &columns.outputs[output]);
    let width = width(&columns.axes[0]);
    let letters = letters(stopped, drawn);
    let mut text = format!("{}: {} across, {} up\n\n", stopped.address, x.header(), y.header());
    let points = drawn.chunks(width).zip(columns.axes[0].chunks(width));
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
        let name = visible(letter.name.as_deref().unwrap_or("could not be solved"));
        let _ = writeln!(text, "{sign}  {name:<32} {:>8}", percent(share));
    }
    let broken = columns.layout.limits.iter().zip(&columns.broken);
    for (limit, points) in broken.filter(|(_, points)| !points.is_empty()) {
        let share = points.len() as f64 / columns.scenarios.len() as f64;
        let name = format!("{limit} is broken");
        let _ = writeln!(text, "   {name:<32} {:>8}", percent(share));
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
        (Some(name), _) => visible(name),
        (None, Some(unit)) if unit.dimension() == Dimension::Count => value.to_string(),
        (None, Some(unit)) if unit != Unit::BARE => format!("{} {unit}", number(Some(value))),
        (None, _) => number(Some(value)),
    }
}
