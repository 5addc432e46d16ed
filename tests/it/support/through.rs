//! What stages of the tests' own declare: one inlet, some outlets.

use gaschain::stage::{Inlet, Outlet, Spec};

/// A spec with an inlet `feed`, and the handles of its outlets.
#[derive(Debug)]
pub struct Through<const OUTLETS: usize> {
    pub spec: Spec,
    pub feed: Inlet,
    pub to: [Outlet; OUTLETS],
}

/// Declares a stage of one inlet and these outlets.
pub fn through<const OUTLETS: usize>(kind: &str, outlets: [&str; OUTLETS]) -> Through<OUTLETS> {
    let mut spec = Spec::new(kind);
    let feed = spec.inlet("feed");
    Through { feed, to: outlets.map(|outlet| spec.outlet(outlet)), spec }
}
