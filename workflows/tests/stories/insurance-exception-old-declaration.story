story   The declaration of somebody who is excepted may be out of date on the day (G-10)
form    purchase insurance.0.declared_on=2025-05-01
after   2-screening

member-org       confirmMembership                    -> ELIG:A1 CONFIRMED
guarantor        approveGuarantee                     -> GUAR APPROVED
screening        recordValuation                      -> COLL VALUED
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          rejectInsurance                      -> INS:A1:L1 REJECTED
screening+manager approveLoan                         -> refused G-INS-DECIDED
screening+manager allowInsuranceException             -> noted
screening+manager approveLoan                         -> APPROVED
