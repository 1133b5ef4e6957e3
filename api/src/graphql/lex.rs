//! The first look at a document: size, tokens and brackets, counted without building anything.
//!
//! The parser recurses with the brackets, so they are counted before it runs.

/// Why a document is not even parsed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    TooLong,
    TooManyTokens,
    TooDeep,
    /// A string or bracket does not end.
    Broken,
}

/// What a document may hold before it is parsed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Size {
    pub bytes: usize,
    pub tokens: usize,
    pub brackets: usize,
}

/// Counts tokens and brackets; gives the number of tokens. Errors: the first limit that is passed.
pub fn count(text: &str, most: Size) -> Result<usize, Unreadable> {
    if text.len() > most.bytes {
        return Err(Unreadable::TooLong);
    }
    let bytes = text.as_bytes();
    let (mut at, mut tokens, mut depth) = (0, 0_usize, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at = bytes[at..]
                    .iter()
                    .position(|b| matches!(b, b'\n' | b'\r'))
                    .map_or(bytes.len(), |n| at + n);
                continue;
            }
            b'"' => end_of_string(bytes, start).ok_or(Unreadable::Broken)?,
            b'.' if bytes[start..].starts_with(b"...") => start + 3,
            b if is_name(b) => start + bytes[start..].iter().take_while(|b| is_name(**b)).count(),
            _ => start + 1,
        };
        tokens += 1;
        if tokens > most.tokens {
            return Err(Unreadable::TooManyTokens);
        }
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.checked_sub(1).ok_or(Unreadable::Broken)?,
            _ => {}
        }
        if depth > most.brackets {
            return Err(Unreadable::TooDeep);
        }
    }
    if depth == 0 { Ok(tokens) } else { Err(Unreadable::Broken) }
}

const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where the string that starts at `start` ends; `None` when it does not.
fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let block = bytes[start..].starts_with(b"\"\"\"");
    let mut at = start + if block { 3 } else { 1 };
    loop {
        let rest = bytes.get(at..)?;
        match (block, rest) {
            (true, [b'\\', b'"', b'"', b'"', ..]) => at += 4,
            (true, [b'"', b'"', b'"', ..]) => return Some(at + 3),
            (false, [b'\\', _, ..]) => at += 2,
            (false, [b'"', ..]) => return Some(at + 1),
            (false, [b'\n' | b'\r', ..]) | (_, []) => return None,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: Size = Size { bytes: 1000, tokens: 20, brackets: 4 };

    #[test]
    fn tokens_are_counted_as_the_specification_counts_them() {
        assert_eq!(count("{ a(b: \"x { # y\") ...c }", MOST), Ok(10));
        assert_eq!(count("# only a comment {{{{{{{", MOST), Ok(0));
        assert_eq!(count("{ a(b: \"\"\" \\\"\"\" } \"\"\") }", MOST), Ok(8));
    }

    #[test]
    fn limits_hold() {
        assert_eq!(count(&"{".repeat(5), MOST), Err(Unreadable::TooDeep));
        assert_eq!(count(&"a ".repeat(21), MOST), Err(Unreadable::TooManyTokens));
        assert_eq!(count(&" ".repeat(1001), MOST), Err(Unreadable::TooLong));
        assert_eq!(count("{ a(b: \"x) }", MOST), Err(Unreadable::Broken));
        assert_eq!(count("} {", MOST), Err(Unreadable::Broken));
        assert_eq!(count("{ a", MOST), Err(Unreadable::Broken));
    }
}
