//! What a chain file says about a stage, read by the stage's kind.
//!
//! A [`Config`] is a table of entries that knows its place in the file. Kinds ask it for what
//! they need; what nobody asked for is an unknown key. All faults are collected.

use crate::document::csv::{Table, Tables};
use crate::document::{Entry, Node};
use crate::fault::{Fault, FaultKind, Faults, Place};
use crate::param::Sum;
use crate::species::Slate;

/// The table of a stage in a chain file, as the reader of its kind is given it.
///
/// Values of parameters (`set.share = "2 %"`) and limits are not the kind's to read: they are
/// judged by the stage's [`Spec`](super::Spec). What the kind asks for are names that decide what
/// its ports and parameters are.
///
/// ```
/// use gaschain::stage::{Config, Kinds, Separate};
///
/// /// `kind = "knock-out"`, `takes = ["benzene", ..]`: a separation with names of its own.
/// fn read(config: &mut Config<'_>) -> Option<Separate> {
///     let heavy = config.names("takes")?;
///     let heavy: Vec<&str> = heavy.iter().map(String::as_str).collect();
///     let drum = Separate::new("gas").recovering(config.slate(), "taken", &heavy, "liquid");
///     drum.map_err(|kind| config.fault(kind)).ok()
/// }
/// let kinds = Kinds::shipped().with("knock-out", read);
/// ```
#[derive(Debug)]
pub struct Config<'a> {
    /// Species of the chain.
    pub(crate) slate: &'a Slate,
    /// The CSV tables beside the chain file, by file name.
    pub(crate) tables: &'a Tables,
    /// How far sums of compositions may be off.
    pub(crate) sum: Sum,
    /// Where the table stands.
    pub(crate) place: Place,
    /// All faults found so far.
    pub(crate) faults: &'a mut Faults,
    entries: Vec<(String, Entry)>,
    asked: Vec<String>,
    /// Keys of the tables around this one, each with a dot: the pages of the formats say them too.
    #[cfg(test)]
    within: String,
}

impl<'a> Config<'a> {
    /// Starts reading a table.
    #[must_use]
    pub(crate) const fn new(
        slate: &'a Slate,
        tables: &'a Tables,
        place: Place,
        entries: Vec<(String, Entry)>,
        faults: &'a mut Faults,
    ) -> Self {
        Self {
            slate,
            tables,
            sum: Sum::Exact,
            place,
            faults,
            entries,
            asked: Vec::new(),
            #[cfg(test)]
            within: String::new(),
        }
    }

