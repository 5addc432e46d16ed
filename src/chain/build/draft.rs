//! A tree while it is being assembled, and when it is finished.

use crate::chain::tree::{Drawn, Inlet, PlacedStage, Tree};
use crate::ids::List;
use crate::stage::StreamId;

/// A tree being assembled: inlets may be fed by nothing yet.
pub(in crate::chain) type Draft = Tree<Option<StreamId>>;

impl Draft {
    /// The finished tree, or the address of an inlet that is still fed by nothing.
    pub fn finished(self) -> Result<Tree, String> {
        let stages: Result<List<_, _>, String> = self.stages.into_iter().map(fed).collect();
        let inlets: Result<List<_, _>, String> = self.inlets.into_iter().map(offered).collect();
        let stages = stages?;
        Ok(Tree {
            draws: stages.iter().flat_map(drawn).collect(),
            levels: self.levels,
            stages,
            inlets: inlets?,
            limits: self.limits,
            links: self.links,
            loops: self.loops,
            ports: self.ports,
            streams: self.streams,
            loads: self.loads,
            species: self.species,
            compositions: self.compositions,
            per_mole: self.per_mole,
            gerg: self.gerg,
            belonging: self.belonging,
        })
    }
}

/// The imports of a stage that may be drawn from others.
fn drawn(placed: &PlacedStage) -> Vec<Drawn> {
    let names = placed.import_names.iter().zip(&placed.offers).enumerate();
    let drawn = names.filter(|(_, (_, offer))| offer.is_some());
    let drawn = drawn.map(|(import, (name, _))| Drawn {
        address: format!("{}.{name}", placed.address),
        wanted: placed.imports.at(import),
    });
    drawn.collect()
}

fn fed(draft: PlacedStage<Option<StreamId>>) -> Result<PlacedStage, String> {
    let inlets: Option<Vec<StreamId>> = draft.inlets.into_iter().collect();
    Ok(PlacedStage {
        inlets: inlets.ok_or_else(|| draft.address.clone())?,
        address: draft.address,
        stage: draft.stage,
        outlets: draft.outlets,
        imports: draft.imports,
        import_names: draft.import_names,
        demands: draft.demands,
        offers: draft.offers,
        slots: draft.slots,
        loads: draft.loads,
        takes: draft.takes,
    })
}

fn offered(draft: Inlet<Option<StreamId>>) -> Result<Inlet, String> {
    Ok(Inlet {
        offered: draft.offered.ok_or_else(|| draft.address.clone())?,
        address: draft.address,
        level: draft.level,
        accepted: draft.accepted,
        surplus: draft.surplus,
        joined: draft.joined,
        switch: draft.switch,
        unit: draft.unit,
        supply: draft.supply,
    })
}
