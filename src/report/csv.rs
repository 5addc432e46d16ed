//! A result as a folder of CSV tables, with the JSON and what made it beside them.
//!
//! | file | one row |
//! |---|---|
//! | `inlets.csv` | an inlet: offered, accepted, shut in, what stopped it |
//! | `imports.csv` | what a stage took from outside |
//! | `streams.csv` | a connection, with a column of mole fractions a species, and its net heat |
//! | `edges.csv` | a connection and a species in it, t/yr between stages, from a supply or import to where it leaves: ready for a Sankey |
//! | `limits.csv` | a limit |
//! | `loads.csv` | what a stage states about itself: a power, a pressure, a furnace load |
//! | `products.csv` | a product, with the announced figure, and what agreement with it is worth where a number was chosen to meet it (`imposed`) or knowing it |
//! | `balance.csv` | the worst balance of a stage or chain |
//! | `carbon.csv` | what brings carbon into a chain, or where it ends, t/yr |
//! | `energy.csv` | the heating value through a stage or chain, PJ/yr |
//! | `made_by.json`, `result.json` | |
//!
//! Numbers have full precision; a cell is empty where there is no number. A text that a spreadsheet
//! would run as a formula (`=1+1`) has an apostrophe before it, which reading takes off again. A
//! [`ResultFolder`] is written whole or not at all.

pub use super::folder::{ResultFolder, write_folder};

use super::json::{Factor, Report, heat_content, pretty};
use super::tonnes_per_year;
use crate::document::csv::dialect::guarded;
use crate::param::UNKNOWN;
use crate::solved::{FULLY_DRAWN, Solved, StoppedBy, StreamView};

pub(super) type Content = Result<Vec<u8>, String>;

pub(super) fn contents(solved: &Solved) -> [(&'static str, Content); 12] {
    let report = solved.report();
    let json = |text: String| Ok((text + "\n").into_bytes());
    [
        ("inlets.csv", inlets(&report)),
        ("imports.csv", imports(solved)),
        ("streams.csv", streams(solved)),
        ("edges.csv", edges(solved)),
        ("limits.csv", limits(&report)),
        ("loads.csv", loads(&report)),
        ("products.csv", products(solved)),
        ("balance.csv", balance(&report)),
        ("carbon.csv", carbon(&report)),
        ("energy.csv", energy(&report)),
        ("made_by.json", json(pretty(&report.made_by))),
        ("result.json", json(report.to_json())),
    ]
}

/// A number with all its digits; empty where there is none.
pub(super) fn cell(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map_or_else(String::new, |value| {
        // nothing is not less than nothing
        format!("{:?}", value + 0.0)
    })
}

fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Content {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let failed = |error: ::csv::Error| error.to_string();
    writer.write_record(header).map_err(failed)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| guarded(cell).into_owned())).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| error.to_string())
}

fn inlets(report: &Report) -> Content {
    let rows = report.inlets.iter().map(|inlet| {
        vec![
            inlet.inlet.clone(),
            cell(Some(inlet.offered)),
            cell(Some(inlet.accepted)),
            cell(Some(inlet.shut_in)),
            inlet.unit.clone(),
            stops(&inlet.stopped_by),
        ]
    });
    table(&["inlet", "offered", "accepted", "shut_in", "unit", "stopped_by"], rows)
}

/// What stopped an inlet, as a cell: limits, with semicolons between them.
pub(super) fn stops(stopped_by: &StoppedBy) -> String {
    if stopped_by.is_fully_drawn() {
        return FULLY_DRAWN.to_owned();
    }
    stopped_by.limits().collect::<Vec<_>>().join("; ")
}

