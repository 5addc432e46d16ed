//! How people spell units: which row of the table is meant, and which are near to one that is none.

use super::table::{Row, UNITS};
use super::{Dimension, Meaning, Quantity, Unit};
use crate::fault::nearest_names;
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

/// Every spelling of every unit, as [`squeezed`] leaves it.
static SPELLINGS: LazyLock<Spellings> = LazyLock::new(|| {
    let mut spellings = Spellings::default();
    for row in &UNITS {
        for name in [row.name].iter().chain(row.also) {
            let name = squeezed(name);
            if row.any_case {
                spellings.any_case.entry(name.to_lowercase()).or_insert(row);
            }
            spellings.exact.entry(name).or_insert(row);
        }
    }
    spellings
});

#[derive(Default)]
struct Spellings {
    exact: HashMap<String, &'static Row>,
    any_case: HashMap<String, &'static Row>,
}

/// The unit that a spelling is of.
pub(super) fn row_of(text: &str) -> Option<&'static Row> {
    let text = squeezed(text);
    let exact = SPELLINGS.exact.get(&text);
    exact.or_else(|| SPELLINGS.any_case.get(&text.to_lowercase())).copied()
}

/// A unit's text without gross or net, and which of them it says.
pub(super) fn without_heat(text: &str) -> (String, Option<Meaning>) {
    let mut said = None;
    let words = text.split_whitespace().filter(|word| {
        let bare = word.trim_matches(|letter| "()[],".contains(letter)).to_lowercase();
        let meaning = match bare.as_str() {
            "gross" | "hhv" | "gcv" => Some(Meaning::Gross),
            "net" | "lhv" | "ncv" => Some(Meaning::Net),
            _ => None,
        };
        said = said.or(meaning);
        meaning.is_none()
    });
    (words.collect::<Vec<_>>().join(" "), said)
}

/// How a thousand, a million and a billion are written before a unit, powers without their sign.
const MANY: [(&str, &str); 14] = [
    ("mln.", "million"),
    ("mln", "million"),
    ("mio", "million"),
    ("106", "million"),
    ("1e6", "million"),
    ("bln.", "billion"),
    ("bln", "billion"),
    ("mrd", "billion"),
    ("109", "billion"),
    ("1e9", "billion"),
    ("thous.", "thousand"),
    ("th.", "thousand"),
    ("103", "thousand"),
    ("1e3", "thousand"),
];

/// A spelling without what parts one writer's from another's: spaces, signs for degrees and powers,
/// brackets round an `a` or `g`, the words for a time and for a thousand, a million, a billion.
fn squeezed(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.replace(" per ", "/").chars() {
        match letter {
            '³' => plain.push('3'),
            '²' => plain.push('2'),
            '°' | 'º' => plain.push_str("deg"),
            '℃' => plain.push_str("degC"),
            '℉' => plain.push_str("degF"),
            '^' | '·' | '⋅' | '*' => {}
            letter if letter.is_whitespace() => {}
            letter => plain.push(letter),
        }
    }
    for mark in ["(a)", "(g)", "(abs)", "(gauge)"] {
        if let Some(bare) = plain.strip_suffix(mark) {
            plain = format!("{bare}{}", &mark[1..mark.len() - 1]);
        }
    }
    if let Some((written, word)) = MANY.iter().find(|(written, _)| plain.starts_with(written)) {
        plain = format!("{word}{}", &plain[written.len()..]);
    } else if ["1000m3", "1000Nm3", "1000Sm3"].iter().any(|start| plain.starts_with(start)) {
        plain = format!("thousand{}", &plain["1000".len()..]);
    }
    if let Some((amount, time)) = plain.rsplit_once('/') {
        let short = match time.to_lowercase().as_str() {
            "day" | "days" | "d" => "d",
            "h" | "hr" | "hrs" | "hour" | "hours" => "h",
            "yr" | "a" | "annum" => "yr",
            "min" | "minute" => "min",
            "s" | "sec" | "second" => "s",
            "1000m3" => "thousandm3",
            _ => time,
        };
        plain = format!("{amount}/{short}");
    }
    plain
}

/// Units that look like one that is none, nearest first, of a dimension where one is wanted: none
/// that means something else than the text does. Nobody who follows a hint may end with another
/// amount of gas or another pressure.
pub(super) fn nearest(text: &str, wanted: Option<Wanted>) -> Vec<String> {
    let of_mark = mark(text);
    let candidates = UNITS
        .iter()
        .filter(|row| !row.name.is_empty())
        .filter(|row| wanted.is_none_or(|wanted| wanted.takes(row)) && mark(row.name) == of_mark);
    let names: Vec<&str> = candidates.map(|row| row.name).collect();
    // what somebody began to write is no other unit misspelt: "bcm" is no length
    let begun = |name: &&str| text.len() > 1 && squeezed(name).starts_with(&squeezed(text));
    let goes_on: Vec<&str> = names.iter().copied().filter(begun).collect();
    let mut near = nearest_names(text, if goes_on.is_empty() { names } else { goes_on });
    // where it is not known what is wanted, the nearest tells: "kt" is no energy
    let dimension = |name: &str| UNITS.iter().find(|row| row.name == name).map(|row| row.dimension);
    let first = near.first().and_then(|name| dimension(name));
    near.retain(|name| dimension(name) == first);
    near
}

