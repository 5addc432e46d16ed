//! Yield sets: what a tonne of feed becomes in a cracker, closed to its elements.
//!
//! Published sets are rounded and do not close. Each is closed once, at load, by the smallest
//! change that balances every element: minimise `sum(shift_i^2 / yield_i)` subject to the element
//! balances, in closed form `shift = W A' (A W A')^-1 r` with `W = diag(yield)`, `A` the element
//! mass fractions of the products and `r` what is missing. The largest shift is kept and shown;
//! a set that needs one above [`LARGEST_SHIFT`] is refused by name.

use crate::document::csv::Table;
use crate::evidence::Evidence;
use crate::fault::{FaultKind, Faults};
use crate::species::Slate;
use crate::stage::Config;

/// Largest shift of one yield that closing may need, mass fraction of the feed.
pub const LARGEST_SHIFT: f64 = 0.02;

/// What a yield set is per.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum YieldBasis {
    /// Per mass of feed, with everything unconverted recycled already.
    Ultimate,
    /// Per mass of feed and pass; the feed's own row is the unconverted part.
    PerPass,
    /// Per mass of feed converted, at a conversion per pass.
    Selectivity {
        /// Fraction of the feed that one pass converts.
        conversion: f64,
    },
}

/// The yields of one feed, closed to its elements.
#[derive(Debug, Clone, PartialEq)]
pub struct YieldSet {
    /// Name of the set: `ipcc`.
    pub name: String,
    /// The feed, as an index into the slate.
    pub feed: usize,
    /// Mass of each species of the slate made per mass of feed (per pass; the feed's own entry
    /// is the unconverted part).
    pub mass_fractions: Vec<f64>,
    /// Mass lost per mass of feed, at the feed's composition.
    pub loss: f64,
    /// Largest shift of one yield that closing needed, mass fraction of the feed.
    pub largest_shift: f64,
    /// Evidence of the set.
    pub evidence: Evidence,
}

/// How far the conversion printed of a per-pass set may be from what its feed's own row leaves.
const CONVERSION_WITHIN: f64 = 0.005;

/// A row of a set as printed.
struct Row {
    /// Species made, or `None` for a loss at the feed's composition.
    product: Option<usize>,
    fraction: f64,
    /// The unconverted feed of a per-pass set: not shifted.
    fixed: bool,
}

/// A set as printed, before it is closed.
struct Printed {
    name: String,
    feed: usize,
    basis: YieldBasis,
    /// Conversion printed of a per-pass set, with its place; the feed's own row decides.
    conversion: Option<(f64, crate::fault::Place)>,
    rows: Vec<Row>,
    /// Two species printed as one number: the split that closes hydrogen is found first.
    lump: Option<(usize, usize, f64)>,
    evidence: Evidence,
    place: crate::fault::Place,
}

/// Reads all sets of a yields table: those that close, and those refused with their reason.
pub(in crate::stage) fn read(
    config: &mut Config<'_>,
    table: &Table,
) -> (Vec<YieldSet>, Vec<(usize, String, FaultKind)>) {
    let columns = ["set", "feed", "product", "mass_fraction", "basis", "conversion", "evidence"];
    table.check_columns(&columns, &["source", "note"], config.faults);
    let mut sets = Vec::new();
    let mut refused = Vec::new();
    for printed in gather(config, table) {
        let (feed, name) = (printed.feed, printed.name.clone());
        check_conversion(&printed, config.faults);
        match close(config.slate, &printed) {
            Ok(set) => sets.push(set),
            Err(kind @ FaultKind::YieldSetRefused { .. }) => refused.push((feed, name, kind)),
            Err(kind) => config.faults.push(printed.place, kind),
        }
    }
    (sets, refused)
}

/// A per-pass set converts what its feed's own row does not leave: a conversion printed beside it
/// must be that.
fn check_conversion(printed: &Printed, faults: &mut Faults) {
    let Some((conversion, place)) = &printed.conversion else { return };
    let left: f64 = printed.rows.iter().filter(|row| row.fixed).map(|row| row.fraction).sum();
    if (1.0 - left - conversion).abs() > CONVERSION_WITHIN {
        let got = format!("conversion {conversion} of {}", printed.name);
        let allowed = format!("what its feed's own row leaves to convert, {:.4}", 1.0 - left);
        faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
    }
}

