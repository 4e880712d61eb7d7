//! Minimises a wrong source whose errors differ, by removing lines and then tokens.
//!
//! `x = 1\nprint(f(a b), 2)\n` can become `(a b`.

use super::super::fuzz::mutant;

/// Maximum number of sources that are compared.
const TRIES: usize = 900;

/// The smallest part of `source` found for which `differs` is true.
pub(super) fn reduce(source: &[u8], mut differs: impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut found = source.to_owned();
    let mut tries = 0;
    for _ in 0..3 {
        let before = found.len();
        for split in [lines, tokens] {
            let mut parts = split(&found);
            let mut run = parts.len().div_ceil(2);
            while run > 0 {
                let mut at = 0;
                while at < parts.len() && tries < TRIES {
                    let end = parts.len().min(at + run);
                    let rest = [&parts[..at], &parts[end..]].concat();
                    tries += 1;
                    if differs(&rest.concat()) {
                        parts = rest;
                    } else {
                        at = end;
                    }
                }
                run = if run == 1 { 0 } else { run.div_ceil(2) };
            }
            found = parts.concat();
        }
        if found.len() == before {
            break;
        }
    }
    found
}

fn lines(source: &[u8]) -> Vec<Vec<u8>> {
    source.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_owned).collect()
}

/// Words, strings and operators, or single bytes of what isn't UTF-8.
fn tokens(source: &[u8]) -> Vec<Vec<u8>> {
    match std::str::from_utf8(source) {
        Ok(text) if text.len() > 200 => {
            mutant::tokens(text).into_iter().map(String::into_bytes).collect()
        }
        Ok(text) => text.chars().map(|character| character.to_string().into_bytes()).collect(),
        Err(_) => source.iter().map(|byte| vec![*byte]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn irrelevant_parts_are_removed() {
        let source = b"x = 1\nprint(f(a b), 2)\n";
        let wanted = |part: &[u8]| part.windows(3).any(|some| some == b"a b");
        assert_eq!(reduce(source, wanted), b"a b");
    }
}
