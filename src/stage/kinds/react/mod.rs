//! React: stoichiometric reactions by the conversion of a key species.
//!
//! *In:* a feed. *Out:* what the reactions leave of it and make of it, and what they import.
//! *Order:* a `reaction` is read and balanced at load, `import` says what it may take from outside;
//! they run one after another, or side by side.

mod import;
mod reaction;

pub use reaction::{Parallel, Reaction};

use crate::fault::FaultKind;
use crate::param::{ParameterKind, ParameterSpec, Value};
use crate::scalar::Scalar;
use crate::species::Slate;
use crate::stage::config::Config;
use crate::stage::route::Route;
use crate::stage::{Call, Ports, Setting, Stage, StageError};
use import::Import;

/// A reactor: reaction r turns over `conversion_r` of its key species in the feed,
/// `out_i = feed_i + sum over reactions of nu_ir * conversion_r * feed_key(r)`; species leave by
/// their outlets. The feed is what comes at all inlets together.
///
/// Of what a reaction converts, shares named so (`selectivity`) may go by parallel equations, the
/// rest by its own. Where a reactor treats a share of its feed only, the rest goes round it:
/// `conversion_r` is then that of a pass of the share treated.
///
/// Co-reactants may be imported: the import then brings exactly what the reactions consume of
/// the species. An import that *makes up* brings only what the feed lacks of it; its flag
/// `import_<name>` says whether it may, and if not, the reactions that use the species go as far
/// as what the feed has of it.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | one a reaction, under its name | fraction | 0 to 1 |
/// | one a parallel equation, under its name | fraction of what is converted | 0 to 1, their sum at most 1 |
/// | the share treated (where a name is given for it) | fraction of the feed | 0 to 1 |
/// | `import_<name>` (of an import that makes up) | true or false | true where nobody says |
///
/// Errors: a co-reactant of which the feed holds less than the reactions consume; parallel
/// shares that sum to more than 1.
///
/// ```
/// use gaschain::{species::Slate, stage::{React, Reaction}};
/// let slate = Slate::shipped();
/// let equation = "ethylene + 1-butene -> 2 propylene";
/// let metathesis = Reaction::new(&slate, "share", equation, "ethylene")?;
/// let reactor = React::new(&slate, vec![metathesis], "c4")
///     .fed_by(["ethylene_feed", "c4_feed"])
///     .making_up(&slate, "butene", "1-butene")?
///     .sending(&slate, &["propylene"], "propylene")?;
/// # use gaschain::stage::Stage;
/// assert_eq!(reactor.ports().inlets, ["ethylene_feed", "c4_feed"]);
/// assert_eq!(reactor.parameters()[1].name, "import_butene");
/// # Ok::<(), gaschain::Error>(())
/// ```
#[derive(Debug)]
pub struct React {
    inlets: Vec<String>,
    reactions: Vec<Reaction>,
    /// Species that any reaction makes or consumes.
    touched: Vec<usize>,
    /// Name of the parameter that says what share of the feed is treated.
    treated: Option<String>,
    route: Route,
    imports: Vec<Import>,
}

impl React {
    /// A reactor with these reactions, everything leaving at `outlet`.
    #[must_use]
    pub fn new(slate: &Slate, reactions: Vec<Reaction>, outlet: &str) -> Self {
        Self {
            inlets: vec!["feed".into()],
            touched: touched(&reactions, slate),
            reactions,
            treated: None,
            route: Route::all_to(outlet, slate),
            imports: Vec::new(),
        }
    }

    /// The same reactor, fed at several inlets instead of `feed`.
    #[must_use]
    pub fn fed_by<I>(mut self, inlets: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.inlets = inlets.into_iter().map(Into::into).collect();
        self
    }

    /// The same reactor, where `parameter` says what share of the feed it treats.
    #[must_use]
    pub fn treating(mut self, parameter: &str) -> Self {
        self.treated = Some(parameter.to_owned());
        self
    }

    /// The same reactor, `species` leaving by an outlet of their own.
    ///
    /// # Errors
    /// A species that the slate does not hold.
    pub fn sending(
        mut self,
        slate: &Slate,
        species: &[&str],
        outlet: &str,
    ) -> Result<Self, FaultKind> {
        self.route = self.route.send(slate, species, outlet)?;
        Ok(self)
    }

    /// The same reactor, importing what its reactions consume of `species`.
    ///
    /// # Errors
    /// A species that the slate does not hold.
    pub fn importing(self, slate: &Slate, import: &str, species: &str) -> Result<Self, FaultKind> {
        self.with_import(slate, import, species, false)
    }

    /// The same reactor, importing what its feed lacks of `species`.
    ///
    /// # Errors
    /// A species that the slate does not hold.
    pub fn making_up(self, slate: &Slate, import: &str, species: &str) -> Result<Self, FaultKind> {
        self.with_import(slate, import, species, true)
    }

