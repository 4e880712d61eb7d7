//! Prints a `.pyc`: what made it, what it holds, and its instructions.
//!
//! ```text
//! cargo run -p pyc-code --example print -- __pycache__/app.cpython-313.pyc
//! ```

use pyc_code::pyc::Header;
use pyc_code::{dis, marshal};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: print FILE.pyc")?;
    let file = std::fs::read(&path).map_err(|error| format!("{path}: {error}"))?;
    let (header, stream) = Header::read(&file)?;
    let code = marshal::read(stream, header.minor())?;
    println!("CPython {}, {:?}", header.minor(), header.origin());
    println!("{} of {}, {}", code.name, code.filename, code.flags);
    for child in code.children() {
        println!("defines {} on line {}", child.name, child.firstlineno);
    }
    print!("\n{}", dis::listing(&code, header.minor()));
    Ok(())
}
