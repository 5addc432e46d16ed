//! Constraints that cannot hold together: a smallest set.

use super::ConstraintId;
use crate::chain::error::SolveError;

/// Leaves out one constraint after another, last declared first, of those that cannot hold, as long
/// as the others cannot either. `fits` says whether some can hold together.
pub(in crate::chain) fn smallest_set(
    all: Vec<ConstraintId>,
    mut fits: impl FnMut(&[ConstraintId]) -> Result<bool, SolveError>,
) -> Result<Vec<ConstraintId>, SolveError> {
    let mut set = all;
    for place in (0..set.len()).rev() {
        let mut without = set.clone();
        without.remove(place);
        if !fits(&without)? {
            set = without;
        }
    }
    Ok(set)
}
