story   A returned approval is proposed again by the same officer and decided by the same manager (E.2)
after   3-decided

screening        approveLoan                                  -> pending tells W02
manager          returnProposal reason=valuation-missing      -> noted tells W03
screening        approveLoan                                  -> pending tells W02
screening        approveProposal                              -> refused FORBIDDEN
screening        retractProposal                              -> noted
screening+manager approveLoan                                 -> APPROVED
