//! Which chain values are of.

use super::{ParameterKind, PlacedParameter};
use crate::ids::All;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The chain that values are of. Two chains are alike where values of one are values of the
/// other; what they are called and what their own values are is another matter.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// Its name.
    pub chain: Arc<str>,
    /// Of all that says where a value lies and which values there may be. It is the same in every
    /// run and on every machine.
    fingerprint: u128,
}

impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
    }
}

impl Origin {
    /// A chain of this name with these parameters.
    pub fn new(chain: &str, parameters: &All<PlacedParameter>) -> Self {
        let mut hash = Sha256::new();
        for parameter in parameters {
            text(&mut hash, &parameter.address);
            kind(&mut hash, &parameter.kind);
        }
        let first = hash.finalize().into_iter().take(16);
        let fingerprint = first.fold(0, |number: u128, byte| number << 8 | u128::from(byte));
        Self { chain: chain.into(), fingerprint }
    }
}

/// A text with its length, so that two texts are not taken for two others.
fn text(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text);
}

fn texts(hash: &mut Sha256, all: &[String]) {
    hash.update((all.len() as u64).to_le_bytes());
    for one in all {
        text(hash, one);
    }
}

/// What a parameter can be. The rows of a composition are names for values, not values.
fn kind(hash: &mut Sha256, kind: &ParameterKind) {
    match kind {
        ParameterKind::Number { unit, low, high, none, whole } => {
            text(hash, "number");
            text(hash, &unit.to_string());
            hash.update(low.to_bits().to_le_bytes());
            hash.update(high.to_bits().to_le_bytes());
            let has_none = u8::from(none.is_some());
            hash.update([has_none + 2 * u8::from(*whole)]);
        }
        ParameterKind::Choice { allowed, .. } => {
            text(hash, "choice");
            texts(hash, allowed);
        }
        ParameterKind::Flag => text(hash, "flag"),
        ParameterKind::Composition { species, .. } => {
            text(hash, "composition");
            texts(hash, species);
        }
        ParameterKind::Order { inlets } => {
            text(hash, "order");
            texts(hash, inlets);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Provenance;
    use crate::param::{Slots, UNKNOWN, Value};
    use crate::quantity::Unit;

    fn fingerprint(kinds: Vec<ParameterKind>) -> u128 {
        let mut slots = Slots::default();
        let parameter = |(index, kind): (usize, ParameterKind)| PlacedParameter {
            address: format!("stage.{index}"),
            about: String::new(),
            slot: slots.reserve(&kind),
            kind,
            value: Value::Flag(true),
            provenance: Provenance::assumed(),
        };
        let parameters = kinds.into_iter().enumerate().map(parameter).collect();
        Origin::new("chain", &parameters).fingerprint
    }

    #[test]
    fn a_fingerprint_is_the_same_in_every_run_and_on_every_machine() {
        let names = |names: [&str; 2]| names.map(str::to_owned).to_vec();
        let unit = Unit::BCM_PER_YEAR;
        let kinds = vec![
            ParameterKind::Number {
                unit,
                low: 0.0,
                high: f64::INFINITY,
                none: Some(UNKNOWN),
                whole: false,
            },
            ParameterKind::Choice { allowed: names(["one", "other"]), refused: Vec::new() },
            ParameterKind::Flag,
            ParameterKind::Composition { rows: Vec::new(), species: names(["methane", "ethane"]) },
            ParameterKind::Order { inlets: names(["east", "west"]) },
        ];
        // the first half of SHA-256 over lengths and texts, worked out by another program
        assert_eq!(fingerprint(Vec::new()), 0xe3b0_c442_98fc_1c14_9afb_f4c8_996f_b924);
        assert_eq!(fingerprint(kinds), 0x18b2_b2b2_dff9_55ab_9fed_790d_200d_50e3);
    }
}
