//! Judging compositions: shares by moles or by mass, by any name of a species, and their sum.

use super::Value;
use crate::fault::{FaultKind, NORMALISED_WITHIN, sum_text};
use crate::quantity::{Meaning, Quantity};
use crate::species::Slate;

/// A composition, as a row of a table of feeds has it.
///
/// ```
/// use gaschain::param::Feed;
/// use gaschain::species::Slate;
/// let slate = Slate::shipped().chosen(["methane", "nitrogen"])?;
/// let lean = Feed::new("lean", &[0.98, 0.02], &slate)?;
/// assert_eq!(lean.balance, Some(0)); // methane takes up what one share leaves the others
/// assert!(Feed::new("slip", &[0.98, 0.2], &slate).is_err());
/// # Ok::<(), gaschain::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Feed {
    /// Its name; empty where it has none.
    pub name: String,
    /// Mole fractions over the slate, summing to 1.
    pub mole_fractions: Vec<f64>,
    /// The species that takes up the balance where the share of another is set by itself.
    pub balance: Option<usize>,
    /// The sum that its shares were divided by, where that was more than rounding.
    pub sum: Option<f64>,
}

impl Feed {
    /// A named composition: mole fractions over the slate, summing to 1 within 1e-6. Methane takes
    /// up the balance, where the slate has it.
    ///
    /// # Errors
    /// Shares that are no numbers from 0 to 1, or as many as there are species; a sum that is off.
    pub fn new(name: &str, mole_fractions: &[f64], slate: &Slate) -> Result<Self, crate::Error> {
        Ok(Self::of(name, mole_fractions, None, slate, Sum::Exact)?)
    }

    /// The same of shares by moles or by mass, whose sum may be off.
    pub(crate) fn of(
        name: &str,
        shares: &[f64],
        by: Option<Meaning>,
        slate: &Slate,
        sum: Sum,
    ) -> Result<Self, FaultKind> {
        if shares.len() != slate.len() {
            let (got, allowed) = (format!("{} shares", shares.len()), slate.len().to_string());
            return Err(FaultKind::NotAllowed {
                got,
                allowed: format!("{allowed}, one a species"),
            });
        }
        if let Some(share) = shares.iter().find(|share| !(0.0..=1.0).contains(*share)) {
            let (got, low, high) = (share.to_string(), "0".into(), Some("1".into()));
            return Err(FaultKind::OutOfRange { got, low, high });
        }
        let by_mass = by == Some(Meaning::Mass);
        let (mut fractions, said) = sum.divided(shares).map_err(|kind| match kind {
            FaultKind::CompositionSum { sum } if by_mass => FaultKind::NotAllowed {
                got: format!("mass fractions sum to {sum}"),
                allowed: sum_text(sum).to_owned(),
            },
            kind => kind,
        })?;
        if by_mass {
            for (share, mass) in fractions.iter_mut().zip(slate.molar_masses()) {
                *share /= mass;
            }
            let moles: f64 = fractions.iter().sum();
            for share in &mut fractions {
                *share /= moles;
            }
        }
        let balance = slate.index("methane");
        Ok(Self { name: name.to_owned(), mole_fractions: fractions, balance, sum: said })
    }

    /// The same, with another species that takes up the balance.
    #[must_use]
    pub const fn balanced_by(mut self, species: usize) -> Self {
        self.balance = Some(species);
        self
    }
}

/// How far the sum of a composition may be off 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Sum {
    /// Rounding of digits that nobody wrote.
    #[default]
    Exact,
    /// Rounding of a laboratory's report, to be divided away and said.
    Rounded,
}

/// How far a sum may be from 1 as it is.
const EXACT: f64 = 1e-6;

impl Sum {
    /// Shares divided by their sum, and the sum where it has to be said.
    pub fn divided(self, shares: &[f64]) -> Result<(Vec<f64>, Option<f64>), FaultKind> {
        let sum: f64 = shares.iter().sum();
        let off = (sum - 1.0).abs();
        let shown = (sum * 1e12).round() / 1e12;
        let said = off > EXACT;
        // 0.01 is no number of two's powers: a sum of 1.01 is not above it
        let may_be = self == Self::Rounded && off <= NORMALISED_WITHIN + 1e-12;
        if said && !may_be {
            return Err(FaultKind::CompositionSum { sum: shown });
        }
        Ok((shares.iter().map(|share| share / sum).collect(), said.then_some(shown)))
    }
}

/// What to write of what could not be measured.
pub(crate) const BELOW_DETECTION: &str = "a number: of what was below detection write 0, or half the limit (0.005 for <0.01); of what \
     was not looked for write nothing";

/// Whether a cell says that something is there below what could be measured, or was not looked for.
pub(crate) fn below_detection(text: &str) -> bool {
    let plain: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '.' | '/'))
        .collect::<String>()
        .to_lowercase();
    let marks = ["nd", "na", "bdl", "bql", "lod", "loq", "tr", "trace", "traces", "-", "--", "–"];
    plain.starts_with(['<', '>', '≤', '~']) || marks.contains(&plain.as_str())
}

pub(super) fn accept(
    value: &Value,
    rows: &[Feed],
    slate: &Slate,
    sum: Sum,
) -> Result<Feed, Vec<FaultKind>> {
    let (parts, by) = match value {
        Value::Text(name) => {
            let found = rows.iter().find(|row| row.name == name.trim());
            let names = || rows.iter().map(|row| row.name.as_str());
            return found
                .cloned()
                .ok_or_else(|| vec![FaultKind::unknown("composition", name, names())]);
        }
        Value::Composition(parts) => (parts, Meaning::Moles),
        Value::MassComposition(parts) => (parts, Meaning::Mass),
        other => {
            let allowed = "a named row, or mole fractions by species".to_owned();
            return Err(vec![FaultKind::Unreadable { got: other.to_string(), allowed }]);
        }
    };
    let mut faults = Vec::new();
    let mut shares = vec![0.0; slate.len()];
    let mut seen = vec![false; slate.len()];
    for (name, share) in parts {
        match slate.find(name) {
            Err(kind) => faults.push(kind),
            Ok(index) if seen[index] => faults.push(FaultKind::Duplicate {
                what: "species",
                name: name.clone(),
                first: None,
            }),
            Ok(index) => {
                seen[index] = true;
                shares[index] = *share;
            }
        }
        if !(0.0..=1.0).contains(share) {
            faults.push(FaultKind::OutOfRange {
                got: format!("{name} {share}"),
                low: "0".into(),
                high: Some("1".into()),
            });
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Feed::of("", &shares, Some(by), slate, sum).map_err(|kind| vec![kind])
}

/// A composition of shares with their units: all by moles, or all by mass.
pub(crate) fn of_shares(parts: Vec<(String, Quantity)>) -> Result<Value, FaultKind> {
    let by_mass = |share: &Quantity| share.unit().meaning() == Some(Meaning::Mass);
    let any = || parts.iter().filter(|(_, share)| share.value() != 0.0);
    let mass = any().find(|(_, share)| by_mass(share));
    let moles = any().find(|(_, share)| !by_mass(share));
    if let (Some((one, mass)), Some((other, share))) = (mass, moles) {
        return Err(FaultKind::NotAllowed {
            got: format!("{one} {mass} with {other} {share}"),
            allowed: "shares that are all by mass (mass%, ppmw), or all by moles".into(),
        });
    }
    let is_by_mass = mass.is_some();
    let parts = parts.into_iter().map(|(name, share)| (name, share.si())).collect();
    Ok(if is_by_mass { Value::MassComposition(parts) } else { Value::Composition(parts) })
}
