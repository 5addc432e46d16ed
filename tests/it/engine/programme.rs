//! Linear programmes of a few unknowns, for the tests alone: a dense dictionary, pivots by Bland's
//! rule, objectives one after the other. An objective that was reached is kept by holding at zero
//! every free variable that it would fall by, so that nothing drifts from one to the next.

/// What is taken for rounding, of rows that are scaled to one.
const ROUNDING: f64 = 1e-11;
/// How far from zero a slope has to be to count as one.
const SLOPE: f64 = 1e-9;

/// What has to hold: `slopes . x <= at_most`.
#[derive(Debug, Clone)]
pub struct Row {
    pub slopes: Vec<f64>,
    pub at_most: f64,
}

/// Variables, all at least zero: each basic one is a constant and slopes along the free ones.
#[derive(Debug, Clone)]
pub struct Dictionary {
    basic: Vec<usize>,
    free: Vec<usize>,
    held: Vec<bool>,
    constants: Vec<f64>,
    slopes: Vec<Vec<f64>>,
    variables: usize,
}

impl Dictionary {
    /// A point at which all rows hold, of so many unknowns that are at least zero; none if there
    /// is none.
    pub fn new(unknowns: usize, rows: &[Row]) -> Option<Self> {
        let spare = unknowns + rows.len();
        let mut all = Self {
            basic: (unknowns..spare).collect(),
            free: (0..unknowns).chain([spare]).collect(),
            held: vec![false; unknowns + 1],
            constants: Vec::new(),
            slopes: Vec::new(),
            variables: spare + 1,
        };
        for row in rows {
            let sizes = row.slopes.iter().chain([&row.at_most]);
            let size = sizes.fold(0.0_f64, |size, number| size.max(number.abs()));
            let size = if size > 0.0 { size } else { 1.0 };
            all.constants.push(row.at_most / size);
            all.slopes.push(row.slopes.iter().map(|slope| -slope / size).chain([1.0]).collect());
        }
        let lowest = (0..rows.len()).min_by(|&a, &b| all.constants[a].total_cmp(&all.constants[b]));
        if let Some(row) = lowest
            && all.constants[row] < 0.0
        {
            all.pivot(row, unknowns);
            all.maximise(&[(spare, -1.0)]);
            if all.value(spare) > ROUNDING {
                return None;
            }
        }
        if let Some(row) = all.basic.iter().position(|&variable| variable == spare) {
            let slopes = &all.slopes[row];
            let column = (0..slopes.len())
                .max_by(|&a, &b| slopes[a].abs().total_cmp(&slopes[b].abs()))
                .expect("unknowns");
            all.pivot(row, column);
        }
        let column = all.free.iter().position(|&variable| variable == spare).expect("it is free");
        all.held[column] = true;
        Some(all)
    }

    /// The value of a variable where the free ones are zero.
    pub fn value(&self, variable: usize) -> f64 {
        let row = self.basic.iter().position(|&other| other == variable);
        row.map_or(0.0, |row| self.constants[row])
    }

    /// A new variable, at least zero and free: the last one's number.
    fn add_variable(&mut self) -> usize {
        self.variables += 1;
        self.free.push(self.variables - 1);
        self.held.push(false);
        for row in &mut self.slopes {
            row.push(0.0);
        }
        self.variables - 1
    }

    /// That a sum of variables is at least zero, as it is where the free ones are.
    fn add_row(&mut self, sum: &[(usize, f64)]) {
        let (constant, slopes) = self.along_free(sum);
        self.constants.push(constant.max(0.0));
        self.slopes.push(slopes);
        self.basic.push(self.variables);
        self.variables += 1;
    }

    fn along_free(&self, sum: &[(usize, f64)]) -> (f64, Vec<f64>) {
        let (mut constant, mut slopes) = (0.0, vec![0.0; self.free.len()]);
        for &(variable, weight) in sum {
            if let Some(row) = self.basic.iter().position(|&other| other == variable) {
                constant += weight * self.constants[row];
                for (slope, of_row) in slopes.iter_mut().zip(&self.slopes[row]) {
                    *slope += weight * of_row;
                }
            } else {
                let column = self.free.iter().position(|&other| other == variable);
                slopes[column.expect("a variable")] += weight;
            }
        }
        (constant, slopes)
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let by = self.slopes[row][column];
        let mut solved: Vec<f64> = self.slopes[row].iter().map(|slope| -slope / by).collect();
        solved[column] = 1.0 / by;
        let constant = -self.constants[row] / by;
        for other in 0..self.slopes.len() {
            let factor = self.slopes[other][column];
            if other != row && factor != 0.0 {
                self.constants[other] += factor * constant;
                if self.constants[other].abs() < 1e-16 {
                    self.constants[other] = 0.0;
                }
                for (index, slope) in solved.iter().enumerate() {
                    let before = if index == column { 0.0 } else { self.slopes[other][index] };
                    let after = before + factor * slope;
                    let rounded = after.abs() < 1e-15 * before.abs().max(1.0);
                    self.slopes[other][index] = if rounded { 0.0 } else { after };
                }
            }
        }
        self.slopes[row] = solved;
        self.constants[row] = constant;
        std::mem::swap(&mut self.basic[row], &mut self.free[column]);
    }

