story   A paper of the change is missing, first before, then during the screening
after   4-approved

applicant        requestChange form.family_data_in_documents=true -> CHANGE_REQUESTED
clerk+manager    startRescreening                     -> refused N-CHANGED-PAPERS
applicant        withdrawChange                       -> APPROVED
applicant        requestChange form.loans.0.term_months=360 -> CHANGE_REQUESTED
clerk+manager    startRescreening                     -> RE_SCREENING
clerk            recordDefects paper=none             -> refused N-DEFECT-NAMED
clerk            recordDefects paper=SEAL_CERTIFICATE:A1 -> CHANGE_REQUESTED tells N02 waits SUPPLY_PAPERS
clerk+manager    startRescreening                     -> RE_SCREENING GUAR:V2 REQUESTED
clerk            recordDefects                        -> CHANGE_REQUESTED
applicant        withdrawChange                       -> APPROVED GUAR:V1 APPROVED GUAR:V2 CANCELLED
