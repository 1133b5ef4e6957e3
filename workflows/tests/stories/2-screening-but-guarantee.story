story   Everybody but the guarantor has decided
after   2-screening

member-org       confirmMembership                    -> ELIG:A1 CONFIRMED
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED
screening        recordValuation                      -> COLL VALUED
# No guarantee, no loan (F-01).
screening+manager approveLoan                         -> refused G-GUAR-APPROVED
