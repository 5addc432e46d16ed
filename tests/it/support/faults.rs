//! Faults as data: each case is a change to files that have no fault, and all that is then said. A
//! new case needs no Rust.
//!
//! Files of cases are TOML, a case a table. Its name says what is wrong:
//!
//! ```toml
//! ["the name of the chain misspelt"]
//! file = "chain.toml"
//! from = 'name = "good"'
//! to = 'nam = "good"'
//! says = 'good/chain.toml:4: unknown key "nam"; nearest: "name"'
//! ```
//!
//! `from` stands exactly once in the file. Instead of `from` and `to` a change may give the file
//! another `text`, or a file that was not there its first one, or it may be `gone = true`. A case
//! of several changes has a list of them, `change = [{ file = .., from = .., to = .. }, ..]`.

use super::folders::beside_the_tests;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Files by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A change to files without a fault, and what is then said.
struct Case {
    changes: Vec<Change>,
    says: String,
}

/// A change to one file: one place of it, its text, or that it is gone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    file: String,
    from: Option<String>,
    to: Option<String>,
    text: Option<String>,
    gone: Option<bool>,
}

/// Fails unless every case of every file in a folder says what it should, naming all that do not.
///
/// `folder` lies under `tests/it/`; `files` have no fault; `said` reads files and tells what is
/// wrong with them.
#[track_caller]
pub fn every_case(folder: &str, files: &Files, said: impl Fn(&Files) -> Result<(), String>) {
    let entries = std::fs::read_dir(beside_the_tests(folder)).expect("a folder of cases");
    let texts: BTreeMap<String, String> = entries
        .map(|entry| entry.expect("an entry of the folder").path())
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a file of cases");
            (path.file_name().expect("a name").to_string_lossy().into_owned(), text)
        })
        .collect();
    let wrong = wrong(&texts, files, said);
    assert!(wrong.is_empty(), "{} wrong in {folder}\n\n{}", wrong.len(), wrong.join("\n\n"));
}

/// What is wrong with cases, by the files they stand in.
fn wrong(
    texts: &BTreeMap<String, String>,
    files: &Files,
    said: impl Fn(&Files) -> Result<(), String>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    if texts.is_empty() {
        wrong.push("no file of cases".to_owned());
    }
    for (name, text) in texts {
        match toml::from_str::<BTreeMap<String, toml::Table>>(text) {
            Err(error) => wrong.push(format!("{name}: {error}")),
            Ok(cases) if cases.is_empty() => wrong.push(format!("{name}: no case")),
            Ok(cases) => {
                let outcomes = cases.into_iter().map(|(case, table)| {
                    let outcome = Case::read(table).and_then(|case| case.run(files, &said));
                    outcome.err().map(|why| format!("{name}: {case}: {why}"))
                });
                wrong.extend(outcomes.flatten());
            }
        }
    }
    wrong
}

impl Case {
    fn read(mut table: toml::Table) -> Result<Self, String> {
        let Some(toml::Value::String(says)) = table.remove("says") else {
            return Err("no text that it says".into());
        };
        let changes = match table.remove("change") {
            None => Change::deserialize(table).map(|change| vec![change]),
            Some(list) if table.is_empty() => Vec::deserialize(list),
            Some(_) => return Err("a change beside the list of changes".into()),
        };
        let changes = changes.map_err(|error| error.to_string())?;
        if changes.is_empty() {
            return Err("no change".into());
        }
        Ok(Self { changes, says })
    }

    fn run(
        &self,
        files: &Files,
        said: impl Fn(&Files) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut files = files.clone();
        for change in &self.changes {
            change.apply(&mut files)?;
        }
        match said(&files) {
            Ok(()) => Err(format!("nothing is said, expected\n{}", self.says)),
            Err(got) if got == self.says => Ok(()),
            Err(got) => Err(format!("says\n{got}\nexpected\n{}", self.says)),
        }
    }
}

