//! A page of the documentation as the tests read it: its examples, its tables, its generated parts.

use std::collections::BTreeSet;
use std::path::PathBuf;

/// A page of `docs/`.
pub(super) struct Page {
    path: PathBuf,
    text: String,
}

/// A fenced block: `toml chain.toml` is one of language `toml` for the file `chain.toml`.
pub(super) struct Example<'a> {
    pub language: &'a str,
    pub file: Option<&'a str>,
    pub text: &'a str,
}

/// What ends a generated part.
const END: &str = "<!-- end -->";

impl Page {
    pub fn read(name: &str) -> Self {
        let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/docs")).join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        Self { path, text }
    }

    pub fn examples(&self) -> Vec<Example<'_>> {
        // text and blocks take turns
        let blocks = self.text.split("```").skip(1).step_by(2);
        let example = |block| {
            let (info, text): (&str, &str) = str::split_once(block, '\n').unwrap();
            let (language, file) = match info.split_once(' ') {
                Some((language, file)) => (language, Some(file)),
                None => (info, None),
            };
            Example { language, file, text }
        };
        blocks.map(example).collect()
    }

    /// The text of the example for a file.
    pub fn file(&self, name: &str) -> &str {
        let found = self.examples().into_iter().find(|example| example.file == Some(name));
        found.unwrap_or_else(|| panic!("no example {name} on {}", self.path.display())).text
    }

    /// The cells of all tables that follow a marker, `<!-- keys -->`, without their headers.
    pub fn rows(&self, marker: &str) -> Vec<Vec<&str>> {
        let marker = format!("<!-- {marker} -->");
        let mut rows = Vec::new();
        for part in self.text.split(&marker).skip(1) {
            let table = part.trim_start().lines().take_while(|line| line.starts_with('|'));
            rows.extend(table.skip(2).map(|line| {
                let cells = line.trim().trim_matches('|').split(" | ");
                cells.map(str::trim).collect()
            }));
        }
        rows
    }

    /// All names in backticks in the first cells of the tables that follow a marker; what stands
    /// for any name (`recover.<name>.to`) left out.
    pub fn names(&self, marker: &str) -> BTreeSet<String> {
        let rows = self.rows(marker);
        let names = rows.iter().flat_map(|cells| quoted(cells[0]));
        let plain = |name: &str| {
            let parts: Vec<&str> = name.split('.').filter(|part| !part.starts_with('<')).collect();
            parts.join(".")
        };
        names.map(plain).collect()
    }

    /// Puts texts made by the code into the parts that a marker begins, one after another.
    pub fn generate(&mut self, marker: &str, made: &[String]) {
        let marker = format!("<!-- {marker} -->");
        let mut parts = self.text.split(marker.as_str());
        let mut text = parts.next().unwrap_or_default().to_owned();
        let mut made = made.iter();
        for part in parts {
            let (_, after) = part.split_once(END).expect("a generated part ends");
            let new = made.next().expect("as many parts as there are examples");
            for piece in [&marker, "\n", new, "\n\n", END, after] {
                text.push_str(piece);
            }
        }
        assert!(made.next().is_none(), "{}: a part is missing", self.path.display());
        self.text = text;
    }

    /// Writes the page where `GASCHAIN_SNAPSHOTS` is `write`; else it must be there already.
    pub fn settle(&self) {
        if std::env::var("GASCHAIN_SNAPSHOTS").is_ok_and(|what| what == "write") {
            std::fs::write(&self.path, &self.text).unwrap();
            return;
        }
        let there = std::fs::read_to_string(&self.path).unwrap();
        let same = there.lines().eq(self.text.lines());
        let path = self.path.display();
        assert!(same, "{path} is not what the code says; GASCHAIN_SNAPSHOTS=write writes it");
    }
}

/// The texts in backticks of a cell.
pub(super) fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}
