//! The sentences of the rules that the servicing library refuses under. [`crate::assess`] never reports them: they are met
//! when a loan is simulated, reviewed, prepaid or paid off.

use super::Rule;

/// Every rule of servicing with a refusal, in the order of its id. C-11 and J-08 stand with the findings.
pub static SERVICING_RULES: &[Rule] = &[
    Rule {
        id: "C-22",
        ja: "特約金利商品への切替は、変動金利型のご利用中に限ります。全期間固定金利型は選択できません。",
        en: "A special type is chosen from VARIABLE or at the end of a special term; FULL_FIXED never after disbursement.",
        cure_ja: "変動金利型のご利用中に、特約金利商品を選択してください。",
        cure_en: "A special type, chosen while the loan is VARIABLE or at the end of its special term.",
    },
    Rule {
        id: "F-11",
        ja: "全額繰上げ返済日は、お借入日以後の日付です。",
        en: "A refund counts the years from disbursement to the full prepayment.",
        cure_ja: "お借入日以後の日付を指定してください。",
        cure_en: "A day not before the disbursement.",
    },
    Rule {
        id: "F-12",
        ja: "当初のご返済期間がわかりません。",
        en: "The refund asks for the share of the unexpired part of the original term.",
        cure_ja: "当初の返済期間（月数）を指定してください。",
        cure_en: "The original term in months.",
    },
    Rule {
        id: "F-13",
        ja: "保証料の金額が正しくありません。",
        en: "The refund is a share of the lump-sum fee that was paid.",
        cure_ja: "お支払済みの保証料を指定してください。",
        cure_en: "The fee that was paid.",
    },
    Rule {
        id: "F-16",
        ja: "保証料の返戻は、一括前払い方式の全額繰上げ返済に限り、保証機関が金額を定めます。",
        en: "Only a lump-sum fee is refunded, on full prepayment, and the institution fixes the amount.",
        cure_ja: "一括前払い方式で、お支払済みの保証料以内の金額を指定してください。",
        cure_en: "A lump-sum fee, and an amount within it.",
    },
    Rule {
        id: "J-02",
        ja: "借入金額が計算できる範囲にありません。",
        en: "The amount is outside what can be computed and transferred.",
        cure_ja: "1円以上、10桁以内の金額を指定してください。",
        cure_en: "1 yen or more, at most ten digits.",
    },
    Rule {
        id: "J-03",
        ja: "ご返済日は、実行日より後の約定返済日で、初回から月単位の間隔になります。",
        en: "Repayments lie on the repayment day after the disbursement, whole months apart.",
        cure_ja: "約定返済日にあたる日付を指定してください。",
        cure_en: "Dates on the repayment day, whole months apart.",
    },
    Rule {
        id: "J-11",
        ja: "約定返済日は1日から31日の間で指定します。",
        en: "The repayment day is a day of the month.",
        cure_ja: "1から31の数字を指定してください。",
        cure_en: "1 to 31.",
    },
    Rule {
        id: "J-20",
        ja: "基準金利が登録されていません。",
        en: "A review needs the base rate of its base date and of the one before.",
        cure_ja: "基準日の基準金利を登録してください。",
        cure_en: "Base rates from the day on which the loan's rate was decided.",
    },
    Rule {
        id: "J-35",
        ja: "特約期間終了時のお手続きは、特約期間終了日までに限ります。",
        en: "A choice for the end of a special term arrives by its end; later the loan is VARIABLE.",
        cure_ja: "期限までにお申し出ください。",
        cure_en: "A choice that arrives in time.",
    },
    Rule {
        id: "J-37",
        ja: "金利引下げのタイプと手数料のタイプは変更できません。",
        en: "Neither discount type nor fee plan can change.",
        cure_ja: "現在のタイプのままにしてください。",
        cure_en: "The types as they are.",
    },
    Rule {
        id: "J-38",
        ja: "残返済期間が特約期間に満たない金利タイプは選択できません。",
        en: "The remaining term is at least as long as the special term.",
        cure_ja: "残返済期間以内の特約期間を選択してください。",
        cure_en: "A type whose special term fits.",
    },
    Rule {
        id: "J-40",
        ja: "繰上げ返済の受付は、営業日の営業時間内に限ります。",
        en: "Prepayments are taken on business days within the hours.",
        cure_ja: "営業日の受付時間内にお手続きください。",
        cure_en: "A business day within the hours.",
    },
    Rule {
        id: "J-41",
        ja: "繰上げ返済の金額または日付が受付の範囲にありません。",
        en: "A prepayment exceeds the interest to be settled, on a day between two repayments.",
        cure_ja: "清算利息を1円以上超える金額と、次回の約定返済日より前の日付を指定してください。",
        cure_en: "At least the settlement interest and one yen, below the payoff, before the next repayment.",
    },
    Rule {
        id: "J-44",
        ja: "繰上げ返済手数料の計算に必要な内容が正しくありません。",
        en: "The fee follows from contract date, rate type and extent; a waiver has its reason.",
        cure_ja: "契約日以後の日付と、免除の場合は理由を指定してください。",
        cure_en: "A day not before the contract, and the reason of a waiver.",
    },
    Rule {
        id: "J-45",
        ja: "遅延損害金は、元金部分に対して支払予定日の翌日から計算します。",
        en: "Damages are counted on the principal part from the day after the debit date.",
        cure_ja: "元金部分の金額と、支払予定日以後の日付を指定してください。",
        cure_en: "A principal of nought or more and a day not before the debit date.",
    },
    Rule {
        id: "J-46",
        ja: "金利が利息制限法の上限の範囲にありません。",
        en: "The rate lies between nought and the statutory cap.",
        cure_ja: "上限以内の金利を指定してください。",
        cure_en: "A rate within the statutory cap.",
    },
    Rule {
        id: "J-47",
        ja: "利息制限法の確認に必要な金額または日付が正しくありません。",
        en: "Interest, fees and guarantee fee together stay within the statutory cap.",
        cure_ja: "0円以上の金額と、実行日以後の完済日を指定してください。",
        cure_en: "Amounts of nought or more and a payoff not before disbursement.",
    },
];
