//! A sweep held against its scenarios, each solved by itself: in success, failure, stops and numbers.

use crate::support::solved::first_stop;
use gaschain::chain::Chain;
use gaschain::fault::Faults;
use gaschain::param::{ParameterKind, Value};
use gaschain::quantity::{Dimension, Quantity};
use gaschain::solved::{InletResult, LimitResult, Solved};
use gaschain::sweep::Table;
use gaschain::sweep::{Block, DesignKind, Source, Sweep};

/// What was compared.
#[derive(Debug, Clone, Copy, Default)]
pub struct Compared {
    pub scenarios: usize,
    pub failed: usize,
    /// Worked out one by one.
    pub rerun: usize,
}

impl std::ops::AddAssign for Compared {
    fn add_assign(&mut self, other: Self) {
        self.scenarios += other.scenarios;
        self.failed += other.failed;
        self.rerun += other.rerun;
    }
}

/// Scenarios of a chain: what varies on top of a base, and what each scenario has of it.
#[derive(Debug)]
pub struct Scenarios<'c> {
    chain: &'c Chain,
    base: Vec<(String, Value)>,
    addresses: Vec<String>,
    /// A value an address each.
    rows: Vec<Vec<Value>>,
}

impl<'c> Scenarios<'c> {
    /// A column of SI numbers for each address.
    pub fn new(chain: &'c Chain, base: &[(String, Value)], columns: &[(String, Vec<f64>)]) -> Self {
        let mut rows = vec![Vec::new(); columns.first().map_or(1, |(_, column)| column.len())];
        for (address, column) in columns {
            let parameter = chain.parameters().iter().find(|other| other.address == *address);
            let ParameterKind::Number { unit, .. } = parameter.unwrap().kind else {
                panic!("{address} is no number")
            };
            for (row, &number) in rows.iter_mut().zip(column) {
                row.push(Quantity::from_si(number, unit).into());
            }
        }
        let addresses = columns.iter().map(|(address, _)| address.clone()).collect();
        Self { chain, base: base.to_vec(), addresses, rows }
    }

    /// Varies a parameter among options, too: which of them each scenario has.
    pub fn choosing(&mut self, address: &str, options: &[Value], picks: &[usize]) {
        for (row, &pick) in self.rows.iter_mut().zip(picks) {
            row.push(options[pick].clone());
        }
        self.addresses.push(address.to_owned());
    }

    /// The sweep of them.
    fn sweep(&self, outputs: &[String]) -> Sweep {
        let cells = |row: &Vec<Value>| row.iter().map(ToString::to_string).collect::<Vec<_>>();
        let rows = self.rows.iter().map(|row| cells(row).join(","));
        let lines: Vec<String> = [self.addresses.join(",")].into_iter().chain(rows).collect();
        let mut faults = Faults::default();
        let table = Table::parse(&lines.join("\n"), "scenarios.csv", &mut faults);
        assert!(faults.is_empty(), "{faults}");
        let sweep = Sweep::new("alike", self.chain.name(), DesignKind::Table(table));
        let set = |sweep: Sweep, (address, value): &(String, Value)| {
            sweep.setting(address, value.clone())
        };
        let sweep = self.base.iter().fold(sweep, set);
        outputs.iter().fold(sweep, |sweep, output| sweep.output(output))
    }

    /// Runs the scenarios both ways, asking for some outputs: as a sweep, which checks each of the
    /// first of its scenarios and may find none to be otherwise, and one by one.
    pub fn compare(&self, outputs: &[String]) -> Result<Compared, String> {
        let prepared = self.sweep(outputs).prepare(self.chain).unwrap().by_programs();
        let mut block = Block::default();
        prepared.fill(&mut prepared.memory(), self.rows.len(), &mut block);
        let (results, columns) = (&block.results, prepared.layout().outputs);
        if !results.disagreed.is_empty() {
            return Err(format!("asked for {outputs:?}: {:?} disagreed", results.disagreed));
        }
        let mut case = self.chain.case();
        case.set_all(self.base.iter().cloned()).unwrap();
        for (lane, row) in self.rows.iter().enumerate() {
            let failed = results.failures.iter().find(|(at, _)| *at == lane);
            let got = failed.map(|(_, message)| message.as_str());
            case.set_all(self.addresses.iter().zip(row.iter().cloned())).unwrap();
            let solved = case.solve();
            let expected = solved.as_ref().err().map(ToString::to_string);
            if got != expected.as_deref() {
                return Err(format!(
                    "asked for {outputs:?}, lane {lane} fails by {got:?}, alone by {expected:?}"
                ));
            }
            let Ok(solved) = solved else { continue };
            for (index, address) in outputs.iter().enumerate() {
                let got = results.column(index)[lane];
                same(&solved, address, columns[index].names.as_deref(), got)
                    .map_err(|why| format!("asked for {outputs:?}, lane {lane}: {why}"))?;
            }
        }
        let (failed, rerun) = (results.failures.len(), results.rerun);
        Ok(Compared { scenarios: self.rows.len(), failed, rerun })
    }
}

