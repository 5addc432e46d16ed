//! Crack: steam cracking of several feeds by yield sets, with recycle to extinction.
//!
//! *In:* fresh feeds, and streams that join the separation. *Out:* products, what is burned, what
//! is lost. *Order:* `yields` are closed at load, `hydrogenation` applied, `feed` turns a
//! conversion into passes, `furnaces` solve what comes back; `read` reads all of it.

mod feed;
mod furnaces;
mod hydrogenation;
mod read;
mod yields;

pub use feed::{CrackFeed, YieldFamily};
pub use yields::{LARGEST_SHIFT, YieldBasis, YieldSet};

use crate::fault::FaultKind;
use crate::linear::Pattern;
use crate::param::{ParameterKind, ParameterSpec, Value};
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::species::Slate;
use crate::stage::heats::Heats;
use crate::stage::route::Route;
use crate::stage::{Call, Ports, Setting, Stage, StageError, StatedLoad};
use feed::{Pass, Passes, Tables};
use furnaces::{Furnaces, MOST_RECYCLED};
use hydrogenation::Hydrogenation;

/// A steam cracker.
///
/// One pass turns each feed into its yields: with `f` the fresh feeds, `R` the part of each
/// feed's yields that is a recycled feed again and `Y` all of them, the furnaces see
/// `u = f + R u` and the products are `Y u` less what is recycled: recycle to extinction, solved
/// in every run. Species without a yield set pass unchanged. What a set books as loss leaves at
/// `flare` with the composition of its feed. Species named so (acetylene, propyne) are
/// hydrogenated with the cracker's own hydrogen before they leave.
///
/// A feed is cracked by one set, or by a family of sets at several conversions per pass
/// ([`YieldFamily`]). The yields are then linear in `conversion_<feed>` between the two nearest
/// sets; a pass leaves `1 - conversion` of the feed. More conversion means fewer rounds through
/// the furnaces, and of propane more ethylene and less propylene.
///
/// The furnaces' heat, `sum of duty_k f_k` (net, per mass of fresh feed), is met by the methane
/// the cracker makes, then by its hydrogen (unless `burn_hydrogen` is false), then by imported
/// methane (`make_up_fuel`); what is burned leaves unburned at `burned`. The duty is the whole
/// plant's, and far more than the heat of reaction, which is stated beside it: ethane to ethylene
/// and hydrogen takes 136.3 kJ/mol (ISO 6976:2016: 1411.18 + 285.83 - 1560.69), 4.5 GJ a tonne of
/// ethane converted, against a published duty of 14.1 GJ a tonne of fresh ethane, from which
/// sensible heat, dilution steam, compression and losses are met too.
///
/// Streams of other units may join its separation at further inlets: they pass to the products
/// without going through the furnaces, and their methane and hydrogen are fuel like its own.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `heat_<feed>` | net heat per mass of fresh feed | 0 to 100 GJ/t |
/// | `yields_<feed>` | a set's name, or a family's | those of the yields table that close |
/// | `conversion_<feed>` (where there is a family) | fraction per pass | what the family covers; its middle where nobody says |
/// | `burn_hydrogen` | true or false | true where nobody says |
///
/// | stated load | |
/// |---|---|
/// | `furnace_load` | fresh feed and recycle of all feeds, mass flow |
/// | `furnace_load_<feed>` | fresh feed and recycle of one feed, mass flow |
/// | `recycle_<feed>` (where it is recycled) | what is cracked again, mass flow |
/// | `reaction_heat` | heat taken up by cracking and hydrogenation at 25 degC, a power; stated only where the gross heat of combustion of all that the chosen sets make is known, which of no pseudo-species it is |
///
/// Errors: a recycled feed that no pass converts; a conversion outside the chosen family.
///
/// ```
/// use gaschain::amur;
/// let chain = amur::chain();
/// let mut case = chain.case();
/// case.set("gcc.crack.yields_propane", "patent")?;
/// let mut propylene = Vec::new();
/// for conversion in ["85 %", "91 %"] {
///     case.set("gcc.crack.conversion_propane", conversion)?;
///     propylene.push(case.solve()?.get("gcc.crack.propylene.mass")?.unwrap());
/// }
/// assert!(propylene[0] > propylene[1]); // what is cracked less deeply gives more propylene
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Crack {
    feeds: Vec<CrackFeed>,
    names: Vec<String>,
    /// By feed: what a pass does, by every choice of yields.
    tables: Vec<Tables>,
    /// By feed: the parameter that holds its conversion.
    conversions: Vec<Option<usize>>,
    /// By feed: its place among those that are recycled.
    recycled: Vec<Option<usize>>,
    /// How recycled feeds make each other.
    furnaces: Pattern,
    /// Inlets after the first, whose streams are not cracked.
    joining: Vec<String>,
    route: Route,
    molar_masses: Vec<f64>,
    heats: Heats,
    /// Net heats of methane and of hydrogen, J/mol.
    own_heats: [f64; 2],
    methane: usize,
    hydrogen: usize,
}

