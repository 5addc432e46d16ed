//! A chain as a function of numbers: values of some parameters in, results out.
//!
//! *In:* addresses of parameters and of results, each with its unit. *Out:* numbers, columns of
//! them, derivatives. *Order:* addresses are judged once, the chain is recorded when it is first
//! called, and then points are worked out as those of a sweep are.

use crate::case::Case;
use crate::chain::Chain;
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use crate::param::{PlacedParameter, Values};
use crate::quantity::Unit;
use crate::solved::with_unit;
use crate::solved::{FULLY_DRAWN, Output};
use crate::sweep::{Evaluator, Gradient, Results, Slopes, Variable, Workspace};
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

/// A chain as a function of numbers: values of some parameters in, results out, all in the units
/// that were asked for.
///
/// The chain is recorded once, with everything but its inputs worked out beforehand, and points
/// are then run as scenarios of a sweep are: what comes out is what [`Case::solve`] gives, to
/// 1e-12, some hundred times as fast. Points that the recording is not sure of are solved by
/// themselves; so are, as a check, the first 1,024 and from then on one of every so many. Should
/// one of these differ, which is a fault of this crate or of a stage, all later points are solved
/// by themselves.
///
/// Clones share the recording, and count their points anew: one for each thread.
///
/// ```
/// let chain = gaschain::amur::chain();
/// let mut sales = chain.function(
///     ["kovykta.flow", "gpp.ngl.ethane [%]"], // bcm/yr, and percent
///     ["heihe.sales_gas.volume [million m3/d]", "gcc.polyethylene.mass"],
/// )?;
/// let mut results = [0.0; 2];
/// sales.call(&[6.0, 95.0], &mut results)?;
/// assert!((results[0] - 74.08).abs() < 0.01); // million m3 a day
///
/// let error = sales.call(&[6.0, 120.0], &mut results).unwrap_err();
/// assert_eq!(error.to_string(), "gpp.ngl.ethane: 120 % is outside the allowed range 0 % to 100 %");
/// # Ok::<(), gaschain::Error>(())
/// ```
pub struct Function {
    evaluator: Arc<Evaluator>,
    inputs: Vec<Input>,
    memory: Workspace,
    /// By output, once asked for.
    gradients: Vec<Option<Gradient>>,
    /// How many points were worked out.
    points: u64,
    /// The inputs of those that are worked out, SI.
    si: Vec<f64>,
    results: Results,
}

/// What it is a function of: a parameter, or several that have the same value.
#[derive(Debug, Clone)]
struct Input {
    /// As it was asked for, without its unit.
    name: String,
    addresses: Vec<String>,
    /// The unit its numbers are given in.
    unit: Unit,
}

