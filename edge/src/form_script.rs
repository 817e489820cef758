//! The script of the tag with the form of its key in it, so that a page asks once where it would ask twice.
//!
//! The script asks for the form by `fetch`, in a function of its own. Around it stands a block in which `fetch` has that
//! answer already and leaves every other request to the browser. So nothing of it is in the script that others load.

use serde_json::Value;

/// The script for the tag that asked for it with `key`; `form` is what `GET /v1/form` answers that key, as JSON. Without
/// it the script asks for the form itself.
pub fn with_form(script: &str, key: &str, form: Option<&str>) -> String {
    // A comment in the first line is meant for the compiler, which looks for it there alone.
    let (comment, script) =
        script.split_once('\n').filter(|(first, _)| first.starts_with("//")).unwrap_or(("", script));
    // JSON has been a part of the language's strings since ES2019.
    let key = Value::from(key).to_string();
    let answered = form.map(|form| {
        let form = form.replace('\\', "\\\\").replace('\'', "\\'");
        ["let fetch=async(a,o)=>(\"\"+a).endsWith(k)?new Response('", &form, "'):self.fetch(a,o);"].concat()
    });
    [
        comment,
        "\n{let k=",
        &key,
        ",t=document.currentScript;t&&(t.dataset.key=k);",
        answered.as_deref().unwrap_or_default(),
        script,
        "}\n",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "//# comment\n(()=>{run()})();\n";

    #[test]
    fn the_comment_stays_first_and_the_script_whole() {
        let script = with_form(SCRIPT, "lg_pk_1", None);
        assert_eq!(
            script,
            "//# comment\n{let k=\"lg_pk_1\",t=document.currentScript;t&&(t.dataset.key=k);(()=>{run()})();\n}\n"
        );
    }

    #[test]
    fn no_text_of_a_form_or_a_key_ends_its_string() {
        let form = r#"{"name":"it's \"a\" \\' form"}"#;
        let script = with_form(SCRIPT, "\";alert(1);\"\\", Some(form));
        assert!(script.contains(r#"let k="\";alert(1);\"\\","#), "{script}");
        assert!(script.contains(r#"new Response('{"name":"it\'s \\"a\\" \\\\\' form"}')"#), "{script}");
    }
}
