//! A small chain for the tests of reports: a field, a helium plant as an inner chain, a city.

use crate::chain::{Announced, Builder, Chain};
use crate::evidence::{Evidence, Provenance};
use crate::limit::Limit;
use crate::measure::Measure;
use crate::quantity::Unit;
use crate::species::Slate;
use crate::stage::{Blend, Market, Separate, Supply};

/// The chain, its demand published.
pub(super) fn chain() -> Chain {
    chain_with_demand(Evidence::Published)
}

/// 2 bcm/yr with 1 % helium are offered. The city takes 1.5 bcm/yr and at most 0.5 % helium,
/// which is broken; the plant's helium units take half of the helium it could recover, and the
/// gas they cannot treat goes round; its feed capacity is unknown.
pub(super) fn chain_with_demand(evidence: Evidence) -> Chain {
    let source = |evidence| Provenance { evidence, source: "a source".into() };
    let slate = Slate::shipped().chosen(["methane", "ethane", "helium"]).unwrap();
    let membrane = Separate::new("gas").recovering(&slate, "helium", &["helium"], "helium");
    let mut plant = Builder::new("plant", &slate);
    plant
        .inlet("feed")
        .outlet("gas")
        .outlet("helium")
        .stage("membrane", membrane.unwrap())
        .set("membrane.helium", "90 %")
        .connect("feed -> membrane")
        .connect("membrane.gas -> gas")
        .connect("membrane.helium -> helium")
        .limit(Limit::at_most("feed", ("feed", Measure::Volume(None)), "unknown"))
        .limit(
            Limit::at_most("units", ("helium", Measure::Volume(None)), "6 million m3/yr")
                .shown_in(Unit::MILLION_CUBIC_METRES_PER_YEAR),
        )
        .limit(Limit::at_least("turndown", ("feed", Measure::Volume(None)), "0.1 bcm/yr"));
    let mut chain = Builder::new("helium from a small field", &slate);
    let demand = Limit::at_most("city.demand", ("city", Measure::Volume(None)), "1.5 bcm/yr");
    let helium = Measure::MoleFraction("helium".into());
    chain
        .stage("field", Supply::new(&slate).knowing("field", &[0.99, 0.0, 0.01]).unwrap())
        .chain("plant", plant)
        .stage("mix", Blend::new(["treated", "untreated"]))
        .stage("city", Market::new("sales_gas"))
        .set("field.flow", "2 bcm/yr")
        .set("field.composition", "field")
        .connect("field -> plant.feed")
        .connect("plant.gas -> mix.treated")
        .connect("plant.feed.surplus -> mix.untreated")
        .connect("mix -> city")
        .leaving_as_product("city.sales_gas")
        .leaving_as_product("plant.helium")
        .limit(demand.with_provenance(&source(evidence)))
        .limit(Limit::at_most("city.helium", ("city", helium.clone()), "0.5 %"))
        .product("sales gas", "city.sales_gas", Measure::Volume(None), Unit::BCM_PER_YEAR)
        .product(
            "helium",
            "plant.helium",
            Measure::Volume(None),
            Unit::MILLION_CUBIC_METRES_PER_YEAR,
        )
        .product("helium share", "city.sales_gas", helium, Unit::BARE);
    let mut chain = chain.build().unwrap();
    for at in std::sync::Arc::make_mut(&mut chain.products) {
        at.product.group = "plant".into();
    }
    std::sync::Arc::make_mut(&mut chain.products)[0].product.announced =
        Some(Announced { value: 1.6, provenance: source(Evidence::Published) });
    chain
}
