//! A chain built in Rust, with a recycle: propane to propylene. A reactor turns 38 % of the propane
//! into propylene and hydrogen in each pass, a cold box takes the hydrogen off, a splitter sells the
//! propylene and sends the propane back. Two limits compete to stop the feed.
//!
//! ```sh
//! cargo run --release --example custom_chain
//! ```

use gaschain::chain::Builder;
use gaschain::limit::Limit;
use gaschain::measure::Measure;
use gaschain::quantity::Unit;
use gaschain::report::text;
use gaschain::species::Slate;
use gaschain::stage::{Blend, Market, React, Reaction, Separate, Supply};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let slate = Slate::shipped().chosen(["propane", "propylene", "hydrogen"])?;
    let equation = "propane -> propylene + hydrogen";
    let reaction = Reaction::new(&slate, "conversion", equation, "propane")?;
    let feed = Supply::new(&slate).knowing("propane", &[1.0, 0.0, 0.0])?;
    let cold_box =
        Separate::new("liquid").recovering(&slate, "recovery", &["hydrogen"], "hydrogen")?;
    let splitter = Separate::new("bottoms")
        .recovering(&slate, "propylene", &["propylene"], "propylene")?
        .recovering(&slate, "hydrogen", &["hydrogen"], "propylene")?;

    let mut chain = Builder::new("propane to propylene", &slate);
    chain
        .stage("terminal", feed)
        .stage("mix", Blend::new(["fresh", "recycled"]))
        .stage("reactor", React::new(&slate, vec![reaction], "effluent"))
        .stage("cold_box", cold_box)
        .stage("splitter", splitter)
        .stage("buyer", Market::new("propylene_sold"))
        .set("terminal.flow", "2000 kmol/h")
        .set("terminal.composition", "propane")
        .set("reactor.conversion", "38 %")
        .set("cold_box.recovery", "99.5 %")
        .set("splitter.propylene", "99 %")
        .set("splitter.hydrogen", "100 %")
        .connect("terminal -> mix.fresh")
        .connect("mix -> reactor")
        .connect("reactor -> cold_box")
        .connect("cold_box.liquid -> splitter")
        .connect("splitter.propylene -> buyer")
        .connect("splitter.bottoms -> mix.recycled") // the recycle
        .leaving_as_product("buyer.propylene_sold")
        .leaving_as_product("cold_box.hydrogen");
    let gas = Limit::at_most("cold_box.gas", ("cold_box", Measure::Moles(None)), "1360 mol/s");
    chain
        .limit(Limit::at_most("buyer.demand", ("buyer", Measure::Mass(None)), "600 kt/yr"))
        .limit(gas.shown_in(Unit::MOL_PER_SECOND));

    let mut case = chain.build()?.case(); // what is wrong with any of it is told here, all at once
    let built = case.named("1360 mol/s").solve()?;
    let relieved = case.set("cold_box.gas", "1700 mol/s")?.named("1700 mol/s").solve()?; // what is that worth?
    print!("{}", text::compare(&[built.report(), relieved.report()]));
    Ok(())
}
