//! The slate: the species of a chain, in order, with their elements.

use super::{Formula, Species, channiwala_parikh};
use crate::document::csv::Table;
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use std::collections::HashMap;

/// The species a chain knows, in the order its streams list them.
///
/// ```
/// use gaschain::species::Slate;
/// let slate = Slate::shipped();
/// let helium = slate.index("helium").unwrap();
/// assert_eq!(slate.get(helium).formula.to_string(), "He");
/// ```
///
/// A species of your own is a row of a CSV table:
///
/// ```
/// # use gaschain::species::Slate;
/// let own = Slate::read("species,formula\nnaphtha,C6H14\n", "own.csv")?;
/// let slate = Slate::shipped().extended(own)?;
/// assert!((slate.molar_masses()[slate.index("naphtha").unwrap()] - 0.0862).abs() < 1e-4);
/// # Ok::<(), gaschain::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Slate {
    species: Vec<Species>,
    molar_masses: Vec<f64>,
    elements: Vec<String>,
    /// Atoms of each element (outer) in each species (inner).
    atoms: Vec<Vec<f64>>,
}

/// The crate's own species.
const SHIPPED: &str = include_str!("../../data/species.csv");

/// Largest difference between a molar mass as tabled and from the formula, kg/mol.
const MOLAR_MASS_TOLERANCE: f64 = 1e-7;

/// Usual short and other names, plain, with the name that the shipped table has.
const SHORT: [(&str, &str); 31] = [
    ("c1", "methane"),
    ("c2", "ethane"),
    ("c3", "propane"),
    ("nc4", "n-butane"),
    ("ic4", "isobutane"),
    ("ibutane", "isobutane"),
    ("nc5", "n-pentane"),
    ("ic5", "isopentane"),
    ("ipentane", "isopentane"),
    ("neoc5", "neopentane"),
    ("nc6", "n-hexane"),
    ("ic6", "isohexane"),
    ("nc7", "n-heptane"),
    ("nc8", "n-octane"),
    ("nc9", "n-nonane"),
    ("nc10", "n-decane"),
    ("ethene", "ethylene"),
    ("c2=", "ethylene"),
    ("propene", "propylene"),
    ("c3=", "propylene"),
    ("ethyne", "acetylene"),
    ("methylacetylene", "propyne"),
    ("butadiene", "1,3-butadiene"),
    ("but1ene", "1-butene"),
    ("hydrogensulphide", "hydrogen sulfide"),
    ("hydrogensulfide", "hydrogen sulphide"),
    ("h2s", "hydrogen sulfide"),
    ("co", "carbon monoxide"),
    ("o2", "oxygen"),
    ("ar", "argon"),
    ("steam", "water"),
];

/// A name without what is free: capital letters, hyphens, spaces.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| !matches!(letter, '-' | '_' | ' '));
    letters.collect::<String>().to_lowercase()
}

/// What a cell says that asks for a heat by the elements of the formula.
const BY_ELEMENTS: &str = "by elements";

/// The column that may say so.
const GROSS_HEAT_25: &str = "gross_heat_25C_kJ_per_mol";

/// What is added to the source of a row that does.
const BY_ELEMENTS_SOURCE: &str =
    "gross heat derived: by elements, Channiwala and Parikh, Fuel 81 (2002) 1051";

const REQUIRED: [&str; 2] = ["species", "formula"];
const OPTIONAL: [&str; 12] = [
    "molar_mass_g_per_mol",
    GROSS_HEAT_25,
    "gross_heat_20C_kJ_per_mol",
    "gross_heat_15.55C_kJ_per_mol",
    "gross_heat_15C_kJ_per_mol",
    "gross_heat_0C_kJ_per_mol",
    "summation_factor_20C",
    "summation_factor_15.55C",
    "summation_factor_15C",
    "summation_factor_0C",
    "liquid_density_15C_kg_per_m3",
    "source",
];

