//! Reading a saved report: a format that is not known, keys that are unknown or missing, all at
//! once.

use super::{
    Balance, Factor, Format, Import, Inlet, Limit, Load, MadeBy, Map, Product, Report,
    StageBalance, Stream, pretty,
};
use crate::chain::Openings;
use crate::error::Error;
use crate::evidence::Evidence;
use crate::fault::{Fault, FaultKind, Faults, Place};
use crate::fs;
use crate::ledger::{Carbon, CarbonEnd, CarbonSource, ChainCarbon, Energy, StageEnergy};
use crate::limit::Direction;
use crate::solved::StoppedBy;
use serde_json::Value as Json;
use std::path::Path;

impl Report {
    /// The report as JSON: every key always there, in one order.
    ///
    /// ```
    /// let solved = gaschain::amur::chain().case().solve()?;
    /// let text = solved.report().to_json();
    /// assert!(text.starts_with("{\n  \"format\": \"gaschain.report/1\",\n  \"scenario\": \"amur\""));
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        pretty(self)
    }

    /// Reads what [`Report::to_json`] wrote.
    ///
    /// ```
    /// use gaschain::Report;
    ///
    /// let report = gaschain::amur::chain().case().solve()?.report();
    /// assert_eq!(Report::from_json(&report.to_json())?, report);
    ///
    /// let later = report.to_json().replace("gaschain.report/1", "gaschain.report/7");
    /// assert_eq!(
    ///     Report::from_json(&later).unwrap_err().to_string(),
    ///     "format: unknown format \"gaschain.report/7\"; nearest: \"gaschain.report/1\""
    /// );
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    ///
    /// # Errors
    /// A text that is no JSON; a format that is not known; all unknown and missing keys; a value
    /// of another kind than its key has.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        Ok(read(text, &Place::default())?)
    }

    /// Writes it as a JSON file, whole or not at all.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let text = self.to_json() + "\n";
        fs::replace(path, text.as_bytes()).map_err(|error| fs::fault("write", path, &error))
    }

    /// Reads a JSON file.
    ///
    /// ```
    /// use gaschain::Report;
    ///
    /// let report = gaschain::amur::chain().case().solve()?.report();
    /// # let file = std::env::temp_dir().join(format!("gaschain-report-doc-{}", std::process::id()));
    /// report.write(&file)?;
    /// assert_eq!(Report::read(&file)?, report);
    /// # std::fs::remove_file(file).unwrap();
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    ///
    /// # Errors
    /// A file that cannot be read, and all of [`Report::from_json`].
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|why| fs::fault("read", path, &why))?;
        Ok(read(&text, &Place::file(path.display().to_string()))?)
    }
}

fn read(text: &str, place: &Place) -> Result<Report, Faults> {
    let no_json = |error: serde_json::Error| {
        let place = Place { line: Some(error.line()), ..place.clone() };
        Fault { place, kind: FaultKind::Syntax { message: error.to_string() } }.into()
    };
    let value: Json = serde_json::from_str(text).map_err(no_json)?;
    let mut faults = Faults::default();
    let at = |address: &str| place.clone().at_address(address);
    match value.get("format") {
        Some(Json::String(format)) if format == Format::NAME => {
            let keys = serde_json::to_value(template()).unwrap_or_default();
            compare_keys(&value, &keys, "", &at, &mut faults);
        }
        // keys of another format are not ours to judge
        Some(other) => {
            let got = other.as_str().map_or_else(|| other.to_string(), str::to_owned);
            faults.push(at("format"), FaultKind::unknown("format", &got, [Format::NAME]));
        }
        None => {
            let kind = FaultKind::Missing { what: "key", name: "format".to_owned() };
            faults.push(place.clone(), kind);
        }
    }
    faults.into_result(())?;
    serde_json::from_str(text).map_err(no_json)
}

