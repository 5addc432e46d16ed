//! What a cell of a table says of a parameter.

use super::{ParameterKind, Value, unfit_unit, unit_fault};
use crate::document::csv::number::{flag, plain};
use crate::fault::FaultKind;
use crate::quantity::Unit;

/// The value that a cell gives a parameter, in the unit of its column where it has none of its own.
///
/// # Errors
/// What a spreadsheet made of a number, and what may mean two.
pub(crate) fn cell_value(
    kind: &ParameterKind,
    unit: Option<&str>,
    cell: &str,
) -> Result<Value, FaultKind> {
    match kind {
        ParameterKind::Number { .. } => {}
        ParameterKind::Flag => return Ok(flag(cell).map_or_else(|| cell.into(), Value::Flag)),
        _ => return Ok(cell.into()),
    }
    let plain = plain(cell)?;
    Ok(match unit {
        Some(unit) if plain.parse::<f64>().is_ok() => Value::Text(format!("{plain} {unit}")),
        _ => Value::Text(plain.into_owned()),
    })
}

/// Whether a parameter can be given in the unit that heads a column.
pub(crate) fn check_column_unit(kind: &ParameterKind, unit: &str) -> Result<(), FaultKind> {
    let Some(wanted) = kind.wanted() else {
        return Err(FaultKind::NotAllowed {
            got: format!("the unit {unit}"),
            allowed: format!("no unit: the value is {}", kind.allowed()),
        });
    };
    let unit = Unit::read(unit).map_err(|error| unit_fault(error, Some(wanted)))?;
    unfit_unit(unit, wanted).map_or(Ok(()), Err)
}
