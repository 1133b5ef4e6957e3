//! What went wrong around a case, or around the bank itself, and waits for a person: kinds, what to do, and what may be done from the
//! list. Pure.
//!
//! An incident is no state of a case: it is read from the queues beside it (outbox, deadlines, tasks) and from its stage, so it can
//! neither be forgotten nor outlive its cause. A payment is never dealt with here (INV-1).

use super::effect::Timer;
use super::hooks::ENDPOINT_DISABLED;
use super::role::{Actor, Role};

crate::terms! {
    /// Kinds of incidents.
    pub enum IncidentKind {
        Undelivered = "UNDELIVERED", "届かなかった通知・連絡", "Not delivered";
        UnknownPayment = "UNKNOWN_PAYMENT", "結果不明の実行", "Payment with an unknown outcome";
        OverduePromise = "OVERDUE_PROMISE", "提携先の回答遅延", "A partner's answer is overdue";
        ExpiredPromise = "EXPIRED_PROMISE", "有効期限切れ", "A validity has run out";
        StuckTimer = "STUCK_TIMER", "実行できない期限処理", "A date whose action does not succeed";
        DeadLetter = "DEAD_LETTER", "届かなかったWebhook", "A webhook was given up";
        DisabledEndpoint = "DISABLED_ENDPOINT", "自動停止した送信先", "An endpoint was disabled";
        OpenDay = "OPEN_DAY", "締めていない営業日", "A business day is not closed";
        LateEvents = "LATE_EVENTS", "出来事の配信遅延", "Events are published late";
    }
}

crate::terms! {
    /// What a person does with incidents.
    pub enum IncidentAction {
        Take = "TAKE", "担当する", "Take";
        Release = "RELEASE", "担当を外れる", "Give back";
        Retry = "RETRY", "再実行する", "Try again";
        Remind = "REMIND", "提携先に督促する", "Remind the partner";
        Readdress = "READDRESS", "宛先を改めて再送する", "Send to another address";
        Close = "CLOSE", "理由を付けて終了する", "Close with a reason";
        Approve = "APPROVE", "終了を承認する", "Approve the closing";
        Return = "RETURN", "終了を差し戻す", "Return the closing";
        Enable = "ENABLE", "送信先を再開する", "Activate the endpoint";
    }
}

crate::terms! {
    /// Why something undelivered is closed.
    pub enum ClosingReason {
        ToldByPhone = "TOLD_BY_PHONE", "電話で連絡済み", "Told by telephone";
        ToldByLetter = "TOLD_BY_LETTER", "書面で連絡済み", "Told by letter";
        ToldAtCounter = "TOLD_AT_COUNTER", "窓口で説明済み", "Told at the counter";
        DoneElsewhere = "DONE_ELSEWHERE", "別の方法で処理済み", "Done in another way";
        NoLongerNeeded = "NO_LONGER_NEEDED", "不要となった", "No longer needed";
    }
}

crate::terms! {
    /// Why a notice is sent anew.
    pub enum AnewReason {
        NotReceived = "NOT_RECEIVED", "届いていないとの申出", "The recipient says that it has not come";
        AddressChanged = "ADDRESS_CHANGED", "宛先の変更", "The address has changed";
        AskedFor = "ASKED_FOR", "再発行の依頼", "The recipient asks for it again";
    }
}

