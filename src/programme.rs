//! Small linear programmes: the best point of a few numbers under straight constraints.
//!
//! *In:* rows `a x <= b`, bounds of each number, what is to be as large as can be. *Out:* the point,
//! which rows and bounds meet in it, and what each row costs. *Order:* a dense tableau (primal
//! simplex in two phases, after Dantzig 1963, with the pivots of Bland 1977 where it does not
//! advance); [`Programme::greatest`] asks it for one number after another.
//!
//! Rows are to be given in a size of about 1: tolerances are absolute. Problems have a few numbers
//! and some tens of rows, so that nothing sparse would gain.

/// What counts as zero among numbers of a size of about 1.
const ZERO: f64 = 1e-11;

/// Rows that are reached within this of each other are reached together.
const TIE: f64 = 1e-15;

/// By how much rows may miss when nothing fits exactly, as rounding leaves it.
const FITS: f64 = 2e-12;

/// Most pivots of a phase, for each row and number.
const PIVOTS_EACH: usize = 50;

/// Straight constraints on a few numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Programme {
    /// Lowest and highest value of each number.
    bounds: Vec<(f64, f64)>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone)]
struct Row {
    of: Vec<f64>,
    at_most: f64,
    /// Whether it has to be met exactly.
    tight: bool,
}

/// What meets in a corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Meeting {
    /// A row, at what it allows.
    Row(usize),
    /// A number at its lowest.
    Low(usize),
    /// A number at its highest.
    High(usize),
}

/// The best corner.
#[derive(Debug, Clone)]
pub(crate) struct Corner {
    pub at: Vec<f64>,
    /// As many as there are numbers, and independent of each other; with how much the objective
    /// gains for each that is let go by one.
    pub meeting: Vec<(Meeting, f64)>,
}

impl Programme {
    /// Numbers between these bounds; the highest may be infinite.
    pub fn new(bounds: Vec<(f64, f64)>) -> Self {
        Self { bounds, rows: Vec::new() }
    }

    /// So many numbers between 0 and 1.
    pub fn of_shares(count: usize) -> Self {
        Self::new(vec![(0.0, 1.0); count])
    }

    pub fn numbers(&self) -> usize {
        self.bounds.len()
    }

    /// Adds `of x <= at_most`.
    pub fn row(&mut self, of: Vec<f64>, at_most: f64) {
        self.rows.push(Row { of, at_most, tight: false });
    }

    /// Has one number stay where it is.
    pub fn fix(&mut self, number: usize, at: f64) {
        self.bounds[number] = (at, at);
    }

    /// Whether a number has to stay where it is.
    pub fn is_fixed(&self, number: usize) -> bool {
        self.bounds[number].0 >= self.bounds[number].1
    }

    /// Has something that met in a corner go on to.
    pub fn hold(&mut self, meeting: Meeting) {
        match meeting {
            Meeting::Row(row) => self.rows[row].tight = true,
            Meeting::Low(number) => self.bounds[number].1 = self.bounds[number].0,
            Meeting::High(number) => self.bounds[number].0 = self.bounds[number].1,
        }
    }

    /// The point where `objective x` is as large as can be; `None` where nothing fits.
    pub fn greatest(&self, objective: &[f64]) -> Option<Corner> {
        let mut tableau = Tableau::new(self)?;
        tableau.maximise(objective, false);
        Some(tableau.corner(self))
    }

