//! Hashes of what determines results, so that two that differ in anything can be told apart.

use crate::chain::Chain;
use crate::param::Values;
use sha2::{Digest as _, Sha256};
use std::fmt::{self, Debug, Write};

/// A hash of things that were taken in one after another.
#[derive(Default)]
pub(crate) struct Digest(Sha256);

/// Text goes where it is written.
impl Write for Digest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text);
        Ok(())
    }
}

impl Digest {
    /// What the structure of something is, down to the last bit of its numbers: of what is derived,
    /// nothing can be forgotten.
    pub fn debug(&mut self, what: &impl Debug) {
        // taking text in cannot fail
        let _ = write!(self, "{what:?};");
    }

    pub fn chain(&mut self, chain: &Chain) {
        let _ = write!(self, "{};", chain.inputs());
    }

    /// The values of all parameters. Numbers that are not known count for nothing.
    pub fn values(&mut self, values: &Values) {
        for (number, known) in values.numbers.iter().zip(values.known.iter()) {
            // nothing is not less than nothing
            self.debug(&known.then_some(number + 0.0));
        }
        self.debug(&values.bases);
        self.debug(&values.sums);
        self.debug(&values.choices);
        self.debug(&values.orders);
    }

    /// `sha256:` and the hash in hexadecimal.
    pub fn finish(self) -> String {
        format!("sha256:{}", hexadecimal(&self.0.finalize()))
    }
}

/// Bytes in hexadecimal.
fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // writing to a text cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The hash of what determines the result of a chain with some values.
pub(crate) fn inputs_of(chain: &Chain, values: &Values) -> String {
    let mut digest = Digest::default();
    digest.chain(chain);
    digest.values(values);
    // what is set is a scenario's, whatever its value: that is said of the limits it is in
    let mut set: Vec<usize> = values.overrides.iter().map(|(id, _)| id.index()).collect();
    set.sort_unstable();
    digest.debug(&set);
    digest.finish()
}
