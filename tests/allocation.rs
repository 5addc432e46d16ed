//! Memory of a sweep: none for a scenario that neither fails nor is worked out by itself, and no
//! more for many scenarios than for few.
//!
//! A binary of its own: memory is counted at the allocator, of which a program has one, and what
//! ran beside would be counted too.

#![allow(unsafe_code, reason = "an allocator cannot be counted without being one")]

mod it {
    pub mod support {
        pub mod squares;
    }
}

use gaschain::sweep::{Csv, Discard, Results, Runner, Sink, Source, Summary};
use it::support::squares::Squares;
use std::alloc::{GlobalAlloc, Layout, System};
use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// The system's allocator, counting.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static HELD: AtomicI64 = AtomicI64::new(0);
static MOST_HELD: AtomicI64 = AtomicI64::new(0);

fn count(bytes: i64) {
    ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
    let held = HELD.fetch_add(bytes, Ordering::Relaxed) + bytes;
    MOST_HELD.fetch_max(held, Ordering::Relaxed);
}

#[allow(clippy::cast_possible_wrap, reason = "no allocation has 2^63 bytes")]
// SAFETY: every call goes to the system's allocator as it came
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as i64);
        // SAFETY: as this function's caller promises
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size() as i64, Ordering::Relaxed);
        // SAFETY: as this function's caller promises
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as i64 - layout.size() as i64);
        // SAFETY: as this function's caller promises
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations of a run, and the most bytes held above what was held before.
fn cost<K: Sink>(source: &impl Source, sink: &mut K) -> (u64, i64) {
    let held = HELD.load(Ordering::Relaxed);
    MOST_HELD.store(held, Ordering::Relaxed);
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    let run = Runner::new().threads(2).run(source, sink, |_| ControlFlow::Continue(()));
    assert!(run.expect("it runs").is_complete());
    let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;
    (allocations, MOST_HELD.load(Ordering::Relaxed) - held)
}

/// A run of ten times the scenarios may cost a few allocations more where threads hand work on
/// (a queue grows by a piece now and then), far below one for each block; and no more memory,
/// but for a page of a histogram that no earlier number fell into.
fn holds<K: Sink>(what: &str, sink: impl Fn(&Squares) -> K) {
    let few = Squares { failing: false, ..Squares::new(64 * 1_024) };
    let many = Squares { failing: false, ..Squares::new(640 * 1_024) };
    let (few_allocations, few_bytes) = cost(&few, &mut sink(&few));
    let (many_allocations, many_bytes) = cost(&many, &mut sink(&many));
    assert!(
        many_allocations < few_allocations + 200,
        "{what}: {few_allocations} allocations, and {many_allocations} of ten times the scenarios"
    );
    assert!(many_bytes < few_bytes + 300_000, "{what}: {few_bytes} bytes, and {many_bytes}");
}

// one test: what runs beside would be counted too
#[test]
fn nothing_is_allocated_for_a_scenario() {
    holds("nothing", |_| Discard);
    holds("csv", |source| Csv::new(io::sink(), &source.layout()).expect("a sink takes all"));
    holds("summary", |source| Summary::new("sha256:0", &source.layout()));
    holds("both", |source| {
        let csv = Csv::new(io::sink(), &source.layout()).expect("a sink takes all");
        (csv, Summary::new("sha256:0", &source.layout()))
    });
    // of the shipped chain, a block like one before it; none of its scenarios is one that is
    // worked out a second time as a check
    let chain = gaschain::amur::chain();
    let (inputs, outputs) = (
        ["kovykta.flow [mol/s]", "heihe.demand [mol/s]"],
        ["heihe.sales_gas.volume", "kovykta.stopped_by"],
    );
    let mut function = chain.function(inputs, outputs).unwrap_or_else(|error| panic!("{error}"));
    let mut inputs = vec![0.0; 2 * 1_000];
    for scenario in 0..1_000 {
        inputs[scenario] = 20_000.0 + 20.0 * scenario as f64;
        inputs[1_000 + scenario] = 45_000.0 + 10.0 * scenario as f64;
    }
    let mut results = Results::default();
    // the first points are
    for _ in 0..2 {
        function.columns(&inputs, &mut results).unwrap_or_else(|error| panic!("{error}"));
    }
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    function.columns(&inputs, &mut results).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((results.rerun, ALLOCATIONS.load(Ordering::Relaxed) - before), (0, 0));
}
