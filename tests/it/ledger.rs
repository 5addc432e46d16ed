//! Where the carbon ends and what becomes of the heat: the shipped chain, and small ones worked
//! out by hand.

use crate::support::temporary::Temporary;
use approx::assert_relative_eq;
use gaschain::amur;
use gaschain::chain::{Builder, Chain, Leaving};
use gaschain::ledger::StageEnergy;
use gaschain::ledger::{Carbon, Energy};
use gaschain::report::csv;
use gaschain::solved::Solved;
use gaschain::solved::StreamView;
use gaschain::species::{Slate, atomic_mass};
use gaschain::stage::{Fuel, Market, Separate, Split, Supply};

/// Moles of methane in a bcm at 20 degC and 101.325 kPa.
const MOLES_PER_BCM: f64 = 1e9 * 101_325.0 / (8.314_462_618 * 293.15);

/// 1 bcm/yr of methane with 2 % of carbon dioxide: 10 % burned, a tenth of the rest vented, half
/// of what is left flared.
fn small() -> Chain {
    let slate = Slate::shipped().chosen(["methane", "carbon dioxide"]).unwrap();
    let mut chain = Builder::new("small", &slate);
    chain
        .stage("field", Supply::new(&slate).knowing("field", &[0.98, 0.02]).unwrap())
        .stage("fuel", Fuel::by_share())
        .stage("leak", Split::new(["air"], "on"))
        .stage("flare", Split::new(["flared"], "on"))
        .stage("city", Market::new("sales_gas"))
        .set("field.flow", "1 bcm/yr")
        .set("field.composition", "field")
        .set("fuel.share", "10 %")
        .set("leak.air", "10 %")
        .set("flare.flared", "50 %")
        .connect("field -> fuel")
        .connect("fuel.gas -> leak")
        .connect("leak.on -> flare")
        .connect("flare.on -> city")
        .leaving_as_product_of("city.sales_gas", "sales gas")
        .leaving("fuel.burned", Leaving::Burned)
        .leaving("leak.air", Leaving::Vented)
        .leaving("flare.flared", Leaving::Flared);
    chain.build().unwrap()
}

#[test]
fn carbon_of_a_small_chain_by_hand() {
    let chain = small();
    let solved = chain.case().solve().unwrap();
    let ledger = Carbon::of(&solved);
    let whole = &ledger.chains[0];
    // one carbon atom a molecule, of methane and carbon dioxide alike
    assert_relative_eq!(whole.carbon_in, MOLES_PER_BCM * 12.0107e-6, max_relative = 1e-12);
    let shares: Vec<(&str, f64)> =
        whole.by_end().iter().map(|(end, carbon, _)| (*end, carbon / whole.carbon_in)).collect();
    let expected = [("sales gas", 0.405), ("burned", 0.1), ("vented", 0.09), ("flared", 0.405)];
    for ((end, share), (name, value)) in shares.iter().zip(expected) {
        assert_eq!(*end, name);
        assert_relative_eq!(*share, value, max_relative = 1e-12);
    }
    // burned and flared carbon becomes carbon dioxide; of what is vented, that which is one
    let moles = MOLES_PER_BCM * (0.1 + 0.405 + 0.09 * 0.02);
    assert_relative_eq!(whole.carbon_dioxide, moles * 44.0095e-6, max_relative = 1e-12);
    let methane = MOLES_PER_BCM * 0.09 * 0.98 * 16.04246e-6;
    assert_relative_eq!(whole.methane_vented, methane, max_relative = 1e-12);
    let sold = MOLES_PER_BCM * 0.405 * (0.98 * 16.04246e-6 + 0.02 * 44.0095e-6);
    assert_relative_eq!(whole.products, sold, max_relative = 1e-12);
    let per_tonne = whole.carbon_dioxide_per_tonne.unwrap();
    assert_relative_eq!(per_tonne, whole.carbon_dioxide / sold, max_relative = 1e-12);
}

