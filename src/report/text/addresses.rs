//! Everything of a chain that has an address: what can be set, and what can be asked for.

use super::grid::{Grid, Side, wrapped};
use super::{WIDTH, readable};
use crate::chain::Chain;
use crate::measure::Measure;
use crate::param::PlacedParameter;
use std::fmt::Write;

/// The addresses of a chain that contain `filter` (all, where it is empty): parameters with
/// value, allowed range, evidence and source; limits, inlets and ports with the quantities
/// that results give for each.
///
/// ```
/// let page = gaschain::report::text::addresses(gaschain::amur::chain(), "gpp.trains");
/// assert!(page.contains("gpp.trains"));
/// assert!(!page.contains("heihe.demand"));
/// ```
#[must_use]
pub fn addresses(chain: &Chain, filter: &str) -> String {
    let mut page = String::new();
    let mut section = |heading: &str, body: String| {
        if !body.is_empty() {
            let gap = if page.is_empty() { "" } else { "\n" };
            let _ = write!(page, "{gap}{heading}\n{body}");
        }
    };
    section("PARAMETERS: what a scenario can set", parameters(chain, filter));
    section("LIMITS: <limit>.load .capacity .utilisation .margin", limits(chain, filter));
    let inlets = listed(chain.inlets(), filter);
    section("INLETS: <inlet>.offered .accepted .shut_in .stopped_by", inlets);
    let loads: Vec<String> =
        chain.loads().map(|(load, unit, _)| format!("{load} ({unit})")).collect();
    section("LOADS STAGES STATE", listed(loads.iter().map(String::as_str), filter));
    let ports = listed(chain.ports(), filter);
    if !ports.is_empty() {
        section(&format!("PORTS: <port>.{}", quantities(chain)), ports);
    }
    if page.is_empty() {
        format!("no address of {} contains \"{filter}\"\n", chain.name())
    } else {
        page
    }
}

fn parameters(chain: &Chain, filter: &str) -> String {
    let columns = [("address", Side::Left), ("value", Side::Right), ("evidence", Side::Left)];
    let mut grid = Grid::new(&columns);
    let mut any = false;
    for parameter in chain.parameters().iter().filter(|p| p.address.contains(filter)) {
        any = true;
        let evidence = parameter.provenance.evidence.to_string();
        grid.row(vec![parameter.address.clone(), value(parameter), evidence]);
        let mut note = parameter.about.clone();
        let allowed = parameter.kind.allowed();
        let _ = write!(note, "{}allowed: {allowed}", if note.is_empty() { "" } else { "; " });
        if !parameter.provenance.source.is_empty() {
            let _ = write!(note, "; source: {}", parameter.provenance.source);
        }
        grid.note(&note);
    }
    if any { grid.to_string() } else { String::new() }
}

/// A value as the chain file has it, long ones cut: the range below says the rest.
fn value(parameter: &PlacedParameter) -> String {
    const WIDEST: usize = 42;
    let text = parameter.value.to_string();
    if text.chars().count() <= WIDEST {
        return text;
    }
    let start: String = text.chars().take(WIDEST - 3).collect();
    format!("{start}...")
}

fn limits(chain: &Chain, filter: &str) -> String {
    let columns = [
        ("limit", Side::Left),
        ("direction", Side::Left),
        ("unit", Side::Left),
        ("capacity is", Side::Left),
    ];
    let mut grid = Grid::new(&columns);
    let mut any = false;
    for limit in chain.limits().filter(|limit| limit.address.contains(filter)) {
        any = true;
        grid.row(vec![
            limit.address.to_owned(),
            limit.direction.as_str().replace('_', " "),
            readable(limit.unit).to_string(),
            limit.provenance.evidence.to_string(),
        ]);
        if limit.factors != [limit.address] {
            grid.note(&format!("capacity: {}", limit.factors.join(" x ")));
        }
    }
    if any { grid.to_string() } else { String::new() }
}

fn listed<'a>(addresses: impl Iterator<Item = &'a str>, filter: &str) -> String {
    let found: Vec<&str> = addresses.filter(|address| address.contains(filter)).collect();
    if found.is_empty() {
        String::new()
    } else {
        wrapped(&format!("  {}", found.join("  ")), "  ", WIDTH)
    }
}

/// The quantities a port can be asked for, with their units.
fn quantities(chain: &Chain) -> String {
    let names: Vec<String> = Measure::listed(chain.slate())
        .iter()
        .filter(|measure| !matches!(measure, Measure::MoleFraction(_)))
        .map(|measure| format!("{measure} ({})", measure.unit()))
        .collect();
    let all = format!(
        "{} .mole_fraction.<species> .volume.<species> .mole_fraction.C5+ .. .gross_heat_real@15 .gross_heat_real@25/0 ..",
        names.join(" .")
    );
    wrapped(&all, "  ", WIDTH).trim_end().to_owned()
}
