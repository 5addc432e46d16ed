//! The header of a scenario table: which column sets which parameter, in which unit.

use crate::chain::Chain;
use crate::document::csv::check_columns;
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{ParameterId, check_column_unit};
use crate::solved::with_unit;
use std::collections::HashMap;

/// The column of scenarios' names.
pub(crate) const NAME: &str = "name";

/// A column that sets a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    /// Which of the table.
    pub index: usize,
    pub parameter: ParameterId,
    /// Unit of its cells that have none, as the header has it.
    pub unit: Option<String>,
}

/// The columns that set parameters; all others but `name` are faults.
pub(crate) fn columns(
    header: &[String],
    place: &Place,
    chain: &Chain,
    required: &[&str],
    faults: &mut Faults,
) -> Vec<Column> {
    let mut columns = Vec::new();
    let mut first: HashMap<ParameterId, &str> = HashMap::new();
    let mut unknown: Vec<String> = Vec::new();
    for (index, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if name == NAME {
            unknown.push(name.clone());
            continue;
        }
        let (address, unit) = with_unit(name);
        let Some(parameter) = chain.parameter(address) else {
            match misread(name, address, chain) {
                Some(kind) => faults.push(place.clone(), kind),
                None => unknown.push(name.clone()),
            }
            continue;
        };
        if let Some(unit) = unit
            && let Err(kind) = check_column_unit(&chain.parameters[parameter].kind, unit)
        {
            faults.push(place.clone().at_column(name), kind);
            continue;
        }
        match first.get(&parameter) {
            // the same name twice is a fault of the table
            Some(first) if *first == name => {}
            Some(first) => {
                let got = format!("column \"{name}\" beside column \"{first}\"");
                let allowed = "one column a parameter".to_owned();
                faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
            }
            None => {
                first.insert(parameter, name);
            }
        }
        let unit = unit.map(str::to_owned);
        columns.push(Column { index, parameter, unit });
    }
    let addresses: Vec<&str> =
        chain.parameters().iter().map(|parameter| parameter.address.as_str()).collect();
    let optional: Vec<&str> = addresses.into_iter().chain([NAME]).collect();
    check_columns(&unknown, place, required, &optional, faults);
    columns
}

/// Columns of tables of results that are neither parameters nor results by address.
const OF_RESULTS: [&str; 4] = ["scenario", "worst_residual", "error", "broken"];

/// What a column that is no parameter was meant as, where that can be told: one with its unit in
/// round brackets, or a result, as tables that were written have them.
fn misread(name: &str, address: &str, chain: &Chain) -> Option<FaultKind> {
    let round = name.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    if let Some((address, unit)) = round
        && chain.parameter(address.trim_end()).is_some()
    {
        let (got, address) = (format!("column \"{name}\""), address.trim_end());
        let allowed = format!("\"{address} [{unit}]\"");
        return Some(FaultKind::NotAllowed { got, allowed });
    }
    let is_product = || chain.products().any(|product| product.name == address);
    let is_result = OF_RESULTS.contains(&address) || chain.is_output(address) || is_product();
    is_result.then(|| FaultKind::NotAllowed {
        got: format!("column \"{name}\", which is a result"),
        allowed: "columns that set parameters: take results out before their table is run".into(),
    })
}