impl Chain {
    /// The chain as a function of some of its parameters; all others are the chain's own.
    ///
    /// Inputs are addresses of parameters that are numbers, outputs addresses of results as
    /// [`Chain::output`] finds them; each may have a unit in brackets behind it. Without one,
    /// inputs are in the unit their parameter is shown in, outputs in that of their result.
    ///
    /// One input may stand for several parameters that have the same value, with an equals sign
    /// between their addresses; derivatives with respect to it are those of all together.
    ///
    /// ```
    /// use gaschain::sweep::Slopes;
    /// let chain = gaschain::amur::chain();
    /// let mut function = chain.function(
    ///     ["kovykta_line.own_needs = trunk_line.own_needs [%/1000 km]"],
    ///     ["gpp.feed.load"],
    /// )?;
    /// let mut slopes = Slopes::default();
    /// function.gradient(0, &[1.5], &mut slopes)?;
    /// assert_eq!(slopes.slopes.len(), 1);
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    ///
    /// ```
    /// let chain = gaschain::amur::chain();
    /// let mut function = chain.function(["gpp.trains"], ["kovykta.stopped_by"])?;
    /// let mut stop = [0.0];
    /// function.call(&[4.0], &mut stop)?;
    /// let names = function.outputs()[0].names().unwrap(); // what its numbers count
    /// assert_eq!(names[stop[0] as usize], "gpp.feed");
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    ///
    /// # Errors
    /// All unknown addresses and units; inputs that are no numbers, or there twice.
    pub fn function(
        &self,
        inputs: impl IntoIterator<Item = impl AsRef<str>>,
        outputs: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Function, Error> {
        Ok(Function::new(self, &self.values, inputs, outputs)?)
    }
}

impl Case {
    /// The same as [`Chain::function`], all parameters that are no inputs as this case has them.
    ///
    /// ```
    /// let mut case = gaschain::amur::chain().case();
    /// case.set("bypass.open", true)?;
    /// let mut function = case.function(["gpp.trains"], ["heihe.sales_gas.volume"])?;
    /// let mut sales = [0.0];
    /// function.call(&[4.0], &mut sales)?;
    /// assert!(sales[0] > 27.0); // bcm/yr: some of the gas goes past the plant
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Chain::function`].
    pub fn function(
        &self,
        inputs: impl IntoIterator<Item = impl AsRef<str>>,
        outputs: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Function, Error> {
        Ok(Function::new(self.chain(), &self.values, inputs, outputs)?)
    }
}

impl Input {
    /// `kovykta.flow`, `kovykta.flow [million m3/d]`, `one.own_needs = other.own_needs [%/1000 km]`.
    fn find(chain: &Chain, written: &str) -> Result<Self, FaultKind> {
        let mut found: Vec<(&PlacedParameter, Unit)> = Vec::new();
        let (addresses, unit) = with_unit(written);
        for address in addresses.split('=').map(str::trim) {
            // the unit in brackets behind the last stands for all
            found.push(match unit {
                Some(unit) => chain.find_number(&format!("{address} [{unit}]"))?,
                None => chain.find_number(address)?,
            });
        }
        let dimension = found[0].1.dimension();
        if let Some(other) = found.iter().find(|(_, unit)| unit.dimension() != dimension) {
            return Err(FaultKind::WrongDimension {
                got: other.0.address.clone(),
                got_dimension: other.1.dimension().to_string(),
                allowed: format!("{dimension}, as {} is", found[0].0.address),
            });
        }
        let unit = found[0].1;
        let addresses: Vec<String> =
            found.into_iter().map(|(parameter, _)| parameter.address.clone()).collect();
        Ok(Self { name: addresses.join(" = "), addresses, unit })
    }
}

impl Function {
    fn new(
        chain: &Chain,
        base: &Values,
        inputs: impl IntoIterator<Item = impl AsRef<str>>,
        outputs: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut placed: Vec<Input> = Vec::new();
        let mut seen: HashSet<String> = HashSet::new();
        for written in inputs {
            let written = written.as_ref();
            match Input::find(chain, written) {
                Ok(input) => {
                    for address in &input.addresses {
                        if !seen.insert(address.clone()) {
                            let (what, name) = ("input", address.clone());
                            let kind = FaultKind::Duplicate { what, name, first: None };
                            faults.push(Place::address(written), kind);
                        }
                    }
                    placed.push(input);
                }
                Err(kind) => faults.push(Place::address(written), kind),
            }
        }
        let outputs: Vec<String> =
            outputs.into_iter().map(|output| output.as_ref().to_owned()).collect();
        let mut variables = Vec::new();
        for &Input { ref addresses, unit, .. } in &placed {
            let number = |address: &String| Variable::Number { address: address.clone(), unit };
            variables.extend(addresses.iter().map(number));
        }
        match Evaluator::new(chain, base, &variables, &outputs, |address| Place::address(address)) {
            Ok(evaluator) => {
                evaluator.judge_together(|address| Place::address(address), &mut faults);
                faults.into_result(())?;
                Ok(Self::of(Arc::new(evaluator), placed))
            }
            Err(more) => {
                faults.append(more);
                Err(faults)
            }
        }
    }

    fn of(evaluator: Arc<Evaluator>, inputs: Vec<Input>) -> Self {
        Self {
            memory: evaluator.workspace(),
            gradients: evaluator.outputs().iter().map(|_| None).collect(),
            points: 0,
            si: Vec::new(),
            results: Results::default(),
            evaluator,
            inputs,
        }
    }

    /// Addresses of its inputs, each with the unit its numbers are in.
    #[must_use]
    pub fn inputs(&self) -> impl ExactSizeIterator<Item = (&str, Unit)> {
        self.inputs.iter().map(|input| (input.name.as_str(), input.unit))
    }

    /// Its outputs, with their units, and the names that numbers of those stand for that are
    /// names.
    #[must_use]
    pub fn outputs(&self) -> &[Output] {
        self.evaluator.outputs()
    }

    /// Works out one point: a number for each input, and one for each output; not a number where
    /// an output does not exist.
    ///
    /// ```
    /// let mut function = gaschain::amur::chain()
    ///     .function(["heihe.demand [million m3/d]"], ["kovykta.accepted"])?;
    /// let mut accepted = [0.0];
    /// for demand in [80.0, 90.0, 100.0] {
    ///     function.call(&[demand], &mut accepted)?;
    ///     println!("{demand} million m3 a day: {:.2} bcm/yr of Kovykta", accepted[0]);
    /// }
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    ///
    /// # Errors
    /// Another number of inputs or outputs; a value out of its parameter's range; all errors of
    /// [`Case::solve`].
    pub fn call(&mut self, inputs: &[f64], outputs: &mut [f64]) -> Result<(), Error> {
        fits("inputs", inputs.len(), self.inputs.len())?;
        fits("outputs", outputs.len(), self.outputs().len())?;
        let mut results = std::mem::take(&mut self.results);
        self.work_out(inputs, 1, &mut results);
        if results.failures.is_empty() {
            outputs.copy_from_slice(&results.values);
            self.results = results;
            return Ok(());
        }
        self.results = results;
        let solved = self.evaluator.solve(&mut self.memory, &self.si, 0, 1)?;
        for (number, output) in outputs.iter_mut().zip(self.evaluator.outputs()) {
            *number = output.of(&solved);
        }
        Ok(())
    }

