//! Scenarios side by side.

use super::grid::{Grid, Side, stacked};
use super::limits::Used;
use super::{in_readable, outermost, readable};
use crate::report::number::number;
use crate::solved::Solved;
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
    Used(Used),
    Text(String),
    Absent,
}

/// A row: what is compared, its unit, an entry a scenario.
struct Row {
    name: String,
    unit: String,
    entries: Vec<Entry>,
}

/// Scenarios side by side: what the outermost inlets accept and what stopped them, products, how
/// far limits are used. A row in which the scenarios differ by more than 1e-9 has a `*` before
/// it. Where there are more scenarios than fit a page's width, they go on below.
///
/// ```
/// let chain = gaschain::amur::chain();
/// let mut values = chain.values();
/// let design = chain.solve(&values)?;
/// chain.set(&mut values, "gpp.trains", 4.0)?;
/// let fewer = chain.solve(&values)?;
/// let page = gaschain::report::text::compare(&[("design", &design), ("four trains", &fewer)]);
/// assert!(page.lines().any(|line| line.starts_with("  *  chayanda")
///     || line.starts_with("  *  kovykta")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn compare(solved: &[(&str, &Solved)]) -> String {
    let sections = [
        ("ACCEPTED", accepted(solved)),
        ("STOPPED BY", stopped(solved)),
        ("PRODUCTS", products(solved)),
        ("LIMITS, USED", limits(solved)),
    ];
    let widest = |text: fn(&Row) -> &str| {
        let rows = sections.iter().flat_map(|(_, rows)| rows);
        rows.map(|row| text(row).chars().count()).max().unwrap_or(0)
    };
    let before = 2 + 3 + widest(|row| &row.name) + 2 + widest(|row| &row.unit) + 2;
    let fit = (PAGE.saturating_sub(before) / (COLUMN + 2)).max(1);
    let mut page = String::new();
    for start in (0..solved.len()).step_by(fit) {
        let end = (start + fit).min(solved.len());
        let names: Vec<String> =
            solved[start..end].iter().map(|(name, _)| stacked(name, COLUMN)).collect();
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
        if end == solved.len() {
            grid.line("* scenarios differ");
        }
        let _ = write!(page, "{grid}");
    }
    page
}

impl Entry {
    fn shown(&self) -> String {
        match self {
            Self::Number(value) => number(*value),
            Self::Used(used) => used.to_string(),
            Self::Text(text) => stacked(text, COLUMN),
            Self::Absent => String::new(),
        }
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(Some(a)), Self::Number(Some(b)))
            | (Self::Used(Used::Share(a)), Self::Used(Used::Share(b))) => {
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
fn rows<'s, 'c: 's>(
    solved: &[(&str, &'s Solved)],
    of: impl Fn(&'s Solved) -> Vec<(String, String, Entry)>,
) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (column, (_, solution)) in solved.iter().enumerate() {
        for (name, unit, entry) in of(solution) {
            if !rows.iter().any(|row| row.name == name && row.unit == unit) {
                let entries = vec![Entry::Absent; solved.len()];
                rows.push(Row { name: name.clone(), unit: unit.clone(), entries });
            }
            if let Some(row) = rows.iter_mut().find(|row| row.name == name && row.unit == unit) {
                row.entries[column] = entry;
            }
        }
    }
    rows
}

fn accepted(solved: &[(&str, &Solved)]) -> Vec<Row> {
    rows(solved, |solution| {
        let inlets = outermost(solution.chain()).filter_map(|inlet| solution.inlet(inlet).ok());
        let cells = inlets.map(|inlet| {
            let entry = Entry::Number(Some(inlet.accepted));
            (inlet.inlet.to_owned(), inlet.unit.to_string(), entry)
        });
        cells.collect()
    })
}

fn stopped(solved: &[(&str, &Solved)]) -> Vec<Row> {
    rows(solved, |solution| {
        let inlets = outermost(solution.chain()).filter_map(|inlet| solution.inlet(inlet).ok());
        let cells = inlets.map(|inlet| {
            let entry = Entry::Text(inlet.stopped_by.to_string());
            (inlet.inlet.to_owned(), String::new(), entry)
        });
        cells.collect()
    })
}

fn products(solved: &[(&str, &Solved)]) -> Vec<Row> {
    rows(solved, |solution| {
        let products = solution.products().map(|result| {
            let unit = result.product.unit;
            let entry = Entry::Number(result.value.map(|value| in_readable(value, unit)));
            (result.product.name.clone(), readable(unit).to_string(), entry)
        });
        products.collect()
    })
}

fn limits(solved: &[(&str, &Solved)]) -> Vec<Row> {
    rows(solved, |solution| {
        let limits = solution
            .limits()
            .map(|limit| (limit.limit.to_owned(), String::new(), Entry::Used(Used::of(&limit))));
        limits.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn rows_in_which_scenarios_differ_are_marked() {
        let chain = sample::chain();
        let mut values = chain.values();
        let design = chain.solve(&values).unwrap();
        chain.set(&mut values, "city.demand", "unknown").unwrap();
        let free = chain.solve(&values).unwrap();
        let page = compare(&[("design", &design), ("no demand known", &free)]);
        let line = |start: &str| page.lines().find(|line| line.starts_with(start));
        assert!(line("  *  field").is_some());
        assert!(line("  *  sales gas").is_some());
        assert!(line("  *  city.demand").unwrap().contains("unknown"));
        let same = compare(&[("design", &design), ("again", &design)]);
        assert!(!same.lines().any(|line| line.starts_with("  *  ")));
    }

    #[test]
    fn many_scenarios_go_on_below_within_the_page() {
        let chain = sample::chain();
        let solved = chain.solve(&chain.values()).unwrap();
        let many: Vec<(&str, &Solved)> = vec![("expansion_44_bypass", &solved); 9];
        let page = compare(&many);
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
