//! Checks whether tokens are a valid program, by CPython's grammar and in CPython's order, up to
//! the first error that an alternative reports.
//!
//! Each rule tries its alternatives until one matches. Results are memoised by rule and token, so
//! that the time is linear. The result includes how far tokens were read: "invalid syntax" is
//! located there.

use super::depth::TooDeep;
use super::node::{Kind, Nodes, Value};
use super::notation::{
    Alternative, Choice, Element, Form, Grammar, Least, Memory, Rule, RuleId, Slot, Then,
};
use super::skip::Skips;
use super::words::Wrong;
use crate::error::{ErrorKind, Fault};
use crate::location::Location;
use crate::name::count;
use crate::parse::accepted::Depth;
use crate::parse::token::{Token, Unequal, power};
use crate::parse::tokens::{Item, ONLY_ASCII, Tokens};
use crate::target::Feature;

/// The maximum nesting depth of rules (`pegen.c: MAXSTACK`, 3.13).
pub(super) const MOST_LEVELS: u32 = 6000;

/// Nothing more needs to be matched: there is an error.
pub(super) struct Stop;

/// The value of what was matched, if it matched.
pub(super) type Found = Result<Option<Value>, Stop>;

/// Whether errors are searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    Right,
    Wrong,
}

/// Reading in progress.
pub(super) struct Recogniser<'t> {
    pub(super) grammar: &'static Grammar,
    pub(super) tokens: &'t Tokens<'t>,
    /// The next token.
    pub(super) mark: u32,
    /// The number of tokens that have been read, counted from the first.
    pub(super) fill: u32,
    pub(super) nodes: Nodes,
    /// The error, once there is one. If it is `None` after stopping, the error is the tokenizer's.
    pub(super) fault: Option<Fault>,
    /// How `!=` is written from here on. As in CPython, this is kept between the passes.
    pub(super) unequal: Unequal,
    /// Statements that aren't read.
    pub(super) skips: Skips,
    /// The column in which CPython's parser of a field starts, as it counts (`Parser.
    /// starting_col_offset`, 3.11).
    pub(super) indent: i32,
    depth: Depth,
    /// The maximum depth, which may be lower than CPython's.
    most: u32,
    pass: Pass,
    level: u32,
    /// The deepest level since the innermost noted rule began. What is read inside of rules that
    /// CPython memoises doesn't count.
    peak: u32,
    /// The latest result for each token; 0 if there is none.
    newest: Vec<u32>,
    answers: Vec<Answer>,
    /// Values of the alternatives being matched.
    values: Vec<Value>,
}

/// The result of a rule at a token.
#[derive(Clone, Copy)]
struct Answer {
    key: u16,
    /// How many levels CPython would need to compute it again.
    height: u16,
    found: Option<Value>,
    mark: u32,
    older: u32,
}

/// What a rule for operators matches.
enum Operand {
    /// Its operand, or nothing. The operand isn't followed by an operator of the rule.
    Alone(Option<Value>),
    /// All alternatives have to be tried.
    Unknown,
}

/// The parts of an alternative that its action uses.
#[derive(Clone, Copy)]
pub(super) struct Slots {
    pub(super) a: Value,
    pub(super) b: Value,
}

