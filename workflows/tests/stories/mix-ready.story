story   An interest mix until it is ready: two loans, two declarations, one contract set
form    mix
after   2-screening

member-org       confirmMembership                    -> ELIG:A1 CONFIRMED
guarantor        approveGuarantee                     -> GUAR APPROVED
screening        recordValuation                      -> COLL VALUED
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
# The second loan has a declaration of its own (G-19).
screening+manager approveLoan                         -> refused G-INS-DECIDED
clerk            passDeclaration loan_no=2            -> INS:A1:L2 UNDERWRITING
insurer          acceptInsurance loan_no=2 sum_yen=18000000 -> refused N-SUM-MATCHES G-12
insurer          acceptInsurance loan_no=2 sum_yen=12000000 -> INS:A1:L2 ACCEPTED
screening+manager approveLoan                         -> APPROVED
clock 2026-05-11
clerk            startContracting                     -> CONTRACTING
clerk            recordExplanation                    -> noted
clerk            verifyIdentity                       -> noted
applicant        signContract                         -> noted
applicant        tenderContract                       -> CONTRACT_TENDERED
clock                                                 -> AML:A1 CLEAR
clerk+manager    acceptContract                       -> CONTRACTED
clerk            instructScrivener                    -> REG INSTRUCTED
scrivener        verifyMortgagors                     -> REG ID_VERIFIED
scrivener        readyPapers                          -> REG DOCS_READY
applicant        handInFireEvidence                   -> FIRE:P2 EVIDENCE_RECEIVED
clerk            verifyFireCover                      -> FIRE:P2 VERIFIED
clerk            recordCosts                          -> noted
# S-15: no drawing on a mix.
clerk            scheduleDisbursement drawing_yen=1000000 -> refused G-SPLIT-90 S-15
clerk            scheduleDisbursement                 -> SCHEDULED
clock 2026-06-15                                      -> READY
