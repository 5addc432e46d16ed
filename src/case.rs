//! A case of a chain: its values, and running it with them.
//!
//! *In:* a chain, values by address. *Out:* a [`Solved`], which exists only if every balance
//! closed. *Order:* values are judged as they are set; a run follows the operating rule and then
//! closes every balance.

use crate::chain::{Chain, Memory};
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{Value, Values, unit_fault};
use crate::quantity::{Quantity, Unit};
use crate::scenario::Scenario;
use crate::solved::Solved;
use std::sync::Arc;

/// A chain with values of its own, ready to be run: it keeps its working memory, so that one case
/// runs many sets of values faster than many cases.
///
/// ```
/// use gaschain::{Error, amur};
///
/// fn main() -> Result<(), Error> {
///     let mut case = amur::chain().case();
///     let mut sales = Vec::new();
///     for trains in [6.0, 5.0, 4.0] {
///         let solved = case.set("gpp.trains", trains)?.solve()?;
///         sales.push(solved.value("heihe.sales_gas.volume")?); // bcm/yr
///     }
///     assert!(sales[0] > sales[1] && sales[1] > sales[2]);
///
///     case.reset(); // the chain's own values again
///     case.set_all([("kovykta.flow", "6 bcm/yr"), ("heihe.demand", "30 bcm/yr")])?;
///     let solved = case.solve()?;
///     assert!(solved.inlet("kovykta")?.stopped_by.is_fully_drawn());
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Case {
    chain: Chain,
    /// Shared with results of runs, until they change.
    pub(crate) values: Arc<Values>,
    memory: Memory,
    made_of: Option<Arc<MadeOf>>,
}

/// What a case was made of beside its chain: the scenarios it took over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MadeOf {
    /// Name of the last.
    pub name: String,
    /// The question it answers.
    pub question: Option<String>,
    /// What it calls its chain.
    pub chain: String,
}

impl Chain {
    /// A case with the chain's own values.
    #[must_use]
    pub fn case(&self) -> Case {
        self.case_of(Arc::clone(&self.values))
    }

    pub(crate) fn case_of(&self, values: Arc<Values>) -> Case {
        let memory = Memory::new(&self.tree);
        Case { chain: self.clone(), values, memory, made_of: None }
    }
}

impl Case {
    /// Its chain.
    #[must_use]
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Sets a parameter: a count, a fraction, or a text such as `"38 bcm/yr"`.
    ///
    /// # Errors
    /// An unknown address, with the nearest; a value that does not fit.
    pub fn set(&mut self, address: &str, value: impl Into<Value>) -> Result<&mut Self, Error> {
        self.chain.set(Arc::make_mut(&mut self.values), address, value)?;
        Ok(self)
    }

    /// Sets a parameter to a number of a unit.
    ///
    /// ```
    /// let mut case = gaschain::amur::chain().case();
    /// case.set_in("heihe.demand", 100.0, "million m3/d")?;
    /// let sales = case.solve()?.value("heihe.sales_gas.volume")?;
    /// assert!((sales - 36.5).abs() < 1e-9); // bcm/yr
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Case::set`], and an unknown unit.
    pub fn set_in(&mut self, address: &str, value: f64, unit: &str) -> Result<&mut Self, Error> {
        let index = self.chain.find_parameter(address);
        let wanted = index.ok().and_then(|index| self.chain.parameters[index].kind.wanted());
        let unit = Unit::read(unit).map_err(|error| {
            let mut faults = Faults::default();
            faults.push(Place::address(address), unit_fault(error, wanted));
            faults
        })?;
        self.set(address, Quantity::new(value, unit))
    }

    /// Sets several parameters, or none of them where any has a fault.
    ///
    /// # Errors
    /// All unknown addresses and values that do not fit.
    pub fn set_all<A: AsRef<str>, V: Into<Value>>(
        &mut self,
        values: impl IntoIterator<Item = (A, V)>,
    ) -> Result<&mut Self, Error> {
        self.change(|chain, changed, faults| {
            for (address, value) in values {
                let (address, value) = (address.as_ref(), value.into());
                chain.set_at(changed, address, &value, &Place::address(address), faults);
            }
            chain.judge(changed, |address| Place::address(address), faults);
        })
    }

    /// Sets what a scenario sets, or nothing where any of it has a fault. Results are reported
    /// under its name from then on.
    ///
    /// # Errors
    /// All unknown addresses and values that do not fit, with their places.
    pub fn apply(&mut self, scenario: &Scenario) -> Result<&mut Self, Error> {
        self.change(|chain, changed, faults| scenario.apply(chain, changed, faults))?;
        let (name, question) = (scenario.name.clone(), scenario.question.clone());
        self.made_of = Some(Arc::new(MadeOf { name, question, chain: scenario.chain.clone() }));
        Ok(self)
    }

    /// Gives it a name, under which its results are reported.
    ///
    /// ```
    /// let mut case = gaschain::amur::chain().case();
    /// case.set("gpp.trains", 5.0)?.named("one train away");
    /// assert_eq!(case.solve()?.report().scenario, "one train away");
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    pub fn named(&mut self, name: &str) -> &mut Self {
        let made_of = match self.made_of.take() {
            Some(made_of) => MadeOf { name: name.to_owned(), ..MadeOf::clone(&made_of) },
            None => {
                let chain = self.chain.name().to_owned();
                MadeOf { name: name.to_owned(), question: None, chain }
            }
        };
        self.made_of = Some(Arc::new(made_of));
        self
    }

