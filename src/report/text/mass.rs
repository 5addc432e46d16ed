//! Where the mass goes: tonnes a year in and out of the outermost chain.

use super::grid::{Grid, Side, wrapped};
use crate::chain::Leaving;
use crate::report::number::{fixed, number, percent};
use crate::report::{owner, tonnes_per_year};
use crate::solved::Solved;

/// Something that enters or leaves, t/yr.
struct Flow {
    name: String,
    how: &'static str,
    tonnes: f64,
}

pub(super) fn section(solved: &Solved) -> String {
    let (mut entering, mut leaving) = (Vec::new(), Vec::new());
    for link in solved.links() {
        let tonnes = tonnes_per_year(link.stream.kg_per_s());
        match (link.from, link.to) {
            (None, Some(to)) => {
                entering.push(Flow { name: owner(solved, to).to_owned(), how: "inlet", tonnes });
            }
            (Some(from), None) => {
                let how = link.leaving.unwrap_or(Leaving::Loss).as_str();
                leaving.push(Flow { name: from.to_owned(), how, tonnes });
            }
            _ => {}
        }
    }
    entering.extend(solved.imports().map(|import| Flow {
        name: format!("{}.{}", import.stage, import.import),
        how: "import",
        tonnes: tonnes_per_year(import.stream.kg_per_s()),
    }));
    leaving.sort_by(|a, b| b.tonnes.total_cmp(&a.tonnes));
    table(&entering, &leaving)
}

fn table(entering: &[Flow], leaving: &[Flow]) -> String {
    let total = |flows: &[Flow]| flows.iter().map(|flow| flow.tonnes).sum::<f64>();
    let (inward, outward) = (total(entering), total(leaving));
    let decimals = decimals(inward.max(outward));
    let mut grid = Grid::new(&[
        ("", Side::Left),
        ("", Side::Left),
        ("", Side::Left),
        ("t/yr", Side::Right),
        ("share", Side::Right),
    ]);
    for (side, flows, sum) in [("in", entering, inward), ("out", leaving, outward)] {
        let mut label = side;
        for flow in flows.iter().filter(|flow| flow.tonnes > 0.0) {
            grid.row(vec![
                label.into(),
                flow.name.clone(),
                flow.how.into(),
                fixed(flow.tonnes, decimals),
                percent(flow.tonnes / sum),
            ]);
            label = "";
        }
        let share = if sum > 0.0 { percent(1.0) } else { "-".into() };
        grid.row(vec![label.into(), "total".into(), String::new(), fixed(sum, decimals), share]);
        if side == "in" {
            grid.line("");
        }
    }
    let gap = inward - outward;
    let through = inward.max(outward);
    let share = if gap == 0.0 { String::new() } else { format!("{:.1e} of it", gap / through) };
    let gap = if gap == 0.0 { "0".into() } else { number(Some(gap)) };
    grid.line("");
    grid.row(vec!["in - out".into(), String::new(), String::new(), gap, share]);
    let mut text = grid.to_string();
    let idle = |flows: &[Flow], verb: &str| {
        let names: Vec<&str> =
            flows.iter().filter(|flow| flow.tonnes <= 0.0).map(|flow| flow.name.as_str()).collect();
        if names.is_empty() {
            String::new()
        } else {
            wrapped(&format!("  Nothing {verb} at {}.", names.join(", ")), "  ", super::WIDTH)
        }
    };
    text.push_str(&idle(entering, "enters"));
    text.push_str(&idle(leaving, "leaves"));
    text
}

/// Decimals that show six digits of the largest number, the same for the whole column.
fn decimals(largest: f64) -> usize {
    let mut decimals = 0;
    let mut size = largest;
    while size > 0.0 && size < 1e5 && decimals < 9 {
        size *= 10.0;
        decimals += 1;
    }
    decimals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn what_enters_leaves() {
        let chain = sample::chain();
        let text = section(&chain.case().solve().unwrap());
        let words = |start: &str| -> Vec<&str> {
            let line = text.lines().find(|line| line.trim_start().starts_with(start)).unwrap();
            line.split_whitespace().collect()
        };
        assert_eq!(words("in  ")[1..3], ["field", "inlet"]);
        assert_eq!(words("out ")[1..3], ["city.sales_gas", "product"]);
        let totals: Vec<&str> =
            text.lines().filter(|line| line.trim_start().starts_with("total")).collect();
        assert_eq!(totals.len(), 2);
        assert_eq!(totals[0], totals[1]);
    }

    #[test]
    fn a_small_chain_keeps_its_digits() {
        assert_eq!(decimals(3e7), 0);
        assert_eq!(decimals(30.0), 4);
        assert_eq!(decimals(0.0), 0);
    }

    #[test]
    fn what_is_empty_is_named_below() {
        let chain = sample::chain();
        let mut case = chain.case();
        case.set("field.flow", "0 bcm/yr").unwrap();
        let text = section(&case.solve().unwrap());
        assert!(text.contains("Nothing enters at field."));
        assert!(!text.contains("NaN"));
    }
}
