//! Bundles the specimen as a user would do it.

fn main() {
    include_py_build::Bundle::new("specimen")
        .source("specimen")
        .source("garbage")
        .stdlib()
        .include_source(true)
        .compile();
    // Without its metadata, which would be there twice in a program with both bundles.
    include_py_build::Bundle::new("bare")
        .source("specimen")
        .exclude("*.dist-info")
        .include_source(false)
        .compile();
    // For programs that read a bundle from a file.
    include_py_build::Bundle::new("small").source("specimen").compile();
}
