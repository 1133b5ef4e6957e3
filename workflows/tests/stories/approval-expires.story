story   Nobody makes a contract while the approval is valid
after   4-approved

timer            expireApproval                       -> refused N-APPROVAL-OVER
clock 2026-09-04                                      -> APPROVED tells N17
clock 2026-10-04                                      -> APPROVAL_EXPIRED tells N09
