//! Small chains in mol/s, in a line each.

use gaschain::chain::{Builder, Chain};
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::param::Value;
use gaschain::quantity::Unit;
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
    parts.iter().copied().collect()
}

/// A limit on all moles at a port.
pub fn at_most(name: &str, port: &str, capacity: f64) -> Limit {
    Limit::at_most(name, (port, Measure::Moles(None)), mol(capacity))
}

/// A limit on the moles of one species at a port.
pub fn at_most_of(name: &str, port: &str, species: &str, capacity: f64) -> Limit {
    Limit::at_most(name, (port, Measure::Moles(Some(species.to_owned()))), mol(capacity))
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
