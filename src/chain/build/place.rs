//! Laying out what a level has: where its stages, their ports and its inlets lie.

use super::assembly::{Assembly, Names, join};
use super::builder::InletPort;
use crate::chain::belonging::Belonging;
use crate::chain::tree::{Inlet, InletId, LevelId, Link, PlacedStage, StageId, Supplied};
use crate::fault::{FaultKind, Place, visible};
use crate::param::{ParameterId, ParameterKind, unfit_unit};
use crate::quantity::{Dimension, Wanted};
use crate::stage::{AnyStage, Spec, StreamId};
use std::sync::Arc;

impl Assembly {
    /// A new name must not be that of another stage, chain or inlet of the level.
    pub(in crate::chain) fn check_new(&mut self, names: &Names, name: &str, place: &Place) -> bool {
        let taken = names.by_name.contains_key(name)
            || names.own_inlets.iter().any(|(other, _)| other == name);
        if taken {
            let kind = FaultKind::Duplicate { what: "name", name: name.to_owned(), first: None };
            self.faults.push(place.clone(), kind);
        }
        let unfit = name.is_empty() || name.contains(['.', '>', '+']) || visible(name) != name;
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
        let spec = stage.spec();
        if !spec.faults().is_empty() {
            self.broken.push(address.to_owned());
        }
        for kind in spec.faults() {
            self.faults.push(place.clone(), kind.clone());
        }
        let outlets = self.tree.streams.more(spec.outlets().len());
        let imports = self.tree.streams.more(spec.imports().len());
        let written = spec.outlets().iter().chain(spec.imports());
        for (name, stream) in written.zip(outlets.with(imports).iter()) {
            self.tree.ports.push((join(address, name), stream));
        }
        let doubled = spec.inlets().iter().chain(spec.outlets()).chain(spec.imports());
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
        let mut placed = Vec::new();
        for own in spec.parameters() {
            let index = self.parameter(join(address, &own.name), own, place);
            slots.push(self.parameters[index].slot);
            placed.push(index);
            self.shares(index, place);
        }
        self.belonging(spec, &placed, place);
        let loads = self.tree.loads.more(spec.loads().len());
        self.tree.stages.push(PlacedStage {
            address: address.to_owned(),
            inlets: vec![None; spec.inlets().len()],
            outlets,
            imports,
            demands: vec![None; spec.outlets().len()],
            offers: vec![None; spec.imports().len()],
            import_names: spec.imports().to_vec(),
            slots,
            loads,
            takes: None,
            stage,
        })
    }

    /// Finds the choices that numbers of a stage belong to.
    fn belonging(&mut self, spec: &Spec, placed: &[ParameterId], place: &Place) {
        for (own, &parameter) in spec.parameters().iter().zip(placed) {
            let Some(belongs) = &own.belongs else { continue };
            let at = spec.parameters().iter().position(|other| other.name == belongs.choice);
            let choice = at.map(|at| (placed[at], &spec.parameters()[at].kind));
            let found = match choice {
                Some((choice, ParameterKind::Choice { allowed, .. })) => {
                    let name = allowed.iter().position(|name| *name == belongs.name);
                    name.map(|name| (choice, name, allowed.clone()))
                }
                _ => None,
            };
            let slot = |of: ParameterId| self.parameters[of].slot;
            let (Some((choice, name, names)), Some(number)) = (found, slot(parameter).number())
            else {
                let got = format!("{}, which belongs to {belongs}", own.name);
                let allowed = "a choice of the same stage and one of its names".into();
                self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
                continue;
            };
            let Some(chosen) = slot(choice).choice() else { continue };
            let belonging = Belonging { parameter, number, choice, chosen, name, names };
            self.tree.belonging.push(belonging);
        }
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
        let spec = placed.stage.spec();
        let offered = spec.supply().and_then(|offer| {
            let composition = placed.slots[offer.composition].composition();
            let composition = composition.filter(|own| own.len() == self.tree.species)?;
            let flow = placed.slots[offer.flow].number()?;
            let of_flow = &spec.parameters()[offer.flow];
            let parameter = *self.addresses.get(&join(address, &of_flow.name))?;
            let ParameterKind::Number { unit, .. } = of_flow.kind else { return None };
            Some((offer.inlet, unit, Supplied { flow, parameter, composition }))
        });
        let Some((inlet, unit, supply)) = offered else {
            let got = format!("supply \"{address}\" of other species");
            let allowed = "a composition of all species of the chain".into();
            self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
            self.broken.push(address.to_owned());
            return;
        };
        let port = join(address, &spec.inlets()[inlet]);
        let own = self.tree.streams.more(3);
        let (offered, accepted, surplus) = (own.at(0), own.at(1), own.at(2));
        self.tree.stages[stage].inlets[inlet] = Some(accepted);
        self.tree.ports.push((port.clone(), accepted));
        // what a supply offers is shown by moles, whatever it is said by
        if let Some(kind) = unfit_unit(unit, Wanted::of(Dimension::MolarFlow)) {
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
