//! A source of scenarios that needs no chain: cheap, and every number known beforehand.

use gaschain::quantity::Unit;
use gaschain::sweep::{Block, Column, Layout, Source};

/// Numbers made from the scenario's own; every 701st fails.
#[derive(Debug)]
pub struct Squares {
    /// How many scenarios there are.
    pub scenarios: u64,
    /// Time that a block takes beside its work.
    pub pause: std::time::Duration,
    /// Whether some fail.
    pub failing: bool,
}

impl Squares {
    /// So many scenarios, without pause.
    pub fn new(scenarios: u64) -> Self {
        Self { scenarios, pause: std::time::Duration::ZERO, failing: true }
    }
}

/// A number in [0, 1) that looks random.
fn mixed(scenario: u64) -> f64 {
    let mixed = (scenario ^ 0x9e37_79b9).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

impl Source for Squares {
    type Memory = ();

    fn layout(&self) -> Layout {
        let number = |address: &str, unit| Column { address: address.into(), unit, names: None };
        let names = ["fully drawn", "plant.feed", "market.demand"].map(str::to_owned).to_vec();
        Layout {
            axes: vec![number("field.flow", Some(Unit::BCM_PER_YEAR))],
            outputs: vec![
                number("plant.gas.volume", Some(Unit::BCM_PER_YEAR)),
                number("plant.margin", None),
                Column { address: "field.stopped_by".into(), unit: None, names: Some(names) },
            ],
            limits: ["plant.least_feed", "market.heat"].map(str::to_owned).to_vec(),
        }
    }

    fn scenarios(&self) -> u64 {
        self.scenarios
    }

    fn memory(&self) {}

    fn fill(&self, (): &mut (), count: usize, block: &mut Block) {
        std::thread::sleep(self.pause);
        let numbers = || (block.first..).take(count);
        let fails = |scenario: u64| self.failing && scenario % 701 == 700;
        let or_none = |scenario: u64, value: f64| if fails(scenario) { f64::NAN } else { value };
        let results = &mut block.results;
        results.count = count;
        block.inputs.clear();
        block.inputs.extend(numbers().map(|scenario| 30.0 * mixed(scenario)));
        results.values.clear();
        results.values.extend(numbers().map(|n| or_none(n, 40.0 * mixed(n) * mixed(n))));
        results.values.extend(numbers().map(|n| or_none(n, 1e-3 * (mixed(n) - 0.5))));
        results.values.extend(numbers().map(|n| or_none(n, (n % 3) as f64)));
        results.residuals.clear();
        results.residuals.extend(numbers().map(|n| or_none(n, 1e-16 * (n % 7) as f64)));
        let breaks = |n: u64| u64::from(n % 5 == 3) | u64::from(n % 11 == 3) << 1;
        results.broken.clear();
        results.broken.extend(numbers().map(|n| if fails(n) { 0 } else { breaks(n) }));
        results.failures.clear();
        for lane in (0..count).filter(|lane| fails(block.first + *lane as u64)) {
            results.failures.push((lane, "a \"stage\" does not close\nand why".to_owned()));
        }
        results.rerun = results.failures.len();
    }
}
