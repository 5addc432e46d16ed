//! How streams leave the outermost chain, and the products that are measured there.

use crate::evidence::Provenance;
use crate::measure::Measure;
use crate::quantity::Unit;

/// How a stream leaves the outermost chain: where its carbon ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Leaving {
    /// Sold or used.
    Product,
    /// Burned as fuel: it leaves unburned, and becomes carbon dioxide and water.
    Burned,
    /// Burned at a flare.
    Flared,
    /// Let out into the air as it is.
    Vented,
    /// Put back into the ground.
    Reinjected,
    /// Lost otherwise: a purge, waste.
    Loss,
}

impl Leaving {
    /// All but products, by the keys that chain files list their ports under.
    pub(crate) const KEYS: [(&'static str, Self); 5] = [
        ("burned", Self::Burned),
        ("flared", Self::Flared),
        ("vented", Self::Vented),
        ("reinjected", Self::Reinjected),
        ("losses", Self::Loss),
    ];

    /// As results spell it: `product`, `burned`, `flared`, `vented`, `reinjected`, `loss`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Burned => "burned",
            Self::Flared => "flared",
            Self::Vented => "vented",
            Self::Reinjected => "reinjected",
            Self::Loss => "loss",
        }
    }

    /// Whether its carbon leaves as carbon dioxide of combustion.
    #[must_use]
    pub const fn is_combustion(self) -> bool {
        matches!(self, Self::Burned | Self::Flared)
    }
}

/// How a stream leaves the outermost chain, and as which class of products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exit {
    pub how: Leaving,
    /// `polymers`, `sales gas`: what the carbon ledger adds up. Where a product has none it is
    /// one of the other products.
    pub class: Option<String>,
}

/// A named quantity that reports list: `helium`, at a port, in a unit.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Product {
    /// Its name.
    pub name: String,
    /// The port it is measured at.
    pub port: String,
    /// What is measured.
    pub measure: Measure,
    /// In which unit.
    pub unit: Unit,
    /// Which part of the chain it is listed under in reports.
    pub group: String,
    /// The figure that was announced for it, in `unit`, where there is one.
    pub announced: Option<Announced>,
    /// What agreement with that figure is worth, where a parameter was chosen to meet it
    /// (imposed) or knowing it (assumed).
    pub agreement: Option<Provenance>,
}

/// An announced figure.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Announced {
    /// The figure, in its product's unit.
    pub value: f64,
    /// Where it comes from.
    pub provenance: Provenance,
}
