//! Solving, and what is read off a result.

use crate::support::compare::agree;
use gaschain::chain::Chain;
use gaschain::param::Value;
use gaschain::solved::{FULLY_DRAWN, Solved};

/// Solves with the chain's own values.
pub fn solve(chain: &Chain) -> Solved {
    let solved = chain.case().solve().unwrap_or_else(|error| panic!("{error}"));
    assert!(solved.worst_residual() < 1e-12, "worst residual {:e}", solved.worst_residual());
    solved
}

/// Solves with some values set.
pub fn solve_with(chain: &Chain, set: &[(&str, Value)]) -> Solved {
    let mut case = chain.case();
    for (address, value) in set {
        case.set(address, value.clone()).unwrap_or_else(|faults| panic!("{faults}"));
    }
    let solved = case.solve().unwrap_or_else(|error| panic!("{error}"));
    assert!(solved.worst_residual() < 1e-12, "worst residual {:e}", solved.worst_residual());
    solved
}

/// Residual allowed of a stage: what rounding leaves.
pub const RESIDUAL: f64 = 1e-13;

/// Solves with some values set; every balance closes to rounding.
pub fn solve_to_rounding(chain: &Chain, set: &[(&str, Value)]) -> Solved {
    let solved = solve_with(chain, set);
    assert!(solved.worst_residual() <= RESIDUAL, "{:e}", solved.worst_residual());
    solved
}

/// What an inlet accepts, and what stopped it.
#[track_caller]
pub fn inlet(solved: &Solved, address: &str, accepted: f64, stopped_by: &[&str]) {
    let result = solved.inlet(address).unwrap();
    assert!(
        agree(result.accepted, accepted, 1e-12),
        "{address}: accepted {:?}, expected {accepted:?}, stopped by {:?}",
        result.accepted,
        result.stopped_by
    );
    let stops: Vec<&str> = result.stopped_by.limits().collect();
    assert_eq!(stops, stopped_by, "what stopped {address}");
    assert!(result.accepted <= result.offered && result.accepted.is_sign_positive());
    assert!(result.shut_in >= 0.0);
}

/// The total flow at a port, mol/s.
#[track_caller]
pub fn flow(solved: &Solved, port: &str) -> f64 {
    solved.stream(port).unwrap().mol_per_s()
}

/// The flow of one species at a port, mol/s.
#[track_caller]
pub fn flow_of(solved: &Solved, port: &str, species: &str) -> f64 {
    let stream = solved.stream(port).unwrap();
    stream.by_species().find(|(name, _)| *name == species).map(|(_, flow)| flow).unwrap()
}

/// The bits of everything a result holds.
pub fn bits(solved: &Solved) -> Vec<u64> {
    let streams = solved.links().flat_map(|link| link.stream.flows.to_vec());
    let imports = solved.imports().flat_map(|import| import.stream.flows.to_vec());
    let inlets = solved.inlets().flat_map(|inlet| [inlet.offered, inlet.accepted, inlet.shut_in]);
    let limits = solved.limits().flat_map(|limit| {
        [limit.load, limit.capacity, limit.utilisation, limit.margin].map(|n| n.unwrap_or(-1.0))
    });
    streams.chain(imports).chain(inlets).chain(limits).map(f64::to_bits).collect()
}

/// The number at an address.
#[track_caller]
pub fn get(solved: &Solved, address: &str) -> f64 {
    solved.get(address).unwrap().unwrap_or_else(|| panic!("{address} has no value"))
}

/// The load of a limit.
#[track_caller]
pub fn load(solved: &Solved, limit: &str) -> Option<f64> {
    solved.limit(limit).unwrap().load
}

/// What stopped an inlet first of all, or that it is fully drawn.
#[track_caller]
pub fn first_stop(solved: &Solved, address: &str) -> String {
    let result = solved.inlet(address).unwrap();
    result.stopped_by.limits().next().unwrap_or(FULLY_DRAWN).to_owned()
}
