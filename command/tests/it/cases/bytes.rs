//! The same bytes whatever the platform's mathematics library does: glibc has logarithms and powers
//! with and without fused multiply-add, and takes those that the processor has.

use crate::run::{command, text};
use std::path::Path;

fn swept(tunables: &str, sweep: &Path) -> String {
    let mut command = command();
    command.arg("sweep").arg(sweep).env("GLIBC_TUNABLES", tunables);
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn a_sweep_has_the_same_bytes_with_another_mathematics_library() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/cases/bytes");
    for name in ["u.toml", "triangular.toml"] {
        let sweep = folder.join(name);
        let as_it_is = swept("", &sweep);
        let without = swept("glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4", &sweep);
        assert_eq!(as_it_is.lines().count(), 8_193, "{name}");
        let differ = as_it_is.lines().zip(without.lines()).find(|(one, other)| one != other);
        assert_eq!(differ, None, "{name}");
    }
}
