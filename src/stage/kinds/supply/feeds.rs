//! Named compositions of a table of feeds, as laboratories report them.

use crate::document::csv::Table;
use crate::document::csv::number::plain;
use crate::evidence::Evidence;
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{BELOW_DETECTION, Feed, below_detection};
use crate::quantity::{Dimension, Meaning, Quantity, Unit};
use crate::stage::Config;
use std::collections::{HashMap, HashSet};

/// Columns beside those of species.
const KNOWN: [&str; 5] = ["feed", "unit", "balance", "evidence", "source"];

/// Units that the column `unit` names, with which the cells are by moles or by mass.
const UNITS: [&str; 4] = ["mol %", "mole fraction", "mass %", "mass fraction"];

/// Reads named compositions: a column a species, by any of its names; the cells in the unit that the
/// column `unit` names, or in one of their own; which species takes up the balance in the column
/// `balance`, methane where there is none.
///
/// A row with a fault is known by its name all the same, so that who names it is not at fault;
/// `None` where no name is known.
pub(super) fn read(config: &mut Config<'_>, file: &str, place: &Place) -> Option<Vec<Feed>> {
    let tables = config.tables;
    let Some(table) = tables.get(file) else {
        config.faults.push(place.clone(), FaultKind::unknown("table", file, tables.keys()));
        return None;
    };
    let slate = config.slate;
    let mut allowed: Vec<&str> = slate.names().chain(["balance", "evidence", "source"]).collect();
    let mut columns: Vec<(usize, usize)> = Vec::new();
    let mut first: Vec<Option<usize>> = vec![None; slate.len()];
    let before = config.faults.count();
    for (column, header) in table.header.iter().enumerate() {
        let is_species = !KNOWN.contains(&header.as_str());
        let Some(species) = slate.find(header).ok().filter(|_| is_species) else { continue };
        let first = *first[species].get_or_insert(column);
        if table.header[first] != *header {
            let name = format!("{header}, which is {} too", table.header[first]);
            let kind = FaultKind::Duplicate { what: "column", name, first: None };
            config.faults.push(table.header_place(), kind);
        }
        allowed.push(header);
        columns.push((column, species));
    }
    table.check_columns(&["feed", "unit"], &allowed, config.faults);
    let mut names = HashSet::new();
    let sound_header =
        config.faults.count() == before && table.header.iter().all(|name| names.insert(name));
    let (feed, unit) = (table.column("feed")?, table.column("unit")?);
    let (balance, evidence) = (table.column("balance"), table.column("evidence"));
    let mut rows: Vec<Feed> = Vec::new();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for row in 0..table.len() {
        if let Some(column) = evidence
            && let Err(kind) = Evidence::read(table.text(row, column))
        {
            config.faults.push(table.place(row, column), kind);
        }
        let name = table.text(row, feed).to_owned();
        if name.is_empty() {
            let kind = FaultKind::Missing { what: "text in column", name: "feed".into() };
            config.faults.push(table.place(row, feed), kind);
            continue;
        }
        if let Some(&first) = seen.get(table.text(row, feed)) {
            let first = Some(Box::new(table.place(first, feed)));
            let kind = FaultKind::Duplicate { what: "feed", name, first };
            config.faults.push(table.place(row, feed), kind);
            continue;
        }
        seen.insert(table.text(row, feed), row);
        let before = config.faults.count();
        let balanced = balance.map(|column| (column, table.text(row, column)));
        let balanced = balanced.filter(|(_, species)| !species.is_empty());
        let balanced = balanced.and_then(|(column, species)| {
            let place = table.place(row, column);
            slate.find(species).map_err(|kind| config.faults.push(place, kind)).ok()
        });
        let mut shares = vec![0.0; slate.len()];
        let by = match basis(table.text(row, unit)) {
            Ok(by) => Some(by),
            Err(kind) => {
                config.faults.push(table.place(row, unit), kind);
                None
            }
        };
        if let Some((scale, meaning)) = by {
            for &(column, species) in &columns {
                let share = cell(table, row, column, scale, meaning, config.faults);
                shares[species] = share.unwrap_or(0.0);
            }
        }
        let meaning = by.map(|(_, meaning)| meaning);
        let closed = Feed::of(&name, &shares, meaning, slate, config.sum);
        if let (Err(kind), true) = (&closed, config.faults.count() == before && sound_header) {
            config.faults.push(table.place(row, feed).at_address(&name), kind.clone());
        }
        let unsound = || Feed { name, mole_fractions: shares, balance: None, sum: None };
        let closed = closed.unwrap_or_else(|_| unsound());
        rows.push(match balanced {
            Some(species) => closed.balanced_by(species),
            None => closed,
        });
    }
    table.complete.then_some(rows)
}

/// What a bare number in a row is a hundredth of, or one, and whether by moles or by mass.
fn basis(text: &str) -> Result<(f64, Meaning), FaultKind> {
    let unit = Unit::read(text).ok().filter(|unit| unit.dimension() == Dimension::Fraction);
    let by = unit.and_then(|unit| Some((1.0 / unit.to_si(1.0), unit.meaning()?)));
    by.ok_or_else(|| FaultKind::unknown("unit", text, UNITS))
}

/// A share: a number in the row's unit, or one with a unit of its own; blank is nothing.
fn cell(
    table: &Table,
    row: usize,
    column: usize,
    scale: f64,
    meaning: Meaning,
    faults: &mut Faults,
) -> Option<f64> {
    let text = table.text(row, column);
    if below_detection(text) {
        let kind = FaultKind::Unreadable { got: text.to_owned(), allowed: BELOW_DETECTION.into() };
        faults.push(table.place(row, column), kind);
        return None;
    }
    let own = plain(text)
        .ok()
        .and_then(|text| Quantity::read(&text).ok())
        .filter(|own| own.unit() != Unit::BARE);
    let (share, shown, high) = match own {
        None => {
            let number = table.number(row, column, faults)?;
            (number / scale, number.to_string(), scale.to_string())
        }
        Some(own) => {
            let said = own.unit().meaning();
            if own.dimension() != Dimension::Fraction || said.is_some_and(|said| said != meaning) {
                let kind = FaultKind::WrongDimension {
                    got: text.to_owned(),
                    got_dimension: said
                        .map_or(own.dimension().to_string(), |said| format!("a share {said}")),
                    allowed: format!("a share {meaning}, as the row's unit has it"),
                };
                faults.push(table.place(row, column), kind);
                return None;
            }
            (own.si(), text.to_owned(), "1".to_owned())
        }
    };
    if (0.0..=1.0).contains(&share) {
        return Some(share);
    }
    let kind = FaultKind::OutOfRange { got: shown, low: "0".into(), high: Some(high) };
    faults.push(table.place(row, column), kind);
    None
}
