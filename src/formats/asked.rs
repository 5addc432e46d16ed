//! Which keys and columns are asked for while something is read, for the tests of the pages.

use std::cell::RefCell;
use std::collections::BTreeSet;

thread_local! {
    static ASKED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Notes that a key (`limits.at_most`) or a column (`feeds.csv: unit`) was asked for.
pub(crate) fn note(name: String) {
    ASKED.with_borrow_mut(|asked| asked.insert(name));
}

/// What was asked for on this thread since the last time.
pub(super) fn taken() -> BTreeSet<String> {
    ASKED.take()
}
