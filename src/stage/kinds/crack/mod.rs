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
use crate::param::Parameter;
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::species::Slate;
use crate::stage::heats::Heats;
use crate::stage::route::{Route, Routed};
use crate::stage::{
    Call, Choice, Flag, Import, Inlet, Load, Number, Outlet, Setting, Spec, Stage, StageError,
};
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
/// Stated of each recycled feed is what is cracked again. The heat of reaction is stated only where
/// the gross heat of combustion of all that the chosen sets make is known, which of no
/// pseudo-species it is.
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
///
#[doc = include_str!("../../../../docs/kinds/crack.md")]
#[derive(Debug)]
pub struct Crack {
    feeds: Vec<CrackFeed>,
    /// By feed: what a pass does, by every choice of yields.
    tables: Vec<Tables>,
    /// By feed: its place among those that are recycled.
    recycled: Vec<Option<usize>>,
    /// How recycled feeds make each other.
    furnaces: Pattern,
    spec: Spec,
    declared: Declared,
    molar_masses: Vec<f64>,
    heats: Heats,
    /// Net heats of methane and of hydrogen, J/mol.
    own_heats: [f64; 2],
    methane: usize,
    hydrogen: usize,
}

/// The handles of all that a cracker declares.
#[derive(Debug)]
struct Declared {
    feed: Inlet,
    /// Inlets whose streams are not cracked.
    joining: Vec<Inlet>,
    routed: Routed,
    flare: Outlet,
    burned: Outlet,
    make_up_fuel: Import,
    feeds: Vec<OfFeed>,
    burn_hydrogen: Flag,
    furnace_load: Load,
    reaction_heat: Load,
}

/// What is declared for a feed.
#[derive(Debug)]
struct OfFeed {
    heat: Number,
    yields: Choice,
    conversion: Option<Number>,
    furnace_load: Load,
    /// What of it is cracked again, where it is.
    recycle: Option<Load>,
}

impl Crack {
    fn new(
        slate: &Slate,
        feeds: Vec<CrackFeed>,
        joining: &[String],
        route: &Route,
        hydrogenations: &[Hydrogenation],
    ) -> Result<Self, FaultKind> {
        let find = |name: &str| slate.find(name);
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
        let mut spec = Spec::new("crack");
        spec.reacts();
        Ok(Self {
            tables: tables.collect(),
            recycled: feeds.iter().map(place).collect(),
            furnaces: Furnaces::<f64>::pattern(again.len()),
            declared: Declared::of(slate, &feeds, joining, route, &mut spec),
            feeds,
            spec,
            molar_masses: slate.molar_masses().to_vec(),
            own_heats: [heats.of_species(methane)?, heats.of_species(hydrogen)?],
            heats,
            methane,
            hydrogen,
        })
    }

    /// The passes that a feed is cracked by.
    fn passes<'a, S: Scalar>(&'a self, call: &Call<'_, S>, feed: usize) -> Passes<'a, S> {
        let own = &self.declared.feeds[feed];
        let conversion = own.conversion.map_or_else(S::one, |conversion| call.number(conversion));
        self.tables[feed].at(call.choice(own.yields), conversion)
    }

    /// A family of a feed may cover less than its conversion's range, which is that of all.
    fn check_conversions<S: Scalar>(&self, call: &Call<'_, S>) -> Result<(), StageError> {
        for (own, feed) in self.declared.feeds.iter().zip(&self.feeds) {
            let Some(conversion) = own.conversion else { continue };
            let Some(family) = feed.family(call.choice(own.yields)) else { continue };
            let (low, high) = family.range();
            let got = call.number(conversion);
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
            let fresh = call.stream(self.declared.feed)[feed.species]
                .scaled(self.molar_masses[feed.species]);
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
        let Declared { ref routed, burned, make_up_fuel, .. } = self.declared;
        let burns_hydrogen = call.flag(self.declared.burn_hydrogen);
        let own = [self.methane, self.hydrogen].into_iter().zip(self.own_heats);
        for (own, heat_per_mole) in own.take(if burns_hydrogen { 2 } else { 1 }) {
            let outlet = routed.outlet_of[own];
            let per_mole = S::from_f64(heat_per_mole);
            let available = call.send(outlet)[own];
            let fired = (heat / per_mole).min(available);
            heat = (heat - fired * per_mole).max(S::zero());
            call.send(outlet)[own] = available - fired;
            call.send(burned)[own] += fired;
        }
        if let Some(offer) = call.offer(make_up_fuel) {
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
                call.take(make_up_fuel)[species] = flow * wanted;
                call.send(burned)[species] += flow * wanted;
            }
        } else {
            let fired = heat / S::from_f64(self.own_heats[0]);
            call.take(make_up_fuel)[self.methane] = fired;
            call.send(burned)[self.methane] += fired;
        }
    }
}

