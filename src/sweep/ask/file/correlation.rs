//! Correlations of a sweep file.

use super::reader::Reader;
use crate::document::{Entry, Node};
use crate::fault::FaultKind;
use crate::sweep::design::Correlation;

impl Reader<'_, '_> {
    pub(super) fn correlations(&mut self) -> Vec<Correlation> {
        let place = self.keys.place.clone();
        let between = match self.keys.take("between") {
            Some(entry) => self.keys.list_of_texts("between", entry),
            None => {
                self.missing("between");
                return Vec::new();
            }
        };
        let names: Vec<&str> = between.iter().map(|(name, _)| name.as_str()).collect();
        let placed = |correlation| Correlation { place: place.clone(), ..correlation };
        if let Some(rows) = self.list("matrix") {
            let pairs = self.matrix(&names, &rows);
            return pairs
                .into_iter()
                .map(|(i, j, value)| placed(Correlation::new(names[i], names[j], value)))
                .collect();
        }
        let [one, other] = names[..] else {
            let got = format!("between with {} axes", names.len());
            let allowed = "two axes, or a matrix".to_owned();
            self.keys.fault(FaultKind::NotAllowed { got, allowed });
            self.keys.take_rest();
            return Vec::new();
        };
        if let Some(entry) = self.keys.take("rank_coefficient") {
            let rank = self.as_number("rank_coefficient", &entry);
            return rank
                .map(|rank| placed(Correlation::by_rank(one, other, rank)))
                .into_iter()
                .collect();
        }
        let coefficient = self.bare("coefficient");
        coefficient.map(|value| placed(Correlation::new(one, other, value))).into_iter().collect()
    }

    /// The pairs above the diagonal of a symmetric matrix with ones on it.
    fn matrix(&mut self, names: &[&str], rows: &[Entry]) -> Vec<(usize, usize, f64)> {
        let mut matrix: Vec<Vec<f64>> = Vec::new();
        for row in rows {
            if let Node::List(cells) = &row.node {
                let cells: Option<Vec<f64>> =
                    cells.iter().map(|cell| self.as_number("a cell of matrix", cell)).collect();
                matrix.push(cells.unwrap_or_default());
            }
        }
        let size = names.len();
        let square = matrix.len() == size && matrix.iter().all(|row| row.len() == size);
        let symmetric = square
            && (0..size).all(|i| {
                matrix[i][i].to_bits() == 1.0_f64.to_bits()
                    && (0..i).all(|j| matrix[i][j].to_bits() == matrix[j][i].to_bits())
            });
        if !symmetric {
            let got = "a matrix that is not symmetric with ones on its diagonal, or not as large \
                       as the list between"
                .to_owned();
            let allowed = format!("{size} rows of {size} numbers");
            self.keys.fault(FaultKind::NotAllowed { got, allowed });
            return Vec::new();
        }
        (0..size)
            .flat_map(|i| (i + 1..size).map(move |j| (i, j)))
            .map(|(i, j)| (i, j, matrix[i][j]))
            .collect()
    }
}
