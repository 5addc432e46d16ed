//! Working scenarios out, in blocks: what sweeps and [`Function`](crate::Function)s run by.
//!
//! *In:* columns of axes. *Out:* columns of outputs, with residuals and failures (`results`). *Order:* the
//! `evaluator` has a program `recorded` for each combination of options, with what `judges` every
//! scenario in it (which limits are `broken`, too), and hands on its `column`s; where a program is
//! not `worth` having, and what it is not sure of, is worked out `single`, and some scenarios both
//! ways, which have to `agree`; `gradient` runs a program backwards. Numbers that belong to a
//! choice are judged by `belonging`.

mod agree;
mod belonging;
mod broken;
mod column;
mod evaluator;
mod gradient;
mod judges;
mod recorded;
mod results;
mod single;
mod worth;

pub(crate) use evaluator::{Evaluator, Variable, Workspace};
pub(crate) use gradient::Gradient;
pub use gradient::Slopes;
pub use results::Results;
pub(in crate::sweep) use worth::Way;

#[cfg(test)]
mod tests {
    //! Whatever is recorded of chains is compiled as it should be: in tests every listing and every
    //! piece of machine code is replayed as it is made (`tape/compile/tests.rs`,
    //! `tape/native/tests/replay.rs`), so that recording them is enough.

    use crate::amur;
    use crate::sweep::{Axis, Columns, DesignKind, Runner, Slopes, Source, Sweep};
    use crate::tape::replayed;
    use std::ops::ControlFlow;

    /// Runs a sweep of the shipped chain.
    fn run(sweep: &Sweep) {
        let prepared = sweep.prepare(amur::chain()).unwrap().by_programs();
        let mut columns = Columns::new(prepared.layout());
        let ran =
            Runner::new().run(&prepared, &mut columns, |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(ran.failed, 0);
    }

    #[test]
    fn programs_of_the_shipped_chain_read_what_they_should() {
        let before = replayed();
        for axes in [3, 10, usize::MAX] {
            run(&amur::throughput(axes, 64));
        }
        for order in ["kovykta > chayanda", "chayanda > kovykta", "kovykta + chayanda"] {
            let design = DesignKind::Sobol { samples: 64, seed: 1, scrambled: true };
            run(&Sweep::new("orders", amur::NAME, design)
                .setting("order", order)
                .axis(Axis::between("heihe.demand", "20 bcm/yr", "44 bcm/yr"))
                .axis(Axis::between("kovykta.flow", "10 bcm/yr", "30 bcm/yr"))
                .axis(Axis::between("gpp.trains", "3", "6"))
                .output("heihe.sales_gas.volume")
                .output("gcc.polyethylene.mass")
                .output("kovykta.stopped_by"));
        }
        // derivatives, too
        let inputs = ["heihe.demand", "kovykta.flow", "gpp.ngl.ethane"];
        let mut function = amur::chain().function(inputs, ["gcc.polyethylene.mass"]).unwrap();
        function.gradient(0, &[38.0, 20.0, 0.95], &mut Slopes::default()).unwrap();
        let after = replayed();
        assert!(after[0] >= before[0] + 7, "{before:?} to {after:?}");
        if cfg!(all(target_arch = "x86_64", feature = "machine-code")) {
            assert!(after[1] >= before[1] + 14, "{before:?} to {after:?}");
        }
    }

    /// Lines by the laws of flow: what is called from outside, and functions of pressure.
    #[test]
    fn programs_of_a_line_by_hydraulics_read_what_they_should() {
        let before = replayed();
        let design = DesignKind::Sobol { samples: 8, seed: 1, scrambled: true };
        run(&Sweep::new("line", amur::NAME, design)
            .setting("trunk_line.mode", "hydraulic")
            .axis(Axis::between("kovykta.flow", "10 bcm/yr", "12 bcm/yr"))
            .output("heihe.sales_gas.volume"));
        assert!(replayed()[0] > before[0]);
    }
}
