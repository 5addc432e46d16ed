//! Where there is no machine code: programs are interpreted.

use super::program::Program;
use super::run::Lanes;

/// Does not exist.
#[derive(Debug)]
pub(super) enum Native {}

/// Does not exist.
#[derive(Debug)]
pub(super) enum Frame {}

impl Native {
    pub const fn new(_: &Program) -> Option<Self> {
        None
    }

    pub const fn frame(&self, _: &Program) -> Frame {
        match *self {}
    }

    pub const fn run(&self, _: &Program, _: &mut Lanes<'_>, _: &mut Frame) {
        match *self {}
    }
}
