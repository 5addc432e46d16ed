//! What a stage is, as data: its ports, parameters and loads, and what is said of them.

use super::handle::{
    Choice, Composition, Flag, Handle, Import, Inlet, Load, Number, Outlet, SpecId,
};
use crate::fault::FaultKind;
use crate::param::{Parameter, ParameterKind};
use crate::quantity::Unit;
use serde::{Serialize, Serializer};

/// A load that a stage states about itself, for limits to be put on.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StatedLoad {
    /// Name within the stage: `power`.
    pub name: String,
    /// What it is, in a sentence.
    pub about: String,
    /// Unit it is shown in.
    pub unit: Unit,
}

/// What a stage is: its ports, its parameters, the loads it states.
///
/// Declaring something gives the handle that the stage's equations name it by. Nothing here can
/// fail: what is declared wrongly (a parameter of another kind than was asked for) is a fault of
/// the chain that the stage is built into.
///
/// ```
/// use gaschain::param::Parameter;
/// use gaschain::quantity::Unit;
/// use gaschain::stage::Spec;
///
/// let mut spec = Spec::new("cold box");
/// let feed = spec.inlet("feed");
/// let hydrogen = spec.outlet("hydrogen");
/// let liquid = spec.outlet("liquid");
/// let recovery = spec.number(Parameter::fraction("recovery", "share taken off").or("99.5 %"));
/// let power = spec.load("power", "power of the compressors", Unit::MEGAWATT);
/// assert_eq!(spec.outlets(), ["hydrogen", "liquid"]);
/// assert_eq!(spec.parameters()[0].kind.allowed(), "0 % to 100 %");
/// ```
#[derive(Debug, Clone)]
pub struct Spec {
    id: SpecId,
    kind: String,
    inlets: Vec<String>,
    outlets: Vec<String>,
    /// By outlet: whether what leaves there is burned.
    burned: Vec<bool>,
    /// By outlet: whether an import elsewhere decides what flows there.
    on_demand: Vec<bool>,
    /// By outlet: what is known of the pressure and temperature there.
    conditions: Vec<Option<Condition>>,
    /// By outlet: whether what leaves there is what comes, blended or parted.
    keeps: Vec<bool>,
    asks: Option<AsksForGas>,
    takes: Option<TakesOver>,
    imports: Vec<String>,
    parameters: Vec<Parameter>,
    loads: Vec<StatedLoad>,
    reacts: bool,
    oscillates: bool,
    supply: Option<Offer>,
    faults: Vec<FaultKind>,
}

/// What a supply offers: its inlet, and the parameters that say how much of what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Offer {
    pub inlet: usize,
    pub flow: usize,
    pub composition: usize,
}

/// What a stage knows of the pressure and temperature that gas leaves it at.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Condition {
    /// Two of its loads are they.
    Stated { pressure: usize, temperature: usize },
    /// Those that gas comes with at one of its inlets.
    Kept { inlet: usize },
}

/// Where a stage asks for the gas of whatever can come to one of its inlets.
#[derive(Debug, Clone)]
struct AsksForGas {
    inlet: usize,
    /// Choices, and the names of each with which it asks; it asks where all are so.
    when: Vec<(usize, Vec<usize>)>,
}

/// Where a stage takes pressure and temperature of what comes from the stage that gives it: by a
/// name of a choice, in place of two numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TakesOver {
    pub inlet: usize,
    pub choice: usize,
    pub name: usize,
    pub pressure: usize,
    pub temperature: usize,
}

impl Spec {
    /// A stage of a kind, with nothing declared yet. Messages call it by that name.
    #[must_use]
    pub fn new(kind: &str) -> Self {
        Self {
            id: SpecId::new(),
            kind: kind.to_owned(),
            inlets: Vec::new(),
            outlets: Vec::new(),
            burned: Vec::new(),
            on_demand: Vec::new(),
            conditions: Vec::new(),
            keeps: Vec::new(),
            asks: None,
            takes: None,
            imports: Vec::new(),
            parameters: Vec::new(),
            loads: Vec::new(),
            reacts: false,
            oscillates: false,
            supply: None,
            faults: Vec::new(),
        }
    }

