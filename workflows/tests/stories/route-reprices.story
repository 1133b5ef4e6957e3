story   The applicant's new route changes fee and add-on: the approval is opened again
after   4-approved

member-org       loseMembership                       -> ELIG:A1 LOST
system           openChange cause=ROUTE_CHANGED       -> refused N-CHANGE-CAUSE
clerk            changeRoute                          -> ELIG:A1 CONFIRMED
clock                                                 -> CHANGE_REQUESTED
