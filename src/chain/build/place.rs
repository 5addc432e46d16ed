//! Laying out what a level has: where its stages, their ports and its inlets lie.

use super::assembly::{Assembly, Names, join};
use super::builder::InletPort;
use crate::chain::tree::{Inlet, InletId, LevelId, Link, PlacedStage, StageId, Supplied};
use crate::fault::{FaultKind, Place};
use crate::param::{ParameterKind, Slot, unfit_unit};
use crate::quantity::{Dimension, Unit};
use crate::stage::{AnyStage, StreamId};
use std::sync::Arc;

impl Assembly {
    /// A new name must not be that of another stage, chain or inlet of the level.
    pub(in crate::chain) fn check_new(&mut self, names: &Names, name: &str, place: &Place) -> bool {
        let taken = names.items.iter().any(|(other, _)| other == name)
            || names.own_inlets.iter().any(|(other, _)| other == name);
        if taken {
            let kind = FaultKind::Duplicate { what: "name", name: name.to_owned(), first: None };
            self.faults.push(place.clone(), kind);
        }
        let unfit = name.is_empty() || name.contains(['.', '>', '+']);
        if unfit {
            let got = format!("name \"{name}\"");
            let allowed = "a name that is not empty, without \".\", \"+\" or \">\"".into();
            self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
        }
        !taken && !unfit
    }

    /// An inlet that a level declares: the chain around it joins it.
    pub(in crate::chain) fn own_inlet(
        &mut self,
        level: LevelId,
        path: &str,
        port: &InletPort,
    ) -> InletId {
        let address = join(path, &port.name);
        let own = self.tree.streams.more(2);
        let (accepted, surplus) = (own.at(0), own.at(1));
        self.tree.ports.push((address.clone(), accepted));
        self.tree.ports.push((format!("{address}.surplus"), surplus));
        self.inlet(Inlet {
            address,
            level,
            offered: None,
            accepted,
            surplus,
            joined: false,
            switch: None,
            unit: port.unit,
            supply: None,
        })
    }

    fn inlet(&mut self, inlet: Inlet<Option<StreamId>>) -> InletId {
        let level = inlet.level;
        let id = self.tree.inlets.push(inlet);
        self.tree.levels[level].inlets.push(id);
        id
    }

    pub(in crate::chain) fn stage(
        &mut self,
        stage: Arc<dyn AnyStage>,
        address: &str,
        place: &Place,
    ) -> StageId {
        let ports = stage.ports();
        let outlets = self.tree.streams.more(ports.outlets.len());
        let imports = self.tree.streams.more(ports.imports.len());
        let written = ports.outlets.iter().chain(&ports.imports);
        for (name, stream) in written.zip(outlets.with(imports).iter()) {
            self.tree.ports.push((join(address, name), stream));
        }
        let doubled = ports.inlets.iter().chain(&ports.outlets).chain(&ports.imports);
        let all: Vec<&String> = doubled.collect();
        for (index, name) in all.iter().enumerate() {
            if all[..index].contains(name) {
                self.broken.push(join(address, name));
                let name = (*name).clone();
                let kind = FaultKind::Duplicate { what: "port", name, first: None };
                self.faults.push(place.clone(), kind);
            }
        }
        let mut slots = Vec::new();
        for spec in stage.parameters() {
            let index = self.parameter(join(address, &spec.name), &spec, place);
            slots.push(self.parameters[index].slot);
        }
        let loads = self.tree.loads.more(stage.stated_loads().len());
        self.tree.stages.push(PlacedStage {
            address: address.to_owned(),
            inlets: vec![None; ports.inlets.len()],
            outlets,
            imports,
            demands: vec![None; ports.outlets.len()],
            offers: vec![None; ports.imports.len()],
            import_names: ports.imports,
            choices: slots.iter().filter_map(|slot| slot.choice()).collect(),
            slots,
            loads,
            stage,
        })
    }

    /// A supply's inlet is an inlet of the outermost chain.
    pub(in crate::chain) fn supply(
        &mut self,
        level: LevelId,
        stage: StageId,
        address: &str,
        place: &Place,
    ) {
        let placed = &self.tree.stages[stage];
        let inlets = placed.stage.ports().inlets;
        let (inlet, supply) = match (&inlets[..], &placed.slots[..]) {
            ([inlet, ..], &[Slot::Number(flow), Slot::Composition(composition), ..])
                if composition.len() == self.tree.species =>
            {
                (inlet, Supplied { flow, composition })
            }
            _ => {
                let got = format!("supply \"{address}\" with other ports or parameters");
                let allowed = "an inlet, and first a flow, then a composition of all species of \
                               the chain as parameters"
                    .into();
                self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
                self.broken.push(address.to_owned());
                return;
            }
        };
        let own = self.tree.streams.more(3);
        let (offered, accepted, surplus) = (own.at(0), own.at(1), own.at(2));
        self.tree.stages[stage].inlets[0] = Some(accepted);
        let port = join(address, inlet);
        self.tree.ports.push((port.clone(), accepted));
        let unit = self
            .parameters
            .iter()
            .find(|parameter| parameter.address == join(address, "flow"))
            .and_then(|parameter| match parameter.kind {
                ParameterKind::Number { unit, .. } => Some(unit),
                _ => None,
            })
            .unwrap_or(Unit::BCM_PER_YEAR);
        // what a supply offers is counted by moles: by mass they follow from what it is made of
        if let Some(kind) = unfit_unit(unit, Dimension::MolarFlow) {
            self.faults.push(place.clone().at_address(join(address, "flow")), kind);
        }
        self.inlet(Inlet {
            address: address.to_owned(),
            level,
            offered: Some(offered),
            accepted,
            surplus,
            joined: false,
            switch: None,
            unit,
            supply: Some(supply),
        });
        self.tree.links.push(Link {
            from: None,
            to: Some(port),
            stream: accepted,
            leaving: None,
            import: None,
        });
    }
}