    /// Works out many points at once, faster than one after another: `inputs` holds input after
    /// input, a number each for every point; so do [`Results::values`] of outputs.
    ///
    /// ```
    /// use gaschain::sweep::Results;
    ///
    /// let mut function = gaschain::amur::chain()
    ///     .function(["kovykta.flow", "gpp.trains"], ["heihe.sales_gas.volume"])?;
    /// let mut results = Results::default(); // to be used again for later points
    /// function.columns(&[6.0, 26.0, 26.0, /* trains: */ 6.0, 6.0, 4.0], &mut results)?;
    /// let sales = results.column(0);
    /// assert!(sales[0] < sales[1] && sales[1] > sales[2]);
    /// assert!(results.failures.is_empty());
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    ///
    /// # Errors
    /// A number of inputs that is not that of a whole number of points. Points that cannot be
    /// solved are among the results ([`Results::failures`]).
    pub fn columns(&mut self, inputs: &[f64], results: &mut Results) -> Result<(), Error> {
        let count = self.count(inputs)?;
        self.work_out(inputs, count, results);
        Ok(())
    }

    /// Works out an output (counted as in [`Function::outputs`]) at some points, and how it moves
    /// with each input there; `inputs` as for [`Function::columns`].
    ///
    /// What a limit stops moves with the limit: the derivative of a flow that `heihe.demand` stops
    /// with respect to `kovykta.flow` is zero, and that with respect to `heihe.demand` is not.
    /// Where a limit that stops nothing is just at its capacity, or one that stops an inlet just
    /// begins to, the output has a kink there, and the derivative is that of one side; such limits
    /// are named ([`Slopes::kinks`]).
    ///
    /// ```
    /// use gaschain::sweep::Slopes;
    ///
    /// let mut function = gaschain::amur::chain()
    ///     .function(["heihe.demand", "kovykta.flow"], ["kovykta.accepted"])?;
    /// let mut slopes = Slopes::default(); // to be used again for later points
    /// function.gradient(0, &[38.0, 27.0], &mut slopes)?;
    /// // bcm/yr that Kovykta brings more for each that the border takes more
    /// assert!(slopes.of(0)[0] > 1.0);
    /// assert!(slopes.of(1)[0].abs() < 1e-12);
    /// assert_eq!(function.stopped_by(&slopes, "kovykta", 0), Some("heihe.demand"));
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    ///
    /// # Errors
    /// An output that there is not; a chain that cannot be recorded; a number of inputs that is
    /// not that of a whole number of points.
    pub fn gradient(
        &mut self,
        output: usize,
        inputs: &[f64],
        slopes: &mut Slopes,
    ) -> Result<(), Error> {
        let count = self.count(inputs)?;
        self.take(inputs, count);
        let known = self.gradients.get_mut(output).and_then(Option::take);
        let mut gradient = match known {
            Some(gradient) => gradient,
            None => Gradient::new(&self.evaluator, output)?,
        };
        gradient.run(&self.evaluator, &self.si, count, slopes);
        if self.memory.alone {
            slopes.forget();
        }
        self.gradients[output] = Some(gradient);
        let each = self.inputs.iter().map(|input| input.addresses.len());
        slopes.add_up(each);
        for (column, input) in slopes.slopes.chunks_exact_mut(count.max(1)).zip(&self.inputs) {
            let one = input.unit.to_si(1.0) - input.unit.to_si(0.0);
            for slope in column {
                *slope *= one;
            }
        }
        Ok(())
    }

