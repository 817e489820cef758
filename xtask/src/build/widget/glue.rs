//! The script that connects the module with the browser, as wasm-bindgen writes it, without what this module does not
//! use; and short names for what the two call each other by, which stand in both.

use std::borrow::Cow;
use std::collections::HashMap;
use std::convert::Infallible;

use anyhow::{Context, Result, ensure};
use regex::{Captures, Regex};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ExportSection, ImportSection, Module};
use wasmparser::{Export, ImportSectionReader, Parser, Payload};

/// What `leadgate-glue` gives in place of wasm-bindgen's own ways to start, which are made for every kind of page.
const EXPORTS: &str = "export { __wbg_get_imports as imports, __wbg_finalize_init as begin };\n";

/// Classes that wasm-streams exports for servers and their pages, with what belongs to them.
const CLASSES: [&str; 2] = [
    r"(?ms)^export class Into[0-9A-Za-z_]+ \{$.*?^\}$\n(?:^if \(Symbol\.dispose\) Into[^\n]*\n)?",
    r"(?ms)^const Into[0-9A-Za-z_]+Finalization = .*?;\n",
];

/// One function that the module may import, with all its lines.
const MEMBER: &str =
    r"(?ms)^        (__wbg_[0-9A-Za-z_]+|__wbindgen_[0-9A-Za-z_]+): function\(.*?^        \}(?:, arguments\); \})?,\n";

/// What both must call by the same name, and the browser by no name of its own.
const NAME: &str = r"(?-u:\b)(?:__wbg_[0-9A-Za-z_]+_[0-9a-f]{16}|__wbindgen_[0-9A-Za-z_]+|__externref_[0-9A-Za-z_]+|wasm_bindgen__convert[0-9A-Za-z_]+)(?-u:\b)";

/// The module and its script, made short.
///
/// # Errors
/// When the script is not as wasm-bindgen wrote it when this was made.
pub fn shorten(module: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    let interface = interface(module)?;
    let mut script = script.to_owned();
    for class in CLASSES {
        script = replace(&script, class, |_| String::new())?;
    }
    script = replace(&script, MEMBER, |found| {
        let is_used = found.get(1).is_some_and(|name| interface.contains_key(name.as_str()));
        if is_used { found.get_match().as_str().to_owned() } else { String::new() }
    })?;
    script = replace(&script, r"(?m)^export \{ initSync, .*$\n?", |_| EXPORTS.to_owned())?;
    script = replace(&script, NAME, |found| {
        let name = found.get_match().as_str();
        interface.get(name).map_or_else(|| name.to_owned(), Clone::clone)
    })?;
    let mut short = Module::new();
    Shorter { interface: &interface }
        .parse_core_module(&mut short, Parser::new(0), module)
        .map_err(|error| anyhow::anyhow!("cannot rename the module's imports: {error}"))?;
    Ok((short.finish(), script))
}

fn replace(script: &str, pattern: &str, by: impl Fn(&Captures<'_>) -> String) -> Result<String> {
    let replaced = Regex::new(pattern)?.replace_all(script, by);
    ensure!(matches!(replaced, Cow::Owned(_)), "nothing in wasm-bindgen's script is as glue.rs expects: {pattern}");
    Ok(replaced.into_owned())
}

/// What the module imports and exports, with a short name for each that the script alone uses.
fn interface(module: &[u8]) -> Result<HashMap<String, String>> {
    let pattern = Regex::new(&format!("^(?:{NAME})$"))?;
    let mut names: HashMap<String, String> = HashMap::new();
    let mut add = |name: &str| {
        if pattern.is_match(name) && !names.contains_key(name) {
            // No name of the script begins so.
            names.insert(name.to_owned(), format!("$l{}", names.len()));
        }
    };
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    add(import.context("an import that cannot be read")?.name);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    add(export?.name);
                }
            }
            _ => {}
        }
    }
    Ok(names)
}

/// Copies a module under other names.
struct Shorter<'a> {
    interface: &'a HashMap<String, String>,
}

impl Shorter<'_> {
    fn name<'n>(&'n self, name: &'n str) -> &'n str {
        self.interface.get(name).map_or(name, String::as_str)
    }
}

impl Reencode for Shorter<'_> {
    type Error = Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        for import in section.into_imports() {
            let import = import?;
            let kind = self.entity_type(import.ty)?;
            imports.import(import.module, self.name(import.name), kind);
        }
        Ok(())
    }

    fn parse_export(&mut self, exports: &mut ExportSection, export: Export<'_>) -> Result<(), Error> {
        let (kind, index) = (self.export_kind(export.kind)?, self.external_index(export.kind, export.index)?);
        exports.export(self.name(export.name), kind, index);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "\
export class IntoUnderlyingSink {
    close() {
    }
}
if (Symbol.dispose) IntoUnderlyingSink.prototype[Symbol.dispose] = 1;

function __wbg_get_imports() {
    const import0 = {
        __wbg_get_1d33d8d1c6cefa41: function(arg0) {
            return wasm.__wbindgen_malloc(arg0);
        },
        __wbg_set_d7176cfb76d71114: function() { return handleError(function (arg0) {
            arg0.b();
        }, arguments); },
    };
}
const IntoUnderlyingSinkFinalization = (typeof FinalizationRegistry === 'undefined')
    ? 1
    : 2;
export { initSync, __wbg_init as default };
";

    #[test]
    fn the_script_keeps_what_the_module_imports_and_both_call_it_by_one_short_name() {
        let module = {
            let mut module = Module::new();
            let mut types = wasm_encoder::TypeSection::new();
            types.ty().function([], []);
            let mut imports = ImportSection::new();
            imports.import("./leadgate_bg.js", "__wbg_get_1d33d8d1c6cefa41", wasm_encoder::EntityType::Function(0));
            module.section(&types).section(&imports);
            module.finish()
        };
        let (module, script) = shorten(&module, SCRIPT).unwrap();
        assert!(script.contains("        $l0: function(arg0) {"), "{script}");
        for gone in ["IntoUnderlying", "__wbg_set", "__wbg_get_1d", "initSync"] {
            assert!(!script.contains(gone), "{gone} in {script}");
        }
        assert!(module.windows(4).any(|bytes| bytes == b"\x03$l0"), "{module:?}");
        assert!(shorten(&module, "something else").is_err());
    }
}