    fn with_import(
        mut self,
        slate: &Slate,
        name: &str,
        species: &str,
        makes_up: bool,
    ) -> Result<Self, FaultKind> {
        let species = slate
            .index(species)
            .ok_or_else(|| FaultKind::unknown("species", species, slate.names()))?;
        self.imports.push(Import { name: name.to_owned(), species, makes_up });
        Ok(self)
    }

    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        let mut reactions: Vec<Reaction> = Vec::new();
        let mut imports = Vec::new();
        let mut sound = true;
        let table = |config: &mut Config<'_>, key: &'static str| {
            let entry = config.take(key);
            if entry.is_none() && key == "reactions" {
                config.fault(FaultKind::Missing { what: "key", name: key.into() });
            }
            entry.and_then(|entry| config.as_table(key, entry)).unwrap_or_default()
        };
        for (parameter, entry) in table(config, "reactions") {
            let reaction = Reaction::read(config, &parameter, entry);
            sound &= reaction.is_some();
            reactions.extend(reaction);
        }
        for (name, entry) in table(config, "parallel") {
            let reaction = reactions.iter_mut().find(|reaction| reaction.parameter == name);
            let Some(reaction) = reaction else {
                let known = reactions.iter().map(|reaction| &reaction.parameter);
                config.faults.push(entry.place, FaultKind::unknown("reaction", &name, known));
                continue;
            };
            sound &= reaction.read_parallel(config, entry).is_some();
        }
        for (name, entry) in table(config, "imports") {
            imports.extend(Import::read(config, name, entry));
        }
        let inlets = config.names("inlets");
        let treated = config.optional_text("treated");
        let route = Route::read(config);
        let inlets = inlets.map(|names| if names.is_empty() { vec!["feed".into()] } else { names });
        let touched = touched(&reactions, config.slate);
        sound.then_some(Self {
            inlets: inlets?,
            reactions,
            touched,
            treated,
            route: route?,
            imports,
        })
    }

    /// Index of the parameter after those of the reactions: the share treated.
    fn treated_parameter(&self) -> usize {
        self.reactions.iter().map(|reaction| 1 + reaction.parallel.len()).sum()
    }

    /// Whether an import that makes up is allowed to, by its place among the imports.
    fn may_import(&self, import: usize, flag: impl Fn(usize) -> bool) -> bool {
        let before = self.imports[..import].iter().filter(|import| import.makes_up).count();
        !self.imports[import].makes_up || flag(before)
    }

    /// Share of the feed that is treated.
    fn treated<S: Scalar>(&self, call: &Call<'_, S>) -> S {
        let at = self.treated_parameter();
        self.treated.as_ref().map_or_else(S::one, |_| call.number(at))
    }

    /// Whether the flag of the import that is n-th among those that make up is true.
    fn flag<S: Scalar>(&self, call: &Call<'_, S>, flag: usize) -> bool {
        let first = self.treated_parameter() + usize::from(self.treated.is_some());
        call.choice(first + flag) == 1
    }

    /// The reactions, each with the index of its conversion; its parallel shares follow.
    fn numbered(&self) -> impl Iterator<Item = (usize, &Reaction)> {
        self.reactions.iter().scan(0, |next, reaction| {
            let own = *next;
            *next += 1 + reaction.parallel.len();
            Some((own, reaction))
        })
    }

    /// Moles of a species that the reactions make if no lack of a co-reactant holds them.
    fn change<S: Scalar>(&self, call: &Call<'_, S>, species: usize) -> S {
        let mut change = S::zero();
        for (conversion, reaction) in self.numbered().filter(|(_, r)| r.touches(species)) {
            let mut per_key = S::zero();
            let mut left = S::one();
            for (index, way) in reaction.parallel.iter().enumerate() {
                let share = call.number(conversion + 1 + index);
                left -= share;
                per_key += share * S::from_f64(way.per_key[species]);
            }
            per_key += left.max(S::zero()) * S::from_f64(reaction.per_key[species]);
            change += per_key * (call.number(conversion) * fed(call, reaction.key));
        }
        change * self.treated(call)
    }

    /// How far a reaction goes for lack of co-reactants that may not be imported: 1 where it
    /// lacks none.
    fn held<S: Scalar>(&self, call: &Call<'_, S>, reaction: &Reaction) -> S {
        let mut held = S::one();
        for (index, import) in self.imports.iter().enumerate() {
            let lacking = !self.may_import(index, |flag| self.flag(call, flag));
            if lacking && reaction.touches(import.species) {
                let need = -self.change(call, import.species);
                let has = fed(call, import.species) * self.treated(call);
                held = held.min(S::select(need, has.share_of(need), S::one()));
            }
        }
        held
    }

    /// Adds what a reaction makes to a stream.
    fn react<S: Scalar>(&self, stream: &mut [S], per_key: &[f64], converted: S) {
        for &species in &self.touched {
            stream[species] += converted.scaled(per_key[species]);
        }
    }

    fn check_shares<S: Scalar>(&self, call: &Call<'_, S>) -> Result<(), StageError> {
        for (conversion, reaction) in self.numbered() {
            let shares = conversion + 1..=conversion + reaction.parallel.len();
            let sum = shares.fold(S::zero(), |sum, share| sum + call.number(share));
            if sum.exceeds(1.0 + 1e-12) {
                return Err(StageError::OutOfDomain {
                    what: "sum of the shares that go by parallel equations",
                    got: sum.value(),
                    allowed: "at most 1",
                });
            }
        }
        Ok(())
    }
}

