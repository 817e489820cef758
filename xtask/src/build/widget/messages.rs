//! The widget's own texts: one JSON file a language in `widget/messages/`. What a form may say in English before it is
//! live comes with the loader, the rest of it with the WebAssembly; each other language becomes an asset that is fetched
//! only where it is spoken.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::hash_of;
use crate::fingerprint::files_below;

/// Texts by key.
pub type Messages = BTreeMap<String, String>;

/// The language that has every key, and that stands in for one that cannot be fetched.
const ENGLISH: &str = "en";

/// What a form says whose owner gave it no words of its own (`shared::form`). In English the Worker says it.
const DEFAULT: &str = "default_";

/// The texts that the loader itself shows: all else is said by forms that are live.
const PAINTED: [&str; 14] = [
    "back",
    "choose",
    "either_contact",
    "loading",
    "next",
    "not_allowed",
    "optional",
    "policy",
    "retry",
    "send",
    "sending",
    "step",
    "unavailable",
    "unreachable",
];

/// What the loader has to know of the texts.
pub struct Texts {
    /// The languages other than English.
    pub languages: Vec<String>,
    /// Their address, with `*` for the language. One hash for all, since each costs the loader its length.
    pub address: String,
    /// The English texts of the loader itself.
    pub painted: BTreeMap<&'static str, String>,
    /// The other English texts.
    pub live: Messages,
}

impl Texts {
    /// The addresses of all languages.
    pub fn files(&self) -> Vec<String> {
        self.languages.iter().map(|language| self.address.replace('*', language)).collect()
    }
}

/// Writes the languages other than English into `assets` of `dist`.
///
/// # Errors
/// When a language lacks a text or a placeholder that English has, or has one more.
pub fn write(folder: &Path, dist: &Path) -> Result<Texts> {
    let mut languages = read(folder)?;
    let hash = hash_of(serde_json::to_string(&languages)?.as_bytes());
    let english = languages.remove(ENGLISH).context("widget/messages/en.json is missing")?;
    let complaints: Vec<String> =
        languages.iter().flat_map(|(language, texts)| complaints(language, texts, &english)).collect();
    if !complaints.is_empty() {
        bail!("widget/messages: {}", complaints.join("; "));
    }
    let address = format!("assets/messages-*-{hash}.json");
    for (language, texts) in &languages {
        let name = address.replace('*', language);
        fs::write(dist.join(&name), serde_json::to_string(&asset(texts, &english))?)
            .with_context(|| format!("cannot write dist/{name}"))?;
    }
    let painted =
        PAINTED.into_iter().map(|key| Ok((key, english.get(key).with_context(|| format!("en lacks {key}"))?.clone())));
    let painted = painted.collect::<Result<_>>()?;
    let live = english.iter().filter(|(key, _)| !PAINTED.contains(&key.as_str()) && !key.starts_with(DEFAULT));
    let live = live.map(|(key, text)| (key.clone(), text.clone())).collect();
    Ok(Texts { languages: languages.into_keys().collect(), address, painted, live })
}

/// The texts of a language as the loader looks for them: those of the default form by its English words, behind a mark
/// that no other key has.
fn asset<'t>(texts: &'t Messages, english: &Messages) -> BTreeMap<String, &'t str> {
    let key_of = |key: &String| match english.get(key).filter(|_| key.starts_with(DEFAULT)) {
        Some(words) => format!("={words}"),
        None => key.clone(),
    };
    texts.iter().map(|(key, text)| (key_of(key), text.as_str())).collect()
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
