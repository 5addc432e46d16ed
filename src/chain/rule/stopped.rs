//! What stops each inlet, named once a run has ended.

use super::choose::{Feel, HOLDS_WITHIN, REACHED_WITHIN, Slopes, Sought, stops};
use super::felt::FeltLevel;
use super::plan::{Constraint, Finding, Held};
use super::workspace::{Run, Space};
use crate::chain::error::SolveError;
use crate::chain::tree::{Inlet, InletId, LevelId, OUTERMOST, Stop};
use crate::ids::{Id, List};
use crate::scalar::Dual;

/// How far an inlet is moved to see how loads go on there.
const MOVED: f64 = 1e-8;

/// What is reached at a level in the end, and how loads go on from there.
struct Ended {
    at: Vec<f64>,
    sought: Sought,
    reached: Vec<Id<Constraint>>,
    /// Those of them that do not hold.
    broken: Vec<Id<Constraint>>,
    /// Where they are needed.
    slopes: Option<Slopes>,
}

/// Names what stops inlets, level by level.
struct Naming<'n, 'r> {
    run: &'n Run<'r>,
    space: &'n Space<f64>,
    deeper: &'n mut [Space<Dual>],
    /// Levels looked at so far.
    ended: Vec<(LevelId, Ended)>,
}

impl Run<'_> {
    /// Names what stops each inlet of a run.
    pub(super) fn name_stops(
        &self,
        all: &mut List<Inlet, Vec<Stop>>,
        space: &Space<f64>,
        deeper: &mut [Space<Dual>],
    ) -> Result<(), SolveError> {
        let mut naming = Naming { run: self, space, deeper, ended: Vec::new() };
        for (id, level) in self.prepared.levels.pairs() {
            for (place, &inlet) in self.tree.levels[id].inlets.iter().enumerate() {
                all[inlet].clear();
                if level.finding == Finding::Full || space.fraction[inlet] >= 1.0 {
                    continue;
                }
                all[inlet] = naming.of(id, place)?;
            }
        }
        Ok(())
    }
}

impl Naming<'_, '_> {
    /// What stops an inlet of a level, or would if it were offered a little more.
    fn of(&mut self, id: LevelId, inlet: usize) -> Result<Vec<Stop>, SolveError> {
        let place = self.look_at(id)?;
        let ended = &self.ended[place].1;
        let last = ended.sought.groups.last().map(Vec::as_slice);
        let named = match (&ended.reached[..], &ended.slopes) {
            // what alone is reached stops the one that alone could open further
            (&[only], _) if last == Some(&[inlet]) => vec![only],
            (reached, Some(slopes)) => {
                stops(inlet, &ended.at, &ended.sought, reached, &ended.broken, slopes)
            }
            (_, None) => Vec::new(),
        };
        let constraints = &self.run.prepared.levels[id].constraints;
        let mut held: Vec<Held> = named.iter().map(|&own| constraints[own].held).collect();
        let jumps = &self.space.jumps[self.run.tree.levels[id].inlets[inlet]];
        held.extend(jumps);
        if held.is_empty() {
            held = ended.reached.iter().map(|&own| constraints[own].held).collect();
        }
        let mut all = Vec::new();
        for held in held {
            for stop in self.named(held)? {
                if !all.contains(&stop) {
                    all.push(stop);
                }
            }
        }
        Ok(all)
    }

    /// What a constraint is named by.
    fn named(&mut self, held: Held) -> Result<Vec<Stop>, SolveError> {
        match held {
            Held::Limit(limit) => Ok(vec![Stop::limit(limit)]),
            Held::Draw { wanted, .. } => Ok(vec![self.run.tree.stop_of_draw(wanted)]),
            Held::Refuses(inlet) => self.inside(inlet),
            Held::State(level) => self.reached_in(level),
        }
    }

    /// What would stop a closed inlet inside its chain.
    fn inside(&mut self, inlet: InletId) -> Result<Vec<Stop>, SolveError> {
        let level = self.run.tree.inlets[inlet].level;
        let place = self.run.tree.levels[level].inlets.iter().position(|&own| own == inlet);
        let Some(place) = place else { return Ok(Vec::new()) };
        self.of(level, place)
    }

    /// All that is reached at a level.
    fn reached_in(&mut self, level: LevelId) -> Result<Vec<Stop>, SolveError> {
        let place = self.look_at(level)?;
        let constraints = &self.run.prepared.levels[level].constraints;
        let reached = self.ended[place].1.reached.clone();
        let mut all = Vec::new();
        for own in reached {
            all.extend(self.named(constraints[own].held)?);
        }
        Ok(all)
    }

