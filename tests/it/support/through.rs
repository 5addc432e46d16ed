//! What stages of the tests' own declare: one inlet, some outlets.

use gaschain::param::Parameter;
use gaschain::quantity::Unit;
use gaschain::stage::{Inlet, Load, Number, Outlet, Spec};

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

/// A stage of one inlet and one outlet that states a power, of which a parameter says how much there
/// is at no flow.
#[derive(Debug)]
pub struct Powered {
    pub ports: Through<1>,
    pub at_no_flow: Number,
    pub power: Load,
}

/// Declares it; the parameter is `idle`, the load `power`.
pub fn powered(kind: &str) -> Powered {
    let mut ports = through(kind, ["out"]);
    let idle = Parameter::number("idle", "power at no flow", Unit::MEGAWATT, 0.0, 10.0);
    Powered {
        at_no_flow: ports.spec.number(idle.or("1 MW")),
        power: ports.spec.load("power", "power", Unit::MEGAWATT),
        ports,
    }
}
