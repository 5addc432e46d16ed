//! Joining ports: every port once, and none left open.

use super::assembly::{
    Assembly, Drawn, Item, Joined, Names, Origin, Source, Target, chain_name, join, meant,
};
use super::builder::{Connection, ends};
use crate::chain::exit::Exit;
use crate::chain::tree::{LevelId, Link, OUTERMOST, StageId, Tie};
use crate::fault::{Fault, FaultKind, Faults, Place};
use crate::param::{ChoiceAt, Parameter, Value};
use std::collections::HashSet;

/// An outlet without a connection, in messages.
const GOES_NOWHERE: [(&str, &str); 2] = [
    (
        "an outlet that is neither joined nor declared a product or a loss",
        "one connection from it, or a declaration as what leaves the chain",
    ),
    ("an outlet that is not joined", "one connection from it"),
];

/// An inlet without a connection, in messages.
const NOT_FED: &str = "an inlet that is not joined";

/// What would mend it.
const FEED_IT: &str = "one connection to it";

/// The fault of an inlet that nothing is joined to.
pub(super) fn never_fed(port: String) -> Faults {
    let kind = FaultKind::NotJoined { port: port.clone(), state: NOT_FED, allowed: FEED_IT };
    Fault { place: Place::address(port), kind }.into()
}

impl Assembly {
    /// Joins the ports of a level.
    pub(in crate::chain) fn connect(
        &mut self,
        level: LevelId,
        names: &Names,
        connections: &[Connection],
    ) -> Joined {
        let mut joined = Joined::default();
        for connection in connections {
            let (from, to) = match ends(&connection.text) {
                Ok(ends) => ends,
                Err(kind) => {
                    self.faults.push(connection.place.clone(), kind);
                    joined.unreadable = true;
                    continue;
                }
            };
            let source = self.source(names, from);
            let target = self.target(names, to);
            let (source, (target, target_address)) = match (source, target) {
                (Ok(source), Ok(target)) => (source, target),
                (source, target) => {
                    match source {
                        Ok(source) => joined.meant_from.push(source.address),
                        Err(lost) => {
                            joined.meant_from.extend(meant(&names.path, from, &lost));
                            let place = connection.place.clone();
                            if let Some(kind) = lost {
                                self.faults.push(place.clone(), kind);
                            }
                        }
                    }
                    match target {
                        Ok((_, address)) => joined.meant_to.push(address),
                        Err(lost) => {
                            joined.meant_to.extend(meant(&names.path, to, &lost));
                            let place = connection.place.clone();
                            if let Some(kind) = lost {
                                self.faults.push(place.clone(), kind);
                            }
                        }
                    }
                    continue;
                }
            };
            let mut twice = false;
            for (port, seen) in [(&source.address, &joined.from), (&target_address, &joined.to)] {
                if let (Some(first), false) = (seen.get(port), twice) {
                    twice = true;
                    let kind = FaultKind::JoinedTwice {
                        port: port.clone(),
                        first: first.clone(),
                        second: connection.text.clone(),
                    };
                    self.faults.push(connection.place.clone(), kind);
                }
            }
            let misled = match (&source.origin, &target) {
                (Origin::Import(_), Target::StageImport(..)) => None,
                (Origin::Import(name), _) => Some(name),
                _ => None,
            };
            if let Some(name) = misled {
                let got = format!("\"{}\" from import {name}", connection.text);
                let allowed = "an import of the chain joined to an import of a stage".into();
                let kind = FaultKind::NotAllowed { got, allowed };
                self.faults.push(connection.place.clone(), kind);
            }
            if twice || misled.is_some() {
                joined.meant_from.push(source.address);
                joined.meant_to.push(target_address);
            } else {
                joined.from.insert(source.address.clone(), connection.text.clone());
                joined.to.insert(target_address.clone(), connection.text.clone());
                self.wire(level, connection, &source, &target, &target_address, &mut joined.drawn);
            }
        }
        // what a draw taps is known once all its ports are joined, in whatever order
        for &Drawn { draw, stage, import, switch } in &joined.drawn {
            let tapped = self.tree.stages[draw].inlets.first().copied().flatten();
            self.tree.stages[stage].offers[import] = tapped.map(|stream| Tie { stream, switch });
        }
        joined
    }

