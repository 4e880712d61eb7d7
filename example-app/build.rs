//! Compiles the application and the standard library into one bundle.

fn main() {
    include_py_build::Bundle::new("app").source("python").stdlib().compile();
}
