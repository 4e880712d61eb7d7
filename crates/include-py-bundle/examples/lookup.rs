//! Measures successful and failed lookups of modules in a bundle, for docs/guide/measurements.md.
//! For comparison, it also measures how long the memory takes for a read that no cache has.
//!
//! `cargo run --release -p include-py-bundle --example lookup -- 100000`

#![forbid(unsafe_code)]

use std::hint::black_box;
use std::time::Instant;

use include_py_bundle::{Builder, Bundle, ModuleKind, NewModule, Target};

const ROUNDS: usize = 7;

fn main() {
    let modules = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let names: Vec<String> = (0..modules)
        .map(|number| match number % 100 {
            0 => format!("application.package{}", number / 100),
            rest => format!("application.package{}.module{rest}", number / 100),
        })
        .collect();
    let mut builder = Builder::new("app", &[Target::new(3571, 0x030d_00f0, 4, 0)]);
    let module = |name: &str, path: String, kind| {
        let code = vec![format!("the code of {name}").into_bytes().into()];
        NewModule { name: name.into(), path, kind, code, source: None }
    };
    builder.module(module("application", "application/__init__.py".into(), ModuleKind::Package));
    for (number, name) in names.iter().enumerate() {
        let (kind, end) = match number % 100 {
            0 => (ModuleKind::Package, "/__init__.py"),
            _ => (ModuleKind::Module, ".py"),
        };
        builder.module(module(name, format!("{}{end}", name.replace('.', "/")), kind));
    }
    let bytes = builder.finish().expect("a bundle");
    let bundle = Bundle::open(&bytes).expect("the same bundle");

    // A pseudorandom order, so that memory can't be prefetched (Marsaglia's xorshift64).
    let mut state = 1_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % names.len() as u64).expect("a number of a name")
    };
    // As an importer asks: each name has just been made, in this order.
    let wanted: Vec<String> = (0..modules).map(|_| names[next()].clone()).collect();
    let missing: Vec<String> = wanted.iter().map(|name| format!("{name}_")).collect();
    println!("{modules} modules, nanoseconds a look-up, the best of {ROUNDS} rounds");
    for (label, names, is_there) in [("there", wanted, true), ("not there", missing, false)] {
        let best = (0..ROUNDS).map(|_| {
            let start = Instant::now();
            for name in &names {
                let found = black_box(bundle.module(black_box(name))).expect("a sound bundle");
                assert_eq!(found.is_some(), is_there);
            }
            start.elapsed()
        });
        let best = best.min().unwrap_or_default();
        println!("{label:10} {:5}", best.as_nanos() / names.len() as u128);
    }
    println!("one read   {:5}", random_read(bytes.len(), modules));
}

/// The time for a read at a random place of a table of this size, in nanoseconds. Where the next
/// read is depends on the one before, as a name's place depends on a slot of the index.
fn random_read(bytes: usize, reads: usize) -> u128 {
    // Sattolo's shuffle makes a single cycle of all cache lines.
    const LINE: usize = 64;
    let mut next: Vec<[usize; LINE / size_of::<usize>()]> =
        (0..bytes / LINE).map(|line| [line; LINE / size_of::<usize>()]).collect();
    let mut state = 1_u64;
    for line in (1..next.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        next.swap(line, usize::try_from(state % line as u64).expect("a smaller line"));
    }
    let best = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        let end = (0..reads).fold(0, |line, _| next[line][0]);
        black_box(end);
        start.elapsed()
    });
    best.min().unwrap_or_default().as_nanos() / reads as u128
}
