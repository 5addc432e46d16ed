//! Aligned columns with headings and notes between the rows.

use comfy_table::{CellAlignment, ContentLineStyle, LineStyle, Table, TableStyle};
use std::fmt;

/// Which side a column is aligned to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// A table whose rows may have a heading before and notes after them.
#[derive(Debug)]
pub(super) struct Grid {
    sides: Vec<Side>,
    table: Table,
    /// Text lines that stand before a row (its index), or after the last.
    between: Vec<(usize, String)>,
}

const STYLE: TableStyle = TableStyle::new()
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .content_lines(ContentLineStyle::none().junction(' '));

impl Grid {
    pub fn new<'a>(columns: impl IntoIterator<Item = &'a (&'a str, Side)>) -> Self {
        let mut table = Table::new();
        table.load_style(STYLE);
        let (names, sides): (Vec<&str>, Vec<Side>) = columns.into_iter().copied().unzip();
        table.set_header(names);
        Self { sides, table, between: Vec::new() }
    }

    pub fn row(&mut self, cells: Vec<String>) {
        self.table.add_row(cells);
    }

    /// A line of its own before the next row.
    pub fn line(&mut self, text: impl Into<String>) {
        self.between.push((self.table.row_count(), text.into()));
    }

    /// A note to the last row.
    pub fn note(&mut self, text: &str) {
        let lines = wrapped(&format!("     {text}"), "       ", super::WIDTH);
        for line in lines.lines() {
            self.line(line);
        }
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = self.table.clone();
        for (column, side) in table.column_iter_mut().zip(&self.sides) {
            column.set_padding((0, 1));
            if *side == Side::Right {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let height = |row: &comfy_table::Row| {
            row.cell_iter().map(|cell| cell.content().lines().count().max(1)).max().unwrap_or(1)
        };
        let head = table.header().map_or(1, height);
        let heights: Vec<usize> = table.row_iter().map(height).collect();
        let mut lines = table.lines();
        let mut put = |f: &mut fmt::Formatter<'_>, count: usize| {
            lines.by_ref().take(count).try_for_each(|line| writeln!(f, "  {}", line.trim_end()))
        };
        put(f, head + 1)?;
        for row in 0..=heights.len() {
            for (_, text) in self.between.iter().filter(|(at, _)| *at == row) {
                writeln!(f, "{}", format!("  {text}").trim_end())?;
            }
            if let Some(&height) = heights.get(row) {
                put(f, height)?;
            }
        }
        Ok(())
    }
}

/// Text in lines of at most `width` characters, all but the first indented.
pub(super) fn wrapped(text: &str, indent: &str, width: usize) -> String {
    let start = text.len() - text.trim_start().len();
    let mut out = String::new();
    let mut line = text[..start].to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > width {
            out.push_str(line.trim_end());
            out.push('\n');
            indent.clone_into(&mut line);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
    out
}

/// A name in lines of at most about `width` characters, broken after `.`, `_`, `-`, `,` and
/// blanks.
pub(super) fn stacked(name: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for piece in name.split_inclusive(['.', '_', '-', ',', ' ']) {
        if let Some(line) = lines.last_mut() {
            if line.is_empty() || line.chars().count() + piece.trim_end().chars().count() <= width {
                line.push_str(piece);
            } else {
                lines.push(piece.to_owned());
            }
        }
    }
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_notes_stand_between_the_rows() {
        let mut grid = Grid::new(&[("", Side::Left), ("value", Side::Right)]);
        grid.line("plant");
        grid.row(vec!["gas".into(), "1.5".into()]);
        grid.note("and why");
        grid.row(vec!["helium\nand more".into(), "12.25".into()]);
        assert_eq!(
            grid.to_string(),
            "            value\n  ────────────────\n  plant\n  gas         1.5\n       and why\n  helium    12.25\n  and more\n"
        );
    }

    #[test]
    fn long_text_is_wrapped_with_its_indent() {
        assert_eq!(wrapped("  one two three", "    ", 9), "  one two\n    three\n");
        assert_eq!(stacked("expansion_44_bypass", 12), "expansion_\n44_bypass");
        assert_eq!(stacked("gcc.pe.capacity", 20), "gcc.pe.capacity");
    }
}
