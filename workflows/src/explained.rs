//! A quote that explains itself: every component of the rate line by line with its rules, its source and the day from which it
//! counts (C-61), the conditions one by one (C-40 to C-44), and every fee.

use chrono::NaiveDate;
use serde::Serialize;

use crate::form::{
    DiscountType, FeePlan, Form, GuaranteeFeeMethod, Loan, QualificationRoute, RateType, SalaryTransferStatus,
};
use crate::mix::Mix;
use crate::money::{Rate, Yen};
use crate::product::pricing::{campaign, discount, limited_time_discount, mix_bonus};
use crate::product::{Book, Conditions, Fees, PostedRates, RateComponents, SalaryConditionBy};
use crate::quote::{Decided, RateNotPublished, fees, rate_components};
use crate::terms;

terms! {
    /// A component of the rate, in the order of C.7.
    pub enum Component {
        Standard = "STANDARD_RATE", "基準金利", "Standard rate";
        Discount = "DISCOUNT", "引下げ", "Discount";
        LimitedTime = "LIMITED_TIME_DISCOUNT", "期間限定引下げ", "Limited-time discount";
        MixBonus = "MIX_BONUS", "金利ミックス引下げ", "Mix bonus";
        Screening = "SCREENING_ADD_ON", "審査結果による上乗せ", "Screening add-on";
        Insurance = "INSURANCE_ADD_ON", "団信の上乗せ", "Insurance add-on";
        Guarantee = "GUARANTEE_RATE", "保証料（月次後払い）", "Guarantee rate";
        Floor = "FLOOR", "下限（0％）", "Floor at nought";
    }
}

impl Component {
    /// Rules under which the component stands.
    pub const fn rules(self) -> &'static [&'static str] {
        match self {
            Self::Standard => &["C-21"],
            Self::Discount => &["C.5", "C-40", "C-44"],
            Self::LimitedTime => &["C-45", "C-44"],
            Self::MixBonus => &["C-46", "C-44"],
            Self::Screening => &["C-60", "C-63"],
            Self::Insurance => &["G", "G-16"],
            Self::Guarantee => &["F-05"],
            Self::Floor => &["C-62"],
        }
    }
}

terms! {
    /// Where a value comes from.
    pub enum Origin {
        PostedRates = "POSTED_RATES", "公表金利", "Posted rates";
        Book = "PRODUCT_BOOK", "商品台帳", "Product book";
        Screening = "SCREENING", "審査", "Screening";
        Guarantor = "GUARANTOR", "保証機関", "Guarantor";
        Arithmetic = "ARITHMETIC", "計算", "Arithmetic";
    }
}

terms! {
    /// Why a component is what it is.
    pub enum Because {
        Posted = "POSTED", "実行日に適用される基準金利です。", "The standard rate of the disbursement date.";
        Granted = "GRANTED", "取引条件を満たすため、引き下げます。", "The transaction conditions are met.";
        Unmet = "CONDITIONS_NOT_MET", "実行日に取引条件を満たしていないため、引下げはありません。", "The transaction conditions are not met on the day: no reduction.";
        InCampaign = "IN_CAMPAIGN", "受付日が期間限定引下げの対象期間内です。", "Received within the window of the campaign.";
        NoCampaign = "NO_CAMPAIGN", "受付日・手数料タイプに該当する期間限定引下げはありません。", "No campaign for the day of reception and the fee plan.";
        MixGranted = "MIX_GRANTED", "金利ミックスの引下げの対象です。", "The variable part of a mix that earns the bonus.";
        NoMixBonus = "NO_MIX_BONUS", "金利ミックスの引下げの対象ではありません。", "No variable part of a mix that earns the bonus.";
        Exempt = "EXEMPT", "団体会員の構成員等のため、上乗せはありません。", "Exempt: member of an organisation, or manager at its company.";
        Decided = "DECIDED", "決定された値です。", "The value that was decided.";
        Undecided = "UNDECIDED", "まだ決定していないため、最小の値で計算しています。", "Not decided yet: the least possible value is counted.";
        ByType = "BY_TYPE", "加入する団信の種類によります。", "By the type of insurance.";
        NoAddOn = "NO_ADD_ON", "加入する団信に上乗せはありません。", "The insurance has no add-on.";
        LumpSum = "LUMP_SUM", "保証料は一括前払いのため、金利に含みません。", "The fee is paid at once and no part of the rate.";
        BelowZero = "BELOW_ZERO", "合計が0％を下回るため、0％とします。", "The sum is below nought and counts as nought.";
    }
}

