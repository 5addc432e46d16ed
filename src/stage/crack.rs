//! Crack: steam cracking of several feeds by yield sets, with recycle to extinction.

use super::config::Config;
use super::route::Route;
use super::yields::{self, YieldSet};
use super::{Call, Ports, Setting, Stage, StageError, StatedLoad};
use crate::fault::FaultKind;
use crate::param::{ParameterKind, ParameterSpec};
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::species::Slate;
use nalgebra::DMatrix;

/// One feed of a cracker, with the yield sets it may be cracked by.
#[derive(Debug, Clone, PartialEq)]
pub struct CrackFeed {
    /// The species, as an index into the slate.
    pub species: usize,
    /// Sets that may be chosen.
    pub sets: Vec<YieldSet>,
    /// Sets that did not close, with the reason: choosing one is a fault.
    pub refused: Vec<(String, FaultKind)>,
    /// Whether what a pass leaves or makes of this species is cracked again.
    pub recycled: bool,
}

impl CrackFeed {
    /// What its choice of yield sets is, with how far closing had to shift each.
    fn about(&self, name: &str) -> String {
        let shift = |set: &YieldSet| format!("{} {:.2}", set.name, set.largest_shift * 100.0);
        let shifts: Vec<String> = self.sets.iter().map(shift).collect();
        let mut text = format!(
            "yield set that {name} is cracked by; largest shift that closed each, % of feed: {}",
            shifts.join(", ")
        );
        for (set, _) in &self.refused {
            text.push_str("; refused, for it does not close: ");
            text.push_str(set);
        }
        text
    }
}

/// A steam cracker.
///
/// With `f` the fresh feeds, `R` the part of each feed's yields that is a recycled feed again and
/// `Y` the yields, the furnaces see `u = (I - R)^-1 f` and the products are `Y u` less what is
/// recycled: recycle to extinction in closed form. Species without a yield set pass unchanged.
/// What a set books as loss leaves at `flare` with the composition of its feed. Species named so
/// (acetylene, propyne) are hydrogenated with the cracker's own hydrogen before they leave.
///
/// The furnaces' heat, `sum of duty_k f_k` (net, per mass of fresh feed), is met by the methane
/// the cracker makes, then by its hydrogen, then by imported methane (`make_up_fuel`); what is
/// burned leaves unburned at `burned`.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `yields_<feed>` | a set's name | the sets of the yields table that close |
/// | `heat_<feed>` | net heat per mass of fresh feed | 0 to 100 GJ/t |
///
/// Stated load: `furnace_load`, fresh feed and recycle together, mass flow.
#[derive(Debug)]
pub struct Crack {
    feeds: Vec<CrackFeed>,
    names: Vec<String>,
    route: Route,
    molar_masses: Vec<f64>,
    net_heats: Vec<f64>,
    methane: usize,
    hydrogen: usize,
    hydrogenations: Vec<Hydrogenation>,
}

/// A species that becomes another with hydrogen: acetylene to ethylene.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Hydrogenation {
    from: usize,
    to: usize,
    /// Moles of hydrogen per mole.
    hydrogen: f64,
}

impl Hydrogenation {
    fn new(slate: &Slate, from: usize, to: usize) -> Result<Self, FaultKind> {
        let mut hydrogen = 0.0;
        for (element, name) in slate.elements().iter().enumerate() {
            let atoms = slate.element_counts(element);
            let (left, right) = (atoms[from], atoms[to]);
            if name == "H" && right > left {
                hydrogen = (right - left) / 2.0;
            } else if (left - right).abs() > 0.0 {
                let reaction = format!("{} -> {}", slate.get(from).name, slate.get(to).name);
                let element = name.clone();
                return Err(FaultKind::UnbalancedReaction { reaction, element, left, right });
            }
        }
        Ok(Self { from, to, hydrogen })
    }
}

