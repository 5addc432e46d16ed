//! Values that are listed: with weights, in grids, one at a time, in tables. One axis is always the
//! mode of the trunk line, of which there is a choice with GERG-2008 only.

#![allow(clippy::float_cmp, reason = "values are the same to the last bit, or another")]

use crate::sweep::shipped::{columns, hypercube, prepare, sweep, table};
use gaschain::amur;
use gaschain::sweep::{Axis, DesignKind, Distribution};

#[test]
fn discrete_values_come_as_often_as_their_weights_say() {
    let trains = Axis::distributed(
        "gpp.trains",
        Distribution::Discrete {
            values: vec![4.0.into(), 5.0.into(), 6.0.into()],
            weights: vec![1.0, 0.0, 3.0],
        },
    );
    let mode = Axis::values("trunk_line.mode", ["own_needs", "hydraulic"]);
    let sweep = sweep(hypercube(1_000), [trains, mode]);
    let columns = columns(&sweep);
    let count = |column: &[f64], value: f64| column.iter().filter(|x| **x == value).count();
    assert_eq!([4.0, 5.0, 6.0].map(|value| count(&columns[0], value)), [250, 0, 750]);
    assert_eq!([0.0, 1.0].map(|index| count(&columns[1], index)), [500, 500]);
    let (_, axes) = prepare(&sweep);
    assert_eq!(axes[1].names.as_deref().unwrap(), ["own_needs", "hydraulic"]);
    assert_eq!((axes[0].unit.is_some(), axes[1].unit), (true, None));
}

#[test]
fn a_grid_has_every_combination_and_one_at_a_time_moves_one() {
    let axes = || {
        [
            Axis::steps("kovykta.flow", "6 bcm/yr", "26 bcm/yr", 3),
            Axis::values("trunk_line.mode", ["hydraulic", "own_needs"]),
        ]
    };
    let grid = columns(&sweep(DesignKind::Grid, axes()));
    let rounded = |column: &[f64]| column.iter().map(|x| x.round()).collect::<Vec<_>>();
    assert_eq!(rounded(&grid[0]), [6.0, 6.0, 16.0, 16.0, 26.0, 26.0]);
    assert_eq!(grid[1], [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
    let one = sweep(DesignKind::OneAtATime, axes());
    let moved = columns(&one);
    assert_eq!(rounded(&moved[0]), [27.0, 6.0, 16.0, 26.0, 27.0, 27.0]);
    assert_eq!(moved[1], [1.0, 1.0, 1.0, 1.0, 0.0, 1.0]);
    // a base that is not among the values joins them, and so does one that is unknown
    let axes = [
        Axis::steps("trunk_line.capacity", "30 bcm/yr", "40 bcm/yr", 2),
        Axis::values("gcc.order", ["propane + butanes > ethane > extra_ethane"]),
    ];
    let one = sweep(DesignKind::OneAtATime, axes);
    assert_eq!(columns(&one), [[2.0, 0.0, 1.0, 2.0], [1.0, 1.0, 1.0, 0.0]]);
    let (_, axes) = prepare(&one);
    assert_eq!(axes[0].names.as_deref().unwrap()[2], "unknown");
    let base = "ethane > propane + butanes > extra_ethane";
    assert_eq!(axes[1].names.as_deref().unwrap()[1], base);
}

#[test]
fn a_table_is_run_row_by_row_and_blanks_are_as_in_the_base() {
    let sweep = table(
        "name,kovykta.flow,trunk_line.mode,trunk_line.capacity\n\
         one,6 bcm/yr,,\ntwo,,hydraulic,30 bcm/yr\nthree,6 bcm/yr,own_needs,unknown\n",
    )
    .setting("kovykta.flow", "20 bcm/yr");
    let prepared = sweep.prepare(amur::chain()).unwrap();
    let columns = columns(&sweep);
    assert!(columns[0].iter().zip([6.0, 20.0, 6.0]).all(|(got, x)| (got - x).abs() < 1e-12));
    assert_eq!(columns[1], [2.0, 0.0, 1.0]);
    assert_eq!(columns[2], [2.0, 0.0, 1.0]);
    let names = |axis: usize| prepared.axes[axis].names.clone().unwrap();
    assert_eq!(names(1), ["hydraulic", "own_needs", "own_needs"]);
    assert_eq!(names(2), ["30 bcm/yr", "unknown", "unknown"]);
    assert_eq!(prepared.axes[0].address, "kovykta.flow");
    assert!(prepared.axes[0].names.is_none(), "a number in each row");
}
