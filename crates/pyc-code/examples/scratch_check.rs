use pyc_code::{marshal::Graph, *};
fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let minor: Minor = std::env::args().nth(2).unwrap().parse().unwrap();
    let (mut n, mut bad) = (0, 0);
    loop {
        let Ok(raw) = std::fs::read(format!("{dir}/{n:04}.m")) else { break };
        let cf = std::fs::read(format!("{dir}/{n:04}.cf")).unwrap();
        let g = Graph::read(&raw, minor).unwrap_or_else(|e| panic!("{n} {e}"));
        let c = g.canonical().unwrap();
        let code = marshal::read(&raw, minor).unwrap();
        let w = marshal::write(&code, minor).unwrap();
        let ok = [
            g.write() == raw,
            c == cf,
            w == cf,
            canonical(&cf, minor).unwrap() == cf,
            marshal::read(&cf, minor).unwrap().names == code.names,
        ];
        walk(&code, minor, n);
        if ok.contains(&false) {
            bad += 1;
            println!("{n} {ok:?}");
        }
        n += 1;
    }
    println!("{minor} {n} files, {bad} bad");
}

fn walk(c: &CodeObject, m: Minor, n: usize) {
    use tables::*;
    let t = &c.linetable[..];
    let back = match m.line_format() {
        LineFormat::Lnotab => lnotab::encode(&lnotab::decode(t).unwrap()),
        LineFormat::LineTable => {
            linetable::encode(&linetable::decode(t, c.firstlineno).unwrap(), c.firstlineno)
        }
        _ => locations::encode(&locations::decode(t, c.firstlineno).unwrap(), c.firstlineno),
    };
    if back != t {
        {
            let i = (0..).find(|&i| t.get(i) != back.get(i)).unwrap();
            println!(
                "{n} linetable {} at {i} {:?} {:?}",
                c.name,
                &t[i.saturating_sub(6)..(i + 6).min(t.len())],
                &back[i.saturating_sub(6)..(i + 6).min(back.len())]
            )
        };
    }
    let e = exceptions::encode(&exceptions::decode(&c.exceptiontable).unwrap());
    if e != &c.exceptiontable[..] {
        println!("{n} exc {}", c.name);
    }
    for k in c.children() {
        walk(k, m, n);
    }
}