    /// Whether anything fits.
    pub fn fits(&self) -> bool {
        Tableau::new(self).is_some()
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The same with one number more, between 0 and 1, which none of some others is below: what
    /// says so are the last rows, in their order.
    pub fn with_least(&self, of: &[usize]) -> Self {
        let mut more = self.with_number((0.0, 1.0));
        for &number in of {
            let mut row = vec![0.0; more.numbers()];
            row[number] = -1.0;
            row[self.numbers()] = 1.0;
            more.row(row, 0.0);
        }
        more
    }

    /// The same with one number more, by which every row may be passed that is not tight.
    pub fn with_excess(&self) -> Self {
        let mut more = self.with_number((0.0, f64::INFINITY));
        for row in more.rows.iter_mut().filter(|row| !row.tight) {
            row.of[self.bounds.len()] = -1.0;
        }
        more
    }

    fn with_number(&self, bounds: (f64, f64)) -> Self {
        let mut more = self.clone();
        more.bounds.push(bounds);
        more.rows.iter_mut().for_each(|row| row.of.push(0.0));
        more
    }
}

/// A dense tableau: numbers above their lowest, then one slack a row. Highest values and rows that
/// are tight are rows of their own.
struct Tableau {
    /// Row after row: a coefficient a column, then what the basic number is.
    cells: Vec<f64>,
    width: usize,
    basic: Vec<usize>,
    numbers: usize,
    /// What each row of the tableau stands for.
    stands_for: Vec<Meeting>,
    /// The objective as it is reduced, and its value.
    costs: Vec<f64>,
}

impl Tableau {
    /// Finds a corner that fits.
    fn new(programme: &Programme) -> Option<Self> {
        let numbers = programme.numbers();
        let mut rows: Vec<(Vec<f64>, f64, Meeting)> = Vec::new();
        for (index, row) in programme.rows.iter().enumerate() {
            let lowest: f64 =
                row.of.iter().zip(&programme.bounds).map(|(of, (low, _))| of * low).sum();
            let right = row.at_most - lowest;
            rows.push((row.of.clone(), right, Meeting::Row(index)));
            if row.tight {
                rows.push((row.of.iter().map(|of| -of).collect(), -right, Meeting::Row(index)));
            }
        }
        for (number, &(low, high)) in programme.bounds.iter().enumerate() {
            if high.is_finite() {
                let mut of = vec![0.0; numbers];
                of[number] = 1.0;
                rows.push((of, high - low, Meeting::High(number)));
            }
        }
        // columns: numbers, the excess that all rows share, slacks, what is basic
        let count = rows.len();
        let width = numbers + 1 + count + 1;
        let mut tableau = Self {
            cells: vec![0.0; count * width],
            width,
            basic: (0..count).map(|row| numbers + 1 + row).collect(),
            numbers,
            stands_for: rows.iter().map(|(.., meeting)| *meeting).collect(),
            costs: vec![0.0; width],
        };
        for (index, (of, right, _)) in rows.iter().enumerate() {
            let own = &mut tableau.cells[index * width..(index + 1) * width];
            own[..numbers].copy_from_slice(of);
            own[numbers] = -1.0;
            own[numbers + 1 + index] = 1.0;
            own[width - 1] = *right;
        }
        let worst = (0..count).min_by(|&a, &b| rows[a].1.total_cmp(&rows[b].1));
        if let Some(worst) = worst.filter(|&worst| rows[worst].1 < 0.0) {
            tableau.pivot(worst, numbers);
            let mut least = vec![0.0; numbers + 1];
            least[numbers] = -1.0;
            tableau.maximise(&least, true);
            let excess = (0..count).find(|&row| tableau.basic[row] == numbers);
            if let Some(row) = excess {
                if tableau.right(row) > FITS {
                    return None;
                }
                // out of the basis, for whatever can take its place
                let column = (0..width - 1)
                    .filter(|&column| column != numbers)
                    .max_by(|&a, &b| tableau.at(row, a).abs().total_cmp(&tableau.at(row, b).abs()));
                match column.filter(|&column| tableau.at(row, column).abs() > ZERO) {
                    Some(column) => tableau.pivot(row, column),
                    None => tableau.cells[row * width..(row + 1) * width].fill(0.0),
                }
            }
        }
        // it stays out
        for row in 0..count {
            tableau.cells[row * width + numbers] = 0.0;
        }
        for row in 0..count {
            let right = &mut tableau.cells[(row + 1) * width - 1];
            *right = right.max(0.0);
        }
        Some(tableau)
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.width + column]
    }

    fn right(&self, row: usize) -> f64 {
        self.at(row, self.width - 1)
    }

