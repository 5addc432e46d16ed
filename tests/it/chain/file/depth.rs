//! Chain files that name others: refused where they nest too deep or are too many, in time and
//! memory that do not grow with what they would be.

use crate::support::folders::CHAIN;
use gaschain::chain::Folder;

const OUTERMOST: &str = r#"name = "x"
species = ["methane", "helium"]
connections = ["field -> me", "me.out -> city"]
[stages.field]
kind = "supply"
set.flow = "1 bcm/yr"
set.composition = { methane = 1.0 }
[stages.me]
chain = "c0.toml"
[stages.city]
kind = "market"
product = "sold"
[leaving]
products = ["city.sold"]
"#;

const HEAD: &str = "name = \"b\"\ninlets = { feed = \"bcm/yr\" }\noutlets = [\"out\"]\n";

/// The folder of an outermost chain and so many files, written by their number; the last holds a
/// stage.
fn folder(count: usize, text: impl Fn(usize) -> String) -> Folder {
    let mut folder = Folder { name: "deep".into(), ..Folder::default() };
    let mut keep = |name: String, text: String| folder.files.insert(name, text.into_bytes());
    keep(CHAIN.into(), OUTERMOST.into());
    for number in 0..count {
        keep(format!("c{number}.toml"), format!("{HEAD}{}", text(number)));
    }
    let last = "connections = [\"feed -> x\", \"x.p -> out\"]\n\
                [stages.x]\nkind = \"market\"\nproduct = \"p\"\n";
    keep(format!("c{count}.toml"), format!("{HEAD}{last}"));
    folder
}

fn one_inside(number: usize) -> String {
    let next = number + 1;
    format!("connections = [\"feed -> x\", \"x -> out\"]\n[stages.x]\nchain = \"c{next}.toml\"\n")
}

fn with_a_limit(number: usize) -> String {
    let capacity = 1 + number;
    format!(
        "{}[limits.l]\nat = \"out\"\nof = \"volume\"\nat_most = \"{capacity} bcm/yr\"\n",
        one_inside(number)
    )
}

fn two_inside(number: usize) -> String {
    let next = number + 1;
    format!(
        "connections = [\"feed -> x\", \"x -> y\", \"y -> out\"]\n\
         [stages.x]\nchain = \"c{next}.toml\"\n[stages.y]\nchain = \"c{next}.toml\"\n"
    )
}

#[test]
fn files_inside_files_are_refused_where_the_first_lies_too_deep() {
    for count in [99, 600, 3_000] {
        for text in [one_inside, with_a_limit] {
            assert_eq!(
                folder(count, text).chain().unwrap_err().to_string(),
                "deep/c98.toml:6: 101 chains inside each other; allowed: at most 100"
            );
        }
    }
    for text in [one_inside, with_a_limit] {
        let chain = folder(98, text).chain().unwrap();
        let solved = chain.case().solve().unwrap();
        assert!(solved.inlet("field").unwrap().stopped_by.is_fully_drawn());
    }
}

#[test]
fn files_that_name_the_next_twice_are_refused_where_they_become_too_many() {
    for count in [9, 24, 60] {
        let faults = folder(count, two_inside).chain().unwrap_err().to_string();
        assert!(faults.contains("1001 chains inside one; allowed: at most 1000"), "{faults}");
        assert_eq!(faults.lines().count(), 1, "{faults}");
    }
    // 1 + 1 + 2 + .. + 2^8
    let chain = folder(8, two_inside).chain().unwrap();
    assert!(chain.case().solve().is_ok());
}
