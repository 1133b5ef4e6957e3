story   The changed loan is approved with a condition
after   change-screened

guarantor        conditionGuarantee                   -> GUAR:V2 CONDITIONAL
clock 2026-05-01
screening+manager approveWithConditions before-contract=SELL_CAR -> CONDITIONALLY_APPROVED GUAR:V1 CANCELLED
