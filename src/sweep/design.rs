//! Where the scenarios of a sweep lie: any of them, by its index alone.

use crate::quantity::Unit;

/// The scenarios of a sweep, each found by its index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Design {
    len: u64,
}

/// Memory of one thread for [`Design::fill`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DesignScratch {}

/// How the numbers of an axis are shown.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisColumn {
    /// Address of the parameter.
    pub address: String,
    /// Unit in which its SI numbers are shown; `None` where they are indices into names.
    pub unit: Option<Unit>,
    /// What its numbers count; `None` where they are numbers.
    pub names: Option<Vec<String>>,
}

impl Design {
    /// Number of scenarios.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Memory for one thread.
    #[must_use]
    pub fn scratch(&self) -> DesignScratch {
        DesignScratch::default()
    }

    /// Writes the axes of scenarios `first .. first + count`, axis after axis, `count` numbers
    /// each: SI, or indices into the values of an axis.
    pub fn fill(
        &self,
        _scratch: &mut DesignScratch,
        _first: u64,
        _count: usize,
        columns: &mut [f64],
    ) {
        columns.fill(0.0);
    }
}