impl Change {
    fn apply(&self, files: &mut Files) -> Result<(), String> {
        let file = &self.file;
        match (&self.from, &self.to, &self.text, self.gone) {
            (Some(from), Some(to), None, None) => {
                let bytes = files.get_mut(file).ok_or_else(|| format!("no file {file}"))?;
                let text = String::from_utf8_lossy(bytes);
                match text.matches(from.as_str()).count() {
                    1 => *bytes = text.replacen(from.as_str(), to, 1).into_bytes(),
                    times => return Err(format!("{from:?} stands {times} times in {file}")),
                }
            }
            (None, None, Some(text), None) => {
                files.insert(file.clone(), text.clone().into_bytes());
            }
            (None, None, None, Some(true)) => {
                files.remove(file).ok_or_else(|| format!("no file {file}"))?;
            }
            _ => return Err(format!("{file}: neither from and to, nor text, nor gone = true")),
        }
        Ok(())
    }
}

/// What is wrong with one file of cases, on a file that may say `sound` only.
fn wrong_with(cases: &str) -> String {
    let texts = [("cases.toml".to_owned(), cases.to_owned())].into();
    let files = [("a.txt".to_owned(), b"sound and sound".to_vec())].into();
    let said = |files: &Files| match files.get("a.txt").map(Vec::as_slice) {
        Some(b"sound and sound") => Ok(()),
        Some(bytes) => Err(String::from_utf8_lossy(bytes).into_owned()),
        None => Err("no a.txt".into()),
    };
    wrong(&texts, &files, said).join("\n")
}

#[test]
fn cases_that_say_what_they_should_are_sound() {
    let cases = [
        "[a]\nfile = 'a.txt'\nfrom = 'sound and'\nto = 'odd and'\nsays = 'odd and sound'",
        "[b]\nfile = 'a.txt'\ntext = 'odd'\nsays = 'odd'",
        "[c]\nfile = 'a.txt'\ngone = true\nsays = 'no a.txt'",
        "[d]\nchange = [{ file = 'a.txt', text = 'one' }, { file = 'a.txt', from = 'n', to = 'd' }]\n\
         says = 'ode'",
    ];
    assert_eq!(wrong_with(&cases.join("\n")), "");
}

#[test]
fn cases_are_told_what_is_wrong_with_them_all_at_once() {
    let of_one = "file = 'a.txt'\ntext = 'odd'";
    let cases = [
        &format!("[a]\n{of_one}\nsays = 'even'"),
        "[b]\nfile = 'a.txt'\ntext = 'sound and sound'\nsays = 'odd'",
        "[c]\nfile = 'a.txt'\nfrom = 'sound'\nto = 'odd'\nsays = 'odd'",
        "[d]\nfile = 'a.txt'\nfrom = 'unsound'\nto = 'odd'\nsays = 'odd'",
        &format!("[e]\n{of_one}"),
        &format!("[f]\n{of_one}\nfro = 'sound'\nsays = 'odd'"),
        "[g]\nfile = 'a.txt'\nfrom = 'sound'\nsays = 'odd'",
        &format!("[h]\n{of_one}\nchange = []\nsays = 'odd'"),
        "[i]\nchange = []\nsays = 'odd'",
        "[j]\nfile = 'b.txt'\ngone = true\nsays = 'odd'",
    ];
    let lines = wrong_with(&cases.join("\n"));
    for (line, expected) in lines.lines().filter(|line| line.starts_with("cases.toml: ")).zip([
        "a: says",
        "b: nothing is said, expected",
        "c: \"sound\" stands 2 times in a.txt",
        "d: \"unsound\" stands 0 times in a.txt",
        "e: no text that it says",
        "f: unknown field `fro`, expected one of `file`, `from`, `to`, `text`, `gone`",
        "g: a.txt: neither from and to, nor text, nor gone = true",
        "h: a change beside the list of changes",
        "i: no change",
        "j: no file b.txt",
    ]) {
        assert_eq!(line, format!("cases.toml: {expected}"));
    }
    assert_eq!(lines.lines().filter(|line| line.starts_with("cases.toml: ")).count(), 10);
    assert_eq!(wrong_with(""), "cases.toml: no case");
    let none = wrong(&BTreeMap::new(), &Files::new(), |_| Ok(()));
    assert_eq!(none, ["no file of cases"]);
}
