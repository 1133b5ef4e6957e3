//! The types of prices.

use super::model::{Input, Model};
use super::wall::{STAFF, Wall};
use workflows::explained::{Because, Component, Condition, Fee, Origin, Standing};
use workflows::machine::Role;
use workflows::product::posting::{LineState, RateSeries};

/// Who asks for prices: staff that deals with cases, and customers.
pub const PRICED: Wall = Wall::of(&[
    Role::BranchClerk,
    Role::BranchManager,
    Role::ScreeningOfficer,
    Role::Operations,
    Role::Applicant,
    Role::CoObligor,
]);

macro_rules! words {
    ($model:ident, $($name:literal = $words:ident),+) => {
        $($model.choices($name, $words::ALL.iter().map(|word| (word.code(), word.ja(), word.en())));)+
    };
}

/// Adds an object behind the wall of prices.
fn object(m: &mut Model, name: &str, doc: &str, fields: &[(&str, &str, &str)]) {
    let fields: Vec<_> = fields.iter().map(|(name, ty, doc)| (*name, *ty, PRICED, *doc)).collect();
    m.object(name, doc, &fields);
}

/// Quote and simulation.
pub fn prices(m: &mut Model) {
    words!(m, "RateComponent" = Component, "RateReason" = Because, "ValueOrigin" = Origin);
    words!(m, "TransactionCondition" = Condition, "ConditionStanding" = Standing, "FeeKind" = Fee);
    quote(m);
    mix(m);
    simulation(m);
    posted(m);
}

const ENTERED: Wall = Wall::of(&[Role::Operations, Role::Auditor]);

/// Posted rates and their entry.
fn posted(m: &mut Model) {
    words!(m, "RateSeries" = RateSeries, "RateLineState" = LineState);
    object(
        m,
        "PostedRate",
        "A standard rate on a day.",
        &[
            ("series", "RateSeries!", "Which."),
            ("label", "Label!", "The same in words."),
            ("ratePercent", "Percent!", "The rate."),
            ("from", "Date!", "First day."),
            ("to", "Date", "Last day; absent: until another is posted."),
        ],
    );
    m.object(
        "RateEntry",
        "A rate that the bank entered.",
        &[
            ("id", "ID!", ENTERED, "Id."),
            ("series", "RateSeries!", ENTERED, "Which."),
            ("label", "Label!", ENTERED, "The same in words."),
            ("ratePercent", "Percent!", ENTERED, "The rate."),
            ("validFrom", "Date!", ENTERED, "First day."),
            ("state", "RateLineState!", ENTERED, "How far it is."),
            ("stateLabel", "Label!", ENTERED, "The same in words."),
            ("proposedBy", "String!", ENTERED, "Who proposed."),
            ("proposedAt", "DateTime!", ENTERED, "When."),
            ("decidedBy", "String", ENTERED, "Who decided."),
            ("decidedAt", "DateTime", ENTERED, "When."),
            ("reason", "String", ENTERED, "Why it was returned."),
            ("cells", "[RefundCell!]!", ENTERED, "The published refunds of the guarantor's table."),
        ],
    );
    m.object(
        "RefundCell",
        "A cell of the guarantor's table (F.10).",
        &[
            ("termYears", "Int!", ENTERED, "Original term."),
            ("elapsedYears", "Int!", ENTERED, "Years since disbursement, a part of a year counted as one."),
            ("percent", "Percent!", ENTERED, "Of the fee paid."),
        ],
    );
    let cell = [
        ("termYears", "Int!", "Original term, years."),
        ("elapsedYears", "Int!", "Years since disbursement."),
        ("percent", "Percent!", "Of the fee paid."),
    ];
    let cell = cell.map(|(name, ty, doc)| Input { name: name.into(), ty: ty.into(), doc: doc.into() });
    m.inputs.insert(
        "RefundCellInput".to_owned(),
        ("A cell of the guarantor's table (F.10).".to_owned(), cell.to_vec()),
    );
    m.object(
        "RefundEstimate",
        "A refund of the guarantee fee by the table of a day; the institution fixes the amount (F-16).",
        &[
            ("problems", "[Problem!]!", STAFF, "Why there is none; the rest is null then."),
            ("elapsedYears", "Int", STAFF, "Years since disbursement (F-11)."),
            ("publishedPercent", "Percent", STAFF, "The cell; absent where the model estimates (F-17)."),
            ("refundYen", "Yen", STAFF, "Refund."),
            ("paidIn", "Date", STAFF, "First day of the month in which it is paid (F-15)."),
        ],
    );
    m.object(
        "RateStep",
        "What a step with a rate comes to.",
        &[
            ("line", "RateEntry", ENTERED, "The line after the step; null where it was refused."),
            (
                "problems",
                "[Problem!]!",
                ENTERED,
                "Everything that stands against it; nothing is written then.",
            ),
        ],
    );
}

