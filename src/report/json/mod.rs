//! A result as JSON: every key always there, in one order, `null` for what does not exist.
//!
//! *In:* a solved chain, or a saved file. *Out:* a [`Report`], whose fields are the keys of its
//! JSON. *Order:* the form is here, `fill` fills it in, `layout` writes it, `read` reads it back.
//!
//! Numbers have full precision and the unit stated beside them (or in their key).

mod fill;
mod layout;
mod map;
mod read;

pub(super) use fill::heat_content;
pub(super) use layout::pretty;
pub use map::{Map, Written};

use crate::chain::Openings;
use crate::evidence::Evidence;
use crate::ledger::{Carbon, Energy};
use crate::limit::Direction;
use crate::scenario::Scenario;
use crate::solved::StoppedBy;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A result that stands by itself: to keep, save, read again and compare. It holds no chain, and
/// nothing can be asked of it but what it says.
///
/// ```
/// use gaschain::{Error, Report, amur};
///
/// fn main() -> Result<(), Error> {
///     let mut case = amur::chain().case();
///     case.apply(&amur::scenario("four_trains")?)?;
///     let report: Report = case.solve()?.report();
///     assert_eq!(report.scenario, "four_trains");
///     let kovykta = report.inlets.iter().find(|inlet| inlet.inlet == "kovykta").unwrap();
///     assert_eq!(kovykta.stopped_by, ["gpp.feed"]);
///     assert_eq!(Report::from_json(&report.to_json())?, report);
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Report {
    format: Format,
    /// Name of the scenario; of the chain, where it was none.
    pub scenario: String,
    /// What made it.
    pub made_by: MadeBy,
    /// Every inlet, those of the outermost chain first.
    pub inlets: Vec<Inlet>,
    /// What is promised of the openings: `exact`, `converged` or `local`.
    pub openings: Openings,
    /// What stages took from outside.
    pub imports: Vec<Import>,
    /// Every connection of every level, once.
    pub streams: Vec<Stream>,
    /// Every limit.
    pub limits: Vec<Limit>,
    /// What stages state about themselves.
    pub loads: Vec<Load>,
    /// The chain's products.
    pub products: Vec<Product>,
    /// How well it closed.
    pub balance: Balance,
    /// Where the carbon ends.
    pub carbon: Carbon,
    /// What becomes of the heating value.
    pub energy: Energy,
    /// What a reader should know beside the numbers.
    pub warnings: Vec<String>,
}

impl Report {
    /// The same report under another name.
    #[must_use]
    pub fn named(mut self, scenario: &str) -> Self {
        scenario.clone_into(&mut self.scenario);
        self
    }
}

/// The format of a report, which its first key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Format;

impl Format {
    const NAME: &str = "gaschain.report/1";
}

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Self::NAME)
    }
}

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        if name == Self::NAME {
            return Ok(Self);
        }
        let message = format!("unknown format \"{name}\"; allowed: \"{}\"", Self::NAME);
        Err(serde::de::Error::custom(message))
    }
}

/// What made a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MadeBy {
    /// Version of this crate.
    pub gaschain: String,
    /// Hash of everything that determines the result ([`Solved::inputs`](crate::Solved::inputs)).
    pub inputs: String,
    /// The chain as its scenario names it: the shipped one, or the path of a folder.
    pub chain: String,
    /// What the scenario set, as written, in the order set.
    pub overrides: Map<Written>,
}

impl MadeBy {
    /// The scenario that it says, to be run again under a name.
    ///
    /// ```
    /// let chain = gaschain::amur::chain();
    /// let report = chain.case().set("gpp.trains", 4.0)?.solve()?.report();
    /// let again = report.made_by.scenario(&report.scenario);
    /// let solved = chain.case().apply(&again)?.solve()?;
    /// assert_eq!(solved.inputs(), report.made_by.inputs);
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    #[must_use]
    pub fn scenario(&self, name: &str) -> Scenario {
        let scenario = Scenario::new(name, &self.chain);
        let overrides = self.overrides.iter();
        overrides.fold(scenario, |scenario, (address, value)| {
            scenario.setting(address, value.value().clone())
        })
    }
}

/// What became of an inlet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Inlet {
    /// Full address.
    pub inlet: String,
    /// What was offered, in `unit`.
    pub offered: f64,
    /// What was accepted.
    pub accepted: f64,
    /// What was not.
    pub shut_in: f64,
    /// Unit of the three.
    pub unit: String,
    /// Whether all that was offered was accepted.
    pub fully_drawn: bool,
    /// What stopped it; nothing where it is fully drawn.
    pub stopped_by: StoppedBy,
    /// Whether what stops it breaks at once just past its opening.
    pub jump: bool,
}

