//! Units of the trade, supplies by mass and heat, compositions by any name: what is read, what is
//! refused, and what a hint may lead to.

use crate::run::{gaschain, text};
use crate::temporary::Temporary;
use serde_json::Value;
use std::process::Output;

/// A report of the nameplate with changes.
fn report(changes: &[&str]) -> Value {
    let mut arguments = vec!["run", "nameplate", "--format", "json"];
    for change in changes {
        arguments.extend(["--set", change]);
    }
    let output = gaschain(&arguments);
    assert_eq!(output.status.code(), Some(0), "{changes:?}: {}", text(&output.stderr));
    serde_json::from_str(&text(&output.stdout)).expect("JSON")
}

/// What is said of a change that is bad input.
fn refusal(change: &str) -> String {
    let output = gaschain(&["run", "nameplate", "--set", change]);
    assert_eq!(output.status.code(), Some(2), "{change}");
    text(&output.stderr)
}

/// The row of a list that is called so.
fn named<'r>(report: &'r Value, list: &str, key: &str, name: &str) -> &'r Value {
    let mut rows = report[list].as_array().expect("a list").iter();
    rows.find(|row| row[key] == name).unwrap_or_else(|| panic!("no {name}"))
}

fn capacity(changes: &[&str], limit: &str) -> f64 {
    named(&report(changes), "limits", "limit", limit)["capacity"].as_f64().expect("a number")
}

fn offered(changes: &[&str], inlet: &str) -> f64 {
    named(&report(changes), "inlets", "inlet", inlet)["offered"].as_f64().expect("a number")
}

fn near(got: f64, expected: f64) {
    assert!((got / expected - 1.0).abs() < 1e-9, "{got}, not {expected}");
}

/// Molar volume ratio of 20 degC to another temperature, degC.
fn warmer(celsius: f64) -> f64 {
    293.15 / (273.15 + celsius)
}

/// A cubic foot at 60 degF and 14.696 psia, as cubic metres at 20 degC and 101.325 kPa.
fn cubic_foot() -> f64 {
    let psi = 0.453_592_37 * 9.806_65 / (0.0254 * 0.0254);
    let foot: f64 = 0.3048;
    foot * foot * foot * 293.15 / ((60.0 + 459.67) / 1.8) * (14.696 * psi / 101_325.0)
}

#[test]
fn volumes_of_gas_are_read_as_the_trade_writes_them() {
    let (year, foot) = (365.0 * 24.0, cubic_foot());
    for (written, expected) in [
        ("4500000 Nm3/h", 4.5e6 * year / 1e9 * warmer(0.0)),
        ("4.3 million Nm3/h", 4.3e6 * year / 1e9 * warmer(0.0)),
        ("4.3 mln. nm³/hour", 4.3e6 * year / 1e9 * warmer(0.0)),
        ("100 million Sm3/d", 100e6 * 365.0 / 1e9 * warmer(15.0)),
        ("4000 MMSCFD", 4e9 * 365.0 / 1e9 * foot),
        ("4000 MMscf/d", 4e9 * 365.0 / 1e9 * foot),
        ("4 Bcf/d", 4e9 * 365.0 / 1e9 * foot),
        ("4000000 Mscfd", 4e9 * 365.0 / 1e9 * foot),
        ("38 bcm/yr @ 60 degF", 38.0 * 293.15 / ((60.0 + 459.67) / 1.8)),
        ("38 bcm/a @ 15 °C", 38.0 * warmer(15.0)),
        ("38 BCM per annum", 38.0),
        ("38 bcma", 38.0),
    ] {
        near(capacity(&[&format!("heihe.demand={written}")], "heihe.demand"), expected);
    }
}

