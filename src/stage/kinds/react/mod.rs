//! React: stoichiometric reactions by the conversion of a key species.
//!
//! *In:* a feed. *Out:* what the reactions leave of it and make of it, and what they import.
//! *Order:* a `reaction` is read and balanced at load, `import` says what it may take from outside;
//! they run one after another, or side by side.

mod import;
mod reaction;

pub use reaction::{Parallel, Reaction};

use crate::fault::FaultKind;
use crate::param::Parameter;
use crate::scalar::Scalar;
use crate::species::Slate;
use crate::stage::Config;
use crate::stage::route::{Route, Routed};
use crate::stage::{Call, Flag, Import, Inlet, Number, Outlet, Setting, Spec, Stage, StageError};
use import::Imported;

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
/// assert_eq!(reactor.spec().inlets(), ["ethylene_feed", "c4_feed"]);
/// assert_eq!(reactor.spec().parameters()[1].name, "import_butene");
/// # Ok::<(), gaschain::Error>(())
/// ```
///
#[doc = include_str!("../../../../docs/kinds/react.md")]
#[derive(Debug)]
pub struct React {
    parts: Parts,
    /// Species that any reaction makes or consumes.
    touched: Vec<usize>,
    spec: Spec,
    declared: Declared,
}

/// What a reactor is made of.
#[derive(Debug)]
struct Parts {
    inlets: Vec<String>,
    reactions: Vec<Reaction>,
    /// Name of the parameter that says what share of the feed is treated.
    treated: Option<String>,
    route: Route,
    imports: Vec<Imported>,
}

/// The handles of all that a reactor declares.
#[derive(Debug)]
struct Declared {
    inlets: Vec<Inlet>,
    routed: Routed,
    /// By reaction: its conversion, and the shares that go by its parallel equations.
    conversions: Vec<(Number, Vec<Number>)>,
    treated: Option<Number>,
    /// By import: what it takes and, of one that makes up, whether it may.
    imports: Vec<(Import, Option<Flag>)>,
}

impl React {
    /// A reactor with these reactions, everything leaving at `outlet`.
    #[must_use]
    pub fn new(slate: &Slate, reactions: Vec<Reaction>, outlet: &str) -> Self {
        Self::of(Parts {
            inlets: vec!["feed".into()],
            reactions,
            treated: None,
            route: Route::all_to(outlet, slate),
            imports: Vec::new(),
        })
    }

    fn of(parts: Parts) -> Self {
        let mut spec = Spec::new("react");
        spec.reacts();
        let declared = Declared::of(&parts, &mut spec);
        Self { touched: touched(&parts.reactions), parts, spec, declared }
    }

    /// The same reactor, fed at several inlets instead of `feed`.
    #[must_use]
    pub fn fed_by<I>(self, inlets: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let inlets = inlets.into_iter().map(Into::into).collect();
        Self::of(Parts { inlets, ..self.parts })
    }

    /// The same reactor, where `parameter` says what share of the feed it treats.
    #[must_use]
    pub fn treating(self, parameter: &str) -> Self {
        Self::of(Parts { treated: Some(parameter.to_owned()), ..self.parts })
    }

