//! Supply: a field, a purchase, a stream from elsewhere, offered to the outermost chain.

use crate::evidence::Evidence;
use crate::fault::{FaultKind, Place};
use crate::param::{Parameter, ParameterKind, normalised};
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::species::Slate;
use crate::stage::Config;
use crate::stage::{Call, Inlet, Outlet, Setting, Spec, Stage, StageError};
use std::collections::HashMap;

/// A supply: offers `flow` of gas of a `composition`; what the chain does not accept stays in
/// the ground.
///
/// Its one inlet, `supply`, is an inlet of the outermost chain under the stage's own name; what
/// is accepted there leaves at `gas`.
///
#[doc = include_str!("../../../docs/kinds/supply.md")]
#[derive(Debug)]
pub struct Supply {
    rows: Vec<(String, Vec<f64>)>,
    species: Vec<String>,
    unit: Unit,
    inlet: Inlet,
    gas: Outlet,
    spec: Spec,
}

impl Supply {
    /// A supply of gas of any composition over `slate`.
    #[must_use]
    pub fn new(slate: &Slate) -> Self {
        let species = slate.names().map(str::to_owned).collect();
        Self::of(Vec::new(), species, Unit::BCM_PER_YEAR)
    }

    fn of(rows: Vec<(String, Vec<f64>)>, species: Vec<String>, unit: Unit) -> Self {
        let mut spec = Spec::new("supply");
        let inlet = spec.inlet("supply");
        let about = "what is offered";
        let flow = spec.number(Parameter::number("flow", about, unit, 0.0, f64::INFINITY));
        let kind = ParameterKind::Composition { rows: rows.clone(), species: species.clone() };
        let about = "composition of what is offered";
        let composition = spec.composition(Parameter::of("composition", about, kind));
        spec.supplies(inlet, flow, composition);
        Self { rows, species, unit, inlet, gas: spec.outlet("gas"), spec }
    }

    /// The same supply, knowing compositions by name: mole fractions over the slate, summing to
    /// 1 within 1e-6.
    ///
    /// # Errors
    /// A composition whose sum is off.
    pub fn knowing(mut self, name: &str, mole_fractions: &[f64]) -> Result<Self, FaultKind> {
        self.rows.push((name.to_owned(), normalised(mole_fractions)?));
        Ok(Self::of(self.rows, self.species, self.unit))
    }

    /// The same supply, its flow shown in another unit.
    #[must_use]
    pub fn shown_in(self, unit: Unit) -> Self {
        Self::of(self.rows, self.species, unit)
    }

    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        let supply = Self::new(config.slate);
        let Some(entry) = config.take("feeds") else { return Some(supply) };
        let place = entry.place.clone();
        let file = config.as_text("feeds", entry)?;
        let rows = read_feeds(config, &file, &place)?;
        Some(Self::of(rows, supply.species, supply.unit))
    }
}

/// Reads named compositions: a column a species, the cells in the unit that the column `unit`
/// names (`mol %` or `mole fraction`).
///
/// A row with a fault is known by its name all the same, so that who names it is not at fault;
/// `None` where no name is known.
fn read_feeds(
    config: &mut Config<'_>,
    file: &str,
    place: &Place,
) -> Option<Vec<(String, Vec<f64>)>> {
    let tables = config.tables;
    let Some(table) = tables.get(file) else {
        config.faults.push(place.clone(), FaultKind::unknown("table", file, tables.keys()));
        return None;
    };
    let known = ["feed", "unit", "evidence", "source"];
    let names: Vec<&str> = config.slate.names().collect();
    let optional: Vec<&str> = names.iter().copied().chain(["evidence", "source"]).collect();
    table.check_columns(&["feed", "unit"], &optional, config.faults);
    let mut rows: Vec<(String, Vec<f64>)> = Vec::new();
    let (feed, unit) = (table.column("feed")?, table.column("unit")?);
    let sound_header = table.header.iter().enumerate().all(|(index, name)| {
        (known.contains(&name.as_str()) || names.contains(&name.as_str()))
            && !table.header[..index].contains(name)
    });
    let evidence = table.column("evidence");
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for row in 0..table.len() {
        if let Some(column) = evidence
            && let Err(kind) = Evidence::read(table.text(row, column))
        {
            config.faults.push(table.place(row, column), kind);
        }
        let name = table.text(row, feed).to_owned();
        if name.is_empty() {
            let kind = FaultKind::Missing { what: "text in column", name: "feed".into() };
            config.faults.push(table.place(row, feed), kind);
            continue;
        }
        if let Some(&first) = seen.get(table.text(row, feed)) {
            let first = Some(Box::new(table.place(first, feed)));
            let kind = FaultKind::Duplicate { what: "feed", name, first };
            config.faults.push(table.place(row, feed), kind);
            continue;
        }
        seen.insert(table.text(row, feed), row);
        let scale = match table.text(row, unit) {
            "mol %" => 100.0,
            "mole fraction" => 1.0,
            other => {
                let kind = FaultKind::unknown("unit", other, ["mol %", "mole fraction"]);
                config.faults.push(table.place(row, unit), kind);
                rows.push((name, vec![0.0; names.len()]));
                continue;
            }
        };
        let before = config.faults.count();
        let mut shares = vec![0.0; names.len()];
        for (column, header) in table.header.iter().enumerate() {
            if known.contains(&header.as_str()) {
                continue;
            }
            let Some(species) = config.slate.index(header) else { continue };
            if let Some(share) = table.number(row, column, config.faults) {
                if (0.0..=scale).contains(&share) {
                    shares[species] = share / scale;
                } else {
                    let kind = FaultKind::OutOfRange {
                        got: share.to_string(),
                        low: "0".into(),
                        high: Some(scale.to_string()),
                    };
                    config.faults.push(table.place(row, column), kind);
                }
            }
        }
        let closed = normalised(&shares);
        if let (Err(kind), true) = (&closed, config.faults.count() == before && sound_header) {
            config.faults.push(table.place(row, feed).at_address(&name), kind.clone());
        }
        rows.push((name, closed.unwrap_or(shares)));
    }
    table.complete.then_some(rows)
}

impl Stage for Supply {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
        true
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let accepted = call.stream(self.inlet);
        call.send(self.gas).copy_from_slice(accepted);
        Ok(())
    }
}
