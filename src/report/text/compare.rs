//! Scenarios side by side.

use super::grid::{Grid, Side, stacked};
use super::limits::Used;
use super::{in_readable, readable};
use crate::quantity::Unit;
use crate::report::json::{Inlet, Limit, Product, Report};
use crate::report::number::number;
use std::fmt::Write;

/// Widest a scenario's column may be.
const COLUMN: usize = 12;
/// Widest line.
const PAGE: usize = 100;
/// Numbers that differ by no more than this, relative to the larger, are the same.
const SAME: f64 = 1e-9;

/// What a cell compares and shows.
#[derive(Debug, Clone, PartialEq)]
enum Entry {
    Number(Option<f64>),
    /// How much of a limit is used, and whether it is broken.
    Used(Used, bool),
    Text(String),
    Absent,
}

/// A row: what is compared, its unit, an entry a scenario.
struct Row {
    name: String,
    unit: String,
    entries: Vec<Entry>,
}

/// Results side by side, each under the name of its scenario: what the outermost inlets accept and
/// what stopped them, products, how far limits are used, with a `!` before those that are
/// broken. A row in which they differ by more than 1e-9 has a `*` before it. Where there are more than fit a page's width, they go on below.
///
/// ```
/// use gaschain::report::text;
///
/// let mut case = gaschain::amur::chain().case();
/// let design = case.solve()?.report().named("design");
/// let fewer = case.set("gpp.trains", 4.0)?.solve()?.report().named("four trains");
/// let page = text::compare(&[design, fewer]);
/// assert!(page.lines().any(|line| line.starts_with("  *  kovykta")));
/// # Ok::<(), gaschain::Error>(())
/// ```
#[must_use]
pub fn compare(reports: &[Report]) -> String {
    let sections = [
        ("ACCEPTED", accepted(reports)),
        ("STOPPED BY", stopped(reports)),
        ("PRODUCTS", products(reports)),
        ("LIMITS, USED", limits(reports)),
    ];
    let widest = |text: fn(&Row) -> &str| {
        let rows = sections.iter().flat_map(|(_, rows)| rows);
        rows.map(|row| text(row).chars().count()).max().unwrap_or(0)
    };
    let before = 2 + 3 + widest(|row| &row.name) + 2 + widest(|row| &row.unit) + 2;
    let fit = (PAGE.saturating_sub(before) / (COLUMN + 2)).max(1);
    let mut page = String::new();
    for start in (0..reports.len()).step_by(fit) {
        let end = (start + fit).min(reports.len());
        let names: Vec<String> =
            reports[start..end].iter().map(|report| stacked(&report.scenario, COLUMN)).collect();
        let mut columns = vec![("", Side::Left), ("", Side::Left), ("", Side::Left)];
        columns.extend(names.iter().map(|name| (name.as_str(), Side::Right)));
        let mut grid = Grid::new(&columns);
        for (heading, rows) in sections.iter().filter(|(_, rows)| !rows.is_empty()) {
            grid.line(*heading);
            for row in rows {
                let mark = if differs(&row.entries) { "*" } else { "" };
                let mut cells = vec![mark.to_owned(), row.name.clone(), row.unit.clone()];
                cells.extend(row.entries[start..end].iter().map(Entry::shown));
                grid.row(cells);
            }
            grid.line("");
        }
        if end == reports.len() {
            grid.line("* scenarios differ   ! broken");
        }
        let _ = write!(page, "{grid}");
    }
    page
}

impl Entry {
    fn shown(&self) -> String {
        match self {
            Self::Number(value) => number(*value),
            Self::Used(used, true) => format!("! {used}"),
            Self::Used(used, false) => used.to_string(),
            Self::Text(text) => stacked(text, COLUMN),
            Self::Absent => String::new(),
        }
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(Some(a)), Self::Number(Some(b)))
            | (Self::Used(Used::Share(a), _), Self::Used(Used::Share(b), _)) => {
                (a - b).abs() <= SAME * a.abs().max(b.abs())
            }
            (a, b) => a == b,
        }
    }
}

