//! What each value of a book means: the rule under which it stands, in words, and whom it touches.

/// The meaning of the values whose keys begin with `prefix`.
pub(super) struct Meaning {
    prefix: &'static str,
    pub(super) rule: &'static str,
    pub(super) ja: &'static str,
    pub(super) en: &'static str,
    /// Whom it touches, in Japanese and English.
    pub(super) who: (&'static str, &'static str),
}

/// The meaning of a value by its key. The last line stands for what no other line explains.
pub(super) fn meaning_of(key: &str) -> &'static Meaning {
    MEANINGS
        .iter()
        .filter(|meaning| key.starts_with(meaning.prefix))
        .max_by_key(|meaning| meaning.prefix.len())
        .unwrap_or(&UNEXPLAINED)
}

/// A value of the book that no line explains; a test watches that there is none.
pub(super) static UNEXPLAINED: Meaning =
    Meaning {
        prefix: "", rule: "O-24", ja: "金庫ごとの設定値", en: "A setting of the bank", who: ALL
    };

const ALL: (&str, &str) = ("すべての申込人", "every applicant");
const AREA: (&str, &str) =
    ("区域内外の判定を受ける個人会員・友の会会員", "individual and friends-society members judged by area");
const BRANCH: (&str, &str) = ("その店舗のお客さま", "customers of the branch");
const TIE_UP: (&str, &str) = ("提携商品の申込人", "applicants of the tie-up product");
const DEBTORS: (&str, &str) = ("申込人と連帯債務者", "applicants and joint debtors");
const LEASE: (&str, &str) = ("定期借地権付き物件の申込人", "applicants on fixed-term leasehold");
const INDIVIDUAL: (&str, &str) = ("個人会員の申込人", "applicants who are individual members");
const FRIENDS: (&str, &str) = ("友の会会員の申込人", "applicants who are friends-society members");
const PLEDGE: (&str, &str) = ("借主と保証人", "borrowers and guarantors");
const MIX: (&str, &str) = ("金利ミックスの申込人", "applicants of an interest mix");
const CONDITIONS: (&str, &str) = ("取引条件を満たす申込人", "applicants who meet the transaction conditions");
const YOUNG: (&str, &str) = ("若年の申込人", "young applicants");
const ADD_ON: (&str, &str) = ("団体会員以外の申込人", "applicants who are no members of an organisation");
const ORGANISATION: (&str, &str) = ("団体会員・生協組合員の申込人", "members of organisations and co-ops");
const OTHERS: (&str, &str) = ("個人会員・友の会会員の申込人", "individual and friends-society members");
const PERCENT: (&str, &str) = ("手数料定率型の申込人", "applicants under the percent-fee plan");
const LARGE: (&str, &str) = ("金額が基準以上の申込人", "applicants from the amount on");
const SPLIT: (&str, &str) = ("分割融資・つなぎローンの申込人", "applicants with drawings or a bridge loan");
const INSURED: (&str, &str) = ("団信の被保険者", "whoever is insured");
const BONUS: (&str, &str) = ("ボーナス返済を併用する申込人", "applicants with a bonus part");
const VARIABLE: (&str, &str) = ("変動金利型のお客さま", "customers on a variable rate");
const SPECIAL: (&str, &str) = ("固定・上限金利特約型のお客さま", "customers on a special term");
const PREPAY: (&str, &str) = ("繰上返済をするお客さま", "customers who prepay");
const LATE: (&str, &str) = ("返済が遅れたお客さま", "customers in arrears");
const LUMP: (&str, &str) = ("保証料を一括前払いしたお客さま", "customers who paid the guarantee fee at once");
const PAPER: (&str, &str) = ("書面で契約する申込人", "applicants who sign on paper");

const fn m(
    prefix: &'static str,
    rule: &'static str,
    ja: &'static str,
    en: &'static str,
    who: (&'static str, &'static str),
) -> Meaning {
    Meaning { prefix, rule, ja, en, who }
}

