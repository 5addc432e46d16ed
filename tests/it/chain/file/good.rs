//! The chain of `good/`: it solves, and the same chain built in Rust is the same chain.

use crate::support::folders::{beside_the_tests, good};
use crate::support::solved::get;
use gaschain::chain::{Builder, Chain};
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::param::Parameter;
use gaschain::quantity::Unit;
use gaschain::species::Slate;
use gaschain::stage::{Blend, Market, React, Reaction, Separate, Supply};

#[test]
fn the_good_chain_is_good() {
    let chain = good().chain().unwrap();
    let solved = chain.case().solve().unwrap();
    assert_eq!(solved.inlet("purchase").unwrap().stopped_by, ["city.demand"]);
    assert_eq!(solved.inlet("cracker.ethane").unwrap().stopped_by, ["cracker.furnaces"]);
}

/// The chain of `good/`, in Rust.
fn good_in_rust() -> Chain {
    let species = ["methane", "ethane", "nitrogen", "helium", "ethylene", "hydrogen"];
    let slate = Slate::shipped().chosen(species).unwrap();
    let kilotonnes = Unit::parse("kt/yr").unwrap();
    let cracking =
        Reaction::new(&slate, "conversion", "ethane -> ethylene + hydrogen", "ethane").unwrap();
    let furnaces =
        React::new(&slate, vec![cracking], "rest").sending(&slate, &["ethylene"], "ethylene");
    let mut cracker = Builder::new("cracker", &slate);
    cracker
        .inlet_in("ethane", kilotonnes)
        .outlet("ethylene")
        .outlet("hydrogen")
        .stage("furnaces", furnaces.unwrap())
        .set("furnaces.conversion", "100 %")
        .connect("ethane -> furnaces")
        .connect("furnaces.ethylene -> ethylene")
        .connect("furnaces.rest -> hydrogen")
        .limit(Limit::at_most("furnaces", ("ethane", Measure::Mass(None)), "300 kt/yr"));
    let field = Supply::new(&slate)
        .knowing("lean", &[0.90, 0.05, 0.045, 0.005, 0.0, 0.0])
        .and_then(|supply| supply.knowing("rich", &[0.88, 0.08, 0.035, 0.005, 0.0, 0.0]));
    let plant = Separate::new("residue")
        .recovering(&slate, "ethane", &["ethane"], "ethane")
        .and_then(|plant| plant.recovering(&slate, "nitrogen", &["nitrogen"], "vent"));
    let mut units =
        Parameter::number("trains", "trains in service", Unit::parse("units").unwrap(), 0.0, 4.0);
    if let gaschain::param::ParameterKind::Number { none, .. } = &mut units.kind {
        *none = Some(gaschain::param::UNKNOWN);
    }
    let mut size = Parameter::number("train_size", "", Unit::BCM_PER_YEAR, 0.0, f64::INFINITY);
    if let gaschain::param::ParameterKind::Number { none, .. } = &mut size.kind {
        *none = Some(gaschain::param::UNKNOWN);
    }
    let nitrogen = Measure::MoleFraction("nitrogen".into());
    let two = [("methane", 0.98), ("nitrogen", 0.02)];
    let mut chain = Builder::new("good", &slate);
    chain
        .parameter(units, 2.0)
        .parameter(size, "4 bcm/yr")
        .stage("field", field.unwrap())
        .stage("purchase", Supply::new(&slate))
        .stage("gather", Blend::new(["field", "purchase"]))
        .stage("plant", plant.unwrap())
        .chain("cracker", cracker)
        .stage("city", Market::new("sales_gas").buying(["residue", "ethane"]))
        .set("order", "field > purchase")
        .set("field.flow", "6 bcm/yr")
        .set("field.composition", "lean")
        .set("purchase.flow", "1 bcm/yr")
        .set("purchase.composition", two)
        .set("plant.ethane", "90 %")
        .set("plant.nitrogen", "20 %")
        .connect("field -> gather.field")
        .connect("purchase -> gather.purchase")
        .connect("gather -> plant")
        .connect("plant.residue -> city.residue")
        .connect("plant.ethane -> cracker.ethane")
        .connect_by_switch("cracker.ethane.surplus -> city.ethane", "return", true)
        .leaving_as_product("city.sales_gas")
        .leaving_as_product("cracker.ethylene")
        .leaving_as_product("cracker.hydrogen")
        .leaving_as_loss("plant.vent")
        .limit(
            Limit::at_most("plant.feed", ("plant", Measure::Volume(None)), "1 bcm/yr")
                .capacity_of(["trains", "train_size"]),
        )
        .limit(Limit::at_most(
            "city.demand",
            ("city.sales_gas", Measure::Volume(None)),
            "6.5 bcm/yr",
        ))
        .limit(Limit::at_most("city.nitrogen", ("city.sales_gas", nitrogen), "5 %"))
        .product("sales gas", "city.sales_gas", Measure::Volume(None), Unit::BCM_PER_YEAR)
        .product("ethylene", "cracker.ethylene", Measure::Mass(None), kilotonnes);
    chain.build().unwrap()
}

#[test]
fn files_and_rust_give_the_same_chain() {
    let (read, built) = (good().chain().unwrap(), good_in_rust());
    assert_eq!(read.name(), built.name());
    let addresses = |chain: &Chain| -> Vec<String> {
        chain.parameters().iter().map(|parameter| parameter.address.clone()).collect()
    };
    assert_eq!(addresses(&read), addresses(&built));
    assert_eq!(read.ports().collect::<Vec<_>>(), built.ports().collect::<Vec<_>>());
    assert_eq!(read.inlets().collect::<Vec<_>>(), built.inlets().collect::<Vec<_>>());
    let limits = |chain: &Chain| -> Vec<String> {
        chain.limits().map(|limit| format!("{} {}", limit.address, limit.unit)).collect()
    };
    assert_eq!(limits(&read), limits(&built));

    let changes: [&[(&str, &str)]; 5] = [
        &[],
        &[("trains", "1")],
        &[("return.open", "false"), ("city.demand", "unknown")],
        &[("order", "field + purchase"), ("field.composition", "rich")],
        &[("city.nitrogen", "3 %"), ("city.nitrogen.throttles", "true")],
    ];
    for change in changes {
        let outcome = |chain: &Chain| -> Vec<(String, Option<u64>)> {
            let mut case = chain.case();
            for (address, value) in change {
                case.set(address, *value).unwrap();
            }
            let solved = case.solve().unwrap();
            let of = |address: String| {
                let bits = solved.get(&address).unwrap().map(f64::to_bits);
                (address, bits)
            };
            let ports = chain.ports().flat_map(|port| {
                ["moles", "mass", "energy", "mole_fraction.nitrogen"].map(|m| format!("{port}.{m}"))
            });
            let limits = chain.limits().flat_map(|limit| {
                ["load", "capacity", "margin"].map(|field| format!("{}.{field}", limit.address))
            });
            ports.chain(limits).map(of).collect()
        };
        assert_eq!(outcome(&read), outcome(&built), "{change:?}");
    }
}

#[test]
fn a_folder_on_disk_is_the_folder_in_memory() {
    let (disk, memory) =
        (Chain::read(beside_the_tests("chain/file/good")).unwrap(), good().chain().unwrap());
    assert_eq!(disk.inputs(), memory.inputs());
    let mass =
        |chain: &Chain| get(&chain.case().solve().unwrap(), "cracker.ethylene.mass").to_bits();
    assert_eq!(mass(&disk), mass(&memory));
}
