story   Husband and wife insure the whole loan both; one of them is refused, and no relaxed assessment is open to two (G-15, G-20)
form    joint insurance.0.type=BASIC insurance.0.cover=JOINT_COUPLE insurance.1.party_id=D1

applicant        createDraft                          -> DRAFT
applicant        submitApplication                    -> SUBMITTED INS:A1:L1 DECLARED INS:D1:L1 DECLARED
clock                                                 -> AML:A1 CLEAR AML:D1 CLEAR AML:G1 CLEAR
clerk            orderValuation                       -> COLL REQUESTED
clerk+manager    startScreening                       -> SCREENING
clock                                                 -> BUREAU:D1 ANSWERED
member-org       confirmMembership                    -> ELIG:A1 CONFIRMED
member-org       confirmMembership party_id=D1        -> ELIG:D1 CONFIRMED
guarantor        approveGuarantee                     -> GUAR APPROVED
screening        recordValuation                      -> COLL VALUED
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          acceptInsurance sum_yen=15000000     -> refused N-SUM-MATCHES G-12
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
screening+manager approveLoan                         -> refused G-INS-DECIDED
clerk            passDeclaration party_id=D1          -> INS:D1:L1 UNDERWRITING
insurer          rejectInsurance party_id=D1          -> INS:D1:L1 REJECTED
co-obligor       intendRelaxed party_id=D1            -> refused N-BASIC-REFUSED G-20
co-obligor       declareInsurance party_id=D1         -> INS:D1:L1 DECLARED
clerk            passDeclaration party_id=D1          -> INS:D1:L1 UNDERWRITING
insurer          acceptInsurance party_id=D1          -> INS:D1:L1 ACCEPTED
screening+manager approveLoan                         -> APPROVED