#[test]
fn a_hint_never_leads_to_another_quantity() {
    for (change, right, wrong) in [
        ("heihe.demand=4500000 Nm3/hx", "nearest: \"Nm3/h\"", ""),
        ("heihe.demand=4500000 Sm3/dy", "nearest: \"Sm3/d\"", ""),
        ("trunk_line.inlet_pressure=97 bargx g", "", "nearest: \"bar\""),
        ("trunk_line.inlet_pressure=97 barga", "\"barg\"", "nearest: \"bar\""),
        ("trunk_line.inlet_pressure=97 bargg", "nearest: \"barg\"", "nearest: \"bar\""),
        ("trunk_line.inlet_pressure=9.7 MPagg", "nearest: \"MPag\"", "nearest: \"MPa\""),
        ("heihe.demand=3 Tm3/h", "", "nearest"),
        ("chayanda.flow=100 ton/h", "\"t/h\"", "nearest"),
    ] {
        let said = refusal(change);
        assert!(said.contains(right), "{change}: {said}");
        assert!(wrong.is_empty() || !said.contains(wrong), "{change}: {said}");
        let nearest = said.split("; allowed").next().unwrap_or_default();
        assert!(said.contains("allowed: "), "{change}: {said}");
        for other in ["\"m3/h\"", "\"bar\"", "\"MPa\"", "\"kg/s\""] {
            assert!(!nearest.contains(other), "{change}: {nearest}");
        }
    }
    let said = refusal("trunk_line.inlet_pressure=97 furlongs");
    assert!(said.contains("\"MPa\"") && said.contains("\"barg\"") && !said.contains("\"km\""));
}

#[test]
fn pressures_and_temperatures_of_the_trade_are_read() {
    for change in [
        "trunk_line.inlet_pressure=1400 psi",
        "trunk_line.inlet_pressure=1400 PSIA",
        "trunk_line.inlet_pressure=97 barg",
        "trunk_line.inlet_pressure=97 bar(g)",
        "trunk_line.inlet_pressure=9.7 MPag",
        "trunk_line.inlet_pressure=98 kgf/cm2",
        "trunk_line.inlet_temperature=59 degF",
        "trunk_line.inlet_temperature=15 °C",
        "trunk_line.inlet_temperature=20C",
        "trunk_line.inlet_temperature=68 °F",
    ] {
        report(&[change]);
    }
}

#[test]
fn a_supply_is_said_by_mass_or_heat_and_stays_what_was_said() {
    let at = |changes: &[&str]| offered(changes, "chayanda");
    let tonnes = at(&["chayanda.flow=19 Mt/yr"]);
    near(at(&["chayanda.flow=19000 ktpa"]), tonnes);
    near(at(&[&format!("chayanda.flow={} t/h", 19e6 / 8760.0)]), tonnes);
    // the moles follow the composition, whichever is set first
    let heavier = ["chayanda.composition.ethane=12 %", "chayanda.flow=19 Mt/yr"];
    let swapped = [heavier[1], heavier[0]];
    assert!(at(&heavier) < 0.99 * tonnes);
    near(at(&swapped), at(&heavier));
    // heat is gross unless net is said
    let gross = at(&["chayanda.flow=700 PJ/yr"]);
    near(at(&["chayanda.flow=700 PJ/yr gross"]), gross);
    near(at(&[&format!("chayanda.flow={} GWh/d", 700e15 / 365.0 / 3.6e12)]), gross);
    let net = at(&["chayanda.flow=700 PJ/yr net"]);
    assert!(net > 1.08 * gross && net < 1.12 * gross, "{net} and {gross}");
    let said = refusal("chayanda.flow=100 kbbl/d");
    assert!(said.contains("methane") && said.contains("by mass"), "{said}");
}

