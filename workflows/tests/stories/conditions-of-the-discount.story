story   The transaction conditions do not hold on the day: no discount; then they are updated
form    purchase transaction_conditions.salary_transfer.status=CANNOT_DESIGNATE transaction_conditions.salary_transfer.as_of=none
after   8-scheduled

system           evaluateConditions                   -> COND NOT_MET
clerk            updateConditions conditions.salary_transfer.status=RESERVED conditions.salary_transfer.as_of=2026-04-03 -> COND PENDING
system           evaluateConditions                   -> COND MET
clerk            updateConditions                     -> COND PENDING
