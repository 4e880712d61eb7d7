//! Random expressions.

use super::Program;

const CONSTANTS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "255",
    "256",
    "10**3",
    "1_000_000_007",
    "0x1f",
    "1.5",
    "1e400",
    "2j",
    "''",
    "'a'",
    "\"é\"",
    "b'x'",
    "'a' 'b'",
    "r'\\d'",
    "'''m\nn'''",
    "None",
    "True",
    "False",
    "...",
    "__debug__",
    "u'u'",
    "'%s %r'",
];
const BINARY: &[&str] = &["+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^"];
const COMPARE: &[&str] = &["==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"];

impl Program<'_> {
    /// Writes an expression with a depth of at most `depth`.
    pub(super) fn expression(&mut self, depth: usize) {
        if depth == 0 {
            return self.atom();
        }
        self.maybe_parenthesised(10, |this| this.compound(depth - 1));
    }

    fn atom(&mut self) {
        if self.chance(55) {
            self.name();
        } else {
            let constant = *self.out.random.pick(CONSTANTS);
            self.out.token(constant);
        }
    }

    fn compound(&mut self, depth: usize) {
        match self.choose(26) {
            0..=2 => {
                self.maybe_parenthesised(10, Self::atom);
            }
            3..=5 => {
                self.expression(depth);
                let op = *self.out.random.pick(BINARY);
                self.out.token(op);
                self.expression(depth);
            }
            6 => {
                let op = *self.out.random.pick(&["-", "+", "~", "not"]);
                self.parenthesised(|this| {
                    this.out.token(op);
                    this.expression(depth);
                });
            }
            7 | 8 => {
                let op = *self.out.random.pick(&["and", "or"]);
                self.expression(depth);
                for _ in 0..=self.choose(2) {
                    self.out.token(op);
                    self.expression(depth);
                }
            }
            9 | 10 => {
                self.expression(depth);
                for _ in 0..=self.choose(2) {
                    let op = *self.out.random.pick(COMPARE);
                    self.out.tokens(op);
                    self.expression(depth);
                }
            }
            11 => self.parenthesised(|this| {
                this.expression(depth);
                this.out.token("if");
                this.expression(depth);
                this.out.token("else");
                this.expression(depth);
            }),
            12..=14 => self.call(depth),
            15 => {
                self.primary(depth);
                self.out.token(".");
                self.name();
            }
            16 => {
                self.primary(depth);
                self.subscript(depth);
            }
            17 => self.display(depth),
            18 | 19 => self.comprehension(depth),
            20 => self.parenthesised(|this| {
                this.out.token("lambda");
                this.parameters(depth, false);
                this.out.token(":");
                this.expression(depth);
            }),
            21 => self.parenthesised(|this| {
                this.name();
                this.out.token(":=");
                this.expression(depth);
            }),
            22 | 23 => self.formatted(depth),
            24 if self.inside.coroutine => self.parenthesised(|this| {
                this.out.token("await");
                this.primary(depth);
            }),
            24 | 25 if self.inside.function => self.parenthesised(|this| {
                this.out.token("yield");
                if this.chance(60) {
                    this.expression(depth);
                }
            }),
            _ => self.atom(),
        }
    }

    pub(super) fn parenthesised(&mut self, write: impl FnOnce(&mut Self)) {
        self.out.token("(");
        write(self);
        self.out.token(")");
    }

    /// Writes an expression that a call, subscript or attribute can follow.
    fn primary(&mut self, depth: usize) {
        if self.chance(70) {
            self.name();
        } else {
            self.parenthesised(|this| this.expression(depth));
        }
    }

    pub(super) fn call(&mut self, depth: usize) {
        if self.chance(12) {
            self.out.tokens("super ( )");
        } else {
            self.primary(depth);
        }
        if self.chance(40) {
            self.out.token(".");
            self.name();
        }
        self.out.token("(");
        if self.chance(10) {
            self.expression(depth);
            self.generators(depth);
        } else {
            self.arguments(depth);
        }
        self.out.token(")");
    }

    pub(super) fn arguments(&mut self, depth: usize) {
        let (positional, keywords) = (self.choose(3), self.choose(5).saturating_sub(2));
        for number in 0..positional + keywords {
            if number > 0 {
                self.out.token(",");
            }
            if number >= positional {
                if self.chance(15) {
                    self.out.token("**");
                } else {
                    let name = ["k", "key", "end", "__m"][(number - positional) % 4];
                    self.out.token(name);
                    self.out.token("=");
                }
            } else if self.chance(10) {
                self.out.token("*");
            }
            self.expression(depth);
        }
        if positional + keywords > 0 && self.chance(10) {
            self.out.token(",");
        }
    }

    pub(super) fn subscript(&mut self, depth: usize) {
        self.out.token("[");
        self.list(1, 2, |this| {
            if this.chance(40) {
                for part in 0..=this.choose(2) + 1 {
                    if part > 0 && part < 3 {
                        this.out.token(":");
                    }
                    if part < 3 && this.chance(50) {
                        this.expression(depth);
                    }
                }
            } else {
                this.expression(depth);
            }
        });
        self.out.token("]");
    }

    fn display(&mut self, depth: usize) {
        let starred = |this: &mut Self| {
            if this.chance(8) {
                this.out.token("*");
            }
            this.expression(depth);
        };
        match self.choose(4) {
            0 => {
                self.out.token("[");
                self.list(0, 4, starred);
                self.out.token("]");
            }
            1 => {
                self.out.token("{");
                self.list(1, 4, starred);
                self.out.token("}");
            }
            2 => {
                self.out.token("{");
                self.list(0, 3, |this| {
                    if this.chance(10) {
                        this.out.token("**");
                    } else {
                        this.expression(depth);
                        this.out.token(":");
                    }
                    this.expression(depth);
                });
                self.out.token("}");
            }
            _ => self.parenthesised(|this| {
                starred(this);
                this.out.token(",");
                this.list(0, 2, starred);
            }),
        }
    }

    fn comprehension(&mut self, depth: usize) {
        let (open, close) =
            *self.out.random.pick(&[("[", "]"), ("{", "}"), ("(", ")"), ("{", "}")]);
        self.out.token(open);
        self.expression(depth);
        if open == "{" && self.chance(50) {
            self.out.token(":");
            self.expression(depth);
        }
        self.generators(depth);
        self.out.token(close);
    }

    fn generators(&mut self, depth: usize) {
        for _ in 0..=self.choose(2) {
            if self.inside.coroutine && self.chance(25) {
                self.out.token("async");
            }
            self.out.token("for");
            self.target(1);
            self.out.token("in");
            self.parenthesised(|this| this.expression(depth));
            while self.chance(25) {
                self.out.token("if");
                self.expression(depth);
            }
        }
    }

    /// Writes an f-string, whose replacement fields also have a random layout.
    fn formatted(&mut self, depth: usize) {
        let mut text = String::from(*self.out.random.pick(&["f'", "rf'", "f\"", "f'''"]));
        let quote = text.trim_start_matches(['r', 'f']).to_owned();
        for _ in 0..=self.choose(3) {
            if self.chance(60) {
                let plain = *self.out.random.pick(&["a", "é ", "{{", "}}", " ", "x=", "%"]);
                text.push_str(plain);
            }
            let names = [
                "a",
                "b.c",
                "x [0]",
                "(a, b)",
                "a+1",
                "1.5",
                "f(x)",
                "a!=b",
                "({1: 2})[1]",
                "x if y else z",
            ];
            let name = *self.out.random.pick(&names);
            let space = *self.out.random.pick(&["", " ", "  "]);
            let equals = if self.chance(20) { "=" } else { "" };
            let conversion = *self.out.random.pick(&["", "", "!r", "!s", "!a"]);
            let spec = *self.out.random.pick(&["", "", ":", ":>10", ":{x}", ":{x}.{y}f", ":%Y-%m"]);
            for part in ["{", space, name, space, equals, conversion, spec, "}"] {
                text.push_str(part);
            }
        }
        text.push_str(&quote);
        self.out.token(&text);
        if depth > 0 && self.chance(15) {
            let more = *self.out.random.pick(&["'p'", "f'{q}'", "'é'", "f''"]);
            self.out.token(more);
        }
    }

    /// Writes the left side of an assignment.
    pub(super) fn target(&mut self, depth: usize) {
        match self.choose(if depth == 0 { 6 } else { 9 }) {
            0..=3 => self.maybe_parenthesised(8, Self::name),
            4 => {
                self.primary(0);
                self.out.token(".");
                self.name();
            }
            5 => {
                self.primary(0);
                self.subscript(0);
            }
            6 => self.parenthesised(|this| {
                this.list(1, 3, |this| this.target(depth - 1));
            }),
            7 => {
                self.out.token("[");
                self.list(0, 3, |this| this.target(depth - 1));
                self.out.token("]");
            }
            _ => {
                self.target(depth - 1);
                self.out.token(",");
                self.list(1, 2, |this| {
                    if this.chance(25) {
                        this.out.token("*");
                    }
                    this.target(depth - 1);
                });
            }
        }
    }

    /// Writes the parameters of a function or, without annotations, of a lambda.
    pub(super) fn parameters(&mut self, depth: usize, annotated: bool) {
        let names = ["p", "q", "r", "s", "__t", "u"];
        let (count, slash, star) = (self.choose(5), self.choose(9), self.choose(9));
        let mut defaults = false;
        for (number, name) in names.iter().take(count).enumerate() {
            if number > 0 {
                self.out.token(",");
            }
            if number > 0 && number == slash && slash <= star {
                self.out.tokens("/ ,");
            }
            if number == star {
                self.out.token("*");
                if self.chance(50) {
                    self.out.token(",");
                }
                defaults = false;
            }
            self.out.token(name);
            if annotated && self.chance(30) {
                self.out.token(":");
                self.expression(depth.min(1));
            }
            defaults |= self.chance(25);
            // `*args` can't have a default; one in ten programs has one to test the error.
            if defaults && (number != star || self.chance(10)) {
                self.out.token("=");
                self.expression(depth.min(1));
            }
        }
        if self.chance(15) {
            if count > 0 {
                self.out.token(",");
            }
            self.out.tokens("** kw");
        }
    }
}
