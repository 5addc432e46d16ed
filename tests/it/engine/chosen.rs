//! What is right of a straight chain: the greatest openings, and what stops each inlet by the
//! definition itself, set by set.

use crate::engine::level::{Engine, Seen, State};
use crate::engine::programme::{Row, can_hold, greatest};
use crate::engine::world::{Flows, Plant, World};
use std::cmp::Ordering;

/// What is right of a chain that has an allowed state.
pub struct Chosen {
    pub openings: Vec<f64>,
    /// The limits in that state.
    pub state: State,
    /// For each inlet the limits that stop it, by their number in the state; none where too many
    /// are reached to try all sets.
    pub stops: Option<Vec<Vec<usize>>>,
    /// The limits that an inlet raises by itself, for each inlet.
    pub raises: Vec<Vec<bool>>,
}

/// Within this of its scale of its capacity a limit is reached.
const REACHED: f64 = 1e-9;
/// Of more than so many that are reached, not all sets are tried.
const MOST: usize = 9;

/// What is right of a straight chain; none if it has no allowed state.
pub fn chosen(world: &World) -> Option<Chosen> {
    Chosen::of(&world.plant, &world.supplies)
}

impl Chosen {
    /// What is right of a straight chain, inner or outermost, that is offered these flows.
    pub fn of(plant: &Plant, flows: &[Flows]) -> Option<Self> {
        let engine = Engine::new();
        let rows = engine.rows(plant, flows);
        let openings = greatest(plant.inlets, &rows, &plant.order)?;
        let offered: Vec<bool> =
            flows.iter().map(|flows| flows.iter().any(|flow| *flow > 0.0)).collect();
        let open = engine.at(plant, flows, &vec![1.0; plant.inlets]);
        let state = engine.at(plant, flows, &openings);
        let reached: Vec<usize> = (0..rows.len())
            .filter(|&limit| is_reached(&state.seen[limit], &open.seen[limit]))
            .collect();
        let raises = (0..plant.inlets)
            .map(|inlet| rows.iter().map(|row| row.slopes[inlet] > 0.0).collect())
            .collect();
        let stops = (reached.len() <= MOST).then(|| {
            (0..plant.inlets)
                .map(|inlet| {
                    if !offered[inlet] || openings[inlet] > 1.0 - 1e-9 {
                        return Vec::new();
                    }
                    stops(&rows, &reached, &openings, &plant.order, inlet)
                })
                .collect()
        });
        Some(Self { openings, state, stops, raises })
    }

    /// What is wrong with what is named of each inlet, by names within the chain; nothing if it is
    /// what stops by the definition.
    pub fn wrong(&self, named: &[Vec<String>]) -> Option<String> {
        for (inlet, numbers) in self.stops.as_ref()?.iter().enumerate() {
            // those that the inlet raises come first, each by declaration
            let (raised, others): (Vec<usize>, Vec<usize>) =
                numbers.iter().partition(|&&number| self.raises[inlet][number]);
            let names: Vec<&str> = raised
                .iter()
                .chain(&others)
                .map(|&number| self.state.seen[number].address.as_str())
                .collect();
            let named = &named[inlet];
            // an inner inlet is one constraint, by whatever names stop it inside
            let right = if numbers.iter().all(|&number| self.state.seen[number].own) {
                *named == names
            } else {
                named.iter().any(|name| names.contains(&name.as_str()))
            };
            if !right {
                return Some(format!("i{inlet} is stopped by {named:?}, right {names:?}"));
            }
        }
        None
    }
}

/// Whether a limit is at its capacity, or broken.
fn is_reached(seen: &Seen, open: &Seen) -> bool {
    let scale = seen.load.abs().max(seen.allowed.abs());
    let scale = if seen.amounts { scale } else { scale.max(open.load.abs()) };
    seen.over() >= -REACHED * scale
}

/// All limits of the smallest sets that stop an inlet: each set of those that are reached is tried.
pub fn stops(
    rows: &[Row],
    reached: &[usize],
    openings: &[f64],
    order: &[Vec<usize>],
    inlet: usize,
) -> Vec<usize> {
    let mut smallest: Vec<u32> = Vec::new();
    let mut sets: Vec<u32> = (1..1_u32 << reached.len()).collect();
    sets.sort_by_key(|set| set.count_ones());
    for set in sets {
        if smallest.iter().any(|other| set & other == *other) {
            continue;
        }
        let members: Vec<&Row> = (0..reached.len())
            .filter(|member| set >> member & 1 == 1)
            .map(|member| &rows[reached[member]])
            .collect();
        if !opens(&members, openings, order, inlet) {
            smallest.push(set);
        }
    }
    let in_any = |member: &usize| smallest.iter().any(|set| set >> member & 1 == 1);
    (0..reached.len()).filter(in_any).map(|member| reached[member]).collect()
}

/// Whether a small move opens an inlet without raising any of these limits.
fn opens(limits: &[&Row], openings: &[f64], order: &[Vec<usize>], inlet: usize) -> bool {
    let group = order.iter().position(|group| group.contains(&inlet)).expect("a group");
    let mut moves: Vec<(usize, f64)> = Vec::new();
    for other in (0..openings.len()).filter(|&other| other != inlet) {
        let of_other = order.iter().position(|group| group.contains(&other)).expect("a group");
        let higher = of_other == group && openings[other] > openings[inlet] + 1e-9;
        if of_other > group || higher {
            if openings[other] < 1.0 - 1e-9 {
                moves.push((other, 1.0));
            }
            if openings[other] > 1e-9 {
                moves.push((other, -1.0));
            }
        }
    }
    let row = |limit: &&Row| Row {
        slopes: moves.iter().map(|(other, sign)| sign * limit.slopes[*other]).collect(),
        at_most: -limit.slopes[inlet],
    };
    let rows: Vec<Row> = limits.iter().map(row).collect();
    if moves.is_empty() {
        return rows.iter().all(|row| row.at_most >= 0.0);
    }
    can_hold(moves.len(), &rows)
}

/// Which of two openings is the greater in order: of a group the smallest first, then the next.
pub fn compare(order: &[Vec<usize>], one: &[f64], other: &[f64], within: f64) -> Ordering {
    for group in order {
        let sorted = |openings: &[f64]| {
            let mut members: Vec<f64> = group.iter().map(|&inlet| openings[inlet]).collect();
            members.sort_by(f64::total_cmp);
            members
        };
        for (a, b) in sorted(one).into_iter().zip(sorted(other)) {
            if (a - b).abs() > within {
                return a.total_cmp(&b);
            }
        }
    }
    Ordering::Equal
}
