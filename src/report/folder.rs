//! Folders of results: whole or not there, and never of two runs.

use super::csv::contents;
use crate::error::Error;
use crate::fault::{FaultKind, Faults, Place};
use crate::fs::{Older, fault};
use crate::solved::Solved;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::{fs, process};

/// The files of a result.
const FILES: [&str; 12] = [
    "inlets.csv",
    "imports.csv",
    "streams.csv",
    "edges.csv",
    "limits.csv",
    "loads.csv",
    "products.csv",
    "balance.csv",
    "carbon.csv",
    "energy.csv",
    "made_by.json",
    "result.json",
];

/// What a folder of several results holds as long as they are not all there.
const UNFINISHED: &str = "unfinished.txt";

/// What is said there.
const WHY_UNFINISHED: &str =
    "The run that writes these results has not ended. What is here is not all of it.\n";

/// A folder that results go into: those of one scenario, or a folder for each of several.
///
/// Older results in it are refused or go, all of them, before anything is run: what is there after a
/// run is of that run alone, also where it failed. A result is written beside under another name,
/// and takes its own when all of its files are complete.
#[derive(Debug)]
pub struct ResultFolder {
    folder: PathBuf,
    /// Rows that are there, where it is a folder of several.
    rows: Vec<String>,
}

impl ResultFolder {
    /// Takes a folder for results, and makes room in it; the folders around it are made.
    ///
    /// # Errors
    /// Results that are there already, if they are not to be replaced; anything else that is there,
    /// which is left alone; a folder that cannot be written.
    pub fn claim(folder: &Path, older: Older) -> Result<Self, Error> {
        let failed = |error: io::Error| fault("write", folder, &error);
        let there = match fs::read_dir(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(failed(error)),
            Ok(entries) => entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<Vec<_>, _>>()
                .map_err(failed)?,
        };
        if let (Some(first), Older::Refused) = (there.iter().min(), older) {
            let name = first.file_name().unwrap_or_default().to_string_lossy();
            let why = format!(
                "it holds \"{name}\" already; allowed: a new folder, an empty one, or to replace the results in it"
            );
            return Err(fault("write", folder, &why));
        }
        if let Some(other) = there.iter().filter(|path| !is_result(path)).min() {
            return Err(fault("replace", other, &"it is no result of a run"));
        }
        for path in &there {
            let removed =
                if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            removed.map_err(|error| fault("remove", path, &error))?;
        }
        let claimed = Self { folder: folder.to_owned(), rows: Vec::new() };
        // a path that cannot be written shows before the work is done
        let beside = claimed.beside();
        let around = beside.parent().unwrap_or(folder);
        let made = fs::create_dir_all(around).and_then(|()| fs::create_dir(&beside));
        made.and_then(|()| fs::remove_dir(&beside)).map_err(failed)?;
        Ok(claimed)
    }

    /// Where a result stands until it is complete.
    fn beside(&self) -> PathBuf {
        beside(&self.folder)
    }

    /// Writes the result of the one scenario that the folder is for.
    ///
    /// # Errors
    /// Every file that cannot be written; then none is there.
    pub fn write(self, solved: &Solved) -> Result<(), Error> {
        match fs::remove_dir(&self.folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(fault("write", &self.folder, &error));
            }
            _ => {}
        }
        put(solved, &self.folder)
    }

    /// Says that results of several scenarios go in, and that they are not all there yet.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn of_several(self) -> Result<Self, Error> {
        let mark = self.folder.join(UNFINISHED);
        let marked =
            fs::create_dir_all(&self.folder).and_then(|()| fs::write(&mark, WHY_UNFINISHED));
        marked.map_err(|error| fault("write", &mark, &error))?;
        Ok(self)
    }

    /// Writes the result of one of several scenarios into a folder of its own.
    ///
    /// # Errors
    /// As [`ResultFolder::write`].
    pub fn write_one(&mut self, name: &str, solved: &Solved) -> Result<(), Error> {
        put(solved, &self.folder.join(name))?;
        self.rows.push(name.to_owned());
        Ok(())
    }

    /// Says that all of several results are there.
    ///
    /// # Errors
    /// One that is not there any more; a folder that cannot be written.
    pub fn finish(self) -> Result<(), Error> {
        for row in &self.rows {
            let path = self.folder.join(row);
            if !FILES.iter().all(|file| path.join(file).is_file()) {
                let why = "it was taken away while others were being written";
                return Err(fault("write", &path, &why));
            }
        }
        let mark = self.folder.join(UNFINISHED);
        fs::remove_file(&mark).map_err(|error| fault("remove", &mark, &error))
    }
}

/// Writes a result into a folder, which is made where it does not exist.
///
/// ```
/// use gaschain::Older;
/// use gaschain::report::csv;
/// let chain = gaschain::amur::chain();
/// let solved = chain.case().solve()?;
/// # let folder = std::env::temp_dir().join(format!("gaschain-doc-{}", std::process::id()));
/// csv::write_folder(&solved, &folder, Older::Refused)?;
/// let edges = std::fs::read_to_string(folder.join("edges.csv"))?;
/// assert!(edges.starts_with("from,to,species,t/yr\nchayanda,membrane,methane,"));
/// assert!(csv::write_folder(&solved, &folder, Older::Refused).is_err()); // one is there
/// csv::write_folder(&solved, &folder, Older::Replaced)?;
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`ResultFolder::claim`]; every file that cannot be written.
pub fn write_folder(solved: &Solved, folder: &Path, older: Older) -> Result<(), Error> {
    ResultFolder::claim(folder, older)?.write(solved)
}

