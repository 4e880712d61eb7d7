//! Writes tokens with all the variations that Python allows: spaces, line breaks in brackets,
//! comments, backslashes.
//!
//! `f`, `(`, `x`, `)` can be written as `f( # c` with `  x)` on the next line.

use super::random::Random;

/// A source under construction.
pub(super) struct Layout<'r> {
    pub(super) random: &'r mut Random,
    text: String,
    brackets: usize,
    indents: Vec<String>,
    at_line_start: bool,
}

impl<'r> Layout<'r> {
    pub(super) fn new(random: &'r mut Random) -> Self {
        Self { random, text: String::new(), brackets: 0, indents: Vec::new(), at_line_start: true }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// Appends a token, preceded by a gap.
    pub(super) fn token(&mut self, token: &str) {
        if self.at_line_start {
            self.text.push_str(self.indents.last().map_or("", String::as_str));
            self.at_line_start = false;
        } else {
            self.gap(token);
        }
        match token {
            "(" | "[" | "{" => self.brackets += 1,
            ")" | "]" | "}" => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        self.text.push_str(token);
    }

    /// Appends each word of `tokens`, which are separated by spaces.
    pub(super) fn tokens(&mut self, tokens: &str) {
        tokens.split(' ').for_each(|token| self.token(token));
    }

    /// Appends a random gap that is valid between two tokens.
    fn gap(&mut self, next: &str) {
        let is_word = |character: char| character.is_alphanumeric() || "_\"'.".contains(character);
        let last = self.text.chars().next_back();
        let glued = last.is_some_and(is_word) && next.starts_with(is_word);
        match self.random.below(20) {
            0 | 1 => self.text.push_str("  "),
            2 => self.text.push('\t'),
            3 if self.brackets > 0 => {
                self.text.push('\n');
                let depth = self.random.below(6);
                self.text.push_str(&" ".repeat(depth));
            }
            4 if self.brackets > 0 => self.text.push_str("  # é\n\t"),
            5 if self.brackets > 0 => self.text.push_str("\n\n "),
            6 => self.text.push_str(" \\\n "),
            7..=11 if !glued => {}
            _ => self.text.push(' '),
        }
    }

    /// Ends a simple statement with a line break or a semicolon.
    pub(super) fn end(&mut self) {
        if self.random.percent(8) {
            self.token(";");
        }
        if self.random.percent(5) {
            self.text.push_str("  # ü");
        }
        self.new_line();
    }

    pub(super) fn new_line(&mut self) {
        self.text.push('\n');
        self.at_line_start = true;
        if self.random.percent(4) {
            let gap = *self.random.pick(&["\n", "   \n", "# c\n", "\t# c\n\n"]);
            self.text.push_str(gap);
        }
    }

    /// Separates two simple statements on one line.
    pub(super) fn semicolon(&mut self) {
        self.token(";");
    }

    /// Enters a block with a random indentation width.
    pub(super) fn indent(&mut self) {
        let step = *self.random.pick(&["    ", "  ", " ", "\t", "        "]);
        let outer = self.indents.last().cloned().unwrap_or_default();
        self.indents.push(outer + step);
    }

    pub(super) fn dedent(&mut self) {
        self.indents.pop();
    }
}
