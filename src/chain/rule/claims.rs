//! What stages claim, judged where a run ends.
//!
//! The operating rule follows straight lines where stages claim to be linear. Whether the loads that
//! it ended at lie on them is judged in every run; where they do not, or anything else is the
//! matter, each claim is judged by itself, so that a false one is named.

use super::apart::Apart;
use super::plan::{Finding, Held};
use super::workspace::{Run, Space};
use crate::chain::error::SolveError;
use crate::chain::tree::LevelId;
use crate::gas::BlendedGas;
use crate::limit::Direction;

/// How far a load may be off the straight line that was followed, relative to what it is made of.
const ON_THE_LINE: f64 = 1e-9;

/// How far a mole fraction may be off that of a blend of sources.
const A_BLEND: f64 = 1e-7;

/// A flow this small, mol/s, may be what rounding left of a large one, and have no composition.
const NOTHING: f64 = 1e-3;

impl Run<'_> {
    /// Judges the loads of every level that was opened along straight lines.
    pub(super) fn check_straight_lines(&self, space: &Space<f64>) -> Result<(), SolveError> {
        let levels = self.prepared.levels.pairs();
        let straight = |finding| matches!(finding, Finding::Straight { .. });
        for (id, _) in levels.filter(|(_, level)| straight(level.finding)) {
            if !self.is_on_its_lines(id, space) {
                let place = self.tree.levels[id].name.clone();
                return Err(SolveError::NotConverged { place });
            }
        }
        Ok(())
    }

    fn is_on_its_lines(&self, id: LevelId, space: &Space<f64>) -> bool {
        let level = &self.prepared.levels[id];
        level.constraints.pairs().all(|(constraint, own)| {
            let Held::Limit(limit) = own.held else { return true };
            let (load, allowed) = self.load_and_allowed(limit, space);
            let (got, scale) =
                if self.has_constant(limit) { (load, load) } else { (load - allowed, allowed) };
            let got = match self.tree.limits[limit].direction {
                Direction::AtMost => got,
                Direction::AtLeast => -got,
            };
            let (mut line, mut made_of) = (0.0, scale.abs());
            for (inlet, &at) in self.tree.levels[id].inlets.iter().enumerate() {
                let response = level.responses_to(inlet).at(constraint.index());
                let part = space.responses[response] * space.fraction[at];
                line += part;
                made_of += part.abs();
            }
            (got - line).abs() <= ON_THE_LINE * made_of
        })
    }

    /// Judges that what came to each stage that asked for the gas of whatever can come there is a
    /// blend of the sources that were found: else a stage on the way claims falsely what it does.
    pub(super) fn check_blends(&self, space: &Space<f64>) -> Result<(), SolveError> {
        for (stage, stream, gas) in &self.prepared.sources.asking {
            let flows = &space.streams[*stream];
            let blend = space.gases.constants(*gas);
            let is_off = |blend: &BlendedGas| {
                flows.iter().sum::<f64>() > NOTHING && blend.off(flows) > A_BLEND
            };
            if blend.is_some_and(is_off) {
                let place = self.tree.stages[*stage].address.clone();
                return Err(SolveError::NotConverged { place });
            }
        }
        Ok(())
    }

    /// The first claim that is false, of what the run has come to: of being linear, or of keeping
    /// what comes.
    pub(super) fn false_claim(&self, space: &Space<f64>) -> Option<SolveError> {
        let mut inputs = Vec::new();
        let mut stages = self.prepared.linear.pairs().filter(|(id, linear)| {
            let spec = self.tree.stages[*id].stage.spec();
            linear.contains(&true) || (0..linear.len()).any(|outlet| spec.is_kept(outlet))
        });
        stages.find_map(|(id, linear)| {
            let placed = &self.tree.stages[id];
            let apart = Apart::of(self, id, space);
            apart.gather(space, &mut inputs);
            let flows = &inputs[..apart.alone.reads * apart.alone.species];
            // a run that broke off may leave anything
            if !flows.iter().all(|flow| (0.0..f64::INFINITY).contains(flow)) {
                return None;
            }
            let source = apart.alone.false_claim(&*placed.stage, &inputs, linear)?;
            Some(SolveError::Stage { stage: placed.address.clone(), source })
        })
    }
}