// one of them runs a line by hydraulics
#[test]
fn every_ledger_of_every_shipped_scenario_closes() {
    let chain = amur::chain();
    for name in amur::scenario_names() {
        let scenario = amur::scenario(name).unwrap();
        let solved = chain.case().apply(&scenario).unwrap().solve().unwrap();
        let carbon = Carbon::of(&solved);
        assert_eq!(carbon.chains[0].chain, "amur");
        for chain in &carbon.chains {
            assert!(chain.residual <= 1e-9, "{name}, {}: {}", chain.chain, chain.residual);
            let by_end: f64 = chain.by_end().iter().map(|(_, carbon, _)| carbon).sum();
            assert_relative_eq!(by_end, chain.carbon_out, max_relative = 1e-12);
        }
        // what the inner chains burn is part of what the whole burns
        let inner: f64 =
            ["gpp", "gcc"].iter().map(|name| carbon.chain(name).unwrap().carbon_dioxide).sum();
        assert!(inner <= carbon.chains[0].carbon_dioxide * (1.0 + 1e-12), "{name}");

        let energy = Energy::of(&solved);
        assert_eq!(energy.stages.len(), energy.gross.len());
        for (net, gross) in energy.stages.iter().zip(&energy.gross) {
            closes(name, net);
            closes(name, gross);
            assert!(net.outflow <= gross.outflow, "{name}, {net:?}");
        }
        by_reactions(name, &solved, &energy);
    }
}

/// Heats of reaction follow from what is made of what, beside the streams that the ledger reads: a
/// cracker states its own, and a polymer is its monomer less 106.61 kJ/mol (as slates have them;
/// Jessup, J. Chem. Phys. 16 (1948) 661, measured 25.4 kcal).
fn by_reactions(scenario: &str, solved: &Solved, energy: &Energy) {
    let gross = |stage: &str| {
        let line = energy.gross.iter().find(|line| line.stage == stage);
        line.unwrap().reaction.unwrap()
    };
    let cracked = solved.value("gcc.crack.reaction_heat [PJ/yr]").unwrap();
    assert_relative_eq!(gross("gcc.crack"), cracked, max_relative = 1e-9);
    assert!(cracked >= 0.0, "{scenario}: {cracked}");
    let heat = |species: &str| {
        let slate = solved.chain().slate();
        slate.get(slate.index(species).unwrap()).gross_heat_25.unwrap()
    };
    let released = heat("ethylene") - heat("ethylene unit");
    assert!((released / 4184.0 - 25.4).abs() < 0.1, "{released}");
    let built = |unit: &str| -> f64 {
        let outlets = ["polymer", "off_grade"].into_iter();
        let moles = |outlet| solved.value(&format!("gcc.pe.{outlet}.moles.{unit}")).unwrap();
        outlets.map(moles).sum()
    };
    let by_butene = heat("1-butene") - heat("1-butene unit");
    let watts = built("ethylene unit") * released + built("1-butene unit") * by_butene;
    let expected = -watts * 365.0 * 86_400.0 / 1e15;
    assert_relative_eq!(gross("gcc.pe"), expected, max_relative = 1e-9);
}

/// A line of the energy ledger is all known, and in + reaction = out + burned.
fn closes(scenario: &str, line: &StageEnergy) {
    let ends = [line.inflow, line.imported, line.outflow, line.burned];
    let [Some(inflow), Some(imported), Some(outflow), Some(burned)] = ends else {
        panic!("{scenario}: unknown heat in {line:?}");
    };
    let through = (inflow + imported).max(outflow + burned);
    let off = outflow + burned - inflow - imported - line.reaction.unwrap_or(0.0);
    assert!(off.abs() <= 1e-9 * through, "{scenario}, {line:?}");
    let residual = line.residual.unwrap_or(0.0);
    assert!(residual <= 1e-9, "{scenario}, {line:?}");
    // of a stage that reacts the difference is the reaction; of all else it has to close
    assert!(line.residual.is_some() || line.reaction.is_some(), "{scenario}, {line:?}");
}

