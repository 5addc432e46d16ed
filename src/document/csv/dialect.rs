//! How a table parts its fields: by commas, semicolons or tabs, as its first line has them; and how
//! texts are written so that a spreadsheet only shows them.

use crate::fault::visible_but;
use std::borrow::Cow;

/// What stands between fields, in the order in which it is thought of.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// The separator that spreadsheets write as a line of its own before the header: `sep=;`.
pub fn told(line: &str) -> Option<char> {
    let line = line.trim_matches('"');
    let rest =
        line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).map(|_| &line[4..])?;
    let mut letters = rest.chars();
    letters.next().filter(|separator| SEPARATORS.contains(separator) && letters.next().is_none())
}

/// The separator of a header: what parts it most often, outside of quotes.
pub fn of_header(header: &str) -> char {
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut quoted = false;
    for letter in header.chars() {
        quoted ^= letter == '"';
        if let (false, Some(at)) = (quoted, SEPARATORS.iter().position(|other| *other == letter)) {
            counts[at] += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    counts.iter().position(|count| *count == most).map_or(',', |at| SEPARATORS[at])
}

/// Letters that make a spreadsheet take a cell for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text as a cell that no spreadsheet runs: one that begins as a formula does, and is no number,
/// gets an apostrophe before it, which [`unguarded`] takes off again. One that begins so behind
/// apostrophes gets one more, so that every text comes back as it was; but what would steer a
/// terminal is written as an escape.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() || text.bytes().any(|byte| byte.is_ascii_control()) {
        let seen = visible_but(text, &['\n', '\r', '\t']);
        if seen != text {
            return guarded(&seen).into_owned().into();
        }
    }
    let bare = text.trim_start_matches('\'');
    if bare.starts_with(FORMULA) && text.parse::<f64>().is_err() {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

/// The text that a cell stands for: see [`guarded`].
pub fn unguarded(cell: &str) -> &str {
    let Some(rest) = cell.strip_prefix('\'') else { return cell };
    if rest.trim_start_matches('\'').starts_with(FORMULA) { rest } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_by_what_fields_are_parted() {
        assert_eq!(of_header("name;gpp.trains;kovykta.flow"), ';');
        assert_eq!(of_header("name\tgpp.trains"), '\t');
        assert_eq!(of_header("name,\"a;b;c\""), ',');
        assert_eq!(of_header("name"), ',');
        assert_eq!(told("sep=;"), Some(';'));
        assert_eq!(told("\"SEP=\t\""), Some('\t'));
        assert_eq!((told("sep=;;"), told("sep=x"), told("separator")), (None, None, None));
    }

    #[test]
    fn a_formula_is_kept_from_running_and_comes_back_as_it_was() {
        for name in
            ["=1+1", "+", "-", "@x", "\tx", "'=1", "''@", "-5", "+1e3", "plain", "'plain", "-inf1"]
        {
            let cell = guarded(name);
            assert_eq!(unguarded(&cell), name);
            assert!(cell.parse::<f64>().is_ok() || !cell.starts_with(FORMULA), "{cell}");
        }
        assert_eq!(guarded("-5.25"), "-5.25");
        assert_eq!(guarded("=\u{1b}[31m"), "'=\\u{1b}[31m");
    }
}
