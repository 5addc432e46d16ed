//! What a sweep's time goes into: working out a block of scenarios, and each kind of results.
//!
//! Run with `cargo bench --bench sweep` (`--features parquet` for all sinks). Times depend on the
//! machine and on who shares it: compare medians of one run with each other.

#[path = "../examples/common/axes.rs"]
mod axes;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gaschain::amur;
use gaschain::sweep::{
    BLOCK, Block, Columns, Csv, Discard, Layout, Prepared, Runner, Sink, Source, Summary, Sweep,
};
use std::hint::black_box;
use std::io;
use std::ops::ControlFlow;

/// Rows that each sink is given: about 1e4, in whole blocks.
const BLOCKS: u64 = 10;

fn sweep(axes: Option<usize>) -> Sweep {
    axes::sweep(axes, BLOCKS * BLOCK).expect("the table of axes is sound")
}

fn prepared(sweep: &Sweep) -> Prepared<'static> {
    sweep.prepare(amur::chain()).expect("the axes fit the shipped chain")
}

/// One block on one thread: points, results and balances.
fn block(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a block of 1,024 scenarios");
    group.throughput(Throughput::Elements(BLOCK)).sample_size(10);
    for (name, axes) in [("3 axes", Some(3)), ("10 axes", Some(10)), ("all axes", None)] {
        let prepared = prepared(&sweep(axes));
        let mut memory = prepared.memory();
        let mut block = Block::default();
        group.bench_function(name, |bencher| {
            bencher.iter(|| prepared.fill(&mut memory, 1_024, black_box(&mut block)));
        });
    }
    group.finish();
}

/// The results of a run, worked out once.
struct Worked(Vec<Block>, Layout);

impl Worked {
    fn out() -> Self {
        let prepared = prepared(&sweep(Some(10)));
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

criterion_group!(benches, block, sinks);
criterion_main!(benches);
