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
    /// Something that no value can be, in words: a date, a number beyond all range.
    Other(&'static str),
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
            Self::Other(what) => what,
        }
    }
}

/// Deepest nesting of lists, inline tables and dotted keys that is read: what goes deeper would
/// exhaust the stack.
const DEEPEST: usize = 128;

/// Where a text nests deeper than [`DEEPEST`].
fn too_deep(text: &str) -> Option<usize> {
    // dots of the keys that lead to each open bracket, and to the place reached
    let mut open: Vec<usize> = Vec::new();
    let (mut depth, mut dots) = (0, 0);
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        if byte == b'\n' {
            (quote, dots) = (None, 0);
        } else if quote.is_some() {
            quote = quote.filter(|closing| *closing != byte);
        } else {
            match byte {
                b'"' | b'\'' => quote = Some(byte),
                // a comment goes to the end of its line
                b'#' => quote = Some(b'\n'),
                b'[' | b'{' => {
                    open.push(dots + 1);
                    depth += dots + 1;
                    dots = 0;
                }
                b']' | b'}' => {
                    depth -= open.pop().unwrap_or(0);
                    dots = 0;
                }
                b'.' => dots += 1,
                b',' => dots = 0,
                _ => {}
            }
        }
        if depth + dots > DEEPEST {
            return Some(at);
        }
    }
    None
}

/// Reads a document; every error of its form is a fault. `None` where there is one: what a text
/// with errors seems to say is no ground for more faults.
pub fn parse(text: &str, file: &str, faults: &mut Faults) -> Option<Vec<(String, Entry)>> {
    let lines = Lines::new(text, file);
    if let Some(at) = too_deep(text) {
        let message = format!("lists, tables and dotted keys nest deeper than {DEEPEST}");
        faults.push(lines.place(at), FaultKind::Syntax { message });
        return None;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Some(lines.table(table.get_ref()));
    }
    let mut errors: Vec<(std::ops::Range<usize>, &str)> = errors
        .iter()
        .map(|error| match (error.span(), error.message()) {
            (Some(span), message) => (span, message),
            (None, message) if message == TOO_DEEP.0 => (longest_key(text), TOO_DEEP.1),
            (None, message) => (0..0, message),
        })
        .collect();
    errors.sort_by_key(|(span, _)| span.start);
    let mut last = None;
    let (mut doubled_until, mut in_list) = (0, false);
    for (span, message) in errors {
        let place = lines.place(span.start);
        // errors on one line, in a doubled table, in a list that is not closed are one mistake
        let of_list = OF_LIST.iter().any(|part| message.contains(part));
        if last == place.line
            || (message == DOUBLED && span.start < doubled_until)
            || (in_list && (of_list || message == DOUBLED))
        {
            continue;
        }
        (last, in_list) = (place.line, of_list);
        let kind = if message == DOUBLED {
            doubled_until = lines.end_of_table(span.start);
            let name = text.get(span).unwrap_or_default().trim_matches(['"', '\'']).to_owned();
            FaultKind::Duplicate { what: "key", name, first: None }
        } else {
            let message = message.trim_end_matches(", expected nothing").to_owned();
            FaultKind::Syntax { message }
        };
        faults.push(place, kind);
    }
    None
}

/// What the parser's words for errors inside a list or inline table hold.
const OF_LIST: [&str; 3] = ["inline table", "array", "missing comma"];

/// What the parser says of a key with too many dots, and what it means.
const TOO_DEEP: (&str, &str) = ("recursion limit", "a key with too many dots");

/// Where the line with the most dots starts.
fn longest_key(text: &str) -> std::ops::Range<usize> {
    let dots = |line: &&str| line.bytes().filter(|byte| *byte == b'.').count();
    let line = text.split_inclusive('\n').max_by_key(dots).unwrap_or(text);
    let at = line.as_ptr() as usize - text.as_ptr() as usize;
    at..at + line.len()
}

/// What the parser says of a key that is there already.
const DOUBLED: &str = "duplicate key";

struct Lines<'a> {
    text: &'a str,
    file: &'a str,
    /// Where each line but the first starts.
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str, file: &'a str) -> Self {
        let starts = text.match_indices('\n').map(|(end, _)| end + 1).collect();
        Self { text, file, starts }
    }

    fn place(&self, at: usize) -> Place {
        Place::file(self.file).at_line(1 + self.starts.partition_point(|start| *start <= at))
    }

    /// Where the table ends whose header stands at `at`; `at` where no header stands there.
    fn end_of_table(&self, at: usize) -> usize {
        let (before, after) = self.text.split_at(at);
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        if self.text[line..].trim_start().starts_with('[') {
            after.find("\n[").map_or(self.text.len(), |end| at + end)
        } else {
            at
        }
    }

    fn table(&self, table: &DeTable<'_>) -> Vec<(String, Entry)> {
        let mut entries: Vec<(usize, String, Entry)> = table
            .iter()
            .map(|(key, value)| {
                let at = key.span().start;
                (at, key.get_ref().to_string(), self.entry(at, value.get_ref()))
            })
            .collect();
        entries.sort_by_key(|(at, ..)| *at);
        entries.into_iter().map(|(_, key, entry)| (key, entry)).collect()
    }

    fn entry(&self, at: usize, value: &DeValue<'_>) -> Entry {
        let too_large = Node::Other("a number too large to hold");
        let node = match value {
            DeValue::String(text) => Node::Text(text.to_string()),
            DeValue::Integer(integer) => {
                let (digits, radix) = (integer.as_str(), integer.radix());
                i64::from_str_radix(digits, radix).map_or(too_large, |i| Node::Number(i as f64))
            }
            DeValue::Float(float) => match float.as_str().parse::<f64>() {
                // "inf" is written as such
                Ok(number) if number.is_finite() || !float.as_str().contains(['0', '1']) => {
                    Node::Number(number)
                }
                _ => too_large,
            },
            DeValue::Boolean(flag) => Node::Flag(*flag),
            DeValue::Array(items) => Node::List(
                items.iter().map(|item| self.entry(item.span().start, item.get_ref())).collect(),
            ),
            DeValue::Table(table) => Node::Table(self.table(table)),
            DeValue::Datetime(_) => Node::Other("a date"),
        };
        Entry { node, place: self.place(at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_order_and_lines_and_all_errors_are_reported() {
        let mut faults = Faults::default();
        let entries = parse("b = 1\n\na = [\n \"x\",\n \"y\"]\n", "t.toml", &mut faults);
        let entries = entries.unwrap();
        assert_eq!(entries[0].0, "b");
        let Node::List(items) = &entries[1].1.node else { panic!("a is a list") };
        assert_eq!(items[1].place, Place::file("t.toml").at_line(5));
        assert_eq!(parse("a = \nb = 1\nc = = 2\n", "bad.toml", &mut faults), None);
        let lines: Vec<_> = faults.iter().map(|fault| fault.place.line).collect();
        assert_eq!((lines.first(), lines.last()), (Some(&Some(1)), Some(&Some(3))), "{faults}");
    }
}
