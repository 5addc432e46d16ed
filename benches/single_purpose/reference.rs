//! The crate's own results, one scenario at a time, written where the peers can read them.

use super::scenarios::{OUTPUTS, axes, random, solved};
use gaschain::amur;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// How many scenarios of each set of axes.
const SCENARIOS: usize = 20_000;

/// Writes `3.csv`, `10.csv` and `all.csv` into a folder: the axes in SI, then the outputs in
/// their units, digits enough to read the same numbers back.
///
/// # Errors
/// What the file system has against it.
pub fn write(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (name, count) in [("3", 3), ("10", 10), ("all", usize::MAX)] {
        let axes = axes(amur::chain(), count);
        let inputs = random(&axes, SCENARIOS);
        let (results, names) = solved(&axes, &inputs, SCENARIOS);
        let mut file = BufWriter::new(File::create(folder.join(format!("{name}.csv")))?);
        let addresses = axes.iter().map(|axis| axis.address.as_str());
        let header: Vec<&str> = addresses.chain(OUTPUTS).collect();
        writeln!(file, "{}", header.join(","))?;
        for lane in 0..SCENARIOS {
            for axis in 0..axes.len() {
                write!(file, "{:e},", inputs[axis * SCENARIOS + lane])?;
            }
            for output in 0..OUTPUTS.len() - 1 {
                write!(file, "{:e},", results.column(output)[lane])?;
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let stop = results.column(OUTPUTS.len() - 1)[lane] as usize;
            writeln!(file, "{}", names[stop])?;
        }
        file.flush()?;
    }
    Ok(())
}
