//! How the words of the source (E.5, `state_machine` of the vectors) read as preconditions, and where the table says more or
//! names other people, each with the reason.

/// Rows in which a phrase stands (empty: everywhere), the phrase, and what it is in the table.
pub const PHRASES: &[(&[&str], &str, &[&str])] = &[
    (&[], "missing, expired or contradictory document recorded", &["N-DEFECT-NAMED"]),
    (&[], "every listed document received", &["N-LISTED-PAPERS"]),
    (&["T06"], "no open BEFORE_CONTRACT condition", &["N-NO-OPEN-CONDITION", "N-LATER-CONDITIONS"]),
    (
        &["T07"],
        "as T06 but at least one open BEFORE_CONTRACT condition",
        &["G-ELIG", "G-COLL-VALUE", "G-AML-CLEAR", "G-BUREAU-DONE", "N-OPEN-CONDITION", "G-FOUR-EYES"],
    ),
    (
        &["T07"],
        "GUAR may be CONDITIONAL or CONDITIONS_SENT instead of APPROVED, G-INS-DECIDED may be such a condition",
        &["N-GUAR-ANSWERED", "N-INS-DECIDED-OR-CONDITION"],
    ),
    (
        &[],
        "bank refusal OR guarantor DECLINED OR insurance impossible without exception OR G-REFUSAL reason",
        &["N-DECLINE-GROUND"],
    ),
    // The channel is authenticated before a command reaches the machine.
    (&[], "request in writing or authenticated channel", &[]),
    (&[], "linked bridge loan outstanding or scheduled: repayment plan recorded (BR-7)", &["N-BRIDGE-PLAN"]),
    (&["T10"], "every BEFORE_CONTRACT condition evidenced", &["N-NO-OPEN-CONDITION"]),
    // The stages from which T11 leaves say it.
    (&[], "contract not yet formed", &[]),
    (&[], "change form received", &["N-CONTENT-CHANGED"]),
    (&[], "documents for the changed content complete", &["N-CHANGED-PAPERS"]),
    (
        &["T13"],
        "change withdrawn before re-screening began (after T46: with the conditions of T44), or the cause of T43 cured",
        &["N-CHANGE-WITHDRAWABLE"],
    ),
    (&["T13"], "previous approval not expired", &["N-EARLIER-STANDS"]),
    (&["T13"], "no open BEFORE_CONTRACT condition", &["N-EARLIER-UNCONDITIONAL"]),
    (
        &[],
        "changed application refused and the earlier approval not upheld (else T44)",
        &["N-RESCIND-GROUND"],
    ),
    (&[], "G-REFUSAL reason recorded, or guarantee REVOKED without a new decision", &["N-RESCIND-GROUND"]),
    (&[], "contract not formed by the expiry date", &["N-APPROVAL-OVER"]),
    (&[], "no linked bridge loan outstanding or scheduled (BR-7)", &["N-NO-BRIDGE"]),
    (&[], "approval not expired", &["G-APPROVAL-VALID"]),
    (&[], "G-EXPLAIN per person", &["G-EXPLAIN"]),
    (&[], "identity verified per person", &["N-IDENTITY-VERIFIED"]),
    (&[], "all signatures and seals present", &["N-ALL-SIGNED"]),
    (&[], "defect found", &["N-DEFECT-NAMED"]),
    (&[], "G-APPROVAL-VALID on the contract date", &["G-APPROVAL-VALID"]),
    (&[], "no G-REFUSAL reason", &["N-NO-REFUSAL-GROUND"]),
    (&[], "G-INS-VALID on that date", &["G-INS-VALID"]),
    (&[], "guarantee decision valid on that date", &["N-GUAR-VALID-ON-DATE"]),
    (&[], "date withdrawn or passed, or no date was set and the cause is cured", &["N-DATE-RELEASABLE"]),
    (&["T24", "T34"], "no drawing posted", &["N-NO-DRAWING"]),
    (&[], "no other drawing posted", &["N-NO-DRAWING"]),
    (
        &[],
        "arrears on any loan of the borrower at the bank OR a guard of G-JOIN turned false OR ground R1-R7 found OR \
         guarantee REVOKED OR E-DEATH",
        &["N-HOLD-GROUND"],
    ),
    (&[], "cause cured", &["N-HOLD-CURED"]),
    (&[], "new or still-future date", &["N-DATE-AHEAD"]),
    (&[], "idempotency key unused", &["N-NO-OPEN-POSTING"]),
    (&[], "date = business day = today", &["N-ON-THE-DAY", "G-BUSINESS-DAY"]),
    (&[], "posting confirmed (interest mix: both, C-56)", &["N-POSTING-KEY", "N-ALL-PARTS"]),
    (&[], "this is the full or main posting", &["N-MAIN-POSTING"]),
    (&[], "posting confirmed", &["N-POSTING-KEY"]),
    (&[], "split drawing, main drawing open", &["N-DRAWING-POSTING"]),
    (&[], "definitive rejection, nothing posted", &["N-POSTING-KEY", "N-NOTHING-POSTED"]),
    (&[], "no definitive answer within the time-out", &["N-POSTING-OVERDUE"]),
    (&[], "same business day", &["N-SAME-DAY"]),
    // Operations say so by asking for the reversal; the reason is a field that must be there.
    (&[], "money still retrievable", &[]),
    (&[], "reason recorded", &[]),
    (&[], "all reversals confirmed", &["N-POSTING-KEY"]),
    (&[], "next drawing or main drawing requested", &["N-DATE-NAMED"]),
    (&[], "G-SPLIT-90 (drawings only)", &["G-SPLIT-90"]),
    (&[], "date not after the funding deadline", &["N-FUNDING-DEADLINE"]),
    (
        &["T36"],
        "G-REVOKE reason or G-REFUSAL ground (R1-R7) or funding deadline passed without extension or mutual cancellation",
        &["N-TERMINATION-GROUND"],
    ),
    (
        &["T37"],
        "G-REVOKE reason OR G-REFUSAL ground (R1-R7) OR funding deadline passed without extension",
        &["N-TERMINATION-GROUND"],
    ),
    (&[], "servicing accepted the loan", &["N-SERVICING-ACCEPTED"]),
    (&[], "G-PAYOFF transfer confirmed (refinance)", &["G-PAYOFF"]),
    // An effect: the open duties are part of the hand-over.
    (
        &[],
        "post-disbursement duties opened (P-15: AFTER_DISBURSEMENT conditions, registration completion, evidence of use)",
        &[],
    ),
    (
        &["T39"],
        "as T13 but BEFORE_CONTRACT conditions are open (G-INS-DECIDED may be one)",
        &["N-CHANGE-WITHDRAWABLE", "N-EARLIER-STANDS", "N-EARLIER-CONDITIONAL"],
    ),
    (&[], "at least one drawing posted", &["N-DRAWING"]),
    (&[], "an earlier drawing remains posted", &["N-DRAWING"]),
    (
        &[],
        "papers of S-12 in before the funding deadline, cause (e.g. weather) recorded",
        &["N-EXTENSION-PAPERS"],
    ),
    (&[], "guarantor agrees", &["N-GUARANTOR-AGREES"]),
    (&[], "CHANGE_AGREEMENT signed by debtors and joint guarantors", &["N-AGREEMENT-SIGNED"]),
    (
        &[],
        "track INS REJECTED, EXPIRED or type changed OR guarantee REVOKED OR a joint debtor, joint guarantor or mortgagor \
         died (E-DEATH) OR a new qualification route changes handling fee or add-on",
        &["N-CHANGE-CAUSE"],
    ),
    (
        &["T44a"],
        "target = the state before T11 or T43 (APPROVED if it was a contract state)",
        &["N-EARLIER-UNCONDITIONAL"],
    ),
    (
        &["T44b"],
        "target = the state before T11 or T43 (APPROVED if it was a contract state)",
        &["N-EARLIER-CONDITIONAL"],
    ),
    // Said by choosing this verb.
    (&[], "change refused, or withdrawn by the applicant during re-screening", &[]),
    (&[], "bank upholds the earlier approval", &[]),
    (&[], "earlier guarantee decision not revoked or expired", &["N-EARLIER-STANDS"]),
    (&["T44a"], "G-INS-DECIDED for the earlier version (or open as its condition)", &["G-INS-DECIDED"]),
    (&["T44b"], "G-INS-DECIDED for the earlier version (or open as its condition)", &[]),
    (&[], "TM03 of the earlier approval not over", &["N-EARLIER-STANDS"]),
    // Core banking itself says so.
    (&[], "all drawings and interest paid from own money or insurance", &[]),
    (&[], "paper missing, expired or contradictory", &["N-DEFECT-NAMED"]),
    (&[], "TM02 over after a reminder, or applicant's death (E-DEATH)", &["N-CLOSURE-GROUND"]),
    // The stages from which T48 leaves say it.
    (&[], "amended application before the result [assumption]", &[]),
];