/// What a stage took from outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Import {
    /// Address of the stage.
    pub stage: String,
    /// Name of the import.
    pub import: String,
    /// Molar flow.
    pub mol_per_s: f64,
    /// Mass flow.
    pub kg_per_s: f64,
    /// Mole fractions of the species that are there; `null` of a zero stream.
    pub mole_fraction: Option<Map<f64>>,
}

/// A connection with what flows in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Stream {
    /// Port it comes from; `null` where it enters the outermost chain.
    pub from: Option<String>,
    /// Port it goes to; `null` where it leaves the outermost chain.
    pub to: Option<String>,
    /// Molar flow.
    pub mol_per_s: f64,
    /// Mass flow.
    pub kg_per_s: f64,
    /// Mole fractions of the species that are there; `null` of a zero stream.
    pub mole_fraction: Option<Map<f64>>,
    /// Heat content: net heat of combustion at 25 degC; `null` where a species' is not known.
    pub net_mw: Option<f64>,
}

/// What became of a limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Limit {
    /// Full address.
    pub limit: String,
    /// `at_most` or `at_least`.
    pub direction: Direction,
    /// Load, in `unit`.
    pub load: Option<f64>,
    /// Capacity; `null` where it is unknown.
    pub capacity: Option<f64>,
    /// Unit of load, capacity and margin.
    pub unit: String,
    /// Load over capacity of one that is at most so much, capacity over load of one that is at least
    /// so much: above 1 where it is broken, and only there. `null` where there is no such ratio.
    pub utilisation: Option<f64>,
    /// How far the load is on the right side of the capacity.
    pub margin: Option<f64>,
    /// The inlets it stops.
    pub stops: Vec<String>,
    /// Whether it does not hold.
    pub broken: bool,
    /// How its capacity is known.
    pub evidence: Evidence,
    /// The parameters whose product its capacity is.
    pub factors: Vec<Factor>,
}

/// A parameter that a limit's capacity is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Factor {
    /// Its address.
    pub parameter: String,
    /// Its value, in `unit`; `null` where it is unknown.
    pub value: Option<f64>,
    /// Its unit; `1` of a bare number.
    pub unit: String,
}

/// A load that a stage states about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Load {
    /// Its address.
    pub load: String,
    /// Its value, in `unit`; `null` where the stage does not state it as it is set.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: String,
}

/// A named product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Product {
    /// Its name.
    pub product: String,
    /// Its value, in `unit`.
    pub value: Option<f64>,
    /// Unit of value and announced figure.
    pub unit: String,
    /// The announced figure; `null` where there is none.
    pub announced: Option<f64>,
}

/// How well a result closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Balance {
    /// The worst residual of all.
    pub worst_residual: f64,
    /// The worst of each stage and chain.
    pub stages: Vec<StageBalance>,
}

