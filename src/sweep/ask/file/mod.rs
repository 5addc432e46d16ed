//! Reading sweep files; their form is on the page of the [formats](crate::formats).
//!
//! *In:* the text of a sweep file and its folder. *Out:* a sweep, or all faults. *Order:* the
//! `reader` takes keys of a table one by one; `axis` and `correlation` read theirs with it.

mod axis;
mod correlation;
mod reader;

use self::reader::Reader;
use super::sweep::Sweep;
use crate::document;
use crate::document::csv::Tables;
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use crate::fs::{self, Access};
use crate::scenario::{self, Reading, Scenario};
use crate::species::Slate;
use crate::stage::Config;
use crate::sweep::design::{DesignKind, MOST_SCENARIOS};
use std::collections::HashSet;
use std::path::Path;

/// Largest seed: whole numbers of a file are exact up to here.
const LARGEST_SEED: u64 = 1 << 53;

impl Sweep {
    /// Reads a sweep file's text; files that it names are sought in `base_dir` (in the working
    /// directory where there is none), and have to lie there. Addresses and values are judged by [`Sweep::prepare`].
    ///
    /// # Errors
    /// Every fault of the file's form: syntax, unknown and missing keys, values of no kind, files
    /// that cannot be read.
    ///
    /// ```
    /// use gaschain::sweep::Sweep;
    /// let text = r#"
    ///     name = "trains"
    ///     chain = "amur"
    ///     outputs = ["kovykta.stopped_by"]
    ///     [design]
    ///     kind = "grid"
    ///     [[axis]]
    ///     parameter = "gpp.trains"
    ///     values = [4, 5, 6]
    /// "#;
    /// let sweep = Sweep::parse(text, "trains.toml", None)?;
    /// assert_eq!(sweep.prepare(gaschain::amur::chain())?.design.len(), 3);
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    pub fn parse(text: &str, file: &str, base_dir: Option<&Path>) -> Result<Self, Error> {
        let access = Access::beside(&base_dir.unwrap_or_else(|| Path::new("")).join(file));
        Self::parse_with(text, file, base_dir, &access)
    }

    fn parse_with(
        text: &str,
        file: &str,
        base_dir: Option<&Path>,
        access: &Access,
    ) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let entries = document::parse(text, file, &mut faults);
        faults.clone().into_result(())?;
        let slate = Slate::shipped();
        let tables = Tables::default();
        let keys = Config::new(
            &slate,
            &tables,
            Place::file(file),
            entries.unwrap_or_default(),
            &mut faults,
        );
        let mut sweep = Reader { keys, base_dir, access }.sweep();
        sweep.base.name.clone_from(&sweep.name);
        Ok(faults.into_result(sweep)?)
    }

    /// Reads a sweep file, and those that it names in its folder.
    ///
    /// # Errors
    /// A file that cannot be read or is no text, and all faults of [`Sweep::parse`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::read_with(path, &Access::default())
    }

    /// Reads a sweep file, and those that it names in its folder and in others that were opened.
    ///
    /// # Errors
    /// As [`Sweep::read`].
    pub fn read_with(path: &Path, access: &Access) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let text = fs::read_text(path, &mut faults).unwrap_or_default();
        faults.into_result(())?;
        let access = access.clone().and_beside(path);
        Self::parse_with(&text, &path.display().to_string(), path.parent(), &access)
    }
}

impl Reader<'_, '_> {
    fn sweep(mut self) -> Sweep {
        let name = self.keys.text("name").unwrap_or_default();
        let chain = self.keys.required_text("chain");
        let mut sweep = Sweep::new(&name, "", DesignKind::Grid);
        sweep.question = self.keys.optional_text("question");
        if let Some((file, place)) = self.keys.placed_text("scenario") {
            let before = self.keys.faults.count();
            let path = self.beside(&file, place.clone());
            let scenario = path.as_ref().map_or_else(
                || Scenario::new("", ""),
                |path| Scenario::gather(path, Reading::default(), self.keys.faults),
            );
            let read = self.keys.faults.count() == before;
            if let (true, Some((chain, _))) = (read, &chain)
                && scenario.chain != *chain
            {
                let got = format!("a scenario of the chain \"{}\"", scenario.chain);
                let allowed = format!("one of \"{chain}\"");
                self.keys.faults.push(place, FaultKind::NotAllowed { got, allowed });
            }
            sweep.base = scenario;
        }
        if let Some((chain, place)) = chain {
            (sweep.base.chain, sweep.base.chain_place) = (chain, place);
        }
        if let Some(entry) = self.keys.take("set")
            && let Some(entries) = self.keys.as_table("set", entry)
        {
            let mut changes = Vec::new();
            scenario::read_overrides(entries, &mut changes, self.keys.faults);
            let changed: HashSet<&str> = changes.iter().map(|new| new.address.as_str()).collect();
            sweep.base.overrides.retain(|old| !changed.contains(old.address.as_str()));
            sweep.base.overrides.extend(changes);
        }
        match self.keys.take("outputs") {
            Some(entry) => {
                let outputs = self.keys.list_of_texts("outputs", entry).into_iter();
                sweep.outputs = outputs
                    .map(|(address, place)| (address.clone(), place.at_address(address)))
                    .collect();
            }
            None => {
                self.missing("outputs");
            }
        }
        match self.keys.take("design") {
            Some(entry) => {
                sweep.place = entry.place.clone();
                let place = entry.place.clone();
                if let Some(entries) = self.keys.as_table("design", entry) {
                    let mut inner = self.start(place, entries);
                    let kind = inner.design();
                    inner.end();
                    sweep.kind = kind.unwrap_or(DesignKind::Grid);
                }
            }
            None => {
                self.missing("design");
            }
        }
        for (place, entries) in self.tables("axis") {
            let mut inner = self.start(place, entries);
            sweep.axes.extend(inner.axis());
            inner.end();
        }
        for (place, entries) in self.tables("correlation") {
            let mut inner = self.start(place, entries);
            sweep.correlations.extend(inner.correlations());
            inner.end();
        }
        self.keys.finish();
        sweep
    }

    fn design(&mut self) -> Option<DesignKind> {
        let (name, place) = self.keys.required_text("kind")?;
        match name.as_str() {
            "grid" => Some(DesignKind::Grid),
            "one_at_a_time" => Some(DesignKind::OneAtATime),
            "latin_hypercube" => {
                let (samples, seed) = self.samples();
                Some(DesignKind::LatinHypercube { samples: samples?, seed })
            }
            "monte_carlo" => {
                let (samples, seed) = self.samples();
                Some(DesignKind::MonteCarlo { samples: samples?, seed })
            }
            "sobol" => {
                let (samples, seed) = self.samples();
                let scrambled = self.flag("scramble").unwrap_or(true);
                Some(DesignKind::Sobol { samples: samples?, seed, scrambled })
            }
            "table" => self.csv().map(DesignKind::Table),
            other => {
                let kind = FaultKind::unknown("design", other, DesignKind::NAMES);
                self.keys.faults.push(place, kind);
                // its other keys belong to a design that nobody knows
                self.keys.take_rest();
                None
            }
        }
    }

    fn samples(&mut self) -> (Option<u64>, u64) {
        let before = self.keys.faults.count();
        let samples = self.whole("samples", 1, MOST_SCENARIOS);
        if samples.is_none() && self.keys.faults.count() == before {
            self.missing("samples");
        }
        (samples, self.whole("seed", 0, LARGEST_SEED).unwrap_or(0))
    }
}