/// Preconditions that a main row has beyond the source's list, and why.
pub const MORE_NEEDS: &[(&str, &[&str], &str)] = &[
    ("T05", &["G-REPAYMENT"], "J-08 is a rule on paper like the others of the intake"),
    (
        "T06",
        &["G-PARTIES", "G-INS-FORM", "G-REG-AGENT"],
        "rules B-10 to B-12, G-14 to G-17 and H-14 get their guard here",
    ),
    ("T07", &["G-PARTIES", "G-INS-FORM", "G-REG-AGENT"], "as T06"),
    ("T05", &["N-CONSENTS"], "L-PRIV: nobody screens, approves or pays without the consents"),
    ("T06", &["N-CONSENTS"], "as T05"),
    ("T07", &["N-CONSENTS"], "as T05"),
    ("T12", &["N-CONSENTS"], "as T05"),
    ("T22", &["N-CONSENTS"], "as T05"),
    ("T25", &["N-CONSENTS"], "as T05"),
    ("T28", &["N-CONSENTS"], "as T05"),
    (
        "T12",
        &["G-PURPOSE", "G-AMOUNT", "G-TERM-AGE", "G-RATE-TYPE", "G-REPAYMENT"],
        "the changed content passes the same rules on paper as a new one (T05)",
    ),
    (
        "T22",
        &["G-EXPLAIN", "N-CONTRACT-DATE"],
        "INV-4; the date written in the contract lies between tender and today",
    ),
    (
        "T23",
        &["N-DATE-NAMED", "N-DATE-AHEAD", "G-SPLIT-90"],
        "actor: APPLICANT names the date (I-01); first drawing (S-02)",
    ),
    (
        "T25",
        &["N-ON-THE-DAY", "N-MAIN-ALLOWED"],
        "actor: SYSTEM on the disbursement date; guard MAIN_DISBURSED of E.6",
    ),
    (
        "T27",
        &["G-BUSINESS-DAY", "G-INS-VALID", "N-GUAR-VALID-ON-DATE"],
        "effect: re-evaluate all guards of the date",
    ),
    (
        "T28",
        &["G-COSTS", "G-ACCOUNT", "N-PAYEES-APPROVED", "N-MAIN-ALLOWED"],
        "costs and accounts can be recorded anew while READY; the order carries their lines (I.20)",
    ),
    (
        "T35",
        &["N-DATE-AHEAD", "G-BUSINESS-DAY", "G-INS-VALID", "N-GUAR-VALID-ON-DATE"],
        "effect: as T23, with its conditions of a date",
    ),
];