    pub(in crate::chain) fn wire(
        &mut self,
        level: LevelId,
        connection: &Connection,
        source: &Source,
        target: &Target,
        target_address: &str,
        drawn: &mut Vec<Drawn>,
    ) {
        let place = &connection.place;
        if let (Origin::Drawn(_, stage, _), false) =
            (&source.origin, matches!(target, Target::StageImport(..)))
        {
            let got = format!("\"{}\" from {}", connection.text, self.tree.stages[*stage].address);
            let allowed = "a drawn stream joined to an import".into();
            self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
        }
        let switch = self.switch(level, connection, source);
        let stream = match &source.origin {
            Origin::Outlet(stream) | Origin::Surplus(stream, _) | Origin::Drawn(stream, ..) => {
                *stream
            }
            Origin::Import(name) => {
                // to anything else it is a fault, which is reported already
                if let Target::StageImport(stage, import) = target {
                    self.lead_in(level, (name, &source.address), (*stage, *import), target_address);
                }
                return;
            }
        };
        match target {
            Target::OwnOutlet(name) => {
                let address = target_address.to_owned();
                self.tree.levels[level].outlets.push((name.clone(), stream));
                self.tree.ports.push((address, stream));
            }
            Target::StageInlet(stage, inlet) => {
                self.tree.stages[*stage].inlets[*inlet] = Some(stream);
                self.tree.ports.push((target_address.to_owned(), stream));
            }
            Target::StageImport(stage, import) => {
                if let Origin::Drawn(_, draw, outlet) = source.origin {
                    // the import takes of the stream that the draw taps, and decides how much
                    let taken = self.tree.stages[*stage].imports.at(*import);
                    let tie = Tie { stream: taken, switch };
                    self.tree.stages[draw].demands[outlet] = Some(tie);
                    drawn.push(Drawn { draw, stage: *stage, import: *import, switch });
                } else {
                    let got = format!("\"{}\" to an import", connection.text);
                    let allowed = "an import joined to the drawn stream of a draw".into();
                    self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
                }
            }
            Target::ChainInlet(inlet) => self.tree.inlets[*inlet].offered = Some(stream),
        }
        if let Origin::Surplus(_, inlet) = source.origin {
            let inlet = &mut self.tree.inlets[inlet];
            inlet.joined = true;
            inlet.switch = switch.or(inlet.switch);
        }
        self.tree.links.push(Link {
            from: Some(source.address.clone()),
            to: Some(target_address.to_owned()),
            stream,
            leaving: None,
            import: None,
        });
    }

    /// Leads a level's own import, by its name and address, to an import of a stage inside.
    fn lead_in(
        &mut self,
        level: LevelId,
        (name, address): (&str, &str),
        import: (StageId, usize),
        target_address: &str,
    ) {
        let stream = self.tree.stages[import.0].imports.at(import.1);
        self.tree.ports.push((address.to_owned(), stream));
        self.tree.levels[level].imports.push((name.to_owned(), import.0, import.1));
        self.tree.links.push(Link {
            from: Some(address.to_owned()),
            to: Some(target_address.to_owned()),
            stream,
            leaving: None,
            import: Some(import),
        });
    }

    /// The switch of a connection, where it has one.
    fn switch(
        &mut self,
        level: LevelId,
        connection: &Connection,
        source: &Source,
    ) -> Option<ChoiceAt> {
        let switch = connection.switch.as_ref()?;
        let place = &connection.place;
        if !matches!(source.origin, Origin::Surplus(..) | Origin::Drawn(..)) {
            let got = format!("a switch on \"{}\"", connection.text);
            let allowed = "a switch on a surplus or a drawn stream".into();
            self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
            return None;
        }
        let about = format!("whether \"{}\" is open", connection.text);
        let spec = Parameter::flag(&format!("{}.open", switch.name), &about).or(switch.open);
        let path = &self.tree.levels[level].path;
        let index = self.parameter(join(path, &spec.name), &spec, place);
        self.give(index, &Value::Flag(switch.open), &switch.provenance, place.clone());
        self.parameters[index].slot.choice()
    }

