//! A report that was saved is read back as it was, bit for bit; what is no report is refused with
//! all that is wrong.

use crate::support::chains::{Parts, at_most, build, chain_of, slate};
use crate::support::temporary::Temporary;
use gaschain::fault::FaultKind;
use gaschain::report::{csv, text};
use gaschain::scenario::{Reading, Scenario};
use gaschain::{Case, ErrorKind, Report, amur};

fn report() -> Report {
    let slate = slate(&["methane", "helium"]);
    let mut chain = chain_of(&slate);
    chain
        .field(&slate, "field", 5.0, &[("methane", 0.9), ("helium", 0.1)])
        .market("city")
        .joined(&["field -> city"])
        .limit(at_most("demand", "city", 3.0));
    let mut case = build(chain).case();
    case.set_in("field.flow", 4.5, "mol/s").unwrap();
    case.set("field.composition", [("methane", 0.75), ("helium", 0.25)]).unwrap();
    case.solve().unwrap().report().named("small")
}

// one of them runs a line by hydraulics
#[test]
fn reports_of_all_shipped_scenarios_come_back_bit_for_bit() {
    for name in amur::scenario_names() {
        let scenario = amur::scenario(name).unwrap();
        let report = amur::chain().case().apply(&scenario).unwrap().solve().unwrap().report();
        assert_eq!(report.scenario, scenario.name);
        assert_eq!(report.made_by.inputs, scenario.inputs(amur::chain()));
        let text = report.to_json();
        let read = Report::from_json(&text).unwrap();
        assert!(read == report, "{name}");
        assert!(read.to_json() == text, "{name}");
    }
}

#[test]
fn a_file_and_a_folder_of_tables_hold_the_same_report() {
    let mut case = amur::chain().case();
    let solved = case.set("gpp.trains", 5.33).unwrap().named("fewer").solve().unwrap();
    let folder = Temporary::new("saved");
    solved.report().write(folder.join("fewer.json")).unwrap();
    let tables = folder.join("tables");
    csv::write_folder(&solved, &tables, gaschain::Older::Refused).unwrap();
    let read = Report::read(folder.join("fewer.json")).unwrap();
    assert_eq!(read, solved.report());
    assert_eq!(Report::read(tables.join("result.json")).unwrap(), read);
    // what was read is compared as what was not
    let design = case.reset().solve().unwrap().report();
    let page = text::compare(&[design.clone(), read]);
    assert_eq!(page, text::compare(&[design, solved.report()]));
}

#[test]
fn a_format_that_is_not_known_is_refused_by_name_and_nothing_else_of_it_judged() {
    let later = report().to_json().replace("gaschain.report/1", "gaschain.report/2");
    let later = later.replace("\"made_by\"", "\"made_with\"");
    let error = Report::from_json(&later).unwrap_err();
    let [fault] = error.faults() else { panic!("{error}") };
    assert!(
        matches!(&fault.kind, FaultKind::UnknownName { what: "format", got, .. } if got == "gaschain.report/2")
    );
    let none = report().to_json().replace("  \"format\": \"gaschain.report/1\",\n", "");
    assert_eq!(Report::from_json(&none).unwrap_err().to_string(), "key \"format\" is missing");
}

#[test]
fn keys_that_are_unknown_or_missing_are_named_all_at_once() {
    let text = report().to_json();
    let text = text
        .replacen("\"accepted\":", "\"acepted\":", 1)
        .replace("\"openings\": \"exact\",\n", "")
        .replacen("\"margin\": ", "\"more\": 1, \"margin\": ", 1);
    assert_eq!(
        Report::from_json(&text).unwrap_err().to_string(),
        "inlets[0].acepted: unknown key \"acepted\"; nearest: \"accepted\"\n\
         inlets[0]: key \"accepted\" is missing\n\
         limits[0].more: unknown key \"more\"\n\
         key \"openings\" is missing"
    );
}

#[test]
fn values_of_another_kind_and_no_json_at_all_name_their_line() {
    let folder = Temporary::new("no-report");
    let path = folder.join("report.json");
    let refused = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let error = Report::read(&path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadInput, "{error}");
        (error.faults()[0].place.line, error.to_string())
    };
    let text = report().to_json();
    let (line, message) = refused(&text.replace("\"jump\": false", "\"jump\": \"no\""));
    let expected = text.lines().position(|line| line.contains("\"jump\"")).unwrap() + 1;
    assert_eq!(line, Some(expected), "{message}");
    assert!(message.contains("report.json:"), "{message}");
    let (line, _) = refused("{\"format\": \n oops}");
    assert_eq!(line, Some(2));
    let (_, message) =
        refused(&text.replace("\"direction\": \"at_most\"", "\"direction\": \"up\""));
    assert!(message.contains("`at_most`") && message.contains("`at_least`"), "{message}");
    let gone = Report::read(folder.join("none.json")).unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::Io);
}

#[test]
fn a_report_cut_off_or_with_a_letter_changed_never_panics() {
    let text = report().to_json();
    for at in (0..text.len()).step_by(7) {
        assert!(Report::from_json(&text[..at]).is_err(), "cut at {at}");
        for letter in ['0', '"', '}', '\\'] {
            let mut changed = text.clone();
            changed.replace_range(at..=at, &letter.to_string());
            // it may still be one, of another number or name
            if let Err(error) = Report::from_json(&changed) {
                assert!(!error.faults().is_empty(), "{error}");
            }
        }
    }
}

#[test]
fn a_report_is_named_by_its_scenario_and_by_hand() {
    let name = |case: &mut Case| case.solve().unwrap().report().scenario;
    let chain = amur::chain();
    let mut case = chain.case();
    assert_eq!(name(&mut case), "amur");
    let own = case.solve().unwrap().report().made_by.inputs;
    let fewer = amur::scenario("four_trains").unwrap();
    case.apply(&fewer).unwrap();
    assert_eq!(name(&mut case), fewer.name);
    assert_eq!(case.solve().unwrap().question(), fewer.question.as_deref());
    let one = case.solve().unwrap().report().made_by.inputs;
    assert_eq!(one, fewer.inputs(chain));
    // what comes on top counts as well, and a name alone does not
    let text = "name = 'more'\nchain = 'amur'\n[set]\n'heihe.demand' = '40 bcm/yr'\n";
    case.apply(&Scenario::parse(text, "more.toml", Reading::default()).unwrap()).unwrap();
    assert_eq!(name(&mut case), "more");
    let both = case.solve().unwrap().report().made_by.inputs;
    assert_eq!(name(case.named("mine")), "mine");
    assert_eq!(case.solve().unwrap().report().made_by.inputs, both);
    assert!(own != one && one != both && both != own);
    assert_eq!(case.reset().solve().unwrap().report().made_by.inputs, own);
}
