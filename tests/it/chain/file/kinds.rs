//! Kinds of stages of a program's own, named in chain files.

use gaschain::chain::Folder;
use gaschain::stage::{Config, Kinds, Separate};

/// `takes = [species, ..]`: what is recovered of them leaves at `liquid`.
fn knock_out(config: &mut Config<'_>) -> Option<Separate> {
    let taken = config.names("takes")?;
    let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
    let drum = Separate::new("gas").recovering(config.slate(), "taken", &taken, "liquid");
    drum.map_err(|kind| config.fault(kind)).ok()
}

const CHAIN: &str = r#"
name = "drum"
species = ["methane", "n-hexane"]
connections = ["field -> drum"]
leaving.products = ["drum.gas", "drum.liquid"]
[stages.field]
kind = "supply"
set.flow = "100 mol/s"
set.composition = { methane = 0.9, n-hexane = 0.1 }
[stages.drum]
kind = "knock-out"
takes = ["n-hexane"]
set.taken = "80 %"
limits.full = { at = "liquid", of = "moles", at_most = "4 mol/s" }
"#;

fn folder(text: &str) -> Folder {
    let mut folder = Folder { name: "drum".into(), ..Folder::default() };
    folder.files.insert("chain.toml".into(), text.as_bytes().to_vec());
    folder
}

#[test]
fn a_registered_kind_is_read_set_and_limited_like_any_other() {
    let kinds = Kinds::shipped().with("knock-out", knock_out);
    let chain = folder(CHAIN).chain_with(&kinds).unwrap_or_else(|error| panic!("{error}"));
    let solved = chain.case().solve().unwrap();
    assert!((solved.value("drum.liquid.moles").unwrap() - 4.0).abs() < 1e-12);
    assert_eq!(
        solved.inlet("field").unwrap().stopped_by.limits().collect::<Vec<_>>(),
        ["drum.full"]
    );
}

#[test]
fn faults_in_the_table_of_a_registered_kind_have_their_places() {
    let kinds = Kinds::shipped().with("knock-out", knock_out);
    let error = folder(&CHAIN.replace("takes = [\"n-hexane\"]", "takes = [\"n-hexan\"]\nodd = 1"))
        .chain_with(&kinds)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "drum/chain.toml:10: drum: unknown species \"n-hexan\"; nearest: \"n-hexane\"\n\
         drum/chain.toml:13: unknown key \"odd\"; allowed: \"set\", \"limits\", \"chain\", \"kind\", \
         \"takes\""
    );
}

#[test]
fn a_kind_that_nobody_registered_is_not_known() {
    let error = folder(CHAIN).chain().unwrap_err().to_string();
    assert!(error.contains("unknown kind of stage \"knock-out\""), "{error}");
    let kinds = Kinds::shipped().with("knock-outs", knock_out);
    let error = folder(CHAIN).chain_with(&kinds).unwrap_err().to_string();
    assert!(error.contains("nearest: \"knock-outs\""), "{error}");
}

#[test]
fn a_kind_that_makes_nothing_and_says_nothing_is_a_fault() {
    let kinds = Kinds::shipped().with("knock-out", |config: &mut Config<'_>| {
        config.names("takes");
        None::<Separate>
    });
    let error = folder(CHAIN).chain_with(&kinds).unwrap_err().to_string();
    assert!(error.contains("drum: a table that its kind does not read"), "{error}");
}
