story   Husband and wife buy together, the father guarantees
form    joint

applicant        createDraft                          -> DRAFT
applicant        submitApplication                    -> SUBMITTED tells N01
clock                                                 -> AML:A1 CLEAR AML:D1 CLEAR AML:G1 CLEAR
clerk            orderValuation                       -> COLL REQUESTED
clerk+manager    startScreening                       -> SCREENING ELIG:D1 REQUESTED
clock                                                 -> BUREAU:D1 ANSWERED BUREAU:G1 ANSWERED
member-org       confirmMembership                    -> ELIG:A1 CONFIRMED
member-org       confirmMembership party_id=D1        -> ELIG:D1 CONFIRMED
guarantor        approveGuarantee                     -> GUAR APPROVED
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
screening        recordValuation                      -> COLL VALUED
