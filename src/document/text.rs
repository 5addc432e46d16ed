//! Bytes as text: UTF-8, or UTF-16 that says so; all else is refused by its cause.

use crate::fault::{FaultKind, Faults, Place};
use std::io::{self, BufRead, Read};

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Text of a file's bytes; what it is not is a fault.
pub fn decode(bytes: &[u8], file: &str, faults: &mut Faults) -> Option<String> {
    let mut lines = Lines::new(bytes);
    let mut text = String::with_capacity(bytes.len());
    loop {
        match lines.next() {
            Ok(Some((line, ending))) => {
                text.push_str(line);
                text.push_str(ending);
            }
            Ok(None) => return Some(text),
            Err(why) => {
                faults.push(Place::file(file).at_line(lines.number()), why.into_kind());
                return None;
            }
        }
    }
}

/// Why bytes are no text.
#[derive(Debug)]
pub enum NoText {
    /// Reading failed.
    Io(io::Error),
    /// They are, with this kind of fault.
    Fault(FaultKind),
}

impl NoText {
    fn into_kind(self) -> FaultKind {
        match self {
            Self::Fault(kind) => kind,
            Self::Io(error) => FaultKind::Syntax { message: error.to_string() },
        }
    }
}

/// Longest line that is read: what has none is no text people write, and would fill the memory.
pub const LONGEST_LINE: usize = 1 << 26;

/// Lines of a text, with their numbers: they end in `\n`, `\r\n` or, as of old, `\r`.
#[derive(Debug)]
pub struct Lines<R> {
    reader: Units<R>,
    line: Vec<u8>,
    number: usize,
    /// Bytes before the line.
    offset: usize,
    /// Whether the line before ended in `\r`: a `\n` that follows belongs to that end.
    after_return: bool,
}

impl<R: BufRead> Lines<R> {
    pub fn new(reader: R) -> Self {
        let reader = Units { reader, form: None };
        Self { reader, line: Vec::new(), number: 0, offset: 0, after_return: false }
    }

    /// Number of the line read last, from 1.
    pub const fn number(&self) -> usize {
        self.number
    }

    /// The next line without its end, and that end as `\n`, or as nothing at the end of the text.
    pub fn next(&mut self) -> Result<Option<(&str, &'static str)>, NoText> {
        self.offset += self.line.len();
        self.line.clear();
        let first = self.number == 0;
        self.number += 1;
        let ended = self.fill().map_err(NoText::Io)?;
        if self.line.len() > LONGEST_LINE {
            let got = format!("a line of more than {} MiB", LONGEST_LINE >> 20);
            let allowed = "lines that people write".to_owned();
            return Err(NoText::Fault(FaultKind::NotAllowed { got, allowed }));
        }
        if !ended && self.line.is_empty() {
            return Ok(None);
        }
        let content = self.line.len() - usize::from(ended);
        let mark = if first && self.line.starts_with(MARK) { MARK.len() } else { 0 };
        let bytes = self.line.get(mark..content).unwrap_or_default();
        if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
            let offset = self.offset + mark + at;
            return Err(NoText::Fault(zero(bytes, offset)));
        }
        match std::str::from_utf8(bytes) {
            Ok(line) => Ok(Some((line, if ended { "\n" } else { "" }))),
            Err(error) => {
                let at = error.valid_up_to();
                Err(NoText::Fault(FaultKind::Encoding {
                    byte: format!("0x{:02X}", bytes[at]),
                    offset: self.offset + mark + at,
                    looks_like: Some(code_page(bytes)),
                }))
            }
        }
    }

    /// Reads the bytes of a line and of its end, which is one byte then; whether there is an end.
    fn fill(&mut self) -> io::Result<bool> {
        loop {
            let Some(part) = self.reader.part()? else { return Ok(false) };
            let mut part = part;
            if std::mem::take(&mut self.after_return) && part.first() == Some(&b'\n') {
                self.offset += 1;
                self.reader.consume(1);
                continue;
            }
            let end = part.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            if let Some(end) = end {
                self.after_return = part[end] == b'\r';
                part = &part[..=end];
            }
            self.line.extend_from_slice(part);
            let read = part.len();
            self.reader.consume(read);
            if end.is_some() {
                return Ok(true);
            }
            if self.line.len() > LONGEST_LINE {
                return Ok(false);
            }
        }
    }
}

/// The fault that a zero byte is: UTF-16 that does not say so has one beside each letter.
fn zero(line: &[u8], offset: usize) -> FaultKind {
    let zeros = line.split(|byte| *byte == 0).count() - 1;
    FaultKind::Encoding {
        byte: "0x00".to_owned(),
        offset,
        looks_like: (zeros > 1 && 3 * zeros > line.len()).then_some("UTF-16 without its mark"),
    }
}

/// What bytes that are no UTF-8 most likely are: in Windows-1251 whole words lie above 0xBF, in
/// Windows-1252 single letters among others do.
fn code_page(bytes: &[u8]) -> &'static str {
    let high = |byte: &u8| *byte >= 0xC0 || matches!(byte, 0xA8 | 0xB8);
    let pairs = bytes.windows(2).filter(|pair| pair.iter().all(high)).count();
    if 2 * pairs >= bytes.iter().filter(|byte| high(byte)).count().max(1) {
        "Windows-1251"
    } else {
        "Windows-1252"
    }
}

