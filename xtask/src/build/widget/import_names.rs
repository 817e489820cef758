//! Shorter names, once compressed, for what the widget imports from its glue: wasm-bindgen ends each with
//! 16 hexadecimal digits of a hash, which stand twice in the download and compress not at all.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use regex::bytes::{Captures, Regex};

/// Numbers the imports instead, the same in all `files`. Names keep their length, so that a wasm module stays one.
///
/// # Errors
/// When a file cannot be read or written.
pub fn shorten(files: &[&Path]) -> Result<()> {
    let mut numbers = HashMap::new();
    for file in files {
        let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let shortened = numbered(&content, &mut numbers)?;
        fs::write(file, shortened).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

fn numbered(content: &[u8], numbers: &mut HashMap<Vec<u8>, usize>) -> Result<Vec<u8>> {
    let name = Regex::new(r"(?-u)__wbg_\w+?_([0-9a-f]{16})\b")?;
    let number = |found: &Captures<'_>| {
        let mut name = found[0].to_vec();
        let next = numbers.len();
        let number = *numbers.entry(name.clone()).or_insert(next);
        name.truncate(name.len() - 16);
        name.extend(format!("{number:016x}").into_bytes());
        name
    };
    Ok(name.replace_all(content, number).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gets_the_same_number_everywhere_and_keeps_its_length() {
        let mut numbers = HashMap::new();
        let glue = b"__wbg_get_1d33d8d1c6cefa41:a,__wbg_get_d7176cfb76d71114:b,__wbg_init:c";
        let shortened = numbered(glue, &mut numbers).unwrap();
        assert_eq!(shortened, b"__wbg_get_0000000000000000:a,__wbg_get_0000000000000001:b,__wbg_init:c");
        let module = numbered(b"\x1a__wbg_get_d7176cfb76d71114\x00", &mut numbers).unwrap();
        assert_eq!(module, b"\x1a__wbg_get_0000000000000001\x00");
    }
}