/// One component of the rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RateLine {
    pub component: Component,
    /// Percentage points that it adds; negative where it reduces the rate.
    pub points: Rate,
    pub because: Because,
    pub origin: Origin,
    /// Name of the campaign, version of the book.
    pub reference: Option<String>,
    /// From when on the value counts; absent where nothing is decided.
    pub effective_from: Option<NaiveDate>,
    /// Points that unmet conditions cost (C-44).
    pub lost: Rate,
}

/// The rate of one loan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedRate {
    pub loan_no: u8,
    pub rate_type: RateType,
    pub discount_type: Option<DiscountType>,
    pub fee_plan: FeePlan,
    /// In the order of C.7; the floor only where it acts.
    pub lines: Vec<RateLine>,
    /// The sum of the components, below nought too.
    pub sum: Rate,
    /// The rate: the sum, floored at nought (C-62).
    pub applicable: Rate,
    /// The rate if the conditions were met; equal to `applicable` where they are (C-44).
    pub with_conditions: Rate,
}

terms! {
    /// A transaction condition (C-40).
    pub enum Condition {
        Salary = "SALARY_TRANSFER", "給与振込の指定", "Salary transfer";
        CardLoan = "CARD_LOAN", "カードローンの契約", "Card loan";
    }
}

terms! {
    /// How a transaction condition stands on the day.
    pub enum Standing {
        Designated = "DESIGNATED", "給与振込が指定・予約されています。", "The salary transfer is designated or reserved.";
        Saving = "SAVING", "財形貯蓄・エース預金が給与振込に代わります。", "A zaikei saving or ace deposit stands in for the salary transfer.";
        Contracted = "CONTRACTED", "契約済みです。", "It is contracted.";
        TooYoung = "TOO_YOUNG", "申込日に20歳未満のため、必要ありません。", "Below the age from which it is asked for.";
        Later = "AFTER_THE_DAY", "実行日までに契約・指定されていません。", "Contracted or designated only after the day.";
        SavingUnfit = "SAVING_DOES_NOT_COUNT", "積立の商品・金額・金庫・契約日が条件に合いません。", "Product, amount, bank or day of the saving do not fit.";
        Missing = "MISSING", "契約・指定がありません。", "Nothing is contracted or designated.";
    }
}

/// One transaction condition on the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedCondition {
    pub condition: Condition,
    pub met: bool,
    pub standing: Standing,
    pub rules: &'static [&'static str],
}

terms! {
    /// What the customer pays besides interest (C.4).
    pub enum Fee {
        Handling = "COLLATERAL_HANDLING_FEE", "不動産担保取扱手数料", "Handling fee";
        Loan = "LOAN_FEE", "融資手数料", "Loan fee";
        Guarantee = "GUARANTEE_FEE_LUMP_SUM", "保証料（一括前払い）", "Guarantee fee at once";
        Contract = "STAMP_DUTY_LOAN_CONTRACT", "印紙税（金銭消費貸借契約書）", "Stamp duty, loan contract";
        SpecialTerm = "STAMP_DUTY_SPECIAL_TERM", "印紙税（特約書）", "Stamp duty, special-term agreement";
        Registration = "REGISTRATION_LICENCE_TAX", "登録免許税", "Registration licence tax";
    }
}

impl Fee {
    /// Rules under which the fee stands.
    pub const fn rules(self) -> &'static [&'static str] {
        match self {
            Self::Handling => &["C.4", "C-31", "C-63"],
            Self::Loan => &["C-32"],
            Self::Guarantee => &["F-06"],
            Self::Contract => &["H-50"],
            Self::SpecialTerm => &["H-53"],
            Self::Registration => &["H-41"],
        }
    }
}

/// One fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeeLine {
    pub fee: Fee,
    /// Absent: once for the case.
    pub loan_no: Option<u8>,
    pub amount_yen: Yen,
}

/// Everything that a price is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    pub date: NaiveDate,
    pub received: NaiveDate,
    pub book_version: String,
    pub conditions: Vec<ExplainedCondition>,
    pub rates: Vec<ExplainedRate>,
    /// Two loans in one case (C.6).
    pub mix: Option<Mix>,
    pub fees: Vec<FeeLine>,
    pub total_fees_yen: Yen,
}

/// When others decided.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct DecidedOn {
    pub screening: Option<NaiveDate>,
    pub guarantee: Option<NaiveDate>,
}

