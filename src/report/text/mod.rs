//! A result as text for people, 80 to 100 columns wide, in plain characters.
//!
//! *In:* a solved chain. *Out:* a page of text. *Order:* sections as they are read: `summary`,
//! `products`, `limits`, `mass`, `quality`, `ledgers`; `compare` is a page of its own; `grid` lays
//! every table out.

mod compare;
mod grid;
mod ledgers;
mod limits;
mod mass;
mod products;
mod quality;
mod summary;

pub use compare::compare;
pub use summary::summary;

use super::json::MadeBy;
use super::number::{difference, number};
use crate::chain::{CLOSES_WITHIN, Chain, OUTERMOST};
use crate::fault::{visible, visible_lines};
use crate::param::Value;
use crate::quantity::Unit;
use crate::solved::{InletResult, Solved};
use grid::{Grid, Side, wrapped};
use std::fmt::Write;

/// Widest line of running text.
const WIDTH: usize = 96;

/// A scenario on a page: what enters, what comes out beside the announced figures, what stops it,
/// where the mass goes, how well it closed.
///
/// An announced figure that a number was chosen to meet (evidence *imposed*) is marked as such
/// and never shown as agreement.
///
/// ```
/// use gaschain::report::text;
/// let mut case = gaschain::amur::chain().case();
/// let page = text::scenario(&case.named("as designed").solve()?);
/// assert!(page.starts_with("as designed\n═══════════\n"));
/// assert!(page.contains("\nWHAT STOPS IT\n"));
/// # Ok::<(), gaschain::Error>(())
/// ```
#[must_use]
pub fn scenario(solved: &Solved) -> String {
    let sections = [
        ("WHAT ENTERS", enters(solved)),
        ("WHAT COMES OUT", products::section(solved)),
        ("WHAT STOPS IT", limits::section(solved)),
        ("WHERE THE MASS GOES", mass::section(solved)),
        ("QUALITY AT THE MARKET", quality::section(solved)),
        ("WHERE THE CARBON ENDS", ledgers::carbon(solved)),
        ("WHERE THE HEAT GOES", ledgers::energy(solved)),
        ("WHAT INNER CHAINS REFUSE", refusals(solved)),
        ("BALANCES", balances(solved)),
        ("WARNINGS", warnings(solved)),
    ];
    let mut page = title(solved);
    for (heading, body) in sections {
        if !body.is_empty() {
            let _ = write!(page, "\n{heading}\n{body}");
        }
    }
    visible_lines(&page)
}

fn title(solved: &Solved) -> String {
    let name = visible(solved.scenario());
    let mut text = format!("{name}\n{}\n", "═".repeat(name.chars().count()));
    if let Some(question) = solved.question() {
        text.push_str(&wrapped(question, "", WIDTH));
    }
    let made_by = MadeBy::of(solved);
    let _ = writeln!(text, "\nchain    {}", visible(solved.chain().name()));
    // enough of the hash to tell runs apart; files carry the whole
    let inputs: String = made_by.inputs.chars().take("sha256:".len() + 16).collect();
    let _ = writeln!(text, "made by  gaschain {}, inputs {inputs}...", made_by.gaschain);
    for (index, (address, written)) in made_by.overrides.iter().enumerate() {
        let set = format!("         {address} = {}", as_written(written.value()));
        let set = wrapped(&set, "           ", WIDTH);
        text.push_str(&if index == 0 { set.replacen("   ", "set", 1) } else { set });
    }
    text
}

/// The inlets of the outermost chain.
fn outermost(chain: &Chain) -> impl Iterator<Item = &str> {
    let inlets = chain.tree.inlets.iter().filter(|inlet| inlet.level == OUTERMOST);
    inlets.map(|inlet| inlet.address.as_str())
}

/// The unit a person reads: percent for a bare fraction.
fn readable(unit: Unit) -> Unit {
    if unit == Unit::BARE { Unit::PERCENT } else { unit }
}

/// A number in that unit.
fn in_readable(value: f64, unit: Unit) -> f64 {
    if unit == Unit::BARE { Unit::PERCENT.from_si(value) } else { value }
}

/// A value as a scenario file has it.
fn as_written(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("\"{text}\""),
        other => other.to_string(),
    }
}

fn enters(solved: &Solved) -> String {
    let mut grid = Grid::new(&[
        ("", Side::Left),
        ("offered", Side::Right),
        ("accepted", Side::Right),
        ("shut in", Side::Right),
        ("unit", Side::Left),
        ("stopped by", Side::Left),
    ]);
    for inlet in outermost(solved.chain()).filter_map(|inlet| solved.inlet(inlet).ok()) {
        for row in inlet_rows(&inlet) {
            grid.row(row);
        }
    }
    grid.to_string()
}

/// The row of an inlet; where much stops it, each of that has a row.
fn inlet_rows(inlet: &InletResult<'_>) -> Vec<Vec<String>> {
    let stopped_by = inlet.stopped_by.to_string();
    let mut stops = if stopped_by.chars().count() <= WIDEST_STOPS {
        vec![stopped_by]
    } else {
        inlet.stopped_by.limits().map(str::to_owned).collect()
    };
    let first = vec![
        inlet.inlet.to_owned(),
        number(Some(inlet.offered)),
        number(Some(inlet.accepted)),
        difference(Some(inlet.shut_in), inlet.offered).trim_start_matches('+').to_owned(),
        inlet.unit.to_string(),
        stops.remove(0),
    ];
    let others = stops.into_iter().map(|stop| {
        let mut row = vec![String::new(); first.len() - 1];
        row.push(stop);
        row
    });
    let others: Vec<Vec<String>> = others.collect();
    [first].into_iter().chain(others).collect()
}

