story   The changed loan is approved, the earlier guarantee is cancelled
after   change-screened

screening+manager approveLoan                         -> refused G-GUAR-APPROVED
guarantor        approveGuarantee                     -> GUAR:V2 APPROVED
screening+manager approveLoan                         -> APPROVED GUAR:V1 CANCELLED tells N03
