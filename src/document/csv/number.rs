//! Numbers as spreadsheets write them: decimal commas, spaces between thousands; and what they
//! make of cells that are none: dates, errors. What may mean two numbers is never guessed.

use crate::fault::FaultKind;
use std::borrow::Cow;

/// A cell that begins with a number, with that number written plainly: `6,5 bcm/yr` as
/// `6.5 bcm/yr`, `1 234,5` as `1234.5`. Other texts stay as they are.
///
/// # Errors
/// What may mean two numbers (`1,234`), and what a spreadsheet made of a number: a date, an error.
pub fn plain(cell: &str) -> Result<Cow<'_, str>, FaultKind> {
    let refused = |got: String, allowed: &str| {
        Err(FaultKind::NotAllowed { got, allowed: allowed.to_owned() })
    };
    if cell.starts_with('#') {
        let got = format!("\"{cell}\", an error of the spreadsheet");
        return refused(got, "what the cell should have shown");
    }
    if is_date(cell) {
        let got = format!("\"{cell}\", a date");
        return refused(
            got,
            "a number (spreadsheets make dates of numbers such as 6.5: format the cells as text)",
        );
    }
    let (sign, unsigned) = match cell.chars().next() {
        // the sign that is typeset
        Some('\u{2212}') => ("-", &cell['\u{2212}'.len_utf8()..]),
        Some('+' | '-') => cell.split_at(1),
        _ => ("", cell),
    };
    let marks = Marks::of(unsigned);
    let (number, rest) = unsigned.split_at(marks.length);
    if marks.is_plain() && (sign.is_empty() || cell.starts_with(sign)) {
        return Ok(cell.into());
    }
    match marks.read(number) {
        Reading::Number(number) => Ok(format!("{sign}{number}{rest}").into()),
        Reading::Two(one, other) => {
            let got = format!("\"{cell}\", which may mean {sign}{one} or {sign}{other}");
            refused(got, &format!("\"{sign}{one}{rest}\" or \"{sign}{other}{rest}\""))
        }
        Reading::None => Ok(cell.into()),
    }
}

/// What a number that is not written plainly means.
enum Reading {
    Number(String),
    /// Either of these.
    Two(String, String),
    /// It is none: who asks for it says so.
    None,
}

/// The marks between the digits at the start of a text.
#[derive(Default)]
struct Marks {
    /// Bytes that digits and marks take.
    length: usize,
    commas: usize,
    points: usize,
    /// Spaces of any width, and apostrophes.
    gaps: usize,
}

/// Whether a mark stands between thousands and never before decimals.
const fn is_gap(mark: char) -> bool {
    matches!(mark, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}')
}

impl Marks {
    fn of(text: &str) -> Self {
        let mut marks = Self::default();
        let letters: Vec<(usize, char)> = text.char_indices().take(64).collect();
        for (index, &(at, letter)) in letters.iter().enumerate() {
            let next = letters.get(index + 1).map(|(_, next)| *next);
            let between = index > 0 && next.is_some_and(|next| next.is_ascii_digit());
            match letter {
                '0'..='9' => {}
                ',' if between || next.is_some_and(|next| next.is_ascii_digit()) => {
                    marks.commas += 1;
                }
                '.' => marks.points += 1,
                gap if is_gap(gap) && between => marks.gaps += 1,
                _ => return Self { length: at, ..marks },
            }
            marks.length = at + letter.len_utf8();
        }
        marks
    }

    const fn is_plain(&self) -> bool {
        self.commas == 0 && self.gaps == 0 && self.points <= 1
    }

    fn read(&self, number: &str) -> Reading {
        let joined = || number.replace(|letter: char| !letter.is_ascii_digit(), "");
        match (self.commas, self.points) {
            // 1 234, 1 234 567
            (0, 0) => grouped(number, is_gap).map_or(Reading::None, Reading::Number),
            // 1,234: a thousand or one and a bit
            (1, 0) if self.gaps == 0 && may_be_group(number, ',') => {
                Reading::Two(number.replace(',', "."), joined())
            }
            // 6,5; 1 234,5
            (1, 0) => decimal(number, ',', is_gap),
            // 1 234.5
            (0, 1) => decimal(number, '.', is_gap),
            // 1,234,567; 1.234.567
            (_, 0) if self.gaps == 0 => {
                grouped(number, |mark| mark == ',').map_or(Reading::None, Reading::Number)
            }
            (0, _) if self.gaps == 0 => {
                grouped(number, |mark| mark == '.').map_or(Reading::None, Reading::Number)
            }
            // 1.234,5
            (1, _) if number.rfind(',') > number.rfind('.') => {
                decimal(number, ',', |mark| mark == '.')
            }
            // 1,234.5
            (_, 1) if number.rfind('.') > number.rfind(',') => {
                decimal(number, '.', |mark| mark == ',')
            }
            _ => Reading::None,
        }
    }
}

/// Whether one mark may part thousands: one to three digits before it, not a lone 0, three after.
fn may_be_group(number: &str, mark: char) -> bool {
    number.split_once(mark).is_some_and(|(before, after)| {
        (1..=3).contains(&before.len()) && !before.starts_with('0') && after.len() == 3
    })
}

