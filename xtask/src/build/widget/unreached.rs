//! Functions that the widget never runs, or runs only on its way to a trap, without their bodies.
//!
//! A panic in the browser ends in the instruction `unreachable` and prints nothing, so the code that puts its message
//! together is dead weight; so is what leptos brings for streams between a server and its pages. Neither can be left
//! out when compiling: the message is built in the standard library, and the streams stand in the table of functions.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use regex::{RegexSet, bytes::Regex};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, DataSection, Function, Instruction, Module};
use wasmparser::{Data, FunctionBody, KnownCustom, Name, Parser, Payload};

/// Names as rustc writes them into the module; a crate's name may have its hash behind it.
const UNREACHED: [&str; 9] = [
    r"^core(\[[0-9a-f]+\])?::panicking::",
    r"^core(\[[0-9a-f]+\])?::(option|result|cell)::([a-z_]+::)?(expect_failed|unwrap_failed|panic_[a-z_]+)",
    r"^core(\[[0-9a-f]+\])?::str::slice_error_fail",
    r"^core(\[[0-9a-f]+\])?::slice::index::slice_[a-z_]*fail",
    r"^alloc(\[[0-9a-f]+\])?::(alloc::handle_alloc_error|raw_vec::(handle_error|capacity_overflow))",
    r"^std(\[[0-9a-f]+\])?::panicking::",
    r" as core(\[[0-9a-f]+\])?::fmt::Debug>::fmt$",
    r"future_to_promise",
    r"^<?wasm_streams::",
];

/// What only messages of panics say: where in the source they come from, which names folders of the machine that built the
/// module, what the system's errors are called, and the longest sentences. Being text, they can be missed by nothing else.
const WORDS: &str = concat!(
    r"[A-Za-z0-9_+./-]+\.rs\x00?",
    r"|entity not found[a-z ,().-]+",
    r"|Executor::spawn[a-z_]* called, but no global '[a-z_]+' function is configured\.",
    r"|Tried to access a reactive value that has already been disposed\.",
    r"|Attempted to initialize thread-local while it is being dropped",
    r"|one-time initialization may not be performed recursively",
    r"|recursive use of an object detected which would lead to unsafe aliasing in rust",
    r"|attempted to take ownership of Rust value while it was borrowed",
    r"|the guard should always be in place until the Drop implementation",
    r"|called `(?:Option|Result)::unwrap_throw\(\)` on an? `(?:None|Err)` value",
    r"|Map must not be polled after it returned `Poll::Ready`",
);

/// Writes `module`, which still has the names of its functions, without those bodies to `output`.
///
/// # Errors
/// When the module cannot be read, or a name above is that of no function any more.
pub fn remove(module: &Path, output: &Path) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let mut stub = Stub { is_unreached: unreached(&bytes)?, words: Regex::new(WORDS)?, next: 0 };
    let mut stubbed = Module::new();
    stub.parse_core_module(&mut stubbed, Parser::new(0), &bytes)
        .map_err(|error| anyhow::anyhow!("cannot rewrite {}: {error}", module.display()))?;
    fs::write(output, stubbed.finish()).with_context(|| format!("cannot write {}", output.display()))
}

/// For each function that the module defines, whether it is one of [`UNREACHED`].
fn unreached(module: &[u8]) -> Result<Vec<bool>> {
    let names = RegexSet::new(UNREACHED)?;
    let mut met = [false; UNREACHED.len()];
    let (mut imported, mut is_unreached) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                let functions = imports.into_imports().filter(|import| {
                    import.as_ref().is_ok_and(|import| matches!(import.ty, wasmparser::TypeRef::Func(_)))
                });
                imported = functions.count();
            }
            Payload::FunctionSection(functions) => is_unreached = vec![false; functions.count() as usize],
            Payload::CustomSection(section) => {
                let KnownCustom::Name(subsections) = section.as_known() else { continue };
                for subsection in subsections {
                    let Name::Function(functions) = subsection? else { continue };
                    for naming in functions {
                        let naming = naming?;
                        let found = names.matches(naming.name);
                        for (pattern, met) in met.iter_mut().enumerate() {
                            *met |= found.matched(pattern);
                        }
                        let index = (naming.index as usize).checked_sub(imported);
                        if let Some(place) = index.and_then(|index| is_unreached.get_mut(index)) {
                            *place = found.matched_any();
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let missing: Vec<_> = UNREACHED.iter().zip(met).filter(|(_, met)| !met).map(|(name, _)| *name).collect();
    ensure!(missing.is_empty(), "no function of the widget is called {}: correct unreached.rs", missing.join(" or "));
    Ok(is_unreached)
}

/// Copies a module and leaves out bodies.
struct Stub {
    is_unreached: Vec<bool>,
    words: Regex,
    next: usize,
}

impl Reencode for Stub {
    type Error = std::convert::Infallible;

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), Error> {
        let is_unreached = self.is_unreached.get(self.next).is_some_and(|is| *is);
        self.next += 1;
        if !is_unreached {
            return utils::parse_function_body(self, code, body);
        }
        let mut trap = Function::new([]);
        trap.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
        code.function(&trap);
        Ok(())
    }

    fn parse_data(&mut self, data: &mut DataSection, datum: Data<'_>) -> Result<(), Error> {
        let zeros = |found: &regex::bytes::Captures<'_>| vec![0; found.get_match().len()];
        let content = self.words.replace_all(datum.data, zeros).into_owned();
        utils::parse_data(self, data, Data { data: &content, ..datum })
    }
}
