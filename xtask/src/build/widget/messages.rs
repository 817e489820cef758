//! The widget's own texts: one JSON file a language in `widget/messages/`. English comes with the
//! loader; each other language becomes an asset that is fetched only where it is spoken.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::hash_of;
use crate::fingerprint::files_below;

/// Texts by key.
type Messages = BTreeMap<String, String>;

/// The language that has every key, and that stands in for one that cannot be fetched.
const ENGLISH: &str = "en";

/// Writes the languages other than English into `assets` of `dist` and returns their addresses there.
///
/// # Errors
/// When a language lacks a text or a placeholder that English has, or has one more.
pub fn write(folder: &Path, dist: &Path) -> Result<BTreeMap<String, String>> {
    let mut languages = read(folder)?;
    let english = languages.remove(ENGLISH).context("widget/messages/en.json is missing")?;
    let complaints: Vec<String> =
        languages.iter().flat_map(|(language, texts)| complaints(language, texts, &english)).collect();
    if !complaints.is_empty() {
        bail!("widget/messages: {}", complaints.join("; "));
    }
    let mut addresses = BTreeMap::new();
    for (language, texts) in languages {
        let content = serde_json::to_string(&texts)?;
        let address = format!("assets/messages-{language}-{}.json", hash_of(content.as_bytes()));
        fs::write(dist.join(&address), content).with_context(|| format!("cannot write dist/{address}"))?;
        addresses.insert(language, address);
    }
    Ok(addresses)
}

fn read(folder: &Path) -> Result<BTreeMap<String, Messages>> {
    let mut languages = BTreeMap::new();
    for file in files_below(folder)? {
        let name = file.display();
        let language =
            file.file_stem().and_then(|stem| stem.to_str()).with_context(|| format!("{name} has no name"))?;
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {name}"))?;
        let messages = serde_json::from_str(&text).with_context(|| format!("{name} is no object of texts"))?;
        languages.insert(language.to_owned(), messages);
    }
    Ok(languages)
}

fn complaints(language: &str, texts: &Messages, english: &Messages) -> Vec<String> {
    let missing = english.iter().filter_map(|(key, text)| match texts.get(key) {
        None => Some(format!("{language} lacks {key}")),
        Some(own) if own.trim().is_empty() => Some(format!("{language} has nothing for {key}")),
        Some(own) => (placeholders(own) != placeholders(text)).then(|| format!("{language} has other {{…}} in {key}")),
    });
    let surplus = texts.keys().filter(|key| !english.contains_key(*key));
    missing.chain(surplus.map(|key| format!("{language} has {key}, which English has not"))).collect()
}

/// The words in braces, in alphabetical order: languages differ in where they put them.
fn placeholders(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(texts: &[(&str, &str)]) -> Messages {
        texts.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn every_language_has_every_text_with_its_placeholders() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../widget/messages");
        let mut languages = read(&folder).unwrap();
        let english = languages.remove(ENGLISH).unwrap();
        assert_eq!(languages.keys().collect::<Vec<_>>(), ["ar", "de", "es", "fr", "it", "nl", "pt"]);
        for (language, texts) in languages {
            assert_eq!(complaints(&language, &texts, &english), Vec::<String>::new());
        }
    }

    #[test]
    fn a_missing_a_surplus_and_an_empty_text_and_a_lost_placeholder_are_found() {
        let english = messages(&[("a", "A"), ("b", "at most {max}"), ("c", "C")]);
        let other = messages(&[("b", "höchstens"), ("c", " "), ("d", "D")]);
        assert_eq!(
            complaints("de", &other, &english),
            ["de lacks a", "de has other {…} in b", "de has nothing for c", "de has d, which English has not"]
        );
    }
}
