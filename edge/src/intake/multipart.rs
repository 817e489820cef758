//! `multipart/form-data` (RFC 7578), as browsers and HTTP clients write it. The body is short and whole
//! in memory, so it is taken apart in one go.

use super::{charset::Charset, form_fields::CHARSET, media_type::parameter};

/// A part of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part<'a> {
    head: &'a [u8],
    content: &'a [u8],
}

/// Names and values, in order. A file's value is its name: files are not kept, but that there was one is
/// worth knowing; an input of which no file was chosen is left out. `None` where the body is not as the
/// type says: a part without a name, or no end.
pub fn pairs(body: &[u8], boundary: &str, charset: Charset) -> Option<Vec<(String, String)>> {
    let parts = parts(body, boundary)?;
    let mut charset = charset;
    let mut pairs = Vec::new();
    for part in parts {
        let head = String::from_utf8_lossy(part.head);
        let disposition = header(&head, "content-disposition")?;
        let name = browser_unescaped(&parameter(disposition, "name")?);
        let own = header(&head, "content-type").and_then(|text| parameter(text, "charset"));
        let file = parameter(disposition, "filename").map(|file| browser_unescaped(&file));
        let value = match file.or_else(|| parameter(disposition, "filename*").map(|file| extended(&file))) {
            Some(file) if file.is_empty() => continue,
            Some(file) => file,
            None => own.map_or(charset, |label| Charset::named(&label)).decode(part.content),
        };
        if name == CHARSET {
            charset = Charset::named(&value);
        } else {
            pairs.push((name, value));
        }
    }
    Some(pairs)
}

/// The same bytes for the same parts, whatever their boundary, which is another in every request.
pub fn without_boundary(body: &[u8], boundary: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(body.len());
    for part in parts(body, boundary)? {
        for piece in [part.head, part.content] {
            bytes.extend(piece.len().to_be_bytes());
            bytes.extend(piece);
        }
    }
    Some(bytes)
}

fn parts<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<Part<'a>>> {
    let dashes = [b"--", boundary.as_bytes()].concat();
    let delimiter = [b"\r\n", dashes.as_slice()].concat();
    // The line break before the first delimiter belongs to what may stand before it.
    let mut rest = match body.strip_prefix(dashes.as_slice()).and_then(behind_delimiter) {
        Some(rest) => rest,
        None => next(body, &delimiter)?.1,
    };
    let mut parts = Vec::new();
    while let Some(text) = rest {
        let (part, after) = next(text, &delimiter)?;
        let (head, content) = match part.strip_prefix(b"\r\n") {
            Some(content) => (&[][..], content),
            None => split_at_blank_line(part)?,
        };
        parts.push(Part { head, content });
        rest = after;
    }
    Some(parts)
}

/// What stands before the next delimiter, and what follows its line; `None` after the last.
fn next<'a>(text: &'a [u8], delimiter: &[u8]) -> Option<(&'a [u8], Option<&'a [u8]>)> {
    let mut found = text.windows(delimiter.len()).enumerate().filter(|(_, window)| *window == delimiter);
    found.find_map(|(at, _)| {
        let (before, rest) = text.split_at_checked(at)?;
        Some((before, behind_delimiter(rest.get(delimiter.len()..)?)?))
    })
}

/// What follows the line of a delimiter: nothing after the last one. `None` when it was no delimiter but
/// text that begins like one.
fn behind_delimiter(rest: &[u8]) -> Option<Option<&[u8]>> {
    if rest.starts_with(b"--") {
        return Some(None);
    }
    let padding = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    rest.get(padding..)?.strip_prefix(b"\r\n").map(Some)
}

fn split_at_blank_line(part: &[u8]) -> Option<(&[u8], &[u8])> {
    /// Ends the last header, and the line without one.
    const BLANK_LINE: &[u8] = b"\r\n\r\n";
    let at = part.windows(BLANK_LINE.len()).position(|window| window == BLANK_LINE)?;
    let (head, rest) = part.split_at_checked(at)?;
    Some((head, rest.get(BLANK_LINE.len()..)?))
}

fn header<'a>(head: &'a str, wanted: &str) -> Option<&'a str> {
    let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    lines.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
}

/// A value such as `UTF-8''plan%20b.pdf` (RFC 8187 §3.2), which some clients write in place of a plain one.
fn extended(value: &str) -> String {
    let mut parts = value.splitn(3, '\'');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(charset), Some(_), Some(text)) => {
            Charset::named(charset).decode(&percent_encoding::percent_decode_str(text).collect::<Vec<u8>>())
        }
        _ => value.to_owned(),
    }
}

/// The three characters that browsers write as escapes in names
/// (<https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data>).
fn browser_unescaped(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

#[cfg(test)]
mod tests;
