//! A small reader of Rust source: enough to look at code without its comments, its strings and its test modules.

/// The text with every comment and every string's content replaced by spaces; line breaks stay where they are.
pub fn code(text: &str) -> String {
    let bytes: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let previous = at.checked_sub(1).map(|i| bytes[i]);
        let fresh = !previous.is_some_and(is_word);
        let end = if starts(rest, "//") {
            rest.iter().position(|c| *c == '\n').unwrap_or(rest.len())
        } else if starts(rest, "/*") {
            block_comment(rest)
        } else if let Some(end) = raw_string(rest).filter(|_| fresh) {
            end
        } else if rest[0] == '"' {
            quoted(rest)
        } else if rest[0] == '\'' {
            character(rest)
        } else {
            0
        };
        if end == 0 {
            out.push(rest[0]);
            at += 1;
        } else {
            out.extend(rest[..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at += end;
        }
    }
    out
}

/// The code (see [`code`]) with the bodies of `#[cfg(test)]` and `#[test]` items blanked.
pub fn shipped(text: &str) -> String {
    let mut code: Vec<char> = code(text).chars().collect();
    for marker in ["#[cfg(test)]", "#[test]", "#[cfg(all(test"] {
        let marker: Vec<char> = marker.chars().collect();
        let mut at = 0;
        while at + marker.len() <= code.len() {
            if code[at..at + marker.len()] == marker[..] {
                let end = at + item(&code[at..]);
                code[at..end].iter_mut().filter(|c| **c != '\n').for_each(|c| *c = ' ');
                at = end;
            } else {
                at += 1;
            }
        }
    }
    code.into_iter().collect()
}

/// The modules that the file declares for tests only, as `#[cfg(test)] mod name;`.
pub fn test_modules(text: &str) -> Vec<String> {
    let code = code(text);
    let parts = code.split("#[cfg(test)]").skip(1);
    parts
        .filter_map(|part| {
            let (head, _) = part.split_once(';')?;
            let name = head
                .trim()
                .trim_start_matches("pub(crate) ")
                .trim_start_matches("pub ")
                .strip_prefix("mod ")?;
            (!name.contains('{')).then(|| name.trim().to_owned())
        })
        .collect()
}

/// The words of the code, each with its line number, counted from 1.
pub fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.lines().enumerate().flat_map(|(line, text)| {
        text.split(|c: char| !is_word(c)).filter(|word| !word.is_empty()).map(move |word| (line + 1, word))
    })
}

/// Whether the character can be part of a word.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn starts(rest: &[char], prefix: &str) -> bool {
    prefix.chars().enumerate().all(|(i, c)| rest.get(i) == Some(&c))
}

fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if starts(&rest[at..], "/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if starts(&rest[at..], "*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// Where a raw string (`r"..."`, `br#"..."#`, `cr"..."`) that starts here ends.
fn raw_string(rest: &[char]) -> Option<usize> {
    let letters = rest.iter().take_while(|c| matches!(c, 'r' | 'b' | 'c')).count();
    if letters == 0 || letters > 2 || rest[letters - 1] != 'r' {
        return None;
    }
    let hashes = rest[letters..].iter().take_while(|c| **c == '#').count();
    if rest.get(letters + hashes) != Some(&'"') {
        return None;
    }
    let close: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let mut at = letters + hashes + 1;
    while at < rest.len() {
        if starts(&rest[at..], &close) {
            return Some(at + close.len());
        }
        at += 1;
    }
    Some(rest.len())
}

fn quoted(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// Where a character literal that starts here ends; 0 for a lifetime.
fn character(rest: &[char]) -> usize {
    match rest.get(1) {
        Some('\\') => {
            let close = rest.iter().skip(3).position(|c| *c == '\'');
            close.map_or(0, |i| i + 4)
        }
        Some(_) if rest.get(2) == Some(&'\'') => 3,
        _ => 0,
    }
}

/// The length of the item that follows the attributes which start here: to its closing brace or its semicolon.
fn item(code: &[char]) -> usize {
    let (mut braces, mut others) = (0_usize, 0_usize);
    for (at, c) in code.iter().enumerate() {
        match c {
            '(' | '[' => others += 1,
            ')' | ']' => others = others.saturating_sub(1),
            '{' => braces += 1,
            '}' => {
                braces = braces.saturating_sub(1);
                if braces == 0 && others == 0 {
                    return at + 1;
                }
            }
            ';' if braces == 0 && others == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_vanish_and_lines_stay() {
        let text = "let a = \"x.unwrap()\"; // .unwrap()\n/* f64 /* nested */ f32 */ let b = r#\"f64 \"quoted\" \"#;\n\
                    let c = '\"'; let d: &'static str = b\"f64\\\"\"; let e = '\\u{41}'; let f = '\\'';\nend();";
        let code = code(text);
        assert_eq!(code.lines().count(), text.lines().count());
        for gone in ["unwrap", "f64", "f32", "nested", "quoted", "41"] {
            assert!(!code.contains(gone), "{gone} in {code}");
        }
        for kept in ["let a", "let b", "let c", "&'static str", "let f", "end();"] {
            assert!(code.contains(kept), "{kept} in {code}");
        }
    }

    #[test]
    fn test_items_vanish() {
        let text = "fn a() { one() }\n#[cfg(test)]\nmod tests {\n  fn b() { if x { two() } }\n}\nfn c() { three() }\n\
                    #[cfg(test)]\nuse four::{five};\n#[test]\nfn d() -> [u8; 3] { six() }\nfn e() { seven() }";
        let shipped = shipped(text);
        for gone in ["two", "four", "six"] {
            assert!(!shipped.contains(gone), "{gone} in {shipped}");
        }
        for kept in ["one", "three", "seven"] {
            assert!(shipped.contains(kept), "{kept} in {shipped}");
        }
    }

    #[test]
    fn declared_test_modules_are_named() {
        let text = "#[cfg(test)]\nmod cases;\n#[cfg(test)]\nmod inside { fn x() {} }\nmod real;";
        assert_eq!(test_modules(text), ["cases"]);
    }
}
