//! Products in chain files, and the announced figures beside them.

use super::values::{measure, provenance, unit};
use crate::chain::build::Builder;
use crate::chain::exit::{Announced, Product};
use crate::document::Node;
use crate::document::csv::Table;
use crate::evidence::{Evidence, Provenance};
use crate::fault::FaultKind;
use crate::quantity::Unit;
use crate::stage::Config;

pub(in crate::chain) fn read_products(config: &mut Config<'_>, builder: &mut Builder) {
    let slate = config.slate;
    for (place, entries) in config.tables_under("products") {
        let product = config.inner(place.clone(), entries, |inner| {
            let name = inner.text("name");
            let port = inner.required_text("at");
            let of = inner.required_text("of");
            let unit_text = inner.required_text("unit");
            let group = inner.optional_text("group").unwrap_or_default();
            let agreement = inner.take("agreement").and_then(|entry| match entry.node {
                Node::Table(entries) => Some(inner.inner(entry.place, entries, provenance)),
                node => {
                    inner.fault(FaultKind::NotAllowed {
                        got: format!("agreement is {}", node.describe()),
                        allowed: "{ evidence = .., source = .. }".into(),
                    });
                    None
                }
            });
            let unit =
                unit_text.and_then(|(text, place)| Some((unit(inner, &text, &place)?, place)));
            let measure = of.and_then(|(text, place)| measure(inner, &text, place, slate));
            let ((unit, unit_place), measure) = (unit?, measure?);
            if let Some(kind) = measure.unfit(unit) {
                inner.faults.push(unit_place, kind);
            }
            let (name, (port, at), announced) = (name?, port?, None);
            Some((Product { name, port, measure, unit, group, announced, agreement }, at))
        });
        if let Some((product, at)) = product {
            if builder.products.iter().any(|(other, _)| other.name == product.name) {
                let name = product.name;
                let kind = FaultKind::Duplicate { what: "product", name, first: None };
                config.faults.push(place, kind);
            } else {
                builder.products.push((product, at));
            }
        }
    }
    if let Some((file, place)) = config.placed_text("announced") {
        let tables = config.tables;
        match tables.get(&file) {
            Some(table) => read_announced(config, builder, table),
            None => config.faults.push(place, FaultKind::unknown("table", &file, tables.keys())),
        }
    }
}

/// Announced figures: the rows of status `current` stand beside the product of their name.
fn read_announced(config: &mut Config<'_>, builder: &mut Builder, table: &Table) {
    let required = ["product", "status", "value", "unit", "evidence", "source"];
    let optional = ["plant", "value_low", "value_high", "condition", "note"];
    table.check_columns(&required, &optional, config.faults);
    let columns = required.map(|name| table.column(name));
    let [Some(product), Some(status), Some(value), Some(unit), Some(evidence), Some(source)] =
        columns
    else {
        return;
    };
    for row in 0..table.len() {
        let statuses = ["current", "alternative", "context"];
        let state = table.text(row, status);
        if !statuses.contains(&state) {
            let kind = FaultKind::unknown("status", state, statuses);
            config.faults.push(table.place(row, status), kind);
        }
        let evidence = match Evidence::read(table.text(row, evidence)) {
            Ok(evidence) => evidence,
            Err(kind) => {
                config.faults.push(table.place(row, evidence), kind);
                continue;
            }
        };
        let name = table.text(row, product);
        let Some((found, _)) = builder.products.iter_mut().find(|(p, _)| p.name == name) else {
            continue;
        };
        if state != "current" {
            continue;
        }
        let place = table.place(row, unit);
        let text = table.text(row, unit);
        let faults = &mut *config.faults;
        let announced_unit = match Unit::read(text) {
            Ok(unit) if unit.dimension() == found.unit.dimension() => unit,
            Ok(other) => {
                faults.push(
                    place,
                    FaultKind::WrongDimension {
                        got: text.to_owned(),
                        got_dimension: other.dimension().to_string(),
                        allowed: found.unit.dimension().to_string(),
                    },
                );
                continue;
            }
            Err(error) => {
                faults.push(place, crate::param::unit_fault(error, None));
                continue;
            }
        };
        let Some(figure) = table.number(row, value, faults) else { continue };
        let figure = if announced_unit == found.unit {
            figure
        } else {
            found.unit.from_si(announced_unit.to_si(figure))
        };
        let provenance = Provenance { evidence, source: table.text(row, source).to_owned() };
        found.announced = Some(Announced { value: figure, provenance });
    }
}