crate::terms! {
    /// What an action would come to.
    pub enum IncidentMeans {
        Taken = "TAKEN", "あなたの担当になります", "You work on it";
        Given = "GIVEN_BACK", "担当者なしになります", "Nobody works on it";
        SentAgain = "SENT_AGAIN", "同じ識別番号で再送します。届いていた場合、受信側が重複を除きます", "It is sent again under its id: whoever had it drops the repeat";
        SentElsewhere = "SENT_ELSEWHERE", "新しい宛先へ再送します", "It is sent to the new address";
        Reminded = "REMINDED", "提携先の受信箱に督促を送ります（1日1回）", "A reminder goes to the partner's inbox, once a day";
        RunAgain = "RUN_AGAIN", "期限処理をただちに再実行します", "The date's action runs again at once";
        Proposed = "PROPOSED", "終了を起案します。別の担当者の承認が必要です", "The closing is proposed: somebody else approves it";
        Closed = "CLOSED", "終了します", "It is closed";
        Returned = "RETURNED", "終了の起案を差し戻します", "The proposal is returned";
        Enabled = "ENABLED", "送信先を再開します。止まっていた出来事は順に送られます", "The endpoint is active again: what waited is sent in order";
    }
}

crate::terms! {
    /// Why an action is not possible.
    pub enum Hindrance {
        Gone = "GONE", "すでに解消しているか、閲覧できません", "It is over already, or not yours to see";
        NotForThis = "NOT_FOR_THIS", "この種類にはできない操作です。案件の画面で処理してください", "Not for this kind: it is dealt with in the case";
        NotHere = "NOT_HERE", "この一覧からは処理できません。「すること」に従ってください", "Not dealt with from here: see what to do";
        Money = "MONEY", "実行に関わるため、ここでは処理できません。案件の画面で結果を照会してください", "Money is at stake: the outcome is asked for in the case";
        NotMail = "NOT_MAIL", "宛先を改められるのはメールだけです", "Only a mail has an address to correct";
        NoAddress = "NO_ADDRESS", "メールアドレスを name@host.example の形で指定してください", "A mail address is needed, such as name@host.example";
        NoReason = "NO_REASON", "終了の理由を選んでください", "A reason for the closing is needed";
        OthersWork = "OTHERS_WORK", "ほかの担当者が対応中です", "Somebody else works on it";
        NotMine = "NOT_MINE", "担当していません", "You do not work on it";
        RemindedToday = "REMINDED_TODAY", "本日はすでに督促しています", "The partner was reminded today";
        Pending = "PENDING", "終了の承認待ちです", "A closing waits for approval";
        NothingProposed = "NOTHING_PROPOSED", "終了は起案されていません", "No closing is proposed";
        NotYourRole = "NOT_YOUR_ROLE", "承認できるのは支店長・業務部門・コンプライアンス部門です", "A branch manager, operations or compliance approves it";
        FourEyes = "FOUR_EYES", "起案した本人は承認できません", "Whoever proposed it cannot approve it";
    }
}

/// An incident as an action meets it.
#[derive(Copy, Clone, Debug)]
pub struct Standing<'a> {
    pub kind: IncidentKind,
    /// Code of the notice, partner message, task or timer; type of the event, reason, or [`OPEN`] and [`MOVED`] where no case is concerned.
    pub what: &'a str,
    /// Channel of what was not delivered.
    pub channel: Option<&'a str>,
    /// Its closing would leave a customer or partner untold: nobody at the bank's own desk, and not told over another channel.
    pub duty: bool,
    /// The organisation of the partner is known, so it can be reminded.
    pub partner: bool,
    pub taken_by: Option<&'a str>,
    pub proposed_by: Option<&'a str>,
}

/// What comes with an action.
#[derive(Copy, Clone, Debug, Default)]
pub struct Given<'a> {
    pub reason: Option<ClosingReason>,
    pub mail_to: Option<&'a str>,
}

/// Who approves a closing (E.2: the checker is no clerk).
pub const APPROVERS: &[Role] = &[Role::BranchManager, Role::Operations, Role::Compliance];

