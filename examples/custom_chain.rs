//! A chain built in Rust, with a stage of one's own and a recycle: propane to propylene.
//!
//! Fresh propane joins recycled propane, a reactor turns 38 % of it into propylene and hydrogen
//! in each pass, a cold box of our own takes the hydrogen off (and states the power it needs), a
//! splitter sells the propylene and sends the propane back. Two limits compete to stop the feed.
//!
//! ```sh
//! cargo run --release --example custom_chain
//! ```

use gaschain::chain::Builder;
use gaschain::limit::{Limit, Load};
use gaschain::measure::Measure;
use gaschain::param::ParameterSpec;
use gaschain::quantity::Unit;
use gaschain::report::text;
use gaschain::scalar::Scalar;
use gaschain::species::Slate;
use gaschain::stage::{
    Blend, Call, Market, Ports, React, Reaction, Separate, Stage, StageError, StatedLoad, Supply,
};

/// A cold box: takes a share of the hydrogen off the gas, and needs power for all it cools.
#[derive(Debug)]
struct ColdBox {
    hydrogen: usize,
}

impl Stage for ColdBox {
    fn kind(&self) -> &'static str {
        "cold box"
    }

    fn ports(&self) -> Ports {
        Ports::new(["feed"], ["hydrogen", "liquid"])
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        vec![
            ParameterSpec::fraction("recovery", "share of the hydrogen taken off").or("99.5 %"),
            ParameterSpec::number(
                "specific_power",
                "electric power per molar flow cooled",
                Unit::MEGAWATT,
                0.0,
                1.0,
            )
            .or("0.011 MW"),
        ]
    }

    fn stated_loads(&self) -> Vec<StatedLoad> {
        let (name, about) = ("power".to_owned(), "electric power drawn".to_owned());
        vec![StatedLoad { name, about, unit: Unit::MEGAWATT }]
    }

    fn run<S: Scalar>(&self, call: &mut Call<'_, S>) -> Result<(), StageError> {
        let feed = call.inlet(0);
        let (recovery, specific_power) = (call.number(0), call.number(1));
        call.outlet(1).copy_from_slice(feed);
        let taken = feed[self.hydrogen] * recovery;
        call.outlet(0)[self.hydrogen] = taken;
        call.outlet(1)[self.hydrogen] -= taken;
        let cooled = feed.iter().fold(S::zero(), |sum, flow| sum + *flow);
        call.state(0, cooled * specific_power);
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let slate = Slate::shipped().chosen(["propane", "propylene", "hydrogen"])?;
    let hydrogen = slate.index("hydrogen").ok_or("no hydrogen in the slate")?;
    let equation = "propane -> propylene + hydrogen";
    let dehydrogenation = Reaction::new(&slate, "conversion", equation, "propane")?;

    let mut chain = Builder::new("propane to propylene", &slate);
    chain
        .stage(
            "import_terminal",
            Supply::new(&slate)
                .knowing("propane", &[1.0, 0.0, 0.0])?
                .shown_in(Unit::parse("kmol/h")?),
        )
        .stage("mix", Blend::new(["fresh", "recycled"]))
        .stage("reactor", React::new(&slate, vec![dehydrogenation], "effluent"))
        .stage("cold_box", ColdBox { hydrogen })
        .stage(
            "splitter",
            Separate::new("bottoms")
                .recovering(&slate, "propylene", &["propylene"], "propylene")?
                .recovering(&slate, "hydrogen", &["hydrogen"], "propylene")?,
        )
        .stage("buyer", Market::new("propylene_sold"))
        .set("import_terminal.flow", "2000 kmol/h")
        .set("import_terminal.composition", "propane")
        .set("reactor.conversion", "38 %")
        .set("splitter.propylene", "99 %")
        .set("splitter.hydrogen", "100 %")
        .connect("import_terminal -> mix.fresh")
        .connect("mix -> reactor")
        .connect("reactor -> cold_box")
        .connect("cold_box.liquid -> splitter")
        .connect("splitter.propylene -> buyer")
        .connect("splitter.bottoms -> mix.recycled") // the recycle
        .leaving_as_product("buyer.propylene_sold")
        .leaving_as_product("cold_box.hydrogen")
        .limit(
            Limit::at_most("buyer.demand", ("buyer", Measure::Mass(None)), "600 kt/yr")
                .shown_in(Unit::parse("kt/yr")?),
        )
        .limit(Limit::at_most("cold_box.drive", Load::stated("cold_box.power"), "15 MW"))
        .product(
            "propylene",
            "buyer.propylene_sold",
            Measure::Mass(Some("propylene".into())),
            Unit::parse("kt/yr")?,
        )
        .product("hydrogen", "cold_box.hydrogen", Measure::Mass(None), Unit::parse("kt/yr")?);
    let chain = chain.build()?;

    let mut case = chain.case();
    let solved = case.named("as built").solve()?;
    print!("{}", text::scenario(&solved));

    // what is relief of the limit that stops the feed worth?
    let relieved = case.set("cold_box.drive", "16 MW")?.named("16 MW").solve()?;
    print!("\n{}", text::compare(&[solved.report().named("15 MW"), relieved.report()]));
    Ok(())
}
