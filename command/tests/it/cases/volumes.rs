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

/// A capacity of real gas is said as its load is counted, wherever it is said.
#[test]
fn a_capacity_of_real_gas_is_counted_as_its_load_is() {
    let meter = "of = \"real_volume@15\", at_most = \"2 bcm/yr @ 15 degC\"";
    let allowed = |unit: &str| {
        format!("allowed: a number in {unit}, or in another unit at the same conditions")
    };
    for (of, unit, said) in [
        ("real_volume@15", "bcm/yr @ 15 degC", "1 bcm/yr"),
        ("real_volume@15", "bcm/yr @ 15 degC", "1 mol/s"),
        ("real_volume@15", "bcm/yr @ 15 degC", "100 MMscfd"),
        ("real_volume", "bcm/yr", "1 bcm/yr @ 15 degC"),
        ("gross_wobbe@15", "MJ/m3 @ 15 degC", "48 MJ/m3"),
    ] {
        // in the file
        let bad = TOWN.replace(meter, &format!("of = \"{of}\", at_most = \"{said}\""));
        let folder = folder(&bad);
        let output = gaschain(&["check", &folder.join("town").display().to_string()]);
        assert_eq!(output.status.code(), Some(2), "{of} {said}");
        let told = text(&output.stderr) + &text(&output.stdout);
        assert!(told.contains(&format!("{said}; {}", allowed(unit))), "{told}");
    }
    // and set
    let folder = folder(TOWN);
    let scenario = folder.join("s.toml").display().to_string();
    let set = |value: &str| {
        gaschain(&["run", &scenario, "--set", &format!("town.meter={value}"), "--format", "json"])
    };
    for said in ["1 bcm/yr", "1 mol/s", "100 MMscfd", "1 bcm/yr @ 0 degC"] {
        let output = set(said);
        assert_eq!(output.status.code(), Some(2), "{said}");
        let told = text(&output.stderr);
        assert!(told.contains(&format!("{said}; {}", allowed("bcm/yr @ 15 degC"))), "{told}");
    }
    for said in ["1 bcm/yr @ 15 degC", "1000 million Sm3/yr"] {
        let output = set(said);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let report: Value = serde_json::from_str(&text(&output.stdout)).expect("JSON");
        let load = report["limits"][0]["load"].as_f64().unwrap();
        assert!((load - 1.0).abs() < 1e-9, "{load}");
    }
}

/// A capacity that is a product has the unit of its load from one factor, which counts as it does.
#[test]
fn a_factor_of_a_capacity_of_real_gas_is_counted_as_its_load_is() {
    let meter = "at_most = \"2 bcm/yr @ 15 degC\"";
    let with = |unit: &str, value: &str| {
        let own = format!(
            "[parameters]\none = {{ value = \"{value}\", unit = \"{unit}\" }}\n\
             runs = {{ value = 2, unit = \"units\" }}\n[leaving]"
        );
        let chain = TOWN.replace("[leaving]", &own).replace("town.sales_gas", "sales.sales_gas");
        let chain = chain.replace("[stages.town]", "[stages.sales]");
        let chain = chain.replace("field -> town", "field -> sales");
        let folder = folder(&chain.replace(meter, "at_most = [\"one\", \"runs\"]"));
        let output = gaschain(&["check", &folder.join("town").display().to_string()]);
        (output.status.code(), text(&output.stderr) + &text(&output.stdout))
    };
    let (code, said) = with("bcm/yr @ 15 degC", "1 bcm/yr @ 15 degC");
    assert_eq!(code, Some(0), "{said}");
    for (unit, value) in [("bcm/yr", "1 bcm/yr"), ("bcm/yr @ 15 degC", "1 bcm/yr")] {
        let (code, said) = with(unit, value);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("allowed: a number in bcm/yr @ 15 degC"), "{said}");
    }
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
