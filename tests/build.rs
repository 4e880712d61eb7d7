//! Bundles the specimen as a user would.

fn main() {
    include_py_build::Bundle::new("specimen")
        .source("specimen")
        .stdlib()
        .include_source(true)
        .compile();
}