/// The header of a table of streams, and the cells of one.
fn stream_header<'a>(solved: &'a Solved, ends: [&'a str; 2]) -> Vec<&'a str> {
    let flows = ends.into_iter().chain(["mol_per_s", "kg_per_s"]);
    flows.chain(solved.chain().slate.names()).collect()
}

fn stream_cells(stream: StreamView<'_>, ends: [&str; 2]) -> Vec<String> {
    let total = stream.mol_per_s();
    let flows = [total, stream.kg_per_s()].map(|flow| cell(Some(flow)));
    let fraction = |flow: &f64| cell((total > 0.0).then(|| flow.max(0.0) / total));
    let ends = ends.map(str::to_owned).into_iter();
    ends.chain(flows).chain(stream.flows.iter().map(fraction)).collect()
}

fn imports(solved: &Solved) -> Content {
    let rows =
        solved.imports().map(|import| stream_cells(import.stream, [import.stage, import.import]));
    table(&stream_header(solved, ["stage", "import"]), rows)
}

fn streams(solved: &Solved) -> Content {
    let rows = solved.links().map(|link| {
        let ends = [link.from.unwrap_or_default(), link.to.unwrap_or_default()];
        let mut cells = stream_cells(link.stream, ends);
        cells.push(cell(heat_content(link.stream)));
        cells
    });
    let mut header = stream_header(solved, ["from", "to"]);
    header.push("net_mw");
    table(&header, rows)
}

/// Flows between stages, chain ports followed through to the stages inside, so that nothing is
/// counted twice: from a supply or an import to the port by which it leaves.
fn edges(solved: &Solved) -> Content {
    let slate = &solved.chain().slate;
    let rows = solved.edges().flat_map(|edge| {
        let flows = slate.names().zip(edge.stream.flows).zip(slate.molar_masses());
        flows.filter(|((_, flow), _)| **flow > 0.0).map(move |((species, flow), mass)| {
            let tonnes = cell(Some(tonnes_per_year(flow * mass)));
            vec![edge.from.clone(), edge.to.clone(), species.to_owned(), tonnes]
        })
    });
    table(&["from", "to", "species", "t/yr"], rows)
}

/// What a capacity is made of, as a cell: `gpp.trains = 6 units; gpp.train_size = 7 bcm/yr`.
fn factors(factors: &[Factor]) -> String {
    let each = factors.iter().map(|Factor { parameter, value, unit }| match value {
        Some(value) if unit == "1" => format!("{parameter} = {value}"),
        Some(value) => format!("{parameter} = {value} {unit}"),
        None => format!("{parameter} = {UNKNOWN}"),
    });
    each.collect::<Vec<_>>().join("; ")
}

fn limits(report: &Report) -> Content {
    let header = [
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
        "factors",
    ];
    let rows = report.limits.iter().map(|limit| {
        vec![
            limit.limit.clone(),
            limit.direction.as_str().to_owned(),
            cell(limit.load),
            cell(limit.capacity),
            limit.unit.clone(),
            cell(limit.utilisation),
            cell(limit.margin),
            limit.stops.join("; "),
            limit.broken.to_string(),
            limit.evidence.as_str().to_owned(),
            factors(&limit.factors),
        ]
    });
    table(&header, rows)
}

fn products(solved: &Solved) -> Content {
    let header = ["product", "group", "value", "unit", "announced", "gap", "evidence", "agreement"];
    let rows = solved.products().map(|result| {
        let announced = result.announced.map(|announced| announced.value);
        let gap = result.value.zip(announced).map(|(value, announced)| value - announced);
        let evidence = result.announced.map(|announced| announced.provenance.evidence.as_str());
        let worth = result.product.agreement.as_ref().map(|worth| worth.evidence.as_str());
        vec![
            result.product.name.clone(),
            result.product.group.clone(),
            cell(result.value),
            result.product.unit.to_string(),
            cell(announced),
            cell(gap),
            evidence.unwrap_or_default().to_owned(),
            worth.unwrap_or_default().to_owned(),
        ]
    });
    table(&header, rows)
}

fn loads(report: &Report) -> Content {
    let rows = report
        .loads
        .iter()
        .map(|load| vec![load.load.clone(), cell(load.value), load.unit.clone()]);
    table(&["load", "value", "unit"], rows)
}

fn carbon(report: &Report) -> Content {
    let rows = report.carbon.chains.iter().flat_map(|chain| {
        let sources = chain.sources.iter().map(|source| {
            let name = [chain.chain.clone(), "in".into(), source.from.clone(), "enters".into()];
            let [carbon, none, mass] = [cell(Some(source.carbon)), String::new(), String::new()];
            name.into_iter().chain([carbon, none, mass]).collect()
        });
        let ends = chain.ends.iter().map(|end| {
            let name = [chain.chain.clone(), "out".into(), end.port.clone(), end.end.clone()];
            let numbers = [end.carbon, end.carbon_dioxide, end.mass].map(Some).map(cell);
            name.into_iter().chain(numbers).collect()
        });
        sources.chain(ends).collect::<Vec<_>>()
    });
    table(
        &["chain", "side", "port", "end", "carbon t/yr", "carbon dioxide t/yr", "mass t/yr"],
        rows,
    )
}

fn energy(report: &Report) -> Content {
    let rows = report.energy.stages.iter().map(|stage| {
        let numbers = [stage.inflow, stage.imported, stage.outflow, stage.burned];
        let rest = [stage.reaction, stage.residual];
        let cells = numbers.into_iter().chain(rest).map(cell);
        [stage.stage.clone()].into_iter().chain(cells).collect()
    });
    let flows = ["stage", "in PJ/yr", "imported PJ/yr", "out PJ/yr", "burned PJ/yr"];
    let header: Vec<&str> = flows.into_iter().chain(["reaction PJ/yr", "residual"]).collect();
    table(&header, rows)
}

fn balance(report: &Report) -> Content {
    let rows = report.balance.stages.iter().map(|balance| {
        vec![balance.stage.clone(), balance.of.clone(), cell(Some(balance.residual))]
    });
    table(&["stage", "of", "residual"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn rows(content: Content) -> Vec<Vec<String>> {
        let bytes = content.unwrap();
        let mut reader =
            ::csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
        rows.collect()
    }

    #[test]
    fn edges_join_stages_inside_chains_and_lose_nothing() {
        let chain = crate::amur::chain();
        let solved = chain.case().solve().unwrap();
        let rows = rows(edges(&solved));
        assert_eq!(rows[0], ["from", "to", "species", "t/yr"]);
        let stages: Vec<&str> = chain.tree.stages.iter().map(|s| s.address.as_str()).collect();
        for stage in &stages {
            let sum = |column: usize| -> f64 {
                let at = rows[1..].iter().filter(|row| row[column] == *stage);
                at.map(|row| row[3].parse::<f64>().unwrap()).sum()
            };
            let (out, into) = (sum(0), sum(1));
            assert!(into == 0.0 || (into - out).abs() <= 1e-9 * into, "{stage}: {into}, {out}");
        }
        // no stage stands before itself: what has no way in is taken off until nothing is left
        let mut left: Vec<&Vec<String>> = rows[1..].iter().collect();
        loop {
            let before = left.len();
            let targets: Vec<String> = left.iter().map(|row| row[1].clone()).collect();
            left.retain(|row| targets.contains(&row[0]));
            if left.len() == before {
                break;
            }
        }
        assert!(left.is_empty(), "a circle: {left:?}");
    }

    #[test]
    fn a_zero_stream_has_empty_mole_fractions() {
        let chain = sample::chain();
        let mut case = chain.case();
        case.set("field.flow", "0 bcm/yr").unwrap();
        let solved = case.solve().unwrap();
        let rows = rows(streams(&solved));
        assert_eq!(
            rows[0],
            ["from", "to", "mol_per_s", "kg_per_s", "methane", "ethane", "helium", "net_mw"]
        );
        assert_eq!(rows[1], ["", "field.supply", "0.0", "0.0", "", "", "", "0.0"]);
    }

    #[test]
    fn a_product_has_its_announced_figure_the_gap_and_how_it_is_known() {
        let chain = sample::chain();
        let solved = chain.case().solve().unwrap();
        let rows = rows(products(&solved));
        assert_eq!(
            rows[0],
            ["product", "group", "value", "unit", "announced", "gap", "evidence", "agreement"]
        );
        assert_eq!(rows[1][..5], ["sales gas", "plant", "1.5", "bcm/yr", "1.6"]);
        assert_eq!(rows[1][6], "published");
        assert_eq!(rows[2][4..], ["", "", "", ""]);
    }
}