/// People of a row where the table names others than the source's words, and why.
pub const OTHER_PEOPLE: &[(&str, &str, &str)] = &[
    ("T01", "APPLICANT|IMPORTER", "bulk intake submits for the applicant (Settled: import)"),
    ("T20", "APPLICANT", "the others sign by F-18; handing in the set needs all of them (N-ALL-SIGNED)"),
    ("T22", "BRANCH_CLERK + BRANCH_MANAGER", "E.2 lists T22 among the steps with maker and checker"),
    ("T36", "SCREENING_OFFICER + BRANCH_MANAGER", "maker first; the applicant's agreement is a fact (F-24)"),
    ("T37", "SCREENING_OFFICER + BRANCH_MANAGER", "maker first"),
    ("ELIG-04", "SYSTEM|MEMBER_ORG", "the organisation may tell the loss itself"),
    ("INS-20", "BRANCH_CLERK", "the bank's clerk notifies the insured event"),
    (
        "REG-05",
        "REGISTRY|SCRIVENER",
        "the registry sends the receipt to the scrivener, who may be the first to tell it",
    ),
    ("REG-17", "SCREENING_OFFICER + BRANCH_MANAGER", "maker first"),
];

/// Preconditions of track rows: the source says them in words beside the arrow.
pub const TRACK_NEEDS: &[(&[&str], &[&str], &str)] = &[
    (
        &["ELIG-06", "ELIG-07", "ELIG-08"],
        &["N-OWN-ROUTE"],
        "share register, B-05, admission; another route of B-02",
    ),
    (
        &["GUAR-01", "GUAR-07"],
        &["N-GUARANTEE-CONSENT", "N-CURRENT-REQUEST"],
        "consent to the guarantee terms",
    ),
    (
        &["GUAR-20", "GUAR-21", "GUAR-22"],
        &["N-GUARANTEE-CONSENT", "N-CURRENT-REQUEST", "N-NEW-EVIDENCE"],
        "only with new evidence",
    ),
    (
        &["GUAR-02", "GUAR-03", "GUAR-15", "GUAR-16"],
        &["N-DECISION-COVERS"],
        "number, amount, term, method, rate or fee",
    ),
    (&["GUAR-05", "GUAR-06", "GUAR-29", "GUAR-30"], &["N-DECISION-OVER"], "decision validity over"),
    (&["INS-01", "INS-13", "INS-17", "INS-22"], &["N-DECLARED-IN-TIME"], "form signed, declared_on fixed"),
    (&["INS-05", "INS-10"], &["N-SUM-MATCHES"], "amount and conditions"),
    (&["INS-07"], &["N-BASIC-REFUSED"], "only after BASIC was refused"),
    (
        &["INS-12", "INS-16", "INS-30", "INS-31", "INS-32", "INS-33"],
        &["N-DECLARATION-OVER"],
        "past the last valid day",
    ),
    (&["FIRE-03"], &["N-COVERS-DATE"], "period covers disbursement date"),
    (&["FIRE-04"], &["N-PLEDGE-CASE"], "income property or debt-consolidation purpose"),
    (&["FIRE-05"], &["N-COVER-LAPSED"], "policy lapsed or does not cover the new date"),
    (
        &["REG-01", "REG-14", "REG-15", "REG-18"],
        &["N-CONTRACTOR-FIT", "N-OFFICE-FREE", "N-ONE-OFFICE"],
        "L-94: suspended or overdue contractors get no new work; E.2: who answered before is asked anew; one office for a case",
    ),
    (
        &["REG-02", "REG-05", "REG-07", "REG-11", "REG-12", "REG-13"],
        &["N-JOB-TAKEN"],
        "E.2: an office works in a case that it has taken, with its check of conflicts",
    ),
    (
        &["REG-04"],
        &["N-JOB-TAKEN", "N-FIRST-FILED"],
        "the order of the receipt numbers is that of the ranks (H-37)",
    ),
    (&["REG-03"], &["N-JOB-TAKEN", "N-SEAL-FRESH"], "seal certificate of at most 3 months"),
    (&["REG-16"], &["N-JOB-TAKEN", "N-CASE-ENDING"], "contract terminated, loan paid off; E.2"),
    (&["REG-19", "REG-20", "REG-21"], &["N-CASE-ENDING"], "contract terminated, loan paid off, case ended"),
    (&["REG-17"], &["N-DEFERRABLE", "G-FOUR-EYES"], "land cannot be mortgaged yet; two roles"),
    (&["REG-22"], &["N-PAPERS-STALE"], "paper expired"),
    (&["COND-01"], &["N-CONDITIONS-HOLD"], "C-40 holds"),
    (&["COND-02"], &["N-CONDITIONS-FAIL"], "evaluated false"),
    (&["AML-02"], &["N-NOT-PEP"], "a foreign PEP goes to REVIEW"),
    (&["AML-06"], &["N-SEARCH-DUE"], "a fresh check is due"),
    (&["BUREAU-01", "BUREAU-04", "BUREAU-06"], &["N-BUREAU-CONSENT"], "dated consent exists"),
    (&["BUREAU-05"], &["N-BUREAU-OLD"], "older than the book's limit"),
    (&["COLL-02"], &["N-VALUE-COVERS"], "value and lendable amount cover the request"),
    (&["COLL-05", "COLL-06"], &["N-CURED"], "amount lowered, other security, cured with evidence"),
];