/// Every component, condition and fee for a disbursement on `date`. Errors: the first loan whose standard rate is not published.
pub fn explain(
    form: &Form,
    book: &Book,
    rates: &PostedRates,
    decided: &Decided,
    decided_on: DecidedOn,
    date: NaiveDate,
) -> Result<Explained, RateNotPublished> {
    let view = View { form, book, rates, decided, decided_on, date };
    let fees = fees(form, book, decided, date);
    Ok(Explained {
        date,
        received: form.received_date(),
        book_version: book.version.clone(),
        conditions: view.conditions(),
        rates: form.loans.iter().map(|loan| view.rate(loan)).collect::<Result<_, _>>()?,
        mix: Mix::of(form, &book.terms),
        total_fees_yen: fees.total_yen,
        fees: fee_lines(form, &fees),
    })
}

struct View<'a> {
    form: &'a Form,
    book: &'a Book,
    rates: &'a PostedRates,
    decided: &'a Decided,
    decided_on: DecidedOn,
    date: NaiveDate,
}

impl View<'_> {
    fn rate(&self, loan: &Loan) -> Result<ExplainedRate, RateNotPublished> {
        let parts = rate_components(self.form, self.book, self.rates, self.decided, loan, self.date)?;
        let mut lines = vec![
            self.standard(loan, &parts),
            self.discount(loan, &parts),
            self.limited_time(loan, &parts),
            self.mix(loan, &parts),
            self.screening(&parts),
            self.insurance(&parts),
            self.guarantee(loan, &parts),
        ];
        let sum = lines.iter().fold(Rate::ZERO, |sum, line| sum + line.points);
        let applicable = parts.applicable_rate();
        if sum < Rate::ZERO {
            let because = Because::BelowZero;
            lines.push(self.line(Component::Floor, Rate::ZERO - sum, because, Origin::Arithmetic));
        }
        let lost = lines.iter().fold(Rate::ZERO, |lost, line| lost + line.lost);
        Ok(ExplainedRate {
            loan_no: loan.loan_no,
            rate_type: loan.rate_type,
            discount_type: loan.discount_type,
            fee_plan: loan.fee_plan,
            lines,
            sum,
            applicable,
            with_conditions: (sum - lost).max(Rate::ZERO),
        })
    }

    fn line(&self, component: Component, points: Rate, because: Because, origin: Origin) -> RateLine {
        let book = origin == Origin::Book;
        RateLine {
            component,
            points,
            because,
            origin,
            reference: book.then(|| self.book.version.clone()),
            effective_from: book
                .then_some(self.book.effective_from.unwrap_or(self.book.terms.effective_from)),
            lost: Rate::ZERO,
        }
    }

    fn standard(&self, loan: &Loan, parts: &RateComponents) -> RateLine {
        let posted = self.rates.posted(loan.rate_type, self.date);
        RateLine {
            effective_from: posted.map(|posted| posted.from),
            ..self.line(Component::Standard, parts.standard, Because::Posted, Origin::PostedRates)
        }
    }

    /// A reduction that the conditions can cost: `granted` of `possible` points (C-44).
    fn reduction(&self, line: RateLine, granted: Rate, possible: Rate) -> RateLine {
        let lost = possible - granted;
        let because = if lost > Rate::ZERO { Because::Unmet } else { line.because };
        RateLine { points: Rate::ZERO - granted, lost, because, ..line }
    }

    fn discount(&self, loan: &Loan, parts: &RateComponents) -> RateLine {
        let possible = discount(&self.book.terms, loan.fee_plan, loan.rate_type, loan.discount_type);
        let line = self.line(Component::Discount, Rate::ZERO, Because::Granted, Origin::Book);
        self.reduction(line, parts.discount, possible)
    }

    fn limited_time(&self, loan: &Loan, parts: &RateComponents) -> RateLine {
        let (terms, received) = (&self.book.terms, self.form.received_date());
        let running = campaign(terms, loan.fee_plan, received);
        let because = if running.is_some() { Because::InCampaign } else { Because::NoCampaign };
        let mut line = self.line(Component::LimitedTime, Rate::ZERO, because, Origin::Book);
        if let Some(campaign) = running {
            line.reference = Some(campaign.name.clone());
            line.effective_from = campaign.from.or(line.effective_from);
        }
        self.reduction(
            line,
            parts.limited_time_discount,
            limited_time_discount(terms, loan.fee_plan, received),
        )
    }

    fn mix(&self, loan: &Loan, parts: &RateComponents) -> RateLine {
        let possible = mix_bonus(&self.book.terms, loan, &self.form.loans);
        let because = if possible > Rate::ZERO { Because::MixGranted } else { Because::NoMixBonus };
        let line = self.line(Component::MixBonus, Rate::ZERO, because, Origin::Book);
        self.reduction(line, parts.mix_bonus, possible)
    }

    fn screening(&self, parts: &RateComponents) -> RateLine {
        let points = parts.screening_add_on;
        let exempt = self.form.applicant().is_some_and(|party| {
            party.qualification.route == Some(QualificationRoute::IndirectMember)
                || party.qualification.manager_at_org_member_company
        });
        let component = Component::Screening;
        match (exempt, self.decided.screening_add_on) {
            (true, _) => self.line(component, points, Because::Exempt, Origin::Book),
            (false, None) => self.line(component, points, Because::Undecided, Origin::Book),
            (false, Some(_)) => RateLine {
                effective_from: self.decided_on.screening,
                ..self.line(component, points, Because::Decided, Origin::Screening)
            },
        }
    }

    fn insurance(&self, parts: &RateComponents) -> RateLine {
        let points = parts.insurance_add_on;
        let because = if points > Rate::ZERO { Because::ByType } else { Because::NoAddOn };
        self.line(Component::Insurance, points, because, Origin::Book)
    }

    fn guarantee(&self, loan: &Loan, parts: &RateComponents) -> RateLine {
        let decided = self.decided.guarantee.iter().any(|part| part.loan_no == loan.loan_no);
        let because = match (loan.guarantee_fee_method, decided) {
            (GuaranteeFeeMethod::LumpSum, _) => Because::LumpSum,
            (GuaranteeFeeMethod::MonthlyInRate, true) => Because::Decided,
            (GuaranteeFeeMethod::MonthlyInRate, false) => Because::Undecided,
        };
        let line = self.line(Component::Guarantee, parts.guarantee_rate, because, Origin::Guarantor);
        RateLine { effective_from: self.decided_on.guarantee.filter(|_| decided), ..line }
    }

    fn conditions(&self) -> Vec<ExplainedCondition> {
        let conditions = Conditions::on(self.form, self.book, self.date);
        let stated = &self.form.transaction_conditions;
        let salary = match (conditions.salary_condition_by, stated.salary_transfer.status) {
            (Some(SalaryConditionBy::SalaryTransfer), _) => Standing::Designated,
            (Some(SalaryConditionBy::Saving), _) => Standing::Saving,
            (None, SalaryTransferStatus::Designated | SalaryTransferStatus::Reserved) => Standing::Later,
            (None, SalaryTransferStatus::CannotDesignate) if stated.saving.is_some() => Standing::SavingUnfit,
            (None, SalaryTransferStatus::CannotDesignate | SalaryTransferStatus::None) => Standing::Missing,
        };
        let card = match stated.card_loan.contracted_on {
            Some(day) if day <= self.date => Standing::Contracted,
            _ if conditions.card_loan_waived_under_20 => Standing::TooYoung,
            Some(_) => Standing::Later,
            None => Standing::Missing,
        };
        vec![
            ExplainedCondition {
                condition: Condition::Salary,
                met: conditions.salary_condition_met,
                standing: salary,
                rules: &["C-40", "C-41", "C-42"],
            },
            ExplainedCondition {
                condition: Condition::CardLoan,
                met: conditions.card_loan_condition_met,
                standing: card,
                rules: &["C-40", "C-42", "C-43"],
            },
        ]
    }
}

fn fee_lines(form: &Form, fees: &Fees) -> Vec<FeeLine> {
    let once = |fee: Fee, amount_yen: Yen| FeeLine { fee, loan_no: None, amount_yen };
    let mut lines = vec![once(Fee::Handling, fees.collateral_handling_fee_yen)];
    let lists = [
        (Fee::Loan, &fees.loan_fee_yen),
        (Fee::Guarantee, &fees.guarantee_fee_lump_sum_yen),
        (Fee::Contract, &fees.stamp_duty_loan_contract_yen),
        (Fee::SpecialTerm, &fees.stamp_duty_special_term_agreement_yen),
    ];
    for (fee, amounts) in lists {
        let of_loans = form.loans.iter().zip(amounts).filter(|(_, amount)| **amount > Yen::ZERO);
        lines.extend(of_loans.map(|(loan, amount_yen)| FeeLine {
            fee,
            loan_no: Some(loan.loan_no),
            amount_yen: *amount_yen,
        }));
    }
    lines.push(once(Fee::Registration, fees.registration_licence_tax.payable_yen));
    lines
}
