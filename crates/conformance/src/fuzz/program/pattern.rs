//! Random patterns of `match`.

use super::Program;

impl Program<'_> {
    /// Writes a pattern with a depth of at most `depth`.
    pub(super) fn pattern(&mut self, depth: usize) {
        let simple = depth == 0;
        match self.choose(if simple { 6 } else { 13 }) {
            0 | 1 => self.name(),
            2 => self.out.token("_"),
            3 => {
                let values = ["1", "-1", "'s'", "None", "True", "1.5", "1+2j", "b'x'", "-0"];
                let value = *self.out.random.pick(&values);
                self.out.token(value);
            }
            4 => self.out.tokens("a . b"),
            5 => self.out.tokens("a . b . c"),
            6 | 7 => {
                self.out.token("[");
                let mut starred = false;
                self.list(0, 3, |this| {
                    if !starred && this.chance(20) {
                        starred = true;
                        this.out.token("*");
                        this.name();
                    } else {
                        this.pattern(depth - 1);
                    }
                });
                self.out.token("]");
            }
            8 => self.parenthesised(|this| {
                this.pattern(depth - 1);
                if this.chance(40) {
                    this.out.token("as");
                    this.name();
                }
            }),
            9 => {
                self.out.token("{");
                self.list(0, 2, |this| {
                    let key = *this.out.random.pick(&["1", "'k'", "a.b", "None"]);
                    this.out.token(key);
                    this.out.token(":");
                    this.pattern(depth - 1);
                });
                self.out.token("}");
            }
            10 | 11 => {
                self.out.token("C");
                self.out.token("(");
                self.list(0, 2, |this| this.pattern(depth - 1));
                self.out.token(")");
            }
            _ => self.parenthesised(|this| {
                for number in 0..=1 + this.choose(2) {
                    if number > 0 {
                        this.out.token("|");
                    }
                    this.pattern(depth - 1);
                }
            }),
        }
    }
}
