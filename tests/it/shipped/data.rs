//! The shipped chain is data: every number has a source, every address that others use is there,
//! and the engine names nothing of it.

use gaschain::amur;
use std::path::Path;

#[test]
fn a_yield_set_that_does_not_close_is_refused_by_name() {
    let chain = amur::chain();
    let faults = chain.case().set("gcc.crack.yields_ethane", "patent_60").unwrap_err();
    let message = faults.to_string();
    let start = "gcc.crack.yields_ethane: yield set \"patent_60\" of ethane is refused";
    assert!(message.starts_with(start), "{message}");
}

#[test]
fn every_address_that_others_use_is_there() {
    let chain = amur::chain();
    let there: Vec<&str> =
        chain.parameters().iter().map(|parameter| parameter.address.as_str()).collect();
    let wanted = "order chayanda.flow kovykta.flow chayanda.composition kovykta.composition \
        membrane.helium trunk_line.capacity gpp.trains gpp.train_size gpp.availability \
        gpp.ngl.ethane gpp.ngl.propane gpp.ngl.butanes gpp.ngl.c5_plus gpp.helium.recovery \
        gpp.helium.units gpp.helium.unit_size gpp.nitrogen.rejected gpp.fuel.share bypass.open \
        heihe.demand ethane_gate.contract gcc.order gcc.extra_ethane gcc.furnaces \
        gcc.availability gcc.crack.ethylene gcc.pe.capacity gcc.pe.comonomer gcc.pp.capacity";
    for address in wanted.split_whitespace() {
        assert!(there.contains(&address), "{address} is not there");
    }
    let products: Vec<&str> = chain.products().map(|product| product.name.as_str()).collect();
    let wanted = "sales gas, helium, ethane, propane, butanes, c5-c6, ethylene, propylene, \
        polyethylene, polypropylene, propylene sold, lpg by rail, hydrogen, fuel gas, c4, pygas, \
        fuel oil";
    assert_eq!(products.join(", "), wanted);
}

#[test]
fn every_number_of_the_shipped_chain_has_evidence_and_a_source() {
    for parameter in amur::chain().parameters() {
        assert!(!parameter.provenance.source.is_empty(), "{} has no source", parameter.address);
    }
}

#[test]
fn the_engine_does_not_name_the_shipped_chain() {
    fn sources(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    assert!(files.len() > 20);
    for file in files.iter().filter(|file| !file.ends_with("src/amur.rs")) {
        let text = std::fs::read_to_string(file).unwrap();
        // unit tests may use the shipped chain
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            let doc = line.starts_with("//!") || line.starts_with("///");
            let declared = file.ends_with("src/lib.rs") && line == "pub mod amur;";
            let named = line.to_lowercase().contains("amur");
            assert!(!named || doc || declared, "{}:{}: {line}", file.display(), index + 1);
        }
    }
}