    /// What stopped an inlet first of all at a point of those of a gradient: a limit, or `fully
    /// drawn`; `None` for an inlet or a point that there is not, and where the derivatives are not
    /// known.
    #[must_use]
    pub fn stopped_by(&self, slopes: &Slopes, inlet: &str, point: usize) -> Option<&str> {
        let tree = &self.evaluator.chain().tree;
        let inlet = tree.inlets.position(|other| other.address == inlet)?;
        let stop = slopes.stop(inlet.index(), point)?;
        Some(tree.stop_address(stop).unwrap_or(FULLY_DRAWN))
    }

    /// Operations on numbers that a point takes, if every loop of root finding goes round once;
    /// `None` where points are solved by themselves.
    #[must_use]
    pub fn operations(&self) -> Option<usize> {
        self.evaluator.operations()
    }

    /// How many points these are the inputs of.
    fn count(&self, inputs: &[f64]) -> Result<usize, FaultKind> {
        match self.inputs.len() {
            0 => fits("inputs", inputs.len(), 0).map(|()| 1),
            each if inputs.len().is_multiple_of(each) => Ok(inputs.len() / each),
            each => Err(FaultKind::NotAllowed {
                got: format!("{} inputs", inputs.len()),
                allowed: format!("{each} for each point"),
            }),
        }
    }

    /// Takes inputs over, in SI.
    fn take(&mut self, inputs: &[f64], count: usize) {
        self.si.clear();
        for (input, column) in self.inputs.iter().zip(inputs.chunks_exact(count.max(1))) {
            for _ in &input.addresses {
                self.si.extend(column.iter().map(|&number| input.unit.to_si(number)));
            }
        }
    }

    fn work_out(&mut self, inputs: &[f64], count: usize, results: &mut Results) {
        self.take(inputs, count);
        self.evaluator.run(&mut self.memory, self.points, &self.si, count, results);
        self.points += count as u64;
        self.memory.alone |= !results.disagreed.is_empty();
    }
}

/// Whether there are as many numbers as there should be.
fn fits(what: &str, got: usize, allowed: usize) -> Result<(), FaultKind> {
    if got == allowed {
        return Ok(());
    }
    let (got, allowed) = (format!("{got} {what}"), allowed.to_string());
    Err(FaultKind::NotAllowed { got, allowed })
}

impl Clone for Function {
    fn clone(&self) -> Self {
        Self::of(Arc::clone(&self.evaluator), self.inputs.clone())
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outputs: Vec<&str> = self.outputs().iter().map(Output::address).collect();
        f.debug_struct("Function")
            .field("chain", &self.evaluator.chain().name())
            .field("inputs", &self.inputs)
            .field("outputs", &outputs)
            .finish_non_exhaustive()
    }
}
