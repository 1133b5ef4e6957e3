//! Kana as bank transfers write it (I.30): single bytes of JIS X 0201, nothing guessed and nothing cut.
//!
//! A name is folded only where the outcome is certain: full width to half width, a voiced kana to kana and mark, small kana to
//! large, lower case to upper, the long-vowel mark to a hyphen. Kanji, hiragana and every other character are refused: the kana
//! name comes from the payee's account, never from a transliteration.

use std::fmt;
use std::marker::PhantomData;

use crate::form::Problem;

/// The rule of the transfer file.
pub(crate) const RULE: &str = "I.30";

/// A field of the transfer file that takes a name: how many bytes, and which marks beside kana, letters and digits.
pub trait Place: Clone + Copy + fmt::Debug + PartialEq + Eq {
    /// The most bytes of JIS X 0201.
    const MOST: usize;
    /// The marks that the field takes.
    const MARKS: &'static str;
}

macro_rules! places {
    ($($(#[$meta:meta])* $name:ident, $most:literal, $marks:literal;)+) => {
        $($(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name;

        impl Place for $name {
            const MOST: usize = $most;
            const MARKS: &'static str = $marks;
        })+
    };
}

places! {
    /// 振込依頼人名: who orders the transfers.
    Sender, 40, " ()-.";
    /// 受取人名: who receives a transfer.
    Payee, 30, " ()-.";
    /// 銀行名・支店名: a bank or a branch.
    Office, 15, "-";
    /// EDI情報: a text for the payee in place of the customer codes.
    Edi, 20, " ()-.";
}

/// A name that stands in a field of the transfer file, in half-width characters; one character is one byte.
#[derive(Clone, PartialEq, Eq)]
pub struct KanaName<P: Place>(String, PhantomData<P>);

impl<P: Place> KanaName<P> {
    /// The name from text in full or half width. Errors (I.30): what cannot be written without guessing, a name with a space
    /// at either end, an empty name, and one of more bytes than the field has, as it is never cut.
    pub fn parse(field: &str, text: &str) -> Result<Self, Problem> {
        let wrong = |ja: &str, en: &str| Err(Problem::new(field, RULE, (ja, en), accepted::<P>()));
        let Some(name) = folded(text) else {
            let refused = first_refused(text);
            return wrong(
                &format!("振込で使えない文字です（{refused}）。口座の受取人名をカナで入力してください。"),
                &format!("A transfer cannot write {refused}: take the kana name of the account."),
            );
        };
        let takes = |letter: char| is_letter(letter) || P::MARKS.contains(letter);
        if let Some(refused) = name.chars().find(|letter| !takes(*letter)) {
            return wrong(
                &format!("この項目では使えない記号です（{refused}）。"),
                &format!("This field does not take the mark '{refused}'."),
            );
        }
        if name.is_empty() || name.starts_with(' ') || name.ends_with(' ') {
            return wrong(
                "空欄、または先頭・末尾に空白があります。",
                "The name is empty or has a space at an end.",
            );
        }
        let bytes = name.chars().count();
        if bytes > P::MOST {
            return wrong(
                &format!("名前が長すぎます（{bytes}文字）。途中で切ることはできません。"),
                &format!("The name has {bytes} bytes and is never cut."),
            );
        }
        Ok(Self(name, PhantomData))
    }

    /// The name in half-width characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name from a field as it was written: only what [`KanaName::parse`] gives comes back, padding removed.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let text: Option<String> = bytes.iter().map(|byte| letter(*byte)).collect();
        let text = text?;
        let name = text.trim_end_matches(' ');
        let mut before = None;
        for letter in name.chars() {
            let mark = matches!(letter, 'ﾞ' | 'ﾟ');
            let right = if mark {
                takes_mark(before, letter)
            } else {
                is_letter(letter) || P::MARKS.contains(letter)
            };
            if !right {
                return None;
            }
            before = Some(letter);
        }
        let fits = !name.is_empty() && !name.starts_with(' ') && name.chars().count() <= P::MOST;
        fits.then(|| Self(name.to_owned(), PhantomData))
    }
}

impl<P: Place> fmt::Debug for KanaName<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<P: Place> fmt::Display for KanaName<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a field takes, in both languages.
fn accepted<P: Place>() -> String {
    let most = P::MOST;
    let marks = P::MARKS.replace(' ', "␣");
    format!(
        "カナ・英大文字・数字・記号「{marks}」で{most}バイト以内（濁点・半濁点は1バイト） / \
         kana, A-Z, digits and the marks {marks}, at most {most} bytes, a voiced mark being one"
    )
}

/// The byte of a half-width character in JIS X 0201. `None` for anything else.
pub(crate) fn byte(letter: char) -> Option<u8> {
    match letter {
        ' '..='~' => u8::try_from(letter).ok(),
        '｡'..='ﾟ' => u8::try_from(u32::from(letter) - u32::from('｡') + 0xA1).ok(),
        _ => None,
    }
}

/// The half-width character of a byte of JIS X 0201. `None` for control bytes and what the set does not have.
pub(crate) fn letter(byte: u8) -> Option<char> {
    match byte {
        b' '..=b'~' => Some(char::from(byte)),
        0xA1..=0xDF => char::from_u32(u32::from('｡') + u32::from(byte) - 0xA1),
        _ => None,
    }
}

/// Digits, capital letters, kana without ヲ and the small ones, voiced marks.
fn is_letter(letter: char) -> bool {
    matches!(letter, '0'..='9' | 'A'..='Z' | 'ｱ'..='ﾟ')
}

/// Full-width katakana from ァ (U+30A1) to ヴ (U+30F4) in half width, large, with the voiced mark apart. ヲ, ヰ and ヱ are refused.
const KATAKANA: &[(&str, &str)] = &[
    ("ァアィイゥウェエォオ", "ｱｱｲｲｳｳｴｴｵｵ"),
    ("カキクケコサシスセソタチツテト", "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄ"),
    ("ッャヤュユョヨヮワンヵヶ", "ﾂﾔﾔﾕﾕﾖﾖﾜﾜﾝｶｹ"),
    ("ナニヌネノハヒフヘホマミムメモラリルレロ", "ﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾗﾘﾙﾚﾛ"),
    ("ｧｨｩｪｫｬｭｮｯ", "ｱｲｳｴｵﾔﾕﾖﾂ"),
];
const VOICED: (&str, &str) = ("ヴガギグゲゴザジズゼゾダヂヅデドバビブベボ", "ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ");
const HALF_VOICED: (&str, &str) = ("パピプペポ", "ﾊﾋﾌﾍﾎ");

fn in_row((from, to): (&str, &str), letter: char) -> Option<char> {
    from.chars().zip(to.chars()).find_map(|(one, other)| (one == letter).then_some(other))
}

/// The characters that one character becomes; `None` where that would be a guess.
fn fold(letter: char) -> Option<(char, Option<char>)> {
    let plain = |letter: char| Some((letter, None));
    if matches!(letter, '0'..='9' | 'A'..='Z' | 'ｱ'..='ﾟ' | ' ' | '(' | ')' | '-' | '.') {
        return plain(letter);
    }
    if let Some(kana) = in_row(VOICED, letter) {
        return Some((kana, Some('ﾞ')));
    }
    if let Some(kana) = in_row(HALF_VOICED, letter) {
        return Some((kana, Some('ﾟ')));
    }
    if let Some(kana) = KATAKANA.iter().find_map(|row| in_row(*row, letter)) {
        return plain(kana);
    }
    match letter {
        'ー' | 'ｰ' => plain('-'),
        '\u{3000}' => plain(' '),
        '\u{3099}' => plain('ﾞ'),
        '\u{309a}' => plain('ﾟ'),
        // The full-width forms of the ASCII characters stand in the same order.
        '！'..='～' => char::from_u32(u32::from(letter) - 0xFEE0).and_then(fold),
        'a'..='z' => plain(letter.to_ascii_uppercase()),
        _ => None,
    }
}

/// The text in half width; `None` where a character is refused or a voiced mark stands behind nothing that takes one.
fn folded(text: &str) -> Option<String> {
    let mut name = String::new();
    for letter in text.chars() {
        let (kana, mark) = fold(letter)?;
        for letter in [Some(kana), mark].into_iter().flatten() {
            if matches!(letter, 'ﾞ' | 'ﾟ') && !takes_mark(name.chars().next_back(), letter) {
                return None;
            }
            name.push(letter);
        }
    }
    Some(name)
}

fn takes_mark(before: Option<char>, mark: char) -> bool {
    let row = if mark == 'ﾞ' { VOICED.1 } else { HALF_VOICED.1 };
    before.is_some_and(|before| row.contains(before))
}

/// What a refusal shows: the first character that cannot stand where it stands, with its place.
fn first_refused(text: &str) -> String {
    let mut until = String::new();
    for (at, letter) in text.chars().enumerate() {
        until.push(letter);
        if folded(&until).is_none() {
            let shown = if letter.is_control() { '\u{fffd}' } else { letter };
            return format!("{shown} @{}", at + 1);
        }
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payee(text: &str) -> Result<String, Problem> {
        KanaName::<Payee>::parse("payee", text).map(|name| name.0)
    }

    #[test]
    fn only_what_is_certain_is_folded() {
        for (from, to) in [
            ("カ）スマイハウス", "ｶ)ｽﾏｲﾊｳｽ"),
            ("ヤマダ　タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
            ("パーク", "ﾊﾟ-ｸ"),
            ("ヴァ", "ｳﾞｱ"),
            ("ヶヵヮッ", "ｹｶﾜﾂ"),
            ("ｬｧｯ", "ﾔｱﾂ"),
            ("ａｂｃ１．－", "ABC1.-"),
            ("カ\u{3099}ハ\u{309a}", "ｶﾞﾊﾟ"),
            ("ｶﾞ", "ｶﾞ"),
        ] {
            assert_eq!(payee(from).as_deref(), Ok(to), "{from}");
        }
    }

    #[test]
    fn what_would_be_a_guess_is_refused() {
        for refused in [
            "",
            " ",
            "　ア",
            "ア ",
            "東京",
            "やまだ",
            "ヲ",
            "ｦ",
            "ヰ",
            "ヱ",
            "ヷ",
            "ア,イ",
            "ア・イ",
            "ア、",
            "ﾞ",
            "アﾞ",
            "カﾟ",
            "ｶﾞﾞ",
            "ｶ ﾞ",
            "-ﾞ",
            "ア\u{0}",
            "ア\n",
            "é",
            "¥",
            "\\",
            "｡",
            "｢",
            "･",
            "‐",
            "−",
            "@",
            "/",
            "&",
            "'",
            "_",
        ] {
            let problem = payee(refused).expect_err(refused);
            assert_eq!((problem.rule, problem.field.as_str()), (RULE, "payee"), "{refused}");
        }
        let problem = payee("アイ東").expect_err("kanji");
        assert!(problem.message_ja.contains("東 @3") && problem.message_en.contains("東 @3"));
    }

    #[test]
    fn an_office_takes_no_mark_but_the_hyphen() {
        let office = |text| KanaName::<Office>::parse("bank_name", text).is_ok();
        assert!(office("ローキン") && office("A1"));
        for refused in ["ア イ", "ア)", "(ア", "ア."] {
            assert!(!office(refused), "{refused}");
        }
    }

    #[test]
    fn a_name_is_never_cut() {
        assert!(payee(&"ア".repeat(30)).is_ok());
        assert!(payee(&"ア".repeat(31)).is_err());
        // A voiced mark counts: fifteen pairs fill the field, a kana more does not fit.
        assert!(payee(&"ガ".repeat(15)).is_ok());
        assert!(payee(&format!("ア{}", "ガ".repeat(15))).is_err());
        assert!(KanaName::<Sender>::parse("", &"ア".repeat(40)).is_ok());
        assert!(KanaName::<Sender>::parse("", &"ア".repeat(41)).is_err());
        assert!(KanaName::<Office>::parse("", &"ア".repeat(15)).is_ok());
        assert!(KanaName::<Office>::parse("", &"ア".repeat(16)).is_err());
        assert!(KanaName::<Edi>::parse("", &"ア".repeat(20)).is_ok());
        assert!(KanaName::<Edi>::parse("", &"ア".repeat(21)).is_err());
    }

    #[test]
    fn bytes_and_letters_are_each_others_inverse() {
        let mut known = 0;
        for value in 0..=u8::MAX {
            if let Some(letter) = letter(value) {
                assert_eq!(byte(letter), Some(value));
                known += 1;
            }
        }
        assert_eq!(known, 95 + 63);
        assert_eq!(byte('ﾟ'), Some(0xDF));
        assert_eq!([byte('ア'), byte('\u{7f}'), byte('\n')], [None, None, None]);
    }

    #[test]
    fn a_field_comes_back_only_as_it_was_written() {
        let read = |text: &str| {
            let bytes: Vec<u8> = text.chars().map(|letter| byte(letter).expect("half width")).collect();
            KanaName::<Payee>::read(&bytes).map(|name| name.0)
        };
        assert_eq!(read("ｶ)ｱ   ").as_deref(), Some("ｶ)ｱ"));
        for refused in ["   ", " ｱ", "a", "ｧ", "ｰ", "ｱﾞ", "ｦ"] {
            assert_eq!(read(refused), None, "{refused}");
        }
    }
}
