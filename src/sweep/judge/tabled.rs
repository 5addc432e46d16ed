//! Designs that are tables: one scenario a row, one address a column.

use super::{Judged, Spread, base_value, number, said_in, unit_of};
use crate::chain::Chain;
use crate::document::csv::Table;
use crate::fault::{FaultKind, Faults};
use crate::param::{Accepted, ParameterKind, PlacedParameter, Value, Values, cell_value};
use crate::scenario::{self, Column};
use crate::sweep::design::AxisColumn;
use crate::sweep::evaluate::Variable;
use std::collections::HashMap;

/// The columns of a table that fit the chain; a blank cell is as in the base scenario.
pub(in crate::sweep) fn columns(
    table: &Table,
    chain: &Chain,
    base: &Values,
    faults: &mut Faults,
) -> Vec<Judged> {
    let place = table.header_place();
    if table.header.is_empty() && !table.complete {
        return Vec::new();
    }
    let before = faults.count();
    let columns = scenario::columns(&table.header, &place, chain, &[], faults);
    let judged: Vec<Judged> =
        columns.iter().filter_map(|column| judge(table, column, chain, base, faults)).collect();
    if columns.is_empty() && table.complete && faults.count() == before {
        let got = "a table without addresses".to_owned();
        let allowed = "one address a column".to_owned();
        faults.push(place, FaultKind::NotAllowed { got, allowed });
    } else {
        table.check_rows("one scenario a row", faults);
    }
    judged
}

/// A column as numbers, or as indices into its different values where any is no number.
fn judge(
    table: &Table,
    column: &Column,
    chain: &Chain,
    base: &Values,
    faults: &mut Faults,
) -> Option<Judged> {
    let column_id = column.parameter;
    let parameter = &chain.parameters[column_id];
    let (unit, column) = (column.unit.as_deref(), column.index);
    let cells = (0..table.len()).map(|row| table.text(row, column)).filter(|cell| !cell.is_empty());
    let said =
        cells.map(|cell| cell_value(&parameter.kind, unit, cell).as_ref().map_or(None, unit_of));
    let parameter = &said_in(parameter, said, true);
    let mut given: Vec<Value> = Vec::new();
    let mut accepted: Vec<Accepted> = Vec::new();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut indices = Vec::with_capacity(table.len());
    let mut fits = true;
    for row in 0..table.len() {
        let text = table.text(row, column);
        if text.is_empty() {
            indices.push(None);
            continue;
        }
        let index = match seen.get(text) {
            Some(index) => *index,
            None => match accept(parameter, unit, text) {
                Ok((value, new)) => {
                    seen.insert(text, given.len());
                    given.push(value);
                    accepted.push(new);
                    given.len() - 1
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
    let own = base.number(parameter);
    // a number that belongs to a choice may wait where its cell is blank
    let is_set = base.is_set(column_id);
    let waits = !is_set
        && indices.contains(&None)
        && chain.tree.belonging.iter().any(|own| own.parameter == column_id);
    if let ParameterKind::Number { unit, .. } = parameter.kind {
        let numbers = indices.iter().map(|index| match index.map(|index| &accepted[index]) {
            Some(Accepted::Number(si)) => *si,
            _ => own,
        });
        let numbers = if waits { None } else { numbers.collect::<Option<Vec<f64>>>() };
        if let Some(numbers) = numbers {
            let base = own.unwrap_or(f64::NAN);
            return Some(number(parameter, unit, Spread::Steps { numbers, base }));
        }
    }
    let mut values = given;
    let blank = values.len();
    if indices.contains(&None) {
        values.push(base_value(chain, base, parameter));
    }
    let numbers = indices.iter().map(|index| index.unwrap_or(blank) as f64).collect();
    let names = values.iter().map(ToString::to_string).collect();
    let address = parameter.address.clone();
    Some(Judged {
        variable: Variable::Options {
            address: address.clone(),
            values,
            own: (!is_set).then_some(blank),
        },
        column: AxisColumn { address, unit: None, names: Some(names) },
        spread: Spread::Steps { numbers, base: blank as f64 },
        tied: false,
    })
}

/// What a cell gives a parameter, as written and as it is accepted.
fn accept(
    parameter: &PlacedParameter,
    unit: Option<&str>,
    cell: &str,
) -> Result<(Value, Accepted), Vec<FaultKind>> {
    let value = cell_value(&parameter.kind, unit, cell).map_err(|kind| vec![kind])?;
    let accepted = parameter.kind.accept(&value)?;
    Ok((value, accepted))
}
