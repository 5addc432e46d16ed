//! The efficiency of compressors, as stages that have some are told it.

use crate::flow::CompressorEfficiency;
use crate::param::Parameter;
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::stage::Call;
use crate::stage::{Choice, Number, Spec};

/// What the efficiency is the ratio of, the names of `efficiency`.
const EFFICIENCIES: [&str; 2] = ["polytropic", "isentropic"];

/// Index of `isentropic` among them.
const ISENTROPIC: usize = 1;

/// Which efficiency is given, and the number of each.
#[derive(Debug)]
pub(super) struct Efficiency {
    choice: Choice,
    polytropic: Number,
    isentropic: Number,
}

impl Efficiency {
    /// Declares the choice and both numbers, of which one is given.
    pub fn declared(spec: &mut Spec, of: &str) -> Self {
        let about = "which efficiency of compression is given: of every small rise of pressure on \
                     its way, or of the whole rise against one at constant entropy";
        let choice = Parameter::choice("efficiency", about, EFFICIENCIES).or(EFFICIENCIES[0]);
        let choice = spec.choice(choice);
        let [polytropic, isentropic] = EFFICIENCIES.map(|name| {
            let about = format!("{name} efficiency of {of}");
            let full = format!("{name}_efficiency");
            let number = Parameter::number(&full, &about, Unit::PERCENT, 10.0, 100.0);
            spec.number(number.only_with("efficiency", name))
        });
        Self { choice, polytropic, isentropic }
    }

    /// The one that is given.
    pub fn chosen<S: Scalar>(&self, call: &Call<'_, S>) -> CompressorEfficiency<S> {
        match call.choice(self.choice) {
            ISENTROPIC => CompressorEfficiency::Isentropic(call.number(self.isentropic)),
            _ => CompressorEfficiency::Polytropic(call.number(self.polytropic)),
        }
    }
}