#[test]
fn carbon_elements_and_mass_weigh_the_same() {
    let solved = amur::chain().case().solve().unwrap();
    let slate = solved.chain().slate();
    let tonnes = 365.0 * 86_400.0 / 1e3;
    let masses = |stream: StreamView<'_>| {
        let of = |element: usize| {
            let atoms = slate.element_counts(element).iter().zip(stream.flows);
            let moles: f64 = atoms.map(|(atoms, flow)| atoms * flow).sum();
            moles * atomic_mass(&slate.elements()[element]).unwrap() * 1e-3
        };
        (0..slate.elements().len()).map(of).collect::<Vec<f64>>()
    };
    let carbon = slate.elements().iter().position(|element| element == "C").unwrap();
    let mut into = 0.0;
    for link in solved.links() {
        let elements = masses(link.stream);
        let sum: f64 = elements.iter().sum();
        assert_relative_eq!(sum, link.stream.kg_per_s(), max_relative = 1e-12);
        if link.from.is_none() {
            into += elements[carbon];
        }
    }
    let ledger = Carbon::of(&solved);
    let offered: f64 =
        ledger.chains[0].sources.iter().map(|source| source.carbon).sum::<f64>() / tonnes;
    let imported: f64 = solved.imports().map(|import| masses(import.stream)[carbon]).sum();
    assert_relative_eq!(offered, into + imported, max_relative = 1e-9);
    // a tonne of methane burned is as much carbon dioxide as its carbon makes
    let small = small();
    let solved = small.case().solve().unwrap();
    let whole = &Carbon::of(&solved).chains[0];
    let burned = whole.ends.iter().find(|end| end.end == "burned").unwrap();
    let ratio = (12.0107 + 2.0 * 15.9994) / 12.0107;
    assert_relative_eq!(burned.carbon_dioxide / burned.carbon, ratio, max_relative = 1e-12);
}

#[test]
fn gas_burned_gives_what_the_ipcc_counts() {
    // IPCC 2006 Guidelines, volume 2, table 2.2: natural gas 56.1 kg of carbon dioxide per GJ
    // (net), 95 % of all gases between 54.3 and 58.3
    let chain = amur::chain();
    let solved = chain.case().solve().unwrap();
    let carbon = Carbon::of(&solved);
    let energy = Energy::of(&solved);
    for stage in ["kovykta_line", "trunk_line", "gpp.fuel"] {
        let port =
            if stage == "gpp.fuel" { "gpp.burned".into() } else { format!("{stage}.burned") };
        let end = carbon.chains[0].ends.iter().find(|end| end.port == port).unwrap();
        let burned = energy.stage(stage).unwrap().burned.unwrap();
        let kg_per_gj = end.carbon_dioxide * 1e3 / (burned * 1e6);
        assert!((54.3..58.3).contains(&kg_per_gj), "{stage}: {kg_per_gj}");
    }
}

#[test]
fn a_separation_moves_heat_and_burns_none_a_fuel_tap_burns() {
    let chain = small();
    let solved = chain.case().solve().unwrap();
    let energy = Energy::of(&solved);
    let fuel = energy.stage("fuel").unwrap();
    // methane's net heat at 25 degC, ISO 6976:2016: 890.58 - 2 x 44.013 kJ/mol
    let heat = MOLES_PER_BCM * 0.98 * (890.58e3 - 2.0 * 44.013e3) / 1e15;
    assert_relative_eq!(fuel.inflow.unwrap(), heat, max_relative = 1e-12);
    assert_relative_eq!(fuel.burned.unwrap(), 0.1 * heat, max_relative = 1e-12);
    assert_relative_eq!(fuel.outflow.unwrap(), 0.9 * heat, max_relative = 1e-12);
    assert_eq!(energy.stage("leak").unwrap().burned, Some(0.0));
    // the chain burns its fuel and what it flares
    let whole = energy.stage("small").unwrap();
    assert_relative_eq!(whole.burned.unwrap(), (0.1 + 0.405) * heat, max_relative = 1e-12);
}

