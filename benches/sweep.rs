//! What a sweep's time goes into: recording the chain, working out a block of scenarios, the
//! derivatives of an output, and each kind of results.
//!
//! Run with `cargo bench --bench sweep` (`--features parquet` for all sinks). Times depend on the
//! machine and on who shares it: compare medians of one run with each other.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gaschain::amur;
use gaschain::sweep::{
    BLOCK, Block, Columns, Csv, Discard, Layout, Prepared, Results, Runner, Sink, Slopes, Source,
    Summary, Sweep,
};
use std::hint::black_box;
use std::io;
use std::ops::ControlFlow;

/// Rows that each sink is given: about 1e4, in whole blocks.
const BLOCKS: u64 = 10;

fn sweep(axes: usize) -> Sweep {
    amur::throughput(axes, BLOCKS * BLOCK)
}

fn prepared(sweep: &Sweep) -> Prepared {
    sweep.prepare(amur::chain()).expect("the axes fit the shipped chain")
}

/// One block on one thread: points, results and balances.
fn block(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a block of 1,024 scenarios");
    group.throughput(Throughput::Elements(BLOCK)).sample_size(10);
    for (name, axes) in [("3 axes", 3), ("10 axes", 10), ("all axes", usize::MAX)] {
        let prepared = prepared(&sweep(axes));
        let mut memory = prepared.memory();
        // not the first, of which every scenario is worked out a second time as a check
        let mut block = Block { first: BLOCK, ..Block::default() };
        group.bench_function(name, |bencher| {
            bencher.iter(|| prepared.fill(&mut memory, 1_024, black_box(&mut block)));
        });
    }
    group.finish();
}

/// Reading the axes, judging them and recording the chain, until the first scenario can be run.
fn recording(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("recording the shipped chain");
    for (name, axes) in [("3 axes", 3), ("10 axes", 10), ("all axes", usize::MAX)] {
        let sweep = sweep(axes);
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(prepared(&sweep).operations()));
        });
    }
    group.finish();
}

/// One output of a block of scenarios, and its derivatives with respect to 10 axes with it.
fn gradient(criterion: &mut Criterion) {
    let prepared = prepared(&sweep(10));
    let count = 1_000;
    let mut inputs = vec![0.0; 10 * count];
    prepared.design.fill(&mut prepared.design.scratch(), 0, count, &mut inputs);
    for (axis, column) in prepared.axes.iter().zip(inputs.chunks_exact_mut(count)) {
        let unit = axis.unit.expect("all axes are numbers");
        for number in column {
            *number = unit.from_si(*number);
        }
    }
    let mut group = criterion.benchmark_group("1,000 scenarios of 10 axes, one output");
    group.throughput(Throughput::Elements(count as u64)).sample_size(10);
    for output in ["heihe.sales_gas.volume", "gcc.polyethylene.mass"] {
        let addresses = prepared.axes.iter().map(|axis| axis.address.as_str());
        let mut function =
            amur::chain().function(addresses, [output]).expect("an output of the shipped chain");
        let mut results = Results::default();
        // the first points are worked out a second time, as a check
        for _ in 0..2 {
            function.columns(&inputs, &mut results).expect("a column an axis");
        }
        group.bench_function(format!("{output}, value"), |bencher| {
            bencher.iter(|| function.columns(&inputs, black_box(&mut results)));
        });
        let mut slopes = Slopes::default();
        group.bench_function(format!("{output}, value and gradient"), |bencher| {
            bencher.iter(|| function.gradient(0, &inputs, black_box(&mut slopes)));
        });
    }
    group.finish();
}

/// The results of a run, worked out once.
struct Worked(Vec<Block>, Layout);

impl Worked {
    fn out() -> Self {
        let prepared = prepared(&sweep(10));
        let mut memory = prepared.memory();
        let blocks = (0..BLOCKS).map(|index| {
            let mut block = Block { first: index * BLOCK, ..Block::default() };
            prepared.fill(&mut memory, 1_024, &mut block);
            block
        });
        Self(blocks.collect(), prepared.layout())
    }
}

impl Source for Worked {
    type Memory = ();

    fn layout(&self) -> Layout {
        self.1.clone()
    }

    fn scenarios(&self) -> u64 {
        BLOCKS * BLOCK
    }

    fn memory(&self) {}

    fn fill(&self, (): &mut (), _: usize, block: &mut Block) {
        let index = usize::try_from(block.first / BLOCK).unwrap_or(0);
        block.clone_from(&self.0[index]);
    }
}

/// What each kind of results costs: `nothing` is what handing blocks on costs.
fn sinks(criterion: &mut Criterion) {
    let worked = Worked::out();
    let layout = worked.layout();
    let mut group = criterion.benchmark_group("10,240 rows of 10 axes and 9 outputs");
    group.throughput(Throughput::Elements(BLOCKS * BLOCK));
    group.bench_function("nothing", |bencher| bencher.iter(|| run(&worked, &mut Discard)));
    group.bench_function("columns", |bencher| {
        bencher.iter(|| run(&worked, &mut Columns::new(layout.clone())));
    });
    group.bench_function("csv", |bencher| {
        bencher.iter(|| run(&worked, &mut Csv::new(io::sink(), &layout).expect("takes all")));
    });
    group.bench_function("summary", |bencher| {
        bencher.iter(|| run(&worked, &mut Summary::new("sha256:0", &layout)));
    });
    #[cfg(feature = "parquet")]
    group.bench_function("parquet", |bencher| {
        let name = format!("gaschain-bench-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let stamp = gaschain::sweep::Stamp::new("", "parquet", &(0..BLOCKS * BLOCK), &layout);
        bencher.iter(|| {
            // what an earlier round left; of the first there is none
            let _ = std::fs::remove_dir_all(&folder);
            let rows = gaschain::sweep::ParquetFolder::ROWS_PER_PART;
            let sink = gaschain::sweep::ParquetFolder::create(&folder, &layout, &stamp, rows);
            run(&worked, &mut sink.expect("a temporary folder"));
        });
        let _ = std::fs::remove_dir_all(&folder);
        let _ = std::fs::remove_file(gaschain::sweep::Stamp::path(&folder));
    });
    group.finish();
}

fn run(worked: &Worked, sink: &mut impl Sink) {
    let runner = Runner::new().threads(1);
    let ran = runner.run(worked, sink, |_| ControlFlow::Continue(())).expect("it runs");
    assert!(ran.is_complete());
}

criterion_group!(benches, recording, block, gradient, sinks);
criterion_main!(benches);
