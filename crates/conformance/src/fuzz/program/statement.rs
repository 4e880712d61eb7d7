//! Random statements.

use super::{Inside, Program};

const DEEP: usize = 2;

impl Program<'_> {
    /// Writes a statement with at most `depth` nested blocks.
    pub(super) fn statement(&mut self, depth: usize) {
        if depth == 0 || self.chance(35) {
            self.simple();
            if self.chance(10) {
                self.out.semicolon();
                self.simple();
            }
            return self.out.end();
        }
        match self.choose(16) {
            0..=2 => self.conditional(depth),
            3 | 4 => self.for_loop(depth),
            5 => {
                self.out.token("while");
                self.expression(DEEP);
                self.in_loop(depth);
                self.maybe_else(depth);
            }
            6 | 7 => self.with(depth),
            8..=10 => self.function(depth),
            11 => self.class(depth),
            12 | 13 => self.attempt(depth),
            14 => self.matching(depth),
            _ => {
                self.simple();
                self.out.end();
            }
        }
    }

    fn simple(&mut self) {
        match self.choose(22) {
            0..=3 => {
                self.target(2);
                self.out.token("=");
                if self.chance(15) {
                    self.target(1);
                    self.out.token("=");
                }
                self.expression(DEEP + 1);
            }
            4 | 5 => {
                self.name();
                if self.chance(30) {
                    self.subscript(1);
                }
                let ops = [
                    "+=", "-=", "*=", "/=", "//=", "%=", "**=", "@=", "<<=", ">>=", "&=", "|=",
                    "^=",
                ];
                let op = *self.out.random.pick(&ops);
                self.out.token(op);
                self.expression(DEEP);
            }
            6 => {
                self.name();
                self.out.token(":");
                self.expression(1);
                if self.chance(50) {
                    self.out.token("=");
                    self.expression(DEEP);
                }
            }
            7..=9 => self.expression(DEEP + 1),
            10 | 11 => self.call(DEEP),
            12 if self.inside.function => {
                self.out.token("return");
                if self.chance(70) {
                    self.list(1, 2, |this| this.expression(DEEP));
                }
            }
            13 if self.inside.looped => {
                let word = *self.out.random.pick(&["break", "continue"]);
                self.out.token(word);
            }
            14 => {
                self.out.token("del");
                self.list(1, 2, |this| this.target(1));
            }
            15 => {
                self.out.token("assert");
                self.expression(DEEP);
                if self.chance(40) {
                    self.out.token(",");
                    self.expression(1);
                }
            }
            16 => {
                self.out.token("raise");
                if self.chance(70) {
                    self.expression(1);
                    if self.chance(30) {
                        self.out.token("from");
                        self.expression(1);
                    }
                }
            }
            17 => self.import(),
            18 if self.inside.function => {
                let word = *self.out.random.pick(&["global", "nonlocal"]);
                self.out.token(word);
                let name = *self.out.random.pick(&["g", "h", "a"]);
                self.out.token(name);
            }
            19 => {
                self.out.token("type");
                self.name();
                if self.chance(40) {
                    self.type_params();
                }
                self.out.token("=");
                self.expression(1);
            }
            _ => self.out.token("pass"),
        }
    }

    fn import(&mut self) {
        let text = *self.out.random.pick(&[
            "import m",
            "import m . n",
            "import m . n as o",
            "import m , n as o",
            "from m import n",
            "from . import n",
            "from .. m import n as o , p",
            "from m import ( n , o , )",
            "from m import *",
        ]);
        self.out.tokens(text);
    }

    /// Writes a block: indented, or on the same line.
    fn block(&mut self, depth: usize) {
        self.out.token(":");
        if self.chance(15) {
            self.simple();
            return self.out.end();
        }
        self.out.new_line();
        self.out.indent();
        for _ in 0..=self.choose(2) {
            self.statement(depth - 1);
        }
        self.out.dedent();
    }

    fn in_loop(&mut self, depth: usize) {
        let outer = std::mem::replace(&mut self.inside.looped, true);
        self.block(depth);
        self.inside.looped = outer;
    }

    fn maybe_else(&mut self, depth: usize) {
        if self.chance(25) {
            self.out.token("else");
            self.block(depth);
        }
    }

    fn conditional(&mut self, depth: usize) {
        self.out.token("if");
        self.expression(DEEP);
        self.block(depth);
        while self.chance(25) {
            self.out.token("elif");
            self.expression(DEEP);
            self.block(depth);
        }
        self.maybe_else(depth);
    }

    fn for_loop(&mut self, depth: usize) {
        if self.inside.coroutine && self.chance(30) {
            self.out.token("async");
        }
        self.out.token("for");
        self.target(2);
        self.out.token("in");
        self.expression(DEEP);
        self.in_loop(depth);
        self.maybe_else(depth);
    }

    fn with(&mut self, depth: usize) {
        if self.inside.coroutine && self.chance(30) {
            self.out.token("async");
        }
        self.out.token("with");
        self.maybe_parenthesised(30, |this| {
            this.list(1, 2, |this| {
                this.call(1);
                if this.chance(50) {
                    this.out.token("as");
                    this.target(0);
                }
            });
        });
        self.block(depth);
    }

    fn decorators(&mut self) {
        while self.chance(20) {
            self.out.token("@");
            self.call(1);
            self.out.new_line();
        }
    }

    fn type_params(&mut self) {
        self.out.token("[");
        let mut names = ["T", "U", "V"].into_iter();
        self.list(1, 3, |this| {
            let kind = *this.out.random.pick(&["", "", "", "*", "**"]);
            if !kind.is_empty() {
                this.out.token(kind);
            }
            this.out.token(names.next().unwrap_or("W"));
            if kind.is_empty() && this.chance(30) {
                this.out.token(":");
                this.expression(1);
            }
            if this.chance(15) {
                this.out.token("=");
                this.expression(1);
            }
        });
        self.out.token("]");
    }

    fn function(&mut self, depth: usize) {
        self.decorators();
        let coroutine = self.chance(25);
        if coroutine {
            self.out.token("async");
        }
        self.out.token("def");
        self.name();
        if self.chance(12) {
            self.type_params();
        }
        self.out.token("(");
        self.parameters(DEEP, true);
        self.out.token(")");
        if self.chance(20) {
            self.out.token("->");
            self.expression(1);
        }
        let outer = self.inside;
        self.inside = Inside { function: true, coroutine, looped: false };
        self.block(depth);
        self.inside = outer;
    }

    fn class(&mut self, depth: usize) {
        self.decorators();
        self.out.token("class");
        self.name();
        if self.chance(12) {
            self.type_params();
        }
        if self.chance(50) {
            self.out.token("(");
            self.arguments(1);
            self.out.token(")");
        }
        let outer = std::mem::take(&mut self.inside);
        self.block(depth);
        self.inside = outer;
    }

    fn attempt(&mut self, depth: usize) {
        self.out.token("try");
        self.block(depth);
        let star = self.chance(20);
        let handlers = self.choose(3);
        for _ in 0..handlers {
            self.out.token("except");
            if star {
                self.out.token("*");
            }
            if star || self.chance(85) {
                self.expression(1);
                if self.chance(50) {
                    self.out.token("as");
                    self.name();
                }
            }
            self.block(depth);
        }
        if handlers > 0 {
            self.maybe_else(depth);
        }
        if handlers == 0 || self.chance(35) {
            self.out.token("finally");
            self.block(depth);
        }
    }

    fn matching(&mut self, depth: usize) {
        self.out.token("match");
        self.expression(1);
        self.out.token(":");
        self.out.new_line();
        self.out.indent();
        for _ in 0..=self.choose(3) {
            self.out.token("case");
            self.pattern(2);
            if self.chance(25) {
                self.out.token("if");
                self.expression(1);
            }
            self.block(depth);
        }
        self.out.dedent();
    }
}
