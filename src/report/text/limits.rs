//! What stops it: all limits, the most used first.

use super::grid::{Grid, Side, wrapped};
use super::{in_readable, outermost, readable};
use crate::limit::Direction;
use crate::quantity::Unit;
use crate::report::number::{difference, number, percent, stated};
use crate::solved::{LimitResult, Solved};
use std::cmp::Ordering;
use std::fmt;

/// How much of a limit is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Used {
    /// Load over capacity; capacity over load for an at-least limit: its utilisation.
    Share(f64),
    /// Nothing is allowed, and nothing is there.
    Closed,
    /// There is a load where none is allowed, or none where there must be.
    Beyond,
    /// Its margin alone says how far off it is: of temperatures there are no ratios.
    Margin,
    /// The load cannot be known: a quality of a zero stream.
    NoLoad,
    /// The capacity is not known.
    Unknown,
}

impl Used {
    pub fn of(limit: &LimitResult<'_>) -> Self {
        Self::by(limit.utilisation, limit.load, limit.capacity, limit.unit)
    }

    /// By what is known of it: where both load and capacity are and there is no ratio of them,
    /// nothing is allowed or nothing is there, or of what they are there are none.
    pub fn by(
        utilisation: Option<f64>,
        load: Option<f64>,
        capacity: Option<f64>,
        unit: Unit,
    ) -> Self {
        let Some(capacity) = capacity else { return Self::Unknown };
        let Some(load) = load else { return Self::NoLoad };
        match (utilisation, unit.in_ratio(load), unit.in_ratio(capacity)) {
            (Some(share), ..) => Self::Share(share),
            (None, Some(load), Some(capacity)) if load <= 0.0 && capacity <= 0.0 => Self::Closed,
            (None, Some(_), Some(_)) => Self::Beyond,
            (None, ..) => Self::Margin,
        }
    }

    /// Highest first; what is not known last.
    fn rank(self) -> (u8, f64) {
        match self {
            Self::Beyond => (0, f64::INFINITY),
            // full is full, whatever rounding leaves
            Self::Share(share) => (0, (share * 1e9).round()),
            Self::Closed => (0, 1e9),
            Self::Margin => (0, f64::NEG_INFINITY),
            Self::NoLoad => (1, 0.0),
            Self::Unknown => (2, 0.0),
        }
    }

    fn before(self, other: Self) -> Ordering {
        let ((group, share), (other_group, other_share)) = (self.rank(), other.rank());
        group.cmp(&other_group).then(other_share.total_cmp(&share))
    }
}

