//! The same bytes on every machine: of sweeps whose axes pass logarithms, exponentials and powers
//! the hash is kept, and held by builds with machine code and without, on every processor that
//! tests run on. The numbers kept here were those of x86-64 with AVX-512 and of aarch64.

use gaschain::amur;
use gaschain::sweep::{Csv, Runner, Source, Sweep};
use sha2::{Digest, Sha256};
use std::ops::ControlFlow;

fn hash(text: &str, name: &str) -> String {
    let sweep = Sweep::parse(text, name, None).unwrap();
    let prepared = sweep.prepare(amur::chain()).unwrap();
    let mut bytes = Vec::new();
    let mut sink = Csv::new(&mut bytes, &prepared.layout()).unwrap();
    Runner::new().run(&prepared, &mut sink, |_| ControlFlow::Continue(())).unwrap();
    let digest = Sha256::digest(bytes);
    digest.iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"))
}

#[test]
fn a_lognormal_and_a_beta_axis() {
    let got = hash(include_str!("bytes/lognormal.toml"), "lognormal.toml");
    assert_eq!(got, "0a3304b4a86491a7e523a3771d33090d7716553eb38a2be0e8b1d654ea943f6e");
}

#[test]
fn normal_and_other_axes_that_a_copula_joins() {
    let got = hash(include_str!("bytes/copula.toml"), "copula.toml");
    assert_eq!(got, "2eec2c4d561944ae66647808f3028cb69d647c79cab91afcfdca4a81f856ca15");
}
