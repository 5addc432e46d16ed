//! Polymerise: a monomer, with or without a comonomer, becomes a polymer on one line or several.

use crate::document::{Entry, Node};
use crate::fault::FaultKind;
use crate::param::Parameter;
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::species::Slate;
use crate::stage::Config;
use crate::stage::{Call, Import, Inlet, Load, Number, Outlet, Setting, Spec, Stage, StageError};

/// A species and the repeat unit it becomes in the polymer.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Monomer {
    species: usize,
    unit: usize,
    /// kg/mol
    molar_mass: f64,
}

/// The comonomer of a [`Polymerise`] line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comonomer<'a> {
    /// The species that is imported.
    pub species: &'a str,
    /// Its repeat unit in the polymer.
    pub unit: &'a str,
}

/// One of several lines of a [`Polymerise`] stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether it has a comonomer share of its own, instead of the one for all lines.
    pub own_comonomer: bool,
}

/// A line as the stage keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    name: String,
    own_comonomer: bool,
}

/// A polymer plant. All monomer that comes is taken, with comonomer imported in proportion:
/// for a polymer flow P, monomer `m (1 - c) P` and comonomer `m c P` go in, with m the monomers
/// used per polymer and c the comonomer's share of the polymer, by mass. The excess `(m - 1) P`
/// leaves unconverted at `purge`, with whatever else came; repeat units leave at `polymer`, but
/// for a share of them that misses its grade (at start-up and grade changes) and leaves at
/// `off_grade`, where the plant has that outlet.
///
/// Where it has several lines, line i gets `share_i` of the monomer, and the last what remains:
/// `P = sum over lines of share_i F / (m (1 - c_i))` for a monomer flow F. Each states the mass
/// of polymer it makes, off-grade included, for limits to be put on.
///
/// `share_<line>` is declared of all lines but the last, `comonomer_<line>` of a line that has its
/// own. Errors: shares that sum to more than 1.
///
/// ```
/// use gaschain::species::Slate;
/// use gaschain::stage::{Line, Polymerise, Stage};
/// let own = Slate::read("species,formula\nethylene unit,C2H4\n", "own.csv")?;
/// let slate = Slate::shipped().extended(own)?;
/// let plant = Polymerise::new(&slate, "ethylene", "ethylene unit", None)?
///     .with_lines([
///         Line { name: "slurry", own_comonomer: false },
///         Line { name: "gas_phase", own_comonomer: false },
///     ])
///     .with_off_grade();
/// assert_eq!(plant.spec().outlets(), ["polymer", "purge", "off_grade"]);
/// let names: Vec<&str> = plant.spec().parameters().iter().map(|p| p.name.as_str()).collect();
/// assert_eq!(names, ["monomer_use", "share_slurry", "off_grade"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
#[doc = include_str!("../../../docs/kinds/polymerise.md")]
#[derive(Debug)]
pub struct Polymerise {
    monomer: Monomer,
    comonomer: Option<Monomer>,
    /// Empty where the plant is one line.
    lines: Vec<Named>,
    off_grade: bool,
    spec: Spec,
    declared: Declared,
}

/// The handles of all that a plant declares.
#[derive(Debug)]
struct Declared {
    feed: Inlet,
    polymer: Outlet,
    purge: Outlet,
    import: Option<Import>,
    monomer_use: Number,
    /// Outlet of what misses its grade, and its share.
    off_grade: Option<(Outlet, Number)>,
    /// Each line: one where the plant is one line.
    lines: Vec<OfLine>,
}

/// What a line declares.
#[derive(Debug)]
struct OfLine {
    /// Its share of the monomer; none of the last, which gets what remains.
    share: Option<Number>,
    /// Share of its polymer that comes from comonomer.
    comonomer: Option<Number>,
    /// Polymer that it makes.
    made: Option<Load>,
}

impl Polymerise {
    /// A plant of one line that turns `monomer` into `unit`.
    ///
    /// # Errors
    /// A species the slate does not hold; a repeat unit of other atoms than its monomer.
    pub fn new(
        slate: &Slate,
        monomer: &str,
        unit: &str,
        comonomer: Option<Comonomer<'_>>,
    ) -> Result<Self, FaultKind> {
        let monomer = Monomer::new(slate, monomer, unit)?;
        let comonomer =
            comonomer.map(|other| Monomer::new(slate, other.species, other.unit)).transpose()?;
        Ok(Self::of(monomer, comonomer, Vec::new(), false))
    }

