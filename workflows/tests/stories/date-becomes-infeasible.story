story   The day passes because the filing slips; the next one lies behind the 180 days of the declaration, which is made anew
after   joint-contract

clock                                                 -> AML:A1 CLEAR AML:D1 CLEAR AML:G1 CLEAR
clerk+manager    acceptContract                       -> CONTRACTED
clerk            instructScrivener                    -> REG INSTRUCTED
scrivener        verifyMortgagors                     -> REG ID_VERIFIED
applicant        nameDate date=2026-09-25             -> noted
clerk            scheduleDisbursement date=2026-09-25 -> SCHEDULED tells N12
# The papers are not complete on the day (G-REG).
clock 2026-09-25                                      -> SCHEDULED
system           makeReady                            -> refused G-REG
clerk            releaseDate                          -> CONTRACTED tells N32
applicant        nameDate date=2026-09-29             -> noted
clerk            scheduleDisbursement date=2026-09-29 -> refused G-INS-VALID
applicant        nameDate date=2026-09-28             -> noted
clerk            scheduleDisbursement date=2026-09-28 -> SCHEDULED
clerk            releaseDate                          -> CONTRACTED
applicant        declareInsurance                     -> INS:A1:L1 DECLARED
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
applicant        nameDate date=2026-09-29             -> noted
clerk            scheduleDisbursement date=2026-09-29 -> SCHEDULED