    /// The same reactor, `species` leaving by an outlet of their own.
    ///
    /// # Errors
    /// A species that the slate does not hold.
    pub fn sending(self, slate: &Slate, species: &[&str], outlet: &str) -> Result<Self, FaultKind> {
        let route = self.parts.route.send(slate, species, outlet)?;
        Ok(Self::of(Parts { route, ..self.parts }))
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
        let species = slate.find(species)?;
        self.parts.imports.push(Imported { name: name.to_owned(), species, makes_up });
        Ok(Self::of(self.parts))
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
            imports.extend(Imported::read(config, name, entry));
        }
        let inlets = config.names("inlets");
        let treated = config.optional_text("treated");
        let route = Route::read(config);
        let inlets = inlets.map(|names| if names.is_empty() { vec!["feed".into()] } else { names });
        sound.then_some(Self::of(Parts {
            inlets: inlets?,
            reactions,
            treated,
            route: route?,
            imports,
        }))
    }

    /// Share of the feed that is treated.
    fn treated<S: Scalar>(&self, call: &Call<'_, S>) -> S {
        self.declared.treated.map_or_else(S::one, |treated| call.number(treated))
    }

    /// The reactions, each with its conversion and the shares that go by parallel equations.
    fn reactions(&self) -> impl Iterator<Item = (&Reaction, Number, &[Number])> {
        let conversions = self.declared.conversions.iter();
        self.parts
            .reactions
            .iter()
            .zip(conversions)
            .map(|(reaction, (conversion, shares))| (reaction, *conversion, &shares[..]))
    }

    /// Flow of a species at all inlets together.
    fn fed<S: Scalar>(&self, call: &Call<'_, S>, species: usize) -> S {
        let mut flows = self.declared.inlets.iter().map(|&inlet| call.stream(inlet)[species]);
        let first = flows.next().unwrap_or_else(S::zero);
        flows.fold(first, |sum, flow| sum + flow)
    }

    /// Moles of a species that the reactions make if no lack of a co-reactant holds them.
    fn change<S: Scalar>(&self, call: &Call<'_, S>, species: usize) -> S {
        let mut change = S::zero();
        for (reaction, conversion, shares) in self.reactions() {
            if !reaction.touches(species) {
                continue;
            }
            let mut per_key = S::zero();
            let mut left = S::one();
            for (way, &share) in reaction.parallel.iter().zip(shares) {
                let share = call.number(share);
                left -= share;
                per_key += share * S::from_f64(way.per_key[species]);
            }
            per_key += left.max(S::zero()) * S::from_f64(reaction.per_key[species]);
            change += per_key * (call.number(conversion) * self.fed(call, reaction.key));
        }
        change * self.treated(call)
    }

    /// How far a reaction goes for lack of co-reactants that may not be imported: 1 where it
    /// lacks none.
    fn held<S: Scalar>(&self, call: &Call<'_, S>, reaction: &Reaction) -> S {
        let mut held = S::one();
        for (import, (_, flag)) in self.parts.imports.iter().zip(&self.declared.imports) {
            let refused = flag.is_some_and(|flag| !call.flag(flag));
            if refused && reaction.touches(import.species) {
                let need = -self.change(call, import.species);
                let has = self.fed(call, import.species) * self.treated(call);
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
        for (_, _, shares) in self.reactions() {
            let sum = shares.iter().fold(S::zero(), |sum, &share| sum + call.number(share));
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

/// Species that any reaction makes or consumes, in order of the slate.
fn touched(reactions: &[Reaction]) -> Vec<usize> {
    let species = reactions.first().map_or(0, |reaction| reaction.per_key.len());
    let touches = |species: &usize| reactions.iter().any(|reaction| reaction.touches(*species));
    (0..species).filter(touches).collect()
}

impl Declared {
    fn of(parts: &Parts, spec: &mut Spec) -> Self {
        let inlets = parts.inlets.iter().map(|name| spec.inlet(name)).collect();
        let routed = parts.route.declared(spec);
        let imports: Vec<Import> =
            parts.imports.iter().map(|import| spec.import(&import.name)).collect();
        let conversions = parts
            .reactions
            .iter()
            .map(|reaction| {
                let name = &reaction.parameter;
                let about = format!("share of the key species that {name} converts");
                let conversion = spec.number(Parameter::fraction(name, &about));
                let ways = reaction.parallel.iter().map(|way| {
                    let share = &way.parameter;
                    let about = format!("share of what {name} converts that goes by {share}");
                    spec.number(Parameter::fraction(share, &about))
                });
                (conversion, ways.collect())
            })
            .collect();
        let about = "share of the feed that is treated; the rest goes round the reactor";
        let treated =
            parts.treated.as_ref().map(|name| spec.number(Parameter::fraction(name, about)));
        let mut flag = |Imported { name, makes_up, .. }: &Imported| {
            let about = format!(
                "whether {name} that the feed lacks is imported; if not, the reactions go as far \
                 as the feed has it"
            );
            let may = || Parameter::flag(&format!("import_{name}"), &about).or(true);
            makes_up.then(|| spec.flag(may()))
        };
        let flags: Vec<Option<Flag>> = parts.imports.iter().map(&mut flag).collect();
        let imports = imports.into_iter().zip(flags).collect();
        Self { inlets, routed, conversions, treated, imports }
    }
}

impl Stage for React {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn linear(&self, outlet: Outlet, setting: &Setting<'_>) -> bool {
        // of a co-reactant that other reactions make, only what is lacking is imported
        let made_and_used = |species: usize| {
            let any = |sign: f64| {
                let mut ways = self.parts.reactions.iter().flat_map(Reaction::ways);
                ways.any(|per_key| per_key[species] * sign > 0.0)
            };
            any(1.0) && any(-1.0)
        };
        self.parts.imports.iter().zip(&self.declared.imports).all(|(import, (_, flag))| {
            // what the feed lacks bends the species itself; reactions held to what it has bend
            // all that they touch
            let bends = import.makes_up || made_and_used(import.species);
            flag.is_none_or(|flag| setting.flag(flag))
                && !(bends && self.declared.routed.outlet_of[import.species] == outlet)
        })
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        self.check_shares(call)?;
        let (rest, treated) = (self.declared.routed.remainder, self.treated(call));
        for (at, &inlet) in self.declared.inlets.iter().enumerate() {
            let fed = call.stream(inlet);
            if at == 0 {
                call.send(rest).copy_from_slice(fed);
                continue;
            }
            for (flow, more) in call.send(rest).iter_mut().zip(fed) {
                *flow += *more;
            }
        }
        for (reaction, conversion, shares) in self.reactions() {
            let converted = call.number(conversion) * self.fed(call, reaction.key) * treated;
            let converted = converted * self.held(call, reaction);
            let mut left = S::one();
            for (way, &share) in reaction.parallel.iter().zip(shares) {
                let share = call.number(share);
                left -= share;
                self.react(call.send(rest), &way.per_key, converted * share);
            }
            let left = left.max(S::zero());
            self.react(call.send(rest), &reaction.per_key, converted * left);
        }
        for (import, (handle, flag)) in self.parts.imports.iter().zip(&self.declared.imports) {
            let feed = self.fed(call, import.species);
            let flow = call.send(rest)[import.species];
            let round = feed - feed * treated;
            let (taken, flow) = if flag.is_some_and(|flag| !call.flag(flag)) {
                (S::zero(), flow.max(S::zero()))
            } else if import.makes_up {
                let left = flow - round;
                ((-left).max(S::zero()), round + left.max(S::zero()))
            } else {
                let taken = (-self.change(call, import.species)).max(S::zero());
                (taken, flow + taken)
            };
            call.take(*handle)[import.species] = taken;
            call.send(rest)[import.species] = flow;
        }
        for &species in &self.touched {
            let flow = call.send(rest)[species];
            let short = -flow - self.fed(call, species).scaled(1e-12);
            let short = S::select(-flow, short, S::zero());
            if short.exceeds(0.0) {
                call.object(StageError::OutOfDomain {
                    what: "flow of a reactant after its reactions, mol/s",
                    got: flow.value(),
                    allowed: "at least 0 (import the co-reactant, or convert less)",
                });
            }
            // what is short goes on as it is while openings are looked for
            call.send(rest)[species] = S::select(short, flow, flow.max(S::zero()));
        }
        self.declared.routed.distribute(call);
        Ok(())
    }
}
