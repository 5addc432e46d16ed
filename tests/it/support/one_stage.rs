//! A stage by itself: a chain folder of one stage, a supply at each inlet.

use crate::support::solved::get;
use gaschain::chain::{Chain, Folder};
use gaschain::param::Value;
use gaschain::quantity::{Quantity, Unit};
use gaschain::solved::Solved;
use std::fmt::Write;

/// kg/mol, from the atomic masses of ISO 6976:2016.
const CARBON: f64 = 0.012_010_7;
const HYDROGEN: f64 = 0.001_007_94;

/// A species without a heat of combustion, beside those of the shipped chain.
const RESIDUE: &str = "residue,C8H8,,,,,,,,,,,,nothing known of it\n";

/// kg/mol of a hydrocarbon.
pub fn molar_mass(carbon: u32, hydrogen: u32) -> f64 {
    f64::from(carbon) * CARBON + f64::from(hydrogen) * HYDROGEN
}

/// A chain of one stage called `stage`: a supply of 1 mol/s, `to_<inlet>`, at each inlet, and
/// everything that comes out leaves as a product. `stage` is its table in the chain file.
pub fn one_stage(stage: &str, inlets: &[&str], outlets: &[&str], yields: Option<&str>) -> Chain {
    one_stage_fed("1 mol/s", stage, inlets, outlets, yields)
}

/// A chain of one stage as [`one_stage`], with other supplies.
pub fn one_stage_fed(
    flow: &str,
    stage: &str,
    inlets: &[&str],
    outlets: &[&str],
    yields: Option<&str>,
) -> Chain {
    let mut text = String::from("name = \"one stage\"\nconnections = [\n");
    for inlet in inlets {
        writeln!(text, "  \"to_{inlet} -> stage.{inlet}\",").unwrap();
    }
    let products: Vec<String> = outlets.iter().map(|name| format!("\"stage.{name}\"")).collect();
    writeln!(text, "]\n[leaving]\nproducts = [{}]", products.join(", ")).unwrap();
    for inlet in inlets {
        writeln!(
            text,
            "[stages.to_{inlet}]\nkind = \"supply\"\nset.flow = \"{flow}\"\nset.composition.methane = 1"
        )
        .unwrap();
    }
    writeln!(text, "[stages.stage]\n{stage}").unwrap();
    let shipped = gaschain::amur::folder();
    let mut folder = Folder { name: "one".into(), ..Folder::default() };
    folder.files.insert("chain.toml".into(), text.into_bytes());
    let mut species = shipped.files["species.csv"].clone();
    species.extend_from_slice(RESIDUE.as_bytes());
    folder.files.insert("species.csv".into(), species);
    let yields = yields.map_or_else(|| shipped.files["yields.csv"].clone(), Into::into);
    folder.files.insert("yields.csv".into(), yields);
    folder.chain().unwrap_or_else(|faults| panic!("{faults}"))
}

/// The table of a stage with limits that show loads it states, in Mt/yr or, of heat, MW.
pub fn showing(stage: &str, loads: &[&str]) -> String {
    let mut text = format!("{stage}\n");
    for load in loads {
        let unit = if load.ends_with("heat") { "MW" } else { "Mt/yr" };
        writeln!(
            text,
            "limits.{load} = {{ states = \"{load}\", at_most = \"unknown\", unit = \"{unit}\" }}"
        )
        .unwrap();
    }
    text
}

/// Pure feed at an inlet, to be set.
pub fn only(inlet: &str, species: &str) -> (String, Value) {
    (format!("to_{inlet}.composition"), [(species, 1.0)].into())
}

/// Runs a one-stage chain: molar flows by species at each inlet, and values of parameters.
pub fn run(chain: &Chain, feeds: &[(&str, Vec<(&str, f64)>)], set: &[(&str, Value)]) -> Solved {
    let mut case = chain.case();
    for (inlet, flows) in feeds {
        let total: f64 = flows.iter().map(|(_, flow)| flow).sum();
        if total > 0.0 {
            let composition: Value =
                flows.iter().map(|(name, flow)| (*name, flow / total)).collect();
            case.set(&format!("to_{inlet}.composition"), composition).unwrap();
        }
        let flow = Quantity::new(total, Unit::MOL_PER_SECOND);
        case.set(&format!("to_{inlet}.flow"), flow).unwrap();
    }
    for (parameter, value) in set {
        case.set(&format!("stage.{parameter}"), value.clone()).unwrap();
    }
    case.solve().unwrap_or_else(|error| panic!("{error}"))
}

/// Flow of one species at a port, mol/s.
pub fn moles(solved: &Solved, port: &str, species: &str) -> f64 {
    get(solved, &format!("stage.{port}.moles.{species}"))
}
