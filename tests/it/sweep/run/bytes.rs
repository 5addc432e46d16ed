//! The same bytes on every machine: of sweeps whose axes pass logarithms, exponentials and powers
//! the hash is kept, and held by builds with machine code and without, on every processor that
//! tests run on. The numbers kept here were those of x86-64 with AVX-512 and of aarch64.

use gaschain::amur;
use gaschain::sweep::{Csv, Runner, Source, Sweep};
use sha2::{Digest, Sha256};
use std::ops::ControlFlow;

fn hash(text: &str, name: &str) -> String {
    let sweep = Sweep::parse(text, name, None).unwrap();
    let prepared = sweep.prepare(amur::chain()).unwrap().by_programs();
    let mut bytes = Vec::new();
    let mut sink = Csv::new(&mut bytes, &prepared.layout()).unwrap();
    Runner::new().run(&prepared, &mut sink, |_| ControlFlow::Continue(())).unwrap();
    let digest = Sha256::digest(bytes);
    digest.iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"))
}

#[test]
fn a_lognormal_and_a_beta_axis() {
    let got = hash(include_str!("bytes/lognormal.toml"), "lognormal.toml");
    assert_eq!(got, "637b26d7ba1baeff8d0626b58f15de3e2172e2fe3bffe74cff4d8d7b04a2604d");
}

#[test]
fn normal_and_other_axes_that_a_copula_joins() {
    let got = hash(include_str!("bytes/copula.toml"), "copula.toml");
    assert_eq!(got, "58aea88e42f561f3a2deeb2216b89eadf3fe5ed487c9a9fc6b7b2dacc13b5544");
}
