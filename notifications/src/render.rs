//! What is said: the in-app item with the content, and the mail shell that only asks to sign in.
//!
//! Templates are compiled in. Values are cleaned of line breaks, control and direction characters before they meet a template, and
//! escaped in HTML; a name that a template does not know is an error, not an empty place.

use crate::config::Bank;
use crate::post::{InboxItem, Parcel, number};
use crate::templates::{Overrides, version_of};
use chrono::{Datelike, NaiveDate};
use minijinja::{Environment, UndefinedBehavior, Value, context};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use workflows::Yen;
use workflows::machine::contact::{ContactLanguage, Mailing};
use workflows::machine::{Effect, NoticeData, NoticeId, NoticeValue, Recipient, Stage};

/// The templates that are compiled in, by their path below `templates/`.
pub(crate) const SOURCES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// No value of a notice is longer.
const LONGEST: usize = 1_000;

/// Languages, in the order in which people see them.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Language {
    Ja,
    En,
}

impl Language {
    pub const ALL: &'static [Language] = &[Language::Ja, Language::En];

    /// The folder of its templates, and its language tag.
    pub const fn code(self) -> &'static str {
        match self {
            Language::Ja => "ja",
            Language::En => "en",
        }
    }

    fn date(self, date: NaiveDate) -> String {
        match self {
            Language::Ja => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
            Language::En => date.format("%-d %B %Y").to_string(),
        }
    }

    /// A value as its reader writes it.
    fn value(self, value: &NoticeValue) -> String {
        match (self, value) {
            (Language::Ja, NoticeValue::Yen { yen }) => format!("{}円", Yen(*yen)),
            (Language::En, NoticeValue::Yen { yen }) => format!("JPY {}", Yen(*yen)),
            (_, NoticeValue::Percent { percent }) => format!("{}%", percent.0),
            (_, NoticeValue::Day { day }) => self.date(*day),
            (Language::Ja, NoticeValue::Said { ja, .. }) => ja.clone(),
            (Language::En, NoticeValue::Said { en, .. }) => en.clone(),
            (_, NoticeValue::Plain(text)) => text.clone(),
        }
    }
}

/// Who reads it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    Party,
    Desk,
    Partner,
}

impl Audience {
    /// The audience of a recipient.
    pub const fn of(to: &Recipient) -> Audience {
        match to {
            Recipient::Party { .. } => Audience::Party,
            Recipient::Desk { .. } => Audience::Desk,
            Recipient::Partner { .. } => Audience::Partner,
        }
    }

    /// As templates ask for it.
    pub const fn code(self) -> &'static str {
        match self {
            Audience::Party => "PARTY",
            Audience::Desk => "DESK",
            Audience::Partner => "PARTNER",
        }
    }
}

/// A rendered text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Rendered {
    /// SHA-256 over subject, text and HTML, in hexadecimal digits.
    pub fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        for text in [&self.subject, &self.text, &self.html] {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text);
        }
        hex::encode(hasher.finalize())
    }
}

/// A parcel that cannot be put into words: a fault of the program, told to a person.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The error's own words may repeat values, so they stay out.
    #[error("template {0} failed")]
    Template(String),
    #[error("the parcel is neither a notice nor a partner message")]
    Nothing,
}

/// The templates, parsed once.
pub struct Renderer {
    env: Environment<'static>,
    /// Version by folder; a bank's own under `BANK/FOLDER`.
    versions: BTreeMap<String, String>,
}

impl Renderer {
    /// Parses every template.
    pub fn new() -> Result<Renderer, RenderError> {
        Renderer::with(&Overrides::default())
    }

    /// The same with the banks' own templates before those that are compiled in.
    pub fn with(overrides: &Overrides) -> Result<Renderer, RenderError> {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_trim_blocks(true);
        env.set_lstrip_blocks(true);
        for (name, source) in SOURCES {
            env.add_template(name, source).map_err(|_| RenderError::Template((*name).to_owned()))?;
        }
        let folder = |name: &str| name.split('/').next().unwrap_or_default().to_owned();
        let mut versions: BTreeMap<String, String> =
            SOURCES.iter().map(|(name, _)| (folder(name), String::new())).collect();
        for (name, version) in &mut versions {
            *version = version_of(name, None);
        }
        for (file, source) in &overrides.files {
            let name = format!("bank/{file}");
            let failed = |_| RenderError::Template(name.clone());
            env.add_template_owned(name.clone(), source.clone()).map_err(failed)?;
            if let [bank, notice, ..] = file.split('/').collect::<Vec<_>>()[..] {
                versions.insert(format!("{bank}/{notice}"), version_of(notice, Some((overrides, bank))));
            }
        }
        Ok(Renderer { env, versions })
    }

