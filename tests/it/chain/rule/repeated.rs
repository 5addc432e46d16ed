//! The same answer again: run twice, to the bit; and at any size.

use crate::chain::rule::chains::{ETHANE_AND_PROPANE, Shape, cracker, curved, gauged};
use crate::support::chains::{at_most, build, mol};
use crate::support::compare::same;
use crate::support::solved::{bits, solve, solve_with};
use gaschain::param::Value;

#[test]
fn running_twice_gives_identical_bits() {
    for chain in [curved(33.3), gauged(Shape::Parabola, 100.0, 0.999), {
        let mut chain = cracker(&[("field", 100.0, ETHANE_AND_PROPANE)], 40.0);
        chain.limit(at_most("propane_line", "furnaces.propane", 10.0));
        build(chain)
    }] {
        let first = bits(&solve(&chain));
        assert_eq!(first, bits(&solve(&chain)));
        // and with one case that ran something else in between
        let mut case = chain.case();
        let field = chain.inlets().next().unwrap().to_owned();
        for _ in 0..2 {
            assert_eq!(first, bits(&case.reset().solve().unwrap()));
            case.set(&format!("{field}.flow"), mol(3.7)).unwrap().solve().unwrap();
        }
    }
}

#[test]
fn a_chain_a_millionth_or_a_million_times_the_size_gives_the_same_answer() {
    let chain = curved(33.3);
    let whole = solve(&chain);
    for scale in [1e-6, 1e6] {
        let set = [
            ("lean.flow", Value::from(mol(100.0 * scale))),
            ("rich.flow", mol(200.0 * scale).into()),
            ("plant.size", mol(100.0 * scale).into()),
            ("ethane", mol(33.3 * scale).into()),
        ];
        let solved = solve_with(&chain, &set);
        for name in ["lean", "rich", "plant.feed"] {
            same(solved.accepted_fraction(name).unwrap(), whole.accepted_fraction(name).unwrap());
            assert_eq!(
                solved.inlet(name).unwrap().stopped_by,
                whole.inlet(name).unwrap().stopped_by
            );
        }
    }
}
