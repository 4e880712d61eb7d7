use pyc_code::*;
fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let minor: Minor = std::env::args().nth(2).unwrap().parse().unwrap();
    let (mut n, mut bad, mut skip) = (0, 0, 0);
    loop {
        let Ok(raw) = std::fs::read(format!("{dir}/{n:04}.m")) else { break };
        if let Ok(want) = std::fs::read(format!("{dir}/{n:04}.dis")) {
            let code = marshal::read(&raw, minor).unwrap();
            let mut got = dis::listing(&code, minor).to_string();
            if !want.is_ascii() && false {
                got.push(' ');
            }
            if got.as_bytes() != &want[..] {
                bad += 1;
                if bad < 6 {
                    let want = String::from_utf8_lossy(&want).into_owned();
                    let (mut w, mut g) = (want.lines(), got.lines());
                    loop {
                        match (w.next(), g.next()) {
                            (a, b) if a == b && a.is_some() => {}
                            (a, b) => {
                                let cut = |x: Option<&str>| {
                                    x.map(|x| x.chars().take(200).collect::<String>())
                                };
                                println!("{n}:\n  {:?}\n  {:?}", cut(a), cut(b));
                                break;
                            }
                        }
                    }
                }
            }
        } else {
            skip += 1
        }
        n += 1;
    }
    println!("{minor} {n} files, {bad} bad, {skip} skipped");
}
