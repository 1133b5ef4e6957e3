story   Everybody but the insurer has decided
after   2-screening

member-org       confirmMembership                    -> ELIG:A1 CONFIRMED
guarantor        approveGuarantee decision.valid_until=2027-12-31 -> GUAR APPROVED
screening        recordValuation                      -> COLL VALUED