fn quote(m: &mut Model) {
    object(
        m,
        "Quote",
        "The price of an application for a day, or why there is none.",
        &[
            ("problems", "[Problem!]!", "What stands against a price; the rest is null then."),
            ("date", "Date", "Disbursement date of the price."),
            ("receivedOn", "Date", "Day of reception, which decides on edition and campaign (C-45)."),
            ("bookVersion", "String", "Edition of the product book."),
            (
                "provisional",
                "Boolean",
                "Something is not decided or not told yet and counts with its least value.",
            ),
            ("conditions", "[QuotedCondition!]", "The transaction conditions on the day (C-40 to C-44)."),
            ("loans", "[QuotedLoan!]", "Rate and repayment of each loan."),
            ("mix", "InterestMix", "Two loans in one case (C.6)."),
            ("fees", "[QuotedFee!]", "What is paid besides interest (C.4, H)."),
            ("totalFeesYen", "Yen", "Their sum."),
        ],
    );
    object(
        m,
        "QuotedCondition",
        "A transaction condition on the day.",
        &[
            ("condition", "TransactionCondition!", "Which."),
            ("label", "Label!", "The same in words."),
            ("met", "Boolean!", "Is it met?"),
            ("standing", "ConditionStanding!", "How it stands."),
            ("standingLabel", "Label!", "The same in words."),
            ("rules", "[String!]!", "Rules."),
        ],
    );
    object(
        m,
        "QuotedLoan",
        "Rate and repayment of a loan.",
        &[
            ("loanNo", "Int!", "Loan."),
            ("rateType", "RateType!", "Rate type."),
            ("discountType", "DiscountType", "Special-term types only."),
            ("feePlan", "FeePlan!", "Fee plan."),
            ("lines", "[RateLine!]!", "The components in their order (C.7)."),
            ("sumPercent", "Percent!", "Their sum, below nought too."),
            ("applicablePercent", "Percent!", "The rate: the sum, floored at nought (C-62)."),
            ("withConditionsPercent", "Percent!", "The rate if the conditions were met (C-44)."),
            ("paymentYen", "Yen!", "Monthly payment."),
            ("bonusPaymentYen", "Yen", "Payment of the bonus part (J-08)."),
            ("paymentInBonusMonthYen", "Yen", "Both together."),
            ("repayments", "Int!", "Monthly repayments."),
            ("firstRepaymentOn", "Date!", "First."),
            ("lastRepaymentOn", "Date!", "Last."),
            ("totalInterestYen", "Yen!", "Interest to the end, at this rate."),
            ("specialTermEnd", "Date", "End of the first special term (J-30)."),
        ],
    );
    object(
        m,
        "RateLine",
        "A component of a rate.",
        &[
            ("component", "RateComponent!", "Which."),
            ("label", "Label!", "The same in words."),
            ("rules", "[String!]!", "Rules."),
            ("pointsPercent", "Percent!", "Percentage points that it adds; negative: takes away."),
            ("because", "RateReason!", "Why."),
            ("becauseLabel", "Label!", "The same in words."),
            ("origin", "ValueOrigin!", "Where the value comes from."),
            ("originLabel", "Label!", "The same in words."),
            ("reference", "String", "Edition of the book, or name of the campaign."),
            ("effectiveFrom", "Date", "From when on the value counts; absent while nothing is decided."),
            ("lostPercent", "Percent!", "Points that unmet conditions cost (C-44)."),
        ],
    );
    object(
        m,
        "QuotedFee",
        "A fee, tax or duty.",
        &[
            ("fee", "FeeKind!", "Which."),
            ("label", "Label!", "The same in words."),
            ("loanNo", "Int", "Loan; absent: once for the case."),
            ("amountYen", "Yen!", "Amount."),
            ("rules", "[String!]!", "Rules."),
        ],
    );
}

