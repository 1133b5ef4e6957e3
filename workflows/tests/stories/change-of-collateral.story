story   Other land: papers about the old lot are stale; a corrected name is no change
after   4-approved

applicant        requestChange form.parties.0.name_kanji=桜井遥 -> refused N-CONTENT-CHANGED
applicant        requestChange form.properties.0.number=419番1 -> CHANGE_REQUESTED tells N07
clerk+manager    startRescreening                     -> refused N-CHANGED-PAPERS
applicant        withdrawChange                       -> APPROVED
applicant        requestChange form.properties.0.number=419番1 form.documents.5.received_on=2026-04-06 form.documents.6.received_on=2026-04-06 -> CHANGE_REQUESTED
# The declaration stands: only what rests on the land is made anew.
clerk+manager    startRescreening                     -> RE_SCREENING GUAR:V1 SUSPENDED GUAR:V2 REQUESTED COLL REQUESTED waits VALUE_COLLATERAL
guarantor        approveGuarantee                     -> GUAR:V2 APPROVED
screening+manager approveLoan                         -> refused G-COLL-VALUE
screening        recordValuation                      -> COLL VALUED
screening+manager approveLoan                         -> APPROVED
