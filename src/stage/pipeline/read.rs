//! A pipeline from a chain file.

use super::Pipeline;
use super::hydraulics::{Hydraulics, StationSite};
use crate::fault::Place;
use crate::param::{Accepted, ParameterSpec, Value};
use crate::quantity::Unit;
use crate::stage::config::Config;

impl Pipeline {
    /// Reads `hydraulics = { stations = [{ name = "..", at = "12.5 %", height = "0 m" }, ..],
    /// outlet_height = "0 m" }`; a line without it is run by its own needs only.
    pub(in super::super) fn read(config: &mut Config<'_>) -> Option<Self> {
        let Some(entry) = config.take("hydraulics") else { return Some(Self::by_own_needs()) };
        let place = entry.place.clone();
        let entries = config.as_table("hydraulics", entry)?;
        let hydraulics = config.inner(place, entries, |inner| {
            let outlet_height = length(inner, "outlet_height");
            let mut stations = Vec::new();
            let mut sound = true;
            for (place, entries) in inner.tables_under("stations") {
                let site = inner.inner(place, entries, |station| {
                    let name = station.text("name");
                    let (at, height) = (share(station, "at"), length(station, "height"));
                    Some(StationSite { name: name?, at: at?, height: height? })
                });
                sound &= site.is_some();
                stations.extend(site);
            }
            if !sound {
                return None;
            }
            let slate = inner.slate;
            Hydraulics::new(slate, stations, outlet_height?).map_err(|kind| inner.fault(kind)).ok()
        });
        hydraulics.map(Self::with)
    }
}

/// A share that has to be there.
fn share(config: &mut Config<'_>, key: &'static str) -> Option<f64> {
    let (text, place) = config.required_text(key)?;
    number(config, &ParameterSpec::fraction(key, ""), text, &place)
}

/// A height, 0 where it is absent.
fn length(config: &mut Config<'_>, key: &'static str) -> Option<f64> {
    let Some((text, place)) = config.placed_text(key) else { return Some(0.0) };
    let spec = ParameterSpec::number(key, "", Unit::METRE, -10_000.0, 10_000.0);
    number(config, &spec, text, &place)
}

fn number(
    config: &mut Config<'_>,
    spec: &ParameterSpec,
    text: String,
    place: &Place,
) -> Option<f64> {
    match spec.kind.accept(&Value::Text(text)) {
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
