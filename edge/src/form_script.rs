//! The script of the tag with the form of its key in it, so that a page asks once where it would ask twice.
//!
//! The script asks for the form by `fetch`, in a function of its own. Around it stands a block in which `fetch` has that
//! answer already and leaves every other request to the browser. So nothing of it is in the script that others load.

use serde_json::Value;

/// The script for the tag that asked for it with `key`; `form` is what `GET /v1/form` answers that key, as JSON.
pub fn with_form(script: &str, key: &str, form: &str) -> String {
    // A comment in the first line is meant for the compiler, which looks for it there alone.
    let (comment, script) =
        script.split_once('\n').filter(|(first, _)| first.starts_with("//")).unwrap_or(("", script));
    // JSON has been a part of the language's strings since ES2019.
    let key = Value::from(key).to_string();
    let form = form.replace('\\', "\\\\").replace('\'', "\\'");
    [
        comment,
        "\n{let k=",
        &key,
        ",fetch=async(a,o)=>(\"\"+a).endsWith(k)?new Response('",
        &form,
        "'):self.fetch(a,o);",
        script,
        "}\n",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comment_stays_first_the_script_whole_and_no_text_ends_its_string() {
        let form = r#"{"name":"it's \"a\" \\' form"}"#;
        let script = with_form("//# comment\n(()=>{run()})();\n", "a\";b", form);
        let expected = [
            "//# comment\n{let k=\"a\\\";b\",fetch=async(a,o)=>(\"\"+a).endsWith(k)?new Response('",
            r#"{"name":"it\'s \\"a\\" \\\\\' form"}"#,
            "'):self.fetch(a,o);(()=>{run()})();\n}\n",
        ];
        assert_eq!(script, expected.concat());
    }
}