impl fmt::Display for Used {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Share(share) => f.write_str(&percent(*share)),
            Self::Closed => f.write_str("closed"),
            Self::Beyond => f.write_str("beyond"),
            Self::Margin => f.write_str("-"),
            Self::NoLoad => f.write_str("no load"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

/// All limits, the most used first.
fn ranked(solved: &Solved) -> Vec<(Used, LimitResult<'_>)> {
    let outer: Vec<&str> = outermost(solved.chain()).collect();
    let says_no = |limit: &LimitResult<'_>| {
        let to_outside = limit.stops.iter().any(|inlet| outer.contains(inlet));
        (!to_outside, limit.stops.is_empty())
    };
    let mut limits: Vec<_> = solved.limits().map(|limit| (Used::of(&limit), limit)).collect();
    // of equally used ones, those that stop an outermost inlet come first, then those that stop
    // an inner one; the rest stays in the order of the chain
    limits.sort_by(|(a, one), (b, other)| {
        a.before(*b).then_with(|| says_no(one).cmp(&says_no(other)))
    });
    limits
}

pub(super) fn section(solved: &Solved) -> String {
    let mut grid = Grid::new(&[
        ("", Side::Left),
        ("limit", Side::Left),
        ("used", Side::Right),
        ("load", Side::Right),
        ("capacity", Side::Right),
        ("margin", Side::Right),
        ("unit", Side::Left),
        ("capacity is", Side::Left),
    ]);
    let limits = ranked(solved);
    if limits.is_empty() {
        return "  nothing: the chain has no limits\n".into();
    }
    let idle: Vec<&str> = limits
        .iter()
        .filter(|(used, _)| *used == Used::NoLoad)
        .map(|(_, limit)| limit.limit)
        .collect();
    for (used, limit) in limits.iter().filter(|(used, _)| *used != Used::NoLoad) {
        let mark = match (limit.broken, limit.stops.is_empty()) {
            (true, _) => "!",
            (false, false) => ">",
            (false, true) => "",
        };
        let read = |value: Option<f64>| value.map(|value| in_readable(value, limit.unit));
        let (load, capacity, margin) = (read(limit.load), read(limit.capacity), read(limit.margin));
        let unit = readable(limit.unit);
        let scale = capacity.unwrap_or(0.0).abs().max(load.unwrap_or(0.0).abs());
        let capacity = match (capacity, limit.direction) {
            (None, _) => "unknown".into(),
            (Some(capacity), Direction::AtMost) => stated(capacity),
            (Some(capacity), Direction::AtLeast) => format!("≥ {}", stated(capacity)),
        };
        grid.row(vec![
            mark.into(),
            limit.limit.to_owned(),
            used.to_string(),
            number(load),
            capacity,
            difference(margin, scale),
            unit.to_string(),
            limit.provenance.evidence.to_string(),
        ]);
        if limit.broken {
            grid.note(&format!("└ BROKEN by {} {unit}", number(margin.map(f64::abs))));
        }
        if !limit.stops.is_empty() {
            grid.note(&format!("└ stops {}", limit.stops.join(", ")));
        }
    }
    grid.line("");
    grid.line("> stops an inlet   ! broken   ≥ at least (used = capacity / load)");
    let mut text = grid.to_string();
    if !idle.is_empty() {
        let line = format!("  Without a load here: {}.", idle.join(", "));
        text.push_str(&wrapped(&line, "  ", super::WIDTH));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn limits_stand_with_the_most_used_first_and_the_unknown_last() {
        let chain = sample::chain();
        let solved = chain.case().solve().unwrap();
        let names: Vec<&str> = ranked(&solved).iter().map(|(_, limit)| limit.limit).collect();
        assert_eq!(
            names,
            ["city.helium", "city.demand", "plant.units", "plant.turndown", "plant.feed"]
        );
    }

    #[test]
    fn an_unknown_capacity_is_unknown_and_never_0_percent() {
        let chain = sample::chain();
        let text = section(&chain.case().solve().unwrap());
        let line = text.lines().find(|line| line.starts_with("     plant.feed")).unwrap();
        assert_eq!(line.matches("unknown").count(), 2);
        assert!(!line.contains('%'));
    }

    #[test]
    fn a_limit_that_stops_and_one_that_is_broken_are_marked() {
        let chain = sample::chain();
        let text = section(&chain.case().solve().unwrap());
        assert!(text.contains("  >  city.demand"));
        assert!(text.contains("└ stops field\n"));
        assert!(text.contains("  !  city.helium"));
        assert!(text.contains("└ BROKEN by "));
    }

    #[test]
    fn an_at_least_limit_is_used_by_its_capacity_over_its_load() {
        let chain = sample::chain();
        let solved = chain.case().solve().unwrap();
        let limit = solved.limit("plant.turndown").unwrap();
        let (load, capacity) = (limit.load.unwrap(), limit.capacity.unwrap());
        assert_eq!(Used::of(&limit), Used::Share(capacity / load));
        assert!(capacity < load);
    }

    #[test]
    fn nothing_of_nothing_is_no_percentage() {
        let chain = sample::chain();
        let mut case = chain.case();
        case.set("field.flow", "0 bcm/yr").unwrap();
        let solved = case.solve().unwrap();
        assert_eq!(Used::of(&solved.limit("city.helium").unwrap()), Used::NoLoad);
        assert_eq!(Used::of(&solved.limit("plant.turndown").unwrap()), Used::Beyond);
        let text = section(&solved);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[2].contains("!  plant.turndown"));
        assert!(text.ends_with("  Without a load here: city.helium.\n"));
    }
}