/// More names than fit in this have a row each.
const WIDEST_STOPS: usize = 28;

/// Inner inlets that took less than they were offered, and where the rest went.
fn refusals(solved: &Solved) -> String {
    let mut grid = Grid::new(&[
        ("", Side::Left),
        ("offered", Side::Right),
        ("accepted", Side::Right),
        ("refused", Side::Right),
        ("unit", Side::Left),
        ("stopped by", Side::Left),
    ]);
    let outer: Vec<&str> = outermost(solved.chain()).collect();
    let inner = solved.inlets().filter(|inlet| !outer.contains(&inlet.inlet));
    let mut any = false;
    for inlet in inner.filter(|inlet| inlet.shut_in > 1e-9 * inlet.offered) {
        let surplus = format!("{}.surplus", inlet.inlet);
        let link = solved.links().find(|link| link.from == Some(surplus.as_str()));
        for row in inlet_rows(&inlet) {
            grid.row(row);
        }
        if let Some(link) = link {
            let to = link.to.unwrap_or("the outside");
            grid.note(&format!("└ what it refuses goes to {to}"));
        }
        any = true;
    }
    if any { grid.to_string() } else { String::new() }
}

fn balances(solved: &Solved) -> String {
    let count = solved.balances().len();
    let worst = solved.balances().max_by(|a, b| a.residual.total_cmp(&b.residual));
    let text = match worst {
        None => "nothing to close".to_owned(),
        Some(worst) if worst.residual == 0.0 => {
            format!("all {count} stages and chains close exactly")
        }
        Some(worst) => format!(
            "all {count} stages and chains close; worst residual {:.1e} of the throughput: {} at {} (allowed: {:.0e})",
            worst.residual, worst.of, worst.stage, CLOSES_WITHIN
        ),
    };
    wrapped(&format!("  {text}"), "  ", WIDTH)
}

fn warnings(solved: &Solved) -> String {
    let warnings = solved.warnings();
    if warnings.is_empty() {
        return "  none\n".into();
    }
    warnings.iter().map(|warning| wrapped(&format!("  ! {warning}"), "    ", WIDTH)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::scenario::Scenario;

    #[test]
    fn a_page_has_its_sections_in_order_and_keeps_within_100_columns() {
        let shipped = crate::amur::chain();
        let own = sample::chain();
        for chain in [shipped, &own] {
            let mut asked = Scenario::new("nameplate", chain.name());
            asked.question = Some("what binds, and where? ".repeat(9));
            let page = scenario(&chain.case().apply(&asked).unwrap().solve().unwrap());
            let places: Vec<usize> = [
                "nameplate\n═══",
                "what binds",
                "\nWHAT ENTERS\n",
                "\nWHAT COMES OUT\n",
                "\nWHAT STOPS IT\n",
                "\nWHERE THE MASS GOES\n",
                "\nWHAT INNER CHAINS REFUSE\n",
                "\nBALANCES\n",
                "\nWARNINGS\n",
            ]
            .map(|heading| page.find(heading).unwrap())
            .into();
            assert!(places.is_sorted());
            for line in page.lines() {
                assert!(line.chars().count() <= 100, "{line}");
                assert_eq!(line, line.trim_end());
            }
            assert!(!page.contains("NaN"));
        }
    }

    #[test]
    fn every_shipped_scenario_fits_the_page() {
        let chain = crate::amur::chain();
        for name in crate::amur::scenario_names() {
            let read = crate::amur::scenario(name).unwrap();
            let mut case = chain.case();
            case.apply(&read).unwrap();
            let page = scenario(&case.solve().unwrap());
            assert!(page.starts_with(&read.name));
            for line in page.lines() {
                assert!(line.chars().count() <= 100, "{name}: {line}");
            }
        }
    }

    #[test]
    fn an_inner_refusal_says_who_refused_and_where_it_went() {
        let chain = sample::chain();
        let text = refusals(&chain.case().solve().unwrap());
        assert!(text.contains("plant.units"));
        assert!(text.contains("└ what it refuses goes to mix.untreated"));
    }

    #[test]
    fn a_warning_of_the_result_is_on_the_page() {
        let chain = sample::chain();
        let solved = chain.case().solve().unwrap();
        let text = warnings(&solved);
        assert!(text.starts_with("  ! city.helium is broken"));
    }

    #[test]
    fn what_the_scenario_set_stands_at_the_top() {
        let chain = sample::chain();
        let mut case = chain.case();
        case.set("plant.membrane.helium", 0.95).unwrap();
        case.set("city.demand", "1 bcm/yr").unwrap();
        let top = title(&case.solve().unwrap());
        assert!(top.ends_with(
            "set      plant.membrane.helium = 0.95\n         city.demand = \"1 bcm/yr\"\n"
        ));
    }
}
