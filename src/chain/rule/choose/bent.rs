//! Levels where loads bend: filling in order, straight programmes followed from piece to piece, and
//! what moves of one inlet or of several together add to the best of these.

use super::capacity::put_at_capacity;
use super::down::{End, down, down_from, way_down, with};
use super::pieces::{follow, starts};
use super::together::{from_afar, is_broken_everywhere, move_together};
use super::{
    Choice, ConstraintId, Equation, Feel, Felt, GAIN, MOST_PIECES, SHUT_BELOW, Sought, View,
};
use crate::chain::error::SolveError;
use crate::chain::promise::Openings;
use crate::chain::rule::plan::Constraint;
use crate::ids::List;

/// The best openings that are found; `None` where none are allowed.
pub(in crate::chain) fn choose_bent(
    feel: &mut impl Feel,
    sought: &Sought,
) -> Result<Option<Choice>, SolveError> {
    if sought.names_all() {
        return choose_answered(feel, sought);
    }
    let felt = named_where_felt(feel, sought)?;
    if felt.names_all() {
        return choose_answered(feel, &felt);
    }
    // where what names only some holds anyway, the rule is that of what names all
    let counts: List<Constraint, bool> =
        felt.names.ids().iter().map(|constraint| felt.is_for_all(constraint)).collect();
    let mut for_all = felt.clone();
    for names in for_all.names.iter_mut() {
        names.fill(true);
    }
    if let Some(choice) = choose_answered(&mut Only { feel, counts }, &for_all)? {
        let view = feel.look_at(&choice.at)?;
        if view.holds() {
            return Ok(Some(Choice { felt: Some(view), ..choice }));
        }
    }
    super::named::choose_felt(feel, &felt)
}

/// A level of which only some constraints count.
struct Only<'f, F> {
    feel: &'f mut F,
    counts: List<Constraint, bool>,
}

impl<F: Feel> Feel for Only<'_, F> {
    fn look(&mut self, at: &[f64], way: &[f64]) -> Result<View, SolveError> {
        let mut view = self.feel.look(at, way)?;
        for (felt, counts) in view.of.iter_mut().zip(&self.counts) {
            if !counts {
                *felt = Felt { slack: -1.0, slope: 0.0, scale: 1.0 };
            }
        }
        Ok(view)
    }

    fn is_straight_between(&self) -> bool {
        self.feel.is_straight_between()
    }

    fn oscillates(&self) -> bool {
        self.feel.oscillates()
    }

    fn is_outermost(&self) -> bool {
        self.feel.is_outermost()
    }

    fn lost(&self) -> SolveError {
        self.feel.lost()
    }
}

/// The best openings where all inlets answer for all constraints.
fn choose_answered(feel: &mut impl Feel, sought: &Sought) -> Result<Option<Choice>, SolveError> {
    let open = sought.all(1.0);
    // looking down the last group's way serves its search, too
    let last = sought.groups.last().map_or(&[][..], Vec::as_slice);
    let all_open = feel.look(&open, &way_down(sought.inlets, last))?;
    if all_open.holds() {
        let equations = (0..sought.inlets).map(Equation::Open).collect();
        return Ok(Some(Choice::new(open, equations, Openings::Exact)));
    }
    if sought.groups.is_empty() {
        return Ok(None);
    }
    let (is_open, last_alone) = match last {
        &[last] => (None, open_but_the_last(feel, sought, all_open, last)?),
        _ => (Some(all_open), None),
    };
    if let Some(mut choice) = last_alone {
        put_at_capacity(feel, &mut choice)?;
        return Ok(Some(choice));
    }
    let filled = fill(feel, sought, is_open)?;
    // of one inlet alone all openings were looked at
    let is_one = sought.taking_part().nth(1).is_none();
    if filled.is_none() && (is_one || is_broken_everywhere(feel, sought)?) {
        return Ok(None);
    }
    let mut best: Option<Choice> = filled;
    for start in starts(sought) {
        if let Some(found) = follow(feel, &start, sought, None)? {
            found.improves(&mut best, &sought.groups);
        }
    }
    if best.is_none() {
        best = from_afar(feel, sought)?;
    }
    let Some(mut best) = best else { return Ok(None) };
    put_at_capacity(feel, &mut best)?;
    improve(feel, sought, &mut best)?;
    move_together(feel, sought, &mut best)?;
    put_at_capacity(feel, &mut best)?;
    best.promise = Openings::Local;
    Ok(Some(best))
}

/// The same, with inlets named by what does not feel them: that it names them changes nothing.
fn named_where_felt(feel: &mut impl Feel, sought: &Sought) -> Result<Sought, SolveError> {
    let mut felt = sought.clone();
    for inlet in sought.taking_part() {
        let mut moves: List<Constraint, bool> = sought.names.iter().map(|_| false).collect();
        for opening in [1.0, 0.5, 0.0] {
            let mut way = vec![0.0; sought.inlets];
            way[inlet] = if opening < 1.0 { 1.0 } else { -1.0 };
            let view = feel.look(&sought.all(opening), &way)?;
            for (moves, felt) in moves.iter_mut().zip(&view.of) {
                *moves |= felt.slope != 0.0;
            }
        }
        for (names, moves) in felt.names.iter_mut().zip(&moves) {
            names[inlet] |= !moves;
        }
    }
    Ok(felt)
}

