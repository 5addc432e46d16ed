//! A sweep: the chain, what is asked for, the axes and the design; judged before anything is run.

use super::Axis;
use crate::fault::Place;
use crate::param::Value;
use crate::scenario::{Override, Reading, Scenario};
use crate::sweep::design::{Correlation, DesignKind};

/// A sweep as a person or program asks for it.
///
/// ```
/// use gaschain::sweep::{Axis, Columns, DesignKind, Runner, Source, Sweep};
/// use std::ops::ControlFlow;
///
/// let sweep = Sweep::new("demand against supply", "amur", DesignKind::Grid)
///     .setting("gpp.trains", 5.0)
///     .axis(Axis::steps("kovykta.flow", "6 bcm/yr", "26 bcm/yr", 3))
///     .axis(Axis::steps("heihe.demand", "28 bcm/yr", "38 bcm/yr", 2))
///     .output("heihe.sales_gas.volume");
///
/// let prepared = sweep.prepare(gaschain::amur::chain())?;
/// assert_eq!(prepared.design.len(), 6);
///
/// let mut columns = Columns::new(prepared.layout());
/// Runner::new().run(&prepared, &mut columns, |_| ControlFlow::Continue(()))?;
/// // scenario 1: 6 bcm/yr from Kovykta, 38 asked for
/// assert_eq!((columns.axes[0][1], columns.axes[1][1]), (6.0, 38.0));
/// let sales = &columns.outputs[0];
/// assert!(sales[0] <= sales[1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// Its name.
    pub name: String,
    /// The question it answers, where the file says.
    pub question: Option<String>,
    pub(crate) base: Scenario,
    pub(in crate::sweep) outputs: Vec<(String, Place)>,
    pub(in crate::sweep) kind: DesignKind,
    /// Where the design stands.
    pub(in crate::sweep) place: Place,
    pub(in crate::sweep) axes: Vec<Axis>,
    pub(in crate::sweep) correlations: Vec<Correlation>,
}

impl Sweep {
    /// The same sweep, its values and its chain read as strictly as is said.
    #[must_use]
    pub fn read_as(mut self, reading: Reading) -> Self {
        self.base = self.base.read_as(reading);
        self
    }

    /// A sweep without axes and outputs.
    #[must_use]
    pub fn new(name: &str, chain: &str, kind: DesignKind) -> Self {
        Self {
            name: name.to_owned(),
            question: None,
            base: Scenario::new(name, chain),
            outputs: Vec::new(),
            kind,
            place: Place::address("design"),
            axes: Vec::new(),
            correlations: Vec::new(),
        }
    }

    /// The same sweep with a parameter of the base scenario changed.
    #[must_use]
    pub fn setting(mut self, address: &str, value: impl Into<Value>) -> Self {
        self.base = self.base.setting(address, value);
        self
    }

    /// The same sweep with one more result asked for.
    #[must_use]
    pub fn output(mut self, address: &str) -> Self {
        self.outputs.push((address.to_owned(), Place::address(address)));
        self
    }

    /// The same sweep with one more axis.
    #[must_use]
    pub fn axis(mut self, axis: Axis) -> Self {
        self.axes.push(axis);
        self
    }

    /// The same sweep with two axes correlated.
    #[must_use]
    pub fn correlation(mut self, correlation: Correlation) -> Self {
        self.correlations.push(correlation);
        self
    }

    /// The same sweep with another number of samples, where its design draws any.
    ///
    /// Scrambled Sobol' sequences and Monte Carlo begin with the same scenarios, to the last bit,
    /// however many follow; Sobol' sequences that are not scrambled do up to the next power of two.
    /// Results of fewer are then gone on with as those of a run that was broken off. A Latin
    /// hypercube of another number has other scenarios altogether.
    ///
    /// ```
    /// use gaschain::sweep::{Axis, DesignKind, Sweep};
    /// let sweep = |kind| {
    ///     Sweep::new("more", "amur", kind)
    ///         .axis(Axis::between("kovykta.flow", "15 bcm/yr", "30 bcm/yr"))
    ///         .output("heihe.sales_gas.volume")
    /// };
    /// let chain = gaschain::amur::chain();
    /// let random = sweep(DesignKind::MonteCarlo { samples: 1_000, seed: 1 });
    /// let more = random.clone().with_samples(5_000);
    /// assert_eq!(random.prepare(chain)?.inputs(), more.prepare(chain)?.inputs());
    /// let hypercube = sweep(DesignKind::LatinHypercube { samples: 1_000, seed: 1 });
    /// let more = hypercube.clone().with_samples(5_000);
    /// assert_ne!(hypercube.prepare(chain)?.inputs(), more.prepare(chain)?.inputs());
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    #[must_use]
    pub fn with_samples(mut self, number: u64) -> Self {
        match &mut self.kind {
            DesignKind::LatinHypercube { samples, .. }
            | DesignKind::Sobol { samples, .. }
            | DesignKind::MonteCarlo { samples, .. } => *samples = number,
            DesignKind::Grid | DesignKind::OneAtATime | DesignKind::Table(_) => {}
        }
        self
    }

    /// The shipped chain's name, or a path to a chain folder.
    #[must_use]
    pub fn chain(&self) -> &str {
        &self.base.chain
    }

    /// What is different from the chain in every scenario.
    #[must_use]
    pub fn overrides(&self) -> &[Override] {
        &self.base.overrides
    }

    /// Addresses of the results asked for.
    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        self.outputs.iter().map(|(address, _)| address.as_str())
    }
}
