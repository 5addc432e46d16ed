//! What a stage warns of: a correlation used outside the range that it was fitted for.

use crate::quantity::Unit;
use std::fmt;

/// A correlation that was used outside the range it was fitted for: the result stands, and is as
/// good as the correlation goes on being right there.
///
/// A stage states it by [`Call::warn`](super::Call::warn), results list it
/// ([`Solved::stage_warnings`](crate::Solved::stage_warnings)). A number that has no meaning is not
/// warned of but objected to ([`Call::object`](super::Call::object)).
///
/// ```
/// use gaschain::quantity::Unit;
/// use gaschain::stage::StageWarning;
/// let warning = StageWarning {
///     correlation: "friction by Panhandle A",
///     quantity: "Reynolds number",
///     got: 2.1e7,
///     fitted: [5e6, 1.1e7],
///     unit: Unit::BARE,
///     source: "E. S. Menon, Gas Pipeline Hydraulics, 2005",
/// };
/// assert!(warning.is_outside());
/// assert_eq!(
///     warning.to_string(),
///     "friction by Panhandle A is outside its range: Reynolds number 21,000,000, good for \
///      5,000,000 to 11,000,000 (E. S. Menon, Gas Pipeline Hydraulics, 2005)"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StageWarning {
    /// Which correlation, by what it gives and whose it is.
    pub correlation: &'static str,
    /// Which quantity is outside the range.
    pub quantity: &'static str,
    /// Its value, SI.
    pub got: f64,
    /// Lowest and highest value that the correlation was fitted for, SI; infinite where there is no
    /// bound.
    pub fitted: [f64; 2],
    /// Unit that people read them in.
    pub unit: Unit,
    /// Who says so.
    pub source: &'static str,
}

impl StageWarning {
    /// Whether the value lies outside the range, or is no number.
    #[must_use]
    pub fn is_outside(&self) -> bool {
        let [lowest, highest] = self.fitted;
        !(lowest..=highest).contains(&self.got)
    }

    /// How far outside the value lies, relative to the bound it passes.
    fn excess(&self) -> f64 {
        let [lowest, highest] = self.fitted;
        let bound = if self.got > highest { highest } else { lowest };
        let by = (self.got - bound).abs();
        if bound == 0.0 { by } else { by / bound.abs() }
    }

    /// Whether it says the same of another state.
    fn is_of_the_kind_of(&self, other: &Self) -> bool {
        self.correlation == other.correlation && self.quantity == other.quantity
    }

    /// Adds it to those that a stage has stated, of each kind the worst.
    pub(super) fn join(self, stated: &mut Vec<Self>) {
        if !self.is_outside() {
            return;
        }
        match stated.iter_mut().find(|one| one.is_of_the_kind_of(&self)) {
            Some(one) if one.excess() < self.excess() => *one = self,
            Some(_) => {}
            None => stated.push(self),
        }
    }
}

impl fmt::Display for StageWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { correlation, quantity, got, fitted: [lowest, highest], unit, source } = self;
        let shown = |si: f64| shown(unit.from_si(si));
        write!(f, "{correlation} is outside its range: {quantity} {}, good for ", shown(*got))?;
        match (lowest.is_finite(), highest.is_finite()) {
            (true, true) => write!(f, "{} to {}", shown(*lowest), shown(*highest)),
            (true, false) => write!(f, "at least {}", shown(*lowest)),
            _ => write!(f, "at most {}", shown(*highest)),
        }?;
        if *unit != Unit::BARE {
            write!(f, " {unit}")?;
        }
        write!(f, " ({source})")
    }
}

/// Four significant digits, thousands separated where there are none behind the point.
fn shown(value: f64) -> String {
    let rounded = format!("{value:.3e}").parse::<f64>().unwrap_or(value);
    let text = rounded.to_string();
    let digits = text.trim_start_matches('-');
    if digits.len() < 6 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return text;
    }
    let sign = &text[..text.len() - digits.len()];
    let first = digits.len() % 3;
    let mut grouped: Vec<&str> = Vec::new();
    if first > 0 {
        grouped.push(&digits[..first]);
    }
    grouped.extend((first..digits.len()).step_by(3).map(|at| &digits[at..at + 3]));
    format!("{sign}{}", grouped.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reynolds(got: f64) -> StageWarning {
        StageWarning {
            correlation: "friction",
            quantity: "Reynolds number",
            got,
            fitted: [5e6, 1.1e7],
            unit: Unit::BARE,
            source: "a book",
        }
    }

    #[test]
    fn of_a_kind_the_worst_is_kept_and_what_is_within_is_none() {
        let mut stated = Vec::new();
        for got in [5e6, 8e6, 1.1e7] {
            reynolds(got).join(&mut stated);
        }
        assert!(stated.is_empty());
        for got in [1.2e7, 1e6, 4e6, 1.3e7] {
            reynolds(got).join(&mut stated);
        }
        assert_eq!(stated, [reynolds(1e6)]);
        StageWarning { quantity: "roughness", ..reynolds(0.0) }.join(&mut stated);
        assert_eq!(stated.len(), 2);
        reynolds(f64::NAN).join(&mut Vec::new());
        assert!(reynolds(f64::NAN).is_outside());
    }

    #[test]
    fn it_reads_in_its_unit() {
        let cold = StageWarning {
            correlation: "heat capacity",
            quantity: "temperature",
            got: 243.15,
            fitted: [255.0, f64::INFINITY],
            unit: Unit::DEGREE_CELSIUS,
            source: "a table",
        };
        let text = "heat capacity is outside its range: temperature -30, good for at least \
                    -18.15 degC (a table)";
        assert_eq!(cold.to_string(), text);
        assert_eq!(shown(-1_234_567.0), "-1,235,000");
        assert_eq!(shown(12_341.0), "12340");
        assert_eq!(shown(0.001_234_2), "0.001234");
    }
}
