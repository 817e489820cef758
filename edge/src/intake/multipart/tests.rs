//! Bodies as browsers and HTTP clients write them, and bodies that are none.

use proptest::prelude::*;

use super::*;

fn read(body: &str) -> Option<Vec<(String, String)>> {
    pairs(body.as_bytes(), "b", Charset::Utf8)
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn text_parts_are_names_and_values_in_order() {
    let body = "--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nmarla@example.com\r\n\
        --b\r\ncontent-disposition: form-data; name=message\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nTwo\r\nlines\r\n\
        --b\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--b--\r\n";
    assert_eq!(
        read(body).unwrap(),
        [pair("email", "marla@example.com"), pair("message", "Two\r\nlines"), pair("empty", "")]
    );
}

#[test]
fn what_stands_around_the_parts_is_passed_over() {
    let body = "This is a message in several parts.\r\n--b \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--epilogue";
    assert_eq!(read(body).unwrap(), [pair("a", "1")]);
    assert_eq!(read("--b--").unwrap(), []);
}

#[test]
fn text_that_begins_like_a_delimiter_is_text() {
    let body = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--bc\r\n-- b\r\n--b--";
    assert_eq!(read(body).unwrap(), [pair("a", "1\r\n--bc\r\n-- b")]);
}

#[test]
fn of_a_file_its_name_is_kept_and_of_no_file_nothing() {
    let file = |name: &str, content: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"plan\"; filename=\"{name}\"\r\n\r\n{content}\r\n--b--")
    };
    assert_eq!(read(&file("floor.pdf", "%PDF")).unwrap(), [pair("plan", "floor.pdf")]);
    assert_eq!(read(&file("", "")).unwrap(), []);
    let extended =
        |name: &str| format!("--b\r\nContent-Disposition: form-data; name=plan; filename*={name}\r\n\r\n%PDF\r\n--b--");
    for (name, kept) in
        [("UTF-8''plan%20b%C3%A9.pdf", "plan bé.pdf"), ("iso-8859-1'en'%E9.pdf", "é.pdf"), ("floor.pdf", "floor.pdf")]
    {
        assert_eq!(read(&extended(name)).unwrap(), [pair("plan", kept)], "{name}");
    }
    assert_eq!(read(&extended("UTF-8''")).unwrap(), []);
}

#[test]
fn names_are_unescaped_as_browsers_escape_them() {
    let body = "--b\r\nContent-Disposition: form-data; name=\"a %22b%22%0D%0A%41\"\r\n\r\n1\r\n--b--";
    assert_eq!(read(body).unwrap(), [pair("a \"b\"\r\n%41", "1")]);
}

#[test]
fn a_part_may_name_its_charset_and_a_field_that_of_all() {
    let body = b"--b\r\nContent-Disposition: form-data; name=a\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n\xe9\r\n\
        --b\r\nContent-Disposition: form-data; name=_charset_\r\n\r\nwindows-1252\r\n\
        --b\r\nContent-Disposition: form-data; name=b\r\n\r\n\x80\r\n--b--";
    assert_eq!(pairs(body, "b", Charset::Utf8).unwrap(), [pair("a", "é"), pair("b", "€")]);
}

#[test]
fn a_body_without_end_or_names_is_none() {
    for wrong in [
        "",
        "--b",
        "--b\r\n",
        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1",
        "--b\r\nContent-Disposition: form-data; name=a\r\n--b--",
        "--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--",
        "--b\r\n\r\n1\r\n--b--",
        "--other--",
        "email=marla%40example.com",
    ] {
        assert_eq!(read(wrong), None, "{wrong:?}");
    }
}

#[test]
fn the_same_parts_are_the_same_whatever_their_boundary() {
    let with = |boundary: &str, value: &str| {
        let body =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=a\r\n\r\n{value}\r\n--{boundary}--\r\n");
        without_boundary(body.as_bytes(), boundary).unwrap()
    };
    assert_eq!(with("one", "1"), with("two", "1"));
    assert_ne!(with("one", "1"), with("one", "2"));
}

proptest! {
    #[test]
    fn what_is_written_is_read(sent in prop::collection::vec((r#"[ -$&-\[\]-~é\r\n]{1,12}"#, any::<String>()), 0..8)) {
        let mut body = String::new();
        for (name, value) in &sent {
            prop_assume!(!value.contains("--limit"));
            let name = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
            body += &format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        body += "--limit--\r\n";
        prop_assert_eq!(pairs(body.as_bytes(), "limit", Charset::Utf8).unwrap(), sent);
    }

    #[test]
    fn any_bytes_are_parts_or_none(noise in prop::collection::vec(any::<u8>(), 0..40), cut in 0_usize..120) {
        let mut body = b"--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"f\"\r\n\r\n1\r\n--b--\r\n".to_vec();
        let at = cut.min(body.len());
        body.splice(at..at, noise);
        let _ = pairs(&body, "b", Charset::Utf8);
    }
}
