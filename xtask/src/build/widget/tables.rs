//! Tables of Unicode in the standard library that only a panic's message would read: how to print any character, when
//! a text is shown in quotes. Linked with the code that reads them, they stay when that goes, and they hardly compress.

use std::convert::Infallible;
use std::ops::Range;

use anyhow::{Context, Result, ensure};
use wasm_encoder::Module;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasmparser::{ConstExpr, Data, DataKind, DataSectionReader, Operator, Parser, Payload};

/// How each begins, and its bytes: `unicode_data.rs` (offsets, then runs) and `printable.rs` of `core` in the Rust that
/// rust-toolchain.toml names. With another the build says that one is missing; `cargo xtask size` shows if it matters.
const TABLES: [(&[u8], usize); 3] = [
    (b"\x00\x70\x00\x07\x00\x2d\x01\x01\x01\x02\x01\x02", 767),
    (b"\x00\x03\x00\x00\x83\x04\x20\x00\x91\x05\x60\x00", 132),
    (b"\x00\x06\x01\x01\x03\x01\x04\x02\x05\x07\x07\x02", 1460),
];

/// The module with zeros in place of the tables.
///
/// # Errors
/// When one is not there, or something that is left could read it.
pub fn clear(module: &[u8]) -> Result<Vec<u8>> {
    let mut clearing = Clearing { tables: Vec::new() };
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::DataSection(data) = payload? {
            clearing.tables = tables(data)?;
        }
    }
    ensure!(clearing.tables.len() == TABLES.len(), "a table is missing in the module: correct tables.rs");
    for address in addresses(module)? {
        let is_read = clearing.tables.iter().any(|table| table.contains(&address));
        ensure!(
            !is_read,
            "the module refers to a table that was thought to be unread, at {address}: correct tables.rs"
        );
    }
    let mut cleared = Module::new();
    clearing
        .parse_core_module(&mut cleared, Parser::new(0), module)
        .map_err(|error| anyhow::anyhow!("cannot clear tables: {error}"))?;
    Ok(cleared.finish())
}

/// Where the tables stand in memory.
fn tables(section: DataSectionReader<'_>) -> Result<Vec<Range<u32>>> {
    let mut found = Vec::new();
    for data in section {
        let data = data?;
        let base = base(&data).context("data without an address")?;
        for (beginning, length) in TABLES {
            let place = data.data.windows(beginning.len()).position(|bytes| bytes == beginning);
            if let Some(place) = place.filter(|place| place + length <= data.data.len()) {
                let start = base + u32::try_from(place)?;
                found.push(start..start + u32::try_from(length)?);
            }
        }
    }
    Ok(found)
}

/// Every number in code and data that could be an address.
fn addresses(module: &[u8]) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::CodeSectionEntry(body) => {
                for operator in body.get_operators_reader()? {
                    match operator? {
                        Operator::I32Const { value } => found.push(value.cast_unsigned()),
                        // A table that is read at an index has its address in the offset.
                        Operator::I32Load8U { memarg }
                        | Operator::I32Load8S { memarg }
                        | Operator::I32Load16U { memarg }
                        | Operator::I32Load { memarg } => found.extend(u32::try_from(memarg.offset)),
                        _ => {}
                    }
                }
            }
            Payload::DataSection(data) => {
                let tables = tables(data.clone())?;
                for data in data {
                    let data = data?;
                    let base = base(&data).context("data without an address")?;
                    for (word, bytes) in (base..).step_by(4).zip(data.data.chunks_exact(4)) {
                        if !tables.iter().any(|table| table.contains(&word)) {
                            found.extend(bytes.try_into().map(u32::from_le_bytes));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

fn base(data: &Data<'_>) -> Option<u32> {
    let DataKind::Active { offset_expr, .. } = &data.kind else { return None };
    constant(offset_expr)
}

fn constant(expression: &ConstExpr<'_>) -> Option<u32> {
    match expression.get_operators_reader().read().ok()? {
        Operator::I32Const { value } => Some(value.cast_unsigned()),
        _ => None,
    }
}

/// Copies a module and leaves the tables out.
struct Clearing {
    tables: Vec<Range<u32>>,
}

impl Reencode for Clearing {
    type Error = Infallible;

    fn parse_data(&mut self, section: &mut wasm_encoder::DataSection, data: Data<'_>) -> Result<(), Error> {
        let mut content = data.data.to_vec();
        for (address, byte) in (base(&data).unwrap_or_default()..).zip(&mut content) {
            if self.tables.iter().any(|table| table.contains(&address)) {
                *byte = 0;
            }
        }
        utils::parse_data(self, section, Data { data: &content, ..data })
    }
}
