//! A list as lines of aligned cells, of which words choose some.

/// A list: cells in columns, the last of them as long as it needs.
#[derive(Debug)]
pub struct List {
    /// Names of the columns; none where they say themselves what they are.
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
}

/// Widest that a column is made for the sake of one long cell.
const WIDEST: usize = 44;

impl List {
    /// The lines that hold all of the words, with the names of the columns; nothing where none do.
    pub fn shown(&self, words: &[String]) -> String {
        let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        let holds = |row: &&Vec<String>| {
            let line = row.join(" ").to_lowercase();
            words.iter().all(|word| line.contains(word))
        };
        let rows: Vec<&Vec<String>> = self.rows.iter().filter(holds).collect();
        if rows.is_empty() {
            return String::new();
        }
        let head: Vec<String> = self.columns.iter().map(|name| (*name).to_owned()).collect();
        let lines: Vec<&Vec<String>> =
            Some(&head).filter(|head| !head.is_empty()).into_iter().chain(rows).collect();
        let count = lines.iter().map(|line| line.len()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..count)
            .map(|column| {
                let cells = lines.iter().filter_map(|line| line.get(column));
                cells.map(|cell| cell.chars().count()).filter(|width| *width <= WIDEST).max()
            })
            .map(Option::unwrap_or_default)
            .collect();
        let mut text = String::new();
        for line in lines {
            let cells: Vec<String> =
                line.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_choose_lines_and_columns_fit_what_is_chosen() {
        let row = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
        let rows = vec![row("gpp.trains", "6"), row("heihe.demand", "38 bcm/yr")];
        let list = List { columns: vec!["address", "value"], rows };
        let words =
            |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            list.shown(&[]),
            "address       value\ngpp.trains    6\nheihe.demand  38 bcm/yr\n"
        );
        assert_eq!(list.shown(&words(&["GPP", "6"])), "address     value\ngpp.trains  6\n");
        assert_eq!(list.shown(&words(&["gpp", "38"])), "");
    }
}
