//! A chain as it is being built: what the Rust builder and chain files both fill in.

use crate::chain::exit::{Exit, Leaving, Product};
use crate::evidence::Provenance;
use crate::fault::{FaultKind, Faults, Place};
use crate::limit::Limit;
use crate::measure::Measure;
use crate::param::{Parameter, Value};
use crate::quantity::{Dimension, Unit};
use crate::species::Slate;
use crate::stage::{AnyStage, Stage};
use std::sync::Arc;

/// A chain being built.
///
/// Everything is named by text, as in chain files, and checked by [`Builder::build`], which
/// reports all faults at once.
///
/// ```
/// use gaschain::chain::Builder;
/// use gaschain::limit::Limit;
/// use gaschain::measure::Measure;
/// use gaschain::species::Slate;
/// use gaschain::stage::{Market, Separate, Supply};
///
/// let slate = Slate::shipped().chosen(["methane", "helium"])?;
/// let membrane = Separate::new("gas").recovering(&slate, "helium", &["helium"], "helium")?;
/// let mut chain = Builder::new("helium from a small field", &slate);
/// chain
///     .stage("field", Supply::new(&slate).knowing("field", &[0.99, 0.01])?)
///     .stage("membrane", membrane)
///     .stage("city", Market::new("sales_gas"))
///     .set("field.flow", "2 bcm/yr")
///     .set("field.composition", "field")
///     .set("membrane.helium", "90 %")
///     .connect("field -> membrane")
///     .connect("membrane.gas -> city")
///     .leaving_as_product("city.sales_gas")
///     .leaving_as_product("membrane.helium")
///     .limit(Limit::at_most("city.demand", ("city", Measure::Volume(None)), "1.5 bcm/yr"));
/// let chain = chain.build()?;
/// let solved = chain.case().solve()?;
/// assert_eq!(solved.inlet("field")?.stopped_by, ["city.demand"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Builder {
    pub(in crate::chain) name: String,
    pub(in crate::chain) slate: Arc<Slate>,
    pub(in crate::chain) place: Place,
    pub(in crate::chain) inlets: Vec<InletPort>,
    pub(in crate::chain) outlets: Vec<(String, Place)>,
    pub(in crate::chain) imports: Vec<(String, Place)>,
    pub(in crate::chain) parameters: Vec<OwnParameter>,
    pub(in crate::chain) exposed: Vec<(String, String, Place)>,
    pub(in crate::chain) nodes: Vec<Node>,
    pub(in crate::chain) settings: Vec<Setting>,
    pub(in crate::chain) connections: Vec<Connection>,
    /// Limits, where each stands, and where its capacity does.
    pub(in crate::chain) limits: Vec<(Limit, Place, Place)>,
    pub(in crate::chain) leaving: Vec<(String, Exit, Place)>,
    pub(in crate::chain) products: Vec<(Product, Place)>,
    pub(in crate::chain) faults: Faults,
    /// Names of stages, parameters and limits that could not be read: mentioning one is no fault
    /// of its own.
    pub(in crate::chain) broken: Vec<String>,
    /// Whether there are connections that could not be read.
    pub(in crate::chain) connections_broken: bool,
    pub(in crate::chain) nesting: Nesting,
}

/// Most chains inside each other, the outermost included.
pub(in crate::chain) const DEEPEST: usize = 100;

/// Most chains in all, the outermost included.
pub(in crate::chain) const MOST_CHAINS: usize = 1_000;

/// How many chains there are inside each other, and in all.
#[derive(Debug, Clone, Copy)]
pub(in crate::chain) struct Nesting {
    pub deep: usize,
    pub in_all: usize,
}

impl Nesting {
    /// A chain alone.
    pub const ALONE: Self = Self { deep: 1, in_all: 1 };

    /// What is wrong with it, if anything.
    pub fn fault(self) -> Option<FaultKind> {
        let (got, allowed) = if self.deep > DEEPEST {
            (format!("{} chains inside each other", self.deep), format!("at most {DEEPEST}"))
        } else if self.in_all > MOST_CHAINS {
            (format!("{} chains inside one", self.in_all), format!("at most {MOST_CHAINS}"))
        } else {
            return None;
        };
        Some(FaultKind::NotAllowed { got, allowed })
    }
}

/// An inlet of a chain, with the unit it is shown in.
#[derive(Debug, Clone)]
pub(in crate::chain) struct InletPort {
    pub name: String,
    pub unit: Unit,
    pub place: Place,
}

/// A parameter that a chain declares itself: a number of trains, an availability.
#[derive(Debug, Clone)]
pub(in crate::chain) struct OwnParameter {
    pub spec: Parameter,
    pub value: Value,
    pub provenance: Provenance,
    pub place: Place,
}