    /// Declares an inlet port.
    pub fn inlet(&mut self, name: &str) -> Inlet {
        self.inlets.push(name.to_owned());
        Handle::new(self.id, self.inlets.len() - 1)
    }

    /// Declares an outlet port.
    pub fn outlet(&mut self, name: &str) -> Outlet {
        self.outlets.push(name.to_owned());
        self.burned.push(false);
        self.on_demand.push(false);
        self.conditions.push(None);
        self.keeps.push(false);
        Handle::new(self.id, self.outlets.len() - 1)
    }

    /// Declares an outlet port by which what is burned leaves, as fuel or at a flare: its heat
    /// counts as burned in the energy balance.
    pub fn burned_outlet(&mut self, name: &str) -> Outlet {
        let outlet = self.outlet(name);
        self.burned[self.outlets.len() - 1] = true;
        outlet
    }

    /// Declares an outlet port where somebody's import decides what flows (see
    /// [`Draw`](super::Draw)), at the composition of the first inlet.
    pub fn outlet_on_demand(&mut self, name: &str) -> Outlet {
        let outlet = self.outlet(name);
        self.on_demand[self.outlets.len() - 1] = true;
        outlet
    }

    /// Declares an import: what the stage takes from outside the chain, or of a stream drawn from.
    pub fn import(&mut self, name: &str) -> Import {
        self.imports.push(name.to_owned());
        Handle::new(self.id, self.imports.len() - 1)
    }

    /// Declares a parameter that is a number.
    pub fn number(&mut self, parameter: Parameter) -> Number {
        let is_number = |none: Option<&str>| none.is_none() || parameter.belongs.is_some();
        let fits = matches!(parameter.kind, ParameterKind::Number { none, .. } if is_number(none));
        self.declare(parameter, fits, "a number")
    }

    /// Declares a parameter that is one of several names.
    pub fn choice(&mut self, parameter: Parameter) -> Choice {
        let fits = matches!(parameter.kind, ParameterKind::Choice { .. });
        self.declare(parameter, fits, "one of several names")
    }

    /// Declares a parameter that is true or false.
    pub fn flag(&mut self, parameter: Parameter) -> Flag {
        let fits = matches!(parameter.kind, ParameterKind::Flag);
        self.declare(parameter, fits, "true or false")
    }

    /// Declares a parameter that is a composition of all species of the chain.
    pub fn composition(&mut self, parameter: Parameter) -> Composition {
        let fits = matches!(parameter.kind, ParameterKind::Composition { .. });
        self.declare(parameter, fits, "a composition")
    }

    fn declare<T>(&mut self, parameter: Parameter, fits: bool, wanted: &str) -> Handle<T> {
        if !fits {
            let got = format!("parameter \"{}\" of {}", parameter.name, self.kind);
            let allowed = format!("{wanted}, as it is declared for");
            self.faults.push(FaultKind::NotAllowed { got, allowed });
        }
        self.parameters.push(parameter);
        Handle::new(self.id, self.parameters.len() - 1)
    }

    /// Declares a load that the stage states about itself, shown in `unit`.
    pub fn load(&mut self, name: &str, about: &str, unit: Unit) -> Load {
        self.loads.push(StatedLoad { name: name.to_owned(), about: about.to_owned(), unit });
        Handle::new(self.id, self.loads.len() - 1)
    }

    /// Says that species turn into others: balances are then held element by element only.
    pub const fn reacts(&mut self) {
        self.reacts = true;
    }

    /// Says that a load may rise and fall again over less than the whole opening of an inlet
    /// without its slope at either end telling so: the operating rule then takes short steps.
    pub const fn oscillates(&mut self) {
        self.oscillates = true;
    }

    /// Says that the stage is a supply: what is offered at `inlet`, an inlet of the outermost
    /// chain, is `flow` (a molar flow or a gas volume flow) of gas of a `composition`.
    pub fn supplies(&mut self, inlet: Inlet, flow: Number, composition: Composition) {
        let (inlet, flow) = (inlet.place_in(self.id), flow.place_in(self.id));
        let composition = composition.place_in(self.id);
        let parameters = self.parameters.len();
        if inlet < self.inlets.len() && flow < parameters && composition < parameters {
            self.supply = Some(Offer { inlet, flow, composition });
        } else {
            let got = format!("what {} supplies, by a handle of another stage", self.kind);
            let allowed = "an inlet, a number and a composition of its own".into();
            self.faults.push(FaultKind::NotAllowed { got, allowed });
        }
    }