impl Crack {
    fn new(
        slate: &Slate,
        feeds: Vec<CrackFeed>,
        joining: Vec<String>,
        mut route: Route,
        hydrogenations: &[Hydrogenation],
    ) -> Result<Self, FaultKind> {
        let find = |name: &str| {
            slate.index(name).ok_or_else(|| FaultKind::unknown("species", name, slate.names()))
        };
        route.outlets.extend(["flare".to_owned(), "burned".to_owned()]);
        // after the heats and the choices of yields
        let mut next = 2 * feeds.len();
        let conversions = feeds
            .iter()
            .map(|feed| {
                let own = (!feed.families.is_empty()).then_some(next);
                next += usize::from(own.is_some());
                own
            })
            .collect();
        let again: Vec<usize> =
            feeds.iter().filter(|feed| feed.recycled).map(|feed| feed.species).collect();
        let place = |feed: &CrackFeed| again.iter().position(|species| *species == feed.species);
        let (methane, hydrogen) = (find("methane")?, find("hydrogen")?);
        let heats = Heats::new(slate);
        let pass = |set: &YieldSet| {
            let mut made = Pass::made(set, slate.molar_masses());
            for hydrogenation in hydrogenations {
                hydrogenation.apply(&mut made, hydrogen);
            }
            Pass::new(set, &made, &again, slate)
        };
        let tables = feeds.iter().map(|feed| {
            let passes = feed.sets.iter().map(pass).collect();
            Tables { members: feed.members(), passes }
        });
        Ok(Self {
            names: feeds.iter().map(|feed| slate.get(feed.species).name.clone()).collect(),
            tables: tables.collect(),
            recycled: feeds.iter().map(place).collect(),
            feeds,
            conversions,
            furnaces: Furnaces::<f64>::pattern(again.len()),
            joining,
            route,
            molar_masses: slate.molar_masses().to_vec(),
            own_heats: [heats.of_species(methane)?, heats.of_species(hydrogen)?],
            heats,
            methane,
            hydrogen,
        })
    }

    fn flare(&self) -> usize {
        self.route.outlets.len() - 2
    }

    fn burned(&self) -> usize {
        self.route.outlets.len() - 1
    }

    /// The flag `burn_hydrogen`, as a parameter.
    fn burn_hydrogen(&self) -> usize {
        2 * self.feeds.len() + self.conversions.iter().flatten().count()
    }

    /// The passes that a feed is cracked by.
    fn passes<'a, S: Scalar>(&'a self, call: &Call<'_, S>, feed: usize) -> Passes<'a, S> {
        let conversion = self.conversions[feed].map_or_else(S::one, |at| call.number(at));
        self.tables[feed].at(call.choice(self.feeds.len() + feed), conversion)
    }

    /// A family of a feed may cover less than its conversion's range, which is that of all.
    fn check_conversions<S: Scalar>(&self, call: &Call<'_, S>) -> Result<(), StageError> {
        for (index, feed) in self.feeds.iter().enumerate() {
            let Some(at) = self.conversions[index] else { continue };
            let Some(family) = feed.family(call.choice(self.feeds.len() + index)) else { continue };
            let (low, high) = family.range();
            let got = call.number(at);
            if (S::from_f64(low) - got).exceeds(0.0) || got.exceeds(high) {
                return Err(StageError::OutOfDomain {
                    what: "conversion per pass of a feed",
                    got: got.value(),
                    allowed: "what the family of yields chosen for it covers",
                });
            }
        }
        Ok(())
    }