    /// Changes its values, or none of them where that finds faults.
    fn change(
        &mut self,
        change: impl FnOnce(&Chain, &mut Values, &mut Faults),
    ) -> Result<&mut Self, Error> {
        let mut faults = Faults::default();
        let mut changed = Values::clone(&self.values);
        change(&self.chain, &mut changed, &mut faults);
        faults.into_result(())?;
        self.values = Arc::new(changed);
        Ok(self)
    }

    /// The value of a parameter that is a number, in the unit in brackets behind its address or
    /// else the one it is shown in; `None` where it is not known.
    ///
    /// ```
    /// let mut case = gaschain::amur::chain().case();
    /// assert_eq!(case.get("gpp.trains")?, Some(6.0));
    /// assert_eq!(case.set("heihe.demand", "36.5 bcm/yr")?.get("heihe.demand [million m3/d]")?, Some(100.0));
    /// assert_eq!(case.get("trunk_line.capacity")?, None); // unknown
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    ///
    /// # Errors
    /// An unknown address, with the nearest; a parameter that is no number; a unit that is unknown
    /// or measures something else.
    pub fn get(&self, address: &str) -> Result<Option<f64>, Error> {
        let (parameter, unit) = self.chain.find_number(address)?;
        let number = self.chain.number_in(&self.values, parameter, unit);
        Ok(number.map(|si| unit.from_si(si)))
    }

    /// What was corrected of compositions because it was asked for, as
    /// [`Solved::normalised`] has it.
    pub fn normalised(&self) -> impl Iterator<Item = String> {
        self.values.normalised(&self.chain)
    }

    /// Mole fractions of a parameter that is a composition, by species: with the shares that are set
    /// by themselves, and the species that takes up their balance.
    ///
    /// ```
    /// let mut case = gaschain::amur::chain().case();
    /// case.set("kovykta.composition.C2H6", "6 %")?;
    /// let shares = case.composition("kovykta.composition")?;
    /// assert!(shares.contains(&("ethane", 0.06)));
    /// assert!((shares.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-12);
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    ///
    /// # Errors
    /// An unknown address, with the nearest; a parameter that is no composition.
    pub fn composition(&self, address: &str) -> Result<Vec<(&str, f64)>, Error> {
        let parameter = &self.chain.parameters[self.chain.find_parameter(address)?];
        let Some(shares) = parameter.slot.composition() else {
            return Err(FaultKind::NotAllowed {
                got: format!("{address}, which is {}", parameter.kind.allowed()),
                allowed: "a parameter that is a composition".to_owned(),
            }
            .into());
        };
        let numbers = self.chain.tree.composed(&self.values);
        let shares = numbers[shares].iter().copied();
        Ok(self.chain.slate.names().zip(shares).collect())
    }

    /// Goes back to the chain's own values, and its name.
    pub fn reset(&mut self) -> &mut Self {
        self.values = Arc::clone(&self.chain.values);
        self.made_of = None;
        self
    }

    /// Runs it.
    ///
    /// # Errors
    /// A stage that does not close, equations without meaning for what came in, limits that no
    /// openings hold, a recycle without a solution.
    pub fn solve(&mut self) -> Result<Solved, Error> {
        let Self { chain, values, memory, made_of } = self;
        let solved = match memory.run(chain, values) {
            Ok(()) => Solved::close(chain, values, made_of.as_ref(), &memory.outcome()),
            Err(error) => Err(error),
        };
        Ok(solved.map_err(|error| memory.false_claim(chain, values).unwrap_or(error))?)
    }
}
