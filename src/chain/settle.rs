//! Parameters of a chain under assembly: their addresses, slots, values and evidence.

use super::assembly::{Assembly, chain_name, join};
use super::blueprint::Setting;
use crate::evidence::{Evidence, Provenance};
use crate::fault::{FaultKind, Place};
use crate::limit::{Factor, Limit};
use crate::param::{Accepted, Parameter, ParameterKind, ParameterSpec, Value};
use crate::quantity::Dimension;

impl Assembly {
    pub(super) fn parameter(
        &mut self,
        address: String,
        spec: &ParameterSpec,
        place: &Place,
    ) -> usize {
        if self.parameters.iter().any(|other| other.address == address) {
            let kind =
                FaultKind::Duplicate { what: "parameter", name: address.clone(), first: None };
            self.faults.push(place.clone(), kind);
        }
        let slot = self.values.reserve(&spec.kind);
        self.parameters.push(Parameter {
            address,
            about: spec.about.clone(),
            kind: spec.kind.clone(),
            value: spec.default.clone().unwrap_or(Value::Text(String::new())),
            provenance: Provenance {
                evidence: Evidence::Assumed,
                source: "the kind's default".into(),
            },
            slot,
        });
        self.settled.push(spec.default.is_some().then(|| place.clone()));
        self.parameters.len() - 1
    }

    pub(super) fn give(
        &mut self,
        index: usize,
        value: &Value,
        provenance: &Provenance,
        place: Place,
    ) {
        let parameter = &mut self.parameters[index];
        parameter.value = value.clone();
        parameter.provenance = provenance.clone();
        self.settled[index] = Some(place);
    }

    pub(super) fn order_parameter(&mut self, level: usize, path: &str) {
        let inlets = &self.tree.levels[level].inlets;
        if inlets.len() < 2 {
            return;
        }
        let names: Vec<String> = inlets
            .iter()
            .map(|&inlet| {
                let address = &self.tree.inlets[inlet].address;
                address.rsplit('.').next().unwrap_or(address).to_owned()
            })
            .collect();
        let spec = ParameterSpec {
            name: "order".into(),
            about: format!("the order in which the inlets of {} are filled", chain_name(path)),
            default: Some(Value::Text(names.join(" > "))),
            kind: ParameterKind::Order { inlets: names },
        };
        let index =
            self.parameter(join(path, "order"), &spec, &Place::address(join(path, "order")));
        self.tree.levels[level].order = Some(self.parameters[index].slot.at);
    }

    /// A capacity that belongs to a limit is a parameter at the limit's own address.
    pub(super) fn own_factor(&mut self, path: &str, limit: &Limit, place: &Place) {
        for factor in &limit.capacity {
            let Factor::Own { value, provenance } = factor else { continue };
            let high = match limit.unit.dimension() {
                Dimension::Fraction => 1.0,
                _ => f64::INFINITY,
            };
            let spec = ParameterSpec {
                name: limit.name.clone(),
                about: format!("capacity of limit {}", join(path, &limit.name)),
                kind: ParameterKind::Number {
                    unit: limit.unit,
                    low: 0.0,
                    high,
                    may_be_unknown: true,
                },
                default: None,
            };
            let index = self.parameter(join(path, &limit.name), &spec, place);
            self.give(index, value, provenance, place.clone());
        }
    }

    pub(super) fn setting(&mut self, path: &str, setting: Setting) {
        let address = join(path, &setting.address);
        let Some(index) = self.parameters.iter().position(|other| other.address == address) else {
            let names = self.parameters.iter().map(|parameter| &parameter.address);
            self.faults.push(setting.place, FaultKind::unknown("parameter", &address, names));
            return;
        };
        if let Some((low, high)) = &setting.range {
            let accepted =
                (self.parameters[index].kind.accept(low), self.parameters[index].kind.accept(high));
            match (accepted, &mut self.parameters[index].kind) {
                (
                    (Ok(Accepted::Number(Some(new_low))), Ok(Accepted::Number(Some(new_high)))),
                    ParameterKind::Number { low, high, .. },
                ) if new_low <= new_high => (*low, *high) = (new_low, new_high),
                _ => {
                    let got = format!("range {low} to {high}");
                    let allowed = self.parameters[index].kind.allowed();
                    let kind = FaultKind::NotAllowed { got, allowed };
                    self.faults.push(setting.place.clone(), kind);
                }
            }
        }
        self.give(index, &setting.value, &setting.provenance, setting.place);
    }

    pub(super) fn expose(&mut self, path: &str, name: &str, parameter: &str, place: Place) {
        let (old, new) = (join(path, parameter), join(path, name));
        if self.parameters.iter().any(|other| other.address == new) {
            let kind = FaultKind::Duplicate { what: "parameter", name: new, first: None };
            self.faults.push(place, kind);
            return;
        }
        match self.parameters.iter_mut().find(|other| other.address == old) {
            Some(found) => found.address = new,
            None => {
                let names = self.parameters.iter().map(|parameter| &parameter.address);
                self.faults.push(place, FaultKind::unknown("parameter", &old, names));
            }
        }
    }

    /// Judges every value and stores it.
    pub(super) fn settle(&mut self) {
        for (parameter, place) in self.parameters.iter().zip(&self.settled) {
            let Some(place) = place else {
                let name = parameter.address.clone();
                let kind = FaultKind::Missing { what: "value of parameter", name: name.clone() };
                self.faults.push(Place::address(name), kind);
                continue;
            };
            match parameter.kind.accept(&parameter.value) {
                Ok(accepted) => self.values.store(parameter.slot, &accepted),
                Err(kinds) => {
                    for kind in kinds {
                        let place = place.clone().at_address(&parameter.address);
                        self.faults.push(place, kind);
                    }
                }
            }
        }
    }
}
