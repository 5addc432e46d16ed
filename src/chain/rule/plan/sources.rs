//! Which sources can reach a stage that asks for the gas of whatever comes: found from how stages are
//! joined, whatever flows.
//!
//! From a supply on, a stream is a blend of materials as long as every stage on its way keeps what
//! comes, or is linear: then what leaves there is a blend of what it makes of each material that
//! comes. An inner inlet passes on what it accepts. Behind anything else (a recycle, equations that
//! are not linear, what an inner inlet refuses) nothing is known.

use super::Prepared;
use crate::chain::tree::{InletId, LevelId, OUTERMOST, PlacedStage, StageId, Step, Tree};
use crate::ids::{All, Id, List};
use crate::param::Choices;
use crate::stage::{Stream, StreamId};

/// Most materials that are followed to a stage.
const MOST: usize = 12;

/// Something of a composition that no opening moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::chain) enum Material {
    /// What a supply offers at an inlet.
    Offered(InletId),
    /// What a linear stage makes of a material that comes to one of its inlets, at an outlet.
    Made { stage: StageId, inlet: usize, outlet: usize, of: Id<Material> },
}

/// The gas of whatever some materials are blended to.
pub(in crate::chain) type GasAt = Id<Vec<Id<Material>>>;

/// What can come to the stages that ask for it.
#[derive(Debug, Clone, Default)]
pub(in crate::chain) struct Sources {
    /// Each after those that it is made of.
    pub materials: All<Material>,
    /// The materials of each gas that is asked for.
    pub gases: All<Vec<Id<Material>>>,
    /// By stage: the gas that it asks for, where it is known; of no stage where none asks.
    asked: List<PlacedStage, Option<GasAt>>,
    /// Stages that ask for one that is known, with what comes to them.
    pub asking: Vec<(StageId, StreamId, GasAt)>,
}

impl Sources {
    /// The gas that a stage asks for.
    pub fn gas(&self, stage: StageId) -> Option<GasAt> {
        if self.asking.is_empty() { None } else { self.asked[stage] }
    }

    /// Finds them, given by stage the inlet whose gas is asked for.
    pub(super) fn find(
        tree: &Tree,
        prepared: &Prepared,
        choices: &Choices,
        asks: &[(StageId, usize)],
    ) -> Self {
        let mut own = Self::default();
        if asks.is_empty() {
            return own;
        }
        let unknown = List::filled(tree.streams, None);
        let mut search = Search { tree, prepared, choices, found: &mut own, of: unknown };
        search.level(OUTERMOST);
        let of = search.of;
        own.asked = List::filled(tree.stages.ids(), None);
        for &(stage, inlet) in asks {
            let stream = tree.stages[stage].inlets[inlet];
            let Some(materials) = &of[stream] else { continue };
            let known = own.gases.position(|gas| gas == materials);
            let gas = known.unwrap_or_else(|| own.gases.push(materials.clone()));
            own.asked[stage] = Some(gas);
            own.asking.push((stage, stream, gas));
        }
        own.forget_what_is_not_asked_for();
        own
    }

    /// Keeps only materials that gases are blends of, and those that these are made of.
    fn forget_what_is_not_asked_for(&mut self) {
        let mut needed = List::filled(self.materials.ids(), false);
        for &material in self.gases.iter().flatten() {
            needed[material] = true;
        }
        for (id, material) in self.materials.pairs().rev() {
            if let (true, Material::Made { of, .. }) = (needed[id], *material) {
                needed[of] = true;
            }
        }
        let all = std::mem::take(&mut self.materials);
        let mut now = List::filled(all.ids(), Id::at(0));
        for (id, material) in all.pairs().filter(|(id, _)| needed[*id]) {
            now[id] = self.materials.push(match *material {
                Material::Made { stage, inlet, outlet, of } => {
                    Material::Made { stage, inlet, outlet, of: now[of] }
                }
                offered @ Material::Offered(_) => offered,
            });
        }
        for material in self.gases.iter_mut().flatten() {
            *material = now[*material];
        }
    }
}

/// A search from the supplies on, in running order.
struct Search<'a> {
    tree: &'a Tree,
    prepared: &'a Prepared,
    choices: &'a Choices,
    found: &'a mut Sources,
    /// By stream: the materials that it is a blend of, in order, where they are known.
    of: List<Stream, Option<Vec<Id<Material>>>>,
}

impl Search<'_> {
    fn level(&mut self, id: LevelId) {
        let level = &self.tree.levels[id];
        for &inlet in &level.inlets {
            let placed = &self.tree.inlets[inlet];
            self.of[placed.accepted] = if id == OUTERMOST {
                placed.supply.map(|_| vec![self.found.materials.push(Material::Offered(inlet))])
            } else {
                self.of[placed.offered].clone()
            };
        }
        for &step in &level.steps {
            match step {
                Step::Stage(stage) => self.stage(stage),
                Step::Chain(inner) => self.level(inner),
                // of what goes round nothing is known
                Step::Loop(_) => {}
            }
        }
    }

    fn stage(&mut self, id: StageId) {
        let placed = &self.tree.stages[id];
        let spec = placed.stage.spec();
        let fed: Vec<Option<&Vec<Id<Material>>>> =
            placed.inlets.iter().map(|&inlet| self.of[inlet].as_ref()).collect();
        let Some(fed) = fed.into_iter().collect::<Option<Vec<_>>>() else { return };
        let fed: Vec<(usize, Id<Material>)> = fed
            .iter()
            .enumerate()
            .flat_map(|(at, of)| of.iter().map(move |&one| (at, one)))
            .collect();
        if fed.is_empty() || fed.len() > MOST {
            return;
        }
        let is_alone = placed.takes.as_ref().is_none_or(|taken| taken.now(self.choices).is_none())
            && self.prepared.demands[id]
                .iter()
                .chain(&self.prepared.offers[id])
                .all(Option::is_none);
        for (outlet, stream) in placed.outlets.iter().enumerate() {
            self.of[stream] = if spec.is_kept(outlet) {
                let mut kept: Vec<Id<Material>> = fed.iter().map(|(_, of)| *of).collect();
                kept.sort_unstable_by_key(|of| of.index());
                kept.dedup();
                Some(kept)
            } else if is_alone && self.prepared.linear[id][outlet] {
                let made =
                    fed.iter().map(|&(inlet, of)| Material::Made { stage: id, inlet, outlet, of });
                Some(made.map(|made| self.found.materials.push(made)).collect())
            } else {
                None
            };
        }
    }
}