    /// What each recycled feed sends through the furnaces, kg/s.
    fn recycled<S: Scalar>(&self, call: &Call<'_, S>) -> Result<[S; MOST_RECYCLED], StageError> {
        let mut furnaces = Furnaces::new(&self.furnaces);
        let known = call.constants();
        for (index, feed) in self.feeds.iter().enumerate() {
            let fresh = call.inlet(0)[feed.species].scaled(self.molar_masses[feed.species]);
            match self.recycled[index] {
                Some(place) => furnaces.feed(place, fresh),
                None => {
                    for (share, pass) in self.passes(call, index).each() {
                        for (to, &by_mass) in pass.again.iter().enumerate() {
                            furnaces.feed(to, fresh * share.scaled(by_mass));
                        }
                    }
                    continue;
                }
            }
            if known.is_empty() {
                let passes = self.passes(call, index);
                self.make(&mut furnaces, index, passes);
            }
        }
        if known.is_empty() { furnaces.through() } else { furnaces.through_known(known) }
    }

    /// Says what the passes of a recycled feed make of it.
    fn make<S: Scalar>(&self, furnaces: &mut Furnaces<'_, S>, feed: usize, passes: Passes<'_, S>) {
        let Some(place) = self.recycled[feed] else { return };
        for (share, pass) in passes.each() {
            for (to, &by_mass) in pass.again.iter().enumerate() {
                furnaces.makes(place, to, share.scaled(by_mass));
            }
            furnaces.leaves(place, share.scaled(pass.leaves));
        }
    }

    /// Meets `heat` from the cracker's own gases, then from outside.
    fn fire<S: Scalar>(&self, call: &mut Call<'_, S>, mut heat: S) {
        let burned = self.burned();
        let burns_hydrogen = call.choice(self.burn_hydrogen()) == 1;
        let own = [self.methane, self.hydrogen].into_iter().zip(self.own_heats);
        for (own, heat_per_mole) in own.take(if burns_hydrogen { 2 } else { 1 }) {
            let outlet = self.route.outlet_of[own];
            let per_mole = S::from_f64(heat_per_mole);
            let available = call.outlet(outlet)[own];
            let fired = (heat / per_mole).min(available);
            heat = (heat - fired * per_mole).max(S::zero());
            call.outlet(outlet)[own] = available - fired;
            call.outlet(burned)[own] += fired;
        }
        if let Some(offer) = call.offer(0) {
            let energy = self.heats.of(call, offer);
            if S::select(energy, S::zero(), heat).exceeds(0.0) {
                call.object(StageError::OutOfDomain {
                    what: "net heat of the stream that make-up fuel is drawn from, W",
                    got: energy.value(),
                    allowed: "above 0 where the furnaces lack heat",
                });
            }
            let wanted = heat.share_of(energy);
            for (species, &flow) in offer.iter().enumerate() {
                call.import(0)[species] = flow * wanted;
                call.outlet(burned)[species] += flow * wanted;
            }
        } else {
            let fired = heat / S::from_f64(self.own_heats[0]);
            call.import(0)[self.methane] = fired;
            call.outlet(burned)[self.methane] += fired;
        }
    }
}