    /// Pivots until no column gains.
    fn maximise(&mut self, objective: &[f64], excess_may_move: bool) {
        let width = self.width;
        self.costs.fill(0.0);
        self.costs[..objective.len()].copy_from_slice(objective);
        for row in 0..self.basic.len() {
            let cost = self.costs[self.basic[row]];
            if cost != 0.0 {
                self.reduce_costs(row, cost);
            }
        }
        let count = self.basic.len();
        let most = PIVOTS_EACH * (count + width);
        for round in 0..most {
            let open = |column: &usize| {
                self.costs[*column] > ZERO && (excess_may_move || *column != self.numbers)
            };
            // the steepest, until that no longer advances; then the first
            let steepest = round < most / 2;
            let entering = if steepest {
                let gain =
                    |a: &usize, b: &usize| self.costs[*a].total_cmp(&self.costs[*b]).then(b.cmp(a));
                (0..width - 1).filter(open).max_by(gain)
            } else {
                (0..width - 1).find(open)
            };
            let Some(entering) = entering else { return };
            let mut leaving: Option<(f64, usize)> = None;
            for row in 0..count {
                let cell = self.at(row, entering);
                if cell <= ZERO {
                    continue;
                }
                let ratio = self.right(row) / cell;
                let sooner = leaving.is_none_or(|(best, of)| {
                    ratio < best - TIE || (ratio <= best + TIE && self.basic[row] < self.basic[of])
                });
                if sooner {
                    leaving = Some((ratio, row));
                }
            }
            let Some((_, row)) = leaving else { return };
            self.pivot(row, entering);
        }
    }

    /// Takes a multiple of a row out of the costs.
    fn reduce_costs(&mut self, row: usize, times: f64) {
        let own = &self.cells[row * self.width..(row + 1) * self.width];
        for (cost, cell) in self.costs.iter_mut().zip(own) {
            *cost -= times * cell;
        }
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let width = self.width;
        let own = self.at(row, column);
        for cell in &mut self.cells[row * width..(row + 1) * width] {
            *cell /= own;
        }
        self.cells[row * width + column] = 1.0;
        let lead = self.cells[row * width..(row + 1) * width].to_vec();
        for other in (0..self.basic.len()).filter(|&other| other != row) {
            let times = self.at(other, column);
            if times != 0.0 {
                let cells = &mut self.cells[other * width..(other + 1) * width];
                for (cell, lead) in cells.iter_mut().zip(&lead) {
                    *cell -= times * lead;
                }
                cells[column] = 0.0;
            }
        }
        let cost = self.costs[column];
        if cost != 0.0 {
            self.reduce_costs(row, cost);
            self.costs[column] = 0.0;
        }
        self.basic[row] = column;
    }

    fn corner(&self, programme: &Programme) -> Corner {
        let mut at: Vec<f64> = programme.bounds.iter().map(|(low, _)| *low).collect();
        for (row, &basic) in self.basic.iter().enumerate() {
            if basic < self.numbers {
                at[basic] += self.right(row);
            }
        }
        let is_basic = |column: usize| self.basic.contains(&column);
        let mut meeting: Vec<(Meeting, f64)> = Vec::new();
        for column in (0..self.width - 1).filter(|&column| column != self.numbers) {
            if is_basic(column) {
                continue;
            }
            let stands_for = match column.checked_sub(self.numbers + 1) {
                Some(row) => self.stands_for[row],
                None => Meeting::Low(column),
            };
            let worth = -self.costs[column];
            match meeting.iter_mut().find(|(other, _)| *other == stands_for) {
                Some((_, other)) => *other += worth,
                None => meeting.push((stands_for, worth)),
            }
        }
        for (number, (at, &(low, high))) in at.iter_mut().zip(&programme.bounds).enumerate() {
            // exactly there
            let is = |side: Meeting| meeting.iter().any(|(meeting, _)| *meeting == side);
            if is(Meeting::Low(number)) {
                *at = low;
            } else if is(Meeting::High(number)) {
                *at = high;
            } else {
                *at = at.clamp(low, high);
            }
        }
        Corner { at, meeting }
    }
}

