story   A manager whose sister applies keeps away and a colleague decides; what somebody with an interest proposed is void (L-108-3)
after   3-decided

clerk            declareConflict subject=branch_manager relation=RELATIVE note=sister -> refused FORBIDDEN
manager          declareConflict relation=RELATIVE note=" "    -> refused L-108-3
manager          declareConflict relation=RELATIVE note=sister -> noted tells W04
screening+manager approveLoan                                 -> refused N-NO-CONFLICT
manager          addMemo                                      -> refused N-NO-CONFLICT
compliance       declareConflict subject=screening_officer relation=BUSINESS note=tenant -> noted
screening:b+manager:b approveLoan                             -> APPROVED
compliance       declareConflict relation=OTHER note=neighbour -> noted
compliance       liftConflict subject=compliance reason=mine  -> refused N-NO-CONFLICT
compliance:b     liftConflict subject=operations reason=idle  -> refused N-CONFLICT-OF-ANOTHER
compliance:b     liftConflict subject=branch_manager reason=moved -> noted
manager          addMemo                                      -> noted