/// Digits in groups of three behind the first, joined.
fn grouped(number: &str, is_mark: impl Fn(char) -> bool) -> Option<String> {
    let mut groups = number.split(is_mark);
    let first = groups.next()?;
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let mut joined = first.to_owned();
    if !digits(first) || (number.len() > first.len() && !(1..=3).contains(&first.len())) {
        return None;
    }
    for group in groups {
        if group.len() != 3 || !digits(group) {
            return None;
        }
        joined.push_str(group);
    }
    Some(joined)
}

fn decimal(number: &str, point: char, is_mark: impl Fn(char) -> bool) -> Reading {
    let read = number.rsplit_once(point).and_then(|(whole, decimals)| {
        let digits = decimals.bytes().all(|byte| byte.is_ascii_digit());
        let whole = if whole.is_empty() { "0".to_owned() } else { grouped(whole, is_mark)? };
        digits.then(|| format!("{whole}.{decimals}"))
    });
    read.map_or(Reading::None, Reading::Number)
}

/// Names of months as spreadsheets shorten them, in English, German and Russian.
const MONTHS: [&str; 30] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mrz",
    "mär", "mai", "okt", "dez", "янв", "фев", "мар", "апр", "май", "мая", "июн", "июл", "авг",
    "сен", "окт", "ноя", "дек",
];

/// Whether a cell is what spreadsheets make of `6.5` or `6-5`: `06.05.2024`, `6-May`, `май.06`.
fn is_date(cell: &str) -> bool {
    let cell = cell.replace(". ", ".");
    let day = cell.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split(['.', '-', '/']).filter(|part| !part.is_empty()).collect();
    let digits = |part: &&&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let month = |part: &&str| {
        let part = part.to_lowercase();
        !part.starts_with(|first: char| first.is_ascii_digit())
            && MONTHS.iter().any(|month| part.starts_with(month))
    };
    match parts[..] {
        [_, _, _] if parts.iter().filter(digits).count() == 3 => {
            let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
            let marks = day.matches(['.', '-', '/']).count() == 2;
            let long = lengths.iter().filter(|length| **length == 4).count();
            let years = matches!(lengths[..], [4, 1..=2, 1..=2] | [1..=2, 1..=2, 2 | 4]);
            marks && years && (long == 1 || lengths == [2, 2, 2])
        }
        [_, _] | [_, _, _] => {
            parts.iter().filter(|part| month(part)).count() == 1
                && parts.iter().filter(digits).count() + 1 == parts.len()
        }
        _ => false,
    }
}

/// Truth as spreadsheets write it, in the languages they speak.
pub fn flag(cell: &str) -> Option<bool> {
    match cell.trim().to_lowercase().as_str() {
        "true" | "wahr" | "истина" | "vrai" | "verdadero" | "verdadeiro" | "vero" | "prawda"
        | "真" => Some(true),
        "false" | "falsch" | "ложь" | "faux" | "falso" | "fałsz" | "假" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_spreadsheets_of_any_country_write_them() {
        for (written, meant) in [
            ("6,5 bcm/yr", "6.5 bcm/yr"),
            ("1\u{a0}234,5", "1234.5"),
            ("1\u{202f}234\u{202f}567 t/yr", "1234567 t/yr"),
            ("1 234.5 km", "1234.5 km"),
            ("1'234.5", "1234.5"),
            ("1.234,5", "1234.5"),
            ("1,234.5 mm", "1234.5 mm"),
            ("1,234,567", "1234567"),
            ("1.234.567", "1234567"),
            ("0,234", "0.234"),
            ("1234,567", "1234.567"),
            ("1,2345e-3", "1.2345e-3"),
            ("\u{2212}5,5 degC", "-5.5 degC"),
            ("-5,5", "-5.5"),
            (",5", "0.5"),
            ("97,5%", "97.5%"),
        ] {
            assert_eq!(plain(written).unwrap(), meant);
        }
        for same in [
            "6.5 bcm/yr",
            "1e3",
            "60 million m3/yr",
            "unknown",
            "a > b, c",
            "1.46 %/1000 km",
            "5.",
            "1,2,3",
            "12 34",
            "",
            "6 bcm/yr @ 0 degC",
            "-5 degC",
        ] {
            assert_eq!(plain(same).unwrap(), same);
        }
    }

    #[test]
    fn what_may_mean_two_numbers_and_what_was_a_number_once_are_refused_by_their_cause() {
        let says = |cell| plain(cell).unwrap_err().to_string();
        assert_eq!(
            says("1,234 t/h"),
            "\"1,234 t/h\", which may mean 1.234 or 1234; allowed: \"1.234 t/h\" or \"1234 t/h\""
        );
        for date in [
            "06.05.2024",
            "2024-05-06",
            "5/6/2024",
            "6-May",
            "06.мая",
            "Mai.06",
            "май.06",
            "06.05.24",
            "2024-05-06T00:00:00",
            "6. Mai",
        ] {
            assert!(says(date).contains("a date; allowed: a number"), "{date}");
        }
        for error in ["#N/A", "#DIV/0!", "#Н/Д", "#####"] {
            assert!(says(error).contains("an error of the spreadsheet"), "{error}");
        }
    }
}
