story   Split lending with a weather delay: two drawings, an extension, the main posting pays them off
after   split-drawn

# S-13: nothing is added to the main loan once money is out.
applicant        requestChange form.requested_amount_yen=31000000 form.loans.0.amount_yen=31000000 -> refused ILLEGAL_TRANSITION
applicant        nameDate date=2026-08-03             -> noted
clerk            scheduleDisbursement date=2026-08-03 drawing_yen=17000001 -> refused G-SPLIT-90 S-02
clerk            scheduleDisbursement date=2026-08-03 drawing_yen=17000000 -> SCHEDULED
clock 2026-08-03                                      -> READY
operations+operations:b orderPosting                  -> DISBURSING
core-banking     confirmPosting                       -> PARTIALLY_DISBURSED
clock 2026-12-01
clerk            recordExtensionPaper                 -> noted
guarantor        recordExtensionPaper paper=GUARANTOR_CONSENT -> noted
clerk            recordExtensionPaper paper=CHANGE_AGREEMENT -> noted
# A handover that gives no later deadline, and no cause: S-12.
clerk+manager    extendFundingDeadline new_handover_on=2026-12-14 -> refused BAD_USER_INPUT S-12
clerk+manager    extendFundingDeadline cause="" new_handover_on=2026-12-25 -> refused BAD_USER_INPUT S-12
clerk+manager    extendFundingDeadline cause="long rain" new_handover_on=2026-12-25 -> PARTIALLY_DISBURSED tells N28
applicant        nameDate date=2027-01-18             -> noted
clerk            scheduleDisbursement date=2027-01-18 -> refused N-FUNDING-DEADLINE S-04
applicant        nameDate date=2027-01-08             -> noted
clerk            scheduleDisbursement date=2027-01-08 -> SCHEDULED
clock 2027-01-04
clerk            recordCompletion completed_on=2026-12-28 -> REG:F2 NOT_INSTRUCTED
clerk            instructScrivener filing=F2          -> REG:F2 INSTRUCTED sends SCRIVENER_INSTRUCTION
scrivener        verifyMortgagors filing=F2           -> REG:F2 ID_VERIFIED
scrivener        readyPapers filing=F2                -> REG:F2 DOCS_READY
scrivener        fileRegistration filing=F2           -> REG:F2 FILED
registry         acceptFiling filing=F2               -> REG:F2 ACCEPTED
clerk+manager    recordTermsAgreement                 -> noted
applicant        handInFireEvidence                   -> FIRE:P2 EVIDENCE_RECEIVED
clerk            verifyFireCover                      -> FIRE:P2 VERIFIED
clock 2027-01-08                                      -> READY
operations+operations:b orderPosting                  -> DISBURSING
core-banking     confirmPosting                       -> DISBURSED tells N14