#[derive(Debug, Clone)]
pub(in crate::chain) struct Node {
    pub name: String,
    pub kind: NodeKind,
    pub place: Place,
}

#[derive(Debug, Clone)]
pub(in crate::chain) enum NodeKind {
    Stage(Arc<dyn AnyStage>),
    Chain(Box<Builder>),
}

/// A value for a parameter of a stage or inner chain, with its evidence and, where it is
/// narrower than the kind's own, its range.
#[derive(Debug, Clone)]
pub(in crate::chain) struct Setting {
    pub address: String,
    pub value: Value,
    pub provenance: Provenance,
    pub range: Option<(Value, Value, Place)>,
    pub place: Place,
}

/// `from -> to`, with a switch where it can be closed.
#[derive(Debug, Clone)]
pub(in crate::chain) struct Connection {
    pub text: String,
    pub switch: Option<Switch>,
    pub place: Place,
}

/// What closes a connection: the parameter `<name>.open`.
#[derive(Debug, Clone)]
pub(in crate::chain) struct Switch {
    pub name: String,
    pub open: bool,
    pub provenance: Provenance,
}

impl Builder {
    /// An empty chain over a slate of species.
    #[must_use]
    pub fn new(name: &str, slate: &Slate) -> Self {
        Self {
            name: name.to_owned(),
            slate: Arc::new(slate.clone()),
            place: Place::default(),
            inlets: Vec::new(),
            outlets: Vec::new(),
            imports: Vec::new(),
            parameters: Vec::new(),
            exposed: Vec::new(),
            nodes: Vec::new(),
            settings: Vec::new(),
            connections: Vec::new(),
            limits: Vec::new(),
            leaving: Vec::new(),
            products: Vec::new(),
            faults: Faults::default(),
            broken: Vec::new(),
            connections_broken: false,
            nesting: Nesting::ALONE,
        }
    }

    /// An inlet, for a chain inside another; shown in bcm/yr.
    pub fn inlet(&mut self, name: &str) -> &mut Self {
        self.inlet_in(name, Unit::BCM_PER_YEAR)
    }

    /// An inlet shown in a unit of molar or mass flow.
    pub fn inlet_in(&mut self, name: &str, unit: Unit) -> &mut Self {
        let place = self.here(name);
        if let Some(kind) = unfit_inlet(unit) {
            self.faults.push(place.clone(), kind);
        }
        self.inlets.push(InletPort { name: name.to_owned(), unit, place });
        self
    }

    /// An outlet, for a chain inside another.
    pub fn outlet(&mut self, name: &str) -> &mut Self {
        self.outlets.push((name.to_owned(), self.here(name)));
        self
    }

    /// An import of a stage inside, for a chain inside another: joined inside to the stage's
    /// import (`"make_up_fuel -> crack.make_up_fuel"`), and outside to a drawn stream, or to
    /// nothing where it comes from outside the chain.
    pub fn import(&mut self, name: &str) -> &mut Self {
        self.imports.push((name.to_owned(), self.here(name)));
        self
    }

    /// A stage.
    pub fn stage(&mut self, name: &str, stage: impl Stage) -> &mut Self {
        let kind = NodeKind::Stage(Arc::new(stage));
        self.nodes.push(Node { name: name.to_owned(), kind, place: self.here(name) });
        self
    }

    /// A chain inside this one, with its own limits. At most 100 chains lie inside each other,
    /// and at most 1,000 in one.
    pub fn chain(&mut self, name: &str, chain: Self) -> &mut Self {
        let place = self.here(name);
        self.hold(name.to_owned(), chain, place);
        self
    }

    /// Takes a chain in, unless there are too many.
    pub(in crate::chain) fn hold(&mut self, name: String, chain: Self, place: Place) {
        let nesting = Nesting {
            deep: self.nesting.deep.max(chain.nesting.deep + 1),
            in_all: self.nesting.in_all + chain.nesting.in_all,
        };
        if let Some(kind) = nesting.fault() {
            self.faults.push(place, kind);
            self.broken.push(name);
            return;
        }
        self.nesting = nesting;
        self.nodes.push(Node { name, kind: NodeKind::Chain(Box::new(chain)), place });
    }

    /// A parameter of the chain itself, for capacities to be products of.
    pub fn parameter(&mut self, spec: Parameter, value: impl Into<Value>) -> &mut Self {
        let place = self.here(&spec.name);
        let (value, provenance) = (value.into(), Provenance::assumed());
        self.parameters.push(OwnParameter { spec, value, provenance, place });
        self
    }

    /// Gives a parameter of an inner stage (`plant.helium`) a name of the chain's own
    /// (`recovery`).
    pub fn expose(&mut self, name: &str, parameter: &str) -> &mut Self {
        self.exposed.push((name.to_owned(), parameter.to_owned(), self.here(name)));
        self
    }

