//! Rule `spelling`: no frequent typing errors in comments, messages and documentation.
//!
//! ```text
//! seperate   separate
//! recieve    receive
//! ```

use std::collections::HashMap;

use super::{Problem, Rule};
use crate::rust::numbered;
use crate::tree::{File, Tree, has_extension};

pub(super) const RULE: Rule =
    Rule { name: "spelling", why: "a typing error makes a reader doubt the rest", check };

/// Each wrong word with its correction, both in lower case.
#[rustfmt::skip]
const TYPOS: &[(&str, &str)] = &[
    ("accross", "across"), ("acheive", "achieve"), ("accomodate", "accommodate"),
    ("adress", "address"), ("agressive", "aggressive"), ("alredy", "already"),
    ("aquire", "acquire"), ("arguement", "argument"), ("begining", "beginning"),
    ("beleive", "believe"), ("calender", "calendar"), ("catagory", "category"),
    ("commited", "committed"), ("compatability", "compatibility"), ("completly", "completely"),
    ("consistant", "consistent"), ("definately", "definitely"), ("dependant", "dependent"),
    ("desciption", "description"), 
    ("embeded", "embedded"), ("enviroment", "environment"), ("equivilent", "equivalent"),
    ("exectuable", "executable"), ("existance", "existence"), ("existant", "existent"),
    ("explicitely", "explicitly"), ("familar", "familiar"), ("fowards", "forwards"),
    ("guarentee", "guarantee"), ("heirarchy", "hierarchy"), ("immediatly", "immediately"),
    ("implemention", "implementation"), ("independant", "independent"), ("infomation", "information"),
    ("initalize", "initialize"), ("inital", "initial"), ("instuction", "instruction"),
    ("intepreter", "interpreter"), ("interpeter", "interpreter"), 
    ("langauge", "language"), ("lenght", "length"), ("libary", "library"),
    ("lisence", "licence"), ("maintainance", "maintenance"), ("neccessary", "necessary"),
    ("necessery", "necessary"), ("noticable", "noticeable"), ("occured", "occurred"),
    ("occurence", "occurrence"), ("occuring", "occurring"), ("ommit", "omit"),
    ("ommited", "omitted"), ("optimisiation", "optimisation"), ("orginal", "original"),
    ("overriden", "overridden"), ("paramter", "parameter"), ("perfomance", "performance"),
    ("persistant", "persistent"), ("posible", "possible"), ("preceeding", "preceding"),
    ("prefered", "preferred"), ("privelege", "privilege"), ("programatically", "programmatically"),
    ("recieve", "receive"), ("recieved", "received"), ("recomend", "recommend"),
    ("reccomend", "recommend"), ("refered", "referred"), ("referes", "refers"),
    ("relevent", "relevant"), ("repitition", "repetition"), ("responsability", "responsibility"),
    ("retreive", "retrieve"), ("seperate", "separate"), ("seperately", "separately"),
    ("seperator", "separator"), ("similiar", "similar"), ("specifed", "specified"),
    ("statment", "statement"), ("succesful", "successful"), ("succesfully", "successfully"),
    ("successfull", "successful"), ("supress", "suppress"), ("suprise", "surprise"),
    ("tempory", "temporary"), ("teh", "the"), ("threshhold", "threshold"),
    ("trasnlate", "translate"), ("truely", "truly"), ("unforseen", "unforeseen"),
    ("untill", "until"), ("usefull", "useful"), ("wether", "whether"),
    ("wich", "which"), ("writting", "writing"), ("writen", "written"),
];

fn check(tree: &Tree) -> Vec<Problem> {
    let own = "crates/xtask/src/tidy/spelling.rs";
    let files = tree.files().iter().filter(|file| file.path != own && !file.is_generated());
    let typos: HashMap<&str, &str> = TYPOS.iter().copied().collect();
    files.filter(|file| is_prose(file)).flat_map(|file| problems(file, &typos)).collect()
}

/// Whether the file's text is checked; Rust includes its strings, which are messages.
fn is_prose(file: &File) -> bool {
    ["rs", "md", "py", "toml"].iter().any(|extension| has_extension(&file.path, extension))
}

fn problems(file: &File, typos: &HashMap<&str, &str>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (number, line) in numbered(&file.text) {
        for word in line.split(|character: char| !character.is_alphabetic()) {
            let wrong = word.to_lowercase();
            if let Some(right) = typos.get(wrong.as_str()) {
                problems.push(Problem::new(&file.path, number, format!("`{wrong}` is `{right}`")));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_reported() {
        let files = [("a.rs", "// Recieve it\n"), ("b.md", "fine\nuntill_now\n"), ("c.txt", "teh")];
        assert_eq!(
            RULE.problems_in(&files),
            ["a.rs:1: `recieve` is `receive`", "b.md:2: `untill` is `until`"]
        );
    }
}