/// Of dimensions with very many units, those that messages list.
const USUAL: [&str; 40] = [
    "mol/s",
    "kmol/h",
    "bcm/yr",
    "million m3/d",
    "thousand m3/h",
    "m3/h",
    "Nm3/h",
    "million Nm3/d",
    "Sm3/d",
    "million Sm3/d",
    "Bcf/d",
    "MMscfd",
    "Mscf/d",
    "scf/d",
    "Mt/yr",
    "kt/yr",
    "t/yr",
    "t/d",
    "t/h",
    "kg/h",
    "kg/s",
    "lb/h",
    "kbbl/d",
    "bbl/d",
    "liquid m3/d",
    "liquid m3/h",
    "PJ/yr",
    "TJ/d",
    "GW",
    "MW",
    "kW",
    "hp",
    "GWh/d",
    "MWh/d",
    "TWh/yr",
    "MMBtu/d",
    "MMBtu/h",
    "Gcal/h",
    "toe/yr",
    "Mtoe/yr",
];

/// Units of a dimension, for messages.
pub(super) fn listed(wanted: Wanted) -> Vec<String> {
    let is_usual = |row: &&Row| !row.dimension.is_flow_of_gas() || USUAL.contains(&row.name);
    let taken = UNITS.iter().filter(|row| !row.name.is_empty() && wanted.takes(row));
    taken.filter(is_usual).map(|row| row.name.to_owned()).collect()
}

/// What a unit is wanted for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// What it has to measure.
    pub dimension: Dimension,
    /// What its numbers are of.
    pub meaning: Option<Meaning>,
    /// Whether what a supply offers can be said in other dimensions too.
    pub offer: bool,
}

impl Wanted {
    /// A unit of a dimension, whatever is meant.
    pub const fn of(dimension: Dimension) -> Self {
        Self { dimension, meaning: None, offer: false }
    }

    /// Whether a unit is one.
    pub fn allows(self, unit: Unit) -> bool {
        let fits =
            unit.dimension() == self.dimension || (self.offer && unit.dimension().is_flow_of_gas());
        // what a supply offers may be said by heat of either kind
        let any_heat = self.offer && unit.dimension() == Dimension::Power;
        let meant = unit.meaning().is_none_or(|meaning| Some(meaning) == self.meaning);
        fits && (meant || any_heat)
    }

    /// The same of a quantity: a bare number can be a fraction, a count or a ratio.
    pub fn allows_quantity(self, quantity: Quantity) -> bool {
        self.allows(quantity.unit())
            || (quantity.unit() == Unit::BARE && quantity.fits(self.dimension))
    }

    fn takes(self, row: &Row) -> bool {
        let fits =
            row.dimension == self.dimension || (self.offer && row.dimension.is_flow_of_gas());
        fits && row.meaning.is_none_or(|meaning| Some(meaning) == self.meaning)
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.offer {
            return f.write_str("a flow of gas by moles, gas volume, mass, liquid volume or heat");
        }
        self.dimension.fmt(f)?;
        self.meaning.map_or(Ok(()), |meaning| write!(f, " {meaning}"))
    }
}

/// What a spelling says beside its dimension: where gas is counted and how many cubic metres, that
/// a pressure is above the atmosphere's, that a ton is none of the metric ones.
fn mark(text: &str) -> String {
    let squeezed = squeezed(text);
    let lower = squeezed.to_lowercase();
    let amount = lower.split('/').next().unwrap_or_default();
    if let Some((before, _)) = lower.split_once("m3") {
        return prefix(before).to_owned();
    }
    if amount.contains("cf") {
        return format!("{}scf", amount.split(['s', 'c']).next().unwrap_or_default());
    }
    if lower.contains("/scf") || lower.contains("/cf") || lower.contains("/ft3") {
        return "/scf".to_owned();
    }
    let gauges = ["barg", "pag", "psig", "cm2g", "gau"];
    if gauges.iter().any(|gauge| lower.contains(gauge)) {
        return "gauge".to_owned();
    }
    if amount.contains("ton") && !amount.contains("tonne") {
        return "ton".to_owned();
    }
    for (word, mark) in [("mass", "mass"), ("wt", "mass"), ("ppmw", "mass"), ("vol", "mol")] {
        if lower.contains(word) {
            return mark.to_owned();
        }
    }
    if lower.contains("mol") && !lower.contains('/') {
        return "mol".to_owned();
    }
    String::new()
}

/// What stands before cubic metres, words for many of them aside.
fn prefix(before: &str) -> &str {
    let before = before.rsplit('/').next().unwrap_or_default();
    ["million", "thousand", "billion"]
        .iter()
        .find_map(|word| before.strip_prefix(word))
        .unwrap_or(before)
}