/// Row, from, to, people, preconditions, reason.
pub type Move =
    (&'static str, &'static str, &'static str, &'static str, &'static [&'static str], &'static str);

/// Moves of a track that the source does not have, and what in the specification they serve.
pub const MORE_MOVES: &[Move] = &[
    (
        "GUAR-35",
        "CANCELLED",
        "NOT_REQUESTED",
        "=BANK",
        &[],
        "F-51: what the former institution was asked is withdrawn, and the other one is yet to be asked",
    ),
    ("GUAR-36", "DECLINED", "NOT_REQUESTED", "=BANK", &[], "F-51: the former institution declined"),
    ("GUAR-37", "EXPIRED", "NOT_REQUESTED", "=BANK", &[], "F-51: the time of its decision was over"),
    ("GUAR-38", "REVOKED", "NOT_REQUESTED", "=BANK", &[], "F-51: it took its decision back"),
    (
        "REG-23",
        "INSTRUCTED",
        "INSTRUCTED",
        "BRANCH_CLERK",
        TAKEOVER,
        "L-94: a substitute takes over before the filing",
    ),
    (
        "REG-24",
        "ID_VERIFIED",
        "INSTRUCTED",
        "BRANCH_CLERK",
        TAKEOVER,
        "the same; H-15, H-46: identified anew",
    ),
    (
        "REG-25",
        "DOCS_READY",
        "INSTRUCTED",
        "BRANCH_CLERK",
        TAKEOVER,
        "the same; the powers of attorney name another agent",
    ),
];