/// What an action would do, or what stands in its way. Nothing is written.
pub fn judge(
    standing: &Standing<'_>,
    action: IncidentAction,
    given: Given<'_>,
    who: &Actor,
) -> Result<IncidentMeans, Hindrance> {
    use IncidentAction as A;
    use IncidentKind as K;
    let others = standing.taken_by.is_some_and(|by| by != who.subject);
    let proposer = who.people().any(|person| standing.proposed_by == Some(person));
    if others && !matches!(action, A::Release | A::Approve | A::Return) {
        return Err(Hindrance::OthersWork);
    }
    let pending = standing.proposed_by.is_some();
    match (action, standing.kind) {
        (A::Take, _) => Ok(IncidentMeans::Taken),
        (A::Release, _) if standing.taken_by == Some(who.subject.as_str()) => Ok(IncidentMeans::Given),
        (A::Release, _) => Err(Hindrance::NotMine),
        (_, K::UnknownPayment) => Err(Hindrance::Money),
        (A::Enable, K::DisabledEndpoint) => Ok(IncidentMeans::Enabled),
        (_, K::DisabledEndpoint | K::OpenDay | K::LateEvents) => Err(Hindrance::NotHere),
        (A::Enable, _) => Err(Hindrance::NotForThis),
        (A::Remind, K::OverduePromise) if standing.partner => Ok(IncidentMeans::Reminded),
        (A::Remind, _) | (_, K::OverduePromise | K::ExpiredPromise) => Err(Hindrance::NotForThis),
        (A::Approve | A::Return, _) if !pending => Err(Hindrance::NothingProposed),
        (A::Approve, _) if proposer => Err(Hindrance::FourEyes),
        (A::Approve, _) if !APPROVERS.contains(&who.role) => Err(Hindrance::NotYourRole),
        (A::Approve, _) => Ok(IncidentMeans::Closed),
        (A::Return, _) => Ok(IncidentMeans::Returned),
        (_, _) if pending => Err(Hindrance::Pending),
        (A::Retry, K::Undelivered | K::DeadLetter) => Ok(IncidentMeans::SentAgain),
        (A::Retry, K::StuckTimer) => Ok(IncidentMeans::RunAgain),
        (A::Readdress, K::StuckTimer | K::DeadLetter) => Err(Hindrance::NotForThis),
        (A::Readdress, K::Undelivered) if standing.channel != Some("EMAIL") => Err(Hindrance::NotMail),
        (A::Readdress, K::Undelivered) if given.mail_to.is_none() => Err(Hindrance::NoAddress),
        (A::Readdress, K::Undelivered) => Ok(IncidentMeans::SentElsewhere),
        (A::Close, K::StuckTimer) if moves_money(standing.what) => Err(Hindrance::Money),
        (A::Close, K::Undelivered) if is_payment(standing.what) => Err(Hindrance::Money),
        (A::Close, _) if given.reason.is_none() => Err(Hindrance::NoReason),
        // A date that never runs again is a duty lost, whoever waits for it.
        (A::Close, K::StuckTimer) => Ok(IncidentMeans::Proposed),
        (A::Close, K::Undelivered) if standing.duty => Ok(IncidentMeans::Proposed),
        // A webhook only knocks: what it told of stands in the case and in its partner's list.
        (A::Close, K::Undelivered | K::DeadLetter) => Ok(IncidentMeans::Closed),
    }
}

/// Dates that guard money: they end with what they wait for and in no other way.
fn moves_money(timer: &str) -> bool {
    [Timer::Tm07, Timer::Tm09, Timer::Day, Timer::React].iter().any(|guard| guard.code() == timer)
}

/// Orders and queries about money are never given up from a list (INV-1).
fn is_payment(message: &str) -> bool {
    ["POSTING_ORDER", "POSTING_QUERY", "REVERSAL_ORDER"].contains(&message)
}

/// [`IncidentKind::OpenDay`]: the day is over, money was ordered on it or a list of it handed in, and nobody closed it.
pub const OPEN: &str = "OPEN_DAY";
/// [`IncidentKind::OpenDay`]: money was ordered or taken back after the closing.
pub const MOVED: &str = "MOVED_DAY";
/// [`IncidentKind::LateEvents`]: events wait for the stream.
pub const LATE: &str = "LATE_EVENTS";

