//! Numbers as people write them: with the marks between thousands and before a fraction that their country uses.

/// Marks that stand between groups of three digits, here or there.
const MARKS: [char; 7] = ['.', ',', ' ', '\'', '’', '\u{a0}', '\u{202f}'];

/// The number with a point before its fraction and no other mark; `None` for what is none, or could be two.
///
/// Groups of three digits are thousands, also where only one follows: `300.000` is what a German calls three hundred
/// thousand, and nobody writes a sum with three decimals.
pub fn plain(typed: &str) -> Option<String> {
    let (sign, unsigned) = typed.strip_prefix('-').map_or(("", typed), |unsigned| ("-", unsigned));
    // So browsers write what is below one.
    if unsigned.starts_with('.') && unsigned.len() > 1 {
        return plain(&["0", unsigned].concat()).map(|number| [sign, &number].concat());
    }
    let parts: Vec<&str> = unsigned.split(MARKS).collect();
    let marks: Vec<char> = unsigned.chars().filter(|c| MARKS.contains(c)).collect();
    if !parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    if are_groups(&parts, &marks) {
        return Some([sign, &parts.concat()].concat());
    }
    let ((fraction, whole), (last, others)) = (parts.split_last()?, marks.split_last()?);
    let is_fraction = matches!(last, '.' | ',') && !others.contains(last) && are_groups(whole, others);
    is_fraction.then(|| [sign, &whole.concat(), ".", fraction].concat())
}

/// Whether thousands may be written so: groups of three with one kind of mark, behind at most three digits that are not
/// nothing.
fn are_groups(parts: &[&str], marks: &[char]) -> bool {
    let Some((first, others)) = parts.split_first() else { return false };
    others.is_empty()
        || first.len() <= 3
            && !first.starts_with('0')
            && others.iter().all(|group| group.len() == 3)
            && marks.iter().all(|mark| marks.first() == Some(mark))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn marks_mean_what_they_mean_where_they_are_written() {
        for (typed, meant) in [
            ("380000", "380000"),
            ("0", "0"),
            ("-2.5", "-2.5"),
            ("2,5", "2.5"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("0.125", "0.125"),
            ("300.000", "300000"),
            ("300,000", "300000"),
            ("300 000", "300000"),
            ("1'250'000", "1250000"),
            ("1.250.000,50", "1250000.50"),
            ("1,250,000.50", "1250000.50"),
            ("1\u{202f}250\u{202f}000,5", "1250000.5"),
            ("300000,50", "300000.50"),
            ("1234.567", "1234.567"),
        ] {
            assert_eq!(plain(typed).as_deref(), Some(meant), "{typed}");
        }
    }

    #[test]
    fn what_is_no_number_or_could_be_two_is_none() {
        for typed in [
            "",
            "-",
            "one",
            "1e3",
            "1.",
            ".",
            ".5.5",
            "1..2",
            "1.2.3",
            "1,2,3",
            "1.250,000.5",
            "12.34.567",
            "--1",
            "€ 5",
        ] {
            assert_eq!(plain(typed), None, "{typed}");
        }
    }
}