#[test]
fn one_share_is_an_address_and_methane_takes_up_the_balance() {
    let base = report(&[]);
    let ethane = |report: &Value| {
        let mut streams = report["streams"].as_array().expect("streams").iter();
        let stream = streams.find(|stream| stream["to"] == "kovykta.supply").expect("a stream");
        stream["mole_fraction"].clone()
    };
    let changed = report(&["kovykta.composition.C2H6=8 %"]);
    let (before, after) = (ethane(&base), ethane(&changed));
    let number = |shares: &Value, species: &str| shares[species].as_f64().unwrap_or(0.0);
    near(number(&after, "ethane"), 0.08);
    let moved = number(&before, "ethane") + number(&before, "methane") - 0.08;
    near(number(&after, "methane"), moved);
    near(number(&after, "nitrogen"), number(&before, "nitrogen"));
    // a share is set on the composition, whichever comes first
    let row = "kovykta.composition=chayanda_rich";
    let share = "kovykta.composition.ethane=8 %";
    assert_eq!(ethane(&report(&[row, share])), ethane(&report(&[share, row])));
    let said = refusal("kovykta.composition.ethane=99 %");
    assert!(said.contains("99 % ethane leaves -") && said.contains("at most"), "{said}");
    let said = refusal("kovykta.composition.methane=90 %");
    assert!(said.contains("takes up the balance"), "{said}");
    let listed = gaschain(&["list", "parameters", "kovykta.composition.ethane"]);
    assert!(text(&listed.stdout).contains("kovykta.composition.ethane"));
}

const SPECIES: &str = "name = 's'\nchain = 'amur'\n[set.chayanda.composition]\n";

/// Runs a scenario in a folder of its own.
fn scenario(folder: &Temporary, text: &str, more: &[&str]) -> Output {
    let path = folder.join("s.toml");
    std::fs::write(&path, text).expect("a file");
    let path = path.display().to_string();
    let arguments: Vec<&str> = ["run", &path].into_iter().chain(more.iter().copied()).collect();
    gaschain(&arguments)
}

