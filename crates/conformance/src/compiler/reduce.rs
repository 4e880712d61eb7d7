//! Minimises a source that shows a difference.
//!
//! It removes runs of lines, which become shorter and shorter (Zeller's delta debugging), and may
//! replace a block's content by `pass`.

/// The smallest part of `source` found that still differs.
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

/// The source without the lines `at..end`, and with `pass` instead.
fn without(lines: &[String], at: usize, end: usize) -> Vec<Vec<String>> {
    let rest = || lines[..at].iter().chain(&lines[end..]).cloned().collect::<Vec<_>>();
    let indent: String = lines[at].chars().take_while(|first| first.is_whitespace()).collect();
    let mut passing = rest();
    passing.insert(at, indent + "pass");
    // Otherwise a line that is already `pass` would be replaced forever.
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
    fn irrelevant_lines_are_removed() {
        let source = b"a = 1\ndef f():\n    b = 2\n    wanted()\n    c = 3\nd = 4\n";
        let needs = |text: &str| text.contains("def f():") && text.contains("    wanted()");
        assert_eq!(reduce(source, needs), "def f():\n    wanted()\n");
        let block = |text: &str| text.contains("def f():\n    ");
        assert_eq!(reduce(source, block), "def f():\n    pass\n");
    }
}
