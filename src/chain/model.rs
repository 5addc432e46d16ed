//! The chain itself: its parameters, limits, ports and products, and setting its values.

use super::exit::Product;
use super::index::Index;
use super::supplies::Composed;
use super::tree::{PlacedLimit, Tree};
use crate::digest::Digest;
use crate::error::Error;
use crate::evidence::Provenance;
use crate::fault::{FaultKind, Faults, Place};
use crate::ids::All;
use crate::limit::Direction;
use crate::measure::Measure;
use crate::param::{
    Basis, ParameterId, ParameterKind, PlacedParameter, Sense, Sum, Value, Values,
    scenario_provenance, unfit_number, unit_fault,
};
use crate::quantity::Unit;
use crate::solved::with_unit;
use crate::species::Slate;
use crate::stage::StreamId;
use crate::stage::{Spec, check_any};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A chain, checked and ready to run. Clones share what they are made of.
#[derive(Clone)]
pub struct Chain {
    pub(crate) name: Arc<str>,
    pub(crate) slate: Arc<Slate>,
    pub(crate) tree: Arc<Tree>,
    pub(crate) index: Arc<Index>,
    pub(crate) parameters: Arc<All<PlacedParameter>>,
    /// Its own, which know it.
    pub(crate) values: Arc<Values>,
    pub(crate) products: Arc<Vec<ProductAt>>,
    /// Hash of what it is, once somebody asks.
    pub(crate) inputs: Arc<OnceLock<String>>,
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Chain");
        shown.field("name", &self.name).field("inputs", &self.inputs()).finish_non_exhaustive()
    }
}

/// A product with its port resolved.
#[derive(Debug, Clone)]
pub(crate) struct ProductAt {
    pub product: Product,
    pub stream: StreamId,
}

impl Chain {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `sha256:` and the hash of what it is: species, stages, connections, limits, parameters with
    /// their own values, products; the same of a chain built in Rust and of the folder that says the
    /// same. Of stages of one's own it holds what their `Debug` shows: where that is derived, all.
    #[must_use]
    pub fn inputs(&self) -> &str {
        self.inputs.get_or_init(|| {
            let mut digest = Digest::default();
            digest.debug(&self.slate);
            digest.debug(&self.tree);
            for parameter in self.parameters.iter() {
                let PlacedParameter { address, kind, slot, provenance, .. } = parameter;
                digest.debug(&(address, kind, slot, provenance.evidence));
            }
            digest.values(&self.values);
            digest.debug(&self.products);
            digest.finish()
        })
    }

    /// Its species.
    #[must_use]
    pub fn slate(&self) -> &Slate {
        &self.slate
    }

    /// Its parameters, in the order of the chain.
    #[must_use]
    pub fn parameters(&self) -> &[PlacedParameter] {
        self.parameters.as_slice()
    }

    /// Its own values of all parameters.
    pub(crate) fn values(&self) -> Values {
        (*self.values).clone()
    }

    /// Its products.
    pub fn products(&self) -> impl Iterator<Item = &Product> {
        self.products.iter().map(|at| &at.product)
    }

