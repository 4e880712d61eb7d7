//! Properties that hold for bundles with any content.
//!
//! `read(write(content)) == content`, and the order in which things are added doesn't matter.

use include_py_bundle::Bundle;

use crate::generate::{Content, Random};
use crate::walk;

#[test]
fn a_bundle_contains_the_written_content() {
    for seed in 0..500 {
        let mut random = Random::new(seed);
        let content = Content::random(&mut random);
        let bytes = content.build(&mut random);
        let bundle = Bundle::open(&bytes).unwrap();
        assert_eq!(walk::content(&bundle).unwrap(), content, "seed {seed}");
        assert!(walk::walk(&bytes), "seed {seed}: {:?}", bundle.verify());
    }
}

#[test]
fn the_order_of_adding_does_not_matter() {
    for seed in 0..100 {
        let mut random = Random::new(seed);
        let content = Content::random(&mut random);
        let first = content.build(&mut random);
        for _ in 0..5 {
            assert_eq!(content.build(&mut random), first, "seed {seed}");
        }
    }
}

#[test]
fn submodules_are_the_direct_ones() {
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let content = Content::random(&mut random);
        let bytes = content.build(&mut random);
        let bundle = Bundle::open(&bytes).unwrap();
        let packages = content.modules.keys().map(String::as_str).chain(["", "absent"]);
        for package in packages {
            let found: Vec<_> =
                bundle.submodules(package).map(|module| module.unwrap().name()).collect();
            let parent = |name: &str| name.rsplit_once('.').map_or("", |(p, _)| p).to_owned();
            let expected: Vec<_> =
                content.modules.keys().filter(|name| parent(name) == package).collect();
            assert_eq!(found, expected, "seed {seed}, package `{package}`");
        }
    }
}

#[test]
fn bundles_and_their_items_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + Copy + 'static>() {}
    shared::<Bundle<'static>>();
    shared::<include_py_bundle::Module<'static>>();
    shared::<include_py_bundle::Node<'static>>();
    shared::<include_py_bundle::Distribution<'static>>();
}
