//! Lines for a shell that call an operation. The keys stand in variables, so that the lines work as they
//! are and no key gets into a history.

use serde_json::Value;

use super::operation::Operation;
use super::reference::text;

/// One line for each kind of key that the operation takes.
pub fn lines(operation: &Operation<'_>) -> Vec<String> {
    let ways = operation.value["security"].as_array().map(Vec::as_slice).unwrap_or_default();
    let takes = |scheme: &str| ways.iter().any(|way| way.get(scheme).is_some());
    let variables: &[Option<&str>] = match () {
        () if takes("adminToken") => &[Some("ADMIN_TOKEN")],
        () if takes("queryKey") && operation.method == "get" => &[Some("PUBLISHABLE_KEY")],
        () if takes("queryKey") => &[Some("PUBLISHABLE_KEY"), Some("SECRET_KEY")],
        () if takes("bearer") => &[Some("SECRET_KEY")],
        () => &[None],
    };
    variables.iter().map(|variable| line(operation, *variable)).collect()
}

fn line(operation: &Operation<'_>, variable: Option<&str>) -> String {
    let mut line = "curl".to_owned();
    if operation.method != "get" {
        line.push_str(&format!(" -X {}", operation.method.to_uppercase()));
    }
    line.push_str(&format!(" \"$EDGE{}\"", path(operation)));
    if let Some(variable) = variable {
        line.push_str(&format!(" \\\n  -H \"Authorization: Bearer ${variable}\""));
    }
    if let Some(example) = operation.value.pointer("/requestBody/content/application~1json/example") {
        // A quote inside would end the quoted text of the shell.
        let body = example.to_string().replace('\'', "\\u0027");
        line.push_str(&format!(" \\\n  -H \"Content-Type: application/json\" \\\n  -d '{body}'"));
    }
    line
}

/// The path with the examples of its parameters in it, and with the key where only the query takes it.
fn path(operation: &Operation<'_>) -> String {
    let parameters = operation.value["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let in_path = parameters.iter().filter(|parameter| parameter["in"] == "path");
    let path = in_path.fold(operation.path.clone(), |path, parameter: &Value| {
        path.replace(&format!("{{{}}}", text(parameter, "name")), text(parameter, "example"))
    });
    let takes_key = parameters.iter().any(|parameter| parameter["in"] == "query" && parameter["name"] == "key");
    if takes_key { path + "?key=$PUBLISHABLE_KEY" } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_has_method_address_key_and_body() {
        let value = json!({
            "security": [{"bearer": []}, {"queryKey": []}],
            "parameters": [{"name": "id", "in": "path", "example": "7"}],
            "requestBody": {"content": {"application/json": {"example": {"name": "O'Brien"}}}},
        });
        let lines = lines(&Operation::new(&value, "/things/{id}".to_owned(), "post"));
        assert_eq!(lines.len(), 2);
        assert_eq!(
            lines[1],
            "curl -X POST \"$EDGE/things/7\" \\\n  -H \"Authorization: Bearer $SECRET_KEY\" \\\n  -H \"Content-Type: \
             application/json\" \\\n  -d '{\"name\":\"O\\u0027Brien\"}'"
        );
    }
}