/// Holds the keys of a value against those that a report has there.
fn compare_keys(
    value: &Json,
    allowed: &Json,
    address: &str,
    at: &impl Fn(&str) -> Place,
    faults: &mut Faults,
) {
    let under =
        |key: &str| if address.is_empty() { key.to_owned() } else { format!("{address}.{key}") };
    match (value, allowed) {
        // keys that are names, and are anybody's
        (_, Json::Object(keys)) if keys.is_empty() => {}
        (Json::Object(got), Json::Object(keys)) => {
            for key in got.keys().filter(|key| !keys.contains_key(*key)) {
                faults.push(at(&under(key)), FaultKind::unknown("key", key, keys.keys()));
            }
            for (key, allowed) in keys {
                match got.get(key) {
                    Some(value) => compare_keys(value, allowed, &under(key), at, faults),
                    None => {
                        let place = at(address);
                        let kind = FaultKind::Missing { what: "key", name: key.clone() };
                        let place = if address.is_empty() {
                            Place { address: None, ..place }
                        } else {
                            place
                        };
                        faults.push(place, kind);
                    }
                }
            }
        }
        (Json::Array(got), Json::Array(one)) => {
            for (index, value) in got.iter().enumerate() {
                if let Some(allowed) = one.first() {
                    compare_keys(value, allowed, &format!("{address}[{index}]"), at, faults);
                }
            }
        }
        // whether it is of the right kind is seen when it is read
        _ => {}
    }
}

/// A report with one of everything, for its keys.
fn template() -> Report {
    let text = String::new;
    Report {
        format: Format,
        scenario: text(),
        made_by: MadeBy {
            gaschain: text(),
            inputs: text(),
            chain: text(),
            overrides: Map(Vec::new()),
        },
        inlets: vec![Inlet {
            inlet: text(),
            offered: 0.0,
            accepted: 0.0,
            shut_in: 0.0,
            unit: text(),
            fully_drawn: true,
            stopped_by: StoppedBy::default(),
            jump: false,
        }],
        openings: Openings::Exact,
        imports: vec![Import {
            stage: text(),
            import: text(),
            mol_per_s: 0.0,
            kg_per_s: 0.0,
            mole_fraction: None,
        }],
        streams: vec![Stream {
            from: None,
            to: None,
            mol_per_s: 0.0,
            kg_per_s: 0.0,
            mole_fraction: None,
            net_mw: None,
        }],
        limits: vec![Limit {
            limit: text(),
            direction: Direction::AtMost,
            load: None,
            capacity: None,
            unit: text(),
            utilisation: None,
            margin: None,
            stops: Vec::new(),
            broken: false,
            evidence: Evidence::Assumed,
            factors: vec![Factor { parameter: text(), value: None, unit: text() }],
        }],
        loads: vec![Load { load: text(), value: None, unit: text() }],
        products: vec![Product { product: text(), value: None, unit: text(), announced: None }],
        balance: Balance {
            worst_residual: 0.0,
            stages: vec![StageBalance { stage: text(), of: text(), residual: 0.0 }],
        },
        carbon: Carbon {
            unit: text(),
            chains: vec![ChainCarbon {
                chain: text(),
                sources: vec![CarbonSource { from: text(), carbon: 0.0 }],
                ends: vec![CarbonEnd {
                    port: text(),
                    end: text(),
                    carbon: 0.0,
                    carbon_dioxide: 0.0,
                    mass: 0.0,
                }],
                carbon_in: 0.0,
                carbon_out: 0.0,
                residual: 0.0,
                carbon_dioxide: 0.0,
                methane_vented: 0.0,
                products: 0.0,
                carbon_dioxide_per_tonne: None,
            }],
        },
        energy: Energy {
            unit: text(),
            of: text(),
            stages: vec![StageEnergy {
                stage: text(),
                inflow: None,
                imported: None,
                outflow: None,
                burned: None,
                reaction: None,
                residual: None,
            }],
            gross: vec![StageEnergy {
                stage: text(),
                inflow: None,
                imported: None,
                outflow: None,
                burned: None,
                reaction: None,
                residual: None,
            }],
        },
        warnings: Vec::new(),
    }
}
