//! Separate: species go to named products by their recovery, the remainder leaves last.

use crate::document::Node;
use crate::fault::FaultKind;
use crate::param::Parameter;
use crate::scalar::Scalar;
use crate::species::Slate;
use crate::stage::Config;
use crate::stage::{Call, Inlet, Number, Outlet, Setting, Spec, Stage, StageError};

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
/// Errors: recoveries of one species that sum to more than 1.
///
/// ```
/// use gaschain::species::Slate;
/// use gaschain::stage::{Separate, Stage};
/// let slate = Slate::shipped();
/// let membrane = Separate::new("gas").recovering(&slate, "helium", &["helium"], "reinjected")?;
/// assert_eq!(membrane.spec().outlets(), ["reinjected", "gas"]);
/// # Ok::<(), gaschain::Error>(())
/// ```
///
#[doc = include_str!("../../../docs/kinds/separate.md")]
#[derive(Debug)]
pub struct Separate {
    feed: Inlet,
    cuts: Vec<Cut>,
    /// The outlet of each cut, and its recovery.
    parts: Vec<(Outlet, Number)>,
    remainder: Outlet,
    spec: Spec,
}

impl Separate {
    /// A separation that recovers nothing yet; everything leaves at `remainder`.
    #[must_use]
    pub fn new(remainder: &str) -> Self {
        Self::of(Vec::new(), remainder)
    }

    fn of(cuts: Vec<Cut>, remainder: &str) -> Self {
        let mut spec = Spec::new("separate");
        let feed = spec.inlet("feed");
        let mut products: Vec<(&str, Outlet)> = Vec::new();
        let parts = cuts
            .iter()
            .map(|cut| {
                let known = products.iter().find(|(product, _)| *product == cut.to);
                let outlet = known.map_or_else(|| spec.outlet(&cut.to), |(_, outlet)| *outlet);
                if known.is_none() {
                    products.push((&cut.to, outlet));
                }
                let about = format!("share of {} that goes to {}", cut.parameter, cut.to);
                (outlet, spec.number(Parameter::fraction(&cut.parameter, &about)))
            })
            .collect();
        Self { feed, parts, remainder: spec.outlet(remainder), cuts, spec }
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
        let species = species.iter().map(|name| slate.find(name)).collect::<Result<_, _>>()?;
        self.cuts.push(Cut { parameter: parameter.to_owned(), species, to: to.to_owned() });
        let remainder = self.spec.outlets().last().map_or("", String::as_str);
        Ok(Self::of(self.cuts, remainder))
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
        let cuts = cuts.into_iter().collect::<Option<Vec<Cut>>>();
        let remainder = remainder?;
        Some(Self::of(cuts?, &remainder))
    }
}

impl Stage for Separate {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
        true
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.stream(self.feed);
        call.send(self.remainder).copy_from_slice(feed);
        for (cut, &(outlet, recovery)) in self.cuts.iter().zip(&self.parts) {
            let recovery = call.number(recovery);
            for &species in &cut.species {
                let part = feed[species] * recovery;
                call.send(outlet)[species] += part;
                let rest = &mut call.send(self.remainder)[species];
                let left = *rest - part;
                *rest = left.max(S::zero());
                if (-left - feed[species].scaled(1e-12)).exceeds(0.0) {
                    return Err(StageError::OutOfDomain {
                        what: "sum of the recoveries of a species",
                        got: 1.0 - left.value() / feed[species].value(),
                        allowed: "at most 1",
                    });
                }
            }
        }
        Ok(())
    }
}
