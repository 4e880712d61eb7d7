//! Whether a package builds a shared library, from its `Cargo.toml`.
//!
//! Cargo tells build scripts neither the targets of the package nor their kinds.
//!
//! ```toml
//! [lib]
//! crate-type = ["cdylib", "rlib"]
//! ```

/// Whether the library of the package has the crate type `cdylib`. Examples may have it.
pub(super) fn has_shared_library(manifest: &str) -> bool {
    let mut section = String::new();
    let mut is_inside = false;
    for line in manifest.lines() {
        // Neither crate types nor the names of tables contain `#`.
        let line = line.split('#').next().unwrap_or_default().trim();
        if !is_inside {
            if let Some(header) = line.strip_prefix('[') {
                section = format!("{}.", header.trim_end_matches(']').trim());
                continue;
            }
            let Some((key, value)) = line.split_once('=') else { continue };
            let key = format!("{section}{}", key.trim()).replace('_', "-");
            is_inside = match key.as_str() {
                "lib.crate-type" => true,
                "lib" => value.replace('_', "-").contains("crate-type"),
                _ => false,
            };
        }
        if is_inside {
            if line.contains("\"cdylib\"") || line.contains("'cdylib'") {
                return true;
            }
            is_inside = !line.contains(']');
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_write_the_crate_type_of_the_library_is_found() {
        for manifest in [
            "[package]\nname = \"a\"\n[lib]\ncrate-type = [\"cdylib\"]\n",
            "[lib] # both\ncrate_type = [\n    \"rlib\", # for the tests\n    'cdylib',\n]\n",
            "lib.crate-type = [\"cdylib\"]\n[package]\nname = \"a\"\n",
            "lib = { crate-type = [\"cdylib\"] }\n",
        ] {
            assert!(has_shared_library(manifest), "{manifest}");
        }
    }

    #[test]
    fn other_targets_and_other_types_are_no_shared_library() {
        for manifest in [
            "[package]\nname = \"cdylib\"\n",
            "[lib]\ncrate-type = [\"rlib\"]\n[package]\nname = \"cdylib\"\n",
            "[[example]]\nname = \"a\"\ncrate-type = [\"cdylib\"]\n",
            "[lib]\n# crate-type = [\"cdylib\"]\n",
        ] {
            assert!(!has_shared_library(manifest), "{manifest}");
        }
    }
}
