//! Supply: a field, a purchase, a stream from elsewhere, offered to the outermost chain.

mod feeds;

use crate::fault::FaultKind;
use crate::param::{Feed, Parameter, ParameterKind, Sense, Sum};
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::species::Slate;
use crate::stage::Config;
use crate::stage::{Call, Inlet, Outlet, Setting, Spec, Stage, StageError};
use std::sync::Arc;

/// A supply: offers `flow` of gas of a `composition`; what the chain does not accept stays in
/// the ground.
///
/// Its one inlet, `supply`, is an inlet of the outermost chain under the stage's own name; what
/// is accepted there leaves at `gas`.
///
#[doc = include_str!("../../../../docs/kinds/supply.md")]
#[derive(Debug)]
pub struct Supply {
    rows: Vec<Feed>,
    slate: Arc<Slate>,
    unit: Unit,
    inlet: Inlet,
    gas: Outlet,
    spec: Spec,
}

impl Supply {
    /// A supply of gas of any composition over `slate`.
    #[must_use]
    pub fn new(slate: &Slate) -> Self {
        Self::of(Vec::new(), Arc::new(slate.clone()), Unit::BCM_PER_YEAR)
    }

    fn of(rows: Vec<Feed>, slate: Arc<Slate>, unit: Unit) -> Self {
        let mut spec = Spec::new("supply");
        let inlet = spec.inlet("supply");
        let about = "what is offered";
        let flow = Parameter::number("flow", about, unit, 0.0, f64::INFINITY);
        let flow = spec.number(flow.in_sense(Sense::Offer));
        let kind = ParameterKind::Composition { rows: rows.clone(), slate: Arc::clone(&slate) };
        let about = "composition of what is offered";
        let composition = spec.composition(Parameter::of("composition", about, kind));
        spec.supplies(inlet, flow, composition);
        let gas = spec.outlet("gas");
        spec.keeps_composition(gas);
        Self { rows, slate, unit, inlet, gas, spec }
    }

    /// The same supply, knowing compositions by name: mole fractions over the slate, summing to
    /// 1 within 1e-6.
    ///
    /// # Errors
    /// A composition whose sum is off.
    pub fn knowing(mut self, name: &str, mole_fractions: &[f64]) -> Result<Self, FaultKind> {
        self.rows.push(Feed::of(name, mole_fractions, None, &self.slate, Sum::Exact)?);
        Ok(Self::of(self.rows, self.slate, self.unit))
    }

    /// The same supply, its flow shown in another unit.
    #[must_use]
    pub fn shown_in(self, unit: Unit) -> Self {
        Self::of(self.rows, self.slate, unit)
    }

    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        let supply = Self::new(config.slate);
        let Some(entry) = config.take("feeds") else { return Some(supply) };
        let place = entry.place.clone();
        let file = config.as_text("feeds", entry)?;
        let rows = feeds::read(config, &file, &place)?;
        Some(Self::of(rows, supply.slate, supply.unit))
    }
}

impl Stage for Supply {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
        true
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let accepted = call.stream(self.inlet);
        call.send(self.gas).copy_from_slice(accepted);
        Ok(())
    }
}