fn touched(reactions: &[Reaction], slate: &Slate) -> Vec<usize> {
    let touches = |species: &usize| reactions.iter().any(|reaction| reaction.touches(*species));
    (0..slate.len()).filter(touches).collect()
}

/// Flow of a species at all inlets together.
fn fed<S: Scalar>(call: &Call<'_, S>, species: usize) -> S {
    let mut flow = call.inlet(0)[species];
    for inlet in 1..call.inlet_count() {
        flow += call.inlet(inlet)[species];
    }
    flow
}

impl Stage for React {
    fn kind(&self) -> &'static str {
        "react"
    }

    fn ports(&self) -> Ports {
        Ports::new(self.inlets.clone(), self.route.outlets.clone())
            .importing(self.imports.iter().map(|import| import.name.clone()))
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let mut all = Vec::new();
        for reaction in &self.reactions {
            let name = &reaction.parameter;
            let about = format!("share of the key species that {name} converts");
            all.push(ParameterSpec::fraction(name, &about));
            all.extend(reaction.parallel.iter().map(|way| {
                let share = &way.parameter;
                let about = format!("share of what {name} converts that goes by {share}");
                ParameterSpec::fraction(share, &about)
            }));
        }
        let about = "share of the feed that is treated; the rest goes round the reactor";
        all.extend(self.treated.iter().map(|name| ParameterSpec::fraction(name, about)));
        let making_up = self.imports.iter().filter(|import| import.makes_up);
        all.extend(making_up.map(|Import { name, .. }| ParameterSpec {
            name: format!("import_{name}"),
            about: format!(
                "whether {name} that the feed lacks is imported; if not, the reactions go as far \
                 as the feed has it"
            ),
            kind: ParameterKind::Flag,
            default: Some(Value::Flag(true)),
        }));
        all
    }

    fn reacts(&self) -> bool {
        true
    }

    fn linear(&self, outlet: usize, setting: &Setting<'_>) -> bool {
        // of a co-reactant that other reactions make, only what is lacking is imported
        let made_and_used = |species: usize| {
            let any = |sign: f64| {
                let mut ways = self.reactions.iter().flat_map(Reaction::ways);
                ways.any(|per_key| per_key[species] * sign > 0.0)
            };
            any(1.0) && any(-1.0)
        };
        let allowed = |flag: usize| setting.choices.get(flag) != Some(&0);
        (0..self.imports.len()).all(|index| {
            let import = &self.imports[index];
            // what the feed lacks bends the species itself; reactions held to what it has bend
            // all that they touch
            let bends = import.makes_up || made_and_used(import.species);
            self.may_import(index, allowed)
                && !(bends && self.route.outlet_of[import.species] == outlet)
        })
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        self.check_shares(call)?;
        let (rest, treated) = (self.route.remainder, self.treated(call));
        let first = call.inlet(0);
        call.outlet(rest).copy_from_slice(first);
        for inlet in 1..call.inlet_count() {
            let more = call.inlet(inlet);
            for (flow, more) in call.outlet(rest).iter_mut().zip(more) {
                *flow += *more;
            }
        }
        for (conversion, reaction) in self.numbered() {
            let converted = call.number(conversion) * fed(call, reaction.key) * treated;
            let converted = converted * self.held(call, reaction);
            let mut left = S::one();
            for (index, way) in reaction.parallel.iter().enumerate() {
                let share = call.number(conversion + 1 + index);
                left -= share;
                self.react(call.outlet(rest), &way.per_key, converted * share);
            }
            let left = left.max(S::zero());
            self.react(call.outlet(rest), &reaction.per_key, converted * left);
        }
        for (index, import) in self.imports.iter().enumerate() {
            let feed = fed(call, import.species);
            let flow = call.outlet(rest)[import.species];
            let round = feed - feed * treated;
            let (taken, flow) = if !self.may_import(index, |flag| self.flag(call, flag)) {
                (S::zero(), flow.max(S::zero()))
            } else if import.makes_up {
                let left = flow - round;
                ((-left).max(S::zero()), round + left.max(S::zero()))
            } else {
                let taken = (-self.change(call, import.species)).max(S::zero());
                (taken, flow + taken)
            };
            call.import(index)[import.species] = taken;
            call.outlet(rest)[import.species] = flow;
        }
        for &species in &self.touched {
            let flow = call.outlet(rest)[species];
            let short = -flow - fed(call, species).scaled(1e-12);
            let short = S::select(-flow, short, S::zero());
            if short.exceeds(0.0) {
                call.object(StageError::OutOfDomain {
                    what: "flow of a reactant after its reactions, mol/s",
                    got: flow.value(),
                    allowed: "at least 0 (import the co-reactant, or convert less)",
                });
            }
            // what is short goes on as it is while openings are looked for
            call.outlet(rest)[species] = S::select(short, flow, flow.max(S::zero()));
        }
        self.route.distribute(call);
        Ok(())
    }
}
