story   With a bridge loan outstanding the case does not expire, but no contract is made on it
after   4-approved

clerk            linkBridge                           -> noted
clock 2026-10-04                                      -> APPROVED
timer            expireApproval                       -> refused N-NO-BRIDGE
clerk            startContracting                     -> refused G-APPROVAL-VALID
