//! Names that look like what was written, and texts as messages show them.

/// Least similarity of a name that counts as near, 0 to 1.
const NEAR: f64 = 0.6;

/// Most letters of a text that messages show.
const LONGEST_SHOWN: usize = 120;

/// The valid names that look most like `got`, nearest first: at most three, none that shares
/// too little with it. A name that goes on where `got` ends is near: `bcm/yr` to `bcm`.
pub fn nearest_names<I>(got: &str, valid: I) -> Vec<String>
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    if got.len() > LONGEST_SHOWN {
        return Vec::new();
    }
    let wanted = got.to_lowercase();
    let letters = Letters::of(&wanted);
    let mut scored: Vec<(f64, String)> = valid
        .into_iter()
        .filter_map(|name| {
            let name = name.as_ref();
            let begun = wanted.len() >= 2 && name.to_lowercase().starts_with(&wanted);
            // most names share too few letters to be near, which is seen without comparing them
            let score = if begun || letters.may_be_near(name) {
                strsim::normalized_damerau_levenshtein(&wanted, &name.to_lowercase())
            } else {
                0.0
            };
            let score = if begun { score.max(NEAR) } else { score };
            (score >= NEAR).then(|| (score, name.to_owned()))
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    scored.dedup();
    scored.truncate(3);
    scored.into_iter().map(|(_, name)| name).collect()
}

/// How often each letter occurs in a text, letters that are no ASCII all as one.
struct Letters {
    counts: [u8; 128],
    length: usize,
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut counts = [0_u8; 128];
        for letter in text.chars() {
            counts[Self::class(letter)] += 1;
        }
        Self { counts, length: text.chars().count() }
    }

    fn class(letter: char) -> usize {
        if letter.is_ascii() { (letter as u8).to_ascii_lowercase().into() } else { 0 }
    }

    /// Whether a name can be [`NEAR`]: each edit mends at most one letter that one of them has and
    /// the other lacks.
    fn may_be_near(&self, name: &str) -> bool {
        let mut left = self.counts;
        let (mut length, mut shared) = (0_usize, 0_usize);
        for letter in name.chars() {
            length += 1;
            let count = &mut left[Self::class(letter)];
            if *count > 0 {
                *count -= 1;
                shared += 1;
            }
        }
        // a letter that grows as it is made small may be one more than was counted
        let longest = self.length.max(length);
        !name.is_ascii() || shared as f64 >= NEAR * longest as f64
    }
}

pub(super) fn names_text(nearest: &[String], allowed: &[String]) -> String {
    let quoted = |names: &[String]| -> String {
        let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        quoted.join(", ")
    };
    match (nearest, allowed) {
        ([], []) => String::new(),
        ([], allowed) => format!("; allowed: {}", quoted(allowed)),
        (nearest, []) => format!("; nearest: {}", quoted(nearest)),
        (nearest, allowed) => {
            format!("; nearest: {}; allowed: {}", quoted(nearest), quoted(allowed))
        }
    }
}

/// How far off 1 a sum may be that normalising divides by.
pub(crate) const NORMALISED_WITHIN: f64 = 0.01;

/// What the sum of a composition may be: normalising is offered where it helps.
pub(crate) fn sum_text(sum: f64) -> &'static str {
    if (sum - 1.0).abs() <= NORMALISED_WITHIN + 1e-12 {
        "1 within 1e-6 (or ask for normalising)"
    } else {
        "1 within 1e-6; so far off it is a slip, and normalising does not help"
    }
}

pub(super) fn range_text(low: &str, high: Option<&str>) -> String {
    match high {
        Some(high) => format!("outside the allowed range {low} to {high}"),
        None => format!("outside the allowed range: at least {low}"),
    }
}

/// A text as messages show it: on one line, and not longer than a reader wants.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => {
            format!("{}... ({} letters)", visible(&text[..end]), text.chars().count())
        }
        None => visible(text),
    }
}

/// A text on one line, every letter of it one that is seen: what would steer a terminal, turn
/// round the direction of what follows or end the line is written as an escape.
///
/// ```
/// use gaschain::fault::visible;
///
/// assert_eq!(visible("late\n\u{1b}[31m"), "late\\n\\u{1b}[31m");
/// ```
#[must_use]
pub fn visible(text: &str) -> String {
    visible_but(text, &[])
}

/// A text of several lines, otherwise as [`visible`].
#[must_use]
pub fn visible_lines(text: &str) -> String {
    visible_but(text, &['\n'])
}

/// The same, letting some letters be.
pub(crate) fn visible_but(text: &str, kept: &[char]) -> String {
    let is_kept = |letter: char| is_visible(letter) || kept.contains(&letter);
    if text.chars().all(is_kept) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if is_kept(letter) {
            shown.push(letter);
        } else {
            shown.extend(letter.escape_default());
        }
    }
    shown
}

/// Whether a letter shows itself and leaves the rest of a line alone.
fn is_visible(letter: char) -> bool {
    !letter.is_control()
        && !matches!(
            letter,
            // marks without width, and those that set or turn the direction of text
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            // ends of lines and paragraphs
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}
