//! Judging files without running them.

use crate::run::{gaschain, text};
use crate::temporary::Temporary;

/// The shipped data.
fn data(path: &str) -> String {
    format!("{}/../data/amur/{path}", env!("CARGO_MANIFEST_DIR"))
}

// one of the scenarios runs a line by hydraulics
#[test]
fn sound_files_are_a_line_each() {
    let folder = Temporary::new("sound");
    let table = folder.join("many.csv").display().to_string();
    std::fs::write(&table, "name,gpp.trains\nas designed,\nfour,4\n").expect("written");
    // files of one chain folder are judged with it, once
    let chain = [data(""), data("chain.toml"), data("gpp.toml"), data("feeds.csv")];
    let chain = chain.each_ref().map(String::as_str);
    let sweep = data("sweeps/uncertainty.toml");
    let scenario = data("scenarios/hydraulic.toml");
    let output = gaschain(&[&["check"], chain.as_slice(), &[&sweep, &scenario, &table]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(output.stderr.is_empty());
    let said = text(&output.stdout);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 4, "{said}");
    assert!(lines[0].starts_with(&format!("{}: the chain amur, ", data(""))), "{said}");
    assert_eq!(lines[1], format!("{sweep}: a sweep of amur, 10 axes, 65536 scenarios"));
    assert_eq!(lines[2], format!("{scenario}: a scenario of amur, 1 changes"));
    assert_eq!(lines[3], format!("{table}: a table of amur, 2 scenarios"));
}

#[test]
fn all_faults_of_all_files_come_together() {
    let folder = Temporary::new("faulty");
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let scenario = write("s.toml", "name = 's'\nchain = 'amur'\n[set]\n'gpp.trians' = 4\n");
    let sound = write("sound.toml", "name = 's'\nchain = 'amur'\n");
    let sweep = write(
        "w.toml",
        "name = 'w'\nchain = 'amur'\noutputs = ['heihe.sales_gas.volum']\n[design]\nkind = 'grid'\n\
         [[axis]]\nparameter = 'gpp.trains'\nvalues = [4, 5]\n",
    );
    let table = write("t.csv", "name,gpp.trains\na,many\n");
    let chain = write("chain/chain.toml", "name = 'c'\ncolour = 'red'\n");
    let broken = write("broken.toml", "name = \n");
    let other = write("notes.txt", "");
    let missing = folder.join("missing.toml").display().to_string();
    let paths = [&scenario, &sound, &sweep, &table, &chain, &broken, &other, &missing];
    let output = gaschain(&[&["check"], paths.map(String::as_str).as_slice()].concat());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), format!("{sound}: a scenario of amur, 0 changes\n"));
    let said = text(&output.stderr);
    for fault in [
        "s.toml:4: gpp.trians: unknown parameter",
        "heihe.sales_gas.volum",
        "t.csv:2: column \"gpp.trains\": \"many\"",
        "chain.toml:2: unknown key \"colour\"",
        "broken.toml:1: ",
        "notes.txt\"; allowed: a chain folder, a .toml, a .csv or a .json file",
        "cannot read \"",
    ] {
        assert!(said.contains(fault), "{fault}\n{said}");
    }
}

#[test]
fn tables_are_judged_by_the_chain_that_is_named() {
    let folder = Temporary::new("own");
    let chain = folder.join("chain");
    std::fs::create_dir_all(&chain).expect("a folder");
    let text_of_chain = "name = \"small\"\nspecies = [\"methane\"]\n\
        connections = [\"field -> city\"]\nleaving = { products = [\"city.sold\"] }\n\
        [stages.field]\nkind = \"supply\"\nset.flow = \"1 bcm/yr\"\n\
        set.composition = { methane = 1.0 }\n[stages.city]\nkind = \"market\"\nproduct = \"sold\"\n";
    std::fs::write(chain.join("chain.toml"), text_of_chain).expect("written");
    let table = folder.join("many.csv").display().to_string();
    std::fs::write(&table, "name,field.flow\na,2 bcm/yr\n").expect("written");
    assert_eq!(gaschain(&["check", &table]).status.code(), Some(2));
    let chain = chain.display().to_string();
    let output = gaschain(&["check", "--chain", &chain, &table, &chain]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.contains("many.csv: a table of small, 1 scenarios\n"), "{said}");
    assert!(said.contains(": the chain small, "), "{said}");
    // the same chain folder can be run as it is
    let output = gaschain(&["run", &chain]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("small\n"));
}
