story   The applicant withdraws with a guarantee decision (approved)
after   2-screening

guarantor        approveGuarantee                     -> GUAR APPROVED
applicant        withdrawApplication                  -> WITHDRAWN GUAR CANCELLED sends GUARANTEE_CANCEL