/// The number in a cell that must have one.
fn required(table: &Table, row: usize, column: usize, faults: &mut Faults) -> Option<f64> {
    if table.text(row, column).is_empty() {
        let name = table.header[column].clone();
        let kind = FaultKind::Missing { what: "number in column", name };
        faults.push(table.place(row, column), kind);
    }
    table.number(row, column, faults)
}

/// What a row's yield is per.
fn basis_of(
    table: &Table,
    row: usize,
    basis: usize,
    conversion: Option<usize>,
    faults: &mut Faults,
) -> Option<YieldBasis> {
    match table.text(row, basis) {
        "ultimate" => Some(YieldBasis::Ultimate),
        "per_pass" => Some(YieldBasis::PerPass),
        "selectivity" => {
            let column = conversion?;
            let conversion = required(table, row, column, faults)?;
            if (0.0..=1.0).contains(&conversion) {
                return Some(YieldBasis::Selectivity { conversion });
            }
            let (low, high) = ("0".into(), Some("1".into()));
            let kind = FaultKind::OutOfRange { got: conversion.to_string(), low, high };
            faults.push(table.place(row, column), kind);
            None
        }
        other => {
            let valid = ["ultimate", "per_pass", "selectivity"];
            faults.push(table.place(row, basis), FaultKind::unknown("basis", other, valid));
            None
        }
    }
}

fn gather(config: &mut Config<'_>, table: &Table) -> Vec<Printed> {
    let slate = config.slate;
    let mut sets: Vec<Printed> = Vec::new();
    let column = |name| table.column(name);
    let (Some(set), Some(feed), Some(product), Some(fraction), Some(basis)) = (
        column("set"),
        column("feed"),
        column("product"),
        column("mass_fraction"),
        column("basis"),
    ) else {
        return sets;
    };
    let (conversion, evidence) = (column("conversion"), column("evidence"));
    for row in 0..table.len() {
        let faults = &mut *config.faults;
        let feed_name = table.text(row, feed);
        let feed_index = match slate.find(feed_name) {
            Ok(index) => index,
            Err(kind) => {
                faults.push(table.place(row, feed), kind);
                continue;
            }
        };
        let Some(row_basis) = basis_of(table, row, basis, conversion, faults) else { continue };
        let Some(yielded) = required(table, row, fraction, faults) else { continue };
        if !(0.0..=1.0).contains(&yielded) {
            let (low, high) = ("0".into(), Some("1".into()));
            let kind = FaultKind::OutOfRange { got: yielded.to_string(), low, high };
            faults.push(table.place(row, fraction), kind);
            continue;
        }
        let name = table.text(row, set);
        if name.is_empty() {
            let kind = FaultKind::Missing { what: "text in column", name: "set".into() };
            faults.push(table.place(row, set), kind);
            continue;
        }
        let read = |column| (column, Evidence::read(table.text(row, column)));
        let evidence = match evidence.map(read) {
            None => Evidence::Assumed,
            Some((_, Ok(evidence))) => evidence,
            Some((column, Err(kind))) => {
                faults.push(table.place(row, column), kind);
                continue;
            }
        };
        let at = sets.iter().position(|other| other.name == name && other.feed == feed_index);
        let at = at.unwrap_or_else(|| {
            let per_pass = conversion.filter(|_| row_basis == YieldBasis::PerPass);
            let conversion = per_pass.and_then(|column| {
                let number = table.number(row, column, faults)?;
                Some((number, table.place(row, column)))
            });
            sets.push(Printed {
                name: name.to_owned(),
                feed: feed_index,
                basis: row_basis,
                conversion,
                rows: Vec::new(),
                lump: None,
                evidence,
                place: table.place(row, set),
            });
            sets.len() - 1
        });
        let printed = &mut sets[at];
        if printed.basis != row_basis {
            let got = format!("another basis or conversion than in the first row of {name}");
            let allowed = "the same basis and conversion in all rows of a set".into();
            faults.push(table.place(row, basis), FaultKind::NotAllowed { got, allowed });
            continue;
        }
        let product_name = table.text(row, product);
        let species = |name: &str| slate.find(name).ok();
        if product_name == "loss" {
            if printed.rows.iter().any(|other| other.product.is_none()) {
                let (what, name) = ("product of the yield set", product_name.to_owned());
                let kind = FaultKind::Duplicate { what, name, first: None };
                faults.push(table.place(row, product), kind);
                continue;
            }
            printed.rows.push(Row { product: None, fraction: yielded, fixed: false });
        } else if let Some(index) = species(product_name) {
            if printed.rows.iter().any(|other| other.product == Some(index)) {
                let what = "product of the yield set";
                let name = product_name.to_owned();
                let kind = FaultKind::Duplicate { what, name, first: None };
                faults.push(table.place(row, product), kind);
                continue;
            }
            let fixed = index == feed_index && printed.basis == YieldBasis::PerPass;
            printed.rows.push(Row { product: Some(index), fraction: yielded, fixed });
        } else if let Some((Some(first), Some(second))) =
            product_name.split_once(" + ").map(|(a, b)| (species(a), species(b)))
        {
            if printed.lump.is_some() {
                let (what, name) = ("sum of two products", product_name.to_owned());
                let kind = FaultKind::Duplicate { what, name, first: None };
                faults.push(table.place(row, product), kind);
            }
            printed.lump = Some((first, second, yielded));
        } else {
            let kind = FaultKind::unknown("species", product_name, slate.names());
            faults.push(table.place(row, product), kind);
        }
    }
    sets
}