    /// Claims that what leaves at an outlet is what comes at the inlets, blended or parted and not
    /// changed: the sum of a share of each, all its species alike. Lines behind it then know which
    /// sources their gas is a blend of, and need no table of it; a claim that is false ends the run
    /// with an error that names it.
    ///
    /// ```
    /// use gaschain::stage::Spec;
    /// let mut valve = Spec::new("valve");
    /// valve.inlet("feed");
    /// let gas = valve.outlet("gas");
    /// valve.keeps_composition(gas);
    /// ```
    pub fn keeps_composition(&mut self, outlet: Outlet) {
        match self.keeps.get_mut(outlet.place_in(self.id)) {
            Some(keeps) => *keeps = true,
            None => {
                let got = format!("an outlet of {}, by a handle of another stage", self.kind);
                let allowed = "outlets of its own".into();
                self.faults.push(FaultKind::NotAllowed { got, allowed });
            }
        }
    }

    /// Says that, where choices have these names, the equations ask for the gas of whatever can
    /// come to an inlet.
    pub(super) fn asks_for_gas(&mut self, inlet: Inlet, when: &[(Choice, &[usize])]) {
        let chosen =
            |&(choice, names): &(Choice, &[usize])| (choice.place_in(self.id), names.to_vec());
        let when = when.iter().map(chosen).collect();
        self.asks = Some(AsksForGas { inlet: inlet.place_in(self.id), when });
    }

    /// Says that gas leaves at an outlet at the pressure and temperature that two loads state.
    pub(super) fn states_condition(&mut self, outlet: Outlet, pressure: Load, temperature: Load) {
        let (pressure, temperature) = (pressure.place_in(self.id), temperature.place_in(self.id));
        let at = outlet.place_in(self.id);
        self.conditions[at] = Some(Condition::Stated { pressure, temperature });
    }

    /// Says that gas leaves at all outlets at the pressure and temperature it comes with.
    pub(super) fn keeps_condition(&mut self, inlet: Inlet) {
        let inlet = inlet.place_in(self.id);
        self.conditions.fill(Some(Condition::Kept { inlet }));
    }

    /// Says that with a name of a choice two numbers are the pressure and temperature that gas
    /// comes with at an inlet.
    pub(super) fn takes_condition(
        &mut self,
        inlet: Inlet,
        (choice, name): (Choice, usize),
        pressure: Number,
        temperature: Number,
    ) {
        self.takes = Some(TakesOver {
            inlet: inlet.place_in(self.id),
            choice: choice.place_in(self.id),
            name,
            pressure: pressure.place_in(self.id),
            temperature: temperature.place_in(self.id),
        });
    }

    /// Name of the kind, as chain files spell it.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Names of its inlets, as they were declared.
    #[must_use]
    pub fn inlets(&self) -> &[String] {
        &self.inlets
    }

    /// Names of its outlets, as they were declared.
    #[must_use]
    pub fn outlets(&self) -> &[String] {
        &self.outlets
    }

    /// Names of its imports, as they were declared.
    #[must_use]
    pub fn imports(&self) -> &[String] {
        &self.imports
    }

    /// Its parameters, as they were declared.
    #[must_use]
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The loads it states, as they were declared.
    #[must_use]
    pub fn loads(&self) -> &[StatedLoad] {
        &self.loads
    }

    /// Whether species turn into others.
    #[must_use]
    pub const fn is_reacting(&self) -> bool {
        self.reacts
    }

    /// Whether its loads may rise and fall again.
    pub(crate) const fn is_oscillating(&self) -> bool {
        self.oscillates
    }

    /// What is known of the pressure and temperature at an outlet.
    pub(crate) fn condition(&self, outlet: usize) -> Option<Condition> {
        self.conditions[outlet]
    }