/// What is less than this of the largest flow is what rounding leaves.
const ROUNDING: f64 = 1e-12;

/// The largest flow at any port, mol/s.
fn largest(solved: &Solved) -> f64 {
    let ports = solved.chain().ports();
    let flows = ports.map(|port| solved.stream(port).unwrap().mol_per_s());
    flows.fold(0.0, f64::max)
}

/// The most that any inlet is offered, mol/s.
fn offered(solved: &Solved) -> f64 {
    let molar = |inlet: &InletResult<'_>| inlet.unit.dimension() == Dimension::MolarFlow;
    let offered = solved.inlets().filter(molar).map(|inlet| inlet.unit.to_si(inlet.offered));
    offered.fold(0.0, f64::max)
}

/// Holds a number of a sweep against that of its scenario.
fn same(solved: &Solved, address: &str, names: Option<&[String]>, got: f64) -> Result<(), String> {
    if address == "worst_residual" {
        let small = (0.0..1e-12).contains(&got);
        return if small { Ok(()) } else { Err(format!("a residual of {got}")) };
    }
    if let ("openings", Some(names)) = (address, names) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let (got, expected) = (&names[got as usize], solved.openings().as_str());
        return if got == expected { Ok(()) } else { Err(format!("{got}, alone {expected}")) };
    }
    let whole = largest(solved);
    if let (Some(names), Some(inlet)) = (names, address.strip_suffix(".stopped_by")) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let (got, expected) = (&names[got as usize], first_stop(solved, inlet));
        // what stops a stream that is nothing but rounding is one limit or none
        let offered = solved.inlet(inlet).unwrap().offered <= ROUNDING * whole;
        return if offered || *got == expected {
            Ok(())
        } else {
            Err(format!("{inlet} is stopped by {got}, alone by {expected}"))
        };
    }
    let expected = solved.get(address).unwrap().unwrap_or(f64::NAN);
    if got.is_nan() && expected.is_nan() {
        return Ok(());
    }
    let size = expected.abs().max(got.abs());
    let (port, measure) = chain_port(solved, address);
    let scale = match port {
        // a share of what rounding leaves of a stream, or of nothing, is any number
        Some(flow) if measure.contains("fraction") && flow <= ROUNDING * whole => return Ok(()),
        Some(_) if measure.contains("fraction") => 1.0,
        Some(_) => {
            let ports = solved.chain().ports();
            let largest = ports
                .filter_map(|port| solved.get(&format!("{port}.{measure}")).ok().flatten())
                .fold(size, f64::max);
            // an opening holds to a part of what is offered, however little of it is accepted: its
            // limit may be passed by 1e-12 of the load that all of it would bring
            largest * (10.0 * offered(solved) / whole.max(1e-300)).max(1.0)
        }
        None => {
            let limit = address.rsplit_once('.').and_then(|(name, _)| solved.limit(name).ok());
            let sides = limit.as_ref().map(|limit| (limit.load.unwrap_or(0.0), limit.capacity));
            let share = |limit: &LimitResult<'_>| limit.unit.to_si(1.0) <= 1.0;
            if limit.as_ref().is_some_and(share) && (got.is_nan() || expected.is_nan()) {
                return Ok(());
            }
            let capacity = sides.and_then(|(_, capacity)| capacity).unwrap_or(1.0).abs();
            let of_both = sides.map_or(whole, |(load, _)| load.abs().max(capacity).max(whole));
            if measure == "utilisation" { size.max(of_both / capacity) } else { size.max(of_both) }
        }
    };
    if (got - expected).abs() <= 1e-12 * scale {
        Ok(())
    } else {
        Err(format!("{address} is {got}, alone {expected}"))
    }
}

/// The flow at the port of an address and what is asked of it, or no port and its last part.
fn chain_port<'a>(solved: &Solved, address: &'a str) -> (Option<f64>, &'a str) {
    let places = address.match_indices('.').map(|(at, _)| at);
    for at in places {
        if let Ok(stream) = solved.stream(&address[..at]) {
            return (Some(stream.mol_per_s()), &address[at + 1..]);
        }
    }
    (None, address.rsplit_once('.').map_or(address, |(_, field)| field))
}

/// Everything that can be asked of a chain.
pub fn all_outputs(chain: &Chain) -> Vec<String> {
    let ports = chain.ports().flat_map(|port| {
        ["moles", "mass", "volume", "mole_fraction.methane"]
            .map(|measure| format!("{port}.{measure}"))
    });
    let inlets = chain.inlets().flat_map(|inlet| {
        ["stopped_by", "offered", "accepted", "shut_in"].map(|field| format!("{inlet}.{field}"))
    });
    let limits = chain.limits().flat_map(|limit| {
        ["load", "capacity", "utilisation", "margin"]
            .map(|field| format!("{}.{field}", limit.address))
    });
    let of_all = ["openings", "worst_residual"].map(str::to_owned);
    inlets.chain(ports).chain(limits).chain(of_all).collect()
}