/// What a takeover asks for.
const TAKEOVER: &[&str] =
    &["N-OTHER-OFFICE", "N-CONTRACTOR-FIT", "N-OFFICE-FREE", "N-ONE-OFFICE", "N-OFFICE-REPLACEABLE"];

/// Facts without a move: people, preconditions, and what in the specification they serve.
pub const FACTS: &[(&str, &str, &[&str], &str)] = &[
    ("F-01", "APPLICANT|BRANCH_CLERK|IMPORTER", &[], "a draft begins at the counter, on-line or in bulk"),
    ("F-02", "APPLICANT|BRANCH_CLERK|IMPORTER", &[], "last edit of TM01"),
    ("F-03", "APPLICANT|CO_OBLIGOR|BRANCH_CLERK", &[], "T04: append document versions"),
    ("F-04", "APPLICANT", &["N-CONTENT-CHANGED"], "T43: the applicant says what changes"),
    ("F-05", "BRANCH_CLERK", &[], "T10: conditions evidenced"),
    ("F-06", "APPLICANT", &[], "C-55: acceptance of an offer"),
    ("F-07", "SCREENING_OFFICER|BRANCH_MANAGER|COMPLIANCE", &[], "E.3, E.4: a reason is recorded"),
    ("F-08", "BRANCH_MANAGER", &[], "E.3: a reason no longer holds"),
    ("F-09", "CORE_BANKING", &[], "I-08: arrears"),
    ("F-10", "BRANCH_CLERK", &[], "E-DEATH"),
    ("F-11", "BRANCH_CLERK", &["N-BRIDGE-ALLOWED"], "BR-7; BR-6 and BR-8 for one with money out"),
    ("F-12", "BRANCH_CLERK + BRANCH_MANAGER", &["G-FOUR-EYES"], "BR-7: plan with four eyes"),
    ("F-13", "SCREENING_OFFICER + BRANCH_MANAGER", &["G-FOUR-EYES"], "G-10: exception with two approvals"),
    ("F-14", "BRANCH_CLERK + BRANCH_MANAGER", &["G-FOUR-EYES"], "I-05: another account with two approvals"),
    (
        "F-15",
        "BRANCH_CLERK|BRANCH_MANAGER|SCREENING_OFFICER|OPERATIONS|COMPLIANCE",
        &[],
        "memo for colleagues",
    ),
    ("F-16", "BRANCH_CLERK", &["N-TRAINED"], "G-EXPLAIN: staff with a valid training record (L-95)"),
    ("F-17", "BRANCH_CLERK", &[], "T20: identity verified per person"),
    (
        "F-18",
        "APPLICANT|CO_OBLIGOR|BRANCH_CLERK",
        &["G-EXPLAIN", "N-IDENTITY-VERIFIED"],
        "T20: every signature, after the explanation (G-EXPLAIN)",
    ),
    ("F-19", "APPLICANT", &[], "I-01: the applicant names the date"),
    ("F-20", "BRANCH_CLERK", &[], "G-COSTS"),
    ("F-21", "BRANCH_CLERK", &[], "G-PAYOFF: statement"),
    ("F-22", "CORE_BANKING", &[], "G-PAYOFF: transfer confirmed"),
    ("F-23", "BRANCH_CLERK|GUARANTOR", &[], "S-12: papers and consent of the extension"),
    ("F-24", "APPLICANT", &[], "T36: mutual cancellation"),
    ("F-25", "CORE_BANKING", &[], "T38: servicing accepted"),
    ("F-26", "BRANCH_CLERK", &[], "C-44: a condition changes before disbursement"),
    ("F-27", "TIMER", &[], "TM02, TM08, TM10, TM11: reminder"),
    (
        "F-28",
        "BRANCH_CLERK + BRANCH_MANAGER",
        &["G-FOUR-EYES"],
        "I.20: an account is approved by another person",
    ),
    ("F-34", "CORE_BANKING", &["N-POSTING-KEY", "N-PART-OPEN"], "C-56: T29 needs both confirmations"),
    ("F-35", "CORE_BANKING", &["N-POSTING-KEY", "N-PART-OPEN"], "C-56: one confirmed and one rejected"),
    (
        "F-36",
        "CORE_BANKING",
        &["N-POSTING-KEY", "N-PART-POSTED"],
        "C-56: the posted one is reversed the same day",
    ),
    ("F-32", "BRANCH_CLERK", &["N-DRAWING"], "S-09: BUILDING_COMPLETED"),
    (
        "F-33",
        "BRANCH_CLERK + BRANCH_MANAGER",
        &["N-DRAWING", "N-BUILDING-FINISHED", "G-FOUR-EYES"],
        "S-09: TERMS_AGREED",
    ),
    ("F-29", "BRANCH_CLERK + BRANCH_MANAGER", &["G-FOUR-EYES"], "I.20: as F-28"),
    ("F-30", "BRANCH_CLERK + BRANCH_MANAGER", &["G-FOUR-EYES"], "H-30, H-36: the register as it was read"),
    (
        "F-31",
        "BRANCH_CLERK + BRANCH_MANAGER",
        &["G-FOUR-EYES"],
        "H-14, H-34: bank and scrivener of the filing",
    ),
    (
        "F-37",
        "BRANCH_CLERK|BRANCH_MANAGER|SCREENING_OFFICER|OPERATIONS|COMPLIANCE",
        &[],
        "L-108-3: an interest is declared",
    ),
    ("F-38", "COMPLIANCE", &["N-CONFLICT-OF-ANOTHER"], "L-108-3: somebody else has looked into it"),
    ("F-39", "COMPLIANCE", &["N-NOT-HELD"], "L.2: a legal hold stops every erasure"),
    ("F-40", "COMPLIANCE + COMPLIANCE", &["N-HELD", "G-FOUR-EYES"], "L.2: lifted by two people"),
    (
        "F-41",
        "COMPLIANCE + COMPLIANCE",
        &["N-NOT-HELD", "N-RETENTION-OVER", "G-FOUR-EYES"],
        "L.2: the time of the class is over, seen by two people",
    ),
    ("F-42", "SYSTEM", &["N-RELEASED"], "L.2: what was released is erased"),
    (
        "F-43",
        "BRANCH_MANAGER|SCREENING_OFFICER|COMPLIANCE",
        &[],
        "L-91: a case outside the branch is read in emergency",
    ),
    ("F-44", "BRANCH_MANAGER|SCREENING_OFFICER|COMPLIANCE", &[], "L-91: the access ends"),
    ("F-45", "COMPLIANCE", &[], "L-91: somebody else judges the reason"),
    (
        "F-47",
        "APPLICANT|CO_OBLIGOR|BRANCH_CLERK|COMPLIANCE",
        &["N-CONSENT-GIVEN"],
        "L-PRIV: stop of use, by purpose and recipient",
    ),
    ("F-48", "APPLICANT|CO_OBLIGOR|BRANCH_CLERK|COMPLIANCE", &["N-CONSENT-WITHDRAWN"], "L-PRIV: given again"),
    ("F-49", "SYSTEM", &[], "D.1: what the server took in, digested and scanned itself"),
    ("F-50", "BRANCH_CLERK|SCREENING_OFFICER", &[], "D.1: a file is in order, or why it is not"),
    (
        "F-51",
        "BRANCH_CLERK",
        &["N-OTHER-GUARANTOR", "N-GUARANTEE-FREE", "N-CONTRACTOR-FIT", "N-GUARANTOR-CONSENT"],
        "F-01, F-02: whoever sends the request may send it to another institution; L-94 and L-PRIV look at that one",
    ),
    ("F-52", "TIMER", &[], "B-03, E.2: a partner that owes an answer is reminded"),
    ("F-53", "TIMER", &[], "B-03, E.2: the bank is told that it still waits"),
    (
        "F-54",
        "GUARANTOR",
        &["N-REQUEST-UNKNOWN"],
        "F-02: the institution asks about a request that it has not decided",
    ),
    (
        "F-55",
        "BRANCH_CLERK|BRANCH_MANAGER",
        &["N-QUESTION-OPEN"],
        "F-02: who sends the request, and who answers conditions",
    ),
    (
        "F-56",
        "BRANCH_CLERK|BRANCH_MANAGER|OPERATIONS",
        &["N-DATE-AHEAD"],
        "T23, E.2: whoever prepares the day agrees when and where people settle (scrivener's work order: settlement place/time)",
    ),
    (
        "F-57",
        "BRANCH_CLERK|BRANCH_MANAGER",
        &[],
        "T19: the bank that told an appointment tells another one, until the set is handed in",
    ),
];