/// Mass fraction of each element in a species.
fn element_fractions(slate: &Slate, species: usize) -> Vec<f64> {
    let masses: Vec<f64> = slate
        .elements()
        .iter()
        .enumerate()
        .map(|(element, name)| {
            let atoms = slate.element_counts(element)[species];
            atoms * crate::species::atomic_mass(name).unwrap_or(0.0)
        })
        .collect();
    let total: f64 = masses.iter().sum();
    masses.into_iter().map(|mass| mass / total).collect()
}

fn close(slate: &Slate, printed: &Printed) -> Result<YieldSet, FaultKind> {
    let feed = element_fractions(slate, printed.feed);
    let of = |row: &Row| {
        row.product.map_or_else(|| feed.clone(), |species| element_fractions(slate, species))
    };
    let mut rows: Vec<Row> = Vec::new();
    if let Some((first, second, lump)) = printed.lump {
        // the split of the lump that closes hydrogen, given the other yields as printed
        let hydrogen = slate.elements().iter().position(|name| name == "H").unwrap_or(0);
        let others: f64 = printed.rows.iter().map(|row| row.fraction * of(row)[hydrogen]).sum();
        let (a, b) =
            (element_fractions(slate, first)[hydrogen], element_fractions(slate, second)[hydrogen]);
        let part = ((feed[hydrogen] - others - lump * b) / (a - b)).clamp(0.0, lump);
        rows.push(Row { product: Some(first), fraction: part, fixed: false });
        rows.push(Row { product: Some(second), fraction: lump - part, fixed: false });
    }
    rows.extend(printed.rows.iter().map(|row| Row { ..*row }));

    let compositions: Vec<Vec<f64>> = rows.iter().map(of).collect();
    let elements: Vec<usize> = (0..feed.len())
        .filter(|&e| feed[e] > 0.0 || compositions.iter().any(|fractions| fractions[e] > 0.0))
        .collect();
    let missing = elements.iter().map(|&e| {
        let made: f64 = rows.iter().zip(&compositions).map(|(row, of)| row.fraction * of[e]).sum();
        feed[e] - made
    });
    let missing: Vec<f64> = missing.collect();
    let weights = rows.iter().map(|row| if row.fixed { 0.0 } else { row.fraction });
    let weights: Vec<f64> = weights.collect();
    // A W A'
    let normal = |e: usize, other: usize| -> f64 {
        let weighed = compositions.iter().zip(&weights);
        weighed.map(|(of, weight)| of[e] * weight * of[other]).sum()
    };
    let row = |&e: &usize| elements.iter().map(|&other| normal(e, other)).collect();
    let normal: Vec<Vec<f64>> = elements.iter().map(row).collect();
    let refused = |shift: f64| FaultKind::YieldSetRefused {
        set: printed.name.clone(),
        feed: slate.get(printed.feed).name.clone(),
        shift,
        allowed: LARGEST_SHIFT,
    };
    let Some(multipliers) = solved(normal, missing) else { return Err(refused(1.0)) };
    let shifts = compositions.iter().zip(&weights).map(|(of, weight)| {
        let sum: f64 = elements.iter().zip(&multipliers).map(|(&e, times)| of[e] * times).sum();
        weight * sum
    });
    let shifts: Vec<f64> = shifts.collect();
    let largest_shift = shifts.iter().fold(0.0_f64, |largest, shift| largest.max(shift.abs()));
    let finite = shifts.iter().all(|shift| shift.is_finite());
    let negative = rows.iter().zip(&shifts).any(|(row, shift)| row.fraction + shift < 0.0);
    if !finite || largest_shift > LARGEST_SHIFT || negative {
        return Err(refused(largest_shift));
    }

    let scale = match printed.basis {
        YieldBasis::Selectivity { conversion } => conversion,
        YieldBasis::Ultimate | YieldBasis::PerPass => 1.0,
    };
    let mut mass_fractions = vec![0.0; slate.len()];
    mass_fractions[printed.feed] += 1.0 - scale;
    let mut loss = 0.0;
    for (row, shift) in rows.iter().zip(&shifts) {
        let closed = scale * (row.fraction + shift);
        match row.product {
            Some(species) => mass_fractions[species] += closed,
            None => loss += closed,
        }
    }
    Ok(YieldSet {
        name: printed.name.clone(),
        feed: printed.feed,
        mass_fractions,
        loss,
        largest_shift,
        evidence: printed.evidence,
    })
}