fn mix(m: &mut Model) {
    object(
        m,
        "InterestMix",
        "Two loans in one case: what they share, and the papers (C-50 to C-52).",
        &[
            ("parts", "[MixPart!]!", "The two."),
            ("totalYen", "Yen!", "Total."),
            ("purpose", "PurposeCode!", "Purpose of both."),
            ("repaymentDay", "Int!", "Repayment day of both."),
            ("guaranteeFeeMethod", "GuaranteeFeeMethod!", "Method of both."),
            ("feePlan", "FeePlan!", "Fee plan of both."),
            ("applicationForms", "Int!", "Application forms."),
            ("breakdownNotices", "Int!", "Breakdown notices."),
            ("loanContracts", "Int!", "Loan contracts."),
            ("specialTermAgreements", "Int!", "Special-term agreements."),
            ("insuranceDeclarations", "Int!", "Declarations: one for each insured person and loan."),
            ("mortgageDeeds", "Int!", "Mortgage deeds."),
            ("registrations", "Int!", "Registrations."),
            ("handlingFees", "Int!", "Handling fees."),
        ],
    );
    object(
        m,
        "MixPart",
        "A part of a mix.",
        &[
            ("loanNo", "Int!", "Loan."),
            ("rateType", "RateType!", "Rate type."),
            ("discountType", "DiscountType", "Special-term types only."),
            ("amountYen", "Yen!", "Amount."),
            ("sharePercent", "Percent!", "Share of the total."),
            ("bonusPercent", "Percent!", "Bonus that the part earns where the conditions are met (C-46)."),
        ],
    );
}

fn simulation(m: &mut Model) {
    object(
        m,
        "RateReview",
        "A review of a variable rate, also where it changes nothing.",
        &[
            ("baseDate", "Date!", "1 April or 1 October."),
            ("basePercent", "Percent!", "The base rate of that day."),
            ("previousPercent", "Percent!", "The base rate that it is compared with."),
            ("effectiveFrom", "Date!", "From then on the rate counts."),
            ("ratePercent", "Percent!", "The rate of the loan."),
        ],
    );
    object(
        m,
        "RepaymentSimulation",
        "What a scenario comes to, or why it cannot be.",
        &[
            ("label", "String", "The scenario's name."),
            ("problems", "[Problem!]!", "What is wrong with the scenario; the rest is null then."),
            ("ratePercent", "Percent", "The rate; a variable one moves with the reviews that are known."),
            ("rateReviews", "[RateReview!]!", "Reviews of a variable rate by the bank's base rates (J-20)."),
            ("standardPercent", "Percent", "Standard rate of the day, where the rate follows from the type."),
            ("paymentYen", "Yen", "Monthly payment."),
            ("bonusPaymentYen", "Yen", "Payment of the bonus part (J-08)."),
            ("paymentInBonusMonthYen", "Yen", "Both together."),
            ("repayments", "Int", "Lines of the schedule."),
            ("firstRepaymentOn", "Date", "First."),
            ("lastRepaymentOn", "Date", "Last."),
            ("totalInterestYen", "Yen", "Interest to the end."),
            ("totalYen", "Yen", "Amount and interest."),
            ("rows", "[RepaymentRow!]!", "Lines of the schedule as asked for."),
            ("moreRows", "Boolean", "There are lines after these."),
        ],
    );
    object(
        m,
        "RepaymentRow",
        "A line of a schedule, both parts together.",
        &[
            ("no", "Int!", "Number, from 1."),
            ("due", "Date!", "Due date."),
            ("paymentYen", "Yen!", "Payment."),
            ("bonusPaymentYen", "Yen!", "Part of it that belongs to the bonus part."),
            ("interestYen", "Yen!", "Interest within."),
            ("principalYen", "Yen!", "Principal within."),
            ("balanceYen", "Yen!", "Principal left."),
        ],
    );
    let input = |name: &str, ty: &str, doc: &str| Input { name: name.into(), ty: ty.into(), doc: doc.into() };
    let fields = vec![
        input("label", "String", "A name for the answer."),
        input("amountYen", "Yen!", "Amount."),
        input("ratePercent", "Percent", "A rate; without it, rateType."),
        input(
            "rateType",
            "RateType",
            "Type, at the standard rate of the day less the discount with the conditions met.",
        ),
        input("discountType", "DiscountType", "Special-term types only."),
        input("feePlan", "FeePlan", "FLAT_FEE where absent."),
        input("bonusPartYen", "Yen", "Part that is repaid every six months (J-08)."),
        input("bonusMonths", "[Int!]", "Two months six apart."),
        input("disbursedOn", "Date!", "Disbursement."),
        input("firstRepaymentOn", "Date", "Absent: the repayment day of the month after (I-09)."),
        input("repaymentDay", "Int!", "1 to 31; in a shorter month the last day (J-11)."),
        input("termMonths", "Int!", "Whole months (C-11)."),
    ];
    m.inputs.insert("RepaymentScenario".to_owned(), ("A loan that somebody thinks of.".to_owned(), fields));
}
