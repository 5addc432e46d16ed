//! The parts of the pages that the code makes: what a stage declares, and all units.

use crate::param::{Accepted, Parameter, ParameterKind, Value};
use crate::quantity::{Dimension, Quantity, Unit};
use crate::stage::Spec;

/// Ports, parameters and loads of a spec.
pub(super) fn declared(spec: &Spec) -> String {
    let ports =
        [("Inlets", spec.inlets()), ("Outlets", spec.outlets()), ("Imports", spec.imports())];
    let ports = ports.into_iter().filter(|(_, names)| !names.is_empty()).map(|(what, names)| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        format!("{what}: {}.", names.join(", "))
    });
    let loads = spec.loads().iter();
    let loads = loads.map(|load| format!("| `{}` | `{}` | {} |", load.name, load.unit, load.about));
    [
        ports.collect::<Vec<_>>().join("\n"),
        table(
            "| parameter | allowed | where nobody says | what it is |\n|---|---|---|---|",
            spec.parameters().iter().map(parameter),
        ),
        table("| stated load | unit | what it is |\n|---|---|---|", loads),
    ]
    .concat()
}

/// A table under a blank line; nothing where it has no rows.
fn table(header: &str, rows: impl Iterator<Item = String>) -> String {
    let rows: Vec<String> = rows.collect();
    if rows.is_empty() { String::new() } else { format!("\n\n{header}\n{}", rows.join("\n")) }
}

fn parameter(parameter: &Parameter) -> String {
    let Parameter { name, about, kind, .. } = parameter;
    let default = parameter.default.as_ref();
    let default = match &parameter.belongs {
        Some(belongs) => format!("to be set with `{belongs}`, and only then"),
        None => default.map_or("to be set".to_owned(), |value| shown(value, kind)),
    };
    format!("| `{name}` | {} | {default} | {about} |", kind.allowed())
}

/// A default in the unit of its parameter.
fn shown(value: &Value, kind: &ParameterKind) -> String {
    match (kind.accept(value), kind) {
        (Ok(Accepted::Number(Some(si))), &ParameterKind::Number { unit, .. }) => {
            format!("`{}`", Quantity::from_si(si, unit).rounded())
        }
        _ => format!("`{value}`"),
    }
}

/// Every unit, by what it measures.
pub(super) fn units() -> String {
    let mut dimensions: Vec<(Dimension, Vec<Unit>)> = Vec::new();
    for unit in Unit::all().filter(|unit| !unit.to_string().contains('@')) {
        let dimension = unit.dimension();
        match dimensions.iter_mut().find(|(other, _)| *other == dimension) {
            None => dimensions.push((dimension, vec![unit])),
            Some((_, units)) => units.push(unit),
        }
    }
    let listed = |units: &[Unit], by_volume: bool| {
        let units = units.iter().filter(|unit| unit.conditions().is_some() == by_volume);
        let names = units.map(|unit| match unit.to_string() {
            bare if bare.is_empty() => "none".to_owned(),
            name => format!("`{name}`"),
        });
        names.collect::<Vec<_>>().join(", ")
    };
    let rows = dimensions.iter().map(|(dimension, units)| {
        let (plain, by_volume) = (listed(units, false), listed(units, true));
        format!("| {dimension} | {plain} | {by_volume} | `\"{}\"` |", dimension.example())
    });
    let header = "| what | units | by gas volume | such as |\n|---|---|---|---|";
    table(header, rows).trim_start().to_owned()
}
