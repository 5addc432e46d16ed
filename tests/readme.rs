//! What the README shows is what the programs print.

use std::path::Path;
use std::process::Command;

/// Runs an example that `cargo test` has built; what it prints to both streams.
fn run(words: &str) -> (String, String) {
    let mut words = words.split_whitespace();
    let name = words.next().expect("an example's name");
    let test = std::env::current_exe().expect("this test is a file");
    let built = test.parent().and_then(Path::parent).expect("cargo's layout");
    let program = built.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let output = Command::new(&program).args(words).output().expect("the example is built");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr))
}

/// Blocks of the README that follow a comment `<!-- marker: words -->`.
fn shown(marker: &str) -> Vec<(String, String)> {
    let readme = include_str!("../README.md");
    let start = format!("<!-- {marker}: ");
    readme
        .match_indices(&start)
        .map(|(at, _)| {
            let rest = &readme[at + start.len()..];
            let (words, rest) = rest.split_once(" -->").expect("a closed comment");
            let (_, rest) = rest.split_once("```text\n").expect("a block");
            let (block, _) = rest.split_once("```").expect("a closed block");
            (words.to_owned(), block.to_owned())
        })
        .collect()
}

#[test]
fn output_in_the_readme_is_what_the_program_prints() {
    let blocks = shown("output of");
    assert!(!blocks.is_empty());
    for (words, block) in blocks {
        let (printed, _) = run(&words);
        assert!(printed.contains(&block), "{words} prints otherwise:\n{printed}");
    }
}

#[test]
fn faults_in_the_readme_are_what_the_program_says() {
    let blocks = shown("faults of");
    assert!(!blocks.is_empty());
    for (words, block) in blocks {
        // overrides may hold no spaces here
        let (_, said) = run(&words);
        assert_eq!(said, block, "{words}");
    }
}

#[test]
fn the_scenario_in_the_readme_can_be_read_and_run() {
    let readme = include_str!("../README.md");
    let (_, rest) = readme.split_once("```toml\n").expect("a scenario");
    let (text, _) = rest.split_once("```").expect("a closed block");
    let reading = gaschain::scenario::Reading::default();
    let scenario = gaschain::scenario::Scenario::parse(text, "README.md", reading).expect("sound");
    let chain = gaschain::amur::chain();
    chain.solve(&scenario.values(chain).expect("sound")).expect("it solves");
}
