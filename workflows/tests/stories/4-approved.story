story   The happy path, 4: the loan is approved
after   3-decided

screening+manager approveLoan                         -> APPROVED tells N03 waits PREPARE_CONTRACT