impl Slate {
    /// The species the crate ships (`data/species.csv`).
    ///
    /// Molar masses, heats of combustion and summation factors are those of ISO 6976:2016, tables
    /// 1 to 3, as public implementations of it reproduce them; propyne, which the standard does
    /// not list, has a recalled heat of combustion at 25 degC and nothing else.
    #[must_use]
    pub fn shipped() -> Self {
        let mut faults = Faults::default();
        let slate = Self::read_into(SHIPPED, "species.csv", &mut faults);
        debug_assert!(faults.is_empty(), "{faults}");
        slate
    }

    /// Reads a species table: columns `species` and `formula`, and any of the columns of the
    /// shipped one. An empty cell is not known; a molar mass left out follows from the formula. A
    /// heat at 25 degC that reads `by elements` is that of [`channiwala_parikh`], and the source of
    /// the row then says so.
    ///
    /// ```
    /// use gaschain::species::Slate;
    /// let own = "species,formula,gross_heat_25C_kJ_per_mol,source\ntar,C12H14,by elements,a guess\n";
    /// let slate = Slate::read(own, "own.csv")?;
    /// let tar = slate.iter().next().unwrap();
    /// assert!((tar.gross_heat_25.unwrap() / tar.molar_mass / 1e6 - 42.30).abs() < 0.01); // MJ/kg
    /// assert!(tar.source.starts_with("a guess; gross heat derived: by elements"));
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    ///
    /// # Errors
    /// Every fault of the table: unknown or missing columns, doubled rows, formulas that cannot
    /// be read, numbers that are none, molar masses that contradict the formula, heats by elements
    /// of a formula beyond what the correlation was fitted to.
    pub fn read(text: &str, file: &str) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let slate = Self::read_into(text, file, &mut faults);
        Ok(faults.into_result(slate)?)
    }

    pub(crate) fn read_into(text: &str, file: &str, faults: &mut Faults) -> Self {
        let table = Table::parse(text, file, faults);
        Self::from_table(&table, faults)
    }

    pub(crate) fn from_table(table: &Table, faults: &mut Faults) -> Self {
        table.check_columns(&REQUIRED, &OPTIONAL, faults);
        let mut species: Vec<Species> = Vec::new();
        let (Some(name_column), Some(formula_column)) =
            (table.column("species"), table.column("formula"))
        else {
            return Self::of(species);
        };
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for row in 0..table.len() {
            let name = table.text(row, name_column).to_owned();
            if name.is_empty() {
                let kind = FaultKind::Missing { what: "text in column", name: "species".into() };
                faults.push(table.place(row, name_column), kind);
                continue;
            }
            if let Some(&first) = seen.get(table.text(row, name_column)) {
                let first = Some(Box::new(table.place(first, name_column)));
                let kind = FaultKind::Duplicate { what: "species", name, first };
                faults.push(table.place(row, name_column), kind);
                continue;
            }
            seen.insert(table.text(row, name_column), row);
            let text = table.text(row, formula_column);
            let Some(formula) = Formula::parse(text) else {
                let allowed = "a formula of C, H, O, N, S, He, Ne, Ar, such as C2H6".into();
                let kind = FaultKind::Unreadable { got: text.to_owned(), allowed };
                faults.push(table.place(row, formula_column), kind);
                continue;
            };
            let by_elements = asks_by_elements(table, row);
            let derived =
                if by_elements { heat_by_elements(table, row, &formula, faults) } else { None };
            let mut number = |name: &str, low: f64| {
                let column = table.column(name)?;
                let value = if name == GROSS_HEAT_25 {
                    let allowed = format!("a number, or {BY_ELEMENTS}");
                    table.number_or(row, column, &allowed, faults)?
                } else {
                    table.number(row, column, faults)?
                };
                if value < low {
                    let (got, low) = (value.to_string(), low.to_string());
                    let kind = FaultKind::OutOfRange { got, low, high: None };
                    faults.push(table.place(row, column), kind);
                    return None;
                }
                Some(value)
            };
            let tabled = number("molar_mass_g_per_mol", 0.0).map(|grams| grams * 1e-3);
            let kilo = |value: Option<f64>| value.map(|value| value * 1e3);
            let computed = formula.molar_mass();
            species.push(Species {
                gross_heat_25: if by_elements { derived } else { kilo(number(GROSS_HEAT_25, 0.0)) },
                gross_heat_20: kilo(number("gross_heat_20C_kJ_per_mol", 0.0)),
                gross_heat_15_55: kilo(number("gross_heat_15.55C_kJ_per_mol", 0.0)),
                gross_heat_15: kilo(number("gross_heat_15C_kJ_per_mol", 0.0)),
                gross_heat_0: kilo(number("gross_heat_0C_kJ_per_mol", 0.0)),
                summation_factor_20: number("summation_factor_20C", -1.0),
                summation_factor_15_55: number("summation_factor_15.55C", -1.0),
                summation_factor_15: number("summation_factor_15C", -1.0),
                summation_factor_0: number("summation_factor_0C", -1.0),
                liquid_density_15: number("liquid_density_15C_kg_per_m3", 0.0),
                source: source(table, row, derived.is_some()),
                name,
                formula,
                molar_mass: computed,
            });
            if let Some(tabled) = tabled
                && (tabled - computed).abs() > MOLAR_MASS_TOLERANCE
            {
                let column = table.column("molar_mass_g_per_mol").unwrap_or_default();
                let kind = FaultKind::NotAllowed {
                    got: format!("molar mass {} g/mol", table.text(row, column)),
                    allowed: format!("{:.5} g/mol, as the formula has it", computed * 1e3),
                };
                faults.push(table.place(row, column), kind);
            }
        }
        Self::of(species)
    }

    fn of(species: Vec<Species>) -> Self {
        let mut elements: Vec<String> = Vec::new();
        for one in &species {
            for (element, _) in one.formula.iter() {
                if !elements.iter().any(|known| known == element) {
                    elements.push(element.to_owned());
                }
            }
        }
        let atoms = elements
            .iter()
            .map(|element| {
                species.iter().map(|one| f64::from(one.formula.atoms(element))).collect()
            })
            .collect();
        let molar_masses = species.iter().map(|one| one.molar_mass).collect();
        Self { species, molar_masses, elements, atoms }
    }

    /// This slate and the species of another after it.
    ///
    /// # Errors
    /// Species that both hold.
    pub fn extended(self, other: Self) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let doubled = other.names().filter(|name| self.index(name).is_some());
        for name in doubled {
            let kind = FaultKind::Duplicate { what: "species", name: name.to_owned(), first: None };
            faults.push(Place::address(name), kind);
        }
        let mut species = self.species;
        species.extend(other.species);
        Ok(faults.into_result(Self::of(species))?)
    }

    /// The named species of this slate, in the order named.
    ///
    /// # Errors
    /// Unknown and doubled names.
    pub fn chosen<I>(&self, names: I) -> Result<Self, Error>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut faults = Faults::default();
        let mut species: Vec<Species> = Vec::new();
        for name in names {
            let name = name.as_ref();
            let place = || Place::address(name);
            match self.find(name) {
                Err(kind) => faults.push(place(), kind),
                Ok(index) if species.iter().any(|one| one.name == self.species[index].name) => {
                    let name = name.to_owned();
                    faults
                        .push(place(), FaultKind::Duplicate { what: "species", name, first: None });
                }
                Ok(index) => species.push(self.species[index].clone()),
            }
        }
        Ok(faults.into_result(Self::of(species))?)
    }

    /// Number of species.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.species.len()
    }

    /// Whether it holds no species.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.species.is_empty()
    }

    /// Index of a species by name.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<usize> {
        self.species.iter().position(|species| species.name == name)
    }

    /// A species by any of its names: its own, its formula where only one has it, or a usual short
    /// name (`nC4`, `i-C5`, `CO2`); capital letters, hyphens and spaces are free.
    ///
    /// # Errors
    /// An unknown name, with the nearest; a formula that several species have, with their names.
    pub(crate) fn find(&self, name: &str) -> Result<usize, FaultKind> {
        if let Some(index) = self.index(name) {
            return Ok(index);
        }
        let plain = plain(name);
        let full = SHORT.iter().find(|(short, _)| *short == plain).map(|(_, full)| *full);
        let named =
            |wanted: &str| self.species.iter().position(|one| self::plain(&one.name) == wanted);
        if let Some(index) = named(&full.map_or(plain.clone(), self::plain)) {
            return Ok(index);
        }
        let of_formula = |one: &&Species| one.formula.to_string().to_lowercase() == plain;
        let alike: Vec<&str> =
            self.species.iter().filter(of_formula).map(|one| one.name.as_str()).collect();
        match alike[..] {
            [only] => self.index(only).ok_or_else(|| FaultKind::unknown("species", name, [only])),
            [] => Err(FaultKind::unknown("species", name, self.names())),
            _ => Err(FaultKind::NotAllowed {
                got: format!("formula {name} of several species"),
                allowed: format!("one of {}, by name", alike.join(", ")),
            }),
        }
    }

    /// A species by index (below [`Slate::len`]).
    #[must_use]
    pub fn get(&self, index: usize) -> &Species {
        &self.species[index]
    }

    /// Names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.species.iter().map(|species| species.name.as_str())
    }

    /// The species, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Species> {
        self.species.iter()
    }

    /// Symbols of the elements that occur.
    #[must_use]
    pub fn elements(&self) -> &[String] {
        &self.elements
    }

    /// Atoms of an element (by its index in [`Slate::elements`]) in each species.
    #[must_use]
    pub fn element_counts(&self, element: usize) -> &[f64] {
        &self.atoms[element]
    }

    /// Molar masses, kg/mol.
    #[must_use]
    pub fn molar_masses(&self) -> &[f64] {
        &self.molar_masses
    }
}