/// What happened, or was to be told, where no case is concerned, in Japanese and English.
pub fn words_of_bank(what: &str) -> Option<(&'static str, &'static str)> {
    let known = [
        (OPEN, "営業日が締められていません", "The business day is over and not closed"),
        (MOVED, "締めた後に実行または取消がありました", "Money was ordered or taken back after the closing"),
        (
            ENDPOINT_DISABLED,
            "Webhookの送信先が自動停止したことのお知らせ",
            "That an endpoint of webhooks was disabled",
        ),
        (LATE, "出来事がNATSに配信されていません", "Events wait to be published to NATS"),
    ];
    known.into_iter().find(|(code, ..)| *code == what).map(|(_, ja, en)| (ja, en))
}

/// What to do about an incident, in Japanese and English. `error` is the code of the last try.
pub fn what_to_do(kind: IncidentKind, error: &str) -> (&'static str, &'static str) {
    match kind {
        IncidentKind::Undelivered => undelivered(error),
        IncidentKind::UnknownPayment => (
            "勘定系に指図番号で結果を照会してください。新しい実行指図は出せません。結果が届くと自動で解消します。",
            "Ask core banking for the outcome by the order's key. No new order is possible; the answer ends this by itself.",
        ),
        IncidentKind::OverduePromise => (
            "この一覧から督促するか、提携先に連絡して回答を求めてください。回答が登録されると解消します。",
            "Remind the partner from here, or call and ask for the answer; its entry ends this.",
        ),
        IncidentKind::ExpiredPromise => (
            "保証は再度依頼し、告知は再度申し込んでもらってください。新しい手続が始まると解消します。",
            "Request the guarantee again, or have the declaration made again; the new request ends this.",
        ),
        IncidentKind::StuckTimer => (
            "案件の画面で不足している条件を確認し、解消してから再実行してください。",
            "See in the case which precondition is unmet, settle it, then try again.",
        ),
        IncidentKind::DeadLetter => (
            "受信側の復旧を確認してから再送してください。受信側が別の方法で知っていれば、理由を付けて終了してください。",
            "See that the receiver is up, then send again. Close it with a reason where the receiver knows otherwise.",
        ),
        IncidentKind::DisabledEndpoint => (
            "送信先の所有者に受信側の復旧を確認し、再開してください。止まっていた出来事は失われず、再開後に順に送られます。",
            "Ask the owner whether the receiver is up, then activate it. Nothing is lost: what waited is sent in order.",
        ),
        IncidentKind::OpenDay => (
            "業務部門が日締めの画面で差異を確かめ、2人で締めてください。締め後に動いた日は、先に締めを再開します。",
            "Operations look at the differences on the page of the day's end and close it with two people. A day that moved is opened again first.",
        ),
        IncidentKind::LateEvents => (
            "システム管理者に連絡し、NATSサーバーと配信処理の状態を確認してください。出来事は失われず、復旧後に順に配信されます。",
            "Tell the administrators to look at the NATS server and the publisher. Nothing is lost: it is published in order afterwards.",
        ),
    }
}

