story   Complete on paper but not lendable; the applicant amends it before the result
form    purchase documents.2.issued_on=2025-01-10 fund_uses.1.kind=SPECULATION fund_uses.0.amount_yen=20000000 loans.0.term_months=500 loans.0.fee_plan=PERCENT_FEE loans.0.guarantee_fee_method=LUMP_SUM loans.0.bonus_part_yen=20000000 loans.0.bonus_months=[6,12]
after   1-submitted

clerk+manager    startScreening                       -> refused G-DOC-INTAKE G-PURPOSE G-AMOUNT G-TERM-AGE G-RATE-TYPE G-REPAYMENT
applicant        amendApplication form.family_data_in_documents=true -> refused G-CONSENT
applicant        amendApplication form.documents.2.issued_on=2026-03-01 form.fund_uses.1.kind=ACQUISITION_COSTS form.fund_uses.0.amount_yen=33200000 form.loans.0.term_months=420 form.loans.0.fee_plan=FLAT_FEE form.loans.0.guarantee_fee_method=MONTHLY_IN_RATE form.loans.0.bonus_part_yen=0 form.loans.0.bonus_months=[] -> SUBMITTED GUAR:V1 CANCELLED GUAR:V2 NOT_REQUESTED tells W01
clerk            startScreening                       -> pending tells W02
manager          returnProposal                       -> SUBMITTED tells W03
clerk            startScreening                       -> pending
clerk:b          retractProposal                      -> refused FORBIDDEN
clerk            retractProposal                      -> SUBMITTED
clerk+manager    startScreening                       -> SCREENING GUAR:V2 REQUESTED
applicant        amendApplication form.direct_mail_consent=true -> SUBMITTED GUAR:V2 CANCELLED GUAR:V3 NOT_REQUESTED