/// The worst balance of a stage or chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StageBalance {
    /// Address of the stage or chain.
    pub stage: String,
    /// The species or element it closes worst in.
    pub of: String,
    /// Difference relative to the throughput.
    pub residual: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    /// Keys of the JSON at one depth of indentation, in order, each once.
    fn keys(text: &str, indent: usize) -> Vec<&str> {
        let mut keys = Vec::new();
        for line in text.lines() {
            let name = line.trim_start();
            if line.len() - name.len() == indent
                && let Some((key, _)) =
                    name.strip_prefix('"').and_then(|rest| rest.split_once("\":"))
                && !keys.contains(&key)
            {
                keys.push(key);
            }
        }
        keys
    }

    fn part<'t>(text: &'t str, key: &str) -> &'t str {
        let start = text.find(&format!("\n  \"{key}\":")).unwrap();
        let rest = &text[start + 3..];
        let end = rest.match_indices("\n  ").map(|(at, _)| at).find(|&at| {
            let next = &rest[at + 3..];
            next.starts_with('"')
        });
        &rest[..end.unwrap_or(rest.len())]
    }

    #[test]
    fn every_key_is_there_in_one_order() {
        let chain = sample::chain();
        let solved = chain.case().solve().unwrap();
        let text = solved.report().to_json();
        let shipped = crate::amur::chain().case().solve().unwrap();
        let report = [
            "format", "scenario", "made_by", "inlets", "openings", "imports", "streams", "limits",
            "loads", "products", "balance", "carbon", "energy", "warnings",
        ];
        assert_eq!(keys(&text, 2), report);
        assert_eq!(keys(part(&text, "made_by"), 4), ["gaschain", "inputs", "chain", "overrides"]);
        assert_eq!(
            keys(part(&text, "inlets"), 6),
            [
                "inlet",
                "offered",
                "accepted",
                "shut_in",
                "unit",
                "fully_drawn",
                "stopped_by",
                "jump"
            ]
        );
        assert_eq!(
            keys(part(&text, "streams"), 6),
            ["from", "to", "mol_per_s", "kg_per_s", "mole_fraction", "net_mw"]
        );
        assert_eq!(
            keys(part(&text, "limits"), 6),
            [
                "limit",
                "direction",
                "load",
                "capacity",
                "unit",
                "utilisation",
                "margin",
                "stops",
                "broken",
                "evidence",
                "factors"
            ]
        );
        assert_eq!(keys(part(&text, "limits"), 10), ["parameter", "value", "unit"]);
        let loads = part(&shipped.report().to_json(), "loads").to_owned();
        assert_eq!(keys(&loads, 6), ["load", "value", "unit"]);
        assert_eq!(keys(part(&text, "products"), 6), ["product", "value", "unit", "announced"]);
        assert_eq!(keys(part(&text, "balance"), 4), ["worst_residual", "stages"]);
        assert_eq!(keys(part(&text, "balance"), 8), ["stage", "of", "residual"]);
        assert_eq!(keys(part(&text, "carbon"), 4), ["unit", "chains"]);
        assert_eq!(
            keys(part(&text, "carbon"), 8),
            [
                "chain",
                "sources",
                "ends",
                "carbon_in",
                "carbon_out",
                "residual",
                "carbon_dioxide",
                "methane_vented",
                "products",
                "carbon_dioxide_per_tonne"
            ]
        );
        assert_eq!(keys(part(&text, "energy"), 4), ["unit", "of", "stages", "gross"]);
        assert_eq!(
            keys(part(&text, "energy"), 8),
            ["stage", "in", "imported", "out", "burned", "reaction", "residual"]
        );
    }

    #[test]
    fn an_import_has_the_keys_of_the_format() {
        let stream = Import {
            stage: "gcc.pe".into(),
            import: "comonomer".into(),
            mol_per_s: 1.0,
            kg_per_s: 0.05,
            mole_fraction: Some(Map(vec![("1-butene".into(), 1.0)])),
        };
        assert_eq!(
            serde_json::to_string(&stream).unwrap(),
            "{\"stage\":\"gcc.pe\",\"import\":\"comonomer\",\"mol_per_s\":1.0,\"kg_per_s\":0.05,\"mole_fraction\":{\"1-butene\":1.0}}"
        );
    }

    #[test]
    fn a_stream_lists_only_what_is_there_in_the_order_of_the_slate() {
        let chain = sample::chain();
        let solved = chain.case().solve().unwrap();
        let report = solved.report();
        let stream = report.streams.iter().find(|stream| stream.from.is_none()).unwrap();
        let names: Vec<&str> =
            stream.mole_fraction.as_ref().unwrap().iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["methane", "helium"]);
        assert_eq!(report.streams.len(), solved.links().count());
    }

    #[test]
    fn what_does_not_exist_is_null() {
        let chain = sample::chain();
        let mut case = chain.case();
        case.set("field.flow", "0 bcm/yr").unwrap();
        let solved = case.solve().unwrap();
        let text = solved.report().to_json();
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        for stream in read["streams"].as_array().unwrap() {
            assert_eq!(stream["mole_fraction"], serde_json::Value::Null);
            assert_eq!(stream["mol_per_s"], 0.0);
        }
        let limits = read["limits"].as_array().unwrap();
        let find = |name: &str| limits.iter().find(|limit| limit["limit"] == name).unwrap();
        assert!(find("city.helium")["load"].is_null());
        assert!(find("plant.feed")["capacity"].is_null());
        assert!(find("plant.feed")["utilisation"].is_null());
        assert!(read["products"][2]["value"].is_null());
        assert!(read["products"][1]["announced"].is_null());
    }

    #[test]
    fn overrides_are_as_written_and_in_the_order_set() {
        let chain = sample::chain();
        let mut case = chain.case();
        case.set("plant.membrane.helium", 0.5).unwrap();
        case.set("city.demand", "1.25 bcm/yr").unwrap();
        let gas = [("methane", 0.75), ("ethane", 0.25)];
        case.set("field.composition", gas).unwrap();
        let solved = case.solve().unwrap();
        let made_by = solved.report().made_by;
        assert_eq!(
            serde_json::to_string(&made_by.overrides).unwrap(),
            "{\"plant.membrane.helium\":0.5,\"city.demand\":\"1.25 bcm/yr\",\"field.composition\":{\"methane\":0.75,\"ethane\":0.25}}"
        );
        assert_eq!(made_by.inputs.len(), "sha256:".len() + 64);
    }
}