/// By what the last try said: `send: 550 5.1.1`, `connect: time-out`, `L-PRIV ..`.
fn undelivered(error: &str) -> (&'static str, &'static str) {
    let refused =
        error.split(' ').any(|word| word.len() == 3 && word.starts_with('5') && word.parse::<u16>().is_ok());
    if error.starts_with("L-PRIV") {
        (
            "本人の同意が撤回されています。同意を得てから再送してください。",
            "A consent is withdrawn. Send again once it is given.",
        )
    } else if error.starts_with("cannot be read") || error.contains("courier failed") {
        (
            "システム管理者に連絡し、修正後に再送してください。",
            "Tell the administrators; send again after the repair.",
        )
    } else if error.starts_with("template") {
        ("通知文のひな形を直してから再送してください。", "Correct the template, then send again.")
    } else if refused || error.starts_with("bounced") {
        (
            "宛先が受け付けられません。宛先を改めて再送するか、電話・書面で伝えて終了してください。",
            "The address is refused. Send to another one, or tell by telephone or letter and close.",
        )
    } else {
        (
            "相手先に届きません。通信の復旧を確認してから再送してください。",
            "The other side is not reached. See that the line is up, then send again.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Hindrance as H;
    use IncidentAction as A;
    use IncidentKind as K;
    use IncidentMeans as M;

    fn standing(kind: K, what: &str) -> Standing<'_> {
        Standing {
            kind,
            what,
            channel: Some("EMAIL"),
            duty: true,
            partner: true,
            taken_by: None,
            proposed_by: None,
        }
    }

    /// `a` and `b` manage a branch, `c` is a clerk.
    fn person(name: &str) -> Actor {
        let role = if name == "c" { Role::BranchClerk } else { Role::BranchManager };
        Actor { subject: name.to_owned(), ..Actor::internal(role) }
    }

    fn judge(s: &Standing<'_>, action: A, given: Given<'_>, who: &str) -> Result<M, H> {
        super::judge(s, action, given, &person(who))
    }

    const SAID: Given<'static> = Given { reason: Some(ClosingReason::ToldByPhone), mail_to: None };

    #[test]
    fn a_duty_is_closed_by_two_people_and_a_desks_mail_by_one() {
        let mine = standing(K::Undelivered, "N03");
        assert_eq!(judge(&mine, A::Close, SAID, "a"), Ok(M::Proposed));
        assert_eq!(judge(&mine, A::Close, Given::default(), "a"), Err(H::NoReason));
        let proposed = Standing { proposed_by: Some("a"), ..mine };
        assert_eq!(judge(&proposed, A::Approve, SAID, "a"), Err(H::FourEyes));
        assert_eq!(judge(&proposed, A::Approve, SAID, "b"), Ok(M::Closed));
        assert_eq!(judge(&proposed, A::Approve, SAID, "c"), Err(H::NotYourRole));
        let deputy = Actor { on_behalf_of: Some("a".to_owned()), ..person("b") };
        assert_eq!(
            super::judge(&proposed, A::Approve, SAID, &deputy),
            Err(H::FourEyes),
            "as a's deputy b is a"
        );
        assert_eq!(judge(&proposed, A::Return, SAID, "a"), Ok(M::Returned));
        assert_eq!(judge(&proposed, A::Retry, SAID, "a"), Err(H::Pending));
        assert_eq!(judge(&mine, A::Approve, SAID, "b"), Err(H::NothingProposed));
        let desk = Standing { duty: false, ..mine };
        assert_eq!(judge(&desk, A::Close, SAID, "a"), Ok(M::Closed));
    }

    #[test]
    fn money_is_never_dealt_with_from_the_list() {
        for action in [A::Retry, A::Readdress, A::Close, A::Approve, A::Return] {
            assert_eq!(judge(&standing(K::UnknownPayment, ""), action, SAID, "a"), Err(H::Money));
        }
        for message in ["POSTING_ORDER", "POSTING_QUERY", "REVERSAL_ORDER"] {
            assert_eq!(judge(&standing(K::Undelivered, message), A::Close, SAID, "a"), Err(H::Money));
            let code = super::super::effect::PartnerMessage::parse(message);
            assert!(code.is_some(), "{message} is no message any more");
        }
        for timer in ["TM07", "TM09", "DAY", "REACT"] {
            assert_eq!(judge(&standing(K::StuckTimer, timer), A::Close, SAID, "a"), Err(H::Money));
        }
        assert_eq!(judge(&standing(K::StuckTimer, "TM10"), A::Close, SAID, "a"), Ok(M::Proposed));
        assert_eq!(judge(&standing(K::StuckTimer, "TM09"), A::Retry, SAID, "a"), Ok(M::RunAgain));
    }

    #[test]
    fn who_works_on_it_is_left_alone() {
        let theirs = Standing { taken_by: Some("b"), ..standing(K::Undelivered, "N03") };
        for action in [A::Take, A::Retry, A::Close, A::Readdress] {
            assert_eq!(judge(&theirs, action, SAID, "a"), Err(H::OthersWork));
        }
        assert_eq!(judge(&theirs, A::Release, SAID, "a"), Err(H::NotMine));
        assert_eq!(judge(&theirs, A::Release, SAID, "b"), Ok(M::Given));
        let parcel = Standing { channel: Some("PARTNER"), ..standing(K::Undelivered, "GUARANTEE_REQUEST") };
        assert_eq!(judge(&parcel, A::Readdress, SAID, "a"), Err(H::NotMail));
        let promise = standing(K::OverduePromise, "UNDERWRITE");
        assert_eq!(judge(&promise, A::Retry, SAID, "a"), Err(H::NotForThis));
        assert_eq!(judge(&promise, A::Remind, SAID, "a"), Ok(M::Reminded));
        let nobody = Standing { partner: false, ..promise };
        assert_eq!(judge(&nobody, A::Remind, SAID, "a"), Err(H::NotForThis));
        assert_eq!(judge(&standing(K::Undelivered, "N03"), A::Remind, SAID, "a"), Err(H::NotForThis));
    }

    #[test]
    fn what_concerns_no_case_has_its_own_ways() {
        let letter =
            Standing { channel: None, duty: false, ..standing(K::DeadLetter, "case.submit_application") };
        assert_eq!(judge(&letter, A::Retry, SAID, "c"), Ok(M::SentAgain));
        assert_eq!(judge(&letter, A::Close, SAID, "c"), Ok(M::Closed));
        assert_eq!(judge(&letter, A::Close, Given::default(), "c"), Err(H::NoReason));
        for action in [A::Readdress, A::Remind, A::Enable] {
            assert_eq!(judge(&letter, action, SAID, "c"), Err(H::NotForThis));
        }
        let endpoint = standing(K::DisabledEndpoint, "GONE");
        assert_eq!(judge(&endpoint, A::Enable, SAID, "c"), Ok(M::Enabled));
        let theirs = Standing { taken_by: Some("b"), ..endpoint };
        assert_eq!(judge(&theirs, A::Enable, SAID, "c"), Err(H::OthersWork));
        for kind in [K::DisabledEndpoint, K::OpenDay, K::LateEvents] {
            assert_eq!(judge(&standing(kind, ""), A::Take, SAID, "c"), Ok(M::Taken));
            for action in [A::Retry, A::Close, A::Remind, A::Readdress, A::Approve] {
                assert_eq!(judge(&standing(kind, ""), action, SAID, "c"), Err(H::NotHere), "{kind} {action}");
            }
        }
        assert_eq!(judge(&standing(K::OpenDay, OPEN), A::Enable, SAID, "c"), Err(H::NotHere));
        assert_eq!(judge(&standing(K::StuckTimer, "TM10"), A::Enable, SAID, "c"), Err(H::NotForThis));
        assert!(
            [OPEN, MOVED, LATE].iter().all(|what| words_of_bank(what).is_some())
                && words_of_bank("TM10").is_none()
        );
    }

    #[test]
    fn every_kind_says_what_to_do_in_both_languages() {
        let errors = [
            "",
            "send: 550 5.1.1",
            "connect: time-out",
            "L-PRIV N-CONSENTS: A1 GUARANTEE",
            "template N03 failed",
        ];
        let mut told = std::collections::BTreeSet::new();
        for kind in K::ALL {
            for error in errors {
                let (ja, en) = what_to_do(*kind, error);
                assert!(
                    !ja.is_empty() && ja.chars().any(|c| c as u32 > 0x3000) && en.is_ascii(),
                    "{kind} {error}"
                );
                told.insert(en);
            }
        }
        assert_eq!(told.len(), 12, "eight kinds, and four ways in which a delivery fails");
    }
}
