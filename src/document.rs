//! TOML texts whose every value knows its line, so that all faults have places.

use crate::fault::{FaultKind, Faults, Place};
use toml::de::{DeTable, DeValue};

/// A value of a document, with the line it stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The value.
    pub node: Node,
    /// Where it stands.
    pub place: Place,
}

/// A value of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// A list.
    List(Vec<Entry>),
    /// A table, in the order of the file.
    Table(Vec<(String, Entry)>),
}

impl Node {
    /// What it is, for messages.
    #[must_use]
    pub const fn describe(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// Reads a document; every error of its form is a fault, and what could be read comes back.
pub fn parse(text: &str, file: &str, faults: &mut Faults) -> Vec<(String, Entry)> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let lines = Lines { text, file };
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        let message = error.message().to_owned();
        faults.push(lines.place(at), FaultKind::Syntax { message });
    }
    lines.table(table.get_ref(), faults)
}

struct Lines<'a> {
    text: &'a str,
    file: &'a str,
}

impl Lines<'_> {
    fn place(&self, at: usize) -> Place {
        let before = self.text.as_bytes().iter().take(at);
        Place::file(self.file).at_line(1 + before.filter(|byte| **byte == b'\n').count())
    }

    fn table(&self, table: &DeTable<'_>, faults: &mut Faults) -> Vec<(String, Entry)> {
        let mut entries: Vec<(usize, String, Entry)> = table
            .iter()
            .filter_map(|(key, value)| {
                let at = key.span().start;
                let entry = self.entry(at, value.get_ref(), faults)?;
                Some((at, key.get_ref().to_string(), entry))
            })
            .collect();
        entries.sort_by_key(|(at, ..)| *at);
        entries.into_iter().map(|(_, key, entry)| (key, entry)).collect()
    }

    fn entry(&self, at: usize, value: &DeValue<'_>, faults: &mut Faults) -> Option<Entry> {
        let place = self.place(at);
        let number = |digits: Option<f64>| digits.map(Node::Number);
        let node = match value {
            DeValue::String(text) => Some(Node::Text(text.to_string())),
            DeValue::Integer(integer) => number(
                i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|i| i as f64),
            ),
            DeValue::Float(float) => number(float.as_str().parse().ok()),
            DeValue::Boolean(flag) => Some(Node::Flag(*flag)),
            DeValue::Array(items) => Some(Node::List(
                items
                    .iter()
                    .filter_map(|item| self.entry(item.span().start, item.get_ref(), faults))
                    .collect(),
            )),
            DeValue::Table(table) => Some(Node::Table(self.table(table, faults))),
            DeValue::Datetime(_) => None,
        };
        if node.is_none() {
            let got = value.type_str().to_owned();
            let allowed = "texts, finite numbers, true or false, lists and tables".into();
            faults.push(place.clone(), FaultKind::NotAllowed { got, allowed });
        }
        node.map(|node| Entry { node, place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_order_and_lines_and_all_errors_are_reported() {
        let mut faults = Faults::default();
        let entries = parse("b = 1\n\na = [\n \"x\",\n \"y\"]\n", "t.toml", &mut faults);
        assert!(faults.is_empty());
        assert_eq!(entries[0].0, "b");
        let Node::List(items) = &entries[1].1.node else { panic!("a is a list") };
        assert_eq!(items[1].place, Place::file("t.toml").at_line(5));
        parse("a = \nb = 1\nc = = 2\n", "bad.toml", &mut faults);
        let lines: Vec<Option<usize>> =
            faults.into_result(()).unwrap_err().0.iter().map(|fault| fault.place.line).collect();
        assert_eq!((lines.first(), lines.last()), (Some(&Some(1)), Some(&Some(3))));
    }
}
