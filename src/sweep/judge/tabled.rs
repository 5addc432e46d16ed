//! Designs that are tables: one scenario a row, one address a column.

use super::{ByAddress, Judged, Spread, base_value, number, number_in};
use crate::chain::Chain;
use crate::document::csv::Table;
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{Accepted, ParameterKind, PlacedParameter, Value, Values};
use crate::sweep::design::AxisColumn;
use crate::sweep::evaluate::Variable;
use std::collections::HashMap;

/// The column that is for the reader only.
const NAME: &str = "name";

/// The columns of a table that fit the chain; a blank cell is as in the base scenario.
pub(in crate::sweep) fn columns(
    table: &Table,
    chain: &Chain,
    parameters: &ByAddress<'_>,
    base: &Values,
    faults: &mut Faults,
) -> Vec<Judged> {
    let mut allowed: Vec<&str> =
        chain.parameters().iter().map(|parameter| parameter.address.as_str()).collect();
    allowed.push(NAME);
    table.check_columns(&[], &allowed, faults);
    let addresses = table.header.iter().enumerate().filter(|(_, column)| *column != NAME);
    let mut judged = Vec::new();
    let mut any = false;
    for (column, address) in addresses {
        any = true;
        if let Some(parameter) = parameters.get(address.as_str()) {
            judged.extend(judge(table, column, parameter, chain, base, faults));
        }
    }
    let place = || Place::file(&table.file).at_line(1);
    let mut fault = |got: &str, allowed: &str| {
        let (got, allowed) = (got.to_owned(), allowed.to_owned());
        faults.push(place(), FaultKind::NotAllowed { got, allowed });
    };
    if !any && table.complete {
        fault("a table without addresses", "one address a column");
    } else if table.rows.is_empty() && table.complete {
        fault("a table without rows", "one scenario a row");
    }
    judged
}

/// A column as numbers, or as indices into its different values where any is no number.
fn judge(
    table: &Table,
    column: usize,
    parameter: &PlacedParameter,
    chain: &Chain,
    base: &Values,
    faults: &mut Faults,
) -> Option<Judged> {
    let mut texts: Vec<&str> = Vec::new();
    let mut accepted: Vec<Accepted> = Vec::new();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut indices = Vec::with_capacity(table.rows.len());
    let mut fits = true;
    for row in 0..table.rows.len() {
        let text = table.text(row, column);
        if text.is_empty() {
            indices.push(None);
            continue;
        }
        let index = match seen.get(text) {
            Some(index) => *index,
            None => match parameter.kind.accept(&Value::from(text)) {
                Ok(new) => {
                    seen.insert(text, texts.len());
                    texts.push(text);
                    accepted.push(new);
                    texts.len() - 1
                }
                Err(kinds) => {
                    for kind in kinds {
                        faults.push(table.place(row, column), kind);
                    }
                    fits = false;
                    continue;
                }
            },
        };
        indices.push(Some(index));
    }
    if !fits {
        return None;
    }
    let own = number_in(base, parameter);
    if let ParameterKind::Number { unit, .. } = parameter.kind {
        let numbers = indices.iter().map(|index| match index.map(|index| &accepted[index]) {
            Some(Accepted::Number(si)) => *si,
            _ => own,
        });
        if let Some(numbers) = numbers.collect::<Option<Vec<f64>>>() {
            let base = own.unwrap_or(f64::NAN);
            return Some(number(parameter, unit, Spread::Steps { numbers, base }));
        }
    }
    let mut values: Vec<Value> = texts.into_iter().map(Value::from).collect();
    let blank = values.len();
    if indices.contains(&None) {
        values.push(base_value(chain, base, parameter));
    }
    let numbers = indices.iter().map(|index| index.unwrap_or(blank) as f64).collect();
    let names = values.iter().map(ToString::to_string).collect();
    let address = parameter.address.clone();
    Some(Judged {
        variable: Variable::Options { address: address.clone(), values },
        column: AxisColumn { address, unit: None, names: Some(names) },
        spread: Spread::Steps { numbers, base: blank as f64 },
        tied: false,
    })
}