    /// Looks at a level once; gives its place among those looked at.
    fn look_at(&mut self, id: LevelId) -> Result<usize, SolveError> {
        if let Some(place) = self.ended.iter().position(|(other, _)| *other == id) {
            return Ok(place);
        }
        let inlets = &self.run.tree.levels[id].inlets;
        let at: Vec<f64> = inlets.iter().map(|&inlet| self.space.fraction[inlet]).collect();
        let sought = self.run.sought(id, self.space);
        let ended = match self.run.prepared.levels[id].finding {
            Finding::Bent { .. } => self.bent(id, at, sought)?,
            Finding::Straight { .. } | Finding::Full => self.straight(id, at, sought),
        };
        self.ended.push((id, ended));
        Ok(self.ended.len() - 1)
    }

    fn straight(&self, id: LevelId, at: Vec<f64>, sought: Sought) -> Ended {
        let rows = self.run.rows(id, self.space);
        let reached = rows.of.ids().iter().filter(|&own| rows.slack(own, &at) >= -REACHED_WITHIN);
        let reached = reached.collect();
        let broken = rows.of.ids().iter().filter(|&own| rows.slack(own, &at) > HOLDS_WITHIN);
        let broken = broken.collect();
        let closing = rows.of.iter().map(|of| of.iter().map(|own| -own).collect()).collect();
        let slopes = Some(Slopes { opening: rows.of, closing });
        Ended { at, sought, reached, broken, slopes }
    }

    fn bent(&mut self, id: LevelId, at: Vec<f64>, sought: Sought) -> Result<Ended, SolveError> {
        let constraints = &self.run.prepared.levels[id].constraints;
        let Some((mine, rest)) = self.deeper.split_first_mut() else {
            return Err(SolveError::NotConverged { place: self.run.tree.levels[id].name.clone() });
        };
        let found = mine.found_again(id, &self.run.given(id, self.space), &sought);
        let mut level = FeltLevel::new(self.run, id, self.space, mine, rest);
        // where the openings were chosen in this memory, what is felt there was looked at last
        let felt = found.as_ref().filter(|found| found.choice.at == at);
        let view = match felt.and_then(|found| Some((found.choice.felt.clone()?, found))) {
            Some((view, found)) => {
                level.all_open.clone_from(&found.all_open);
                view
            }
            None => level.look_from_open(&at)?,
        };
        let reached: Vec<Id<Constraint>> = (view.of.pairs())
            .filter(|(_, felt)| felt.slack >= -REACHED_WITHIN * felt.scale)
            .map(|(own, _)| own)
            .collect();
        let broken: Vec<Id<Constraint>> =
            view.of.pairs().filter(|(_, felt)| felt.is_passed()).map(|(own, _)| own).collect();
        let alone = sought.groups.last().is_some_and(|last| {
            let before = sought.groups[..sought.groups.len() - 1].iter().flatten();
            last.len() == 1 && before.into_iter().all(|&inlet| at[inlet] >= 1.0)
        });
        if alone && reached.len() == 1 {
            return Ok(Ended { at, sought, reached, broken, slopes: None });
        }
        let mut slopes = Slopes {
            opening: List::filled(constraints.ids(), Vec::new()),
            closing: List::filled(constraints.ids(), Vec::new()),
        };
        // of the outermost chain's inlets those are asked for that are not open: where the last alone
        // is not, no other may move for it
        let only = sought.groups.last().filter(|_| alone && id == OUTERMOST);
        let asked =
            |inlet: usize, side: f64| only.is_none_or(|only| side > 0.0 && only.contains(&inlet));
        for inlet in 0..at.len() {
            for (side, list) in [(1.0, &mut slopes.opening), (-1.0, &mut slopes.closing)] {
                if !asked(inlet, side) {
                    list.iter_mut().for_each(|own| own.push(0.0));
                    continue;
                }
                let mut moved = at.clone();
                moved[inlet] = (at[inlet] + side * MOVED).max(0.5 * at[inlet]);
                let mut way = vec![0.0; at.len()];
                way[inlet] = side;
                let view = level.look(&moved, &way)?;
                for (own, felt) in list.iter_mut().zip(&view.of) {
                    let scale = if felt.scale > 0.0 { felt.scale } else { 1.0 };
                    own.push(felt.slope / scale);
                }
            }
        }
        Ok(Ended { at, sought, reached, broken, slopes: Some(slopes) })
    }
}
