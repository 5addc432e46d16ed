//! Axes that vary together: the groups that correlations join, and those that go together in full.

use super::contradiction::{Asked, Written};
use super::correlation::{Correlation, rank_of};
use super::drawn::Leader;
use crate::fault::{FaultKind, Faults, Place};
use nalgebra::DMatrix;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Least square of an axis's own share that counts as above zero: a millionth of its spread.
const LEAST_OWN_SHARE: f64 = 1e-12;

/// How far a correlation may be off where an axis has no share of its own.
const OFF: f64 = 1e-6;

/// Most axes that correlations join to one another: their factor takes the cube of their number,
/// and each scenario its square.
const MOST_JOINED: usize = 1_000;

/// What correlations make of columns.
#[derive(Debug, Default)]
pub(in crate::sweep) struct Together {
    pub groups: Vec<Group>,
    /// Columns of axes that go with that of an earlier one in full.
    pub leaders: HashMap<usize, Leader>,
}

/// Axes that depend on one another, with the rows of their Cholesky factor.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sweep) struct Group {
    /// Indices of the axes, in their order.
    pub axes: Vec<usize>,
    /// For each axis, the share of each axis up to itself; `None` where it is only itself.
    pub rows: Vec<Option<Vec<f64>>>,
}

/// A correlation of two columns, the first before the second.
#[derive(Debug, Clone, Copy)]
struct Pair<'a> {
    one: usize,
    other: usize,
    coefficient: f64,
    written: Written<'a>,
    place: &'a Place,
}

/// How columns go together; what contradicts itself is a fault.
///
/// `axes` are addresses with the column of each axis's points; an axis may have several addresses.
pub(in crate::sweep) fn together(
    correlations: &[Correlation],
    axes: &[(&str, usize)],
    faults: &mut Faults,
) -> Together {
    let before = faults.count();
    let pairs = pairs(correlations, axes, faults);
    if faults.count() > before {
        return Together::default();
    }
    let mut names: HashMap<usize, &str> = HashMap::new();
    for (address, column) in axes {
        names.entry(*column).or_insert(address);
    }
    let leaders = leaders(&pairs, &names, faults);
    let pairs = between_leaders(pairs, &leaders, &names, faults);
    if faults.count() > before {
        return Together::default();
    }
    let mut groups = Vec::new();
    for members in connected(&pairs) {
        if members.len() > MOST_JOINED {
            let got = format!("correlations that join {} axes to one another", members.len());
            let allowed = format!("at most {MOST_JOINED}");
            let inside = pairs.iter().rfind(|pair| members.binary_search(&pair.one).is_ok());
            let place = inside.map_or_else(Place::default, |pair| pair.place.clone());
            faults.push(place, FaultKind::NotAllowed { got, allowed });
            continue;
        }
        let matrix = matrix(&members, &pairs);
        match factor(&matrix) {
            Ok(rows) => groups.push(Group { axes: members, rows }),
            Err(size) => {
                let at = |column: usize| members.binary_search(&column).ok();
                let mut written = HashMap::new();
                let mut place = Place::default();
                for pair in &pairs {
                    if let (Some(i), Some(j)) = (at(pair.one), at(pair.other)) {
                        written.insert((i, j), pair.written);
                        // the last one among them is what completes the contradiction
                        if j < size {
                            place = pair.place.clone();
                        }
                    }
                }
                let names = members.iter().map(|column| names[column]).collect();
                let asked = Asked { names, wrong: size, matrix, written };
                faults.push(place, asked.contradiction());
            }
        }
    }
    Together { groups, leaders }
}

