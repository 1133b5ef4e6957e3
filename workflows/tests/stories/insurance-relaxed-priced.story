story   BASIC is refused, RELAXED is accepted: the loan is approved and disbursed with the add-on of RELAXED
after   2-screening

member-org       confirmMembership                    -> ELIG:A1 CONFIRMED
guarantor        approveGuarantee                     -> GUAR APPROVED
screening        recordValuation                      -> COLL VALUED
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED
# While a step is missing the form of the cover is not sound (G-20).
applicant        intendRelaxed                        -> INS:A1:L1 RELAXED_INTENT
screening+manager approveLoan                         -> refused G-INS-FORM G-20 G-INS-DECIDED
# A new form instead is for BASIC again, which may be refused again.
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED
applicant        declareInsurance                     -> INS:A1:L1 DECLARED
screening+manager approveLoan                         -> refused G-INS-DECIDED
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED
applicant        intendRelaxed                        -> INS:A1:L1 RELAXED_INTENT
insurer          expectRelaxed                        -> INS:A1:L1 RELAXED_EXPECTED
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
screening+manager approveLoan                         -> APPROVED