    /// Whether what leaves at an outlet is what comes, blended or parted.
    pub(crate) fn is_kept(&self, outlet: usize) -> bool {
        self.keeps[outlet]
    }

    /// The inlet whose gas it asks for, given which name of each parameter is chosen.
    pub(crate) fn asks(&self, chosen: impl Fn(usize) -> usize) -> Option<usize> {
        let asks = self.asks.as_ref()?;
        asks.when
            .iter()
            .all(|(choice, names)| names.contains(&chosen(*choice)))
            .then_some(asks.inlet)
    }

    pub(crate) const fn takes_over(&self) -> Option<TakesOver> {
        self.takes
    }

    pub(crate) const fn supply(&self) -> Option<Offer> {
        self.supply
    }

    /// Whether what leaves at an outlet is burned.
    pub(crate) fn is_burned(&self, outlet: usize) -> bool {
        self.burned[outlet]
    }

    /// Whether an import decides what flows at an outlet.
    pub(crate) fn is_on_demand(&self, outlet: usize) -> bool {
        self.on_demand[outlet]
    }

    /// What is wrong with it.
    pub(crate) fn faults(&self) -> &[FaultKind] {
        &self.faults
    }

    pub(crate) const fn id(&self) -> SpecId {
        self.id
    }

    /// Handles of all its outlets.
    pub(crate) fn outlet_handles(&self) -> impl Iterator<Item = Outlet> {
        let id = self.id;
        (0..self.outlets.len()).map(move |at| Handle::new(id, at))
    }

    /// Handles of all its loads.
    pub(crate) fn load_handles(&self) -> impl Iterator<Item = Load> {
        let id = self.id;
        (0..self.loads.len()).map(move |at| Handle::new(id, at))
    }
}

/// A spec as data for others: keys always there, `null` for what does not exist.
impl Serialize for Spec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let outlets = self.outlets.iter().zip(&self.burned).zip(&self.on_demand);
        let shown = Shown {
            kind: &self.kind,
            inlets: &self.inlets,
            outlets: outlets
                .map(|((name, &burned), &on_demand)| ShownOutlet { name, burned, on_demand })
                .collect(),
            imports: &self.imports,
            parameters: self.parameters.iter().map(ShownParameter::of).collect(),
            loads: self.loads.iter().map(ShownLoad::of).collect(),
            reacts: self.reacts,
        };
        shown.serialize(serializer)
    }
}

#[derive(Serialize)]
struct Shown<'a> {
    kind: &'a str,
    inlets: &'a [String],
    outlets: Vec<ShownOutlet<'a>>,
    imports: &'a [String],
    parameters: Vec<ShownParameter<'a>>,
    loads: Vec<ShownLoad<'a>>,
    reacts: bool,
}

#[derive(Serialize)]
struct ShownOutlet<'a> {
    name: &'a str,
    burned: bool,
    on_demand: bool,
}

#[derive(Serialize)]
struct ShownParameter<'a> {
    parameter: &'a str,
    about: &'a str,
    unit: Option<String>,
    allowed: String,
    default: Option<String>,
    evidence: Option<&'static str>,
    source: Option<&'a str>,
}

impl<'a> ShownParameter<'a> {
    fn of(parameter: &'a Parameter) -> Self {
        let unit = Some(parameter.kind.unit()).filter(|unit| !unit.is_empty());
        let default = parameter.default.as_ref();
        let provenance = default.map(|_| &parameter.provenance);
        Self {
            parameter: &parameter.name,
            about: &parameter.about,
            unit,
            allowed: parameter.kind.allowed(),
            default: default.map(ToString::to_string),
            evidence: provenance.map(|provenance| provenance.evidence.as_str()),
            source: provenance.map(|provenance| provenance.source.as_str()),
        }
    }
}

#[derive(Serialize)]
struct ShownLoad<'a> {
    load: &'a str,
    about: &'a str,
    unit: String,
}

impl<'a> ShownLoad<'a> {
    fn of(load: &'a StatedLoad) -> Self {
        Self { load: &load.name, about: &load.about, unit: load.unit.to_string() }
    }
}
