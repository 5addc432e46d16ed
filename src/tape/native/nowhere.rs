//! Where there is no machine code: programs are interpreted.

use crate::tape::lanes::Lanes;
use crate::tape::program::Listing;

/// Does not exist.
#[derive(Debug)]
pub(in crate::tape) enum Native {}

/// Does not exist.
#[derive(Debug)]
pub(in crate::tape) enum Frame {}

impl Native {
    pub const fn new(_: &Listing) -> Option<Self> {
        None
    }

    pub const fn frame(&self, _: &Listing) -> Frame {
        match *self {}
    }

    pub const fn run(&self, _: &Listing, _: &mut Lanes<'_>, _: &mut Frame) {
        match *self {}
    }
}

/// There is nothing to replay.
#[cfg(test)]
pub(in crate::tape) const fn replayed() -> usize {
    0
}