impl<'t> Recogniser<'t> {
    pub(super) fn new(
        grammar: &'static Grammar,
        tokens: &'t Tokens<'t>,
        depth: Depth,
        most: u32,
    ) -> Self {
        Self {
            grammar,
            tokens,
            mark: 0,
            fill: 0,
            nodes: Nodes::default(),
            fault: None,
            unequal: Unequal::default(),
            skips: Skips::default(),
            indent: 0,
            depth,
            most,
            pass: Pass::Right,
            level: 0,
            peak: 0,
            newest: Vec::new(),
            answers: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Matches everything.
    pub(super) fn run(&mut self, start: RuleId, pass: Pass) -> Found {
        self.pass = pass;
        self.mark = 0;
        self.level = 0;
        self.peak = 0;
        self.newest.clear();
        self.answers.clear();
        self.values.clear();
        self.nodes.clear();
        self.rule(start)
    }

    /// The next token, which counts as read then.
    fn token(&mut self) -> Result<Token, Stop> {
        let item = self.tokens.list.get(self.mark as usize).ok_or(Stop)?;
        self.fill = self.fill.max(self.mark + 1);
        Ok(item.token)
    }

    /// Reads the next token, without consuming it.
    pub(super) fn peek(&mut self) -> Result<(), Stop> {
        self.token().map(drop)
    }

    /// Where the values of an alternative begin of which only the location matters.
    pub(super) fn base(&self) -> usize {
        self.values.len()
    }

    pub(super) fn item(&self, index: u32) -> Option<&Item> {
        self.tokens.list.get(index as usize)
    }

    /// A token's text.
    pub(super) fn text(&self, index: u32) -> &'t str {
        let item = self.tokens.list.get(index as usize);
        item.and_then(|item| self.tokens.text.get(item.start as usize..item.end as usize))
            .unwrap_or_default()
    }

    fn accept(&mut self, token: Token) -> Found {
        if self.token()? != token {
            return Ok(None);
        }
        if matches!(
            token,
            Token::Name
                | Token::String
                | Token::Number
                | Token::Middle
                | Token::JoinedEnd
                | Token::TemplateMiddle
                | Token::TemplateEnd
        ) {
            if let Some(fault) = self.tokens.content_fault(self.mark) {
                // For a string, most errors are located at the last token that was read, which may
                // be a later one.
                let is_later = token == Token::String
                    && self.fill > self.mark + 1
                    && !(fault.message == ONLY_ASCII
                        && self.tokens.target.has(Feature::BytesLocated));
                let fault = if is_later {
                    Fault::new(fault.kind, self.at_token(self.fill - 1), fault.message.clone())
                } else {
                    fault
                };
                self.fault = Some(fault);
                return Err(Stop);
            }
        }
        self.mark += 1;
        Ok(Some(Value::token(self.mark - 1)))
    }

    /// A string, whose content isn't checked yet.
    fn unread_string(&mut self) -> Found {
        let is_string = self.token()? == Token::String;
        self.mark += u32::from(is_string);
        Ok(is_string.then(|| Value::token(self.mark - 1)))
    }

    fn accept_word(&mut self, fits: impl FnOnce(&str) -> bool) -> Found {
        if self.token()? != Token::Name || !fits(self.text(self.mark)) {
            return Ok(None);
        }
        self.mark += 1;
        Ok(Some(Value::token(self.mark - 1)))
    }

    /// A rule, using its memoised result if there is one.
    fn rule(&mut self, id: RuleId) -> Found {
        let token = self.token()?;
        let rule = self.grammar.rule(id);
        if self.depth == Depth::Shallow {
            if !rule.can_begin(token) {
                return Ok(None);
            }
            if let Operand::Alone(found) = self.operand_of(rule.power, token)? {
                return Ok(found);
            }
        }
        let key = match rule.memory {
            Memory::Nothing => return self.fresh(rule),
            Memory::Skipped => {
                let Some(next) = self.skips.after(self.mark, self.pass) else {
                    return self.fresh(rule);
                };
                self.mark = next;
                return Ok(Some(Value::NOTHING));
            }
            Memory::Kept | Memory::Grows => id.number() << 1,
            Memory::Noted if self.pass == Pass::Right => id.number() << 1,
            Memory::Noted => id.number() << 1 | 1,
        };
        let start = self.mark;
        if let Some(answer) = self.remembered(start, key) {
            self.mark = answer.mark;
            // CPython doesn't memoise this rule, so it would get as deep again.
            if rule.memory == Memory::Noted {
                self.reach(self.level + u32::from(answer.height))?;
            }
            return Ok(answer.found);
        }
        let peak = std::mem::replace(&mut self.peak, self.level);
        let found = match rule.memory {
            Memory::Grows => self.grow(rule, key)?,
            _ => self.fresh(rule)?,
        };
        if rule.memory == Memory::Noted {
            self.remember(start, key, found, self.peak - self.level);
            self.peak = self.peak.max(peak);
        } else {
            self.peak = peak;
            if rule.memory == Memory::Kept {
                self.remember(start, key, found, 0);
            }
        }
        Ok(found)
    }

    /// The operand of a rule for operators.
    fn operand_of(&mut self, power: u8, token: Token) -> Result<Operand, Stop> {
        let rule = self.grammar.operand.filter(|_| power != power::NONE);
        let Some(rule) = rule.filter(|rule| self.grammar.rule(*rule).can_begin(token)) else {
            return Ok(Operand::Unknown);
        };
        let start = self.mark;
        let found = self.rule(rule)?;
        if found.is_some() && self.token()?.power() >= power {
            self.mark = start;
            return Ok(Operand::Unknown);
        }
        Ok(Operand::Alone(found))
    }

    /// Records that rules are nested this deeply, which may be too deep.
    fn reach(&mut self, level: u32) -> Result<(), Stop> {
        self.peak = self.peak.max(level);
        if level <= self.most {
            return Ok(());
        }
        self.raise(ErrorKind::Memory, Location::NONE, Wrong::TooComplex, "").map(drop)
    }

    /// Whether it stopped because of a maximum depth that is lower than CPython's.
    pub(super) fn check_depth(&self) -> Result<(), TooDeep> {
        let is_memory = self.fault.as_ref().is_some_and(|fault| fault.kind == ErrorKind::Memory);
        if is_memory && self.most < MOST_LEVELS { Err(TooDeep) } else { Ok(()) }
    }

    fn remembered(&self, token: u32, key: u16) -> Option<Answer> {
        let mut number = *self.newest.get(token as usize)?;
        while let Some(answer) = self.answers.get((number as usize).checked_sub(1)?) {
            if answer.key == key {
                return Some(*answer);
            }
            number = answer.older;
        }
        None
    }

    fn remember(&mut self, token: u32, key: u16, found: Option<Value>, height: u32) {
        let token = token as usize;
        if token >= self.newest.len() {
            self.newest.resize(token + 1, 0);
        }
        let older = std::mem::replace(&mut self.newest[token], count(self.answers.len() + 1));
        let height = u16::try_from(height).unwrap_or(u16::MAX);
        self.answers.push(Answer { key, height, found, mark: self.mark, older });
    }

    /// A left-recursive rule. It is matched repeatedly: first it fails inside itself, then it
    /// matches what it matched before, until the match doesn't get longer (`python.gram:
    /// left-recursive`).
    fn grow(&mut self, rule: &Rule, key: u16) -> Found {
        let start = self.mark;
        let (mut best, mut end) = (None, start);
        self.remember(start, key, None, 0);
        let number = self.answers.len() - 1;
        self.level += 1;
        loop {
            self.mark = start;
            let found = self.fresh(rule)?;
            if found.is_none() || self.mark <= end {
                break;
            }
            (best, end) = (found, self.mark);
            self.answers[number].found = best;
            self.answers[number].mark = end;
            if self.depth == Depth::Shallow && !rule.can_go_on(self.token()?) {
                break;
            }
        }
        self.level -= 1;
        self.mark = end;
        Ok(best)
    }

    fn fresh(&mut self, rule: &Rule) -> Found {
        let pass = self.pass;
        if rule.quiet {
            self.pass = Pass::Right;
        }
        let found = self.choice(rule.choice);
        self.pass = pass;
        found
    }

    /// The first alternative that matches.
    fn choice(&mut self, choice: Choice) -> Found {
        self.level += 1;
        self.reach(self.level)?;
        let found = self.alternatives(choice);
        self.level -= 1;
        found
    }

    fn alternatives(&mut self, choice: Choice) -> Found {
        let start = self.mark;
        let token = self.known();
        for alternative in self.grammar.alternatives(choice) {
            if alternative.guarded && self.pass == Pass::Right {
                continue;
            }
            if token.is_some_and(|token| !alternative.kinds.has(token)) {
                continue;
            }
            match self.alternative(alternative)? {
                Outcome::Fits(value) => return Ok(Some(value)),
                // If an action returns `NULL`, the rule fails (`c_generator.py`, 3.13).
                Outcome::Ends => return Ok(None),
                Outcome::Fails => self.mark = start,
            }
        }
        Ok(None)
    }

    /// The next token, if it has been read before, so that it doesn't matter whether alternatives
    /// read it. `None` if the nesting of rules has to be counted, since then they have to be tried.
    fn known(&self) -> Option<Token> {
        let is_known = self.depth == Depth::Shallow && self.mark < self.fill;
        self.item(self.mark).filter(|_| is_known).map(|item| item.token)
    }

    fn alternative(&mut self, alternative: &Alternative) -> Result<Outcome, Stop> {
        let (start, base) = (self.mark, self.values.len());
        let mut slots = Slots { a: Value::NOTHING, b: Value::NOTHING };
        let mut failed = Outcome::Fails;
        for element in self.grammar.elements(alternative) {
            if let Form::Cut = element.form {
                failed = Outcome::Ends;
                continue;
            }
            let Some(value) = self.element(element)? else {
                self.values.truncate(base);
                return Ok(failed);
            };
            match element.slot {
                Some(Slot::A) => slots.a = value,
                Some(Slot::B) => slots.b = value,
                None => {}
            }
            self.values.push(value);
        }
        let outcome = self.act(alternative.then, start, base, slots);
        self.values.truncate(base);
        outcome
    }

    fn act(&mut self, then: Then, start: u32, base: usize, slots: Slots) -> Result<Outcome, Stop> {
        let value = match then {
            Then::Last => {
                let values = &self.values[base..];
                let node = values.iter().rfind(|value| value.is_node());
                node.or(values.last()).copied().unwrap_or(Value::NOTHING)
            }
            Then::All => self.several(base),
            Then::Make(kind) => self.make(kind, start, base),
            Then::Raise(..) | Then::Target(_) | Then::Bound(_) | Then::Check(_) => {
                return self.judge(then, start, slots);
            }
        };
        Ok(Outcome::Fits(value))
    }

    /// The nodes since `base` as one value.
    fn several(&mut self, base: usize) -> Value {
        let values = &self.values[base..];
        let mut nodes = values.iter().filter(|value| value.is_node());
        match (nodes.next(), nodes.next()) {
            (None, _) => values.first().copied().unwrap_or(Value::NOTHING),
            (Some(&only), None) => only,
            _ => self.nodes.push(Kind::Several, self.mark, self.mark, values),
        }
    }

    /// A node of what was read since `start`.
    pub(super) fn make(&mut self, kind: Kind, start: u32, base: usize) -> Value {
        let last = self.last_before(self.mark).max(start);
        self.nodes.push(kind, start, last, &self.values[base..])
    }

    /// The last token before `mark` that isn't layout.
    fn last_before(&self, mark: u32) -> u32 {
        let before = &self.tokens.list[..mark as usize];
        let last = before.iter().rposition(|item| !item.token.is_layout());
        count(last.unwrap_or(0))
    }

    fn element(&mut self, element: &Element) -> Found {
        match element.form {
            Form::Token(token) => self.accept(token),
            Form::Word(word) => self.accept_word(|text| text == word),
            Form::SoftKeyword => {
                let target = self.tokens.target;
                let is = |text: &str, word: &str| {
                    text == word
                        || target.has(Feature::StartsOfSoftKeywords) && word.starts_with(text)
                };
                self.accept_word(|text| {
                    ["_", "case", "match"].iter().any(|word| is(text, word))
                        || is(text, "type") && target.has(Feature::TypeParams)
                        || is(text, "lazy") && target.has(Feature::LazyImports)
                })
            }
            Form::Rule(id) => self.rule(id),
            Form::Choice(choice) => self.choice(choice),
            Form::Optional(choice) => {
                let start = self.mark;
                let found = self.operand(choice)?;
                if found.is_none() {
                    self.mark = start;
                }
                Ok(Some(found.unwrap_or(Value::NOTHING)))
            }
            Form::Repeated { of, at_least_once } => self.repeated(of, at_least_once),
            Form::Separated { of, by } => self.separated(of, by),
            Form::Ahead(choice) => Ok(self.ahead(choice)?.then_some(Value::NOTHING)),
            Form::NotAhead(choice) => Ok((!self.ahead(choice)?).then_some(Value::NOTHING)),
            Form::Since(feature) => Ok(self.tokens.target.has(feature).then_some(Value::NOTHING)),
            Form::Before(feature) => {
                Ok((!self.tokens.target.has(feature)).then_some(Value::NOTHING))
            }
            Form::Unread => self.unread_string(),
            Form::Forced(token) => self.forced(token),
            Form::Cut => Ok(Some(Value::NOTHING)),
        }
    }

    /// A choice. If it has one element, it isn't a rule of its own in CPython.
    fn operand(&mut self, choice: Choice) -> Found {
        match self.grammar.alternatives(choice) {
            [only] => match self.grammar.elements(only) {
                [element] if element.slot.is_none() => self.element(element),
                _ => self.choice(choice),
            },
            _ => self.choice(choice),
        }
    }

    fn ahead(&mut self, choice: Choice) -> Result<bool, Stop> {
        let is_text = |alternative: &Alternative| {
            let token = match self.grammar.elements(alternative) {
                [Element { form: Form::Token(token), .. }] => Some(*token),
                _ => None,
            };
            matches!(token, Some(Token::Middle | Token::TemplateMiddle))
        };
        if self.grammar.alternatives(choice).iter().all(is_text) {
            // The text isn't decoded.
            return Ok(matches!(self.token()?, Token::Middle | Token::TemplateMiddle));
        }
        let start = self.mark;
        let found = self.operand(choice)?;
        self.mark = start;
        Ok(found.is_some())
    }

    fn repeated(&mut self, of: Choice, at_least_once: Least) -> Found {
        let base = self.values.len();
        self.level += 1;
        let mut is_there = false;
        loop {
            let start = self.mark;
            let Some(value) = self.operand(of)? else {
                self.mark = start;
                break;
            };
            is_there = true;
            self.values.push(value);
        }
        self.level -= 1;
        let list = self.list(base);
        Ok((is_there || at_least_once == Least::Zero).then_some(list))
    }

    fn separated(&mut self, of: Choice, by: Token) -> Found {
        let base = self.values.len();
        self.level += 1;
        self.skip_elements();
        let Some(first) = self.operand(of)? else {
            self.level -= 1;
            return Ok(None);
        };
        self.values.push(first);
        self.level += 1;
        loop {
            let start = self.mark;
            let next = if self.accept(by)?.is_some() { self.operand(of)? } else { None };
            let Some(value) = next else {
                self.mark = start;
                break;
            };
            self.values.push(value);
        }
        self.level -= 2;
        Ok(Some(self.list(base)))
    }

    /// Goes to the last element that the parser has accepted.
    fn skip_elements(&mut self) {
        let next = self.skips.next_element(self.mark, self.tokens, self.pass);
        self.mark = next.unwrap_or(self.mark);
    }

    /// Removes the nodes since `base`, and returns them as one list.
    fn list(&mut self, base: usize) -> Value {
        let has_nodes = self.values[base..].iter().any(|value| value.is_node());
        let list = if has_nodes {
            self.nodes.push(Kind::Several, self.mark, self.mark, &self.values[base..])
        } else {
            Value::NOTHING
        };
        self.values.truncate(base);
        list
    }

    /// A required token (`pegen.c: _PyPegen_expect_forced_token`, 3.13).
    fn forced(&mut self, token: Token) -> Found {
        if let Some(found) = self.accept(token)? {
            return Ok(Some(found));
        }
        let expected = if token == Token::Colon { ":" } else { "(" };
        self.raise_at(Value::token(self.mark), Wrong::ExpectedToken, expected)
    }
}

/// The outcome of an alternative.
pub(super) enum Outcome {
    Fits(Value),
    Fails,
    /// It doesn't match, and no other is tried.
    Ends,
}