    /// Version of the templates of a folder such as `N03`, `shell` or `partner`.
    pub fn version(&self, folder: &str) -> &str {
        self.versions.get(folder).map_or("", String::as_str)
    }

    /// Version of the templates of a notice as this bank words it.
    pub fn version_for(&self, folder: &str, bank: &str) -> &str {
        self.versions.get(&format!("{bank}/{folder}")).map_or_else(|| self.version(folder), String::as_str)
    }

    /// The folder of a notice: the bank's own where it has one.
    fn folder(&self, notice: NoticeId, language: Language, bank: &Bank) -> String {
        let own = format!("{}/{}", bank.code, notice.code());
        let bank =
            if self.versions.contains_key(&own) { format!("bank/{}/", bank.code) } else { String::new() };
        format!("{bank}{}/{}", notice.code(), language.code())
    }

    /// Puts a notice into words; the template, line and fault where that fails.
    pub(crate) fn try_one(
        &self,
        notice: NoticeId,
        language: Language,
        audience: Audience,
        data: &NoticeData,
        bank: &Bank,
    ) -> Result<(), (String, usize, String)> {
        let values = values(notice, language, audience, data, bank);
        for file in ["subject.txt", "body.txt", "body.html"] {
            let name = format!("{}/{file}", self.folder(notice, language, bank));
            let failed = |error: minijinja::Error| {
                let file = name.strip_prefix("bank/").unwrap_or(&name).to_owned();
                (file, error.line().unwrap_or(0), error.kind().to_string())
            };
            self.env.get_template(&name).and_then(|template| template.render(&values)).map_err(failed)?;
        }
        Ok(())
    }

    /// The content of a notice, for the in-app inbox and the counter.
    pub fn in_app(
        &self,
        notice: NoticeId,
        language: Language,
        audience: Audience,
        data: &NoticeData,
        bank: &Bank,
    ) -> Result<Rendered, RenderError> {
        let values = values(notice, language, audience, data, bank);
        let folder = self.folder(notice, language, bank);
        Ok(Rendered {
            subject: clean(&self.one(&format!("{folder}/subject.txt"), &values)?),
            text: self.one(&format!("{folder}/body.txt"), &values)?,
            html: self.one(&format!("{folder}/body.html"), &values)?,
        })
    }

    /// The mail of any notice: that there is one, which case, where to sign in. Both languages in one message.
    pub fn shell(&self, number: &str, bank: &Bank) -> Result<Rendered, RenderError> {
        self.shell_in(ContactLanguage::Both, number, bank)
    }

    /// The same in the language that somebody wishes.
    pub fn shell_in(
        &self,
        language: ContactLanguage,
        number: &str,
        bank: &Bank,
    ) -> Result<Rendered, RenderError> {
        self.mail("shell", language, bank, context! { number => clean(number) })
    }

    /// A mail beside a case: a one-time code, or an advertisement. Its folder, and what it says.
    pub fn mailing(
        &self,
        mailing: &Mailing,
        language: ContactLanguage,
        number: &str,
        bank: &Bank,
    ) -> Result<(&'static str, Rendered), RenderError> {
        let (folder, values) = match mailing {
            Mailing::Code { code } => ("code", context! { code => clean(code), number => clean(number) }),
            Mailing::Direct(direct) => {
                let lines: Vec<String> = direct.text().lines().map(clean).collect();
                ("direct", context! { title => clean(direct.title()), lines => lines })
            }
        };
        Ok((folder, self.mail(folder, language, bank, values)?))
    }

    /// The digest of a desk: which notices of which cases are there.
    pub fn digest(&self, parcels: &[Parcel], bank: &Bank) -> Result<Rendered, RenderError> {
        let line = |parcel: &Parcel| match &parcel.effect {
            Effect::Notify { notice, data, .. } => {
                Ok(context! { number => clean(&data.number), ja => notice.ja(), en => notice.en() })
            }
            _ => Err(RenderError::Nothing),
        };
        let lines = parcels.iter().map(line).collect::<Result<Vec<Value>, _>>()?;
        self.mail("digest", ContactLanguage::Both, bank, context! { lines => lines })
    }

