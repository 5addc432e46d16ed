//! A sweep as a whole on a page.

use super::grid::{Grid, Side, wrapped};
use super::{WIDTH, number};
use crate::report::number::{fixed, percent};
use crate::sweep::{OutputSummary, QUANTILE_ERROR, QUANTILES, Statistics, Summary};
use std::fmt::Write;

/// Shares whose quantiles are shown, of those that a summary has.
const SHOWN: [f64; 3] = [0.05, 0.5, 0.95];

/// The summary of a sweep: for each output that is a number its mean, standard deviation,
/// quantiles and the shape of its histogram from the least to the greatest; for each that is a
/// name, how often each occurred.
///
/// ```
/// use gaschain::report::text;
/// use gaschain::sweep::{Layout, Summary};
/// let page = text::summary(&Summary::new("sha256:0123", &Layout::default()));
/// assert!(page.starts_with("0 scenarios, 0 failed"));
/// ```
#[must_use]
pub fn summary(summary: &Summary) -> String {
    let mut page = String::new();
    // writing to a text cannot fail
    let _ = writeln!(
        page,
        "{} scenarios, {} failed; worst residual {}",
        fixed(summary.count() as f64, 0),
        fixed(summary.failed as f64, 0),
        number(Some(summary.worst_residual)),
    );
    for (scenario, error) in &summary.failures {
        page.push_str(&wrapped(&format!("  {scenario}: {error}"), "    ", WIDTH));
    }
    let broken: Vec<_> = summary.broken.iter().filter(|(_, count)| *count > 0).collect();
    if !broken.is_empty() {
        let solved = (summary.count() - summary.failed) as f64;
        let share = |count: u64| count as f64 / solved;
        let rows: Vec<_> =
            broken.iter().map(|(limit, count)| (limit.as_str(), *count, share(*count))).collect();
        let _ = write!(page, "\nBROKEN LIMITS\n{}", shares(&rows));
    }
    let mut any = false;
    let mut grid = Grid::new(&[
        ("", Side::Left),
        ("mean", Side::Right),
        ("std dev", Side::Right),
        ("min", Side::Right),
        ("5 %", Side::Right),
        ("50 %", Side::Right),
        ("95 %", Side::Right),
        ("max", Side::Right),
    ]);
    for (header, output) in summary.outputs() {
        if let OutputSummary::Numbers(statistics) = output {
            any = true;
            row(&mut grid, header, statistics.as_ref());
        }
    }
    if any {
        let error = percent(QUANTILE_ERROR);
        let _ = write!(page, "\nNUMBERS (quantiles within {error} of their value)\n{grid}");
    }
    for (header, output) in summary.outputs() {
        if let OutputSummary::Names(names) = output {
            let _ = write!(page, "\n{header}\n{}", shares(&names));
        }
    }
    page
}

fn row(grid: &mut Grid, header: &str, statistics: Option<&Statistics>) {
    let mut cells = vec![header.to_owned()];
    let Some(statistics) = statistics else {
        cells.resize(8, "-".to_owned());
        grid.row(cells);
        return;
    };
    let mut numbers = vec![statistics.mean, statistics.standard_deviation, statistics.min];
    let quantile = |share: &f64| {
        let at = QUANTILES.iter().position(|known| known.total_cmp(share).is_eq());
        at.and_then(|at| statistics.quantiles.get(at)).map(|(_, value)| *value)
    };
    numbers.extend(SHOWN.iter().filter_map(quantile));
    numbers.push(statistics.max);
    cells.extend(numbers.into_iter().map(|value| number(Some(value))));
    grid.row(cells);
    let mut note = format!("min |{}| max", shape(&statistics.histogram));
    if statistics.missing > 0 {
        let _ = write!(note, "; not there in {}", fixed(statistics.missing as f64, 0));
    }
    grid.note(&note);
}

/// A histogram as a line of columns, the highest full; a part that holds any shows.
fn shape(histogram: &[u64]) -> String {
    const COLUMNS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let highest = histogram.iter().copied().max().unwrap_or(0).max(1);
    let column = |count: &u64| match count {
        0 => '·',
        // at most the highest, so within eight
        _ => {
            COLUMNS[usize::try_from((u128::from(*count) * 8 - 1) / u128::from(highest))
                .unwrap_or(0)
                .min(7)]
        }
    };
    histogram.iter().map(column).collect()
}

fn shares(names: &[(&str, u64, f64)]) -> String {
    let mut grid = Grid::new(&[("", Side::Left), ("share", Side::Right), ("", Side::Right)]);
    for (name, count, share) in names {
        grid.row(vec![(*name).to_owned(), percent(*share), fixed(*count as f64, 0)]);
    }
    grid.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_holds_any_shows_and_the_highest_is_full() {
        assert_eq!(shape(&[0, 1, 500, 1_000]), "·▁▄█");
        assert_eq!(shape(&[0; 3]), "···");
    }
}
