//! Sweeps of many axes, correlations and observations are judged in time that grows with their
//! number: what took its square would not end here.

use crate::support::chains::{Parts, chain_of, slate};
use crate::support::temporary::Temporary;
use crate::sweep::shipped::sweep;
use gaschain::amur;
use gaschain::chain::Chain;
use gaschain::sweep::{Axis, Correlation, DesignKind, Sweep};

const METHANE: [(&str, f64); 1] = [("methane", 1.0)];

/// So many fields, each with its own market.
fn fields(count: usize) -> Chain {
    let slate = slate(&["methane"]);
    let mut builder = chain_of(&slate);
    for field in 0..count {
        builder.field(&slate, &format!("f{field}"), 10.0, &METHANE);
        builder.market(&format!("m{field}"));
        builder.joined(&[&format!("f{field}.gas -> m{field}.gas")]);
    }
    builder.build().unwrap()
}

#[test]
fn axes_that_are_correlated_in_pairs_are_groups_of_two() {
    const FIELDS: usize = 1_500;
    let chain = fields(FIELDS);
    let mut sweep = Sweep::new("many", "chain", DesignKind::MonteCarlo { samples: 4, seed: 1 })
        .output("f0.accepted");
    for field in 0..FIELDS {
        sweep = sweep.axis(Axis::between(&format!("f{field}.flow"), "1 mol/s", "2 mol/s"));
    }
    for pair in 0..FIELDS / 2 {
        let [one, other] = [2 * pair, 2 * pair + 1].map(|field| format!("f{field}.flow"));
        sweep = sweep.correlation(Correlation::new(&one, &other, 0.5));
    }
    assert_eq!(sweep.prepare(&chain).unwrap().axes.len(), FIELDS);
    // and joined in one chain, which is one matrix
    let mut joined = sweep;
    for pair in 1..FIELDS / 2 {
        let [one, other] = [2 * pair - 1, 2 * pair].map(|field| format!("f{field}.flow"));
        joined = joined.correlation(Correlation::new(&one, &other, 0.1));
    }
    assert_eq!(
        joined.prepare(&chain).unwrap_err().to_string(),
        "correlation: correlations that join 1500 axes to one another; allowed: at most 1000"
    );
}

#[test]
fn many_observations_are_judged_and_all_that_are_none_are_counted() {
    const ROWS: usize = 20_000;
    let folder = Temporary::new("many-observations");
    let text = "name = 'many'\nchain = 'amur'\noutputs = ['heihe.sales_gas.volume']\n\
                [design]\nkind = 'sobol'\nsamples = 8\n[[axis]]\nparameter = 'kovykta.flow'\n\
                distribution = 'empirical'\nfile = 'e.csv'\ncolumn = 'flow'\n";
    let of = |cell: &dyn Fn(usize) -> String| {
        let mut rows = vec!["day,flow".to_owned()];
        rows.extend((0..ROWS).map(|row| format!("{row},{}", cell(row))));
        std::fs::write(folder.join("e.csv"), rows.join("\n")).unwrap();
        Sweep::parse(text, "many.toml", Some(&folder))?.prepare(amur::chain()).map(drop)
    };
    assert!(of(&|row| format!("{row} bcm/yr")).is_ok());
    let cells: [&dyn Fn(usize) -> String; 2] =
        [&|row| format!("-{row}.5 bcm/yr"), &|_| String::new()];
    for cell in cells {
        let error = of(cell).unwrap_err();
        assert_eq!(error.faults().len(), 1_000);
        let more = format!("{} faults more", ROWS - 1_000);
        assert!(error.to_string().contains(&more), "{more}");
    }
}

#[test]
fn many_values_are_each_there_once() {
    const VALUES: u32 = 50_000;
    let values = (0..VALUES).map(|value| format!("{value} bcm/yr"));
    let axis = Axis::values("kovykta.flow", values);
    assert_eq!(
        sweep(DesignKind::Grid, [axis]).prepare(amur::chain()).unwrap().design.len(),
        50_000
    );
}
