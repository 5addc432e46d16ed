//! The largest opening along one way at which all constraints hold, looked for from open downwards.
//!
//! From where something is broken, straight lines say how far down at the least everything could
//! hold again; slopes change at events, and there the lines are drawn anew. So no allowed stretch is
//! passed unseen where loads are straight between events. Where they bend, tangents bound what lies
//! between two points, and where they may oscillate no step is longer than a sixteenth.

use super::{
    AT_EVENT, ConstraintId, FLAT, Feel, Felt, HOLDS_WITHIN, LONGEST_STEP, PAST_EVENT,
    REACHED_WITHIN, SAME, SHUT_BELOW, View,
};
use crate::chain::error::SolveError;

/// Steps shorter than this, relative to their place, are made longer each time.
const SHORT: f64 = 1e-10;

/// Slopes above this, relative to the scale, say where a capacity lies within its tolerance.
const STEEP: f64 = 1e-9;

/// Openings that are this close, relative to their place, are as good as one.
const CLOSE: f64 = 4e-13;

/// A step that leaves less than this of how far constraints are off is worth another like it.
const MUCH_NEARER: f64 = 0.1;

/// A guess that leaves less than this of the way is worth another.
const FEW: f64 = 0.1;

/// Most looks before the search gives up.
const MOST_LOOKS: usize = 600;

/// How many openings are looked at where later answers bend sharply.
const LOOKS_ABOVE: u8 = 24;

/// How far below a jump openings are put.
const BELOW_A_JUMP: f64 = 1e-12;

/// Where a search ended.
#[derive(Debug, Clone)]
pub(super) enum End {
    /// All open.
    Open,
    /// At this opening, where a constraint is at its capacity.
    Reached(f64, ConstraintId),
    /// Just below an opening at which these break at once.
    Jump(f64, Vec<ConstraintId>),
}

impl End {
    /// The opening that was found.
    pub fn opening(&self) -> f64 {
        match self {
            Self::Open => 1.0,
            Self::Reached(opening, _) | Self::Jump(opening, _) => *opening,
        }
    }
}

/// A search along one way.
struct Search<'s, F: Feel + ?Sized> {
    feel: &'s mut F,
    at: &'s [f64],
    moved: &'s [usize],
    counts: &'s dyn Fn(ConstraintId) -> bool,
    looks: usize,
}

/// Opens the inlets that are moved alike, as far as the constraints that count allow with the
/// others as they are; `None` where none of their openings is allowed.
pub(super) fn down<F: Feel + ?Sized>(
    feel: &mut F,
    at: &[f64],
    moved: &[usize],
    counts: &dyn Fn(ConstraintId) -> bool,
) -> Result<Option<End>, SolveError> {
    let mut search = Search { feel, at, moved, counts, looks: 0 };
    let open = search.look(1.0)?;
    search.run(open)
}

/// The same, where what is felt at one, looking down, is known.
pub(super) fn down_from<F: Feel + ?Sized>(
    open: View,
    feel: &mut F,
    at: &[f64],
    moved: &[usize],
) -> Result<Option<End>, SolveError> {
    Search { feel, at, moved, counts: &|_| true, looks: 0 }.run(open)
}

/// The same, where later answers bend sharply: some openings above the one found are looked at, too.
pub(super) fn down_with_looks<F: Feel + ?Sized>(
    feel: &mut F,
    at: &[f64],
    moved: &[usize],
    counts: &dyn Fn(ConstraintId) -> bool,
) -> Result<Option<End>, SolveError> {
    let found = down(feel, at, moved, counts)?;
    let above = match &found {
        None => -1.0,
        Some(End::Open) => return Ok(found),
        Some(end) => end.opening(),
    };
    let mut search = Search { feel, at, moved, counts, looks: 0 };
    let mut upper = (1.0, search.look(1.0)?);
    for part in (0..LOOKS_ABOVE).rev() {
        let opening = f64::from(part) / f64::from(LOOKS_ABOVE);
        if opening <= above {
            break;
        }
        let view = search.look(opening)?;
        if search.broken(&view).next().is_none() {
            let view = search.look_up(opening, view)?;
            return search.between((opening, view), upper).map(Some);
        }
        upper = (opening, view);
    }
    Ok(found)
}

