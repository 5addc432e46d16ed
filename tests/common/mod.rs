//! Helpers that the tests of chains share: small chains in mol/s, and comparing numbers.

#![allow(dead_code, reason = "each test file uses some of them")]

use gaschain::chain::{Builder, Chain};
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::param::Value;
use gaschain::quantity::Unit;
use gaschain::solved::Solved;
use gaschain::species::Slate;
use gaschain::stage::{Blend, Market, Supply};

/// The named species of the shipped slate.
pub fn slate(names: &[&str]) -> Slate {
    Slate::shipped().chosen(names).unwrap()
}

/// A molar flow as people write it.
pub fn mol(flow: f64) -> String {
    format!("{flow} mol/s")
}

/// Mole fractions by species.
pub fn of(parts: &[(&str, f64)]) -> Value {
    Value::Composition(parts.iter().map(|(name, share)| ((*name).to_owned(), *share)).collect())
}

/// A limit on all moles at a port.
pub fn at_most(name: &str, port: &str, capacity: f64) -> Limit {
    Limit::at_most(name, port, Measure::Moles(None), mol(capacity))
}

/// A limit on the moles of one species at a port.
pub fn at_most_of(name: &str, port: &str, species: &str, capacity: f64) -> Limit {
    Limit::at_most(name, port, Measure::Moles(Some(species.to_owned())), mol(capacity))
}

/// A chain over `slate` without a name of its own worth reading.
pub fn chain_of(slate: &Slate) -> Builder {
    Builder::new("chain", slate)
}

/// What chains of these tests are made of, in a line each.
pub trait Parts {
    /// A supply in mol/s.
    fn field(&mut self, slate: &Slate, name: &str, flow: f64, parts: &[(&str, f64)]) -> &mut Self;
    /// Inlets in mol/s.
    fn inlets(&mut self, names: &[&str]) -> &mut Self;
    /// Several connections.
    fn joined(&mut self, connections: &[&str]) -> &mut Self;
    /// A blend.
    fn blend(&mut self, name: &str, inlets: &[&str]) -> &mut Self;
    /// A market for `sold`, its product declared.
    fn market(&mut self, name: &str) -> &mut Self;
}

impl Parts for Builder {
    fn field(&mut self, slate: &Slate, name: &str, flow: f64, parts: &[(&str, f64)]) -> &mut Self {
        self.stage(name, Supply::new(slate).shown_in(Unit::MOL_PER_SECOND))
            .set(&format!("{name}.flow"), mol(flow))
            .set(&format!("{name}.composition"), of(parts))
    }

    fn inlets(&mut self, names: &[&str]) -> &mut Self {
        for name in names {
            self.inlet_in(name, Unit::MOL_PER_SECOND);
        }
        self
    }

    fn joined(&mut self, connections: &[&str]) -> &mut Self {
        for connection in connections {
            self.connect(connection);
        }
        self
    }

    fn blend(&mut self, name: &str, inlets: &[&str]) -> &mut Self {
        self.stage(name, Blend::new(inlets.iter().copied()))
    }

    fn market(&mut self, name: &str) -> &mut Self {
        self.stage(name, Market::new("sold")).leaving_as_product(&format!("{name}.sold"))
    }
}

/// Builds, showing all faults if there are any.
pub fn build(builder: Builder) -> Chain {
    builder.build().unwrap_or_else(|faults| panic!("{faults}"))
}

/// Solves with the chain's own values.
pub fn solve(chain: &Chain) -> Solved<'_> {
    let solved = chain.solve(&chain.values()).unwrap_or_else(|error| panic!("{error}"));
    assert!(solved.worst_residual() < 1e-12, "worst residual {:e}", solved.worst_residual());
    solved
}

/// Solves with some values set.
pub fn solve_with<'c>(chain: &'c Chain, set: &[(&str, Value)]) -> Solved<'c> {
    let mut values = chain.values();
    for (address, value) in set {
        chain.set(&mut values, address, value.clone()).unwrap_or_else(|faults| panic!("{faults}"));
    }
    let solved = chain.solve(&values).unwrap_or_else(|error| panic!("{error}"));
    assert!(solved.worst_residual() < 1e-12, "worst residual {:e}", solved.worst_residual());
    solved
}

/// Whether two numbers agree within `within`, relative to the larger (or 1e-300).
pub fn agree(got: f64, expected: f64, within: f64) -> bool {
    (got - expected).abs() <= within * got.abs().max(expected.abs()).max(1e-300)
}

/// Fails unless two numbers agree to 1e-12 of the larger.
#[track_caller]
pub fn same(got: f64, expected: f64) {
    assert!(agree(got, expected, 1e-12), "got {got:?}, expected {expected:?}");
}

/// What an inlet accepts, and what stopped it.
#[track_caller]
pub fn inlet(solved: &Solved<'_>, address: &str, accepted: f64, stopped_by: &[&str]) {
    let result = solved.inlet(address).unwrap_or_else(|| panic!("no inlet {address}"));
    assert!(
        agree(result.accepted, accepted, 1e-12),
        "{address}: accepted {:?}, expected {accepted:?}, stopped by {:?}",
        result.accepted,
        result.stopped_by
    );
    assert_eq!(result.stopped_by, stopped_by, "what stopped {address}");
    assert!(result.accepted <= result.offered && result.accepted.is_sign_positive());
    assert!(result.shut_in >= 0.0);
}

/// The total flow at a port, mol/s.
#[track_caller]
pub fn flow(solved: &Solved<'_>, port: &str) -> f64 {
    solved.stream(port).unwrap_or_else(|| panic!("no port {port}")).mol_per_s()
}

/// The flow of one species at a port, mol/s.
#[track_caller]
pub fn flow_of(solved: &Solved<'_>, port: &str, species: &str) -> f64 {
    let stream = solved.stream(port).unwrap_or_else(|| panic!("no port {port}"));
    stream.by_species().find(|(name, _)| *name == species).map(|(_, flow)| flow).unwrap()
}

/// The bits of everything a result holds.
pub fn bits(solved: &Solved<'_>) -> Vec<u64> {
    let streams = solved.links().flat_map(|link| link.stream.flows.to_vec());
    let imports = solved.imports().flat_map(|import| import.stream.flows.to_vec());
    let inlets = solved.inlets().flat_map(|inlet| [inlet.offered, inlet.accepted, inlet.shut_in]);
    let limits = solved.limits().flat_map(|limit| {
        [limit.load, limit.capacity, limit.utilisation, limit.margin].map(|n| n.unwrap_or(-1.0))
    });
    streams.chain(imports).chain(inlets).chain(limits).map(f64::to_bits).collect()
}
