//! Random wrong sources of several kinds: `conformance errors --kind`.
//!
//! `shapes` are made from a list of statements and expressions, the others from a library.

mod damage;
mod pieces;

use super::super::fuzz::Random;
use super::corpus::Library;
use pieces::PIECES;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Lines,
    Indents,
    Splices,
    Characters,
    Shapes,
    Fields,
    Brackets,
    Bytes,
}

pub(super) const ALL: [Kind; 8] = [
    Kind::Lines,
    Kind::Indents,
    Kind::Splices,
    Kind::Characters,
    Kind::Shapes,
    Kind::Fields,
    Kind::Brackets,
    Kind::Bytes,
];

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Indents => "indents",
            Self::Splices => "splices",
            Self::Characters => "characters",
            Self::Shapes => "shapes",
            Self::Fields => "fields",
            Self::Brackets => "brackets",
            Self::Bytes => "bytes",
        }
    }

    /// The kinds with this name; `all` names all of them.
    pub(super) fn named(name: &str) -> Result<Vec<Self>, String> {
        let found: Vec<Self> =
            ALL.into_iter().filter(|kind| name == "all" || kind.name() == name).collect();
        if found.is_empty() {
            let names = ALL.map(Self::name).join(", ");
            return Err(format!("`--kind` takes all or one of {names}"));
        }
        Ok(found)
    }

    /// `count` sources; the same seed and the same library give the same sources.
    pub(super) fn sources(
        self,
        library: &Library,
        seed: u64,
        count: usize,
    ) -> Result<Vec<Vec<u8>>, String> {
        let mut random = Random::new(seed);
        (0..count).map(|_| self.source(library, &mut random)).collect()
    }

    fn source(self, library: &Library, random: &mut Random) -> Result<Vec<u8>, String> {
        let text = match self {
            Self::Lines => damage::lines(&library.excerpt(random)?, random),
            Self::Indents => damage::indents(&library.excerpt(random)?, random),
            Self::Splices => {
                let (one, other) = (library.excerpt(random)?, library.excerpt(random)?);
                damage::splice(&one, &other, random)
            }
            Self::Characters => damage::characters(&library.excerpt(random)?, random),
            Self::Shapes => shape(random),
            Self::Fields => damage::fields(&library.line_with_fstring(random)?, random),
            Self::Brackets => damage::brackets(&library.excerpt(random)?, random),
            Self::Bytes => {
                let text = if random.percent(50) {
                    damage::characters(&library.excerpt(random)?, random)
                } else {
                    shape(random)
                };
                return Ok(damage::bytes(text.into_bytes(), random));
            }
        };
        Ok(text.into_bytes())
    }
}

fn shape(random: &mut Random) -> String {
    let mut text = PIECES.program(random);
    if random.percent(10) {
        let at = damage::place(&text, random);
        text.insert_str(at, random.pick::<String>(&PIECES.characters));
    }
    text + random.pick::<&str>(&["\n", "\n", "\n", "", " \n", "\n\n"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found_by_their_names() {
        assert_eq!(Kind::named("fields"), Ok(vec![Kind::Fields]));
        assert_eq!(Kind::named("all").map(|kinds| kinds.len()), Ok(ALL.len()));
        assert!(Kind::named("x").is_err());
    }

    #[test]
    fn the_same_seed_makes_the_same_sources() {
        let library = Library::of(vec!["x = f'{a!r}'\nif x:\n    f(x)\n".repeat(9)]);
        for kind in ALL {
            let [one, same] = [3, 3].map(|seed| kind.sources(&library, seed, 50).unwrap());
            assert_eq!(one, same);
        }
    }
}
