//! Why no openings are allowed: limits that cannot hold, at the state nearest to allowed.

use super::choose::{
    Feel, HOLDS_WITHIN, REACHED_WITHIN, Rows, Sought, nearest, nearest_bent, smallest_set,
};
use super::felt::FeltLevel;
use super::plan::{Held, Response};
use super::workspace::{Operates, Run, Space};
use crate::chain::error::{CannotHold, SolveError};
use crate::chain::tree::{LevelId, LimitId, PlacedLoad};
use crate::ids::List;
use crate::limit::Direction;

impl Run<'_> {
    /// Why no openings of a straight level are allowed.
    pub(super) fn cannot_hold_straight<S: Operates>(
        &self,
        id: LevelId,
        rows: &Rows,
        sought: &Sought,
        space: &Space<S>,
    ) -> SolveError {
        let all = rows.of.ids().iter().collect();
        let set = smallest_set(all, |some| {
            Ok(nearest(rows, sought, |constraint| some.contains(&constraint)).1 <= HOLDS_WITHIN)
        });
        let set = set.unwrap_or_default();
        let (at, ..) = nearest(rows, sought, |constraint| set.contains(&constraint));
        let level = &self.prepared.levels[id];
        let held = set.iter().filter_map(|&constraint| {
            let Held::Limit(limit) = level.constraints[constraint].held else { return None };
            let place = constraint.index();
            let sum = |list: &List<Response, S>| {
                let of = |(inlet, at): (usize, &f64)| {
                    list[level.responses_to(inlet).at(place)].value() * at
                };
                at.iter().enumerate().map(of).sum::<f64>()
            };
            let placed = &self.tree.limits[limit];
            let capacity = space.capacity[limit].value();
            let load = match placed.direction {
                Direction::AtMost => sum(&space.responses),
                Direction::AtLeast => -sum(&space.responses),
            };
            let load = if self.has_constant(limit) {
                Some(load)
            } else {
                // response and allowed amount, both of what flows
                let whole = sum(&space.scales) / capacity;
                (whole > 0.0).then(|| load / whole + capacity)
            };
            Some(self.broken(limit, load, capacity))
        });
        SolveError::NoState { cannot_hold: held.collect() }
    }

    /// A chain inside that has no allowed state, where nothing outside could know of it.
    pub(super) fn check_states(&self, space: &Space<f64>) -> Result<(), SolveError> {
        for (id, &nowhere) in space.nowhere.pairs() {
            if nowhere > HOLDS_WITHIN {
                let mut cannot_hold = Vec::new();
                self.name_reached(id, space, &mut cannot_hold);
                return Err(SolveError::NoState { cannot_hold });
            }
        }
        Ok(())
    }

    /// Why no openings of a bent level are allowed.
    pub(super) fn cannot_hold_bent(
        &self,
        level: &mut FeltLevel<'_, '_>,
        sought: &Sought,
    ) -> SolveError {
        let prepared = &self.prepared.levels[level.id];
        let all = prepared.constraints.ids().iter().collect();
        let found = smallest_set(all, |some| {
            Ok(nearest_bent(level, sought, &|own| some.contains(&own))?.1 <= HOLDS_WITHIN)
        })
        .and_then(|set| {
            let (at, _) = nearest_bent(level, sought, &|own| set.contains(&own))?;
            level.look_at(&at)?;
            Ok(set)
        });
        let set = match found {
            Ok(set) => set,
            Err(error) => return error,
        };
        let space = &*level.mine;
        let mut cannot_hold = Vec::new();
        for &constraint in &set {
            self.name_broken(prepared.constraints[constraint].held, space, &mut cannot_hold);
        }
        SolveError::NoState { cannot_hold }
    }

    /// Names what is broken where a constraint is: limits, of a chain inside its own.
    fn name_broken<S: Operates>(&self, held: Held, space: &Space<S>, named: &mut Vec<CannotHold>) {
        match held {
            Held::Limit(limit) => {
                let load = match &self.tree.limits[limit].load {
                    PlacedLoad::Port { stream, load } => {
                        let flows: Vec<f64> =
                            space.streams[*stream].iter().map(|flow| flow.value()).collect();
                        load.of(&flows)
                    }
                    PlacedLoad::Stated(load) => Some(space.stated[*load].value()),
                };
                named.push(self.broken(limit, load, space.capacity[limit].value()));
            }
            Held::Refuses(inlet) => {
                let level = self.tree.inlets[inlet].level;
                self.name_reached(level, space, named);
            }
            Held::State(level) => self.name_reached(level, space, named),
            Held::Draw { wanted, .. } => {
                let measured = self.measure(held, space);
                let wanted_moles: f64 = space.streams[wanted].iter().map(|flow| flow.value()).sum();
                named.push(CannotHold {
                    limit: (self.tree.stop_address(self.tree.stop_of_draw(wanted)))
                        .unwrap_or_default()
                        .to_owned(),
                    load: Some(wanted_moles),
                    capacity: wanted_moles - measured.slack.value(),
                    direction: Direction::AtMost,
                    unit: "mol/s".to_owned(),
                });
            }
        }
    }

    /// Names the limits of a chain inside that are at or beyond their capacity.
    fn name_reached<S: Operates>(
        &self,
        level: LevelId,
        space: &Space<S>,
        named: &mut Vec<CannotHold>,
    ) {
        for constraint in &self.prepared.levels[level].constraints {
            let measured = self.measure(constraint.held, space);
            let near = measured.slack.value() >= -REACHED_WITHIN * measured.scale.value();
            if let Held::Limit(limit) = constraint.held
                && named.iter().any(|own| own.limit == self.tree.limits[limit].address)
            {
                continue;
            }
            if near {
                self.name_broken(constraint.held, space, named);
            }
        }
    }

    fn broken(&self, limit: LimitId, load: Option<f64>, capacity: f64) -> CannotHold {
        let placed = &self.tree.limits[limit];
        CannotHold {
            limit: placed.address.clone(),
            load: load.map(|load| placed.unit.from_si(load)),
            capacity: placed.unit.from_si(capacity),
            direction: placed.direction,
            unit: placed.unit.to_string(),
        }
    }
}
