//! Polymerise: a monomer, with or without a comonomer, becomes a polymer on one line or several.

use crate::document::{Entry, Node};
use crate::fault::FaultKind;
use crate::param::ParameterSpec;
use crate::quantity::Unit;
use crate::scalar::Scalar;
use crate::species::Slate;
use crate::stage::config::Config;
use crate::stage::{Call, Ports, Stage, StageError, StatedLoad};

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
/// | parameter | unit | range |
/// |---|---|---|
/// | `monomer_use` | t of monomers per t of polymer | 1 to 1.5 |
/// | `comonomer` (where there is one) | mass fraction of the polymer | 0 to 8 % |
/// | `share_<line>` (of all lines but the last) | fraction of the monomer | 0 to 1, their sum at most 1 |
/// | `comonomer_<line>` (of a line that has its own) | mass fraction of its polymer | 0 to 8 % |
/// | `off_grade` (where there is the outlet) | fraction of the polymer | 0 to 1; 0 where nobody says |
///
/// Import: `comonomer`. Stated loads: `<line>`, mass flow of polymer. Errors: shares that sum to
/// more than 1.
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
/// assert_eq!(plant.ports().outlets, ["polymer", "purge", "off_grade"]);
/// let names: Vec<String> = plant.parameters().into_iter().map(|p| p.name).collect();
/// assert_eq!(names, ["monomer_use", "share_slurry", "off_grade"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Polymerise {
    monomer: Monomer,
    comonomer: Option<Monomer>,
    /// Empty where the plant is one line.
    lines: Vec<Named>,
    off_grade: bool,
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
        Ok(Self { monomer, comonomer, lines: Vec::new(), off_grade: false })
    }

    /// The same plant, its monomer split among lines.
    #[must_use]
    pub fn with_lines<'a>(mut self, lines: impl IntoIterator<Item = Line<'a>>) -> Self {
        self.lines = lines
            .into_iter()
            .map(|Line { name, own_comonomer }| Named { name: name.to_owned(), own_comonomer })
            .collect();
        self
    }

    /// The same plant, with an outlet for polymer that misses its grade.
    #[must_use]
    pub const fn with_off_grade(mut self) -> Self {
        self.off_grade = true;
        self
    }

    pub(in crate::stage) fn read(config: &mut Config<'_>) -> Option<Self> {
        let before = config.faults.0.len();
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
        if config.faults.0.len() > before {
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
        Some(Self { lines, off_grade, ..plant })
    }

    /// Parameter that holds a line's comonomer share.
    fn comonomer_of(&self, line: usize) -> usize {
        if !self.lines.get(line).is_some_and(|line| line.own_comonomer) {
            return COMONOMER;
        }
        let before = self.lines[..line].iter().filter(|line| line.own_comonomer).count();
        self.first_share() + self.lines.len() - 1 + before
    }

    /// Parameter that holds the share that misses its grade.
    fn off_grade_parameter(&self) -> usize {
        let own = self.lines.iter().filter(|line| line.own_comonomer).count();
        self.first_share() + self.lines.len().saturating_sub(1) + own
    }

    /// Parameter that holds the first line's share.
    const fn first_share(&self) -> usize {
        if self.comonomer.is_some() { COMONOMER + 1 } else { COMONOMER }
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
        let find = |name: &str| {
            slate.index(name).ok_or_else(|| FaultKind::unknown("species", name, slate.names()))
        };
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

const MONOMER_USE: usize = 0;
const COMONOMER: usize = 1;
const POLYMER: usize = 0;
const PURGE: usize = 1;
const OFF_GRADE: usize = 2;

impl Stage for Polymerise {
    fn kind(&self) -> &'static str {
        "polymerise"
    }

    fn ports(&self) -> Ports {
        let outlets = ["polymer", "purge", "off_grade"].into_iter();
        let ports = Ports::new(["monomer"], outlets.take(if self.off_grade { 3 } else { 2 }));
        if self.comonomer.is_some() { ports.importing(["comonomer"]) } else { ports }
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let comonomer =
            |name: &str, about: &str| ParameterSpec::number(name, about, Unit::PERCENT, 0.0, 8.0);
        let about = "tonnes of monomers used per tonne of polymer";
        let mut all = vec![ParameterSpec::number("monomer_use", about, Unit::BARE, 1.0, 1.5)];
        if self.comonomer.is_some() {
            let about = "share of the polymer's mass that comes from the imported comonomer";
            all.push(comonomer("comonomer", about));
        }
        if let Some((last, others)) = self.lines.split_last() {
            all.extend(others.iter().map(|Named { name, .. }| {
                let about =
                    format!("share of the monomer that {name} gets; {} gets the rest", last.name);
                ParameterSpec::fraction(&format!("share_{name}"), &about)
            }));
        }
        all.extend(self.lines.iter().filter(|line| line.own_comonomer).map(
            |Named { name, .. }| {
                let about =
                    format!("share of the mass of {name}'s polymer that comes from comonomer");
                comonomer(&format!("comonomer_{name}"), &about)
            },
        ));
        if self.off_grade {
            let about = "share of the polymer that misses its grade";
            all.push(ParameterSpec::fraction("off_grade", about).or("0 %"));
        }
        all
    }

    fn stated_loads(&self) -> Vec<StatedLoad> {
        let lines = self.lines.iter().map(|Named { name, .. }| StatedLoad {
            name: name.clone(),
            about: format!("polymer that {name} makes, off-grade included"),
            unit: Unit::MEGATONNE_PER_YEAR,
        });
        lines.collect()
    }

    fn reacts(&self) -> bool {
        true
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        let converted = S::one() / call.number(MONOMER_USE);
        call.outlet(PURGE).copy_from_slice(feed);
        let mut left = S::one();
        for line in 0..self.lines.len().max(1) {
            let is_last = line + 1 >= self.lines.len();
            let share =
                if is_last { left.max(S::zero()) } else { call.number(self.first_share() + line) };
            if !is_last {
                left -= share;
            }
            let fed = feed[self.monomer.species] * share;
            let own = fed * converted;
            call.outlet(PURGE)[self.monomer.species] -= own;
            call.outlet(POLYMER)[self.monomer.unit] += own;
            let mut polymer = own.scaled(self.monomer.molar_mass);
            if let Some(comonomer) = self.comonomer {
                let part = call.number(self.comonomer_of(line));
                let ratio = S::from_f64(self.monomer.molar_mass / comonomer.molar_mass);
                let taken = fed * ratio * part / (S::one() - part);
                let built_in = taken * converted;
                call.import(0)[comonomer.species] += taken;
                call.outlet(PURGE)[comonomer.species] += taken - built_in;
                call.outlet(POLYMER)[comonomer.unit] += built_in;
                polymer += built_in.scaled(comonomer.molar_mass);
            }
            if line < self.lines.len() {
                call.state(line, polymer);
            }
        }
        if (-left).exceeds(1e-12) {
            return Err(StageError::OutOfDomain {
                what: "sum of the lines' shares",
                got: 1.0 - left.value(),
                allowed: "at most 1",
            });
        }
        if self.off_grade {
            let share = call.number(self.off_grade_parameter());
            for unit in [Some(self.monomer), self.comonomer].into_iter().flatten() {
                let made = call.outlet(POLYMER)[unit.unit];
                call.outlet(OFF_GRADE)[unit.unit] = made * share;
                call.outlet(POLYMER)[unit.unit] = made - made * share;
            }
        }
        Ok(())
    }
}