/// The pairs of columns that correlations name, each of two axes and there once.
fn pairs<'a>(
    correlations: &'a [Correlation],
    axes: &[(&str, usize)],
    faults: &mut Faults,
) -> Vec<Pair<'a>> {
    let columns: HashMap<&str, usize> = axes.iter().copied().collect();
    let mut first: HashMap<(usize, usize), &Place> = HashMap::new();
    let mut pairs = Vec::new();
    for correlation in correlations {
        let Correlation { between, coefficient, by_rank, place } = correlation;
        let [one, other] = between.each_ref().map(|address| {
            let found = columns.get(address.as_str()).copied();
            if found.is_none() {
                let names = axes.iter().map(|(axis, _)| axis);
                faults.push_unknown(place.clone(), "axis", address, names);
            }
            found
        });
        let mut fault = |kind| faults.push(place.clone(), kind);
        if coefficient.is_nan() || coefficient.abs() > 1.0 {
            let key = if *by_rank { "rank_coefficient" } else { "coefficient" };
            let got = format!("{key} {coefficient}");
            fault(FaultKind::NotAllowed { got, allowed: "-1 to 1".to_owned() });
        }
        let (Some(one), Some(other)) = (one, other) else { continue };
        let [name, with] = between;
        if one == other {
            let got = if name == with {
                format!("a correlation of \"{name}\" with itself")
            } else {
                format!("a correlation of \"{name}\" with \"{with}\", which are one axis")
            };
            fault(FaultKind::NotAllowed { got, allowed: "two axes".to_owned() });
            continue;
        }
        let (one, other) = (one.min(other), one.max(other));
        match first.entry((one, other)) {
            Entry::Occupied(first) => {
                let first = first.get();
                let kind = FaultKind::Duplicate {
                    what: "correlation between",
                    name: format!("{name}\" and \"{with}"),
                    first: (first.file.is_some()).then(|| Box::new((*first).clone())),
                };
                fault(kind);
            }
            Entry::Vacant(vacant) => {
                vacant.insert(place);
                let (coefficient, by_rank) = (*coefficient, *by_rank);
                let written = Written { between: [name, with], by_rank, mirrored: false };
                pairs.push(Pair { one, other, coefficient, written, place });
            }
        }
    }
    pairs
}

/// The first column of those that go together in full, for each of the others.
fn leaders(
    pairs: &[Pair<'_>],
    names: &HashMap<usize, &str>,
    faults: &mut Faults,
) -> HashMap<usize, Leader> {
    let full = |pair: &&Pair<'_>| pair.coefficient.abs() >= 1.0;
    let mut near: BTreeMap<usize, Vec<(usize, bool)>> = BTreeMap::new();
    for pair in pairs.iter().filter(full) {
        let mirrored = pair.coefficient < 0.0;
        near.entry(pair.one).or_default().push((pair.other, mirrored));
        near.entry(pair.other).or_default().push((pair.one, mirrored));
    }
    let mut found: HashMap<usize, Leader> = HashMap::new();
    for start in near.keys() {
        let mut open = vec![(*start, false)];
        while let Some((column, mirrored)) = open.pop() {
            if found.contains_key(&column) {
                continue;
            }
            found.insert(column, Leader { column: *start, mirrored });
            open.extend(near[&column].iter().map(|(next, turned)| (*next, mirrored != *turned)));
        }
    }
    for pair in pairs.iter().filter(full) {
        let turned = found[&pair.one].mirrored != found[&pair.other].mirrored;
        if turned != (pair.coefficient < 0.0) {
            let is = if turned { -1 } else { 1 };
            let got = format!(
                "coefficient {} of \"{}\" and \"{}\"",
                pair.coefficient, names[&pair.one], names[&pair.other]
            );
            let allowed = format!("{is}, which others of 1 and -1 make of it");
            faults.push(pair.place.clone(), FaultKind::NotAllowed { got, allowed });
        }
    }
    found.retain(|column, leader| *column != leader.column);
    found
}

/// The correlations that are not full, between columns that go with no earlier one: what is left
/// unsaid of a column that does follows from that one.
fn between_leaders<'a>(
    pairs: Vec<Pair<'a>>,
    leaders: &HashMap<usize, Leader>,
    names: &HashMap<usize, &str>,
    faults: &mut Faults,
) -> Vec<Pair<'a>> {
    let leader =
        |column| leaders.get(&column).copied().unwrap_or(Leader { column, mirrored: false });
    let mut first: HashMap<(usize, usize), (f64, usize, usize)> = HashMap::new();
    let mut between = Vec::new();
    for pair in pairs.into_iter().filter(|pair| pair.coefficient.abs() < 1.0) {
        let [one, other] = [leader(pair.one), leader(pair.other)];
        let sign = if one.mirrored == other.mirrored { 1.0 } else { -1.0 };
        let coefficient = sign * pair.coefficient;
        let [one, other] = [one.column.min(other.column), one.column.max(other.column)];
        let (known, of) = if one == other {
            (Some(1.0), None)
        } else {
            let known = first.entry((one, other)).or_insert((coefficient, pair.one, pair.other));
            (Some(known.0), Some((known.1, known.2)))
        };
        let Some(known) = known.filter(|known| (known - coefficient).abs() > OFF) else {
            if of == Some((pair.one, pair.other)) {
                let written = Written { mirrored: sign < 0.0, ..pair.written };
                between.push(Pair { one, other, coefficient, written, ..pair });
            }
            continue;
        };
        let shown = |score: f64| {
            let written = if pair.written.by_rank { rank_of(score) } else { score };
            (written * 1e9).round() / 1e9
        };
        let [a, b] = pair.written.between;
        let got = format!("a coefficient of \"{a}\" and \"{b}\" of {}", shown(pair.coefficient));
        let why = of.map_or_else(String::new, |(one, other)| {
            format!(" and the one of \"{}\" and \"{}\"", names[&one], names[&other])
        });
        let allowed =
            format!("{}, which coefficients of 1 and -1{why} make of it", shown(sign * known));
        faults.push(pair.place.clone(), FaultKind::NotAllowed { got, allowed });
    }
    between
}