#[test]
fn species_are_known_by_formula_and_short_name() {
    let folder = Temporary::new("units-species");
    let json = |shares: &str| {
        let output = scenario(&folder, &format!("{SPECIES}{shares}"), &["--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let report: Value = serde_json::from_str(&text(&output.stdout)).expect("JSON");
        report["streams"].clone()
    };
    let formulas = "CH4 = 0.92\nC2H6 = 0.05\nnC4 = 0.01\nN2 = 0.01\nCO2 = 0.01\n";
    let names = "methane = 0.92\nethane = 0.05\nn-butane = 0.01\nnitrogen = 0.01\n\
                 'carbon dioxide' = '10000 ppm'\n";
    assert_eq!(json(formulas), json(names));
    assert_eq!(
        json("C1 = 0.9\ni-C4 = 0.05\n'n C5' = 0.03\nHe = 0.02\n"),
        json("methane = 0.9\nisobutane = 0.05\nn-pentane = 0.03\nhelium = 0.02\n")
    );
    let both = scenario(&folder, &format!("{SPECIES}CH4 = 0.9\nC4H10 = 0.1\n"), &[]);
    let said = text(&both.stderr);
    assert!(both.status.code() == Some(2) && said.contains("isobutane, n-butane"), "{said}");
}

#[test]
fn a_slip_is_refused_and_rounding_is_divided_away_and_said() {
    let folder = Temporary::new("units-sums");
    let slip = format!("{SPECIES}methane = 0.92\nethane = '5 %'\nnitrogen = 3.0\n");
    assert_eq!(scenario(&folder, &slip, &["--normalise"]).status.code(), Some(2));
    let off = format!("{SPECIES}methane = 0.92\nethane = '5 %'\nnitrogen = 0.05\n");
    let said = scenario(&folder, &off, &["--normalise"]);
    assert_eq!(said.status.code(), Some(2));
    assert!(text(&said.stderr).contains("sum to 1.02"), "{}", text(&said.stderr));
    let rounded = format!("{SPECIES}methane = 0.95\nethane = '4.99 %'\n");
    let refused = scenario(&folder, &rounded, &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("ask for normalising"), "{}", text(&refused.stderr));
    let page = scenario(&folder, &rounded, &["--normalise"]);
    assert_eq!(page.status.code(), Some(0), "{}", text(&page.stderr));
    assert!(text(&page.stderr).contains("0.9999") && text(&page.stdout).contains("0.9999"));
    let json = scenario(&folder, &rounded, &["--normalise", "--format", "json"]);
    let report: Value = serde_json::from_str(&text(&json.stdout)).expect("JSON");
    assert!(report["warnings"][0].as_str().is_some_and(|warning| warning.contains("0.9999")));
}

const TINY: &str = "name = 'tiny'\nspecies = ['methane', 'nitrogen']\n\
    connections = ['field -> city']\n[stages.field]\nkind = 'supply'\nfeeds = 'feeds.csv'\n\
    set.flow = '1 bcm/yr'\nset.composition = 'lab'\n[stages.city]\nkind = 'market'\n\
    product = 'sold'\n[leaving]\nproducts = ['city.sold']\n[[products]]\nname = 'gas'\n\
    at = 'city.sold'\nof = 'volume'\nunit = 'bcm/yr'\n";

/// Runs a folder with these feeds.
fn feeds(folder: &Temporary, feeds: &str, more: &[&str]) -> Output {
    std::fs::write(folder.join("chain.toml"), TINY).expect("a file");
    std::fs::write(folder.join("feeds.csv"), feeds).expect("a file");
    let path = folder.display().to_string();
    let arguments: Vec<&str> = ["run", &path].into_iter().chain(more.iter().copied()).collect();
    gaschain(&arguments)
}

#[test]
fn tables_of_feeds_are_read_by_mass_and_in_ppm_and_below_detection_is_refused() {
    let folder = Temporary::new("units-feeds");
    let methane = |table: &str| {
        let output = feeds(&folder, table, &["--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{table}: {}", text(&output.stderr));
        let report: Value = serde_json::from_str(&text(&output.stdout)).expect("JSON");
        report["streams"][0]["mole_fraction"]["methane"].as_f64().expect("a share")
    };
    let moles = (90.0 / 16.042_46, 10.0 / 28.0134);
    for unit in ["mass %", "wt%", "mass%"] {
        let by_mass = methane(&format!("feed,unit,methane,N2\nlab,{unit},90,10\n"));
        near(by_mass, moles.0 / (moles.0 + moles.1));
    }
    near(methane("feed,unit,CH4,nitrogen\nlab,mol %,99.95,500 ppm\n"), 0.9995);
    near(methane("feed,unit,methane,nitrogen\nlab,mole fraction,0.9995,500 ppmv\n"), 0.9995);
    for mark in ["<0.01", "n.d.", "ND", "traces", "< 5 ppm"] {
        let output =
            feeds(&folder, &format!("feed,unit,methane,N2\nlab,mol %,99.99,{mark}\n"), &[]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{mark}");
        assert!(said.contains(mark) && said.contains("write 0"), "{said}");
    }
    let mixed = feeds(&folder, "feed,unit,methane,N2\nlab,mol %,99.99,100 ppmw\n", &[]);
    assert_eq!(mixed.status.code(), Some(2), "{}", text(&mixed.stderr));
}

#[test]
fn feeds_are_normalised_too_where_that_is_asked_for() {
    let folder = Temporary::new("units-normalise");
    let rounded = "feed,unit,methane,nitrogen\nlab,mol %,90.01,9.98\n";
    let refused = feeds(&folder, rounded, &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("0.9999"), "{}", text(&refused.stderr));
    let read = feeds(&folder, rounded, &["--normalise"]);
    assert_eq!(read.status.code(), Some(0), "{}", text(&read.stderr));
    assert!(text(&read.stderr).contains("0.9999") && text(&read.stdout).contains("0.9999"));
    let slip = "feed,unit,methane,nitrogen\nlab,mol %,92,9.98\n";
    assert_eq!(feeds(&folder, slip, &["--normalise"]).status.code(), Some(2));
    let balanced = "feed,unit,methane,nitrogen,balance\nlab,mol %,90,10,nitrogen\n";
    let set = ["--set", "field.composition.methane=95 %", "--format", "json"];
    let output = feeds(&folder, balanced, &set);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report: Value = serde_json::from_str(&text(&output.stdout)).expect("JSON");
    near(report["streams"][0]["mole_fraction"]["nitrogen"].as_f64().expect("a share"), 0.05);
}

/// The columns of a sweep of the shipped chain.
fn sweep(folder: &Temporary, outputs: &str, axis: &str) -> Vec<Vec<String>> {
    let path = folder.join("s.toml");
    let design = "[design]\nkind = 'grid'\n";
    let file =
        format!("name = 's'\nchain = 'amur'\noutputs = [{outputs}]\n{design}[[axis]]\n{axis}");
    std::fs::write(&path, file).expect("a file");
    let output = gaschain(&["sweep", &path.display().to_string(), "--format", "csv"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let rows = text(&output.stdout);
    rows.lines().map(|row| row.split(',').map(str::to_owned).collect()).collect()
}

fn column(rows: &[Vec<String>], name: &str) -> Vec<f64> {
    let at = rows[0].iter().position(|header| header == name);
    let at = at.unwrap_or_else(|| panic!("no {name} in {:?}", rows[0]));
    rows[1..].iter().map(|row| row[at].parse().expect("a number")).collect()
}

#[test]
fn results_are_given_in_units_of_the_trade_and_say_gross_or_net() {
    let folder = Temporary::new("units-outputs");
    let outputs = "'heihe.sales_gas.volume', 'heihe.sales_gas.volume [MMscfd]', \
        'heihe.sales_gas.energy [MMBtu/d]', 'heihe.sales_gas.energy_gross [MMBtu/d]', \
        'heihe.sales_gas.gross_wobbe@60 degF', 'heihe.sales_gas.gross_wobbe@15.55', \
        'heihe.sales_gas.gross_wobbe@60 degF [Btu/scf]', 'heihe.sales_gas.mole_fraction.CO2', \
        'gpp.c5_c6.volume [kbbl/d]', 'gpp.c5_c6.liquid_volume'";
    let rows = sweep(&folder, outputs, "parameter = 'heihe.demand'\nvalues = ['38 bcm/yr']\n");
    let at = |name: &str| column(&rows, name)[0];
    let (volume, feet) =
        (at("heihe.sales_gas.volume [bcm/yr]"), at("heihe.sales_gas.volume [MMscfd]"));
    near(feet, volume * 1e9 / 365.0 / 1e6 / cubic_foot());
    let net = at("heihe.sales_gas.energy [MMBtu/d net]");
    let gross = at("heihe.sales_gas.energy_gross [MMBtu/d gross]");
    assert!(gross > 1.1 * net && gross < 1.12 * net, "{gross} and {net}");
    assert!(rows[0].iter().filter(|header| header.contains("gross_wobbe@")).count() == 3);
    let barrels = at("gpp.c5_c6.volume [kbbl/d]");
    near(barrels, at("gpp.c5_c6.liquid_volume [kbbl/d]"));
    assert!(barrels > 1.0, "{barrels}");
}

#[test]
fn one_share_and_a_flow_by_mass_are_axes() {
    let folder = Temporary::new("units-axes");
    let share =
        "parameter = 'chayanda.composition.nitrogen'\nlow = '5 %'\nhigh = '9 %'\nsteps = 5\n";
    let rows = sweep(&folder, "'chayanda.offered', 'chayanda.gas.mole_fraction.N2'", share);
    let nitrogen = column(&rows, "chayanda.gas.mole_fraction.N2");
    for (got, expected) in nitrogen.iter().zip([0.05, 0.06, 0.07, 0.08, 0.09]) {
        near(*got, expected);
    }
    let mass = "parameter = 'chayanda.flow'\nlow = '15 Mt/yr'\nhigh = '19 Mt/yr'\nsteps = 3\n";
    let rows = sweep(&folder, "'chayanda.offered'", mass);
    let offered = column(&rows, "chayanda.offered [bcm/yr]");
    near(offered[2] / offered[0], 19.0 / 15.0);
    assert!(rows[0].contains(&"chayanda.flow [Mt/yr]".to_owned()), "{:?}", rows[0]);
    near(offered[2], super::units::offered(&["chayanda.flow=19 Mt/yr"], "chayanda"));
}

const LINE: &str = include_str!("one_pipe.toml");

#[test]
fn a_limit_on_a_temperature_has_a_margin_and_no_use_in_any_unit() {
    let folder = Temporary::new("units-temperature");
    let mut margins = Vec::new();
    for (capacity, unit) in [("-2 degC", "degC"), ("271.15 K", "K"), ("28.4 degF", "degF")] {
        let chain = LINE.replace("CAPACITY", capacity).replace("UNIT", unit);
        std::fs::write(folder.join("chain.toml"), chain).expect("a file");
        let path = folder.display().to_string();
        let json = gaschain(&["run", &path, "--format", "json"]);
        assert_eq!(json.status.code(), Some(0), "{}", text(&json.stderr));
        let report: Value = serde_json::from_str(&text(&json.stdout)).expect("JSON");
        let limit = named(&report, "limits", "limit", "line.warm").clone();
        assert!(limit["utilisation"].is_null() && limit["broken"] == false, "{limit}");
        let margin = limit["margin"].as_f64().expect("a number");
        margins.push(if unit == "degF" { margin / 1.8 } else { margin });
        let page = text(&gaschain(&["run", &path]).stdout);
        let row = page.lines().find(|row| row.contains("line.warm")).expect("a row");
        assert!(!row.contains('%') && !row.contains("closed"), "{row}");
        let sweep = format!(
            "name = 's'\nchain = '{path}'\noutputs = ['line.warm.utilisation', 'line.warm.margin [K]']\n\
             [design]\nkind = 'grid'\n[[axis]]\nparameter = 'source.flow'\nvalues = ['6000 kmol/h']\n"
        );
        std::fs::write(folder.join("s.toml"), sweep).expect("a file");
        let file = folder.join("s.toml").display().to_string();
        let rows = text(&gaschain(&["sweep", &file, "--format", "csv"]).stdout);
        let cells: Vec<&str> = rows.lines().nth(1).expect("a row").split(',').collect();
        assert_eq!(cells[2], "", "{rows}");
        near(cells[3].parse().expect("a number"), 2.272_998_189_594_83);
    }
    for margin in margins {
        assert!((margin - 2.272_998_189_594_83).abs() < 1e-9, "{margin}");
    }
}

/// Runs the command on a file with this text.
fn on_file(verb: &[&str], name: &str, content: &str) -> Output {
    let folder = Temporary::new("cases-units-file");
    let path = folder.join(name);
    std::fs::write(&path, content).expect("a file");
    let path = path.display().to_string();
    let mut arguments = vec![verb[0], path.as_str()];
    arguments.extend(&verb[1..]);
    gaschain(&arguments)
}

#[test]
fn a_table_has_shares_and_flows_of_any_unit_as_columns() {
    let table = "name;kovykta.composition.ethane [%];kovykta.flow [MMscfd];kovykta.composition.CO2\n\
                 a;5,1;1000;\nb;;900;200 ppm\nc;4,5;20 Mt/yr;\n";
    let output = on_file(&["run", "--format", "json"], "t.csv", table);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let reports: Value = serde_json::from_str(&text(&output.stdout)).expect("JSON");
    let offered = |row: usize| {
        named(&reports[row], "inlets", "inlet", "kovykta")["offered"].as_f64().expect("a number")
    };
    near(offered(0), 1000e6 * cubic_foot() * 365.0 / 1e9);
    near(offered(1), 900e6 * cubic_foot() * 365.0 / 1e9);
    let changes = ["kovykta.flow=20 Mt/yr", "kovykta.composition.ethane=4.5 %"];
    near(offered(2), self::offered(&changes, "kovykta"));
}

#[test]
fn one_parameter_by_two_of_its_names_is_a_fault_wherever_it_is_set() {
    let (share, formula) = ("kovykta.composition.ethane", "kovykta.composition.C2H6");
    let set = [format!("{share}=5 %"), format!("{formula}=6 %")];
    let output = gaschain(&["run", "nameplate", "--set", &set[0], "--set", &set[1]]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("duplicate address \"kovykta.composition.C2H6, which is"), "{said}");
    let scenario =
        format!("name = 'b'\nchain = 'amur'\n[set]\n'{share}' = '5 %'\n'{formula}' = '6 %'\n");
    let table = format!("name,{share} [%],{formula}\na,5,\n");
    let axis =
        |address: &str| format!("[[axis]]\nparameter = '{address}'\nlow = '4 %'\nhigh = '6 %'\n");
    let sweep = format!(
        "name = 's'\nchain = 'amur'\noutputs = ['kovykta.offered']\n\
         [design]\nkind = 'sobol'\nsamples = 8\n{}{}",
        axis(share),
        axis(formula)
    );
    for (verb, name, content, says) in [
        ("run", "b.toml", &scenario, "b.toml:5: duplicate address"),
        ("run", "t.csv", &table, "t.csv:1: column \"kovykta.composition.C2H6\" beside column"),
        ("sweep", "s.toml", &sweep, "duplicate axis \"kovykta.composition.C2H6\""),
    ] {
        let output = on_file(&[verb], name, content);
        assert_eq!(output.status.code(), Some(2), "{name}");
        let said = text(&output.stderr);
        assert!(said.contains(says), "{name}: {said}");
    }
}

#[test]
fn axes_tie_shares_and_flows_by_mass() {
    let sweep = "name = 's'\nchain = 'amur'\noutputs = ['kovykta.gas.mole_fraction.ethane', \
                 'chayanda.offered']\n[design]\nkind = 'sobol'\nsamples = 8\n\
                 [[axis]]\nparameter = ['kovykta.composition.ethane', 'chayanda.composition.C2H6']\n\
                 low = '4 %'\nhigh = '6 %'\n\
                 [[axis]]\nparameter = ['kovykta.flow', 'chayanda.flow']\n\
                 low = '1000 t/h'\nhigh = '18 Mt/yr'\n";
    let output = on_file(&["sweep"], "s.toml", sweep);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let lines = text(&output.stdout);
    let mut rows = lines.lines();
    let header = rows.next().expect("a header");
    assert!(header.contains("kovykta.composition.ethane [%]"), "{header}");
    assert!(header.contains("chayanda.flow [t/h]"), "{header}");
    let mut counted = 0;
    for row in rows {
        let cells: Vec<f64> = row.split(',').map_while(|cell| cell.parse().ok()).collect();
        near(cells[1], cells[2]);
        near(cells[3], cells[4]);
        near(100.0 * cells[5], cells[1]);
        counted += 1;
    }
    assert_eq!(counted, 8);
}

#[test]
fn compositions_are_divided_by_their_sum_with_every_verb_that_is_told_so() {
    let sweep = "name = 'f'\nchain = 'amur'\noutputs = ['kovykta.gas.mole_fraction.methane']\n\
                 [design]\nkind = 'grid'\n[[axis]]\nparameter = 'kovykta.composition'\n\
                 values = ['kovykta', { methane = 0.92, ethane = 0.075 }]\n";
    let scenario = "name = 'f'\nchain = 'amur'\n[set]\n\
                    'kovykta.composition' = { methane = 0.92, ethane = 0.075 }\n";
    let says = "sum to 0.995 and were divided by that";
    for (verb, name, content, says) in [
        ("sweep", "f.toml", sweep, "sums to 0.995 and was divided by that"),
        ("check", "f.toml", sweep, "sums to 0.995 and was divided by that"),
        ("check", "f.toml", scenario, says),
        ("run", "f.toml", scenario, says),
    ] {
        assert_eq!(on_file(&[verb], name, content).status.code(), Some(2), "{verb}");
        let output = on_file(&[verb, "--normalise"], name, content);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{verb}: {said}");
        assert!(said.contains(says), "{verb}: {said}");
    }
}