impl Crack {
    pub(super) fn read(config: &mut Config<'_>) -> Option<Self> {
        let table = config.table("yields");
        let names = config.texts("feeds");
        if names.is_empty() {
            config.fault(FaultKind::Missing { what: "key", name: "feeds".into() });
        }
        let recycled = config.texts("recycle");
        let mut feeds: Vec<CrackFeed> = names
            .into_iter()
            .filter_map(|(name, place)| config.species_named(&name, place))
            .map(|species| CrackFeed {
                species,
                sets: Vec::new(),
                refused: Vec::new(),
                recycled: false,
            })
            .collect();
        for (name, place) in recycled {
            let Some(species) = config.species_named(&name, place) else { continue };
            match feeds.iter_mut().find(|feed| feed.species == species) {
                Some(feed) => feed.recycled = true,
                None => config.fault(FaultKind::NotAllowed {
                    got: format!("recycle of {name}"),
                    allowed: "one of the feeds".into(),
                }),
            }
        }
        let before = config.faults.0.len();
        if let Some(table) = table {
            let (sets, refused) = yields::read(config, table);
            for feed in &mut feeds {
                feed.sets = sets.iter().filter(|set| set.feed == feed.species).cloned().collect();
                feed.refused = refused
                    .iter()
                    .filter(|(species, ..)| *species == feed.species)
                    .map(|(_, name, kind)| (name.clone(), kind.clone()))
                    .collect();
            }
        }
        // what is missing in a table with faults may be in the rows that have them
        let sound = table.is_some_and(|table| table.complete) && config.faults.0.len() == before;
        for (place, entries) in config.tables_under("means") {
            let mean = config.inner(place, entries, |inner| {
                let (feed, name, of) =
                    (inner.one_species("feed"), inner.text("name"), inner.texts("of"));
                Some((name?, feed?, of))
            });
            let Some((name, species, of)) = mean.filter(|_| sound) else { continue };
            let Some(feed) = feeds.iter_mut().find(|feed| feed.species == species) else {
                config.fault(FaultKind::NotAllowed {
                    got: format!("a mean for {}", config.slate.get(species).name),
                    allowed: "one of the feeds".into(),
                });
                continue;
            };
            let mut parts = Vec::new();
            for (part, place) in of {
                match feed.sets.iter().find(|set| set.name == part) {
                    Some(set) => parts.push(set),
                    None => {
                        let valid = feed.sets.iter().map(|set| &set.name);
                        config.faults.push(place, FaultKind::unknown("yield set", &part, valid));
                    }
                }
            }
            let mean = YieldSet::mean(&name, &parts);
            feed.sets.extend(mean);
        }
        let mut hydrogenations = Vec::new();
        if let Some(entry) = config.take("hydrogenate") {
            let read = |inner: &mut Config<'_>| {
                for (from, entry) in inner.take_rest() {
                    let place = entry.place.clone();
                    let to = inner.as_text(&from, entry);
                    let to = to.and_then(|to| inner.species_named(&to, place.clone()));
                    let from = inner.species_named(&from, place);
                    let (Some(from), Some(to)) = (from, to) else { continue };
                    match Hydrogenation::new(inner.slate, from, to) {
                        Ok(hydrogenation) => hydrogenations.push(hydrogenation),
                        Err(kind) => inner.fault(kind),
                    }
                }
            };
            let place = entry.place.clone();
            if let Some(entries) = config.as_table("hydrogenate", entry) {
                config.inner(place, entries, read);
            }
        }
        let route = Route::read(config);
        if !sound {
            return None;
        }
        for feed in feeds.iter().filter(|feed| feed.sets.is_empty()) {
            for (_, reason) in &feed.refused {
                config.fault(reason.clone());
            }
            if feed.refused.is_empty() {
                let name = config.slate.get(feed.species).name.clone();
                config.fault(FaultKind::Missing { what: "yield set of feed", name });
            }
        }
        Self::new(config.slate, feeds, route?, hydrogenations)
            .map_err(|kind| config.fault(kind))
            .ok()
    }

    fn new(
        slate: &Slate,
        feeds: Vec<CrackFeed>,
        mut route: Route,
        hydrogenations: Vec<Hydrogenation>,
    ) -> Result<Self, FaultKind> {
        let find = |name: &str| {
            slate.index(name).ok_or_else(|| FaultKind::unknown("species", name, slate.names()))
        };
        route.outlets.extend(["flare".to_owned(), "burned".to_owned()]);
        Ok(Self {
            names: feeds.iter().map(|feed| slate.get(feed.species).name.clone()).collect(),
            feeds,
            route,
            molar_masses: slate.molar_masses().to_vec(),
            net_heats: slate.iter().map(|species| species.net_heat_25().unwrap_or(0.0)).collect(),
            methane: find("methane")?,
            hydrogen: find("hydrogen")?,
            hydrogenations,
        })
    }

    fn flare(&self) -> usize {
        self.route.outlets.len() - 2
    }

    fn burned(&self) -> usize {
        self.route.outlets.len() - 1
    }

    /// Length of one feed's block in the constants: moles of each species made, moles of each
    /// feed flared, and mass through the furnaces, all per mole of fresh feed.
    fn block(&self) -> usize {
        self.molar_masses.len() + self.feeds.len() + 1
    }
}

