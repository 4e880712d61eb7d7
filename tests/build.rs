//! Bundles the specimen as a user would.

fn main() {
    include_py_build::Bundle::new("specimen")
        .source("specimen")
        .source("garbage")
        .stdlib()
        .include_source(true)
        .compile();
    // For programs that read a bundle from a file.
    include_py_build::Bundle::new("small").source("specimen").compile();
}
