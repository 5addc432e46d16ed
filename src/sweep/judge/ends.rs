//! Keeping distributions without ends in the range of their parameter: what is cut, or refused.

use super::Judge;
use crate::quantity::{Quantity, Unit};
use crate::sweep::ask::{Axis, Range};
use crate::sweep::design::{LEAST, Part, Within};

/// Most of a distribution that is cut without being asked for: its mean moves by at most 4e-4 of a
/// standard deviation of a normal one, the deviation by 0.1 %, which no result shows.
const MOST_CUT: f64 = 1e-4;

impl Judge<'_> {
    /// Ends that keep a distribution in the range of all parameters of its axis. `own` are ends
    /// that it has of itself, inside the range, `score` is the normal score of a number, SI; shares
    /// are told with numbers in `unit`.
    pub(super) fn within(
        &mut self,
        axis: &Axis,
        unit: Unit,
        own: [Option<f64>; 2],
        score: impl Fn(f64) -> f64,
    ) -> Option<Within> {
        let [least, most] = self.range;
        let [low, high] = [own[0].unwrap_or(least), own[1].unwrap_or(most)];
        let from = own[0].map_or(f64::NEG_INFINITY, &score);
        let to = own[1].map_or(f64::INFINITY, &score);
        let whole = Part::new(from, to);
        let inside = Part::new(score(low), score(high));
        let (Some(whole), Some(inside)) = (whole, inside) else {
            let got = format!("{}, of which no probability lies between", said(axis));
            self.fault(axis, "", got, "ends nearer to the mean");
            return None;
        };
        let share = |part: Option<Part>| part.map_or(0.0, |part| part.mass() / whole.mass());
        let below = if own[0].is_none() { share(Part::new(from, score(low))) } else { 0.0 };
        let above = if own[1].is_none() { share(Part::new(score(high), to)) } else { 0.0 };
        if below + above <= LEAST {
            // less than any point reaches
            let part = (own != [None, None]).then_some(whole);
            return Some(Within { low, high, part });
        }
        let shown = |si: f64| Quantity::from_si(si, unit).rounded().to_string();
        let sides = [(below, "below", low), (above, "above", high)];
        let sides = sides.iter().filter(|(mass, ..)| *mass > LEAST);
        let sides: Vec<String> = sides
            .map(|(mass, side, end)| format!("{} {side} {}", percent(*mass), shown(*end)))
            .collect();
        let sides = sides.join(" and ");
        if below + above > MOST_CUT && !axis.cut {
            let got = format!("{}, of which {sides} lies outside the allowed range", said(axis));
            let range = match (least.is_finite(), most.is_finite()) {
                (true, true) => format!("{} to {}", shown(least), shown(most)),
                (true, false) => format!("at least {}", shown(least)),
                _ => format!("at most {}", shown(most)),
            };
            let allowed = format!(
                "{range}, with at most {} outside; or cut = true, which draws from what lies \
                 inside; or a distribution with ends",
                percent(MOST_CUT)
            );
            self.fault(axis, "distribution", got, &allowed);
            return None;
        }
        let names = axis.parameters.join(" = ");
        self.notes.push(format!("{names}: {sides} is cut off {}, as not allowed", said(axis)));
        Some(Within { low, high, part: Some(inside) })
    }
}

/// What a sweep says of an axis, in the units in which it does.
fn said(axis: &Axis) -> String {
    match &axis.range {
        Range::Distributed(distribution) => distribution.to_string(),
        _ => axis.to_string(),
    }
}

/// A share to two digits, in percent.
fn percent(share: f64) -> String {
    let digits = format!("{:.1e}", 100.0 * share);
    Quantity::new(digits.parse().unwrap_or(100.0 * share), Unit::PERCENT).to_string()
}
