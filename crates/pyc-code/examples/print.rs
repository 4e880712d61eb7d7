//! Prints the header, the name and the instructions of a `.pyc` file.
//!
//! ```text
//! cargo run -p pyc-code --example print < __pycache__/app.cpython-313.pyc
//! ```

use std::io::{Read, Write};

use pyc_code::pyc::Header;
use pyc_code::{dis, marshal};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut file = Vec::new();
    std::io::stdin().read_to_end(&mut file)?;
    let (header, stream) = Header::read(&file)?;
    let code = marshal::read(stream, header.minor())?;

    let mut out = std::io::stdout().lock();
    writeln!(out, "CPython {}, {:?}", header.minor(), header.origin())?;
    writeln!(out, "{} of {}, {}", code.name, code.filename, code.flags)?;
    for child in code.children() {
        writeln!(out, "defines {} on line {}", child.name, child.firstlineno)?;
    }
    write!(out, "\n{}", dis::listing(&code, header.minor()))?;
    Ok(())
}
