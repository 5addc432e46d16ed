//! Limits of a chain under assembly: what each is on, what it throttles.

use super::assembly::{Assembly, Item, Names, join};
use super::settle::{of_real_gas, own_capacity};
use crate::chain::tree::{LevelId, LoadId, PlacedLimit, PlacedLoad, Whole};
use crate::evidence::{Evidence, Provenance};
use crate::fault::{FaultKind, Place, nearest_names};
use crate::limit::{Direction, Factor, Limit, Load};
use crate::measure::counts_alike;
use crate::param::{BY_FACTORS, Parameter, ParameterId, ParameterKind, Sense, Slot, unfit_unit};
use crate::quantity::{Dimension, Wanted};

impl Assembly {
    pub(in crate::chain) fn limit(
        &mut self,
        level: LevelId,
        names: &Names,
        limit: &Limit,
        place: Place,
    ) {
        let path = &names.path;
        let address = join(path, &limit.name);
        let nothing = |why: String, nearest: Vec<String>| FaultKind::LimitOnNothing {
            limit: address.clone(),
            why,
            nearest,
        };
        if !self.limited.insert(address.clone()) {
            let kind = FaultKind::Duplicate { what: "limit", name: address, first: None };
            self.faults.push(place, kind);
            return;
        }
        let (load, dimension, quality) = match &limit.load {
            Load::Port { port, measure } => match self.limit_port(names, port) {
                Ok(stream) => {
                    let load = PlacedLoad::Port { stream, load: measure.load(&self.slate) };
                    (load, measure.dimension(), measure.is_quality())
                }
                Err(None) => return,
                Err(Some(kind)) => {
                    let (why, nearest) = match kind {
                        FaultKind::UnknownName { what, got, nearest, .. }
                            if !nearest.is_empty() =>
                        {
                            (format!("unknown {what} \"{got}\""), nearest)
                        }
                        other => (other.to_string(), Vec::new()),
                    };
                    self.faults.push(place, nothing(why, nearest));
                    return;
                }
            },
            Load::Stated { load } => {
                let Some((stated, dimension)) = self.stated(names, load) else {
                    if !self.is_broken(&join(path, load)) {
                        let stated = self.tree.stages.iter().flat_map(|placed| {
                            let loads = placed.stage.spec().loads();
                            loads.iter().map(|load| join(&placed.address, &load.name))
                        });
                        let nearest = nearest_names(&join(path, load), stated);
                        let kind = nothing(format!("no stage states \"{load}\""), nearest);
                        self.faults.push(place, kind);
                    }
                    return;
                };
                (PlacedLoad::Stated(stated), dimension, false)
            }
        };
        if let Some(kind) = unfit(limit, dimension) {
            self.faults.push(place.clone(), kind);
        }
        let before = self.faults.count();
        if limit.capacity.is_empty() {
            let what = "parameter that makes the capacity of limit";
            let kind = FaultKind::Missing { what, name: limit.name.clone() };
            self.faults.push(place.clone(), kind);
        }
        let mut factors = Vec::new();
        for factor in &limit.capacity {
            let name = match factor {
                Factor::Own { .. } => &limit.name,
                Factor::Parameter(name) => name,
            };
            let factor_address = join(path, name);
            match self.addresses.get(&factor_address).copied() {
                Some(index) => factors.push(index),
                None if self.is_broken(&factor_address) => return,
                None => {
                    let names = self.parameters.iter().map(|parameter| &parameter.address);
                    let kind = FaultKind::unknown("parameter", &factor_address, names);
                    self.faults.push(place.clone(), kind);
                }
            }
        }
        if limit.unit.dimension() == dimension && self.faults.count() == before {
            self.check_product(&factors, dimension, &place);
        }
        self.count_real_gas(&factors, limit, &place);
        let all = self.tree.levels[level].inlets.clone();
        let throttles = match &limit.throttles {
            None => all.clone(),
            Some(inlets) => inlets
                .iter()
                .filter_map(|name| {
                    let found = all.iter().copied().find(|&i| self.inlet_name(i) == *name);
                    if found.is_none() && !self.is_broken(&join(path, name)) {
                        let names: Vec<String> = all.iter().map(|&i| self.inlet_name(i)).collect();
                        let kind = FaultKind::unknown("inlet", name, names);
                        self.faults.push(place.clone(), kind);
                    }
                    found
                })
                .collect(),
        };
        let by_itself =
            limit.throttles.is_some() || (limit.direction == Direction::AtMost && !quality);
        // a quality throttles only when told to, by the file or by a scenario
        let told = quality.then(|| {
            let about = format!("whether limit {address} stops inlets");
            let spec = Parameter::flag(&format!("{}.throttles", limit.name), &about);
            let spec = spec.or(limit.throttles.is_some());
            let index = self.parameter(join(path, &spec.name), &spec, &place);
            self.parameters[index].slot
        });
        let whole = self.whole(&address, limit, &factors, &place);
        let numbers = factors.iter().filter_map(|&index| self.parameters[index].slot.number());
        let placed = self.tree.limits.push(PlacedLimit {
            address,
            direction: limit.direction,
            load,
            capacity: numbers.collect(),
            meaning: limit.load.meaning(),
            factors,
            whole,
            unit: limit.unit,
            throttles,
            by_itself,
            told: told.and_then(Slot::choice),
        });
        self.tree.levels[level].limits.push(placed);
    }

