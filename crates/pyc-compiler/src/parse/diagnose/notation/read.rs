//! Parses the notation.
//!
//! `pass\n  'pass' [NAME]` gives a rule with one alternative of two elements.

use std::iter::Peekable;
use std::str::FromStr;

use super::first::Kinds;
use super::{
    Alternative, Anchor, Check, Choice, Element, Form, Grammar, Least, Memory, OPERAND, OPERATORS,
    Purpose, Rule, RuleId, Slot, Then,
};
use crate::parse::diagnose::node::Kind;
use crate::parse::diagnose::words::Wrong;
use crate::parse::token::{Token, power};
use crate::target::Feature;

/// The error is a message about the notation.
type Result<T> = std::result::Result<T, String>;

/// Parses the rules in these texts.
impl Grammar {
    pub(super) fn read(files: &[&'static str]) -> Result<Self> {
        let mut reader = Reader::default();
        for file in files {
            reader.names(file);
        }
        for file in files {
            reader.rules(file)?;
        }
        let Reader { rules, alternatives, elements, .. } = reader;
        let mut grammar = Self { rules, operand: None, alternatives, elements };
        grammar.operand = grammar.named(OPERAND);
        grammar.find_first();
        Ok(grammar)
    }
}

#[derive(Default)]
struct Reader {
    names: Vec<&'static str>,
    rules: Vec<Rule>,
    alternatives: Vec<Alternative>,
    elements: Vec<Element>,
}

/// An alternative before it is stored.
struct Draft {
    elements: Vec<Element>,
    then: Then,
    guarded: bool,
}

impl Reader {
    fn names(&mut self, file: &'static str) {
        let is_name = |line: &&str| line.starts_with(|first: char| first.is_ascii_lowercase());
        let names = file.lines().filter(is_name);
        self.names.extend(names.map(|line| line.split(' ').next().unwrap_or(line)));
    }

    fn rules(&mut self, file: &'static str) -> Result<()> {
        let lines = file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut lines = lines.peekable();
        while let Some(head) = lines.next() {
            let (name, flags) = head.split_once(" : ").unwrap_or((head, ""));
            let memory = match flags {
                "kept" => Memory::Kept,
                "noted" => Memory::Noted,
                "grows" => Memory::Grows,
                "skipped" => Memory::Skipped,
                _ => Memory::Nothing,
            };
            let mut drafts = Vec::new();
            while let Some(line) = lines.next_if(|line| line.starts_with("  ")) {
                // A line with deeper indentation continues the alternative.
                let mut tokens = split(line);
                while let Some(more) = lines.next_if(|line| line.starts_with("    ")) {
                    tokens.extend(split(more));
                }
                let mut tokens = tokens.into_iter().peekable();
                drafts.push(self.alternative(&mut tokens, Then::Last)?);
                if let Some(rest) = tokens.next() {
                    return Err(format!("`{rest}` in `{name}`"));
                }
            }
            let choice = self.place(drafts)?;
            let quiet = flags == "quiet";
            let power =
                OPERATORS.iter().find(|(of, _)| *of == name).map_or(power::NONE, |row| row.1);
            let (kinds, more) = (Kinds::default(), Kinds::ALL);
            self.rules.push(Rule { name, choice, memory, quiet, power, kinds, more });
        }
        Ok(())
    }

    /// Elements and the action, up to a `|` or a closing bracket.
    fn alternative(&mut self, tokens: &mut Tokens, default: Then) -> Result<Draft> {
        let mut elements = Vec::new();
        let mut is_wrong = false;
        let mut then = default;
        while let Some(token) = tokens.next_if(|token| !matches!(*token, "|" | ")" | "]" | "}")) {
            if token == "=>" {
                then = action(tokens)?;
                break;
            }
            let slot = match token {
                "a=" => Some(Slot::A),
                "b=" => Some(Slot::B),
                _ => None,
            };
            let token = if slot.is_some() { next(tokens)? } else { token };
            is_wrong = token.starts_with("wrong-");
            let form = self.form(token, tokens)?;
            elements.push(Element { form, slot });
        }
        let reads = |element: &&Element| !matches!(element.form, Form::Since(_) | Form::Before(_));
        let guarded = is_wrong && elements.iter().filter(reads).count() == 1;
        Ok(Draft { elements, then, guarded })
    }

    fn form(&mut self, token: &'static str, tokens: &mut Tokens) -> Result<Form> {
        let form = match token {
            "~" => Form::Cut,
            "since" => Form::Since(feature(next(tokens)?)?),
            "before" => Form::Before(feature(next(tokens)?)?),
            "UNREAD" => Form::Unread,
            "^" => Form::Forced(literal(next(tokens)?)?),
            "&" => Form::Ahead(self.operand(tokens)?),
            "!" => Form::NotAhead(self.operand(tokens)?),
            "(" => Form::Choice(self.until(")", tokens)?),
            "[" => Form::Optional(self.until("]", tokens)?),
            "{" => {
                let of = self.until("}", tokens)?;
                let often = tokens.next_if(|token| *token == "+").is_some();
                Form::Repeated { of, at_least_once: if often { Least::One } else { Least::Zero } }
            }
            "SOFT" => Form::SoftKeyword,
            _ if token.starts_with('"') => Form::Word(token.trim_matches('"')),
            _ if token.starts_with('\'') => Form::Token(literal(token)?),
            _ => match class(token) {
                Some(class) => Form::Token(class),
                None => Form::Rule(self.rule(token)?),
            },
        };
        if tokens.next_if(|token| *token == "%").is_none() {
            return Ok(form);
        }
        let of = self.alone(form)?;
        Ok(Form::Separated { of, by: literal(next(tokens)?)? })
    }

