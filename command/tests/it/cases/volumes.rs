//! Volumes of real gas beside those of ideal gas, and heats of species of one's own.

use crate::run::{gaschain, text};
use crate::temporary::Temporary;
use serde_json::Value;

/// A town that meters its gas at 15 degC.
const TOWN: &str = r#"
name = "town"
species = ["methane", "ethane", "nitrogen"]
connections = ["field -> town"]
[leaving]
products.sold = ["town.sales_gas"]
[stages.field]
kind = "supply"
set.flow = "3 bcm/yr"
set.composition = { methane = 0.9, ethane = 0.06, nitrogen = 0.04 }
[stages.town]
kind = "market"
product = "sales_gas"
limits.meter = { at = "sales_gas", of = "real_volume@15", at_most = "2 bcm/yr @ 15 degC" }
[[products]]
name = "gas, ideal"
at = "town.sales_gas"
of = "ideal_volume"
unit = "bcm/yr @ 15 degC"
[[products]]
name = "gas, metered"
at = "town.sales_gas"
of = "real_volume@15"
unit = "million Sm3/d"
"#;

fn folder(chain: &str) -> Temporary {
    let folder = Temporary::new("volumes");
    std::fs::create_dir_all(folder.join("town")).unwrap();
    std::fs::write(folder.join("town/chain.toml"), chain).unwrap();
    std::fs::write(folder.join("s.toml"), "name = \"as built\"\nchain = \"town\"\n").unwrap();
    folder
}

/// `1 - (sum x s)^2` with the summation factors of ISO 6976:2016 at 15 degC.
fn compressibility() -> f64 {
    let sum: f64 = 0.9 * 0.04452 + 0.06 * 0.0919 + 0.04 * 0.0170;
    1.0 - sum * sum
}

#[test]
fn a_meter_stops_a_field_and_both_volumes_are_reported() {
    let folder = folder(TOWN);
    let scenario = folder.join("s.toml").display().to_string();
    let output = gaschain(&["run", &scenario, "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report: Value = serde_json::from_str(&text(&output.stdout)).expect("JSON");
    let product = |name: &str| {
        let mut rows = report["products"].as_array().unwrap().iter();
        let row = rows.find(|row| row["product"] == name).unwrap();
        (row["value"].as_f64().unwrap(), row["unit"].as_str().unwrap().to_owned())
    };
    let near = |got: f64, expected: f64| {
        assert!((got / expected - 1.0).abs() < 1e-9, "{got}, not {expected}");
    };
    let (metered, unit) = product("gas, metered");
    near(metered, 2e3 / 365.0);
    assert_eq!(unit, "million Sm3/d");
    let (ideal, unit) = product("gas, ideal");
    near(ideal, 2.0 / compressibility());
    assert_eq!(unit, "bcm/yr @ 15 degC");
    assert_eq!(report["inlets"][0]["stopped_by"], serde_json::json!(["town.meter"]));
    let limit = &report["limits"][0];
    assert_eq!(limit["unit"], "bcm/yr @ 15 degC");
    near(limit["load"].as_f64().unwrap(), 2.0);
    // in a page, side by side
    let page = text(&gaschain(&["run", &scenario]).stdout);
    let line = |name: &str| {
        let mut lines = page.lines().map(str::trim_start);
        lines.find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{page}")).to_owned()
    };
    assert!(line("volume, real gas").contains(" 2.000 "), "{page}");
    assert!(line("volume, ideal gas").contains(" 2.004 "), "{page}");
}

#[test]
fn real_cubic_metres_say_where_they_are_metered() {
    let bad = TOWN
        .replace("unit = \"million Sm3/d\"", "unit = \"bcm/yr\"")
        .replace("of = \"ideal_volume\"", "of = \"real_volume.methane\"");
    let folder = folder(&bad);
    let output = gaschain(&["check", &folder.join("town").display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr) + &text(&output.stdout);
    assert!(said.contains("real_volume@15 in bcm/yr @ 15 degC"), "{said}");
    assert!(said.contains("real_volume, or real_volume@15"), "{said}");
}

#[test]
fn a_heat_by_the_elements_is_listed_with_where_it_is_from() {
    let chain = TOWN.replace("\"nitrogen\"]", "\"nitrogen\", \"tar\"]");
    let folder = folder(&chain);
    for (cell, code) in [("by elements", 0), ("by guess", 2)] {
        let own = format!("species,formula,gross_heat_25C_kJ_per_mol\ntar,C12H14,{cell}\n");
        std::fs::write(folder.join("town/species.csv"), own).unwrap();
        let chain = folder.join("town").display().to_string();
        let output = gaschain(&["list", "species", "--chain", &chain]);
        assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
        if code == 0 {
            let listed = text(&output.stdout);
            let tar = listed.lines().find(|line| line.starts_with("tar")).unwrap();
            assert!(tar.contains("derived: by elements, Channiwala and Parikh"), "{tar}");
        } else {
            assert!(text(&output.stderr).contains("by guess"), "{}", text(&output.stderr));
        }
    }
}
