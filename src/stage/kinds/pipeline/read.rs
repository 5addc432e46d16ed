//! A pipeline from a chain file.

use super::Pipeline;
use super::hydraulics::{HIGHEST, Hydraulics, StationSite, station_faults};
use crate::document::{Entry, Node};
use crate::fault::FaultKind;
use crate::param::{Accepted, Parameter, Value};
use crate::quantity::{Quantity, Unit};
use crate::stage::Config;

impl Pipeline {
    /// A line without `hydraulics` is run by its own needs only.
    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        let Some(entry) = config.take("hydraulics") else {
            // what a misspelt one would have brought is not missing as well
            let misspelt = config.misspells("hydraulics");
            return (!misspelt).then(Self::by_own_needs);
        };
        let place = entry.place.clone();
        let entries = config.as_table("hydraulics", entry)?;
        let hydraulics = config.inner(place, entries, |inner| {
            let before = inner.faults.count();
            let outlet_height = length(inner, "outlet_height");
            let (mut stations, mut places) = (Vec::new(), Vec::new());
            for (place, entries) in inner.tables_under("stations") {
                places.push(place.clone());
                stations.extend(inner.inner(place, entries, |station| {
                    let name = station.text("name");
                    let (at, height) = (share(station, "at"), length(station, "height"));
                    Some(StationSite { name: name?, at: at?, height: height? })
                }));
            }
            if inner.faults.count() > before {
                return None; // the order of stations says nothing while some are unreadable
            }
            for (index, mut kind) in station_faults(&stations) {
                if let FaultKind::Duplicate { name, first, .. } = &mut kind {
                    let other = stations.iter().position(|other| other.name == *name);
                    *first = other.map(|other| Box::new(places[other].clone()));
                }
                inner.faults.push(places[index].clone(), kind);
            }
            Hydraulics::new(inner.slate, stations, outlet_height?).ok()
        });
        hydraulics.map(Self::with)
    }
}

/// A share that has to be there.
fn share(config: &mut Config<'_>, key: &'static str) -> Option<f64> {
    let entry = config.take(key);
    if entry.is_none() {
        config.fault(FaultKind::Missing { what: "key", name: key.to_owned() });
    }
    number(config, &Parameter::fraction(key, ""), entry?)
}

/// A height, 0 where it is absent.
fn length(config: &mut Config<'_>, key: &'static str) -> Option<f64> {
    let Some(entry) = config.take(key) else { return Some(0.0) };
    number(config, &Parameter::number(key, "", Unit::METRE, -HIGHEST, HIGHEST), entry)
}

fn number(config: &mut Config<'_>, spec: &Parameter, entry: Entry) -> Option<f64> {
    let Entry { node, place } = entry;
    let value = match node {
        Node::Text(text) => Value::Text(text),
        Node::Number(number) => Value::Quantity(Quantity::fraction(number)),
        node => {
            let got = format!("{} is {}", spec.name, node.describe());
            let allowed = "a text or a number".to_owned();
            config.faults.push(place, FaultKind::NotAllowed { got, allowed });
            return None;
        }
    };
    match spec.kind.accept(&value) {
        Ok(Accepted::Number(number)) => number,
        Ok(_) => None,
        Err(kinds) => {
            for kind in kinds {
                config.faults.push(place.clone(), kind);
            }
            None
        }
    }
}