    fn of(
        monomer: Monomer,
        comonomer: Option<Monomer>,
        lines: Vec<Named>,
        off_grade: bool,
    ) -> Self {
        let mut spec = Spec::new("polymerise");
        spec.reacts();
        let declared = Declared::of(&mut spec, comonomer.is_some(), &lines, off_grade);
        Self { monomer, comonomer, lines, off_grade, spec, declared }
    }

    /// The same plant, its monomer split among lines.
    #[must_use]
    pub fn with_lines<'a>(self, lines: impl IntoIterator<Item = Line<'a>>) -> Self {
        let named =
            |Line { name, own_comonomer }| Named { name: String::from(name), own_comonomer };
        let lines = lines.into_iter().map(named).collect();
        Self::of(self.monomer, self.comonomer, lines, self.off_grade)
    }

    /// The same plant, with an outlet for polymer that misses its grade.
    #[must_use]
    pub fn with_off_grade(self) -> Self {
        Self::of(self.monomer, self.comonomer, self.lines, true)
    }

    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        let before = config.faults.count();
        let (monomer, unit) = (config.text("monomer"), config.text("unit"));
        let mut comonomer = None;
        if let Some(entry) = config.take("comonomer") {
            match entry.node {
                Node::Table(entries) => {
                    comonomer = config.inner(entry.place, entries, |inner| {
                        Some((inner.text("species")?, inner.text("unit")?))
                    });
                }
                node => config.faults.push(
                    entry.place,
                    FaultKind::NotAllowed {
                        got: format!("comonomer is {}", node.describe()),
                        allowed: "a table: { species = .., unit = .. }".into(),
                    },
                ),
            }
        }
        let lines = read_lines(config);
        let off_grade = match config.take("off_grade") {
            None => false,
            Some(Entry { node: Node::Flag(has), .. }) => has,
            Some(Entry { node, place }) => {
                let got = format!("off_grade is {}", node.describe());
                let allowed = "true or false".into();
                config.faults.push(place, FaultKind::NotAllowed { got, allowed });
                false
            }
        };
        if config.faults.count() > before {
            return None;
        }
        let comonomer = comonomer.as_ref().map(|(species, unit)| Comonomer { species, unit });
        let plant = Self::new(config.slate, &monomer?, &unit?, comonomer)
            .map_err(|kind| config.fault(kind))
            .ok()?;
        if let Some(line) = lines.iter().find(|line| line.own_comonomer)
            && plant.comonomer.is_none()
        {
            let got = format!("a comonomer of line {}", line.name);
            let allowed = "none, where the plant has no comonomer".into();
            config.fault(FaultKind::NotAllowed { got, allowed });
        }
        Some(Self::of(plant.monomer, plant.comonomer, lines, off_grade))
    }
}

impl Declared {
    fn of(spec: &mut Spec, has_comonomer: bool, lines: &[Named], off_grade: bool) -> Self {
        let of_comonomer =
            |name: &str, about: &str| Parameter::number(name, about, Unit::PERCENT, 0.0, 8.0);
        let (feed, polymer, purge) =
            (spec.inlet("monomer"), spec.outlet("polymer"), spec.outlet("purge"));
        let off_grade_outlet = off_grade.then(|| spec.outlet("off_grade"));
        let import = has_comonomer.then(|| spec.import("comonomer"));
        let about = "tonnes of monomers used per tonne of polymer";
        let monomer_use =
            spec.number(Parameter::number("monomer_use", about, Unit::BARE, 1.0, 1.5));
        let about = "share of the polymer's mass that comes from the imported comonomer";
        let common = has_comonomer.then(|| spec.number(of_comonomer("comonomer", about)));
        let (last, others) =
            lines.split_last().map_or((None, &[][..]), |(last, others)| (Some(last), others));
        let last_name = last.map_or("", |last| &last.name);
        let shares: Vec<Number> = others
            .iter()
            .map(|Named { name, .. }| {
                let about =
                    format!("share of the monomer that {name} gets; {last_name} gets the rest");
                spec.number(Parameter::fraction(&format!("share_{name}"), &about))
            })
            .collect();
        let mut own_of = |Named { name, own_comonomer }: &Named| {
            let about = format!("share of the mass of {name}'s polymer that comes from comonomer");
            own_comonomer.then(|| spec.number(of_comonomer(&format!("comonomer_{name}"), &about)))
        };
        let own: Vec<Option<Number>> = lines.iter().map(&mut own_of).collect();
        let off_grade = off_grade_outlet.map(|outlet| {
            let about = "share of the polymer that misses its grade";
            (outlet, spec.number(Parameter::fraction("off_grade", about).or("0 %")))
        });
        let mut of_line = |at: usize, line: Option<&Named>| OfLine {
            share: shares.get(at).copied(),
            comonomer: own.get(at).copied().flatten().or(common),
            made: line.map(|Named { name, .. }| {
                let about = format!("polymer that {name} makes, off-grade included");
                spec.load(name, &about, Unit::MEGATONNE_PER_YEAR)
            }),
        };
        let each = match lines {
            [] => vec![of_line(0, None)],
            lines => lines.iter().enumerate().map(|(at, line)| of_line(at, Some(line))).collect(),
        };
        Self { feed, polymer, purge, import, monomer_use, off_grade, lines: each }
    }
}

