//! Builds a bundle as a build script does, and prints the cost: `1.23 45.6 5feceb66…`.

use include_py_build::{Bundle, Environment};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, tree, out, python, version] = arguments.as_slice() else { panic!("four arguments") };
    let (major, minor) = version.split_once('.').expect("a version");
    let environment = Environment::new(out)
        .python(python)
        .python_version(major.parse().expect("a number"), minor.parse().expect("a number"))
        .debug();
    let output = match Bundle::new("app").source(tree).build(&environment) {
        Ok(output) => output,
        Err(error) => panic!("{error}"),
    };
    println!("{output}");
    let seconds = seconds();
    let memory = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let memory = memory.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    let kilobytes: f64 = memory.trim().trim_end_matches(" kB").parse().expect("a number");
    println!("{seconds:.2} {:.1} {}", kilobytes / 1e3, digest(output.bundle()));
}

/// Fields 14 to 17 of `proc_pid_stat(5)`: user and system time of this process and its children.
fn seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields = stat.rsplit_once(')').expect("a name").1.split_whitespace();
    let ticks: f64 = fields.skip(11).take(4).map(|field| field.parse::<f64>().unwrap()).sum();
    // `sysconf(_SC_CLK_TCK)`, which is 100 on every Linux.
    ticks / 100.0
}

/// The bundle's digest, from its header.
fn digest(bundle: &std::path::Path) -> String {
    use std::io::Read as _;
    let mut header = [0; 48];
    std::fs::File::open(bundle).and_then(|mut file| file.read_exact(&mut header)).expect("a bundle");
    header[16..].iter().map(|byte| format!("{byte:02x}")).collect()
}