    /// Declares what leaves the outermost chain.
    pub(in crate::chain) fn leave(
        &mut self,
        names: &Names,
        level: LevelId,
        joined: &mut Joined,
        leaving: &[(String, Exit, Place)],
    ) {
        for (port, exit, place) in leaving {
            let mut fault = |kind| self.faults.push(place.clone(), kind);
            if level != OUTERMOST {
                let got = format!("\"{port}\" leaving from inside {}", chain_name(&names.path));
                let allowed = "products and losses declared by the outermost chain".into();
                fault(FaultKind::NotAllowed { got, allowed });
                continue;
            }
            let source = match self.source(names, port) {
                Ok(source) => source,
                Err(lost) => {
                    joined.meant_from.extend(meant(&names.path, port, &lost));
                    let place = place.clone();
                    if let Some(kind) = lost {
                        self.faults.push(place.clone(), kind);
                    }
                    continue;
                }
            };
            let again = self.tree.links.iter().find(|link| {
                link.to.is_none() && link.from.as_deref() == Some(source.address.as_str())
            });
            let first = joined.from.get(&source.address).cloned();
            if let Some(first) = first.or_else(|| again.map(|_| format!("{port} leaving"))) {
                let second = format!("{port} leaving");
                let kind = FaultKind::JoinedTwice { port: source.address, first, second };
                self.faults.push(place.clone(), kind);
                continue;
            }
            let stream = match source.origin {
                Origin::Outlet(stream) | Origin::Drawn(stream, ..) => stream,
                Origin::Surplus(stream, inlet) => {
                    self.tree.inlets[inlet].joined = true;
                    stream
                }
                // the outermost chain has no imports of its own, which is reported already
                Origin::Import(_) => {
                    joined.from.insert(source.address, format!("{port} leaving"));
                    continue;
                }
            };
            self.tree.links.push(Link {
                from: Some(source.address),
                to: None,
                stream,
                leaving: Some(exit.clone()),
                import: None,
            });
        }
    }

    /// Every port of the level must be joined, surplus ports excepted.
    pub(in crate::chain) fn check_joined(
        &mut self,
        names: &Names,
        level: LevelId,
        own_outlets: &[(String, Place)],
        own_imports: &[(String, Place)],
        joined: &Joined,
    ) {
        let mut open_ends: Vec<(Place, FaultKind)> = Vec::new();
        let is_meant = |all: &[String], port: &str| {
            all.iter().any(|meant| {
                port.strip_prefix(meant.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        let mut unjoined = |place: &Place, port: String, state: &'static str, allowed| {
            let meant = if state == NOT_FED { &joined.meant_to } else { &joined.meant_from };
            if !is_meant(meant, &port) {
                let place = place.clone().at_address(&port);
                open_ends.push((place, FaultKind::NotJoined { port, state, allowed }));
            }
        };
        let from: HashSet<&String> =
            self.tree.links.iter().filter_map(|link| link.from.as_ref()).collect();
        let goes = |address: &String| from.contains(address);
        let (nowhere, way_out) = GOES_NOWHERE[usize::from(level != OUTERMOST)];
        for ((name, item), place) in names.items.iter().zip(&names.item_places) {
            match item {
                Item::Stage(stage) => {
                    let placed = &self.tree.stages[*stage];
                    let ports = placed.stage.spec();
                    for (port, feed) in ports.inlets().iter().zip(&placed.inlets) {
                        if feed.is_none() {
                            let port = join(&placed.address, port);
                            unjoined(place, port, NOT_FED, FEED_IT);
                        }
                    }
                    for port in ports.outlets() {
                        let port = join(&placed.address, port);
                        if !goes(&port) {
                            unjoined(place, port, nowhere, way_out);
                        }
                    }
                }
                Item::Chain(inner) => {
                    let inner = &self.tree.levels[*inner];
                    for &inlet in &inner.inlets {
                        let inlet = &self.tree.inlets[inlet];
                        if inlet.offered.is_none() {
                            let port = inlet.address.clone();
                            unjoined(place, port, NOT_FED, FEED_IT);
                        }
                    }
                    for (port, _) in &inner.outlets {
                        let port = join(&join(&names.path, name), port);
                        if !goes(&port) {
                            unjoined(place, port, nowhere, way_out);
                        }
                    }
                }
            }
        }
        for ((name, _), place) in names.own_inlets.iter().zip(&names.inlet_places) {
            let port = join(&names.path, name);
            if !goes(&port) {
                let state = "an inlet that leads nowhere";
                unjoined(place, port, state, "one connection from it inside");
            }
        }
        for (name, place) in own_outlets {
            let port = join(&names.path, name);
            let led = self.tree.levels[level].outlets.iter().any(|(other, _)| other == name);
            if !led && !is_meant(&joined.meant_to, &port) {
                let place = place.clone().at_address(&port);
                let state = "an outlet that nothing leads to";
                let allowed = "one connection to it inside";
                open_ends.push((place, FaultKind::NotJoined { port, state, allowed }));
            }
        }
        for (name, place) in own_imports {
            let port = join(&names.path, name);
            let led = self.tree.levels[level].imports.iter().any(|(other, ..)| other == name);
            if !led && !is_meant(&joined.meant_from, &port) {
                let place = place.clone().at_address(&port);
                let state = "an import that leads nowhere";
                let allowed = "one connection from it to an import inside";
                open_ends.push((place, FaultKind::NotJoined { port, state, allowed }));
            }
        }
        for (place, kind) in open_ends {
            if !place.address.as_deref().is_some_and(|port| self.is_broken(port)) {
                self.faults.push(place, kind);
            }
        }
    }
}
