//! What the two ends of a connection, and the port of a limit, stand for.

use super::assembly::{Assembly, Item, Lost, Names, Origin, Source, Target, join, one_port};
use crate::chain::tree::InletId;
use crate::fault::FaultKind;
use crate::stage::StreamId;

impl Assembly {
    /// Finds the port a connection starts from.
    pub(in crate::chain) fn source(&self, names: &Names, text: &str) -> Result<Source, Lost> {
        if let Some((name, inlet)) = names.own_inlets.iter().find(|(name, _)| name == text) {
            let origin = Origin::Outlet(self.tree.inlets[*inlet].accepted);
            return Ok(Source { address: join(&names.path, name), origin });
        }
        if names.own_imports.iter().any(|name| name == text) {
            let origin = Origin::Import(text.to_owned());
            return Ok(Source { address: join(&names.path, text), origin });
        }
        let (item, rest) = self.item(names, text)?;
        match item {
            Item::Stage(stage) => {
                let placed = &self.tree.stages[stage];
                let ports = placed.stage.spec();
                let outlet = one_port(&placed.address, "outlet", ports.outlets(), rest)?;
                let address = join(&placed.address, &ports.outlets()[outlet]);
                let stream = placed.outlets.at(outlet);
                let origin = if placed.stage.spec().is_on_demand(outlet) {
                    Origin::Drawn(stream, stage, outlet)
                } else {
                    Origin::Outlet(stream)
                };
                Ok(Source { address, origin })
            }
            Item::Chain(level) => {
                let inner = &self.tree.levels[level];
                let surplus = rest.and_then(|rest| {
                    let name = rest.strip_suffix("surplus")?;
                    Some(name.strip_suffix('.').unwrap_or(name))
                });
                if let Some(name) = surplus {
                    let inlets: Vec<String> =
                        inner.inlets.iter().map(|&i| self.inlet_name(i)).collect();
                    let name = (!name.is_empty()).then_some(name);
                    let index = one_port(&inner.path, "inlet", &inlets, name)?;
                    let inlet = inner.inlets[index];
                    let found = &self.tree.inlets[inlet];
                    let origin = Origin::Surplus(found.surplus, inlet);
                    return Ok(Source { address: format!("{}.surplus", found.address), origin });
                }
                let outlets = &self.own_outlets[level];
                let name = &outlets[one_port(&inner.path, "outlet", outlets, rest)?];
                // an outlet that nothing leads to is a fault of the inner chain
                let (_, stream) =
                    inner.outlets.iter().find(|(other, _)| other == name).ok_or(None)?;
                let origin = Origin::Outlet(*stream);
                Ok(Source { address: join(&inner.path, name), origin })
            }
        }
    }

    /// Finds the port a connection ends at, with its full address.
    pub(in crate::chain) fn target(
        &self,
        names: &Names,
        text: &str,
    ) -> Result<(Target, String), Lost> {
        if names.own_outlets.iter().any(|name| name == text) {
            return Ok((Target::OwnOutlet(text.to_owned()), join(&names.path, text)));
        }
        let (item, rest) = self.item(names, text)?;
        match item {
            Item::Stage(stage) => {
                let placed = &self.tree.stages[stage];
                let ports = placed.stage.spec();
                let import = rest.and_then(|rest| ports.imports().iter().position(|n| n == rest));
                if let Some(import) = import {
                    let address = join(&placed.address, &ports.imports()[import]);
                    return Ok((Target::StageImport(stage, import), address));
                }
                let inlet = one_port(&placed.address, "inlet", ports.inlets(), rest)?;
                let address = join(&placed.address, &ports.inlets()[inlet]);
                Ok((Target::StageInlet(stage, inlet), address))
            }
            Item::Chain(level) => {
                let inner = &self.tree.levels[level];
                let import =
                    inner.imports.iter().find(|(name, ..)| rest.is_some_and(|rest| rest == name));
                if let Some((name, stage, import)) = import {
                    let address = join(&inner.path, name);
                    return Ok((Target::StageImport(*stage, *import), address));
                }
                // an import that leads nowhere is a fault of the inner chain
                if self.own_imports[level].iter().any(|name| rest.is_some_and(|rest| rest == name))
                {
                    return Err(None);
                }
                let inlets: Vec<String> =
                    inner.inlets.iter().map(|&i| self.inlet_name(i)).collect();
                let inlet = inner.inlets[one_port(&inner.path, "inlet", &inlets, rest)?];
                Ok((Target::ChainInlet(inlet), self.tree.inlets[inlet].address.clone()))
            }
        }
    }

    pub(in crate::chain) fn inlet_name(&self, inlet: InletId) -> String {
        let address = &self.tree.inlets[inlet].address;
        address.rsplit('.').next().unwrap_or(address).to_owned()
    }

    /// Splits `stage.port` into the stage or inner chain and the rest.
    pub(in crate::chain) fn item<'t>(
        &self,
        names: &Names,
        text: &'t str,
    ) -> Result<(Item, Option<&'t str>), Lost> {
        if self.is_broken(&join(&names.path, text)) {
            return Err(None);
        }
        let (head, rest) = match text.split_once('.') {
            Some((head, rest)) => (head, Some(rest)),
            None => (text, None),
        };
        let found = names.by_name.get(head);
        found.map(|item| (*item, rest)).ok_or_else(|| {
            let own = names.own_inlets.iter().map(|(name, _)| name.as_str());
            let own = own.chain(names.own_outlets.iter().map(String::as_str));
            let items = names.items.iter().map(|(name, _)| name.as_str());
            Some(FaultKind::unknown("stage or port", head, items.chain(own)))
        })
    }

    /// The stream that a limit is on: at an own port, a port of a stage or of an inner chain.
    pub(in crate::chain) fn limit_port(&self, names: &Names, text: &str) -> Result<StreamId, Lost> {
        if let Some((_, inlet)) = names.own_inlets.iter().find(|(name, _)| name == text) {
            return Ok(self.tree.inlets[*inlet].accepted);
        }
        if let Some(stream) = self.tree.port(&join(&names.path, text)) {
            return Ok(stream);
        }
        if self.is_excused(&join(&names.path, text)) {
            return Err(None);
        }
        let (item, rest) = self.item(names, text)?;
        let (inlets, address) = match item {
            Item::Stage(stage) => {
                let placed = &self.tree.stages[stage];
                (placed.stage.spec().inlets().to_vec(), &placed.address)
            }
            Item::Chain(level) => {
                let inner = &self.tree.levels[level];
                let inlets = inner.inlets.iter().map(|&i| self.inlet_name(i)).collect();
                (inlets, &inner.path)
            }
        };
        if let Some(port) = rest {
            let prefix = format!("{address}.");
            let ports = self.tree.ports.iter().filter_map(|(port, _)| port.strip_prefix(&prefix));
            return Err(Some(FaultKind::unknown("port", port, ports)));
        }
        let inlet = one_port(address, "inlet", &inlets, None)?;
        let port = join(address, &inlets[inlet]);
        // an inlet that is not joined is a fault of its own
        self.tree.port(&port).ok_or(None)
    }
}