    /// The value of a parameter, assumed where nothing else is said.
    pub fn set(&mut self, address: &str, value: impl Into<Value>) -> &mut Self {
        self.set_with(address, value, Provenance::assumed())
    }

    /// The value of a parameter, with where it comes from.
    pub fn set_with(
        &mut self,
        address: &str,
        value: impl Into<Value>,
        provenance: Provenance,
    ) -> &mut Self {
        let (value, place) = (value.into(), self.here(address));
        let address = address.to_owned();
        self.settings.push(Setting { address, value, provenance, range: None, place });
        self
    }

    /// Joins an outlet to an inlet: `"membrane.gas -> city"`. The port of a stage that has only
    /// one on that side may be left out; the chain's own ports go by their bare names; the
    /// surplus of an inner chain's inlet is `chain.inlet.surplus`.
    pub fn connect(&mut self, connection: &str) -> &mut Self {
        let place = self.here(connection);
        self.connections.push(Connection { text: connection.to_owned(), switch: None, place });
        self
    }

    /// Joins a surplus, or a drawn stream to an import, by a connection that the parameter
    /// `<switch>.open` closes: what is refused then stops the inlet outside, and what is imported
    /// comes from outside the chain.
    pub fn connect_by_switch(&mut self, connection: &str, switch: &str, open: bool) -> &mut Self {
        let place = self.here(connection);
        let provenance = Provenance::assumed();
        let switch = Some(Switch { name: switch.to_owned(), open, provenance });
        self.connections.push(Connection { text: connection.to_owned(), switch, place });
        self
    }

    /// A limit.
    pub fn limit(&mut self, limit: Limit) -> &mut Self {
        let place = self.here(&limit.name);
        self.limits.push((limit, place.clone(), place));
        self
    }

    /// An outlet that leaves the outermost chain as a product.
    pub fn leaving_as_product(&mut self, port: &str) -> &mut Self {
        self.leaving(port, Leaving::Product)
    }

    /// An outlet that leaves the outermost chain as a product of a class: `polymers`.
    pub fn leaving_as_product_of(&mut self, port: &str, class: &str) -> &mut Self {
        let exit = Exit { how: Leaving::Product, class: Some(class.to_owned()) };
        self.leaving.push((port.to_owned(), exit, self.here(port)));
        self
    }

    /// An outlet that leaves the outermost chain as a loss of no other kind.
    pub fn leaving_as_loss(&mut self, port: &str) -> &mut Self {
        self.leaving(port, Leaving::Loss)
    }

    /// An outlet that leaves the outermost chain: sold, burned, flared, vented, put back into
    /// the ground, lost.
    pub fn leaving(&mut self, port: &str, how: Leaving) -> &mut Self {
        self.leaving.push((port.to_owned(), Exit { how, class: None }, self.here(port)));
        self
    }

    /// A named quantity for reports: a measure at a port, in a unit.
    pub fn product(&mut self, name: &str, port: &str, measure: Measure, unit: Unit) -> &mut Self {
        let product = Product {
            name: name.to_owned(),
            port: port.to_owned(),
            measure,
            unit,
            group: String::new(),
            announced: None,
            agreement: None,
        };
        let place = self.here(name);
        if let Some(kind) = product.measure.unfit(unit) {
            self.faults.push(place.clone(), kind);
        }
        if self.products.iter().any(|(other, _)| other.name == name) {
            let (what, name) = ("product", name.to_owned());
            self.faults.push(place.clone(), FaultKind::Duplicate { what, name, first: None });
        }
        self.products.push((product, place));
        self
    }

    fn here(&self, name: &str) -> Place {
        let address = match &self.place.address {
            Some(prefix) => format!("{prefix}.{name}"),
            None => name.to_owned(),
        };
        Place { address: Some(address), ..self.place.clone() }
    }
}

/// The fault that a unit of an inlet is which measures no flow of gas.
pub(in crate::chain) fn unfit_inlet(unit: Unit) -> Option<FaultKind> {
    let is_flow = matches!(unit.dimension(), Dimension::MolarFlow | Dimension::MassFlow);
    (!is_flow).then(|| FaultKind::WrongDimension {
        got: unit.to_string(),
        got_dimension: unit.dimension().to_string(),
        allowed: "a unit of molar, gas volume or mass flow".into(),
    })
}

/// The two ends of `from -> to`.
pub(in crate::chain) fn ends(text: &str) -> Result<(&str, &str), FaultKind> {
    text.split_once("->")
        .map(|(from, to)| (from.trim(), to.trim()))
        .filter(|(from, to)| !from.is_empty() && !to.is_empty() && !to.contains("->"))
        .ok_or_else(|| FaultKind::Unreadable {
            got: text.to_owned(),
            allowed: "\"from -> to\"".into(),
        })
}