    fn mail(
        &self,
        folder: &str,
        language: ContactLanguage,
        bank: &Bank,
        values: Value,
    ) -> Result<Rendered, RenderError> {
        let values = context! {
            ja => language != ContactLanguage::En,
            en => language != ContactLanguage::Ja,
            sign_in => clean(&bank.sign_in),
            bank_ja => clean(&bank.name_ja),
            bank_en => clean(&bank.name_en),
            ..values
        };
        Ok(Rendered {
            subject: clean(&self.one(&format!("{folder}/subject.txt"), &values)?),
            text: self.one(&format!("{folder}/body.txt"), &values)?,
            html: self.one(&format!("{folder}/body.html"), &values)?,
        })
    }

    /// What a parcel puts into an inbox: a notice, or a partner message with its payload.
    pub fn inbox_item(&self, parcel: &Parcel, bank: &Bank) -> Result<InboxItem, RenderError> {
        let mut template = self.version("partner").to_owned();
        let [ja, en] = match &parcel.effect {
            Effect::Notify { notice, to, data } => {
                template = self.version_for(notice.code(), &bank.code).to_owned();
                let render = |language| self.in_app(*notice, language, Audience::of(to), data, bank);
                [render(Language::Ja)?, render(Language::En)?].map(|r| (r.subject, r.text))
            }
            Effect::Send { message, payload, .. } => {
                let render = |language, title| self.message(number(parcel), payload, bank, language, title);
                [render(Language::Ja, message.ja())?, render(Language::En, message.en())?]
            }
            _ => return Err(RenderError::Nothing),
        };
        Ok(InboxItem { subject_ja: ja.0, body_ja: ja.1, subject_en: en.0, body_en: en.1, template })
    }

    fn message(
        &self,
        number: &str,
        payload: &serde_json::Value,
        bank: &Bank,
        language: Language,
        title: &str,
    ) -> Result<(String, String), RenderError> {
        let values = context! {
            title => title,
            number => clean(number),
            bank_ja => clean(&bank.name_ja),
            bank_en => clean(&bank.name_en),
            payload => format!("{payload:#}"),
        };
        let folder = format!("partner/{}", language.code());
        let subject = clean(&self.one(&format!("{folder}/subject.txt"), &values)?);
        Ok((subject, self.one(&format!("{folder}/body.txt"), &values)?))
    }

    fn one(&self, name: &str, values: &Value) -> Result<String, RenderError> {
        let failed = |_| RenderError::Template(name.to_owned());
        self.env.get_template(name).and_then(|t| t.render(values)).map_err(failed)
    }
}

/// What a template may ask for.
fn values(notice: NoticeId, language: Language, audience: Audience, data: &NoticeData, bank: &Bank) -> Value {
    let title = match language {
        Language::Ja => notice.ja(),
        Language::En => notice.en(),
    };
    let facts: Vec<Value> = data
        .facts
        .iter()
        .map(|fact| {
            let label = if language == Language::Ja { &fact.ja } else { &fact.en };
            context! { label => clean(label), value => clean(&language.value(&fact.value)) }
        })
        .collect();
    let stage = Stage::ALL.iter().find(|stage| stage.ja() == data.stage_ja).map_or("", |stage| stage.code());
    context! {
        title => title,
        number => clean(&data.number),
        stage => stage,
        stage_ja => clean(&data.stage_ja),
        stage_en => clean(&data.stage_en),
        addressee => data.addressee.as_deref().map(clean),
        audience => audience.code(),
        on => data.on.map(|date| language.date(date)),
        until => data.until.map(|date| language.date(date)),
        items => data.items.iter().map(|item| clean(&language.value(item))).collect::<Vec<_>>(),
        facts => facts,
        bank_ja => clean(&bank.name_ja),
        bank_en => clean(&bank.name_en),
    }
}

/// One line without characters that end it, hide in it or turn it round.
pub(crate) fn clean(text: &str) -> String {
    let harmless = |c: char| {
        let hidden = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if c.is_control() || hidden { ' ' } else { c }
    };
    let line: String = text.chars().map(harmless).take(LONGEST).collect();
    line.trim().to_owned()
}
