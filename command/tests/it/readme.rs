//! What the README shows of the command is what it prints.

use crate::run::{gaschain, text};

/// Runs the command with these arguments; what it prints to both streams.
fn run(words: &str) -> (String, String) {
    // overrides may hold no spaces here
    let words: Vec<&str> = words.split_whitespace().collect();
    let output = gaschain(&words);
    (text(&output.stdout), text(&output.stderr))
}

const README: &str = include_str!("../../../README.md");

/// Blocks of the README that follow a comment `<!-- marker: words -->`.
fn shown(marker: &str) -> Vec<(String, String)> {
    let start = format!("<!-- {marker}: ");
    README
        .match_indices(&start)
        .map(|(at, _)| {
            let rest = &README[at + start.len()..];
            let (words, rest) = rest.split_once(" -->").expect("a closed comment");
            let (_, rest) = rest.split_once("```text\n").expect("a block");
            let (block, _) = rest.split_once("```").expect("a closed block");
            (words.to_owned(), block.to_owned())
        })
        .collect()
}

#[test]
fn output_in_the_readme_is_what_the_command_prints() {
    let blocks = shown("output of");
    assert!(!blocks.is_empty());
    for (words, block) in blocks {
        let (printed, _) = run(&words);
        assert!(printed.contains(&block), "{words} prints otherwise:\n{printed}");
    }
}

#[test]
fn faults_in_the_readme_are_what_the_command_says() {
    let blocks = shown("faults of");
    assert!(!blocks.is_empty());
    for (words, block) in blocks {
        let (_, said) = run(&words);
        assert_eq!(said, block, "{words}");
    }
}

#[test]
fn the_scenario_in_the_readme_can_be_read_and_run() {
    let (_, rest) = README.split_once("```toml\n").expect("a scenario");
    let (text, _) = rest.split_once("```").expect("a closed block");
    let reading = gaschain::scenario::Reading::default();
    let scenario = gaschain::scenario::Scenario::parse(text, "README.md", reading).expect("sound");
    let chain = gaschain::amur::chain();
    chain.case().apply(&scenario).expect("sound").solve().expect("it solves");
}
