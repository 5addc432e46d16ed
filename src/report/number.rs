//! Numbers as people read them: about four significant digits, thousands separated.

/// About four significant digits, thousands separated; `-` for what does not exist.
///
/// Only what no table of this field holds (below a millionth, above 10^15) is written with an
/// exponent.
///
/// ```
/// use gaschain::report::number::number;
/// assert_eq!(number(Some(38.0)), "38.00");
/// assert_eq!(number(Some(2.263_451)), "2.263");
/// assert_eq!(number(Some(12_345.61)), "12,345.6");
/// assert_eq!(number(Some(0.0)), "0");
/// assert_eq!(number(None), "-");
/// ```
#[must_use]
pub fn number(value: Option<f64>) -> String {
    let Some(value) = value.filter(|value| value.is_finite()) else { return "-".into() };
    let size = value.abs();
    if size == 0.0 {
        return "0".into();
    }
    if !(1e-6..1e15).contains(&size) {
        return format!("{value:.1e}");
    }
    fixed(value, decimals(size))
}

/// Decimals that show about four significant digits of a number of this size.
fn decimals(size: f64) -> usize {
    match size {
        _ if size >= 99_999.5 => 0,
        _ if size >= 99.995 => 1,
        _ if size >= 9.999_5 => 2,
        _ if size >= 0.999_95 => 3,
        _ if size >= 0.099_995 => 4,
        _ if size >= 0.009_999_5 => 5,
        _ if size >= 0.000_999_95 => 6,
        _ => 8,
    }
}

/// A number with so many decimals and thousands separated.
///
/// ```
/// use gaschain::report::number::fixed;
/// assert_eq!(fixed(1_234_567.8, 0), "1,234,568");
/// assert_eq!(fixed(-0.000_1, 2), "0.00");
/// ```
#[must_use]
pub fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let nothing = text.chars().all(|digit| matches!(digit, '0' | '.'));
    let mut grouped = String::new();
    if value < 0.0 && !nothing {
        grouped.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !fraction.is_empty() {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

/// A number as somebody stated it: at most six significant digits, no zeros added.
///
/// ```
/// use gaschain::report::number::stated;
/// assert_eq!(stated(60.0), "60");
/// assert_eq!(stated(2.5), "2.5");
/// ```
#[must_use]
pub fn stated(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        return "0".into();
    }
    if !(1e-6..1e15).contains(&size) {
        return format!("{value}");
    }
    let mut bound = 10.0;
    let mut places = 5_usize;
    while size >= bound && places > 0 {
        bound *= 10.0;
        places -= 1;
    }
    if size < 1.0 {
        places = 9;
    }
    let text = fixed(value, places);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A difference between numbers of size `scale`: zero where it is only what rounding leaves,
/// signed elsewhere.
///
/// ```
/// use gaschain::report::number::difference;
/// assert_eq!(difference(Some(7e-15), 38.0), "0");
/// assert_eq!(difference(Some(0.4), 38.0), "+0.4000");
/// ```
#[must_use]
pub fn difference(value: Option<f64>, scale: f64) -> String {
    match value {
        Some(value) if value.abs() <= 1e-9 * scale.abs() => "0".into(),
        Some(value) if value > 0.0 && value.is_finite() => format!("+{}", number(Some(value))),
        other => number(other),
    }
}

/// A share as a percentage with one decimal; one that is not quite 100 % never reads 100.0 %.
///
/// ```
/// use gaschain::report::number::percent;
/// assert_eq!(percent(0.9905), "99.1 %");
/// assert_eq!(percent(1.0), "100.0 %");
/// assert_eq!(percent(0.999_9), "99.99 %");
/// assert_eq!(percent(0.000_2), "0.02 %");
/// ```
#[must_use]
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    // would read as the round number, and is not it
    let near = |round: f64| (1e-7..0.05).contains(&(percent - round).abs());
    if !percent.is_finite() {
        "-".into()
    } else if near(100.0) || near(0.0) {
        let close = fixed(percent, 2);
        if close == "0.00" || close == "100.00" {
            format!("{} %", fixed_near(percent))
        } else {
            format!("{close} %")
        }
    } else {
        format!("{} %", fixed(percent, 1))
    }
}

/// What even two decimals cannot tell from 0 or 100.
fn fixed_near(percent: f64) -> String {
    match percent {
        _ if percent.abs() < 1.0 => format!("{percent:.1e}"),
        _ if percent < 100.0 => "<100".into(),
        _ => ">100".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_magnitudes_are_never_scientific() {
        for (value, text) in [
            (0.000_012_3, "0.00001230"),
            (0.991, "0.9910"),
            (9.999_6, "10.00"),
            (41.6, "41.60"),
            (481.0, "481.0"),
            (1_234_567.0, "1,234,567"),
            (-8.7, "-8.700"),
        ] {
            assert_eq!(number(Some(value)), text);
        }
        assert_eq!(number(Some(f64::NAN)), "-");
        assert_eq!(number(Some(3.1e-16)), "3.1e-16");
    }

    #[test]
    fn a_stated_figure_keeps_its_own_digits() {
        for (value, text) in
            [(38.0, "38"), (0.4, "0.4"), (44_000.0, "44,000"), (0.03, "0.03"), (1.46, "1.46")]
        {
            assert_eq!(stated(value), text);
        }
    }

    #[test]
    fn a_share_that_is_not_all_does_not_read_as_all() {
        assert_eq!(percent(0.999_999_9), "<100 %");
        assert_eq!(percent(1.000_000_1), ">100 %");
        assert_eq!(percent(0.0), "0.0 %");
    }
}