/// With all inlets open but one, which alone is the last group: as far as that goes then. No other
/// openings come before these. What is felt with all open, looking down its way, is known.
fn open_but_the_last(
    feel: &mut impl Feel,
    sought: &Sought,
    all_open: View,
    last: usize,
) -> Result<Option<Choice>, SolveError> {
    let mut at = sought.all(1.0);
    let Some(end) = down_from(all_open, feel, &at, &[last])? else { return Ok(None) };
    let (equation, jumps) = match &end {
        End::Open => (Equation::Open(last), Vec::new()),
        End::Reached(_, index) => (Equation::Reached(*index), Vec::new()),
        End::Jump(_, broken) => (Equation::Jump(last), vec![(last, broken.clone())]),
    };
    let opening = end.opening();
    at[last] = if opening < SHUT_BELOW { 0.0 } else { opening };
    let mut equations = idle(sought);
    equations.extend(sought.taking_part().filter(|&inlet| inlet != last).map(Equation::Open));
    equations.push(equation);
    Ok(Some(Choice { jumps, ..Choice::new(at, equations, searched(feel)) }))
}

/// What holds inlets that take no part.
fn idle(sought: &Sought) -> Vec<Equation> {
    let part: Vec<usize> = sought.taking_part().collect();
    (0..sought.inlets).filter(|inlet| !part.contains(inlet)).map(Equation::Open).collect()
}

/// What is promised of openings that were searched for one after another.
fn searched(feel: &impl Feel) -> Openings {
    if feel.is_straight_between() { Openings::Exact } else { Openings::Converged }
}

/// Fills in order, later groups shut; `None` where a group finds no allowed opening so. What is felt
/// with all inlets open, looking down the last group's way, may be known; where it is not, the last
/// finds none with all others open.
fn fill(
    feel: &mut impl Feel,
    sought: &Sought,
    mut all_open: Option<View>,
) -> Result<Option<Choice>, SolveError> {
    let others_open = |at: &[f64], group: &[usize]| {
        at.iter().enumerate().all(|(inlet, &at)| at >= 1.0 || group.contains(&inlet))
    };
    let mut at = sought.all(0.0);
    let mut equations = idle(sought);
    let mut jumps = Vec::new();
    for (place, group) in sought.groups.iter().enumerate() {
        let mut left = group.clone();
        let is_last = place + 1 == sought.groups.len();
        let mut seen = None;
        if is_last && others_open(&at, group) {
            seen = all_open.take();
            if seen.is_none() {
                return Ok(None);
            }
        }
        while !left.is_empty() {
            let found = match seen.take() {
                Some(view) => down_from(view, feel, &at, &left)?,
                None => down(feel, &at, &left, &|_| true)?,
            };
            let (opening, held) = match found {
                None => return Ok(None),
                Some(End::Open) => {
                    equations.extend(left.iter().map(|&inlet| Equation::Open(inlet)));
                    (1.0, left.clone())
                }
                Some(End::Reached(opening, index)) => {
                    let opening = if opening < SHUT_BELOW { 0.0 } else { opening };
                    let held = raised_by(feel, &with(&at, &left, opening), &left, index)?;
                    equations.push(Equation::Reached(index));
                    let alike = held.iter().skip(1).map(|&own| Equation::Alike(held[0], own));
                    equations.extend(alike);
                    (opening, held)
                }
                Some(End::Jump(opening, broken)) => {
                    equations.extend(left.iter().map(|&inlet| Equation::Jump(inlet)));
                    jumps.extend(left.iter().map(|&inlet| (inlet, broken.clone())));
                    (opening, left.clone())
                }
            };
            for &inlet in &left {
                at[inlet] = opening;
            }
            left.retain(|inlet| !held.contains(inlet));
        }
    }
    Ok(Some(Choice { jumps, ..Choice::new(at, equations, searched(feel)) }))
}

/// Of some inlets, those that raise a constraint; all, where none seems to.
fn raised_by(
    feel: &mut impl Feel,
    at: &[f64],
    inlets: &[usize],
    index: ConstraintId,
) -> Result<Vec<usize>, SolveError> {
    if inlets.len() == 1 {
        return Ok(inlets.to_vec());
    }
    let mut raising = Vec::new();
    for &inlet in inlets {
        let mut way = vec![0.0; at.len()];
        way[inlet] = 1.0;
        let felt = feel.look(at, &way)?.of[index];
        if felt.slope > GAIN * felt.scale {
            raising.push(inlet);
        }
    }
    Ok(if raising.is_empty() { inlets.to_vec() } else { raising })
}

/// Opens one inlet after another as far as it goes with the others as they are, until none goes
/// any further.
pub(super) fn improve(
    feel: &mut impl Feel,
    sought: &Sought,
    choice: &mut Choice,
) -> Result<(), SolveError> {
    for _ in 0..MOST_PIECES {
        let mut gained = false;
        for inlet in sought.taking_part() {
            if choice.at[inlet] >= 1.0 {
                continue;
            }
            let found = down(feel, &choice.at, &[inlet], &|_| true)?;
            let (opening, equation, jump) = match found {
                None => continue,
                Some(End::Open) => (1.0, Equation::Open(inlet), None),
                Some(End::Reached(opening, index)) => (opening, Equation::Reached(index), None),
                Some(End::Jump(opening, broken)) => (opening, Equation::Jump(inlet), Some(broken)),
            };
            if opening <= choice.at[inlet] + GAIN {
                continue;
            }
            gained = true;
            choice.at[inlet] = opening;
            choice.jumps.retain(|(other, _)| *other != inlet);
            choice.jumps.extend(jump.map(|broken| (inlet, broken)));
            choice.equations.retain(|old| match old {
                Equation::Shut(own) | Equation::Jump(own) => *own != inlet,
                Equation::Alike(one, other) => *one != inlet && *other != inlet,
                Equation::Reached(_) | Equation::Open(_) => true,
            });
            choice.equations.insert(0, equation);
        }
        if !gained {
            break;
        }
    }
    Ok(())
}
