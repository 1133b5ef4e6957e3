//! The sentences of the rules on split lending and bridge loans (E.6, E.7).

use super::Rule;

/// Every such rule, in the order of its id.
pub static STAGED_RULES: &[Rule] = &[
    Rule {
        id: "BR-3",
        ja: "つなぎローンに付けられない団信です。",
        en: "This insurance type does not cover a bridge loan.",
        cure_ja: "ろうきん団信・オールマイティ保障型・引受緩和団信のいずれかとしてください。",
        cure_en: "Choose BASIC, ALMIGHTY or RELAXED.",
    },
    Rule {
        id: "BR-5",
        ja: "つなぎローンは、本体融資の実行時に完済します。",
        en: "A bridge loan is paid off by the main disbursement.",
        cure_ja: "つなぎローンの残高と利息を登録してください。",
        cure_en: "Record principal and interest of the bridge loan.",
    },
    Rule {
        id: "BR-6",
        ja: "つなぎローンは、本体融資の承認後に実行します。",
        en: "A bridge loan follows the approval of the main loan.",
        cure_ja: "本体融資の承認をお待ちください。",
        cure_en: "Wait for the approval of the main loan.",
    },
    Rule {
        id: "BR-8",
        ja: "本体融資の承認が、引渡予定日まで有効ではありません。",
        en: "The main approval is not valid on the planned handover date.",
        cure_ja: "本体融資の契約を先に締結するか、承認を取り直してください。",
        cure_en: "Form the main contract first, or renew the approval.",
    },
    Rule {
        id: "S-01",
        ja: "分割融資・つなぎローンの資金使途または順序が対象外です。",
        en: "Money ahead is for land, construction or acquisition of a residence, the land first.",
        cure_ja: "土地代金を先に、着手金・中間金・諸費用の順としてください。",
        cure_en: "The price of the land first, then start and interim payments and other costs.",
    },
    Rule {
        id: "S-02",
        ja: "分割融資・つなぎローンの合計は、本体申込金額の90％かつ必要額までです。",
        en: "Drawings total at most 90 percent of the applied amount, and what is needed.",
        cure_ja: "1円以上、限度額の残りまでの金額としてください。",
        cure_en: "At least one yen, and no more than is left of the limit.",
    },
    Rule {
        id: "S-03",
        ja: "分割融資・つなぎローンの期間は原則6か月以内です。",
        en: "Drawings run in principle for at most six months.",
        cure_ja: "引渡予定日または初回の実行日を見直してください。",
        cure_en: "An earlier handover or a later first drawing.",
    },
    Rule {
        id: "S-04",
        ja: "資金交付期限を過ぎています。",
        en: "The date is after the funding deadline.",
        cure_ja: "期限までの日付とするか、期限前に延長をお申し出ください。",
        cure_en: "A date by the deadline, or an extension before it.",
    },
    Rule {
        id: "S-08",
        ja: "本体融資の連帯保証人は、つなぎローンも保証します。",
        en: "Joint guarantors of the main loan guarantee the money ahead.",
        cure_ja: "連帯保証人全員の保証を得てください。",
        cure_en: "Every joint guarantor signs.",
    },
    Rule {
        id: "S-09",
        ja: "土地または建物の抵当権、建物の完成、返済条件の合意が揃っていません。",
        en: "Mortgage on land or building, completion or the agreement on the terms is missing.",
        cure_ja: "追加設定の登記と返済方法等の合意を済ませてください。",
        cure_en: "See to the additional mortgage and the agreement on the terms.",
    },
    Rule {
        id: "S-12",
        ja: "資金交付期限の延長の要件を満たしていません。",
        en: "The conditions of an extension of the funding deadline are not met.",
        cure_ja: "期限前に、原因・新しい引渡日・保証機関の同意・変更契約書を揃えてください。",
        cure_en: "Before the deadline: cause, new handover, the guarantor's consent, the signed agreement.",
    },
    Rule {
        id: "S-13",
        ja: "分割実行後に本体融資を増額することはできません。",
        en: "The main amount cannot grow once a drawing is out.",
        cure_ja: "別の融資としてお申し込みください。",
        cure_en: "Apply for a new loan.",
    },
    Rule {
        id: "S-14",
        ja: "抵当権を設定できない土地では、分割融資を利用できません。",
        en: "Split lending needs land that can be mortgaged.",
        cure_ja: "つなぎローンをご検討ください。",
        cure_en: "Consider a bridge loan.",
    },
    Rule {
        id: "S-15",
        ja: "分割融資・つなぎローンは、住宅ローンの1本の契約に限ります。",
        en: "Money ahead belongs to one housing loan, not to a mix or another product.",
        cure_ja: "商品または金利ミックスの利用を見直してください。",
        cure_en: "Another product, or one rate type.",
    },
];
