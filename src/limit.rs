//! Limits: a named load against a capacity, with direction, unit and evidence.

use crate::evidence::Provenance;
use crate::measure::Measure;
use crate::param::Value;
use crate::quantity::{Meaning, Quantity, Unit};
use serde::{Deserialize, Serialize};

/// Which side of the capacity the load has to stay on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Direction {
    /// Load at most capacity: it can stop an inlet.
    AtMost,
    /// Load at least capacity (turndown, a heating value): reported, and never stops an inlet
    /// unless told to.
    AtLeast,
}

impl Direction {
    /// As results spell it: `at_most`, `at_least`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AtMost => "at_most",
            Self::AtLeast => "at_least",
        }
    }
}

/// What a limit's load is: a measure of a stream, as a pair of its port and what is measured there,
/// or a load that a stage states.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Load {
    /// A measure of the stream at a port (`stage.port`, or a port of the chain itself).
    Port {
        /// The port, as the declaring chain knows it; the only one of its stage may be left out.
        port: String,
        /// What is measured there.
        measure: Measure,
    },
    /// A load that a stage states about itself (a pressure, a power).
    Stated {
        /// `stage.load` as the declaring chain knows it.
        load: String,
    },
}

impl Load {
    /// Whether it is gross or net heat, a share by moles or by mass.
    pub(crate) const fn meaning(&self) -> Option<Meaning> {
        match self {
            Self::Port { measure, .. } => measure.meaning(),
            Self::Stated { .. } => None,
        }
    }

    /// A load that a stage states about itself: `stage.load` as the declaring chain knows it.
    pub fn stated(load: impl Into<String>) -> Self {
        Self::Stated { load: load.into() }
    }
}

impl<P: Into<String>> From<(P, Measure)> for Load {
    fn from((port, measure): (P, Measure)) -> Self {
        Self::Port { port: port.into(), measure }
    }
}

/// A factor of a capacity.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Factor {
    /// A value that belongs to the limit and becomes a parameter at the limit's own address.
    Own {
        /// The value; `unknown` removes the capacity.
        value: Value,
        /// Where it comes from.
        provenance: Provenance,
    },
    /// A parameter of the declaring chain, by name: `trains`, `availability`.
    Parameter(String),
}

/// A limit as a chain declares it.
///
/// Its capacity is the product of its factors: units in service, unit capacity, availability.
///
/// ```
/// use gaschain::limit::{Limit, Load};
/// use gaschain::measure::Measure;
/// use gaschain::quantity::Unit;
///
/// let feed = Limit::at_most("feed", ("feed", Measure::Volume(None)), "7 bcm/yr");
/// let feed = feed.times(["trains"]); // 7 bcm/yr each
/// let heat = Limit::at_least("wobbe", ("gas", Measure::GrossHeat), "46 MJ/m3");
/// let power = Limit::at_most("grid", Load::stated("compressor.power"), "15 MW");
/// assert_eq!(power.unit, Unit::MEGAWATT); // that of its capacity
/// # let _ = (feed, heat);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Limit {
    /// Name in the declaring chain: `feed`, or `heihe.demand` for one that sits on a stage.
    pub name: String,
    /// At most or at least.
    pub direction: Direction,
    /// What is loaded.
    pub load: Load,
    /// The capacity's factors.
    pub capacity: Vec<Factor>,
    /// Unit in which load and capacity are shown.
    pub unit: Unit,
    /// The inlets it throttles; `None` for the default: all inlets for an at-most limit on a
    /// flow, none for a quality or an at-least limit. One on a quality that no ratio of sums gives
    /// (a Wobbe index, heat per real cubic metre) is reached by iteration.
    pub throttles: Option<Vec<String>>,
}

impl Limit {
    /// At most `capacity` of a load. It is shown in the unit of its measure; that of a load that a
    /// stage states in the unit of its capacity, where that has one.
    pub fn at_most(name: &str, load: impl Into<Load>, capacity: impl Into<Value>) -> Self {
        Self::new(name, Direction::AtMost, load.into(), capacity.into())
    }

    /// At least `capacity` of a load, shown as one that is at most so much.
    pub fn at_least(name: &str, load: impl Into<Load>, capacity: impl Into<Value>) -> Self {
        Self::new(name, Direction::AtLeast, load.into(), capacity.into())
    }

    fn new(name: &str, direction: Direction, load: Load, capacity: Value) -> Self {
        let unit = match (&load, &capacity) {
            (Load::Port { measure, .. }, _) => measure.unit(),
            (Load::Stated { .. }, Value::Quantity(quantity)) => quantity.unit(),
            (Load::Stated { .. }, Value::Text(text)) => {
                Quantity::read(text).map_or(Unit::BARE, Quantity::unit)
            }
            (Load::Stated { .. }, _) => Unit::BARE,
        };
        Self {
            name: name.to_owned(),
            direction,
            load,
            capacity: vec![Factor::Own { value: capacity, provenance: Provenance::assumed() }],
            unit,
            throttles: None,
        }
    }

    /// The same limit, its capacity also a product with these parameters of the chain.
    #[must_use]
    pub fn times<'a>(mut self, parameters: impl IntoIterator<Item = &'a str>) -> Self {
        self.capacity.extend(parameters.into_iter().map(|name| Factor::Parameter(name.to_owned())));
        self
    }

    /// The same limit, its capacity the product of these parameters of the chain alone.
    #[must_use]
    pub fn capacity_of<'a>(mut self, parameters: impl IntoIterator<Item = &'a str>) -> Self {
        self.capacity.clear();
        self.times(parameters)
    }

    /// The same limit, throttling only these inlets of its chain.
    #[must_use]
    pub fn throttling<'a>(mut self, inlets: impl IntoIterator<Item = &'a str>) -> Self {
        self.throttles = Some(inlets.into_iter().map(str::to_owned).collect());
        self
    }

    /// The same limit, shown in another unit.
    #[must_use]
    pub fn shown_in(mut self, unit: Unit) -> Self {
        self.unit = unit;
        self
    }

    /// The same limit, with where its own capacity comes from.
    #[must_use]
    pub fn with_provenance(mut self, source: &Provenance) -> Self {
        for factor in &mut self.capacity {
            if let Factor::Own { provenance, .. } = factor {
                provenance.clone_from(source);
            }
        }
        self
    }
}