/// A name beside a folder that nobody takes for a result.
fn beside(folder: &Path) -> PathBuf {
    let folder: PathBuf = folder.components().collect();
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!(".{name}.{}.part", process::id()))
}

/// Writes all files of a result beside, and gives the folder its name.
fn put(solved: &Solved, folder: &Path) -> Result<(), Error> {
    let beside = beside(folder);
    let mut faults = Faults::default();
    if let Err(error) = fs::create_dir(&beside) {
        return Err(fault("write", folder, &error));
    }
    for (name, content) in contents(solved) {
        let written = content
            .and_then(|bytes| fs::write(beside.join(name), bytes).map_err(|e| e.to_string()));
        if let Err(why) = written {
            let path = folder.join(name).display().to_string();
            let kind = FaultKind::File { action: "write", path: path.clone(), why };
            faults.push(Place::file(path), kind);
        }
    }
    if faults.is_empty()
        && let Err(error) = fs::rename(&beside, folder)
    {
        faults.append(fault("write", folder, &error));
    }
    if !faults.is_empty() {
        // what is there of it is no result
        let _ = fs::remove_dir_all(&beside);
    }
    Ok(faults.into_result(())?)
}

/// Whether a path is what runs leave in a folder of results: a file of one, or the folder of one.
fn is_result(path: &Path) -> bool {
    let named = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !path.is_dir() && FILES.contains(&&*name)
    };
    if path.is_dir() {
        let Ok(entries) = fs::read_dir(path) else { return false };
        return entries.flatten().all(|entry| named(&entry.path()));
    }
    named(path) || path.file_name().is_some_and(|name| name == UNFINISHED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let name = format!("gaschain-report-{name}-{}", process::id());
            let folder = std::env::temp_dir().join(name);
            let _ = fs::remove_dir_all(&folder);
            Self(folder)
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).unwrap();
            let mut names: Vec<String> =
                entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn solved() -> Solved {
        sample::chain().case().solve().unwrap()
    }

    #[test]
    fn a_folder_holds_every_file_and_nothing_else() {
        let (solved, around) = (solved(), Scratch::new("all"));
        let folder = Scratch(around.0.join("made/for/it"));
        write_folder(&solved, &folder.0, Older::Refused).unwrap();
        let mut files = FILES.map(str::to_owned);
        files.sort();
        assert_eq!(folder.names(), files);
        let parent = Scratch(around.0.join("made/for"));
        assert_eq!(parent.names(), ["it"]);
        let json = fs::read_to_string(folder.0.join("result.json")).unwrap();
        assert_eq!(json.trim_end(), solved.report().to_json());
    }

    #[test]
    fn older_results_are_refused_or_go_and_what_is_none_stays() {
        let (solved, folder) = (solved(), Scratch::new("older"));
        write_folder(&solved, &folder.0, Older::Refused).unwrap();
        let said = write_folder(&solved, &folder.0, Older::Refused).unwrap_err().to_string();
        assert!(said.contains("it holds \"balance.csv\" already"), "{said}");
        ResultFolder::claim(&folder.0, Older::Replaced).unwrap();
        assert_eq!(folder.names(), [] as [&str; 0], "a run that fails now leaves nothing");
        let mut several = ResultFolder::claim(&folder.0, Older::Refused).unwrap();
        several = several.of_several().unwrap();
        several.write_one("0001_a", &solved).unwrap();
        assert_eq!(folder.names(), ["0001_a", "unfinished.txt"]);
        several.finish().unwrap();
        assert_eq!(folder.names(), ["0001_a"]);
        fs::write(folder.0.join("0001_a/notes.txt"), "mine").unwrap();
        let said = ResultFolder::claim(&folder.0, Older::Replaced).unwrap_err().to_string();
        assert!(said.ends_with("it is no result of a run"), "{said}");
        assert!(folder.0.join("0001_a/limits.csv").exists());
    }

    #[test]
    fn a_result_that_is_taken_away_and_a_path_that_cannot_be_written_are_errors() {
        let (solved, folder) = (solved(), Scratch::new("taken"));
        let several = ResultFolder::claim(&folder.0, Older::Refused).unwrap();
        let mut several = several.of_several().unwrap();
        several.write_one("0001_a", &solved).unwrap();
        fs::remove_file(folder.0.join("0001_a/limits.csv")).unwrap();
        assert!(several.finish().is_err());
        let file = folder.0.join("unfinished.txt");
        assert_eq!(ResultFolder::claim(&file, Older::Replaced).unwrap_err().faults().len(), 1);
        assert!(ResultFolder::claim(&file.join("under"), Older::Refused).is_err());
    }
}
