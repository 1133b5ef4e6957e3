story   No insurer accepts; two people of the bank allow the exception (G-10)
after   2-screening

member-org       confirmMembership                    -> ELIG:A1 CONFIRMED
guarantor        approveGuarantee                     -> GUAR APPROVED
screening        recordValuation                      -> COLL VALUED
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED
screening+manager approveLoan                         -> refused G-INS-DECIDED
screening+manager allowInsuranceException             -> noted
screening+manager approveLoan                         -> APPROVED