    /// The operand of a lookahead.
    fn operand(&mut self, tokens: &mut Tokens) -> Result<Choice> {
        let token = next(tokens)?;
        match self.form(token, tokens)? {
            Form::Choice(choice) => Ok(choice),
            form => self.alone(form),
        }
    }

    /// A choice of one alternative with one element. A choice stays as it is.
    fn alone(&mut self, form: Form) -> Result<Choice> {
        if let Form::Choice(choice) = form {
            return Ok(choice);
        }
        let elements = vec![Element { form, slot: None }];
        self.place(vec![Draft { elements, then: Then::All, guarded: false }])
    }

    fn until(&mut self, close: &str, tokens: &mut Tokens) -> Result<Choice> {
        let mut drafts = Vec::new();
        loop {
            drafts.push(self.alternative(tokens, Then::All)?);
            let token = next(tokens)?;
            if token == close {
                return self.place(drafts);
            }
            if token != "|" {
                return Err(format!("`{token}` for `{close}`"));
            }
        }
    }

    fn rule(&self, name: &str) -> Result<RuleId> {
        let index = self.names.iter().position(|known| *known == name);
        let index = index.and_then(|index| u16::try_from(index).ok());
        index.map(RuleId).ok_or_else(|| format!("no rule `{name}`"))
    }

    fn place(&mut self, drafts: Vec<Draft>) -> Result<Choice> {
        let short = |len: usize| u16::try_from(len).map_err(|error| error.to_string());
        let (first, count) = (short(self.alternatives.len())?, short(drafts.len())?);
        for Draft { elements, then, guarded } in drafts {
            let (first, count) = (short(self.elements.len())?, short(elements.len())?);
            self.elements.extend(elements);
            let kinds = Kinds::default();
            self.alternatives.push(Alternative { first, count, then, guarded, kinds });
        }
        Ok(Choice { first, count })
    }
}

/// The features that the grammar uses.
fn feature(name: &str) -> Result<Feature> {
    match name {
        "TypeParams" => Ok(Feature::TypeParams),
        "TypeParamDefaults" => Ok(Feature::TypeParamDefaults),
        "ArgumentValuesNamed" => Ok(Feature::ArgumentValuesNamed),
        "ErrorsInOwnRules" => Ok(Feature::ErrorsInOwnRules),
        "MappingRestNamed" => Ok(Feature::MappingRestNamed),
        "MeantFromImportNamed" => Ok(Feature::MeantFromImportNamed),
        "InExpected" => Ok(Feature::InExpected),
        "FunctionForcedWhenWrong" => Ok(Feature::FunctionForcedWhenWrong),
        "NotInOperationNamed" => Ok(Feature::NotInOperationNamed),
        "ImportWantsNames" => Ok(Feature::ImportWantsNames),
        "TemplateStrings" => Ok(Feature::TemplateStrings),
        "ExceptWithoutParentheses" => Ok(Feature::ExceptWithoutParentheses),
        "StatementsInConditionals" => Ok(Feature::StatementsInConditionals),
        "NamedTargets" => Ok(Feature::NamedTargets),
        "InterruptedStrings" => Ok(Feature::InterruptedStrings),
        "LazyImports" => Ok(Feature::LazyImports),
        "UnpackingComprehensions" => Ok(Feature::UnpackingComprehensions),
        "MisplacedStarsNamed" => Ok(Feature::MisplacedStarsNamed),
        "PartsOfStatementsNamed" => Ok(Feature::PartsOfStatementsNamed),
        "PositiveNumbersInPatterns" => Ok(Feature::PositiveNumbersInPatterns),
        "ElifAfterElse" => Ok(Feature::ElifAfterElse),
        "ParametersNamed" => Ok(Feature::ParametersNamed),
        "UnpackedNotAssigned" => Ok(Feature::UnpackedNotAssigned),
        "StarsNamed" => Ok(Feature::StarsNamed),
        "UnpackingAfterKeywordsLocated" => Ok(Feature::UnpackingAfterKeywordsLocated),
        "SemicolonAfterTargets" => Ok(Feature::SemicolonAfterTargets),
        "UnequalSuggested" => Ok(Feature::UnequalSuggested),
        _ => Err(format!("no feature `{name}`")),
    }
}

type Tokens = Peekable<std::vec::IntoIter<&'static str>>;

fn next(tokens: &mut Tokens) -> Result<&'static str> {
    tokens.next().ok_or_else(|| "an end".to_owned())
}

