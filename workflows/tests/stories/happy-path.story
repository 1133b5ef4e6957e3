story   A family buys a new house: from the draft to the hand-over
form    purchase

# Intake. The list search and the bureau answer by themselves.
applicant        createDraft                          -> DRAFT
applicant        submitApplication                    -> SUBMITTED tells N01 W01
clock                                                 -> AML:A1 CLEAR
clerk            orderValuation                       -> COLL REQUESTED waits VALUE_COLLATERAL
clerk+manager    startScreening                       -> SCREENING GUAR REQUESTED ELIG:A1 REQUESTED sends GUARANTEE_REQUEST
clock                                                 -> BUREAU:A1 ANSWERED

# Screening: the organisation, the guarantor, the insurer and the bank each decide.
member-org       confirmMembership                    -> ELIG:A1 CONFIRMED
guarantor        approveGuarantee                     -> GUAR APPROVED
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING sends INSURANCE_DECLARATION
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED tells N30
screening        recordValuation                      -> COLL VALUED
screening+manager approveLoan                         -> APPROVED tells N03

# Contract.
clock 2026-05-11
clerk            startContracting appointment=2026-05-18 -> CONTRACTING tells N10
clock 2026-05-18
clerk            recordExplanation                    -> noted
clerk            verifyIdentity                       -> noted
applicant        signContract                         -> noted
applicant        tenderContract                       -> CONTRACT_TENDERED
clock                                                 -> AML:A1 CLEAR
clerk+manager    acceptContract                       -> CONTRACTED FIRE:P2 REQUIRED REG NOT_INSTRUCTED tells N11

# Preparation: mortgage and fire cover.
clerk            instructScrivener                    -> REG INSTRUCTED sends SCRIVENER_INSTRUCTION
scrivener        verifyMortgagors                     -> REG ID_VERIFIED
scrivener        readyPapers                          -> REG DOCS_READY
applicant        handInFireEvidence                   -> FIRE:P2 EVIDENCE_RECEIVED
clerk            verifyFireCover                      -> FIRE:P2 VERIFIED
clerk            recordCosts                          -> noted
clerk            scheduleDisbursement                 -> SCHEDULED tells N12

# The day.
clock 2026-06-15                                      -> READY COND MET
operations+operations:b orderPosting                  -> DISBURSING sends POSTING_ORDER
core-banking     confirmPosting                       -> DISBURSED INS:A1:L1 IN_FORCE tells N14 N15
scrivener        fileRegistration                     -> REG FILED
registry         acceptFiling                         -> REG ACCEPTED
core-banking     acceptServicing                      -> noted
clock                                                 -> HANDED_OVER
