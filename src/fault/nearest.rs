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
    let mut scored: Vec<(f64, String)> = valid
        .into_iter()
        .map(|name| {
            let (name, lower) = (name.as_ref(), name.as_ref().to_lowercase());
            let score = strsim::normalized_damerau_levenshtein(&wanted, &lower);
            let begun = wanted.len() >= 2 && lower.starts_with(&wanted);
            (if begun { score.max(NEAR) } else { score }, name.to_owned())
        })
        .filter(|(score, _)| *score >= NEAR)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    scored.dedup();
    scored.truncate(3);
    scored.into_iter().map(|(_, name)| name).collect()
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
    let line = |text: &str| -> String {
        text.chars()
            .flat_map(|letter| {
                let escaped = letter.is_control().then(|| letter.escape_default());
                let plain = (!letter.is_control()).then_some(letter);
                escaped.into_iter().flatten().chain(plain)
            })
            .collect()
    };
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}... ({} letters)", line(&text[..end]), text.chars().count()),
        None => line(text),
    }
}