    /// A parameter at the address of a limit whose capacity is a product of others: once it is set,
    /// it takes their place.
    fn whole(
        &mut self,
        address: &str,
        limit: &Limit,
        factors: &[ParameterId],
        place: &Place,
    ) -> Option<Whole> {
        let is_own = |factor: &Factor| matches!(factor, Factor::Own { .. });
        let is_taken = self.addresses.contains_key(address);
        if limit.capacity.iter().any(is_own) || is_taken {
            return None;
        }
        let kind = own_capacity(limit, BY_FACTORS);
        let names: Vec<&str> =
            factors.iter().map(|&index| self.parameters[index].address.as_str()).collect();
        let product = names.join(" x ");
        let about = format!("capacity of limit {address} as a whole, in place of {product}");
        let spec = Parameter::of(&limit.name, &about, kind).or(BY_FACTORS);
        let parameter = self.parameter(address.to_owned(), &spec, place);
        let source = "the product of its factors".to_owned();
        self.parameters[parameter].provenance = Provenance { evidence: Evidence::Derived, source };
        let number = self.parameters[parameter].slot.number()?;
        Some(Whole { parameter, number })
    }

    /// A load that a stage states, with its dimension.
    fn stated(&self, names: &Names, load: &str) -> Option<(LoadId, Dimension)> {
        let (stage, load) = load.split_once('.')?;
        let (_, item) = names.items.iter().find(|(name, _)| name == stage)?;
        let Item::Stage(stage) = item else { return None };
        let placed = &self.tree.stages[*stage];
        let loads = placed.stage.spec().loads();
        let index = loads.iter().position(|stated| stated.name == load)?;
        Some((placed.loads.at(index), loads[index].unit.dimension()))
    }

    /// A factor that carries the unit of a load of real gas is one of real gas itself: counted at the
    /// conditions of the load, in all that is said of it.
    fn count_real_gas(&mut self, factors: &[ParameterId], limit: &Limit, place: &Place) {
        let Some(wanted) = of_real_gas(limit) else { return };
        let meaning = limit.load.meaning();
        for &index in factors {
            let parameter = &mut self.parameters[index];
            let ParameterKind::Number { unit, sense, .. } = &mut parameter.kind else { continue };
            if unit.dimension() != wanted.dimension() {
                continue;
            }
            match sense {
                Sense::Plain | Sense::Of(_) | Sense::Real(_) if counts_alike(*unit, wanted) => {
                    *sense = Sense::Real(meaning);
                }
                _ => {
                    let got = format!("the capacity {}, shown in {unit}", parameter.address);
                    let allowed =
                        format!("a number in {wanted}, or in another unit at the same conditions");
                    self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
                }
            }
        }
    }

    /// A capacity's factors must be numbers whose product has the load's dimension.
    fn check_product(&mut self, factors: &[ParameterId], wanted: Dimension, place: &Place) {
        let number = |dimension| matches!(dimension, Dimension::Fraction | Dimension::Count);
        let dimension = |index: ParameterId| match self.parameters[index].kind {
            ParameterKind::Number { unit, .. } => Some(unit.dimension()),
            _ => None,
        };
        let carrying: Vec<_> =
            factors.iter().map(|&i| dimension(i)).filter(|d| !d.is_some_and(number)).collect();
        if carrying == [Some(wanted)] || (carrying.is_empty() && number(wanted)) {
            return;
        }
        let named: Vec<String> = factors
            .iter()
            .map(|&index| {
                let what = dimension(index).map_or("no number".into(), |d| d.to_string());
                format!("{} ({what})", self.parameters[index].address)
            })
            .collect();
        let got = format!("the capacity {}", named.join(" x "));
        let allowed = format!("a product that is {wanted}");
        self.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
    }
}

/// What is wrong with the unit that a limit is shown in, where its load has some dimension.
fn unfit(limit: &Limit, dimension: Dimension) -> Option<FaultKind> {
    match &limit.load {
        Load::Port { measure, .. } => measure.unfit(limit.unit),
        Load::Stated { .. } => unfit_unit(limit.unit, Wanted::of(dimension)),
    }
}
