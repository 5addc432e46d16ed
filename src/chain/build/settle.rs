//! Parameters of a chain under assembly: their addresses, slots, values and evidence.

use super::assembly::{Assembly, chain_name, join};
use super::builder::Setting;
use crate::chain::supplies::Composed;
use crate::chain::tree::LevelId;
use crate::evidence::{Evidence, Provenance};
use crate::fault::{FaultKind, Place};
use crate::ids::Ids;
use crate::limit::{Factor, Limit, Load};
use crate::param::{
    Accepted, BY_COMPOSITION, Parameter, ParameterId, ParameterKind, PlacedParameter, Sense, Slot,
    UNKNOWN, Value, Values,
};
use crate::quantity::{Dimension, Meaning, Unit};
use std::sync::Arc;

impl Assembly {
    pub(in crate::chain) fn parameter(
        &mut self,
        address: String,
        spec: &Parameter,
        place: &Place,
    ) -> ParameterId {
        if self.addresses.contains_key(&address) {
            let kind =
                FaultKind::Duplicate { what: "parameter", name: address.clone(), first: None };
            self.faults.push(place.clone(), kind);
        }
        let slot = self.slots.reserve(&spec.kind);
        self.declared.push(place.clone());
        self.settled.push(spec.default.is_some().then(|| place.clone()));
        let named = address.clone();
        let id = self.parameters.push(PlacedParameter {
            address,
            about: spec.about.clone(),
            kind: spec.kind.clone(),
            value: spec.default.clone().unwrap_or(Value::Text(String::new())),
            provenance: spec.provenance.clone(),
            slot,
        });
        self.addresses.entry(named).or_insert(id);
        id
    }

    /// Each share of a composition is a parameter of its own.
    pub(in crate::chain) fn shares(&mut self, composition: ParameterId, place: &Place) {
        let parameter = &self.parameters[composition];
        let (ParameterKind::Composition { slate, .. }, Slot::Composition(shares, balance)) =
            (&parameter.kind, parameter.slot)
        else {
            return;
        };
        let (slate, address) = (Arc::clone(slate), parameter.address.clone());
        let name = parameter.address.rsplit('.').next().unwrap_or_default().to_owned();
        let mut own = Vec::new();
        let mut first = None;
        for species in slate.names() {
            let about = format!(
                "share of {species} in {name}, by itself; another species, methane \
                                 where no feed says one, takes up the balance"
            );
            let kind = ParameterKind::Number {
                unit: Unit::PERCENT,
                low: 0.0,
                high: 1.0,
                none: Some(BY_COMPOSITION),
                whole: false,
                sense: Sense::Of(Meaning::Moles),
            };
            let spec = Parameter::of(species, &about, kind).or(BY_COMPOSITION);
            let index = self.parameter(join(&address, species), &spec, place);
            let source = "the share that the composition has".to_owned();
            self.parameters[index].provenance = Provenance { evidence: Evidence::Derived, source };
            first = first.or(self.parameters[index].slot.number());
            own.push(index);
        }
        let Some(first) = first else { return };
        let set = Ids::starting(first, own.len());
        self.tree.compositions.push(Composed { parameter: composition, shares, own, set, balance });
    }

    pub(in crate::chain) fn give(
        &mut self,
        index: ParameterId,
        value: &Value,
        provenance: &Provenance,
        place: Place,
    ) {
        let parameter = &mut self.parameters[index];
        parameter.value = value.clone();
        parameter.provenance = provenance.clone();
        self.settled[index] = Some(place);
    }

    pub(in crate::chain) fn order_parameter(&mut self, level: LevelId, path: &str) {
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
        let about = format!("the order in which the inlets of {} are filled", chain_name(path));
        let order = names.join(" > ");
        let kind = ParameterKind::Order { inlets: names };
        let spec = Parameter::of("order", &about, kind).or(order);
        let index =
            self.parameter(join(path, "order"), &spec, &Place::address(join(path, "order")));
        self.tree.levels[level].order = self.parameters[index].slot.order();
    }

    /// A capacity that belongs to a limit is a parameter at the limit's own address.
    pub(in crate::chain) fn own_factor(&mut self, path: &str, limit: &Limit, place: &Place) {
        for factor in &limit.capacity {
            let Factor::Own { value, provenance } = factor else { continue };
            let about = format!("capacity of limit {}", join(path, &limit.name));
            let spec = Parameter::of(&limit.name, &about, own_capacity(limit, UNKNOWN));
            let index = self.parameter(join(path, &limit.name), &spec, place);
            self.give(index, value, provenance, place.clone());
        }
    }

