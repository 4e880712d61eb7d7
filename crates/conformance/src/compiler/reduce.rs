//! Makes a source that shows a difference as small as it gets while it still does.
//!
//! Lines go first, in runs that become shorter (Zeller's delta debugging); a block's `pass` may
//! stand in for what is in it.

/// The smallest part of `source` that was found to differ.
pub(super) fn reduce(source: &[u8], mut differs: impl FnMut(&str) -> bool) -> String {
    let text = String::from_utf8_lossy(source);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut run = lines.len().div_ceil(2);
    while run > 0 {
        let mut at = 0;
        while at < lines.len() {
            let end = lines.len().min(at + run);
            let shorter = without(&lines, at, end).into_iter().find(|some| differs(&joined(some)));
            match shorter {
                Some(some) if some != lines => lines = some,
                _ => at = end,
            }
        }
        run = if run == 1 { 0 } else { run.div_ceil(2) };
    }
    joined(&lines)
}

/// Without the lines `at..end`, and with `pass` in their place.
fn without(lines: &[String], at: usize, end: usize) -> Vec<Vec<String>> {
    let rest = || lines[..at].iter().chain(&lines[end..]).cloned().collect::<Vec<_>>();
    let indent: String = lines[at].chars().take_while(|first| first.is_whitespace()).collect();
    let mut passing = rest();
    passing.insert(at, indent + "pass");
    // A line that is `pass` already would stay for ever.
    if lines[at..end].iter().all(|line| line.trim() == "pass") {
        vec![rest()]
    } else {
        vec![rest(), passing]
    }
}

fn joined(lines: &[String]) -> String {
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_part_in_it_goes() {
        let source = b"a = 1\ndef f():\n    b = 2\n    wanted()\n    c = 3\nd = 4\n";
        let needs = |text: &str| text.contains("def f():") && text.contains("    wanted()");
        assert_eq!(reduce(source, needs), "def f():\n    wanted()\n");
        let block = |text: &str| text.contains("def f():\n    ");
        assert_eq!(reduce(source, block), "def f():\n    pass\n");
    }
}
