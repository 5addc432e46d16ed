//! Every help text is what the file of that name says: a change shows as one.
//! `GASCHAIN_SNAPSHOTS=write` writes them anew.

use crate::run::{gaschain, text};
use std::path::Path;

const VERBS: [&str; 7] = ["run", "compare", "sweep", "merge", "map", "list", "check"];

#[test]
fn help_is_what_its_file_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/help");
    let write = std::env::var("GASCHAIN_SNAPSHOTS").is_ok_and(|asked| asked == "write");
    let all = [(None, "gaschain")].into_iter().chain(VERBS.map(|verb| (Some(verb), verb)));
    for (verb, name) in all {
        let output = gaschain(&verb.into_iter().chain(["--help"]).collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stderr.is_empty());
        let help = text(&output.stdout);
        let file = folder.join(format!("{name}.txt"));
        if write {
            std::fs::write(&file, &help).expect("written");
        }
        let kept = std::fs::read_to_string(&file).expect("a file for each help");
        assert_eq!(help, kept, "GASCHAIN_SNAPSHOTS=write writes {name}.txt anew");
        assert!(help.contains(&format!("  gaschain {}", verb.unwrap_or("run"))), "an example");
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{name}: wider than 100");
        assert!(!help.contains('\x1b'), "{name}: no colours");
    }
}

#[test]
fn every_verb_has_its_help_in_a_file() {
    let help = text(&gaschain(&["--help"]).stdout);
    let (_, commands) = help.split_once("Commands:\n").expect("a list of verbs");
    let (commands, _) = commands.split_once("\n\n").expect("an end of it");
    // a description that is too long goes on below itself
    let begun = commands.lines().filter(|line| !line.starts_with("   "));
    let verbs: Vec<&str> = begun.filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(verbs, VERBS);
}