#[cfg(test)]
mod tests {
    use super::{Meeting, Programme};
    use approx::assert_relative_eq;

    /// Numbers that look random, the same each time.
    struct Draws(u64);

    impl Draws {
        fn between(&mut self, low: f64, high: f64) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_041);
            let share = f64::from(u32::try_from(self.0 >> 32).unwrap_or(0)) / f64::from(u32::MAX);
            // on a grid, so that corners coincide and rows are parallel
            ((low + (high - low) * share) * 4.0).round() / 4.0
        }
    }

    #[test]
    fn of_rows_that_meet_the_greatest_corner_is_found_with_what_each_costs() {
        // x + 2 y <= 1.5 and x <= y: 0.5, 0.5
        let mut programme = Programme::of_shares(2);
        programme.row(vec![1.0, 2.0], 1.5);
        programme.row(vec![1.0, -1.0], 0.0);
        let corner = programme.greatest(&[1.0, 0.0]).unwrap();
        assert_eq!(corner.at, [0.5, 0.5]);
        for (meeting, worth) in corner.meeting {
            let wanted = match meeting {
                Meeting::Row(0) => 1.0 / 3.0,
                Meeting::Row(1) => 2.0 / 3.0,
                other => panic!("{other:?}"),
            };
            assert_relative_eq!(worth, wanted, max_relative = 1e-12);
        }
    }

    #[test]
    fn what_does_not_fit_has_no_corner_and_a_least_excess() {
        let mut programme = Programme::of_shares(1);
        programme.row(vec![1.0], 0.25);
        programme.row(vec![-1.0], -0.75);
        assert!(!programme.fits());
        assert!(programme.greatest(&[1.0]).is_none());
        let nearest = programme.with_excess().greatest(&[0.0, -1.0]).unwrap();
        assert_eq!(nearest.at, [0.5, 0.25]);
    }

    /// Weak duality is the proof: no point that fits is better than what rows and bounds add up to.
    #[test]
    fn no_point_is_better_than_what_rows_and_bounds_allow() {
        let mut draws = Draws(7);
        let (mut fitting, mut not) = (0, 0);
        for _ in 0..2_000 {
            let (numbers, rows) = (1 + fitting % 4, 1 + not % 6);
            let mut programme = Programme::of_shares(numbers);
            let mut all = Vec::new();
            for _ in 0..rows {
                let of: Vec<f64> = (0..numbers).map(|_| draws.between(-1.0, 1.0)).collect();
                let at_most = draws.between(-0.5, 1.0);
                programme.row(of.clone(), at_most);
                all.push((of, at_most));
            }
            let objective: Vec<f64> = (0..numbers).map(|_| draws.between(-1.0, 1.0)).collect();
            let Some(corner) = programme.greatest(&objective) else {
                not += 1;
                continue;
            };
            fitting += 1;
            let load = |of: &[f64]| of.iter().zip(&corner.at).map(|(a, b)| a * b).sum::<f64>();
            for (of, at_most) in &all {
                assert!(load(of) <= at_most + 1e-12);
            }
            let (mut bound, mut left) = (0.0, objective.clone());
            for &(meeting, worth) in &corner.meeting {
                assert!(worth >= -1e-12);
                match meeting {
                    Meeting::Row(row) => {
                        bound += worth * all[row].1;
                        left.iter_mut().zip(&all[row].0).for_each(|(own, of)| *own -= worth * of);
                    }
                    Meeting::Low(number) => left[number] += worth,
                    Meeting::High(number) => {
                        bound += worth;
                        left[number] -= worth;
                    }
                }
            }
            assert!(left.iter().all(|own| own.abs() < 1e-11), "{left:?}");
            assert!((load(&objective) - bound).abs() < 1e-11);
        }
        assert!(fitting > 500 && not > 100, "{fitting} fitted, {not} did not");
    }
}
