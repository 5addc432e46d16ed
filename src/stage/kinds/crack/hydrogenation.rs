//! Acetylene and its like, hydrogenated before they leave.

use crate::fault::FaultKind;
use crate::species::Slate;

/// A species that becomes another with hydrogen: acetylene to ethylene.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hydrogenation {
    from: usize,
    to: usize,
    /// Moles of hydrogen per mole.
    hydrogen: f64,
}

impl Hydrogenation {
    pub fn new(slate: &Slate, from: usize, to: usize) -> Result<Self, FaultKind> {
        let mut hydrogen = 0.0;
        for (element, name) in slate.elements().iter().enumerate() {
            let atoms = slate.element_counts(element);
            let (left, right) = (atoms[from], atoms[to]);
            if name == "H" && right > left {
                hydrogen = (right - left) / 2.0;
            } else if (left - right).abs() > 0.0 {
                let reaction = format!("{} -> {}", slate.get(from).name, slate.get(to).name);
                let element = name.clone();
                return Err(FaultKind::UnbalancedReaction { reaction, element, left, right });
            }
        }
        Ok(Self { from, to, hydrogen })
    }

    /// Turns what was made of the one species into the other; `made` is moles by species, and
    /// `hydrogen` the place of hydrogen among them.
    pub fn apply(&self, made: &mut [f64], hydrogen: usize) {
        let moles = std::mem::take(&mut made[self.from]);
        made[self.to] += moles;
        made[hydrogen] -= moles * self.hydrogen;
    }
}