/// `lines = { name = { comonomer = "own" }, .. }`.
fn read_lines(config: &mut Config<'_>) -> Vec<Named> {
    let Some(entry) = config.take("lines") else { return Vec::new() };
    let mut lines = Vec::new();
    for (name, entry) in config.as_table("lines", entry).unwrap_or_default() {
        let place = entry.place.clone();
        let Some(entries) = config.as_table(&format!("line {name}"), entry) else { continue };
        let comonomer = config.inner(place, entries, |inner| inner.placed_text("comonomer"));
        if let Some((text, place)) = comonomer.as_ref().filter(|(text, _)| text != "own") {
            let got = format!("comonomer \"{text}\" of line {name}");
            let allowed = "\"own\", or nothing: then it has that of all lines".into();
            config.faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
        }
        lines.push(Named { name, own_comonomer: comonomer.is_some() });
    }
    lines
}

impl Monomer {
    fn new(slate: &Slate, species: &str, unit: &str) -> Result<Self, FaultKind> {
        let find = |name: &str| slate.find(name);
        let (species_index, unit_index) = (find(species)?, find(unit)?);
        for (element, name) in slate.elements().iter().enumerate() {
            let counts = slate.element_counts(element);
            let (left, right) = (counts[species_index], counts[unit_index]);
            if (left - right).abs() > 1e-9 {
                return Err(FaultKind::UnbalancedReaction {
                    reaction: format!("{species} -> {unit}"),
                    element: name.clone(),
                    left,
                    right,
                });
            }
        }
        let molar_mass = slate.molar_masses()[species_index];
        Ok(Self { species: species_index, unit: unit_index, molar_mass })
    }
}

impl Stage for Polymerise {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn linear(&self, _: Outlet, _: &Setting<'_>) -> bool {
        true
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let own = &self.declared;
        let feed = call.stream(own.feed);
        let converted = S::one() / call.number(own.monomer_use);
        call.send(own.purge).copy_from_slice(feed);
        let mut left = S::one();
        for line in &own.lines {
            let share = line.share.map_or_else(|| left.max(S::zero()), |share| call.number(share));
            if line.share.is_some() {
                left -= share;
            }
            let fed = feed[self.monomer.species] * share;
            let built_in = fed * converted;
            call.send(own.purge)[self.monomer.species] -= built_in;
            call.send(own.polymer)[self.monomer.unit] += built_in;
            let mut polymer = built_in.scaled(self.monomer.molar_mass);
            if let (Some(comonomer), Some(part), Some(import)) =
                (self.comonomer, line.comonomer, own.import)
            {
                let part = call.number(part);
                let ratio = S::from_f64(self.monomer.molar_mass / comonomer.molar_mass);
                let taken = fed * ratio * part / (S::one() - part);
                let built_in = taken * converted;
                call.take(import)[comonomer.species] += taken;
                call.send(own.purge)[comonomer.species] += taken - built_in;
                call.send(own.polymer)[comonomer.unit] += built_in;
                polymer += built_in.scaled(comonomer.molar_mass);
            }
            if let Some(made) = line.made {
                call.state(made, polymer);
            }
        }
        if (-left).exceeds(1e-12) {
            return Err(StageError::OutOfDomain {
                what: "sum of the lines' shares",
                got: 1.0 - left.value(),
                allowed: "at most 1",
            });
        }
        if let Some((outlet, share)) = own.off_grade {
            let share = call.number(share);
            for unit in [Some(self.monomer), self.comonomer].into_iter().flatten() {
                let made = call.send(own.polymer)[unit.unit];
                call.send(outlet)[unit.unit] = made * share;
                call.send(own.polymer)[unit.unit] = made - made * share;
            }
        }
        Ok(())
    }
}
