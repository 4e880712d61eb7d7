//! Rule `pictures`: an SVG has the boxes, arrows and words of the `.dot` file that it is made from.
//!
//! ```text
//! a -> b [label="reads"];    crates.svg has to have the boxes a and b, the arrow a->b, the word
//! ```
//!
//! Other versions of Graphviz place the same boxes elsewhere, so the files aren't made anew and
//! compared.

use std::collections::BTreeSet;

use super::{Problem, Rule};
use crate::tree::Tree;

pub(super) const RULE: Rule = Rule {
    name: "pictures",
    why: "after an edit of the text, the picture has to be made again",
    check,
};

fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in tree.files() {
        let Some(stem) = file.path.strip_suffix(".dot") else { continue };
        let path = format!("{stem}.svg");
        let Some(picture) = tree.file(&path) else {
            problems.push(Problem::new(&file.path, 1, format!("`{path}` is missing")));
            continue;
        };
        let (wanted, shown) = (described(&file.text), drawn(&picture.text));
        let remedy = format!("run `dot -Tsvg {} -o {path}`", file.path);
        for missing in wanted.difference(&shown) {
            let message = format!("`{missing}` isn't in the picture: {remedy}");
            problems.push(Problem::new(&path, 1, message));
        }
        for extra in shown.difference(&wanted) {
            let message = format!("`{extra}` isn't in the text: {remedy}");
            problems.push(Problem::new(&path, 1, message));
        }
    }
    problems
}

/// The names of boxes, `a->b` for arrows, and the lines of labels in a graph's text.
fn described(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let tokens = tokens(text);
    for statement in tokens.split(|token| matches!(token.as_str(), ";" | "{" | "}")) {
        let attributes = statement.iter().position(|token| token == "[");
        let (names, attributes) = statement.split_at(attributes.unwrap_or(statement.len()));
        match names {
            [] => continue,
            [key, equals, value] if equals == "=" => {
                found.extend((key == "label").then(|| lines(value)).into_iter().flatten());
                continue;
            }
            [kind, name] if matches!(kind.as_str(), "digraph" | "subgraph") => {
                found.insert(name.clone());
                continue;
            }
            [kind] if matches!(kind.as_str(), "node" | "edge") => continue,
            _ => {}
        }
        let boxes: Vec<&String> = names.iter().filter(|name| *name != "->").collect();
        found.extend(boxes.windows(2).map(|pair| format!("{}->{}", pair[0], pair[1])));
        let label = attributes.windows(3).find(|part| part[0] == "label" && part[1] == "=");
        found.extend(label.into_iter().flat_map(|part| lines(&part[2])));
        found.extend(boxes.into_iter().cloned());
    }
    found
}

fn lines(label: &str) -> Vec<String> {
    label.split("\\n").map(str::to_owned).collect()
}

/// Words, strings without their quotes, and marks.
fn tokens(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => {
                let mut escaped = false;
                let closing = rest[1..].find(|c| {
                    let closes = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    closes
                });
                let Some(closing) = closing else { return found };
                found.push(rest[1..=closing].replace("\\\"", "\""));
                rest = rest[closing + 2..].trim_start();
                continue;
            }
            '-' if rest.starts_with("->") => 2,
            _ => {
                let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
                word.unwrap_or(rest.len()).max(first.len_utf8())
            }
        };
        let (token, after) = rest.split_at(length);
        found.push(token.to_owned());
        rest = after.trim_start();
    }
    found
}

/// The titles and words of a picture by Graphviz.
fn drawn(svg: &str) -> BTreeSet<String> {
    let content = |part: &str| {
        let text = part.split_once('>')?.1;
        let text = text.split_once('<')?.0.replace("&#45;", "-").replace("&#160;", " ");
        let text = text.replace("&gt;", ">").replace("&lt;", "<").replace("&quot;", "\"");
        let text = text.replace("&#39;", "'");
        Some(text.replace("&amp;", "&"))
    };
    let parts = |start: &str| svg.split(start).skip(1).filter_map(content).collect::<Vec<_>>();
    parts("<title").into_iter().chain(parts("<text")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOT: &str = "// A picture.\ndigraph g {\n    rankdir=LR; node [shape=box];\n    \
                       subgraph cluster_x { label=\"X\"; a; }\n    \"b-c\" [label=\"B\\n\\\"C\\\"\"];\n    \
                       a -> \"b-c\" -> d [label=\"reads\"];\n}\n";
    const SVG: &str = "<title>g</title><title>cluster_x</title><text x=\"1\">X</text><title>a</title>\
                       <text>a</text><title>b&#45;c</title><text>B</text><text>&quot;C&quot;</text>\
                       <title>d</title><text>d</text><title>a&#45;&gt;b&#45;c</title>\
                       <title>b&#45;c&#45;&gt;d</title><text>reads</text>";

    #[test]
    fn pictures_show_what_their_texts_say() {
        let problems = |dot: &str, svg: &str| RULE.problems_in(&[("a.dot", dot), ("a.svg", svg)]);
        assert_eq!(problems(DOT, SVG), [""; 0]);
        assert_eq!(
            problems(&DOT.replace("reads", "writes"), SVG),
            [
                "a.svg:1: `writes` isn't in the picture: run `dot -Tsvg a.dot -o a.svg`",
                "a.svg:1: `reads` isn't in the text: run `dot -Tsvg a.dot -o a.svg`"
            ]
        );
        assert_eq!(problems(&DOT.replace("-> d ", "-> a "), SVG).len(), 3);
        assert_eq!(RULE.problems_in(&[("a.dot", DOT)]), ["a.dot:1: `a.svg` is missing"]);
    }
}
