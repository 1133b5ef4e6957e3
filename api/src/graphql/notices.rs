//! What notices say, with the data of nobody: for whoever judges their words before somebody gets them.

use super::application::label;
use super::desk::SET_UP;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, text};
use super::model::Model;
use super::roots::Root;
use super::shape::Shape;
use async_graphql::dynamic::ResolverContext;
use db::outbox::InboxItem;
use notifications::templates::sample;
use notifications::{Audience, Bank, Language, RenderError, Renderer};
use serde_json::{Value, json};
use workflows::machine::{NoticeData, NoticeId};

/// Who gets notices in words of their own: people of the case, and the bank's desks.
const AUDIENCES: [(Audience, &str, &str); 2] =
    [(Audience::Party, "お客様", "Customer"), (Audience::Desk, "金庫の担当", "The bank's desk")];

/// The words of notices as couriers use them, and how banks sign.
pub struct Wording {
    renderer: Renderer,
    mail: notifications::MailConfig,
}

impl Wording {
    /// With the templates of a bank before those that are compiled in.
    pub const fn new(renderer: Renderer, mail: notifications::MailConfig) -> Self {
        Wording { renderer, mail }
    }

    /// The templates that are compiled in. Errors: one of them cannot be read, which a test rules out.
    pub fn usual() -> Result<Self, RenderError> {
        Ok(Wording { renderer: Renderer::new()?, mail: notifications::MailConfig::default() })
    }

    /// What a notice says to this audience, with the data of its case.
    ///
    /// Errors: the template cannot be put into words.
    pub(super) fn said(
        &self,
        notice: NoticeId,
        audience: Audience,
        data: &NoticeData,
        bank: &Bank,
    ) -> Result<InboxItem, RenderError> {
        let said = |language: Language| self.renderer.in_app(notice, language, audience, data, bank);
        let (ja, en) = (said(Language::Ja)?, said(Language::En)?);
        Ok(InboxItem {
            subject_ja: ja.subject,
            subject_en: en.subject,
            body_ja: ja.text,
            body_en: en.text,
            template: self.renderer.version_for(notice.code(), &bank.code).to_owned(),
        })
    }

    /// The notice as this audience of the bank reads it, in both languages, and the mail that tells of it.
    fn preview(&self, notice: NoticeId, audience: Audience, bank: &Bank) -> Result<Value, RenderError> {
        let data = sample();
        let said = |language: Language| {
            let said = self.renderer.in_app(notice, language, audience, &data, bank)?;
            Ok(json!({ "language": language.code(), "subject": said.subject, "text": said.text }))
        };
        let texts =
            Language::ALL.iter().map(|language| said(*language)).collect::<Result<Vec<_>, RenderError>>()?;
        let mail = self.renderer.shell(&data.number, bank)?;
        let version = self.renderer.version_for(notice.code(), &bank.code);
        Ok(json!({
            "notice": notice.code(), "label": label(notice.ja(), notice.en()), "version": version,
            "isOwn": version != self.renderer.version(notice.code()), "texts": texts,
            "mailSubject": mail.subject, "mailText": mail.text,
        }))
    }
}

/// Queries.
pub static QUERIES: &[Root] = &[Root {
    name: "noticePreview",
    ty: "NoticePreview",
    doc: "What a notice of the caller's bank says, with the data of nobody. Nothing is sent.",
    wall: SET_UP,
    arguments: &[("notice", "NoticeId!", "Which notice."), ("audience", "NoticeAudience!", "Who reads it.")],
    answer: |call, ctx| Box::pin(preview(call, ctx)),
}];

async fn preview(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let notice = text(&map, "notice").and_then(NoticeId::parse).ok_or(Fault::NotFound)?;
    let asked = text(&map, "audience").unwrap_or_default();
    let audience = AUDIENCES.iter().find(|(audience, ..)| audience.code() == asked).ok_or(Fault::NotFound)?.0;
    let shown = call.counter.service.notices.preview(notice, audience, &bank_of(call));
    shown.map(Shape::Json).map_err(|error| Fault::Internal(format!("{}: {error}", notice.code())))
}

/// The caller's bank as couriers sign for it: with the name in the latest edition of the book.
pub(super) fn bank_of(call: &Call) -> Bank {
    let (service, code) = (&call.counter.service, &call.actor.institution);
    let mut bank = Bank { code: code.clone(), ..service.notices.mail.bank(code).clone() };
    if let Some(book) = service.rules.of(code).books.get(code) {
        bank.name_ja.clone_from(&book.bank_name);
    }
    bank
}

/// The types of a preview.
pub fn catalogue(m: &mut Model) {
    m.choices("NoticeAudience", AUDIENCES.iter().map(|(audience, ja, en)| (audience.code(), *ja, *en)));
    m.object(
        "NoticePreview",
        "What a notice says, with the data of nobody.",
        &[
            ("notice", "NoticeId!", SET_UP, "Which notice."),
            ("label", "Label!", SET_UP, "Its name."),
            ("version", "String!", SET_UP, "Version of its templates, as deliveries name it."),
            ("isOwn", "Boolean!", SET_UP, "The bank words it itself."),
            ("texts", "[NoticeText!]!", SET_UP, "What stands in the inbox, in each language."),
            (
                "mailSubject",
                "String!",
                SET_UP,
                "Subject of the mail, which tells that there is a notice and nothing of it.",
            ),
            ("mailText", "String!", SET_UP, "The mail."),
        ],
    );
    m.object(
        "NoticeText",
        "A notice in one language.",
        &[
            ("language", "String!", SET_UP, "`ja` or `en`."),
            ("subject", "String!", SET_UP, "Subject."),
            ("text", "String!", SET_UP, "The words."),
        ],
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_has_a_preview_for_each_who_reads_it_and_its_mail_tells_nothing_of_it() {
        let wording = Wording::usual().expect("the templates");
        let bank = Bank { code: "2951".to_owned(), name_ja: "見本銀行".to_owned(), ..Bank::default() };
        let mut looked = 0;
        for notice in NoticeId::ALL {
            for (audience, ..) in AUDIENCES {
                let shown = wording.preview(*notice, audience, &bank).expect("a preview");
                for text in shown["texts"].as_array().expect("texts") {
                    assert!(!text["subject"].as_str().expect("subject").is_empty(), "{shown}");
                    assert!(!text["text"].as_str().expect("text").trim().is_empty(), "{shown}");
                    looked += 1;
                }
                assert_eq!(shown["isOwn"], false, "{shown}");
                let mail = shown["mailText"].as_str().expect("mail");
                assert!(mail.contains("見本銀行") && !mail.contains("見本 太郎"), "{mail}");
            }
        }
        assert!(looked > 40, "{looked} texts");
    }
}