    pub(in crate::chain) fn setting(&mut self, path: &str, setting: Setting) {
        let address = join(path, &setting.address);
        let found = self.addresses.get(&address).copied();
        let Some(index) = found.or_else(|| self.share_at(&address)) else {
            // with a supply missing there may be no order
            let order = setting.address == "order" && !self.broken.is_empty();
            if order || self.is_broken(&address) {
                return;
            }
            let names = self.parameters.iter().map(|parameter| &parameter.address);
            let kind = FaultKind::unknown("parameter", &address, names);
            // what is misspelt is not missing as well
            self.broken.extend(kind.likely().map(str::to_owned));
            self.faults.push(setting.place, kind);
            return;
        };
        if let Some((low, high, place)) = &setting.range {
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
                    let allowed = format!("a low and a high end, both {allowed}");
                    let kind = FaultKind::NotAllowed { got, allowed };
                    self.faults.push(place.clone().at_address(&address), kind);
                }
            }
        }
        self.give(index, &setting.value, &setting.provenance, setting.place);
    }

    /// The share that an address names by another name of its species.
    fn share_at(&self, address: &str) -> Option<ParameterId> {
        let (of, species) = address.rsplit_once('.')?;
        let own = Composed::of(&self.tree.compositions, *self.addresses.get(of)?)?;
        Some(own.own[self.slate.find(species).ok()?])
    }

    pub(in crate::chain) fn expose(
        &mut self,
        path: &str,
        name: &str,
        parameter: &str,
        place: Place,
    ) {
        let (old, new) = (join(path, parameter), join(path, name));
        if self.addresses.contains_key(&new) {
            let kind = FaultKind::Duplicate { what: "parameter", name: new, first: None };
            self.faults.push(place, kind);
            return;
        }
        match self.addresses.get(&old).copied() {
            Some(found) => {
                self.addresses.remove(&old);
                self.addresses.insert(new.clone(), found);
                self.parameters[found].address = new;
            }
            None if self.is_broken(&old) => self.broken.push(new),
            None => {
                let names = self.parameters.iter().map(|parameter| &parameter.address);
                self.faults.push(place, FaultKind::unknown("parameter", &old, names));
            }
        }
    }

    /// Judges every value and stores it.
    pub(in crate::chain) fn settle(&mut self) -> Values {
        let mut values = Values::new(self.slots);
        for (index, parameter) in self.parameters.pairs() {
            let Some(place) = &self.settled[index] else {
                if self.is_broken(&parameter.address) {
                    continue;
                }
                let name = parameter.address.clone();
                let place = Place { address: None, ..self.declared[index].clone() };
                let kind = FaultKind::Missing { what: "value of parameter", name };
                self.faults.push(place, kind);
                continue;
            };
            match parameter.kind.accept(&parameter.value) {
                Ok(accepted) => values.keep(index, parameter.slot, &accepted),
                Err(kinds) => {
                    // an order may name an inlet whose supply has faults of its own
                    let path = parameter.address.strip_suffix("order").unwrap_or_default();
                    let excused = |kind: &FaultKind| {
                        matches!(kind, FaultKind::UnknownName { what: "inlet", got, .. }
                            if self.is_broken(&format!("{path}{got}")))
                    };
                    let kinds: Vec<_> = kinds.into_iter().filter(|kind| !excused(kind)).collect();
                    for kind in kinds {
                        let place = place.clone().at_address(&parameter.address);
                        self.faults.push(place, kind);
                    }
                }
            }
        }
        let place = |address: &str| {
            let at = self.addresses.get(address);
            let place = at.and_then(|&at| self.settled[at].clone()).unwrap_or_default();
            place.at_address(address)
        };
        let mut faults = std::mem::take(&mut self.faults);
        self.tree.judge(&self.parameters, &self.slate, &values, place, &mut faults);
        let excused = |address: &str| self.is_broken(address);
        self.tree.judge_belonging(&self.parameters, &values, place, excused, &mut faults);
        self.tree.judge_conditions(&self.parameters, &values, place, &mut faults);
        self.faults = faults;
        values
    }
}

/// What the capacity of a limit can be.
pub(super) fn own_capacity(limit: &Limit, none: &'static str) -> ParameterKind {
    // a unit that its load has not is a fault that is reported elsewhere
    let unit = match &limit.load {
        Load::Port { measure, .. } if measure.unfit(limit.unit).is_some() => measure.unit(),
        _ => limit.unit,
    };
    let high = match unit.dimension() {
        Dimension::Fraction => 1.0,
        _ => f64::INFINITY,
    };
    // its load decides whether heat is gross or net, and a share by moles or by mass
    let meaning = limit.load.meaning();
    let sense = if of_real_gas(limit).is_some() {
        Sense::Real(meaning)
    } else {
        meaning.map_or(Sense::Plain, Sense::Of)
    };
    ParameterKind::Number { unit, low: 0.0, high, none: Some(none), whole: false, sense }
}

/// The unit that the load of a limit is given in, where it counts real gas.
pub(super) fn of_real_gas(limit: &Limit) -> Option<Unit> {
    match &limit.load {
        Load::Port { measure, .. } => measure.is_of_real_gas().then(|| measure.unit()),
        Load::Stated { .. } => None,
    }
}
