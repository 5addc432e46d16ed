//! Separate: species go to named products by their recovery, the remainder leaves last.

use crate::document::Node;
use crate::fault::FaultKind;
use crate::param::ParameterSpec;
use crate::scalar::Scalar;
use crate::species::Slate;
use crate::stage::config::Config;
use crate::stage::{Call, Ports, Stage, StageError};

/// One recovery of a [`Separate`]: a share of each of `species` goes to the outlet `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Name of the recovery's parameter: `ethane`, `butanes`.
    pub parameter: String,
    /// Species it recovers, as indices into the slate.
    pub species: Vec<usize>,
    /// Outlet they go to.
    pub to: String,
}

/// A separation by recovery: `product_i = recovery_i * feed_i`, and what is not recovered leaves
/// at the last outlet.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | one a cut, under its name | fraction | 0 to 1; where cuts share a species, their sum at most 1 |
///
/// Errors: recoveries of one species that sum to more than 1.
///
/// ```
/// use gaschain::species::Slate;
/// use gaschain::stage::{Separate, Stage};
/// let slate = Slate::shipped();
/// let membrane = Separate::new("gas").recovering(&slate, "helium", &["helium"], "reinjected")?;
/// assert_eq!(membrane.ports().outlets, ["reinjected", "gas"]);
/// # Ok::<(), gaschain::Error>(())
/// ```
#[derive(Debug)]
pub struct Separate {
    cuts: Vec<Cut>,
    products: Vec<String>,
    remainder: String,
    /// Outlet of each cut.
    outlet_of: Vec<usize>,
}

impl Separate {
    /// A separation that recovers nothing yet; everything leaves at `remainder`.
    #[must_use]
    pub fn new(remainder: &str) -> Self {
        Self {
            cuts: Vec::new(),
            products: Vec::new(),
            remainder: remainder.to_owned(),
            outlet_of: Vec::new(),
        }
    }

    /// The same separation with one more recovery: `parameter` of each of `species` goes `to`.
    ///
    /// # Errors
    /// A species that the slate does not hold.
    pub fn recovering(
        mut self,
        slate: &Slate,
        parameter: &str,
        species: &[&str],
        to: &str,
    ) -> Result<Self, FaultKind> {
        let species = species
            .iter()
            .map(|name| {
                slate.index(name).ok_or_else(|| FaultKind::unknown("species", name, slate.names()))
            })
            .collect::<Result<_, _>>()?;
        self.add(Cut { parameter: parameter.to_owned(), species, to: to.to_owned() });
        Ok(self)
    }

    fn add(&mut self, cut: Cut) {
        let outlet = self.products.iter().position(|product| *product == cut.to);
        self.outlet_of.push(outlet.unwrap_or(self.products.len()));
        if outlet.is_none() {
            self.products.push(cut.to.clone());
        }
        self.cuts.push(cut);
    }

    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        let remainder = config.text("remainder");
        let Some(entry) = config.take("recover") else {
            config.fault(FaultKind::Missing { what: "key", name: "recover".into() });
            return None;
        };
        let Node::Table(cuts) = entry.node else {
            config.faults.push(
                entry.place,
                FaultKind::NotAllowed {
                    got: format!("recover is {}", entry.node.describe()),
                    allowed: "a table: name = { species = [..], to = \"outlet\" }".into(),
                },
            );
            return None;
        };
        let cuts: Vec<Option<Cut>> = cuts
            .into_iter()
            .map(|(parameter, cut)| {
                let place = cut.place.clone();
                let entries = config.as_table(&format!("recovery {parameter}"), cut)?;
                config.inner(place, entries, |inner| {
                    let species = inner.species("species");
                    inner.text("to").map(|to| Cut { parameter, species, to })
                })
            })
            .collect();
        let mut stage = Self::new(&remainder?);
        for cut in cuts {
            stage.add(cut?);
        }
        Some(stage)
    }
}

impl Stage for Separate {
    fn kind(&self) -> &'static str {
        "separate"
    }

    fn ports(&self) -> Ports {
        Ports::new(["feed"], self.products.iter().chain([&self.remainder]).cloned())
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        self.cuts
            .iter()
            .map(|cut| {
                let about = format!("share of {} that goes to {}", cut.parameter, cut.to);
                ParameterSpec::fraction(&cut.parameter, &about)
            })
            .collect()
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        let remainder = self.products.len();
        call.outlet(remainder).copy_from_slice(feed);
        for (index, cut) in self.cuts.iter().enumerate() {
            let recovery = call.number(index);
            for &species in &cut.species {
                let part = feed[species] * recovery;
                call.outlet(self.outlet_of[index])[species] += part;
                call.outlet(remainder)[species] -= part;
                let left = call.outlet(remainder)[species];
                if (-left - feed[species].scaled(1e-12)).exceeds(0.0) {
                    return Err(StageError::OutOfDomain {
                        what: "sum of the recoveries of a species",
                        got: 1.0 - left.value() / feed[species].value(),
                        allowed: "at most 1",
                    });
                }
                call.outlet(remainder)[species] = left.max(S::zero());
            }
        }
        Ok(())
    }
}