/// Openings with some moved to `opening`.
pub(super) fn with(at: &[f64], moved: &[usize], opening: f64) -> Vec<f64> {
    let mut own = at.to_vec();
    for &inlet in moved {
        own[inlet] = opening;
    }
    own
}

/// The way on which some inlets shut alike.
pub(super) fn way_down(inlets: usize, moved: &[usize]) -> Vec<f64> {
    let mut way = vec![0.0; inlets];
    for &inlet in moved {
        way[inlet] = -1.0;
    }
    way
}

impl<F: Feel + ?Sized> Search<'_, F> {
    /// What is felt at an opening, looking down.
    fn look(&mut self, opening: f64) -> Result<View, SolveError> {
        self.looks += 1;
        if self.looks > MOST_LOOKS {
            return Err(self.feel.lost());
        }
        let way = way_down(self.at.len(), self.moved);
        self.feel.look(&with(self.at, self.moved, opening), &way)
    }

    /// What is felt at an opening at which all holds, with slopes as they are above it.
    fn look_up(&mut self, opening: f64, view: View) -> Result<View, SolveError> {
        if !self.feel.has_sides() || self.broken(&view).next().is_some() {
            return Ok(view);
        }
        let mut way = vec![0.0; self.at.len()];
        for &inlet in self.moved {
            way[inlet] = 1.0;
        }
        let mut view = self.feel.look(&with(self.at, self.moved, opening), &way)?;
        for felt in view.of.iter_mut() {
            felt.slope = -felt.slope;
        }
        Ok(view)
    }

    fn broken<'v>(&'v self, view: &'v View) -> impl Iterator<Item = (ConstraintId, &'v Felt)> {
        view.of.pairs().filter(|(constraint, felt)| (self.counts)(*constraint) && felt.is_passed())
    }

    /// From what is felt at one.
    fn run(mut self, open: View) -> Result<Option<End>, SolveError> {
        let (mut here, mut opening) = (open, 1.0);
        let mut haste = 1.0;
        loop {
            if self.broken(&here).next().is_none() {
                return Ok(Some(End::Open));
            }
            if opening == 0.0 {
                return Ok(None);
            }
            // all that is broken has to hold again: at the least as far as the farthest
            let distance = |felt: &Felt| {
                if felt.slope < 0.0 { felt.slack / -felt.slope } else { f64::INFINITY }
            };
            let farthest = self.broken(&here).map(|(_, felt)| distance(felt)).fold(0.0, f64::max);
            // slopes may change within the tolerance of what is sought
            let past = here.event + opening * PAST_EVENT;
            let mut step = if farthest <= here.event + AT_EVENT { farthest } else { past };
            if self.feel.oscillates() {
                step = step.min(LONGEST_STEP);
            }
            if step < SHORT * opening {
                step = step.max(opening * f64::EPSILON * haste);
                haste *= 4.0;
            } else {
                haste = 1.0;
            }
            let next = if step >= opening * (1.0 - f64::EPSILON) { 0.0 } else { opening - step };
            let mut there = self.look(next)?;
            let mut lower = next;
            // where tangents leave room for all to hold between the two
            if !self.feel.is_straight_between()
                && let Some(dip) = self.dip((opening, &here), (next, &there))
            {
                let between = self.look(dip)?;
                if self.broken(&between).next().is_none() {
                    (there, lower) = (between, dip);
                }
            }
            if self.broken(&there).next().is_none() {
                let there = self.look_up(lower, there)?;
                return self.between((lower, there), (opening, here)).map(Some);
            }
            // what was broken holds there, and other things do not: between the two all may hold
            let before: Vec<ConstraintId> = self.broken(&here).map(|(index, _)| index).collect();
            let holds = |index: &ConstraintId| !there.of[*index].is_passed();
            let deep = |index: &ConstraintId| {
                let felt = &there.of[*index];
                felt.slack < -REACHED_WITHIN * felt.scale
            };
            if before.iter().all(holds) && before.iter().any(deep) {
                let counts = |own| before.contains(&own);
                let Self { at, moved, looks, .. } = self;
                let mut own = Search { feel: &mut *self.feel, at, moved, counts: &counts, looks };
                let upper = (opening, here);
                if let End::Reached(at, _) = own.between((lower, there.clone()), upper)?
                    && at > lower
                {
                    self.looks = own.looks;
                    (here, opening) = (self.look(at)?, at);
                    if self.broken(&here).next().is_none() {
                        let index = before.iter().copied().max_by(|a, b| {
                            let slack = |index: ConstraintId| here.of[index].slack;
                            slack(*a).total_cmp(&slack(*b)).then(b.cmp(a))
                        });
                        return Ok(index.map(|index| End::Reached(opening, index)));
                    }
                    continue;
                }
            }
            (here, opening) = (there, lower);
        }
    }

    /// Between two openings at which the same constraints are broken: where their tangents meet, if
    /// all may hold there.
    fn dip(&self, (upper, here): (f64, &View), (lower, there): (f64, &View)) -> Option<f64> {
        let width = upper - lower;
        let mut meets = Vec::new();
        for (constraint, felt) in self.broken(here) {
            let other = &there.of[constraint];
            if !other.is_passed() || felt.slope >= 0.0 || other.slope <= felt.slope {
                continue;
            }
            let step =
                (other.slack - other.slope * width - felt.slack) / (felt.slope - other.slope);
            let value = felt.slack + felt.slope * step;
            if step <= 1e-3 * width || step >= (1.0 - 1e-3) * width {
                continue;
            }
            if value > 0.0 {
                return None;
            }
            meets.push(step);
        }
        let mean = meets.iter().sum::<f64>() / meets.len() as f64;
        (!meets.is_empty()).then_some(upper - mean)
    }

    /// Where constraints are at their capacity between an opening at which all hold and a larger one
    /// at which some do not: Newton steps from the nearer side, kept between the two.
    fn between(
        &mut self,
        (mut low, mut held): (f64, View),
        (mut high, mut broken): (f64, View),
    ) -> Result<End, SolveError> {
        let (mut stalls, mut last_kink) = (false, f64::NAN);
        loop {
            let over: Vec<ConstraintId> = self.broken(&broken).map(|(index, _)| index).collect();
            let width = high - low;
            let narrow = width <= 4.0 * f64::EPSILON * high || width < SHUT_BELOW;
            let near = width <= CLOSE * high;
            let within = if narrow { REACHED_WITHIN } else { SAME };
            // at its capacity, and rising from there; what is flat below rises just above
            let is_reached = |index: &&ConstraintId| {
                let felt = &held.of[**index];
                felt.slack >= -within * felt.scale && (near || felt.slope < -FLAT * felt.scale)
            };
            let rise = |index: ConstraintId| -held.of[index].slope / held.of[index].scale;
            // of several, the one that breaks first
            let steepest = |a: &&ConstraintId, b: &&ConstraintId| {
                rise(**a).total_cmp(&rise(**b)).then(b.cmp(a))
            };
            if let Some(&index) = over.iter().filter(is_reached).max_by(steepest) {
                let felt = &held.of[index];
                // from within its tolerance, or from just above it, to its capacity
                let above = &broken.of[index];
                let opening = if felt.slope < -STEEP * felt.scale {
                    (low + felt.slack / felt.slope).clamp(0.0, high)
                } else if above.slope < -STEEP * above.scale {
                    (high + above.slack / above.slope).clamp(low, high)
                } else {
                    low
                };
                let is_tiny = opening > 0.0 && opening < HOLDS_WITHIN;
                if is_tiny && self.look(0.0)?.of[index].slack >= -SAME * felt.scale {
                    return Ok(End::Reached(0.0, index));
                }
                return Ok(End::Reached(opening, index));
            }
            if narrow {
                return Ok(End::Jump((high - BELOW_A_JUMP).max(0.0).min(low), over));
            }
            // what breaks at once may do so where others have a kink
            if stalls && let Some(kink) = kink((low, &held), (high, &broken)) {
                let moved = (kink - last_kink).abs();
                let by = if moved.is_nan() { 1e-3 * width } else { 2.0 * moved };
                let by = by.max(2.0 * f64::EPSILON * high);
                for at in [kink - by, kink + by] {
                    if at > low && at < high {
                        self.narrow(at, (&mut low, &mut held), (&mut high, &mut broken))?;
                    }
                }
                (stalls, last_kink) = (high - low < FEW * width, kink);
                continue;
            }
            let mut guess = f64::INFINITY;
            for &index in &over {
                let (below, above) = (&held.of[index], &broken.of[index]);
                let inside = |at: f64| (at > low && at < high).then_some(at);
                let from_below =
                    || inside(low + below.slack / below.slope).filter(|_| below.slope < 0.0);
                let from_above =
                    || inside(high + above.slack / above.slope).filter(|_| above.slope < 0.0);
                let newton = if -below.slack < above.slack {
                    from_below().or_else(from_above)
                } else {
                    from_above().or_else(from_below)
                };
                let share = (-below.slack / (above.slack - below.slack)).clamp(0.0, 1.0);
                guess = guess.min(newton.unwrap_or(low + width * share));
            }
            let middle = low + 0.5 * width;
            // what is flat below is looked at just above
            let above = low + 0.5 * CLOSE * high;
            let first = if guess > low && guess < high {
                guess
            } else if guess <= low && above < high {
                above
            } else {
                middle
            };
            let before = [off(&held, &over), off(&broken, &over)];
            for at in [first, f64::NAN] {
                stalls = at.is_nan();
                // a step that neither halved the way nor came much nearer is followed by one that
                // halves it
                let at = if at.is_nan() { low + 0.5 * (high - low) } else { at };
                if at <= low || at >= high {
                    break;
                }
                self.narrow(at, (&mut low, &mut held), (&mut high, &mut broken))?;
                let now = [off(&held, &over), off(&broken, &over)];
                let nearer = before
                    .iter()
                    .zip(now)
                    .any(|(&before, now)| before > SAME && now < MUCH_NEARER * before);
                if high - low < 0.5 * width || nearer {
                    break;
                }
            }
        }
    }

    /// Looks at an opening between one at which all hold and one at which some do not: it takes the
    /// place of one of them.
    fn narrow(
        &mut self,
        at: f64,
        (low, held): (&mut f64, &mut View),
        (high, broken): (&mut f64, &mut View),
    ) -> Result<(), SolveError> {
        let view = self.look(at)?;
        let view = self.look_up(at, view)?;
        if self.broken(&view).next().is_some() {
            (*high, *broken) = (at, view);
        } else {
            (*low, *held) = (at, view);
        }
        Ok(())
    }
}

/// How far the nearest to its capacity of some constraints is off it, relative to its scale.
fn off(view: &View, some: &[ConstraintId]) -> f64 {
    let each = some.iter().map(|&index| view.of[index].slack.abs() / view.of[index].scale);
    each.fold(f64::INFINITY, f64::min)
}

/// Between two openings: where the tangents of a constraint meet that hold on both sides, of the
/// one whose slope changes most.
fn kink((low, below): (f64, &View), (high, above): (f64, &View)) -> Option<f64> {
    let mut found: Option<(f64, f64)> = None;
    for (below, above) in below.of.iter().zip(&above.of) {
        let change = below.slope - above.slope;
        // slopes are those of going down
        let meets = low + (below.slack - above.slack - above.slope * (high - low)) / change;
        let change = change.abs() / below.scale.max(above.scale);
        let is_larger = found.is_none_or(|(largest, _)| change > largest);
        if !below.is_passed()
            && !above.is_passed()
            && change > STEEP
            && is_larger
            && meets > low
            && meets < high
        {
            found = Some((change, meets));
        }
    }
    found.map(|(_, meets)| meets)
}
