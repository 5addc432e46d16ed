//! Joining ports: every port once, and none left open.

use super::assembly::{Assembly, Item, Names, Source, Target, chain_name, join};
use super::blueprint::{Connection, Leaving, ends};
use super::tree::Link;
use crate::fault::{FaultKind, Place};
use crate::param::{ParameterKind, ParameterSpec, Value};
use std::collections::HashMap;

impl Assembly {
    /// Joins the ports of a level; the result maps each port that a connection starts from to
    /// that connection.
    pub(super) fn connect(
        &mut self,
        level: usize,
        names: &Names,
        connections: &[Connection],
    ) -> HashMap<String, String> {
        let mut started: HashMap<String, String> = HashMap::new();
        let mut ended: HashMap<String, String> = HashMap::new();
        for connection in connections {
            let (from, to) = match ends(&connection.text) {
                Ok(ends) => ends,
                Err(kind) => {
                    self.faults.push(connection.place.clone(), kind);
                    continue;
                }
            };
            let source = self.source(names, from);
            let target = self.target(names, to);
            let (source, (target, target_address)) = match (source, target) {
                (Ok(source), Ok(target)) => (source, target),
                (source, target) => {
                    for kind in source.err().into_iter().chain(target.err()) {
                        self.faults.push(connection.place.clone(), kind);
                    }
                    continue;
                }
            };
            let mut twice = false;
            for (port, seen) in [(&source.address, &mut started), (&target_address, &mut ended)] {
                if let Some(first) = seen.get(port) {
                    twice = true;
                    let kind = FaultKind::JoinedTwice {
                        port: port.clone(),
                        first: first.clone(),
                        second: connection.text.clone(),
                    };
                    self.faults.push(connection.place.clone(), kind);
                } else {
                    seen.insert(port.clone(), connection.text.clone());
                }
            }
            if !twice {
                self.wire(level, connection, &source, &target, &target_address);
            }
        }
        // what a drawn stream is offered as: the stream that the draw taps
        for stage in 0..self.tree.stages.len() {
            for import in 0..self.tree.stages[stage].offers.len() {
                let Some(offer) = self.tree.stages[stage].offers[import] else { continue };
                if let Some(draw) = self.tree.stages.iter().find(|other| {
                    other.writes().contains(&offer) && other.stage.on_demand(offer - other.own)
                }) {
                    self.tree.stages[stage].offers[import] = Some(draw.inlets[0]);
                }
            }
        }
        started
    }

    pub(super) fn wire(
        &mut self,
        level: usize,
        connection: &Connection,
        source: &Source,
        target: &Target,
        target_address: &str,
    ) {
        let place = &connection.place;
        if let (Some((stage, _)), false) =
            (source.on_demand, matches!(target, Target::StageImport(..)))
        {
            let got = format!("\"{}\" from {}", connection.text, self.tree.stages[stage].address);
            let allowed = "a drawn stream joined to an import".into();
            self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
        }
        match target {
            Target::OwnOutlet(name) => {
                let address = target_address.to_owned();
                self.tree.levels[level].outlets.push((name.clone(), source.slot));
                self.tree.ports.push((address, source.slot));
            }
            Target::StageInlet(stage, inlet) => {
                self.tree.stages[*stage].inlets[*inlet] = source.slot;
                self.tree.ports.push((target_address.to_owned(), source.slot));
            }
            Target::StageImport(stage, import) => {
                if let Some((draw, outlet)) = source.on_demand {
                    let slot = self.tree.stages[*stage].import_slot(*import);
                    self.tree.stages[draw].demands[outlet] = Some(slot);
                    self.tree.stages[*stage].offers[*import] = Some(source.slot);
                } else {
                    let got = format!("\"{}\" to an import", connection.text);
                    let allowed = "an import joined to the drawn stream of a draw".into();
                    self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
                }
            }
            Target::ChainInlet(inlet) => self.tree.inlets[*inlet].offered = source.slot,
        }
        if let Some(inlet) = source.surplus_of {
            self.tree.inlets[inlet].joined = true;
        }
        if let Some(switch) = &connection.switch {
            if let Some(inlet) = source.surplus_of {
                let spec = ParameterSpec {
                    name: format!("{}.open", switch.name),
                    about: format!("whether \"{}\" is open", connection.text),
                    kind: ParameterKind::Flag,
                    default: Some(Value::Flag(switch.open)),
                };
                let path = &self.tree.levels[level].path;
                let index = self.parameter(join(path, &spec.name), &spec, place);
                self.give(index, &Value::Flag(switch.open), &switch.provenance, place.clone());
                self.tree.inlets[inlet].switch = Some(self.parameters[index].slot.at);
            } else {
                let got = format!("a switch on \"{}\"", connection.text);
                let allowed = "a switch on a surplus".into();
                self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
            }
        }
        self.tree.links.push(Link {
            from: Some(source.address.clone()),
            to: Some(target_address.to_owned()),
            slot: source.slot,
            leaving: None,
        });
    }