/// Whether the cell of a row's heat asks for it by the elements.
fn asks_by_elements(table: &Table, row: usize) -> bool {
    table.column(GROSS_HEAT_25).is_some_and(|column| table.text(row, column) == BY_ELEMENTS)
}

/// The heat of a formula by its elements, J/mol, for a row that asks for it.
fn heat_by_elements(
    table: &Table,
    row: usize,
    formula: &Formula,
    faults: &mut Faults,
) -> Option<f64> {
    let heat = channiwala_parikh(formula);
    if heat.is_none() {
        let kind = FaultKind::NotAllowed {
            got: format!("heat of {formula} {BY_ELEMENTS}"),
            allowed: "a number, or a formula of C, H, O, N, S with 0 to 92.25 % of the mass \
                      carbon, 0.43 to 25.15 % hydrogen, at most 50 % oxygen, 5.6 % nitrogen and \
                      94.08 % sulphur"
                .into(),
        };
        let column = table.column(GROSS_HEAT_25).unwrap_or_default();
        faults.push(table.place(row, column), kind);
    }
    heat
}

/// The source of a row, with that of a heat by the elements.
fn source(table: &Table, row: usize, by_elements: bool) -> String {
    let own = table.column("source").map_or("", |column| table.text(row, column));
    match (own, by_elements) {
        (own, false) => own.to_owned(),
        ("", true) => BY_ELEMENTS_SOURCE.to_owned(),
        (own, true) => format!("{own}; {BY_ELEMENTS_SOURCE}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::species::ReferenceTemperature;

    #[test]
    fn a_heat_that_is_no_number_is_answered_with_the_word_that_may_stand_for_one() {
        for cell in ["By elements", "by element"] {
            let text = format!("species,formula,gross_heat_25C_kJ_per_mol\ntar,C12H14,{cell}\n");
            let said = Slate::read(&text, "own.csv").unwrap_err().to_string();
            assert_eq!(
                said,
                format!(
                    "own.csv:2: column \"gross_heat_25C_kJ_per_mol\": \"{cell}\" cannot be read; \
                     allowed: a number, or by elements"
                )
            );
        }
    }

    #[test]
    fn the_shipped_table_has_no_fault_and_agrees_with_its_formulas() {
        let slate = Slate::read(SHIPPED, "species.csv").unwrap();
        assert!(slate.len() >= 20);
    }

    #[test]
    fn net_heat_of_methane_is_that_of_iso_6976() {
        let slate = Slate::shipped();
        let methane = slate.get(slate.index("methane").unwrap());
        // ISO 6976:2016 table 3, net, 25 degC: 802.55 kJ/mol
        assert!((methane.net_heat_25().unwrap() / 1e3 - 802.55).abs() < 0.02);
    }

    #[test]
    fn heats_and_factors_fall_as_it_gets_warmer() {
        // a slip of a digit in the table would break the order, or the even slope
        for species in Slate::shipped().iter().filter(|species| species.gross_heat_0.is_some()) {
            let heats: Vec<f64> =
                ReferenceTemperature::ALL.iter().filter_map(|&at| species.gross_heat(at)).collect();
            let factors: Vec<f64> = ReferenceTemperature::ALL
                .iter()
                .filter_map(|&at| species.summation_factor(at))
                .collect();
            assert_eq!((heats.len(), factors.len()), (5, 4), "{}", species.name);
            assert!(heats.is_sorted_by(|a, b| a >= b), "{}: {heats:?}", species.name);
            assert!(factors.is_sorted_by(|a, b| a >= b), "{}: {factors:?}", species.name);
            // heat falls by the difference of heat capacities, which hardly changes over 25 K
            let (early, late) = ((heats[0] - heats[1]) / 15.0, (heats[3] - heats[4]) / 5.0);
            assert!((early - late).abs() < 9.0, "{}: {early} and {late} J/K", species.name);
        }
    }

    #[test]
    fn a_heat_by_the_elements_is_asked_for_and_said() {
        let text = "species,formula,gross_heat_25C_kJ_per_mol,source\n\
                    tar,C12H14,by elements,a guess\n\
                    wax,C20H42,by elements,\n\
                    unknown,C12H14,,a guess\n";
        let slate = Slate::read(text, "s.csv").unwrap();
        let [tar, wax, unknown] = slate.iter().collect::<Vec<_>>()[..] else { panic!() };
        assert_eq!(tar.gross_heat_25, channiwala_parikh(&tar.formula));
        assert_eq!(tar.source, format!("a guess; {BY_ELEMENTS_SOURCE}"));
        assert_eq!(wax.source, BY_ELEMENTS_SOURCE);
        // nothing is derived that was not asked for
        assert_eq!((unknown.gross_heat_25, unknown.source.as_str()), (None, "a guess"));
        // at other temperatures it is not known
        assert_eq!((tar.gross_heat_20, tar.summation_factor_20), (None, None));
    }

    #[test]
    fn a_heat_by_the_elements_beyond_the_correlation_is_a_fault() {
        let text = "species,formula,gross_heat_25C_kJ_per_mol,gross_heat_20C_kJ_per_mol\n\
                    coke,C20H8,by elements,\n\
                    noble,CHe,by elements,\n\
                    late,CH4,1,by elements\n";
        let faults = Slate::read(text, "s.csv").unwrap_err().to_string();
        let lines: Vec<&str> = faults.lines().collect();
        assert!(lines[0].starts_with(
            "s.csv:2: column \"gross_heat_25C_kJ_per_mol\": heat of C20H8 by elements; allowed: a number, or a formula of C, H, O, N, S with 0 to 92.25 %"
        ), "{faults}");
        assert!(lines[1].starts_with("s.csv:3:"), "{faults}");
        assert!(
            lines[2].starts_with("s.csv:4: column \"gross_heat_20C_kJ_per_mol\": "),
            "{faults}"
        );
        assert_eq!(lines.len(), 3);
    }

    #[test]
    fn all_faults_of_a_species_table_come_out_together() {
        let text = "species,formula,molar_mass_g_per_mol,colour\n\
                    methane,CH4,16.1,red\n\
                    methane,CH4,,\n\
                    oddity,Zz,,\n\
                    ethane,C2H6,-1,\n";
        assert_eq!(
            Slate::read(text, "s.csv").unwrap_err().to_string(),
            "s.csv:1: unknown column \"colour\"\n\
             s.csv:2: column \"molar_mass_g_per_mol\": molar mass 16.1 g/mol; allowed: 16.04246 g/mol, as the formula has it\n\
             s.csv:3: column \"species\": duplicate species \"methane\" (first at s.csv:2: column \"species\")\n\
             s.csv:4: column \"formula\": \"Zz\" cannot be read; allowed: a formula of C, H, O, N, S, He, Ne, Ar, such as C2H6\n\
             s.csv:5: column \"molar_mass_g_per_mol\": -1 is outside the allowed range: at least 0"
        );
    }
}