/// Columns that are correlated with one another, directly or through others.
fn connected(pairs: &[Pair<'_>]) -> Vec<Vec<usize>> {
    let mut near: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| pair.coefficient != 0.0) {
        near.entry(pair.one).or_default().push(pair.other);
        near.entry(pair.other).or_default().push(pair.one);
    }
    let mut seen: HashSet<usize> = HashSet::new();
    let mut groups = Vec::new();
    for start in near.keys() {
        let mut members = Vec::new();
        let mut open = vec![*start];
        while let Some(column) = open.pop() {
            if seen.insert(column) {
                members.push(column);
                open.extend(&near[&column]);
            }
        }
        if !members.is_empty() {
            members.sort_unstable();
            groups.push(members);
        }
    }
    groups
}

/// The correlations of some columns, in rising order.
fn matrix(members: &[usize], pairs: &[Pair<'_>]) -> DMatrix<f64> {
    let mut matrix = DMatrix::identity(members.len(), members.len());
    let at = |column: usize| members.binary_search(&column).ok();
    for pair in pairs {
        if let (Some(i), Some(j)) = (at(pair.one), at(pair.other)) {
            matrix[(i, j)] = pair.coefficient;
            matrix[(j, i)] = pair.coefficient;
        }
    }
    matrix
}

/// The rows of the Cholesky factor of a matrix, each up to its diagonal; `None` where one has a
/// share of itself only. A row whose own share is zero is made of those before it.
///
/// # Errors
/// How many of its first rows contradict one another, where it is not positive semidefinite.
pub(super) fn factor(matrix: &DMatrix<f64>) -> Result<Vec<Option<Vec<f64>>>, usize> {
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(matrix.nrows());
    for k in 0..matrix.nrows() {
        let mut row: Vec<f64> = Vec::with_capacity(k + 1);
        for j in 0..=k {
            let before = if j < k { &rows[j][..j] } else { &row[..] };
            let products = row.iter().zip(before);
            let rest = products.fold(matrix[(k, j)], |rest, (one, other)| rest - one * other);
            let share = match rows.get(j).map(|row| row[j]) {
                Some(0.0) if rest.abs() <= OFF => 0.0,
                Some(0.0) => return Err(k + 1),
                Some(own) => rest / own,
                None if rest > LEAST_OWN_SHARE => rest.sqrt(),
                None if rest >= -LEAST_OWN_SHARE => 0.0,
                None => return Err(k + 1),
            };
            row.push(share);
        }
        rows.push(row);
    }
    let only_itself = |row: &Vec<f64>| row[..row.len() - 1].iter().all(|share| *share == 0.0);
    Ok(rows.into_iter().map(|row| (!only_itself(&row)).then_some(row)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_gives_its_matrix_back_singular_or_not() {
        // of three axes, the third made of the first two
        let [a, b] = [0.6, 0.8];
        for entries in [
            [1.0, 0.5, -0.2, 0.5, 1.0, 0.3, -0.2, 0.3, 1.0],
            [1.0, 0.0, a, 0.0, 1.0, b, a, b, 1.0],
            [1.0, a, 0.0, a, 1.0, b, 0.0, b, 1.0],
        ] {
            let matrix = DMatrix::from_row_slice(3, 3, &entries);
            let rows = factor(&matrix).unwrap();
            let share = |row: usize, at: usize| match &rows[row] {
                Some(row) => row.get(at).copied().unwrap_or(0.0),
                None => f64::from(u8::from(row == at)),
            };
            for (i, j) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
                let product: f64 = (0..3).map(|k| share(i, k) * share(j, k)).sum();
                assert!((product - matrix[(i, j)]).abs() < 1e-12, "{entries:?}: {product}");
            }
        }
        let contradiction = [1.0, 0.9, -0.9, 0.9, 1.0, 0.9, -0.9, 0.9, 1.0];
        assert_eq!(factor(&DMatrix::from_row_slice(3, 3, &contradiction)), Err(3));
        // made of the first two, and not as correlated with a fourth as that makes it
        let entries = [1.0, 0.0, a, 0.0, 0.0, 1.0, b, 0.5, a, b, 1.0, 0.0, 0.0, 0.5, 0.0, 1.0];
        assert_eq!(factor(&DMatrix::from_row_slice(4, 4, &entries)), Err(4));
    }
}