/// Bytes of UTF-8 from a reader of UTF-8, or of UTF-16 that begins with its mark.
#[derive(Debug)]
struct Units<R> {
    reader: R,
    form: Option<Form>,
}

#[derive(Debug)]
enum Form {
    /// As they come.
    Bytes,
    /// Two bytes a unit, these of the text in the middle of being turned into UTF-8.
    Pairs { big: bool, ready: Vec<u8>, at: usize, high: Option<u16> },
}

/// Most bytes of UTF-16 that are turned into UTF-8 at once.
const CHUNK: usize = 1 << 14;

impl<R: BufRead> Units<R> {
    /// The next bytes, as many as are at hand; nothing at the end.
    fn part(&mut self) -> io::Result<Option<&[u8]>> {
        if self.form.is_none() {
            let start = self.reader.fill_buf()?;
            let form = match start {
                [0xFF, 0xFE, ..] => Some(false),
                [0xFE, 0xFF, ..] => Some(true),
                _ => None,
            };
            if form.is_some() {
                self.reader.consume(2);
            }
            self.form = Some(form.map_or(Form::Bytes, |big| Form::Pairs {
                big,
                ready: Vec::new(),
                at: 0,
                high: None,
            }));
        }
        match &mut self.form {
            Some(Form::Pairs { big, ready, at, high }) => {
                while *at == ready.len() {
                    *at = 0;
                    ready.clear();
                    let mut bytes = Vec::new();
                    self.reader.by_ref().take(CHUNK as u64).read_to_end(&mut bytes)?;
                    if bytes.is_empty() && high.is_none() {
                        return Ok(None);
                    }
                    transcode(&bytes, *big, high, ready)?;
                }
                Ok(ready.get(*at..))
            }
            _ => Ok(Some(self.reader.fill_buf()?).filter(|part| !part.is_empty())),
        }
    }

    fn consume(&mut self, read: usize) {
        match &mut self.form {
            Some(Form::Pairs { at, .. }) => *at += read,
            _ => self.reader.consume(read),
        }
    }
}

/// Turns UTF-16 into UTF-8, as far as whole letters are there; `high` is the first half of one.
fn transcode(bytes: &[u8], big: bool, high: &mut Option<u16>, out: &mut Vec<u8>) -> io::Result<()> {
    let broken = || io::Error::new(io::ErrorKind::InvalidData, "UTF-16 with half a letter");
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() || (bytes.is_empty() && high.is_some()) {
        return Err(broken());
    }
    let unit =
        |pair: &[u8; 2]| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
    let units = high.take().into_iter().chain(pairs.iter().map(unit));
    let mut letters = char::decode_utf16(units).peekable();
    while let Some(letter) = letters.next() {
        match letter {
            Ok(letter) => out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            // the other half may come with the next bytes
            Err(half) if letters.peek().is_none() && half.unpaired_surrogate() < 0xDC00 => {
                *high = Some(half.unpaired_surrogate());
            }
            Err(_) => return Err(broken()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> Result<String, String> {
        let mut faults = Faults::default();
        decode(bytes, "t", &mut faults).ok_or_else(|| faults.to_string())
    }

    #[test]
    fn lines_end_as_they_end_on_any_machine() {
        assert_eq!(decoded(b"a\rb\r\n\r\nc\n\nd").unwrap(), "a\nb\n\nc\n\nd");
        assert_eq!(decoded(b"").unwrap(), "");
        assert_eq!(decoded(b"\n").unwrap(), "\n");
    }

    #[test]
    fn utf_16_with_its_mark_is_read_and_without_it_is_named() {
        let text = "\u{feff}name;поток\n\u{1F525};6,5\n".repeat(9_000);
        let units = || text.encode_utf16();
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&little).unwrap(), text[3..]);
        assert_eq!(decoded(&big).unwrap(), text[3..]);
        let says = "t:1: not UTF-8 text: byte 0x00 (offset 1), perhaps UTF-16 without its mark; allowed: UTF-8";
        assert_eq!(
            decoded(&"name;a".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())
                .unwrap_err(),
            says
        );
        assert_eq!(decoded(b"\xff\xfea").unwrap_err(), "t:1: UTF-16 with half a letter");
        assert_eq!(decoded(b"\xff\xfe\x00\xd8").unwrap_err(), "t:1: UTF-16 with half a letter");
    }

    #[test]
    fn other_encodings_are_refused_by_their_names() {
        let says =
            "t:2: not UTF-8 text: byte 0xF6 (offset 9), perhaps Windows-1252; allowed: UTF-8";
        assert_eq!(decoded(b"name\nGasf\xf6rderung").unwrap_err(), says);
        let russian = b"name\r\n\xef\xee\xf2\xee\xea";
        let says =
            "t:2: not UTF-8 text: byte 0xEF (offset 6), perhaps Windows-1251; allowed: UTF-8";
        assert_eq!(decoded(russian).unwrap_err(), says);
        assert_eq!(decoded(b"\xef\xbb\xbfa").unwrap(), "a");
        assert_eq!(
            decoded(b"a = \"b\0\"").unwrap_err(),
            "t:1: not UTF-8 text: byte 0x00 (offset 6); allowed: UTF-8"
        );
    }
}