    /// Declares what leaves the outermost chain.
    pub(super) fn leave(
        &mut self,
        names: &Names,
        level: usize,
        started: &HashMap<String, String>,
        leaving: &[(String, Leaving, Place)],
    ) {
        for (port, how, place) in leaving {
            let mut fault = |kind| self.faults.push(place.clone(), kind);
            if level != 0 {
                let got = format!("\"{port}\" leaving from inside {}", chain_name(&names.path));
                let allowed = "products and losses declared by the outermost chain".into();
                fault(FaultKind::NotAllowed { got, allowed });
                continue;
            }
            let source = match self.source(names, port) {
                Ok(source) => source,
                Err(kind) => {
                    self.faults.push(place.clone(), kind);
                    continue;
                }
            };
            let again = self.tree.links.iter().find(|link| {
                link.to.is_none() && link.from.as_deref() == Some(source.address.as_str())
            });
            let first = started.get(&source.address).cloned();
            if let Some(first) = first.or_else(|| again.map(|_| format!("{port} leaving"))) {
                let second = format!("{port} leaving");
                let kind = FaultKind::JoinedTwice { port: source.address, first, second };
                self.faults.push(place.clone(), kind);
                continue;
            }
            if let Some(inlet) = source.surplus_of {
                self.tree.inlets[inlet].joined = true;
            }
            self.tree.links.push(Link {
                from: Some(source.address),
                to: None,
                slot: source.slot,
                leaving: Some(*how),
            });
        }
    }

    /// Every port of the level must be joined, surplus ports excepted.
    pub(super) fn check_joined(
        &mut self,
        names: &Names,
        level: usize,
        own_outlets: &[(String, Place)],
        leaving: &[(String, Leaving, Place)],
    ) {
        let place = leaving.first().map_or_else(Place::default, |(.., place)| place.clone());
        let file = Place { address: None, line: None, ..place };
        let mut open_ends: Vec<FaultKind> = Vec::new();
        let mut unjoined = |port: String, state: &'static str, allowed: &'static str| {
            open_ends.push(FaultKind::NotJoined { port, state, allowed });
        };
        let goes = |address: &String| {
            self.tree.links.iter().any(|link| link.from.as_ref() == Some(address))
        };
        let nowhere = "neither joined nor declared a product or a loss";
        for (name, item) in &names.items {
            match item {
                Item::Stage(stage) => {
                    let placed = &self.tree.stages[*stage];
                    let ports = placed.stage.ports();
                    for (port, &slot) in ports.inlets.iter().zip(&placed.inlets) {
                        if slot == usize::MAX {
                            let port = join(&placed.address, port);
                            unjoined(port, "an inlet that is not joined", "one connection to it");
                        }
                    }
                    for port in &ports.outlets {
                        let port = join(&placed.address, port);
                        if !goes(&port) {
                            unjoined(port, nowhere, "one connection from it, or a declaration");
                        }
                    }
                }
                Item::Chain(inner) => {
                    let inner = &self.tree.levels[*inner];
                    for &inlet in &inner.inlets {
                        let inlet = &self.tree.inlets[inlet];
                        if inlet.offered == usize::MAX {
                            let port = inlet.address.clone();
                            unjoined(port, "an inlet that is not joined", "one connection to it");
                        }
                    }
                    for (port, _) in &inner.outlets {
                        let port = join(&join(&names.path, name), port);
                        if !goes(&port) {
                            unjoined(port, nowhere, "one connection from it, or a declaration");
                        }
                    }
                }
            }
        }
        for (name, _) in &names.own_inlets {
            let port = join(&names.path, name);
            if !goes(&port) {
                unjoined(port, "an inlet that leads nowhere", "one connection from it inside");
            }
        }
        for (name, _) in own_outlets {
            if !self.tree.levels[level].outlets.iter().any(|(other, _)| other == name) {
                let port = join(&names.path, name);
                unjoined(port, "an outlet that nothing leads to", "one connection to it inside");
            }
        }
        for kind in open_ends {
            let address = match &kind {
                FaultKind::NotJoined { port, .. } => port.clone(),
                _ => names.path.clone(),
            };
            self.faults.push(file.clone().at_address(address), kind);
        }
    }
}