    /// Full addresses of its limits with the unit they are shown in, what they are and what
    /// their capacity is known by.
    pub fn limits(&self) -> impl Iterator<Item = LimitInfo<'_>> {
        self.tree.limits.iter().map(|limit| LimitInfo {
            address: &limit.address,
            direction: limit.direction,
            unit: limit.unit,
            factors: self.factors(limit).collect(),
            provenance: self.capacity_provenance(limit, &self.values),
        })
    }

    fn factors<'a>(&'a self, limit: &'a PlacedLimit) -> impl Iterator<Item = &'a str> {
        limit.factors.iter().map(|&index| self.parameters[index].address.as_str())
    }

    /// Full addresses of the loads that its stages state about themselves, with the unit and what
    /// each is. Any can carry a limit, and be asked for as a result.
    pub fn loads(&self) -> impl Iterator<Item = (String, Unit, String)> {
        self.tree.stages.iter().flat_map(|placed| {
            let loads = placed.stage.spec().loads().iter();
            loads.map(|load| {
                (format!("{}.{}", placed.address, load.name), load.unit, load.about.clone())
            })
        })
    }

    /// Full addresses of its ports: each can be asked for any [`Measure`].
    pub fn ports(&self) -> impl Iterator<Item = &str> {
        self.tree.ports.iter().map(|(address, _)| address.as_str())
    }

    /// Full addresses of its stages with what each is, in running order within each chain.
    ///
    /// ```
    /// let chain = gaschain::amur::chain();
    /// let (_, crack) = chain.stages().find(|(address, _)| *address == "gcc.crack").unwrap();
    /// assert_eq!(crack.imports(), ["make_up_fuel"]);
    /// ```
    pub fn stages(&self) -> impl Iterator<Item = (&str, &Spec)> {
        self.tree.stages.iter().map(|placed| (placed.address.as_str(), placed.stage.spec()))
    }

    /// Judges a stage by itself, as [`stage::check`](crate::stage::check) does, whatever the
    /// chain sets its parameters to; streams by the names of its inlets, molar flows by species,
    /// mol/s.
    ///
    /// # Errors
    /// An address of no stage; as [`stage::check`](crate::stage::check).
    ///
    /// ```
    /// let chain = gaschain::amur::chain();
    /// chain.check_stage("gcc.crack", [("feed", [("ethane", 900.0), ("propane", 80.0)])])?;
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    pub fn check_stage<'n, I, F>(&self, address: &str, inlets: I) -> Result<(), Error>
    where
        I: IntoIterator<Item = (&'n str, F)>,
        F: IntoIterator<Item = (&'n str, f64)>,
    {
        let placed = self.tree.stages.iter().find(|placed| placed.address == address);
        let placed = placed.ok_or_else(|| {
            FaultKind::unknown("stage", address, self.stages().map(|(address, _)| address))
        })?;
        check_any(&*placed.stage, &self.slate, inlets)
    }

    /// Full addresses of its inlets, outermost first.
    pub fn inlets(&self) -> impl Iterator<Item = &str> {
        self.tree.inlets_outermost_first().map(|(_, inlet)| inlet.address.as_str())
    }

    /// Value of a number parameter in SI, as a unit counts it and as other values make it: what a
    /// supply offers by mass where it was said by moles.
    pub(crate) fn number_in(
        &self,
        values: &Values,
        parameter: &PlacedParameter,
        unit: Unit,
    ) -> Option<f64> {
        let at = parameter.slot.number()?;
        match parameter.kind {
            ParameterKind::Number { sense: Sense::Offer, .. } => {
                self.tree.offered(values, at, Basis::of(unit)?)
            }
            _ => values.known[at].then(|| values.numbers[at]),
        }
    }

    /// The parameter that is a number at an address, and the unit that stands in brackets behind it
    /// or else the one it is shown in.
    pub(crate) fn find_number(&self, address: &str) -> Result<(&PlacedParameter, Unit), FaultKind> {
        let (address, wanted) = with_unit(address);
        let parameter = &self.parameters[self.find_parameter(address)?];
        let ParameterKind::Number { unit, sense, .. } = parameter.kind else {
            return Err(FaultKind::NotAllowed {
                got: format!("{address}, which is {}", parameter.kind.allowed()),
                allowed: "a parameter that is a number".to_owned(),
            });
        };
        let Some(text) = wanted else { return Ok((parameter, unit)) };
        let wanted = parameter.kind.wanted();
        let named = Unit::read(text).map_err(|error| unit_fault(error, wanted))?;
        match unfit_number(named, unit, sense) {
            Some(kind) => Err(kind),
            None => Ok((parameter, named)),
        }
    }

    /// The parameter at an address: that of a share by any name of its species.
    pub(crate) fn parameter(&self, address: &str) -> Option<ParameterId> {
        self.index.parameter(address).or_else(|| self.share(address)?.ok())
    }

    /// The same; one that does not exist with the nearest that do.
    pub(crate) fn find_parameter(&self, address: &str) -> Result<ParameterId, FaultKind> {
        if let Some(found) = self.index.parameter(address) {
            return Ok(found);
        }
        self.share(address).unwrap_or_else(|| {
            let names = self.parameters.iter().map(|parameter| &parameter.address);
            Err(FaultKind::unknown("parameter", address, names))
        })
    }

    /// Adds the fault of an address of no parameter; what is nearest is not looked for where the
    /// fault would only be counted.
    pub(crate) fn push_unknown_parameter(&self, place: &Place, address: &str, faults: &mut Faults) {
        if let Some(Err(kind)) = self.share(address) {
            faults.push(place.clone(), kind);
            return;
        }
        let names = self.parameters.iter().map(|parameter| &parameter.address);
        faults.push_unknown(place.clone(), "parameter", address, names);
    }

    /// The share that an address names by any name of its species; `None` where no composition is
    /// named.
    fn share(&self, address: &str) -> Option<Result<ParameterId, FaultKind>> {
        let (of, species) = address.rsplit_once('.')?;
        let own = Composed::of(&self.tree.compositions, self.index.parameter(of)?)?;
        Some(self.slate.find(species).map(|species| own.own[species]))
    }

    /// Whether an address without a unit is one of a result, said without a search for others.
    pub(crate) fn is_output(&self, address: &str) -> bool {
        let begun = address.match_indices('.').map(|(at, _)| &address[..at]);
        let known = |start: &str| {
            self.port(start).is_some()
                || self.index.limit(start).is_some()
                || self.index.inlet(start).is_some()
        };
        (self.index.load(address).is_some() || begun.into_iter().any(known))
            && self.find_output(address).is_ok()
    }

    /// Whether addresses name the same in both.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.index, &other.index)
            || (self.index == other.index && self.slate == other.slate)
    }

    /// Sets a parameter in `values`.
    pub(crate) fn set(
        &self,
        values: &mut Values,
        address: &str,
        value: impl Into<Value>,
    ) -> Result<(), Error> {
        let mut faults = Faults::default();
        self.set_at(values, address, &value.into(), &Place::address(address), &mut faults);
        self.judge(values, |address| Place::address(address), &mut faults);
        Ok(faults.into_result(())?)
    }

    /// Judges what values are together, once all are set; `place` is where an address was.
    pub(crate) fn judge(
        &self,
        values: &Values,
        place: impl Fn(&str) -> Place,
        faults: &mut Faults,
    ) {
        self.judge_beside(values, place, |_| false, faults);
    }

    /// The same where what is at some addresses is not settled yet: what belongs to it is judged
    /// once it is.
    pub(crate) fn judge_beside(
        &self,
        values: &Values,
        place: impl Fn(&str) -> Place,
        varies: impl Fn(&str) -> bool,
        faults: &mut Faults,
    ) {
        self.tree.judge(&self.parameters, &self.slate, values, &place, faults);
        self.tree.judge_belonging(&self.parameters, values, &place, varies, faults);
        self.tree.judge_conditions(&self.parameters, values, &place, faults);
    }

    /// The same for a value that stands somewhere, its faults with those of others.
    pub(crate) fn set_at(
        &self,
        values: &mut Values,
        address: &str,
        value: &Value,
        place: &Place,
        faults: &mut Faults,
    ) {
        self.set_summing(values, address, value, Sum::Exact, place, faults);
    }

    /// The same, of which a composition's sum may be off.
    pub(crate) fn set_summing(
        &self,
        values: &mut Values,
        address: &str,
        value: &Value,
        sum: Sum,
        place: &Place,
        faults: &mut Faults,
    ) {
        let Some(index) = self.parameter(address) else {
            self.push_unknown_parameter(place, address, faults);
            return;
        };
        let parameter = &self.parameters[index];
        match parameter.kind.accept_summing(value, sum) {
            Ok(accepted) => {
                values.keep(index, parameter.slot, &accepted);
                values.note(index, value.clone());
            }
            Err(kinds) => {
                for kind in kinds {
                    faults.push(place.clone(), kind);
                }
            }
        }
    }

    /// The stream at a port by its full address; `chain.surplus` stands for the surplus of a
    /// chain's only inlet.
    pub(crate) fn port(&self, address: &str) -> Option<StreamId> {
        self.index.port(address)
    }

    /// Finds the port and measure that a result address names: the longest port it starts with.
    pub(crate) fn port_and_measure(&self, address: &str) -> Result<(StreamId, Measure), FaultKind> {
        for (at, _) in address.match_indices('.').collect::<Vec<_>>().into_iter().rev() {
            if let Some(stream) = self.port(&address[..at]) {
                return Measure::read(&address[at + 1..], &self.slate).map(|m| (stream, m));
            }
        }
        let ports = self.tree.ports.iter().map(|(port, _)| port.as_str());
        let (port, quantity) = address.rsplit_once('.').unwrap_or((address, ""));
        Err(match FaultKind::unknown("result", port, ports) {
            FaultKind::UnknownName { what, nearest, .. } => FaultKind::UnknownName {
                what,
                got: address.to_owned(),
                nearest: nearest.into_iter().map(|port| format!("{port}.{quantity}")).collect(),
                allowed: Vec::new(),
            },
            other => other,
        })
    }

    /// The evidence of a limit's capacity: the weakest of its factors, each source named once.
    pub(crate) fn capacity_provenance(&self, limit: &PlacedLimit, values: &Values) -> Provenance {
        let factors = limit.parameters(values).iter().map(|&index| {
            if values.is_set(index) {
                scenario_provenance()
            } else {
                self.parameters[index].provenance.clone()
            }
        });
        let mut weakest = Provenance::assumed();
        let mut first = true;
        for factor in factors {
            if first || factor.evidence > weakest.evidence {
                weakest = factor;
                first = false;
            }
        }
        weakest
    }
}

/// A limit as [`Chain::limits`] lists it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LimitInfo<'a> {
    /// Full address.
    pub address: &'a str,
    /// At most or at least.
    pub direction: Direction,
    /// Unit of load, capacity and margin.
    pub unit: Unit,
    /// Full addresses of the parameters whose product the capacity is.
    pub factors: Vec<&'a str>,
    /// Evidence of the capacity.
    pub provenance: Provenance,
}
