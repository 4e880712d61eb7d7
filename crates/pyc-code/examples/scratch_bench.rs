use pyc_code::*;
fn cpu() -> f64 {
    std::fs::read_to_string("/proc/self/schedstat")
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .parse::<f64>()
        .unwrap()
        / 1e9
}
fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let minor: Minor = std::env::args().nth(2).unwrap().parse().unwrap();
    let mut files = vec![];
    let mut n = 0;
    while let Ok(raw) = std::fs::read(format!("{dir}/{n:04}.m")) {
        files.push(raw);
        n += 1;
    }
    let total: usize = files.iter().map(Vec::len).sum();
    let best = |name: &str, f: &dyn Fn(&[u8])| {
        if std::env::args().nth(3).is_some_and(|x| x != name) {
            return;
        }
        let mut b = f64::MAX;
        for _ in 0..7 {
            let t = cpu();
            for x in &files {
                f(x)
            }
            b = b.min(cpu() - t);
        }
        println!("{name:12} {:.3} s  {:.0} MB/s", b, total as f64 / b / 1e6);
    };
    println!("{total}");
    best("graph", &|x| {
        std::hint::black_box(marshal::Graph::read(x, minor).unwrap());
    });
    best("read", &|x| {
        std::hint::black_box(marshal::read(x, minor).unwrap());
    });
    best("canonical", &|x| {
        std::hint::black_box(canonical(x, minor).unwrap());
    });
    if std::env::args().nth(3).is_some() {
        return;
    }
    let codes: Vec<_> = files.iter().map(|x| marshal::read(x, minor).unwrap()).collect();
    let mut b = f64::MAX;
    for _ in 0..7 {
        let t = cpu();
        for x in &codes {
            std::hint::black_box(marshal::write(x, minor).unwrap());
        }
        b = b.min(cpu() - t);
    }
    println!("write {:.3} s {:.0}", b, total as f64 / b / 1e6);
}
