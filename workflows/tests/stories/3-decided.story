story   The happy path, 3: the organisation, the guarantor and the insurer decide
after   2-screening

member-org       confirmMembership                    -> ELIG:A1 CONFIRMED
guarantor        approveGuarantee                     -> GUAR APPROVED tells W01
clerk            passDeclaration                      -> INS:A1:L1 UNDERWRITING sends INSURANCE_DECLARATION
insurer          acceptInsurance                      -> INS:A1:L1 ACCEPTED tells N30
screening        recordValuation                      -> COLL VALUED
