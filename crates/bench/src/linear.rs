//! `cargo xtask bench linear`: checks that the compiler's time grows linearly with the source, for
//! each construct.
//!
//! ```text
//! shape                        n        ms     2n ms     4n ms    times
//! tuple                    16000      21.4      42.9      86.0     1.00
//! ```
//!
//! The last column is the time per item for `4n` items relative to `n` items: 1 is linear, 4 is
//! quadratic. Times are processor time, the best of three. `n` is doubled until the time is long
//! enough to be measured.

mod faults;
mod shapes;

use std::time::Duration;

use pyc_compiler::{Options, Target};
use shapes::SHAPES;

/// Minimum time of a measurement. In less time, the data fits into the processor's caches, but four
/// times as much doesn't.
const MEASURABLE: Duration = Duration::from_millis(60);
/// The resolution of the processor-time clock on some systems; a shorter time counts as this.
const STEP: f64 = 0.004;
/// Maximum growth of the time per item for four times as many items. Caches cause up to 2;
/// quadratic growth is 4.
const TOLERATED: f64 = 2.5;
/// The initial `n`, and its maximum even if the time is short.
const FEWEST: usize = 500;
const MOST: usize = 1 << 20;

/// A source with so many of something.
type Make = Box<dyn Fn(usize) -> String>;

/// Measures the shapes whose names contain one of `wanted`, or all if it is empty. Returns whether
/// all are linear.
pub(super) fn run(wanted: &[&str]) -> Result<bool, String> {
    let target = Target::newest(pyc_code::Minor::PY313).ok_or("no release to compile for")?;
    let options = Options::new(target, "m.py");
    println!("{:32} {:>9} {:>9} {:>9} {:>9} {:>8}", "shape", "n", "ms", "2n ms", "4n ms", "times");
    let right = SHAPES.iter().map(|&(name, make)| (name.to_owned(), Box::new(make) as Make));
    let mut good = true;
    for (name, make) in right.chain(faults::shapes()) {
        if !wanted.is_empty() && !wanted.iter().any(|wanted| name.contains(wanted)) {
            continue;
        }
        let time = |n: usize| {
            let source = make(n);
            super::compiler::seconds(|| {
                // Refusing also takes time.
                let _ = pyc_compiler::compile_to_marshal(source.as_bytes(), &options);
            })
        };
        let best = |n: usize| (0..3).map(|_| time(n)).fold(f64::INFINITY, f64::min);
        let mut n = FEWEST;
        while n < MOST && time(n) < MEASURABLE.as_secs_f64() {
            n *= 2;
        }
        let [once, twice, four] = [best(n), best(2 * n), best(4 * n)];
        let growth = four / once.max(STEP) / 4.0;
        let verdict = if growth > TOLERATED { "  TOO MUCH" } else { "" };
        good &= growth <= TOLERATED;
        let [a, b, c] = [once, twice, four].map(|seconds| seconds * 1e3);
        println!("{name:32} {n:9} {a:9.1} {b:9.1} {c:9.1} {growth:8.2}{verdict}");
    }
    Ok(good)
}