    /// Makes a sum of variables as large as it can be; false if there is no largest.
    fn maximise(&mut self, sum: &[(usize, f64)]) -> bool {
        for _ in 0..10_000 {
            let slopes = self.along_free(sum).1;
            let enters = (0..self.free.len())
                .filter(|&column| !self.held[column] && slopes[column] > ROUNDING)
                .min_by_key(|&column| self.free[column]);
            let Some(column) = enters else { return true };
            let leaves = (0..self.basic.len())
                .filter(|&row| self.slopes[row][column] < -ROUNDING)
                .map(|row| (self.constants[row].max(0.0) / -self.slopes[row][column], row))
                .min_by(|one, other| {
                    let same = (one.0 - other.0).abs() <= 1e-15;
                    let by_number = self.basic[one.1].cmp(&self.basic[other.1]);
                    if same { by_number } else { one.0.total_cmp(&other.0) }
                });
            let Some((_, row)) = leaves else { return false };
            self.pivot(row, column);
        }
        panic!("a programme goes round")
    }

    /// Makes a variable as large as it can be, and keeps it there from now on.
    fn maximise_and_keep(&mut self, variable: usize) -> f64 {
        assert!(self.maximise(&[(variable, 1.0)]), "an opening has no largest");
        let slopes = self.along_free(&[(variable, 1.0)]).1;
        for (held, slope) in self.held.iter_mut().zip(slopes) {
            *held |= slope.abs() > SLOPE;
        }
        self.value(variable)
    }

    fn largest(&self, variable: usize) -> f64 {
        let mut copy = self.clone();
        copy.maximise(&[(variable, 1.0)]);
        copy.value(variable)
    }
}

/// The openings in [0, 1] that are greatest in order, among those at which all rows hold: of a
/// group the smallest as large as it can be, then the smallest of those that can be larger.
pub fn greatest(inlets: usize, rows: &[Row], order: &[Vec<usize>]) -> Option<Vec<f64>> {
    let mut all = rows.to_vec();
    for inlet in 0..inlets {
        let slopes = (0..inlets).map(|other| f64::from(u8::from(inlet == other))).collect();
        all.push(Row { slopes, at_most: 1.0 });
    }
    let mut found = Dictionary::new(inlets, &all)?;
    for group in order {
        let mut left = group.clone();
        while left.len() > 1 {
            let smallest = found.add_variable();
            for &inlet in &left {
                found.add_row(&[(inlet, 1.0), (smallest, -1.0)]);
            }
            let least = found.maximise_and_keep(smallest);
            let largest: Vec<f64> = left.iter().map(|&inlet| found.largest(inlet)).collect();
            let lowest = largest.iter().copied().fold(f64::INFINITY, f64::min);
            assert!(lowest < least + 1e-7, "no member of a group is held");
            let bound = least.max(lowest) + SLOPE;
            let mut largest = largest.into_iter();
            left.retain(|_| largest.next().expect("one of each") > bound);
        }
        if let Some(&last) = left.first() {
            found.maximise_and_keep(last);
        }
    }
    Some((0..inlets).map(|inlet| found.value(inlet).clamp(0.0, 1.0)).collect())
}

/// Whether all rows can hold at once; unknowns are at least zero.
pub fn can_hold(unknowns: usize, rows: &[Row]) -> bool {
    Dictionary::new(unknowns, rows).is_some()
}

#[test]
fn programmes_of_two_unknowns() {
    let row = |slopes: [f64; 2], at_most| Row { slopes: slopes.to_vec(), at_most };
    // example 1 of the concept, in openings: 0.08 d <= 0.02 c and d + c <= 50, both of 80
    let rows = [row([6.4, -1.6], 0.0), row([80.0, 80.0], 50.0)];
    let near = |got: Option<Vec<f64>>, expected: [f64; 2]| {
        let got = got.expect("openings");
        assert!(got.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-13), "{got:?}");
    };
    near(greatest(2, &rows, &[vec![0], vec![1]]), [0.125, 0.5]);
    near(greatest(2, &rows, &[vec![1], vec![0]]), [0.0, 0.625]);
    near(greatest(2, &rows, &[vec![0, 1]]), [0.125, 0.5]);
    near(greatest(2, &rows, &[vec![1, 0]]), [0.125, 0.5]);
    near(greatest(2, &[], &[vec![1, 0]]), [1.0, 1.0]);
    // at least 4 of 10, at most 3
    let least = row([-10.0, 0.0], -4.0);
    near(greatest(2, std::slice::from_ref(&least), &[vec![0, 1]]), [1.0, 1.0]);
    assert!(greatest(2, &[least, row([10.0, 0.0], 3.0)], &[vec![0, 1]]).is_none());
    assert!(greatest(2, &[row([-10.0, -3.0], -14.0)], &[vec![0, 1]]).is_none());
}

#[test]
fn members_of_a_group_are_held_one_by_one() {
    // example 4: a + b at most 8, a + b + c at most 14, each of 10
    let rows = [
        Row { slopes: vec![10.0, 10.0, 0.0], at_most: 8.0 },
        Row { slopes: vec![10.0, 10.0, 10.0], at_most: 14.0 },
    ];
    let got = greatest(3, &rows, &[vec![2, 0, 1]]).expect("openings");
    assert!(got.iter().zip([0.4, 0.4, 0.6]).all(|(a, b)| (a - b).abs() < 1e-14), "{got:?}");
}