impl Declared {
    fn of(
        slate: &Slate,
        feeds: &[CrackFeed],
        joining: &[String],
        route: &Route,
        spec: &mut Spec,
    ) -> Self {
        let feed = spec.inlet("feed");
        let joining = joining.iter().map(|name| spec.inlet(name)).collect();
        let routed = route.declared(spec);
        let (flare, burned) = (spec.burned_outlet("flare"), spec.burned_outlet("burned"));
        let make_up_fuel = spec.import("make_up_fuel");
        let names: Vec<&str> =
            feeds.iter().map(|feed| slate.get(feed.species).name.as_str()).collect();
        let named = || feeds.iter().zip(&names);
        let heat = |name: &&str| {
            let about = format!("net heat the furnaces need per mass of fresh {name}");
            let unit = Unit::GIGAJOULE_PER_TONNE;
            spec.number(Parameter::number(&address("heat", name), &about, unit, 0.0, 100.0))
        };
        let heats: Vec<Number> = names.iter().map(heat).collect();
        let yields: Vec<Choice> =
            named().map(|(feed, name)| spec.choice(feed.choice(name))).collect();
        let conversion =
            |(feed, name): (&CrackFeed, &&str)| Some(spec.number(feed.conversion(name)?));
        let conversions: Vec<Option<Number>> = named().map(conversion).collect();
        let about = "whether the furnaces burn the cracker's own hydrogen where its methane does \
                     not do; if not, all of it leaves, and more methane is imported";
        let burn_hydrogen = spec.flag(Parameter::flag("burn_hydrogen", about).or(true));
        let unit = Unit::MEGATONNE_PER_YEAR;
        let about = "fresh feed and recycle through the furnaces";
        let furnace_load = spec.load("furnace_load", about, unit);
        let through = |name: &&str| {
            let about = format!("fresh and recycled {name} through the furnaces");
            spec.load(&address("furnace_load", name), &about, unit)
        };
        let furnace_loads: Vec<Load> = names.iter().map(through).collect();
        let again = |(feed, name): (&CrackFeed, &&str)| {
            let about = format!("{name} that is cracked again, left or made by other passes");
            feed.recycled.then(|| spec.load(&address("recycle", name), &about, unit))
        };
        let recycles: Vec<Option<Load>> = named().map(again).collect();
        let about = "heat that cracking and hydrogenation take up, at 25 degC";
        let reaction_heat = spec.load("reaction_heat", about, Unit::MEGAWATT);
        let of_feed = |at: usize| OfFeed {
            heat: heats[at],
            yields: yields[at],
            conversion: conversions[at],
            furnace_load: furnace_loads[at],
            recycle: recycles[at],
        };
        Self {
            feed,
            joining,
            routed,
            flare,
            burned,
            make_up_fuel,
            feeds: (0..feeds.len()).map(of_feed).collect(),
            burn_hydrogen,
            furnace_load,
            reaction_heat,
        }
    }
}

/// What is said of a species, by a name that addresses are made of.
fn address(what: &str, species: &str) -> String {
    format!("{what}_{}", species.replace('-', "_"))
}

impl Stage for Crack {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn states(&self, load: Load, setting: &Setting<'_>) -> bool {
        let mut feeds = self.tables.iter().zip(&self.declared.feeds);
        load != self.declared.reaction_heat
            || feeds.all(|(tables, own)| tables.heat_known(setting.choice(own.yields)))
    }

    /// What passes make, where no conversion decides it.
    fn constants(&self, setting: &Setting<'_>) -> Vec<f64> {
        let chosen = || {
            let choice = |own: &OfFeed| setting.choice(own.yields);
            self.tables.iter().zip(self.declared.feeds.iter().map(choice))
        };
        if chosen().any(|(tables, choice)| tables.members[choice].len() > 1) {
            return Vec::new();
        }
        let mut furnaces = Furnaces::new(&self.furnaces);
        for (feed, (tables, choice)) in chosen().enumerate() {
            self.make(&mut furnaces, feed, tables.at(choice, 1.0));
        }
        furnaces.known()
    }

    fn linear(&self, outlet: Outlet, setting: &Setting<'_>) -> bool {
        // burning methane first, then hydrogen, bends these
        let Declared { ref routed, burned, burn_hydrogen, .. } = self.declared;
        outlet != burned
            && outlet != routed.outlet_of[self.methane]
            && !(setting.flag(burn_hydrogen) && outlet == routed.outlet_of[self.hydrogen])
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        self.check_conversions(call)?;
        let recycled = self.recycled(call)?;
        let fresh = call.stream(self.declared.feed);
        let through = |feed: usize| {
            let species = self.feeds[feed].species;
            let by_mole = 1.0 / self.molar_masses[species];
            self.recycled[feed].map_or_else(|| fresh[species], |at| recycled[at].scaled(by_mole))
        };
        let Declared { ref routed, flare, .. } = self.declared;
        let rest = routed.remainder;

        call.send(rest).copy_from_slice(fresh);
        for feed in &self.feeds {
            call.send(rest)[feed.species] = S::zero();
        }
        for &inlet in &self.declared.joining {
            let joining = call.stream(inlet);
            for (flow, joining) in call.send(rest).iter_mut().zip(joining) {
                *flow += *joining;
            }
        }
        let mut reaction_heat = S::zero();
        for (index, feed) in self.feeds.iter().enumerate() {
            for (share, pass) in self.passes(call, index).each() {
                let flow = through(index) * share;
                let products = call.send(rest);
                for &(species, per_mole) in &pass.made {
                    products[species] += flow.scaled(per_mole);
                }
                call.send(flare)[feed.species] += flow.scaled(pass.flared);
                reaction_heat += flow.scaled(pass.heat.unwrap_or(0.0));
            }
        }
        routed.distribute(call);

        let mut heat = S::zero();
        let mut load = S::zero();
        for (index, (feed, own)) in self.feeds.iter().zip(&self.declared.feeds).enumerate() {
            let molar_mass = self.molar_masses[feed.species];
            let all = through(index).scaled(molar_mass);
            let own_fresh = fresh[feed.species].scaled(molar_mass);
            load += all;
            heat += own_fresh * call.number(own.heat);
            call.state(own.furnace_load, all);
            if let Some(recycle) = own.recycle {
                call.state(recycle, all - own_fresh);
            }
        }
        call.state(self.declared.furnace_load, load);
        call.state(self.declared.reaction_heat, reaction_heat);
        self.fire(call, heat);
        Ok(())
    }
}
