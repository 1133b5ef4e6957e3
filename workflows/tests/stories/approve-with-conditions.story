story   Approved on conditions before the contract; the guarantor has conditions of its own
after   2-screening

member-org       confirmMembership                    -> ELIG:A1 CONFIRMED
screening        recordValuation                      -> COLL VALUED
screening+manager approveWithConditions before-contract=SELL_CAR -> refused N-GUAR-ANSWERED N-INS-DECIDED-OR-CONDITION
guarantor        conditionGuarantee                   -> GUAR CONDITIONAL
screening+manager approveWithConditions after-disbursement=ADD_BUILDING -> refused N-OPEN-CONDITION
screening+manager approveWithConditions before-contract=INSURANCE_DECIDED screening_add_on=0.5 -> refused BAD_USER_INPUT
screening+manager approveWithConditions before-contract=INSURANCE_DECIDED screening_add_on=0.2 -> CONDITIONALLY_APPROVED tells N03 waits MEET_CONDITIONS
