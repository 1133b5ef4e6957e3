story   The joint debtor dies before the contract: the server opens a change
after   joint-screening

screening+manager approveLoan                         -> APPROVED
clerk            recordDeath party_id=D1              -> noted tells W04
clock                                                 -> CHANGE_REQUESTED
