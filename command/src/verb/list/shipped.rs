//! Lists of what the library itself holds: scenarios, kinds, units; and a chain's species.

use super::page::List;
use gaschain::amur;
use gaschain::chain::Chain;
use gaschain::quantity::{Quantity, Unit};
use gaschain::report::number::number;
use gaschain::stage::Kinds;

/// The shipped scenarios of a chain, with the questions they answer.
pub fn scenarios(chain: &Chain) -> List {
    let shipped = amur::scenario_names().filter_map(|name| amur::scenario(name).ok());
    let rows = shipped
        .filter(|scenario| scenario.chain == chain.name())
        .map(|scenario| vec![scenario.name, scenario.question.unwrap_or_default()])
        .collect();
    List { columns: Vec::new(), rows }
}

/// The kinds of stages that chain files can name.
pub fn kinds(kinds: &Kinds) -> List {
    let rows = kinds.names().map(|name| vec![name.to_owned()]).collect();
    List { columns: Vec::new(), rows }
}

/// The units that files can write, with what each measures.
pub fn units(_: &Chain) -> List {
    let rows = Unit::all()
        .map(|unit| {
            let dimension = unit.dimension();
            let in_si = Quantity::fraction(unit.to_si(1.0)).rounded().to_string();
            let also = unit.spellings().join(", ");
            let example = format!("such as \"{}\"", dimension.example());
            vec![shown(unit), dimension.to_string(), in_si, example, also]
        })
        .collect();
    List { columns: vec!["unit", "measures", "1 of it in SI", "written", "also read"], rows }
}

/// A chain's species, with what is known of each.
pub fn species(chain: &Chain) -> List {
    let kilojoules = |heat: Option<f64>| number(heat.map(|heat| heat * 1e-3));
    let rows = chain
        .slate()
        .iter()
        .map(|species| {
            vec![
                species.name.clone(),
                species.formula.to_string(),
                number(Some(species.molar_mass * 1e3)),
                kilojoules(species.gross_heat_25),
                kilojoules(species.net_heat_25()),
                species.source.clone(),
            ]
        })
        .collect();
    let columns =
        vec!["species", "formula", "g/mol", "gross kJ/mol at 25 degC", "net kJ/mol", "source"];
    List { columns, rows }
}

/// A unit as it is written; a bare number has none.
pub fn shown(unit: Unit) -> String {
    let text = unit.to_string();
    if text.is_empty() { "-".to_owned() } else { text }
}