    /// Starts reading a table inside this one, under the key that was asked for last.
    pub(crate) fn inside(&mut self, place: Place, entries: Vec<(String, Entry)>) -> Config<'_> {
        #[cfg(test)]
        let within = self.asked.last().map(|key| format!("{}{key}.", self.within));
        let inner = Config::new(self.slate, self.tables, place, entries, self.faults);
        let inner = Config { sum: self.sum, ..inner };
        #[cfg(test)]
        let inner = Config { within: within.unwrap_or_default(), ..inner };
        inner
    }

    /// Says under which key of the file the table stands.
    #[cfg(test)]
    pub(crate) fn stands_under(&mut self, key: &str) {
        self.within = format!("{key}.");
    }

    /// Takes an entry, if it is there.
    pub(crate) fn take(&mut self, key: &str) -> Option<Entry> {
        self.asked.push(key.to_owned());
        #[cfg(test)]
        crate::formats::asked::note(format!("{}{key}", self.within));
        let index = self.entries.iter().position(|(name, _)| name == key)?;
        Some(self.entries.remove(index).1)
    }

    /// Whether an entry that nobody has asked for looks like this key misspelt.
    #[must_use]
    pub(crate) fn misspells(&self, key: &str) -> bool {
        let asked = || self.asked.iter().map(String::as_str).chain([key]);
        let likely = |name: &str| FaultKind::unknown("key", name, asked()).likely() == Some(key);
        self.entries.iter().any(|(name, _)| likely(name))
    }

    /// Takes all entries that are left, for a table whose keys are names.
    pub(crate) fn take_rest(&mut self) -> Vec<(String, Entry)> {
        std::mem::take(&mut self.entries)
    }

    /// The species of the chain.
    #[must_use]
    pub const fn slate(&self) -> &'a Slate {
        self.slate
    }

    /// A fault in this table.
    pub fn fault(&mut self, kind: FaultKind) {
        self.faults.push(self.place.clone(), kind);
    }

    /// A text that has to be there; `None`, with a fault, where it is not, or is no text.
    pub fn text(&mut self, key: &'static str) -> Option<String> {
        self.required_text(key).map(|(text, _)| text)
    }

    /// A text that may be absent; anything else in its place is a fault.
    pub fn optional_text(&mut self, key: &str) -> Option<String> {
        let entry = self.take(key)?;
        self.as_text(key, entry)
    }

    /// A text that may be absent, with its place.
    pub(crate) fn placed_text(&mut self, key: &str) -> Option<(String, Place)> {
        let entry = self.take(key)?;
        let place = entry.place.clone();
        self.as_text(key, entry).map(|text| (text, place))
    }

    /// A text that has to be there, with its place.
    pub(crate) fn required_text(&mut self, key: &'static str) -> Option<(String, Place)> {
        let entry = self.take(key);
        if entry.is_none() {
            self.fault(FaultKind::Missing { what: "key", name: key.to_owned() });
        }
        let entry = entry?;
        let place = entry.place.clone();
        self.as_text(key, entry).map(|text| (text, place))
    }

    /// A list of texts; empty where it is absent.
    pub(crate) fn texts(&mut self, key: &str) -> Vec<(String, Place)> {
        let Some(entry) = self.take(key) else { return Vec::new() };
        self.list_of_texts(key, entry)
    }

    /// The texts of a list, or a single text as a list of one.
    pub(crate) fn list_of_texts(&mut self, key: &str, entry: Entry) -> Vec<(String, Place)> {
        match entry.node {
            Node::Text(text) => vec![(text, entry.place)],
            Node::List(items) => items
                .into_iter()
                .filter_map(|item| {
                    let place = item.place.clone();
                    self.as_text(&format!("an entry of {key}"), item).map(|text| (text, place))
                })
                .collect(),
            node => {
                self.wrong(key, &node, "a list of texts", entry.place);
                Vec::new()
            }
        }
    }

    /// Names in a list; empty where it is absent, `None` where it has faults.
    pub fn names(&mut self, key: &str) -> Option<Vec<String>> {
        let before = self.faults.count();
        let names = self.texts(key).into_iter().map(|(name, _)| name).collect();
        (self.faults.count() == before).then_some(names)
    }

    /// Species by name, as indices into the slate; unknown ones are faults.
    pub fn species(&mut self, key: &'static str) -> Vec<usize> {
        let Some(entry) = self.take(key) else {
            self.fault(FaultKind::Missing { what: "key", name: key.to_owned() });
            return Vec::new();
        };
        let names = self.list_of_texts(key, entry);
        names.into_iter().filter_map(|(name, place)| self.species_named(&name, place)).collect()
    }

    /// One species by name.
    pub(crate) fn species_named(&mut self, name: &str, place: Place) -> Option<usize> {
        self.slate.find(name).map_err(|kind| self.faults.push(place, kind)).ok()
    }

    /// One species under a key that has to be there.
    pub(crate) fn one_species(&mut self, key: &'static str) -> Option<usize> {
        let (name, place) = self.required_text(key)?;
        self.species_named(&name, place)
    }

    /// A list of tables; empty where it is absent.
    pub(crate) fn tables_under(&mut self, key: &str) -> Vec<(Place, Vec<(String, Entry)>)> {
        let Some(entry) = self.take(key) else { return Vec::new() };
        let items = match entry.node {
            Node::List(items) => items,
            node => {
                self.wrong(key, &node, "a list of tables", entry.place);
                return Vec::new();
            }
        };
        items
            .into_iter()
            .filter_map(|item| match item.node {
                Node::Table(entries) => Some((item.place, entries)),
                node => {
                    self.wrong(key, &node, "a table", item.place);
                    None
                }
            })
            .collect()
    }

    /// Reads a table inside this one.
    pub(crate) fn inner<T>(
        &mut self,
        place: Place,
        entries: Vec<(String, Entry)>,
        read: impl FnOnce(&mut Config<'_>) -> T,
    ) -> T {
        let mut inner = self.inside(place, entries);
        let value = read(&mut inner);
        inner.finish();
        value
    }

    /// A CSV table beside the chain file, named under `key`.
    pub(crate) fn table(&mut self, key: &'static str) -> Option<&'a Table> {
        let (file, place) = self.required_text(key)?;
        let tables = self.tables;
        let table = tables.get(&file);
        if table.is_none() {
            self.faults.push(place, FaultKind::unknown("table", &file, tables.keys()));
        }
        table
    }

    /// Ends the reading: what nobody asked for is an unknown key.
    pub(crate) fn finish(&mut self) {
        for (key, entry) in std::mem::take(&mut self.entries) {
            let kind = FaultKind::unknown("key", &key, &self.asked);
            // a key that is misspelt is not missing as well
            if let Some(name) = kind.likely() {
                let (what, name) = ("key", name.to_owned());
                let missing =
                    Fault { place: self.place.clone(), kind: FaultKind::Missing { what, name } };
                self.faults.take_back(&missing);
            }
            self.faults.push(entry.place, kind);
        }
    }

    /// The text of an entry; anything else is a fault.
    pub(crate) fn as_text(&mut self, key: &str, entry: Entry) -> Option<String> {
        match entry.node {
            Node::Text(text) => Some(text),
            node => {
                self.wrong(key, &node, "a text", entry.place);
                None
            }
        }
    }

    /// The entries of a table; anything else is a fault.
    pub(crate) fn as_table(&mut self, what: &str, entry: Entry) -> Option<Vec<(String, Entry)>> {
        match entry.node {
            Node::Table(entries) => Some(entries),
            node => {
                self.wrong(what, &node, "a table", entry.place);
                None
            }
        }
    }

    fn wrong(&mut self, key: &str, node: &Node, allowed: &str, place: Place) {
        let got = format!("{key} is {}", node.describe());
        self.faults.push(place, FaultKind::NotAllowed { got, allowed: allowed.to_owned() });
    }
}