/// A line's tokens: words, quoted texts, and single characters.
fn split(line: &'static str) -> Vec<&'static str> {
    let mut tokens = Vec::new();
    let mut rest = line.trim();
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '\'' | '"' => rest[1..].find(first).map_or(rest.len(), |at| at + 2),
            _ if rest.starts_with("=>") || rest.starts_with("a=") || rest.starts_with("b=") => 2,
            'a'..='z' | 'A'..='Z' => {
                let ends = |next: char| !next.is_ascii_alphanumeric() && next != '-';
                rest.find(ends).unwrap_or(rest.len())
            }
            _ => first.len_utf8(),
        };
        tokens.push(&rest[..len]);
        rest = rest[len..].trim_start();
    }
    tokens
}

fn literal(token: &str) -> Result<Token> {
    Token::of_text(token.trim_matches('\'')).ok_or_else(|| format!("no token {token}"))
}

fn class(name: &str) -> Option<Token> {
    Some(match name {
        "NAME" => Token::Name,
        "NUMBER" => Token::Number,
        "STRING" => Token::String,
        "JOINED" => Token::Joined,
        "MIDDLE" => Token::Middle,
        "JOINED-END" => Token::JoinedEnd,
        "TEMPLATE" => Token::Template,
        "TEMPLATE-MIDDLE" => Token::TemplateMiddle,
        "TEMPLATE-END" => Token::TemplateEnd,
        "NEWLINE" => Token::Newline,
        "INDENT" => Token::Indent,
        "DEDENT" => Token::Dedent,
        "END" => Token::EndOfFile,
        _ => return None,
    })
}

fn action(tokens: &mut Tokens) -> Result<Then> {
    let verb = next(tokens)?;
    let wrong = |tokens: &mut Tokens| Wrong::from_str(next(tokens)?);
    let of_a = |tokens: &mut Tokens| match next(tokens)? {
        "a" => Ok(()),
        other => Err(format!("`{other}` for `a`")),
    };
    Ok(match verb {
        "make" => Then::Make(Kind::from_str(next(tokens)?)?),
        "at" => {
            of_a(tokens)?;
            Then::Raise(Anchor::At, wrong(tokens)?)
        }
        "from" => {
            of_a(tokens)?;
            match (next(tokens)?, next(tokens)?) {
                ("to", "b") => Then::Raise(Anchor::FromTo, wrong(tokens)?),
                (to, b) => return Err(format!("`{to} {b}` for `to b`")),
            }
        }
        "after" => {
            of_a(tokens)?;
            Then::Raise(Anchor::After, wrong(tokens)?)
        }
        "behind" => {
            of_a(tokens)?;
            Then::Raise(Anchor::Behind, wrong(tokens)?)
        }
        "last" => Then::Raise(Anchor::Last, wrong(tokens)?),
        "indent" => Then::Raise(Anchor::Indent, wrong(tokens)?),
        "next" => Then::Raise(Anchor::Next, wrong(tokens)?),
        "target" => {
            of_a(tokens)?;
            Then::Target(match next(tokens)? {
                "assigned" => Purpose::Assigned,
                "looped" => Purpose::Looped,
                "deleted" => Purpose::Deleted,
                other => return Err(format!("no purpose `{other}`")),
            })
        }
        "bound" => Then::Bound(next(tokens)?),
        "check" => Then::Check(check(next(tokens)?)?),
        other => return Err(format!("no action `{other}`")),
    })
}

fn check(name: &str) -> Result<Check> {
    Ok(match name {
        "comma" => Check::Comma,
        "legacy" => Check::Legacy,
        "generator" => Check::Generator,
        "positional" => Check::Positional,
        "conversion" => Check::Conversion,
        "field" => Check::Field,
        "strings" => Check::Strings,
        "number" => Check::Number,
        "real" => Check::Real,
        "imaginary" => Check::Imaginary,
        "unequal" => Check::Unequal,
        "diamond" => Check::Diamond,
        "future" => Check::Future,
        "field-in-spec" => Check::FieldInSpec,
        "deep-field" => Check::DeepField,
        other => return Err(format!("no check `{other}`")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::diagnose::notation::FILES;

    #[test]
    fn the_grammar_can_be_read() {
        let grammar = Grammar::read(&FILES).unwrap();
        assert!(grammar.rules.len() > 150);
        for start in ["file", "interactive", "evaluated"] {
            assert!(grammar.named(start).is_some(), "{start}");
        }
    }

    #[test]
    fn invalid_notation_is_rejected() {
        let why = |text| Grammar::read(&[text]).err().unwrap();
        assert_eq!(why("x\n  y"), "no rule `y`");
        assert_eq!(why("x\n  'wihle'"), "no token 'wihle'");
        assert_eq!(why("x\n  ('if'"), "an end");
        assert_eq!(why("x\n  'if' )"), "`)` in `x`");
        assert_eq!(why("x\n  a='if' => at a Nothing"), "no fault `Nothing`");
    }
}