impl Stage for Crack {
    fn kind(&self) -> &'static str {
        "crack"
    }

    fn ports(&self) -> Ports {
        Ports::new(["feed"], self.route.outlets.clone()).importing(["make_up_fuel"])
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let heats = self.names.iter().map(|name| {
            let about = format!("net heat the furnaces need per mass of fresh {name}");
            ParameterSpec::number(
                &format!("heat_{}", name.replace('-', "_")),
                &about,
                Unit::GIGAJOULE_PER_TONNE,
                0.0,
                100.0,
            )
        });
        let sets = self.feeds.iter().zip(&self.names).map(|(feed, name)| ParameterSpec {
            name: format!("yields_{}", name.replace('-', "_")),
            about: feed.about(name),
            kind: ParameterKind::Choice {
                allowed: feed.sets.iter().map(|set| set.name.clone()).collect(),
                refused: feed.refused.clone(),
            },
            default: None,
        });
        heats.chain(sets).collect()
    }

    fn stated_loads(&self) -> Vec<StatedLoad> {
        vec![StatedLoad {
            name: "furnace_load".into(),
            about: "fresh feed and recycle through the furnaces".into(),
            unit: Unit::MEGATONNE_PER_YEAR,
        }]
    }

    fn reacts(&self) -> bool {
        true
    }

    fn linear(&self, outlet: usize, _: &Setting<'_>) -> bool {
        // burning methane first, then hydrogen, bends these
        let bent = [self.route.outlet_of[self.methane], self.route.outlet_of[self.hydrogen]];
        outlet != self.burned() && !bent.contains(&outlet)
    }

    fn constants(&self, choices: &[usize]) -> Vec<f64> {
        let chosen: Vec<&YieldSet> =
            self.feeds.iter().zip(choices).map(|(feed, &set)| &feed.sets[set]).collect();
        let count = chosen.len();
        let recycle = DMatrix::from_fn(count, count, |made, of| {
            let feed = &self.feeds[made];
            if feed.recycled { chosen[of].mass_fractions[feed.species] } else { 0.0 }
        });
        // a set that converts nothing cannot be recycled to extinction: no inverse, and NaN
        // flows that the balances refuse
        let furnace = (DMatrix::identity(count, count) - recycle)
            .try_inverse()
            .unwrap_or_else(|| DMatrix::from_element(count, count, f64::NAN));
        let mut constants = Vec::with_capacity(count * self.block());
        for (fresh, feed) in self.feeds.iter().enumerate() {
            let feed_mass = self.molar_masses[feed.species];
            for (species, molar_mass) in self.molar_masses.iter().enumerate() {
                let recycled =
                    self.feeds.iter().any(|feed| feed.recycled && feed.species == species);
                let made: f64 = (0..count)
                    .map(|pass| furnace[(pass, fresh)] * chosen[pass].mass_fractions[species])
                    .sum();
                constants.push(if recycled { 0.0 } else { made * feed_mass / molar_mass });
            }
            let made = constants.len() - self.molar_masses.len();
            for hydrogenation in &self.hydrogenations {
                let moles = std::mem::take(&mut constants[made + hydrogenation.from]);
                constants[made + hydrogenation.to] += moles;
                constants[made + self.hydrogen] -= moles * hydrogenation.hydrogen;
            }
            for (pass, set) in chosen.iter().enumerate() {
                let flared = furnace[(pass, fresh)] * set.loss;
                constants.push(flared * feed_mass / self.molar_masses[self.feeds[pass].species]);
            }
            let through: f64 = (0..count).map(|pass| furnace[(pass, fresh)]).sum();
            constants.push(through * feed_mass);
        }
        constants
    }

    fn burns(&self, outlet: usize) -> bool {
        outlet == self.flare() || outlet == self.burned()
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let fresh = call.inlet(0);
        let species_count = call.species();
        let (flare, burned) = (self.flare(), self.burned());
        let (methane, hydrogen) = (self.methane, self.hydrogen);

        let blocks = call.constants();
        let block = self.block();
        for species in 0..species_count {
            let is_feed = self.feeds.iter().any(|feed| feed.species == species);
            let mut flow = if is_feed { S::zero() } else { fresh[species] };
            for (index, feed) in self.feeds.iter().enumerate() {
                let per_mole = blocks[index * block + species];
                if per_mole != 0.0 {
                    flow += fresh[feed.species].scaled(per_mole);
                }
            }
            call.outlet(self.route.outlet_of[species])[species] = flow;
        }
        let mut heat = S::zero();
        let mut through = S::zero();
        for (index, feed) in self.feeds.iter().enumerate() {
            let flow = fresh[feed.species];
            let rest = &blocks[index * block + species_count..(index + 1) * block];
            for (flared, &per_mole) in self.feeds.iter().zip(rest) {
                call.outlet(flare)[flared.species] += flow.scaled(per_mole);
            }
            through += flow.scaled(rest[self.feeds.len()]);
            heat += flow.scaled(self.molar_masses[feed.species]) * call.number(index);
        }
        call.state(0, through);

        for own in [methane, hydrogen] {
            let outlet = self.route.outlet_of[own];
            let per_mole = S::from_f64(self.net_heats[own]);
            let available = call.outlet(outlet)[own];
            let fired = (heat / per_mole).min(available);
            heat = (heat - fired * per_mole).max(S::zero());
            call.outlet(outlet)[own] = available - fired;
            call.outlet(burned)[own] += fired;
        }
        if let Some(offer) = call.offer(0) {
            let mut energy = S::zero();
            for (flow, net_heat) in offer.iter().zip(&self.net_heats) {
                energy += *flow * S::from_f64(*net_heat);
            }
            let wanted = heat.share_of(energy);
            for (species, &flow) in offer.iter().enumerate() {
                call.import(0)[species] = flow * wanted;
                call.outlet(burned)[species] += flow * wanted;
            }
        } else {
            let fired = heat / S::from_f64(self.net_heats[methane]);
            call.import(0)[methane] = fired;
            call.outlet(burned)[methane] += fired;
        }
        Ok(())
    }
}