#[test]
fn a_heat_that_is_not_known_is_not_counted_as_none() {
    let own = Slate::read("species,formula\nwax,C20H42\n", "own.csv").unwrap();
    let slate = Slate::shipped().extended(own).unwrap().chosen(["methane", "wax"]).unwrap();
    let cut = Separate::new("gas").recovering(&slate, "wax", &["wax"], "wax").unwrap();
    let mut chain = Builder::new("waxy", &slate);
    chain
        .stage("field", Supply::new(&slate).knowing("field", &[0.9, 0.1]).unwrap())
        .stage("cut", cut)
        .set("field.flow", "1 bcm/yr")
        .set("field.composition", "field")
        .set("cut.wax", 1.0)
        .connect("field -> cut")
        .leaving_as_product("cut.gas")
        .leaving_as_product("cut.wax");
    let chain = chain.build().unwrap();
    let solved = chain.case().solve().unwrap();
    let energy = Energy::of(&solved);
    let cut = energy.stage("cut").unwrap();
    assert_eq!((cut.inflow, cut.outflow, cut.residual), (None, None, None));
    // and the carbon is all there
    assert!(Carbon::of(&solved).chains[0].residual < 1e-12);
}

#[test]
fn json_and_csv_carry_both_ledgers() {
    let chain = small();
    let solved = chain.case().solve().unwrap();
    let read: serde_json::Value = serde_json::from_str(&solved.report().to_json()).unwrap();
    assert_eq!(read["carbon"]["unit"], "t/yr");
    let whole = &read["carbon"]["chains"][0];
    assert_eq!(whole["chain"], "small");
    assert_eq!(whole["sources"][0]["from"], "field");
    let ends: Vec<&str> =
        whole["ends"].as_array().unwrap().iter().map(|end| end["end"].as_str().unwrap()).collect();
    assert_eq!(ends, ["sales gas", "burned", "vented", "flared"]);
    assert_eq!(read["energy"]["unit"], "PJ/yr");
    assert!(read["energy"]["stages"].as_array().unwrap().len() == 6);

    let folder = Temporary::new("ledgers");
    csv::write_folder(&solved, &folder, gaschain::Older::Refused).unwrap();
    let lines = |file: &str| -> Vec<String> {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        text.lines().map(str::to_owned).collect()
    };
    let carbon = lines("carbon.csv");
    assert_eq!(carbon[0], "chain,side,port,end,carbon t/yr,carbon dioxide t/yr,mass t/yr");
    assert!(carbon[1].starts_with("small,in,field,enters,"));
    assert_eq!(carbon.len(), 6);
    let energy = lines("energy.csv");
    assert_eq!(
        energy[0],
        "stage,in PJ/yr,imported PJ/yr,out PJ/yr,burned PJ/yr,reaction PJ/yr,residual"
    );
    assert_eq!(energy.len(), 7);
}

#[test]
fn ways_to_leave_are_read_from_a_chain_file() {
    let faults = |leaving: &str| {
        let mut folder = gaschain::chain::Folder { name: "f".into(), ..Default::default() };
        let text = format!(
            "name = \"f\"\nspecies = [\"methane\"]\nconnections = [\"field -> fuel\"]\n\
             [stages.field]\nkind = \"supply\"\nset.flow = \"1 bcm/yr\"\nset.composition = {{ methane = 1.0 }}\n\
             [stages.fuel]\nkind = \"fuel\"\nset.share = 0.1\n[leaving]\n{leaving}\n"
        );
        folder.files.insert("chain.toml".into(), text.into_bytes());
        folder.chain().map(|_| ()).map_err(|faults| faults.to_string())
    };
    assert_eq!(faults("products.gas = [\"fuel.gas\"]\nburned = [\"fuel.burned\"]"), Ok(()));
    assert_eq!(
        faults("products.gas = [\"fuel.gas\"]\nburnt = [\"fuel.burned\"]").unwrap_err(),
        "f/chain.toml:13: unknown key \"burnt\"; nearest: \"burned\""
    );
}
