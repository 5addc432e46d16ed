//! A chain built in Rust, with a stage of one's own and a recycle: propane to propylene. A reactor
//! turns 38 % of the propane into propylene and hydrogen in each pass, a cold box of our own takes
//! the hydrogen off and states the power it needs, and two limits compete to stop the feed.
//!
//! ```sh
//! cargo run --release --example custom_chain
//! ```

use gaschain::chain::Builder;
use gaschain::limit::{Direction, Factor, Limit, Load};
use gaschain::measure::Measure;
use gaschain::param::ParameterSpec;
use gaschain::quantity::Unit;
use gaschain::report::text;
use gaschain::species::Slate;
use gaschain::stage::{Blend, Call, Market, Ports, React, Reaction, Separate};
use gaschain::stage::{Stage, StageError, StatedLoad, Supply};
use gaschain::{evidence::Provenance, scalar::Scalar};

/// A cold box: takes a share of the hydrogen off the gas, and needs power for all it cools.
#[derive(Debug)]
struct ColdBox(usize); // where hydrogen is in the slate

impl Stage for ColdBox {
    fn kind(&self) -> &'static str {
        "cold box"
    }
    fn ports(&self) -> Ports {
        Ports::new(["feed"], ["hydrogen", "liquid"])
    }
    fn parameters(&self) -> Vec<ParameterSpec> {
        vec![ParameterSpec::fraction("recovery", "share of the hydrogen taken off").or("99.5 %")]
    }
    fn stated_loads(&self) -> Vec<StatedLoad> {
        let (name, about) = ("power".into(), "electric power drawn".into());
        vec![StatedLoad { name, about, unit: Unit::MEGAWATT }]
    }
    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let (feed, recovery) = (call.inlet(0), call.number(0));
        let cooled = feed.iter().fold(S::zero(), |sum, flow| sum + *flow);
        call.outlet(1).copy_from_slice(feed);
        call.outlet(0)[self.0] = feed[self.0] * recovery;
        call.outlet(1)[self.0] = feed[self.0] - feed[self.0] * recovery;
        call.state(0, cooled * S::from_f64(11e3)); // W for each mol/s
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let slate = Slate::shipped().chosen(["propane", "propylene", "hydrogen"])?;
    let reaction =
        Reaction::new(&slate, "conversion", "propane -> propylene + hydrogen", "propane")?;
    let feed = Supply::new(&slate).knowing("propane", &[1.0, 0.0, 0.0])?;
    let splitter = Separate::new("bottoms");
    let splitter = splitter.recovering(&slate, "propylene", &["propylene"], "propylene")?;
    let splitter = splitter.recovering(&slate, "hydrogen", &["hydrogen"], "propylene")?;
    let drive = Factor::Own { value: "15 MW".into(), provenance: Provenance::assumed() };
    let mut chain = Builder::new("propane to propylene", &slate);
    chain.stage("terminal", feed).stage("mix", Blend::new(["fresh", "recycled"]));
    chain.stage("reactor", React::new(&slate, vec![reaction], "effluent"));
    chain.stage("cold_box", ColdBox(2)).stage("splitter", splitter);
    chain.stage("buyer", Market::new("propylene_sold"));
    chain.set("terminal.flow", "2000 kmol/h").set("terminal.composition", "propane");
    chain.set("reactor.conversion", "38 %");
    chain.set("splitter.propylene", "99 %").set("splitter.hydrogen", "100 %");
    chain.connect("terminal -> mix.fresh").connect("mix -> reactor").connect("reactor -> cold_box");
    chain.connect("cold_box.liquid -> splitter").connect("splitter.propylene -> buyer");
    chain.connect("splitter.bottoms -> mix.recycled"); // the recycle
    chain.leaving_as_product("buyer.propylene_sold").leaving_as_product("cold_box.hydrogen");
    chain.limit(Limit::at_most("buyer.demand", "buyer", Measure::Mass(None), "600 kt/yr"));
    let (load, unit) = (Load::Stated { load: "cold_box.power".into() }, Unit::MEGAWATT);
    let (name, direction) = ("cold_box.drive".into(), Direction::AtMost);
    chain.limit(Limit { name, direction, load, capacity: vec![drive], unit, throttles: None });
    let mut case = chain.build()?.case(); // what is wrong with any of it is told here, all at once
    let built = case.solve()?;
    let relieved = case.set("cold_box.drive", "16 MW")?.solve()?; // what is that worth?
    print!("{}", text::compare(&[("15 MW", &built), ("16 MW", &relieved)]));
    Ok(())
}