static MEANINGS: &[Meaning] = &[
    m("bank_name", "O-24", "金庫の名称", "Name of the bank", ALL),
    m("guarantors", "F-01", "保証機関", "Guarantee institutions", ALL),
    m("guarantor_codes", "F-02", "保証機関のコード", "Codes of a guarantee institution", ALL),
    m("business_area", "B-06", "営業区域", "Business area", AREA),
    m("branches", "B-06", "取扱店の一覧", "Branches that take applications in", BRANCH),
    m("branch_closures", "I-04", "店舗の臨時休業日", "Ad-hoc closure of a branch", BRANCH),
    m(
        "tie_up_products",
        "C-23",
        "提携商品と選択できる金利タイプ",
        "Tie-up products and their rate types",
        TIE_UP,
    ),
    m("terms.amount.maximum_yen", "C-10", "融資金額の上限", "Largest amount of an application", ALL),
    m("terms.term.maximum_months", "C-11", "返済期間の上限（月数）", "Longest term in months", ALL),
    m(
        "terms.term.final_age_below",
        "C-11",
        "最終返済日の年齢の上限（未満）",
        "Age on the final due date, below",
        DEBTORS,
    ),
    m(
        "terms.term.fixed_leasehold_maximum_months",
        "C-12",
        "定期借地権の場合の返済期間の上限（月数）",
        "Longest term in months on fixed-term leasehold",
        LEASE,
    ),
    m(
        "terms.eligibility.individual_member_share_yen",
        "B-05",
        "個人会員の出資額の下限",
        "Least share of an individual member",
        INDIVIDUAL,
    ),
    m(
        "terms.eligibility.friends_",
        "B-08",
        "友の会会員の要件（区域・勤労者）",
        "What is asked of friends-society members",
        FRIENDS,
    ),
    m(
        "terms.eligibility.antisocial_look_back_years",
        "B-17",
        "反社会的勢力からの離脱後に必要な年数",
        "Years since leaving an anti-social group",
        PLEDGE,
    ),
    m("terms.purpose.products", "C-01", "商品ごとの資金使途", "Purposes of each product", ALL),
    m(
        "terms.purpose.residence_degree_at_most",
        "C-01",
        "居住する親族の親等の上限",
        "Degree of kinship of whoever lives there",
        ALL,
    ),
    m(
        "terms.rate_types",
        "C.3",
        "金利タイプの取扱い・特約期間・更新・区分",
        "Rate types: offered, special term, renewal, family",
        ALL,
    ),
    m("terms.mix.most_loans", "C-50", "金利ミックスの本数の上限", "Loans of a mix", MIX),
    m("terms.mix.bonus", "C-46", "金利ミックスの引下げ幅", "Mix bonus", MIX),
    m(
        "terms.mix.second_part_at_least_percent",
        "C-46",
        "金利ミックスの引下げに必要な割合",
        "Share of the second part for the mix bonus",
        MIX,
    ),
    m(
        "terms.discount.saving_minimum",
        "C-41",
        "給与振込に代わる積立の額と対象商品",
        "Saving that replaces the salary transfer",
        CONDITIONS,
    ),
    m(
        "terms.discount.card_loan_from_age",
        "C-43",
        "カードローン契約が必要な年齢",
        "Age from which the card loan is asked for",
        YOUNG,
    ),
    m("terms.discounts", "C.5", "基準金利からの引下げ幅", "Discount off the standard rate", CONDITIONS),
    m(
        "terms.campaigns",
        "C-45",
        "期間限定引下げ（受付日で判定）",
        "Limited-time discount by day of reception",
        CONDITIONS,
    ),
    m("terms.screening", "C-60", "審査結果による上乗せ幅", "Add-on decided by screening", ADD_ON),
    m(
        "terms.fees.handling_organisation_yen",
        "C.4",
        "不動産担保取扱手数料（団体会員・生協組合員）",
        "Handling fee, members of organisations and co-ops",
        ORGANISATION,
    ),
    m(
        "terms.fees.handling_others_yen",
        "C-31",
        "不動産担保取扱手数料（その他の方）",
        "Handling fee, others",
        OTHERS,
    ),
    m(
        "terms.fees.percent_fee",
        "C-32",
        "融資手数料（定率型）の率",
        "Loan fee in percent of the amount",
        PERCENT,
    ),
    m(
        "terms.documents.income_certificate_valid_days",
        "D.2",
        "収入証明書の有効日数",
        "Days for which an income certificate is good",
        ALL,
    ),
    m(
        "terms.documents.seal_certificate_valid_months",
        "D.2",
        "印鑑証明書の有効月数",
        "Months for which a seal certificate is good",
        ALL,
    ),
    m("terms.validity.approval_days", "D.2", "融資承認の有効日数", "Days for which an approval is good", ALL),
    m(
        "terms.validity.guarantee_decision_days",
        "D.2",
        "保証決定の有効日数",
        "Days for which a guarantee decision is good",
        ALL,
    ),
    m(
        "terms.validity.bureau_inquiry_days",
        "D.2",
        "信用情報照会の有効日数",
        "Days for which a bureau inquiry is good",
        ALL,
    ),
    m(
        "terms.timers",
        "E.5",
        "期限（下書き・追加書類・入金確認・登記完了）",
        "Timers: draft, papers, posting, registration",
        ALL,
    ),
    m(
        "terms.leads",
        "I-01",
        "実行日までの各手続きの所要営業日数",
        "Business days of the steps to the money",
        ALL,
    ),
    m("terms.hours", "I-03", "営業時間と受付締切", "Business hours and cut-off", BRANCH),
    m(
        "terms.four_eyes",
        "E.2",
        "決裁者（本部決裁・融資審査会となる金額と事情）",
        "Who decides: amounts and risks of head office and committee",
        LARGE,
    ),
    m(
        "terms.staged.limit_percent",
        "S-02",
        "分割融資・つなぎローンの上限（割合）",
        "Drawings and bridge loans in percent of the amount",
        SPLIT,
    ),
    m("terms.staged.term_months", "S-03", "分割融資の期間（月数）", "Months of split lending", SPLIT),
    m("terms.staged.with_mix", "S-15", "金利ミックスとの併用", "Together with an interest mix", SPLIT),
    m(
        "terms.staged.bridge_insurance",
        "BR-3",
        "つなぎローンで選択できる団信",
        "Insurance of a bridge loan",
        SPLIT,
    ),
    m("terms.insurance.cap_yen", "G-12", "団信の1人あたりの上限", "Cap of insured sums per person", INSURED),
    m("terms.insurance.cover_until_age", "G-11", "団信の保障終了年齢", "Age at which cover ends", INSURED),
    m(
        "terms.insurance.health_certificate_threshold_yen",
        "D.1",
        "健康診断書が必要な保険金額",
        "Insured sum from which a health certificate is asked for",
        INSURED,
    ),
    m(
        "terms.insurance.types",
        "G",
        "団信の種類（上乗せ・年齢・告知の有効期間・謝絶後の種類）",
        "Insurance types: add-on, ages, validity of the declaration, what follows a refusal",
        INSURED,
    ),
    m(
        "terms.repayment.bonus_share_limit_percent",
        "J-08",
        "ボーナス返済部分の上限（割合）",
        "Largest bonus share",
        BONUS,
    ),
    m(
        "terms.repayment.default_first_repayment",
        "I-09",
        "初回返済日の決め方",
        "Default of the first repayment date",
        ALL,
    ),
    m("terms.repayment.rounding", "J-02", "円未満の端数処理", "Fractions of a yen", ALL),
    m(
        "terms.servicing.review",
        "J-20",
        "変動金利と返済額の見直し",
        "Review of variable rates and amounts",
        VARIABLE,
    ),
    m(
        "terms.servicing.special_term",
        "J-30",
        "特約期間の終了・更新・切替",
        "End, renewal and switch of special terms",
        SPECIAL,
    ),
    m(
        "terms.servicing.discounts_after",
        "C.5",
        "当初期間終了後・切替後の引下げ幅",
        "Discount after the first term or a switch",
        SPECIAL,
    ),
    m(
        "terms.servicing.prepayment",
        "J-40",
        "繰上返済の受付時間と手数料",
        "Hours and fees of prepayment",
        PREPAY,
    ),
    m("terms.servicing.damages", "J-45", "遅延損害金", "Damages for delay", LATE),
    m("terms.servicing.interest_cap", "J-46", "法定の利息の上限", "Statutory ceilings", ALL),
    m(
        "terms.servicing.fee_refund",
        "F-12",
        "一括前払保証料の返戻",
        "Refund of a lump-sum guarantee fee",
        LUMP,
    ),
    m("terms.registration_tax", "H-41", "登録免許税", "Registration licence tax", ALL),
    m("terms.stamp_duty", "H-50", "印紙税", "Stamp duty", PAPER),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::diff::values_of;

    #[test]
    fn every_value_of_every_book_is_explained() {
        let rules = crate::sample::rulebook().unwrap();
        let mut seen = 0;
        for book in rules.books.iter() {
            for key in values_of(book).keys().filter(|key| *key != "bank_code") {
                seen += 1;
                assert!(!meaning_of(key).prefix.is_empty(), "{key} has no line");
            }
        }
        assert!(seen > 1_000, "{seen} values");
        assert!(meaning_of("terms.nothing").prefix.is_empty(), "an unknown key is found out");
        let keys: Vec<String> = rules.books.iter().flat_map(|book| values_of(book).into_keys()).collect();
        let idle = |meaning: &&Meaning| !keys.iter().any(|key| key.starts_with(meaning.prefix));
        let optional =
            ["guarantor_codes", "terms.four_eyes", "terms.insurance.health_certificate_threshold_yen"];
        for meaning in MEANINGS.iter().filter(idle) {
            assert!(optional.contains(&meaning.prefix), "{} explains nothing", meaning.prefix);
        }
    }
}
