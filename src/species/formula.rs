//! Chemical formulas, taken apart into atoms.

use std::fmt;

/// Atomic mass of carbon, g/mol.
const CARBON: f64 = 12.0107;
/// Atomic mass of oxygen, g/mol.
const OXYGEN: f64 = 15.9994;

/// Molar mass of the carbon in a mole of carbon atoms, kg/mol.
pub(crate) const MOLAR_MASS_OF_CARBON: f64 = CARBON * 1e-3;
/// Molar mass of carbon dioxide, kg/mol.
pub(crate) const MOLAR_MASS_OF_CARBON_DIOXIDE: f64 = (CARBON + OXYGEN * 2.0) * 1e-3;

/// Elements with their atomic masses, g/mol, as ISO 6976:2016 takes them: what every mass in the
/// crate is made of, those of the ledgers too.
const ATOMIC_MASSES: [(&str, f64); 8] = [
    ("C", CARBON),
    ("H", 1.007_94),
    ("O", OXYGEN),
    ("N", 14.0067),
    ("S", 32.065),
    ("He", 4.002_602),
    ("Ne", 20.1797),
    ("Ar", 39.948),
];

/// Atomic mass of an element, g/mol (ISO 6976:2016); `None` for one that gas does not hold.
#[must_use]
pub fn atomic_mass(element: &str) -> Option<f64> {
    ATOMIC_MASSES.iter().find(|(symbol, _)| *symbol == element).map(|(_, mass)| *mass)
}

/// A chemical formula.
///
/// ```
/// use gaschain::species::Formula;
/// let methane = Formula::parse("CH4").unwrap();
/// assert_eq!((methane.atoms("C"), methane.atoms("H"), methane.atoms("O")), (1, 4, 0));
/// assert!((methane.molar_mass() - 0.016_042_46).abs() < 1e-12); // kg/mol
/// assert_eq!(Formula::parse("(CH3)2CHCH3").unwrap().atoms("H"), 10);
/// assert_eq!(Formula::parse("Xx2"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    text: String,
    atoms: Vec<(&'static str, u32)>,
}

impl Formula {
    /// Reads a formula: element symbols, counts, brackets. `None` where it is none, or holds an
    /// element that gas does not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let letters: Vec<char> = text.chars().collect();
        let mut at = 0;
        let mut atoms = Vec::new();
        group(&letters, &mut at, &mut atoms, 0)?;
        (at == letters.len() && !atoms.is_empty()).then(|| Self { text: text.to_owned(), atoms })
    }

    /// Number of atoms of an element.
    #[must_use]
    pub fn atoms(&self, element: &str) -> u32 {
        self.atoms.iter().find(|(symbol, _)| *symbol == element).map_or(0, |(_, count)| *count)
    }

    /// Elements and their counts.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u32)> + '_ {
        self.atoms.iter().copied()
    }

    /// What an element weighs in a mole, kg/mol.
    pub(super) fn mass_of(&self, element: &str) -> f64 {
        atomic_mass(element).unwrap_or(f64::NAN) * f64::from(self.atoms(element)) * 1e-3
    }

    /// Molar mass from atomic masses, kg/mol.
    #[must_use]
    pub fn molar_mass(&self) -> f64 {
        let mass = |(symbol, count): (&str, u32)| {
            atomic_mass(symbol).unwrap_or(f64::NAN) * f64::from(count)
        };
        self.iter().map(mass).sum::<f64>() * 1e-3
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Deepest nesting of brackets that is read.
const DEEPEST: usize = 8;

fn group(
    letters: &[char],
    at: &mut usize,
    atoms: &mut Vec<(&'static str, u32)>,
    depth: usize,
) -> Option<()> {
    while let Some(&letter) = letters.get(*at) {
        if letter == ')' {
            return (depth > 0).then_some(());
        }
        let mut inner = Vec::new();
        *at += 1;
        if letter == '(' {
            if depth == DEEPEST {
                return None;
            }
            group(letters, at, &mut inner, depth + 1)?;
            if letters.get(*at) != Some(&')') {
                return None;
            }
            *at += 1;
        } else {
            let mut symbol = letter.to_string();
            if let Some(second) = letters.get(*at).filter(|letter| letter.is_ascii_lowercase()) {
                symbol.push(*second);
                *at += 1;
            }
            let (known, _) = ATOMIC_MASSES.iter().find(|(known, _)| *known == symbol)?;
            inner.push((*known, 1));
        }
        let count = number(letters, at)?;
        for (symbol, atoms_inside) in inner {
            let added = atoms_inside.checked_mul(count)?;
            match atoms.iter_mut().find(|(known, _)| *known == symbol) {
                Some((_, sum)) => *sum = sum.checked_add(added)?,
                None => atoms.push((symbol, added)),
            }
        }
    }
    (depth == 0).then_some(())
}

fn number(letters: &[char], at: &mut usize) -> Option<u32> {
    let digits: String =
        letters[*at..].iter().take_while(|letter| letter.is_ascii_digit()).collect();
    *at += digits.len();
    if digits.is_empty() { Some(1) } else { digits.parse().ok().filter(|count| *count > 0) }
}
