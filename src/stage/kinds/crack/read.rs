//! A cracker as chain files have it.

use super::Crack;
use super::feed::{CrackFeed, YieldFamily};
use super::furnaces::MOST_RECYCLED;
use super::hydrogenation::Hydrogenation;
use super::yields::{self, YieldSet};
use crate::fault::FaultKind;
use crate::stage::Config;
use crate::stage::route::Route;

impl Crack {
    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        let table = config.table("yields");
        let mut feeds = feeds(config);
        let before = config.faults.count();
        if let Some(table) = table {
            let (sets, refused) = yields::read(config, table);
            for feed in &mut feeds {
                feed.sets = sets.iter().filter(|set| set.feed == feed.species).cloned().collect();
                feed.refused = refused
                    .iter()
                    .filter(|(species, ..)| *species == feed.species)
                    .map(|(_, name, kind)| (name.clone(), kind.clone()))
                    .collect();
            }
        }
        // what is missing in a table with faults may be in the rows that have them
        let sound = table.is_some_and(|table| table.complete) && config.faults.count() == before;
        means(config, &mut feeds, sound);
        let hydrogenations = hydrogenations(config);
        let joining = config.names("joining");
        let route = Route::read(config);
        if !sound {
            return None;
        }
        for feed in &mut feeds {
            feed.families = YieldFamily::among(&feed.sets);
            let names: Vec<&String> = feed.names().collect();
            let doubled = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name));
            if let Some((_, name)) = doubled {
                let what = "yield set or family";
                config.fault(FaultKind::Duplicate { what, name: (*name).clone(), first: None });
            }
            if !feed.sets.is_empty() {
                continue;
            }
            for (_, reason) in &feed.refused {
                config.fault(reason.clone());
            }
            if feed.refused.is_empty() {
                let name = config.slate.get(feed.species).name.clone();
                config.fault(FaultKind::Missing { what: "yield set of feed", name });
            }
        }
        Self::new(config.slate, feeds, &joining?, &route?, &hydrogenations)
            .map_err(|kind| config.fault(kind))
            .ok()
    }
}

/// The feeds named, with what is recycled.
fn feeds(config: &mut Config<'_>) -> Vec<CrackFeed> {
    let names = config.texts("feeds");
    if names.is_empty() {
        config.fault(FaultKind::Missing { what: "key", name: "feeds".into() });
    }
    let recycled = config.texts("recycle");
    if let Some((_, place)) = recycled.get(MOST_RECYCLED) {
        let got = format!("a recycle of {} feeds", recycled.len());
        let kind = FaultKind::NotAllowed { got, allowed: format!("at most {MOST_RECYCLED}") };
        config.faults.push(place.clone(), kind);
    }
    let mut feeds: Vec<CrackFeed> = names
        .into_iter()
        .filter_map(|(name, place)| config.species_named(&name, place))
        .map(CrackFeed::of)
        .collect();
    for (name, place) in recycled {
        let Some(species) = config.species_named(&name, place.clone()) else { continue };
        match feeds.iter_mut().find(|feed| feed.species == species) {
            Some(feed) => feed.recycled = true,
            None => {
                let (got, allowed) = (format!("recycle of {name}"), "one of the feeds".into());
                config.faults.push(place, FaultKind::NotAllowed { got, allowed });
            }
        }
    }
    feeds
}

/// Adds means of sets to those that may be chosen.
fn means(config: &mut Config<'_>, feeds: &mut [CrackFeed], sound: bool) {
    for (place, entries) in config.tables_under("means") {
        let mean = config.inner(place, entries, |inner| {
            let (feed, name, of) =
                (inner.one_species("feed"), inner.text("name"), inner.texts("of"));
            Some((name?, feed?, of))
        });
        let Some((name, species, of)) = mean.filter(|_| sound) else { continue };
        let Some(feed) = feeds.iter_mut().find(|feed| feed.species == species) else {
            config.fault(FaultKind::NotAllowed {
                got: format!("a mean for {}", config.slate.get(species).name),
                allowed: "one of the feeds".into(),
            });
            continue;
        };
        let mut parts = Vec::new();
        for (part, place) in of {
            match feed.sets.iter().find(|set| set.name == part) {
                Some(set) => parts.push(set),
                None => {
                    let valid = feed.sets.iter().map(|set| &set.name);
                    config.faults.push(place, FaultKind::unknown("yield set", &part, valid));
                }
            }
        }
        let mean = YieldSet::mean(&name, &parts);
        feed.sets.extend(mean);
    }
}

/// What becomes of acetylene and its like.
fn hydrogenations(config: &mut Config<'_>) -> Vec<Hydrogenation> {
    let mut hydrogenations = Vec::new();
    let Some(entry) = config.take("hydrogenate") else { return hydrogenations };
    let place = entry.place.clone();
    let Some(entries) = config.as_table("hydrogenate", entry) else { return hydrogenations };
    config.inner(place, entries, |inner| {
        for (from, entry) in inner.take_rest() {
            let place = entry.place.clone();
            let to = inner.as_text(&from, entry);
            let to = to.and_then(|to| inner.species_named(&to, place.clone()));
            let from = inner.species_named(&from, place);
            let (Some(from), Some(to)) = (from, to) else { continue };
            match Hydrogenation::new(inner.slate, from, to) {
                Ok(hydrogenation) => hydrogenations.push(hydrogenation),
                Err(kind) => inner.fault(kind),
            }
        }
    });
    hydrogenations
}
