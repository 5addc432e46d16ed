//! Faults of yield tables, with the exact message. They are changes to the shipped table, which
//! grows: that is why their lines are counted here and the cases are no data.

use crate::support::folders::{changed, message};
use gaschain::scenario::{self, Reading};

#[test]
fn a_yield_set_that_does_not_close_is_refused_by_name() {
    let refused = "yield set \"patent_60\" of ethane is refused: closing it to carbon and hydrogen shifts a yield by 6.40 % of feed; allowed: at most 2 %";
    let chain = gaschain::amur::chain();
    let faults = chain.case().set("gcc.crack.yields_ethane", "patent_60").unwrap_err();
    assert_eq!(faults.to_string(), format!("gcc.crack.yields_ethane: {refused}"));
    let text = "name,gcc.crack.yields_ethane\nlow,patent_60\nodd,ipc\n";
    let faults =
        scenario::parse_table(text, "runs.csv", chain, "amur", Reading::default()).unwrap_err();
    assert_eq!(
        faults.to_string(),
        format!(
            "runs.csv:2: column \"gcc.crack.yields_ethane\": {refused}\n\
             runs.csv:3: column \"gcc.crack.yields_ethane\": unknown name \"ipc\"; nearest: \"ipcc\""
        )
    );
    let folder = changed(
        gaschain::amur::folder(),
        "gcc.toml",
        "yields_ethane = { value = \"ipcc\"",
        "yields_ethane = { value = \"patent_60\"",
    );
    let text = message(&folder);
    assert!(
        text.starts_with("amur/gcc.toml:")
            && text.ends_with(&format!(": gcc.crack.yields_ethane: {refused}")),
        "{text}"
    );
}

#[test]
fn yield_tables() {
    let row = "matar_hatch,ethane,ethylene,0.800000,ultimate,,";
    let with = |to: &str| message(&changed(gaschain::amur::folder(), "yields.csv", row, to));
    let at = 1 + {
        let folder = gaschain::amur::folder();
        let text = String::from_utf8(folder.files["yields.csv"].clone()).unwrap();
        text[..text.find(row).unwrap()].matches('\n').count()
    };
    for (to, fault) in [
        (
            "matar_hatch,ethan,ethylene,0.800000,ultimate,,",
            "column \"feed\": unknown species \"ethan\"; nearest: \"ethane\", \"methane\"",
        ),
        (
            "matar_hatch,ethane,ethylen,0.800000,ultimate,,",
            "column \"product\": unknown species \"ethylen\"; nearest: \"ethylene\", \"ethylene unit\"",
        ),
        (
            "matar_hatch,ethane,ethylene,80,ultimate,,",
            "column \"mass_fraction\": 80 is outside the allowed range 0 to 1",
        ),
        (
            "matar_hatch,ethane,ethylene,,ultimate,,",
            "column \"mass_fraction\": number in column \"mass_fraction\" is missing",
        ),
        (
            "matar_hatch,ethane,ethylene,0.8,ultimat,,",
            "column \"basis\": unknown basis \"ultimat\"; nearest: \"ultimate\"",
        ),
        (
            "matar_hatch,ethane,ethylene,0.8,selectivity,,",
            "column \"conversion\": number in column \"conversion\" is missing",
        ),
        (
            "matar_hatch,ethane,ethylene,0.8,selectivity,1.5,",
            "column \"conversion\": 1.5 is outside the allowed range 0 to 1",
        ),
        (
            "matar_hatch,ethane,ethylene,0.8,per_pass,0.6,",
            "column \"basis\": another basis or conversion than in the first row of matar_hatch; allowed: the same basis and conversion in all rows of a set",
        ),
        ("matar_hatch,ethane,propylene,0.800000,ultimate,,", ""),
    ] {
        let text = with(to);
        if fault.is_empty() {
            assert_eq!(
                text,
                format!(
                    "amur/yields.csv:{}: column \"product\": duplicate product of the yield set \"propylene\"",
                    at + 1
                )
            );
        } else {
            assert_eq!(text, format!("amur/yields.csv:{at}: {fault}"));
        }
    }
}

#[test]
fn a_loss_is_a_row_of_its_own_once() {
    let row = "ipcc,ethane,loss,0.005000,ultimate,,";
    let twice = format!("{row}published,a test,\n{row}");
    let text = message(&changed(gaschain::amur::folder(), "yields.csv", row, &twice));
    assert!(
        text.starts_with("amur/yields.csv:")
            && text.ends_with(": column \"product\": duplicate product of the yield set \"loss\""),
        "{text}"
    );
}

#[test]
fn a_recycle_of_what_is_no_feed_is_told_where_it_stands() {
    let folder = gaschain::amur::folder();
    let text = String::from_utf8(folder.files["gcc.toml"].clone()).unwrap();
    let own = text.lines().position(|line| line.starts_with("recycle = ")).unwrap();
    let line = text.lines().nth(own).unwrap();
    let folder = changed(folder, "gcc.toml", line, "recycle = [\"ethane\", \"benzene\"]");
    let expected = "recycle of benzene; allowed: one of the feeds";
    assert_eq!(message(&folder), format!("amur/gcc.toml:{}: {expected}", own + 1));
}
