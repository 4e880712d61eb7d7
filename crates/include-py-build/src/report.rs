//! Reports on a build: always in a file, and to the user if an unoptimised build script made it
//! slow.
//!
//! ```json
//! {"name": "app", "version": "0.1.0", "digest": "5feceb66…", "bytes": 11482960,
//!  "modules": 812, "compiled": 3, "reused": 809, "files": 14, "seconds": 0.214, "optimized": false, "warnings": []}
//! ```

mod optimized;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::Output;
use crate::ctools::hex;
pub(crate) use optimized::Optimized;

/// The packages that take most of a build script's time if they aren't optimised.
const PACKAGES: &[&str] = &[
    "hashbrown",
    "include-py-build",
    "include-py-bundle",
    "memchr",
    "miniz_oxide",
    "pyc-code",
    "pyc-compiler",
    "sha2",
];

/// How many times faster these packages are if they are optimised, for a build from nothing: a low
/// estimate, from `cargo xtask bench build` with and without optimisation.
const FACTOR: u32 = 5;

/// A faster build gets no advice.
const SLOW: Duration = Duration::from_secs(5);

/// The time that a build took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time {
    pub(crate) elapsed: Duration,
    /// Processor time, as far as the system reports it, without interpreters and other children.
    pub(crate) own: Duration,
    pub(crate) optimized: Optimized,
}

impl Default for Time {
    fn default() -> Self {
        Self { elapsed: Duration::ZERO, own: Duration::ZERO, optimized: Optimized::Yes }
    }
}

/// Measures a build.
pub(crate) struct Clock {
    start: Instant,
    own: Option<Duration>,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { start: Instant::now(), own: processor_time() }
    }

    pub(crate) fn stop(&self) -> Time {
        let elapsed = self.start.elapsed();
        let own = processor_time().zip(self.own).map(|(now, then)| now.saturating_sub(then));
        Time { elapsed, own: own.unwrap_or(elapsed), optimized: Optimized::here() }
    }
}

/// All statistics as a JSON object, for tools.
pub(crate) fn json(name: &str, output: &Output, digest: &[u8; 32]) -> String {
    let mut text = String::from("{");
    let mut field = |key: &str, value: String| {
        let separator = if text.len() == 1 { "" } else { ", " };
        // Writing to a string can't fail.
        let _ = write!(text, "{separator}\"{key}\": {value}");
    };
    field("name", string(name));
    field("version", string(env!("CARGO_PKG_VERSION")));
    field("digest", string(&hex(digest)));
    field("bytes", output.bytes().to_string());
    field("modules", output.modules().to_string());
    field("compiled", output.compiled().to_string());
    field("reused", output.reused().to_string());
    field("files", output.files().to_string());
    field("seconds", format!("{:.3}", output.elapsed().as_secs_f64()));
    field("optimized", (output.time.optimized == Optimized::Yes).to_string());
    let warnings: Vec<_> = output.warnings().map(string).collect();
    field("warnings", format!("[{}]", warnings.join(", ")));
    text.push_str("}\n");
    text
}

/// A JSON string (RFC 8259, section 7).
fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            control if control < ' ' => _ = write!(quoted, "\\u{:04x}", u32::from(control)),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Lines to put into `Cargo.toml`, if they would have saved much of this build's time; `profile` is
/// Cargo's name of the current profile.
pub(crate) fn advice(time: &Time, profile: &str) -> Vec<String> {
    let Time { own, optimized, .. } = *time;
    if optimized == Optimized::Yes || own < SLOW {
        return Vec::new();
    }
    let version = env!("CARGO_PKG_VERSION");
    let (now, then) = (own.as_secs(), (own / FACTOR).as_secs().max(1));
    let mut lines = vec![
        format!(
            "this build script took {now} s of processor time, since Cargo doesn't optimise build scripts: \
             with the command `include-py` on `PATH` (`cargo install include-py-cli --version {version}`), or with \
             these lines in the `Cargo.toml` of the workspace, it would be about {then} s (what hasn't changed is \
             reused in any case)"
        ),
        format!("[profile.{profile}.package]"),
    ];
    lines.extend(PACKAGES.iter().map(|package| format!("{package}.opt-level = 3")));
    lines
}

/// The processor time of this process so far, without its children; `None` if the system doesn't
/// report it.
fn processor_time() -> Option<Duration> {
    // Fields 14 and 15, in ticks. Linux reports 100 ticks a second to programs (proc_pid_stat(5)).
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields = stat.rsplit_once(')')?.1.split_whitespace();
    let ticks =
        fields.skip(11).take(2).map(|field| field.parse::<u64>().ok()).sum::<Option<u64>>()?;
    Some(Duration::from_millis(ticks * 10))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::output::Counts;

    fn time(own: u64, optimized: Optimized) -> Time {
        let (elapsed, own) = (Duration::from_millis(1500), Duration::from_secs(own));
        Time { elapsed, own, optimized }
    }

    #[test]
    fn a_report_is_json() {
        let output = Output {
            counts: Counts { modules: 3, compiled: 1, reused: 2, files: 0 },
            bytes: 10,
            bundle: PathBuf::new(),
            rust: PathBuf::new(),
            keys: PathBuf::new(),
            warnings: vec!["a \"b\"\\\n\u{1}".to_owned()],
            watched: Vec::new(),
            link: Vec::new(),
            system_libraries: Vec::new(),
            library_dirs: Vec::new(),
            time: time(1, Optimized::No),
        };
        let text = json("app", &output, &[0xab; 32]);
        let expected = format!(
            "{{\"name\": \"app\", \"version\": \"{}\", \"digest\": \"{}\", \"bytes\": 10, \"modules\": 3, \
             \"compiled\": 1, \"reused\": 2, \"files\": 0, \"seconds\": 1.500, \"optimized\": false, \
             \"warnings\": [\"a \\\"b\\\"\\\\\\n\\u0001\"]}}\n",
            env!("CARGO_PKG_VERSION"),
            "ab".repeat(32)
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn advice_is_given_only_after_a_slow_unoptimised_build() {
        assert!(advice(&time(4, Optimized::No), "dev").is_empty());
        assert!(advice(&time(40, Optimized::Yes), "dev").is_empty());
        let lines = advice(&time(40, Optimized::No), "dist");
        assert!(lines[0].contains("took 40 s of processor time"), "{}", lines[0]);
        assert!(lines[0].contains("about 8 s"), "{}", lines[0]);
        assert_eq!(lines[1], "[profile.dist.package]");
        assert!(lines.contains(&"sha2.opt-level = 3".to_owned()));
    }
}
