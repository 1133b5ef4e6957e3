story   The joint debtor's new route changes neither fee nor add-on: the approval stands
after   joint-screening

screening+manager approveLoan                         -> APPROVED
member-org       loseMembership party_id=D1           -> ELIG:D1 LOST
clerk            changeRoute party_id=D1              -> ELIG:D1 CONFIRMED
system           openChange cause=ROUTE_CHANGED       -> refused N-CHANGE-CAUSE
clock                                                 -> APPROVED
