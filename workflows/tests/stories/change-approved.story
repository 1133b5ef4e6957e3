story   The changed loan is approved, the earlier guarantee is cancelled
after   change-screened

screening+manager approveLoan                         -> refused G-GUAR-APPROVED
guarantor        approveGuarantee                     -> GUAR:V2 APPROVED
# The approval counts anew from its own day.
clock 2026-05-01
screening+manager approveLoan                         -> APPROVED GUAR:V1 CANCELLED tells N03