/// The solution of a few linear equations, by elimination with the largest pivot of each column, in
/// one order on every machine; none where a pivot is zero.
fn solved(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for column in 0..size {
        let largest = |&a: &usize, &b: &usize| {
            matrix[a][column].abs().total_cmp(&matrix[b][column].abs()).then(b.cmp(&a))
        };
        let pivot = (column..size).max_by(largest)?;
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        if matrix[column][column] == 0.0 {
            return None;
        }
        let (above, below) = matrix.split_at_mut(column + 1);
        let pivot = &above[column];
        for (row, own) in (column + 1..).zip(below) {
            let times = own[column] / pivot[column];
            for (number, other) in own.iter_mut().zip(pivot).skip(column) {
                *number -= times * other;
            }
            right[row] -= times * right[column];
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|at| matrix[row][at] * right[at]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    Some(right)
}

impl YieldSet {
    /// Fraction of the feed that one pass converts: all that its own entry does not leave.
    #[must_use]
    pub fn conversion(&self) -> f64 {
        1.0 - self.mass_fractions[self.feed]
    }

    /// The mean of several sets of one feed, each closed already; `None` of no sets.
    #[must_use]
    pub fn mean(name: &str, sets: &[&Self]) -> Option<Self> {
        let first = sets.first()?;
        let share = 1.0 / sets.len() as f64;
        let mut mean = Self {
            name: name.to_owned(),
            feed: first.feed,
            mass_fractions: vec![0.0; first.mass_fractions.len()],
            loss: 0.0,
            largest_shift: 0.0,
            evidence: Evidence::Published,
        };
        for set in sets {
            for (sum, fraction) in mean.mass_fractions.iter_mut().zip(&set.mass_fractions) {
                *sum += share * fraction;
            }
            mean.loss += share * set.loss;
            mean.largest_shift = mean.largest_shift.max(set.largest_shift);
            mean.evidence = mean.evidence.max(set.evidence);
        }
        Some(mean)
    }
}
