//! A table of scenarios: one CSV row each.

use super::csv::{cell, stops};
use crate::chain::Chain;
use crate::document::csv::dialect::guarded;
use crate::error::Error;
use crate::fault::{Fault, FaultKind, Place};
use crate::solved::Solved;
use std::fmt::Display;
use std::io::Write;

/// Writes scenarios of one chain, a CSV row each: `name`, every product by its name, in its own
/// unit ([`Product::unit`](crate::chain::Product::unit)), for every inlet what stopped it
/// (`kovykta.stopped_by`), `worst_residual`, the limits that are `broken`, and `error`. A scenario that
/// failed has its message there, and no other cell.
///
/// A row is handed on as soon as it is complete, so that what was written stays written.
///
/// ```
/// use gaschain::report::table::TableWriter;
/// let chain = gaschain::amur::chain();
/// let mut text = Vec::new();
/// let mut table = TableWriter::new(&chain, &mut text, "scenarios.csv")?;
/// table.row("nameplate", chain.case().solve().as_ref())?;
/// table.row("broken", Err(&"gpp.trains: 7 is outside the allowed range 0 to 6"))?;
/// drop(table);
/// let text = String::from_utf8(text)?;
/// assert!(text.starts_with("name,"));
/// assert_eq!(text.lines().count(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TableWriter<'c, W: Write> {
    chain: &'c Chain,
    writer: ::csv::Writer<W>,
    file: String,
}

impl<'c, W: Write> TableWriter<'c, W> {
    /// Starts a table with its header; `file` is what faults call it.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn new(chain: &'c Chain, writer: W, file: &str) -> Result<Self, Error> {
        let mut table =
            Self { chain, writer: ::csv::Writer::from_writer(writer), file: file.to_owned() };
        let products = chain.products().map(|product| product.name.clone());
        let inlets = chain.inlets().map(|inlet| format!("{inlet}.stopped_by"));
        let last = ["worst_residual", "broken", "error"].map(str::to_owned);
        let header: Vec<String> =
            ["name".to_owned()].into_iter().chain(products).chain(inlets).chain(last).collect();
        table.write(&header)?;
        Ok(table)
    }

    /// Writes the row of a scenario: its result, or why it has none.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn row<E: Display>(
        &mut self,
        name: &str,
        outcome: Result<&Solved, &E>,
    ) -> Result<(), Error> {
        let mut row = vec![name.to_owned()];
        match outcome {
            Ok(solved) => {
                row.extend(solved.products().map(|product| cell(product.value)));
                let stopped = solved.inlets().map(|inlet| inlet.stopped_by);
                row.extend(stopped.map(|by| stops(&by)));
                row.push(cell(Some(solved.worst_residual())));
                row.push(solved.broken().collect::<Vec<_>>().join("; "));
                row.push(String::new());
            }
            Err(error) => {
                let cells = self.chain.products().count() + self.chain.inlets().count() + 2;
                row.resize(row.len() + cells, String::new());
                // several faults are lines; a row is one
                row.push(error.to_string().replace('\n', "; "));
            }
        }
        self.write(&row)
    }

    fn write(&mut self, row: &[String]) -> Result<(), Error> {
        let row = row.iter().map(|cell| guarded(cell).into_owned());
        let written = self.writer.write_record(row).map_err(|error| error.to_string());
        written.and_then(|()| self.writer.flush().map_err(|error| error.to_string())).map_err(
            |why| {
                let path = self.file.clone();
                let kind = FaultKind::File { action: "write", path: path.clone(), why };
                Fault { place: Place::file(path), kind }.into()
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_scenario_is_a_row_and_a_failed_one_has_only_its_error() {
        let chain = sample::chain();
        let mut text = Vec::new();
        let mut table = TableWriter::new(&chain, &mut text, "scenarios.csv").unwrap();
        table.row("as it is", chain.case().solve().as_ref()).unwrap();
        table.row("broken", Err(&"it has no solution, said \"somebody\"")).unwrap();
        drop(table);
        let mut reader = ::csv::Reader::from_reader(text.as_slice());
        let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(
            header,
            [
                "name",
                "sales gas",
                "helium",
                "helium share",
                "field.stopped_by",
                "plant.feed.stopped_by",
                "worst_residual",
                "broken",
                "error"
            ]
        );
        let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows[0][1].parse::<f64>().unwrap().to_bits(), 1.5_f64.to_bits());
        assert_eq!(&rows[0][4], "city.demand");
        assert_eq!((&rows[0][7], &rows[0][8]), ("city.helium", ""));
        let failed: Vec<&str> = rows[1].iter().collect();
        assert_eq!(
            failed,
            ["broken", "", "", "", "", "", "", "", "it has no solution, said \"somebody\""]
        );
    }

    #[test]
    fn a_table_that_cannot_be_written_says_which() {
        #[derive(Debug)]
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("no space left"))
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let chain = sample::chain();
        let faults = TableWriter::new(&chain, Full, "scenarios.csv").unwrap_err();
        assert_eq!(
            faults.to_string(),
            "scenarios.csv: cannot write \"scenarios.csv\": no space left"
        );
    }
}