impl Stage for Crack {
    fn kind(&self) -> &'static str {
        "crack"
    }

    fn ports(&self) -> Ports {
        let inlets = std::iter::once("feed").chain(self.joining.iter().map(String::as_str));
        Ports::new(inlets, self.route.outlets.clone()).importing(["make_up_fuel"])
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let named = || self.feeds.iter().zip(&self.names);
        let heats = named().map(|(_, name)| {
            let about = format!("net heat the furnaces need per mass of fresh {name}");
            let parameter = format!("heat_{}", name.replace('-', "_"));
            ParameterSpec::number(&parameter, &about, Unit::GIGAJOULE_PER_TONNE, 0.0, 100.0)
        });
        let yields = named().map(|(feed, name)| feed.choice(name));
        let conversions = named().filter_map(|(feed, name)| feed.conversion(name));
        let burn_hydrogen = ParameterSpec {
            name: "burn_hydrogen".into(),
            about: "whether the furnaces burn the cracker's own hydrogen where its methane does \
                    not do; if not, all of it leaves, and more methane is imported"
                .into(),
            kind: ParameterKind::Flag,
            default: Some(Value::Flag(true)),
        };
        heats.chain(yields).chain(conversions).chain([burn_hydrogen]).collect()
    }

    fn stated_loads(&self) -> Vec<StatedLoad> {
        let mass = |name: String, about: String| {
            let unit = Unit::MEGATONNE_PER_YEAR;
            StatedLoad { name: name.replace('-', "_"), about, unit }
        };
        let about = "fresh feed and recycle through the furnaces".to_owned();
        let mut loads = vec![mass("furnace_load".into(), about)];
        loads.extend(self.names.iter().map(|name| {
            let about = format!("fresh and recycled {name} through the furnaces");
            mass(format!("furnace_load_{name}"), about)
        }));
        let feeds = self.feeds.iter().zip(&self.names);
        loads.extend(feeds.filter(|(feed, _)| feed.recycled).map(|(_, name)| {
            let about = format!("{name} that is cracked again, left or made by other passes");
            mass(format!("recycle_{name}"), about)
        }));
        loads.push(StatedLoad {
            name: "reaction_heat".into(),
            about: "heat that cracking and hydrogenation take up, at 25 degC".into(),
            unit: Unit::MEGAWATT,
        });
        loads
    }

    fn states(&self, load: usize, setting: &Setting<'_>) -> bool {
        let last = self.stated_loads().len() - 1;
        let known = |(tables, choice): (&Tables, &usize)| tables.heat_known(*choice);
        load != last || self.tables.iter().zip(setting.choices).all(known)
    }

    fn reacts(&self) -> bool {
        true
    }

    /// What passes make, where no conversion decides it.
    fn constants(&self, choices: &[usize]) -> Vec<f64> {
        let chosen = || self.tables.iter().zip(choices);
        if chosen().any(|(tables, &choice)| tables.members[choice].len() > 1) {
            return Vec::new();
        }
        let mut furnaces = Furnaces::new(&self.furnaces);
        for (feed, (tables, &choice)) in chosen().enumerate() {
            self.make(&mut furnaces, feed, tables.at(choice, 1.0));
        }
        furnaces.known()
    }

    fn burns(&self, outlet: usize) -> bool {
        outlet == self.burned() || outlet == self.flare()
    }

    fn linear(&self, outlet: usize, setting: &Setting<'_>) -> bool {
        // burning methane first, then hydrogen, bends these
        let burns_hydrogen = setting.choices.get(self.feeds.len()) == Some(&1);
        outlet != self.burned()
            && outlet != self.route.outlet_of[self.methane]
            && !(burns_hydrogen && outlet == self.route.outlet_of[self.hydrogen])
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        self.check_conversions(call)?;
        let recycled = self.recycled(call)?;
        let fresh = call.inlet(0);
        let through = |feed: usize| {
            let species = self.feeds[feed].species;
            let by_mole = 1.0 / self.molar_masses[species];
            self.recycled[feed].map_or_else(|| fresh[species], |at| recycled[at].scaled(by_mole))
        };
        let rest = self.route.remainder;

        call.outlet(rest).copy_from_slice(fresh);
        for feed in &self.feeds {
            call.outlet(rest)[feed.species] = S::zero();
        }
        for inlet in 1..call.inlet_count() {
            let joining = call.inlet(inlet);
            for (flow, joining) in call.outlet(rest).iter_mut().zip(joining) {
                *flow += *joining;
            }
        }
        let mut reaction_heat = S::zero();
        for (index, feed) in self.feeds.iter().enumerate() {
            for (share, pass) in self.passes(call, index).each() {
                let flow = through(index) * share;
                let products = call.outlet(rest);
                for &(species, per_mole) in &pass.made {
                    products[species] += flow.scaled(per_mole);
                }
                call.outlet(self.flare())[feed.species] += flow.scaled(pass.flared);
                reaction_heat += flow.scaled(pass.heat.unwrap_or(0.0));
            }
        }
        self.route.distribute(call);

        let mut heat = S::zero();
        let mut load = S::zero();
        let mut recycle = self.feeds.len() + 1;
        for (index, feed) in self.feeds.iter().enumerate() {
            let molar_mass = self.molar_masses[feed.species];
            let own = through(index).scaled(molar_mass);
            let own_fresh = fresh[feed.species].scaled(molar_mass);
            load += own;
            heat += own_fresh * call.number(index);
            call.state(1 + index, own);
            if feed.recycled {
                call.state(recycle, own - own_fresh);
                recycle += 1;
            }
        }
        call.state(0, load);
        call.state(recycle, reaction_heat);
        self.fire(call, heat);
        Ok(())
    }
}
