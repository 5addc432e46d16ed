//! Memory of a sweep: none for a scenario that neither fails nor is worked out by itself, and no
//! more for many scenarios than for few. Memory and work of reading: as much as there is to read.
//!
//! A binary of its own: memory is counted at the allocator, of which a program has one, and what
//! ran beside would be counted too.

#![allow(unsafe_code, reason = "an allocator cannot be counted without being one")]

mod it {
    pub mod support {
        pub mod squares;
    }
}

use gaschain::scenario::{Reading, Scenario, Table};
use gaschain::sweep::{Csv, Discard, Results, Runner, Sink, Source, Summary};
use it::support::squares::Squares;
use std::alloc::{GlobalAlloc, Layout, System};
use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

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

/// Held by each test: what ran beside would be counted too.
static ALONE: Mutex<()> = Mutex::new(());

/// Allocations of a reading, and the most bytes it held.
fn of_reading(read: impl FnOnce()) -> (u64, i64) {
    let held = HELD.load(Ordering::Relaxed);
    MOST_HELD.store(held, Ordering::Relaxed);
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    read();
    let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;
    (allocations, MOST_HELD.load(Ordering::Relaxed) - held)
}

/// An input ten times as long takes ten times the allocations, and a tenth more for what is looked
/// up among all; and not more memory than `bytes` an entry.
fn grows_with_its_input(
    what: &str,
    bytes: i64,
    read: impl Fn(&str),
    input: impl Fn(usize) -> String,
) {
    const FEW: u32 = 3_000;
    let [few, many] = [FEW, 10 * FEW].map(|count| {
        let input = input(count as usize);
        of_reading(|| read(&input))
    });
    assert!(
        many.0 < 11 * few.0,
        "{what}: {} allocations, and {} of ten times as much",
        few.0,
        many.0
    );
    let more = (many.1 - few.1) / (9 * i64::from(FEW));
    assert!(more <= bytes, "{what}: {more} bytes an entry");
}

#[test]
fn what_is_read_costs_as_much_as_there_is_of_it() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let chain = gaschain::amur::chain();
    let rows = |header: &str, row: &dyn Fn(usize) -> String, count: usize| {
        (0..count).fold(header.to_owned(), |text, index| text + &row(index))
    };
    let judge = |text: &str| {
        // sound or not
        let table = Table::parse(text, "t.csv", chain, "amur", Reading::default());
        drop(table.and_then(|table| table.scenarios().try_for_each(|row| row.map(drop))));
    };
    // the text itself, and what tells names apart
    let header = "name,kovykta.flow [bcm/yr]\n";
    grows_with_its_input("rows", 150, judge, |count| {
        rows(header, &|n| format!("s{n},6.{n}\n"), count)
    });
    grows_with_its_input("values at fault", 150, judge, |count| {
        rows(header, &|n| format!("s{n},x\n"), count)
    });
    grows_with_its_input("names at fault", 100, judge, |count| {
        rows(header, &|_| "same,6\n".into(), count)
    });
    grows_with_its_input("columns at fault", 400, judge, |count| {
        rows("name", &|n| format!(",c{n}"), count) + "\na\n"
    });
    let apply = |text: &str| {
        let scenario = Scenario::parse(text, "s.toml", Reading::default());
        drop(scenario.and_then(|scenario| chain.case().apply(&scenario).map(drop)));
    };
    let header = "name = 'x'\nchain = 'amur'\n[set]\n";
    grows_with_its_input("addresses at fault", 2_000, apply, |count| {
        rows(header, &|n| format!("a{n} = 1\n"), count)
    });
}

#[test]
fn nothing_is_allocated_for_a_scenario() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
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