fn differs(entries: &[Entry]) -> bool {
    entries.iter().enumerate().any(|(index, a)| entries[..index].iter().any(|b| !a.same(b)))
}

/// Rows of all scenarios by name and unit, in order of first appearance.
fn rows(reports: &[Report], of: impl Fn(&Report) -> Vec<(String, String, Entry)>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (column, report) in reports.iter().enumerate() {
        for (name, unit, entry) in of(report) {
            if !rows.iter().any(|row| row.name == name && row.unit == unit) {
                let entries = vec![Entry::Absent; reports.len()];
                rows.push(Row { name: name.clone(), unit: unit.clone(), entries });
            }
            if let Some(row) = rows.iter_mut().find(|row| row.name == name && row.unit == unit) {
                row.entries[column] = entry;
            }
        }
    }
    rows
}

/// The inlets of the outermost chain, whose addresses name no chain.
fn outermost(report: &Report) -> impl Iterator<Item = &Inlet> {
    report.inlets.iter().filter(|inlet| !inlet.inlet.contains('.'))
}

fn accepted(reports: &[Report]) -> Vec<Row> {
    rows(reports, |report| {
        let cell = |inlet: &Inlet| {
            let entry = Entry::Number(Some(inlet.accepted));
            (inlet.inlet.clone(), inlet.unit.clone(), entry)
        };
        outermost(report).map(cell).collect()
    })
}

fn stopped(reports: &[Report]) -> Vec<Row> {
    rows(reports, |report| {
        let cell = |inlet: &Inlet| {
            let entry = Entry::Text(inlet.stopped_by.to_string());
            (inlet.inlet.clone(), String::new(), entry)
        };
        outermost(report).map(cell).collect()
    })
}

fn products(reports: &[Report]) -> Vec<Row> {
    rows(reports, |report| {
        let cell = |product: &Product| {
            // a unit that nobody knows is shown as it stands
            let unit = Unit::read(&product.unit).ok();
            let shown = unit.map_or(product.unit.clone(), |unit| readable(unit).to_string());
            let number = |value| unit.map_or(value, |unit| in_readable(value, unit));
            (product.product.clone(), shown, Entry::Number(product.value.map(number)))
        };
        report.products.iter().map(cell).collect()
    })
}

fn limits(reports: &[Report]) -> Vec<Row> {
    rows(reports, |report| {
        let cell = |limit: &Limit| {
            let unit = Unit::read(&limit.unit).unwrap_or(Unit::BARE);
            let used = Used::by(limit.utilisation, limit.load, limit.capacity, unit);
            (limit.limit.clone(), String::new(), Entry::Used(used, limit.broken))
        };
        report.limits.iter().map(cell).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn rows_in_which_scenarios_differ_are_marked() {
        let chain = sample::chain();
        let mut case = chain.case();
        let design = case.solve().unwrap().report().named("design");
        case.set("city.demand", "unknown").unwrap();
        let free = case.solve().unwrap().report().named("no demand known");
        let page = compare(&[design.clone(), free]);
        let line = |start: &str| page.lines().find(|line| line.starts_with(start));
        assert!(line("  *  field").is_some());
        assert!(line("  *  sales gas").is_some());
        assert!(line("  *  city.demand").unwrap().contains("unknown"));
        let same = compare(&[design.clone(), design.named("again")]);
        assert!(!same.lines().any(|line| line.starts_with("  *  ")));
    }

    #[test]
    fn many_scenarios_go_on_below_within_the_page() {
        let chain = sample::chain();
        let report = chain.case().solve().unwrap().report().named("expansion_44_bypass");
        let page = compare(&vec![report; 9]);
        assert!(page.lines().all(|line| line.chars().count() <= 100));
        assert_eq!(page.matches("44_bypass").count(), 9);
    }

    #[test]
    fn numbers_that_only_rounding_parts_are_the_same() {
        assert!(!differs(&[Entry::Number(Some(1.0)), Entry::Number(Some(1.0 + 1e-12))]));
        assert!(differs(&[Entry::Number(Some(1.0)), Entry::Number(Some(1.0 + 1e-8))]));
        assert!(differs(&[Entry::Number(Some(0.0)), Entry::Number(None)]));
    }
}
