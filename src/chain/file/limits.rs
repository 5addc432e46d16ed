//! Limits in chain files.

use super::values::{measure, provenance, unit, value};
use crate::chain::build::Builder;
use crate::document::{Entry, Node};
use crate::fault::FaultKind;
use crate::limit::{Direction, Factor, Limit, Load};
use crate::stage::Config;

pub(in crate::chain) fn read_limit(
    config: &mut Config<'_>,
    builder: &mut Builder,
    stage: Option<&str>,
    name: &str,
    entry: Entry,
) {
    let place = entry.place.clone();
    let Some(entries) = config.as_table(&format!("limit {name}"), entry) else { return };
    let full = stage.map_or_else(|| name.to_owned(), |stage| format!("{stage}.{name}"));
    let slate = config.slate;
    let limit = config.inner(place.clone(), entries, |inner| {
        let at = inner.optional_text("at");
        let stated = inner.take("states");
        let of = inner.take("of");
        let load = match (stated, of) {
            (Some(_), None) if at.is_some() => {
                inner.fault(FaultKind::NotAllowed {
                    got: format!("limit {full} with \"at\" and \"states\""),
                    allowed: "\"at\" and \"of\" for a port, \"states\" for a load a stage states"
                        .into(),
                });
                None
            }
            (Some(entry), None) => inner.as_text("states", entry).map(|load| Load::Stated {
                load: stage.map_or_else(|| load.clone(), |stage| format!("{stage}.{load}")),
            }),
            (None, Some(entry)) => {
                let place = entry.place.clone();
                inner.as_text("of", entry).and_then(|of| measure(inner, &of, place, slate)).map(
                    |measure| {
                        let port = match (stage, at) {
                            (Some(stage), Some(at)) => format!("{stage}.{at}"),
                            (Some(stage), None) => stage.to_owned(),
                            (None, at) => at.unwrap_or_else(|| name.to_owned()),
                        };
                        Load::Port { port, measure }
                    },
                )
            }
            (of, _) => {
                let which = if of.is_some() { "both" } else { "neither" };
                inner.fault(FaultKind::NotAllowed {
                    got: format!("limit {full} with {which} of \"of\" and \"states\""),
                    allowed:
                        "either \"of\" (a measure of a port) or \"states\" (a load a stage states)"
                            .into(),
                });
                None
            }
        };
        let (most, least) = (inner.take("at_most"), inner.take("at_least"));
        let capacity = match (most, least) {
            (Some(capacity), None) => Some((Direction::AtMost, "at_most", capacity)),
            (None, Some(capacity)) => Some((Direction::AtLeast, "at_least", capacity)),
            (most, _) => {
                let which = if most.is_some() { "both" } else { "neither" };
                inner.fault(FaultKind::NotAllowed {
                    got: format!("limit {full} with {which} of at_most and at_least"),
                    allowed: "either at_most or at_least".into(),
                });
                None
            }
        };
        let unit = match (inner.placed_text("unit"), &load) {
            (Some((text, place)), _) => unit(inner, &text, &place),
            (None, Some(Load::Port { measure, .. })) => Some(measure.unit()),
            (None, Some(Load::Stated { .. })) => {
                inner.fault(FaultKind::Missing { what: "key", name: "unit".into() });
                None
            }
            (None, None) => None,
        };
        let provenance = provenance(inner);
        let times = inner.texts("times");
        let throttles =
            inner.take("throttles").map(|entry| inner.list_of_texts("throttles", entry));
        let (direction, key, capacity) = capacity?;
        let capacity_place = capacity.place.clone();
        let mut factors = match &capacity.node {
            Node::List(_) => inner
                .list_of_texts(key, capacity)
                .into_iter()
                .map(|(name, _)| Factor::Parameter(name))
                .collect(),
            _ => vec![Factor::Own { value: value(inner, &capacity, &full)?, provenance }],
        };
        factors.extend(times.into_iter().map(|(name, _)| Factor::Parameter(name)));
        let limit = Limit {
            name: full.clone(),
            direction,
            load: load?,
            capacity: factors,
            unit: unit?,
            throttles: throttles.map(|names| names.into_iter().map(|(name, _)| name).collect()),
        };
        Some((limit, capacity_place))
    });
    match limit {
        Some((limit, capacity_place)) => builder.limits.push((limit, place, capacity_place)),
        None => builder.broken.push(full),
    }
}
