//! Limits in chain files.

use super::blueprint::Builder;
use super::file_values::{provenance, unit, value};
use crate::document::{Entry, Node};
use crate::fault::FaultKind;
use crate::limit::{Direction, Factor, Limit, Load};
use crate::measure::Measure;
use crate::stage::config::Config;

pub(super) fn read_limit(
    config: &mut Config<'_>,
    builder: &mut Builder,
    stage: Option<&str>,
    name: &str,
    entry: Entry,
) {
    let place = entry.place.clone();
    let Node::Table(entries) = entry.node else {
        let got = format!("limit {name} is {}", entry.node.describe());
        config.faults.push(place, FaultKind::NotAllowed { got, allowed: "a table".into() });
        return;
    };
    let full = stage.map_or_else(|| name.to_owned(), |stage| format!("{stage}.{name}"));
    let slate = config.slate;
    let limit = config.inner(entry.place, entries, |inner| {
        let at = inner.optional_text("at");
        let stated = inner.optional_text("states");
        let of = inner.optional_text("of");
        let load = match (stated, of) {
            (Some(load), None) => {
                let load = stage.map_or_else(|| load.clone(), |stage| format!("{stage}.{load}"));
                Some(Load::Stated { load })
            }
            (None, Some(of)) => match Measure::parse(&of, slate) {
                Ok(measure) => {
                    let port = match (stage, at) {
                        (Some(stage), Some(at)) => format!("{stage}.{at}"),
                        (Some(stage), None) => stage.to_owned(),
                        (None, at) => at.unwrap_or_else(|| name.to_owned()),
                    };
                    Some(Load::Port { port, measure })
                }
                Err(kind) => {
                    inner.fault(kind);
                    None
                }
            },
            _ => {
                inner.fault(FaultKind::NotAllowed {
                    got: format!("limit {full}"),
                    allowed:
                        "either \"of\" (a measure of a port) or \"states\" (a load a stage states)"
                            .into(),
                });
                None
            }
        };
        let (most, least) = (inner.take("at_most"), inner.take("at_least"));
        let (direction, capacity) = match (most, least) {
            (Some(capacity), None) => (Direction::AtMost, capacity),
            (None, Some(capacity)) => (Direction::AtLeast, capacity),
            _ => {
                inner.fault(FaultKind::NotAllowed {
                    got: format!("limit {full}"),
                    allowed: "either at_most or at_least".into(),
                });
                return None;
            }
        };
        let unit_place = inner.place.clone();
        let unit_text = inner.optional_text("unit");
        let unit = match (&unit_text, &load) {
            (Some(text), _) => unit(inner, text, &unit_place),
            (None, Some(Load::Port { measure, .. })) => Some(measure.unit()),
            _ => {
                inner.fault(FaultKind::Missing { what: "key", name: "unit".into() });
                None
            }
        };
        let provenance = provenance(inner);
        let times = inner.texts("times");
        let throttles =
            inner.take("throttles").map(|entry| inner.list_of_texts("throttles", entry));
        let mut factors = match &capacity.node {
            Node::List(_) => inner
                .list_of_texts("at_most", capacity)
                .into_iter()
                .map(|(name, _)| Factor::Parameter(name))
                .collect(),
            _ => vec![Factor::Own { value: value(inner, &capacity)?, provenance }],
        };
        factors.extend(times.into_iter().map(|(name, _)| Factor::Parameter(name)));
        Some(Limit {
            name: full,
            direction,
            load: load?,
            capacity: factors,
            unit: unit?,
            throttles: throttles.map(|names| names.into_iter().map(|(name, _)| name).collect()),
        })
    });
    builder.limits.extend(limit.map(|limit| (limit, place)));
}
