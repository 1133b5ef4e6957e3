story   The seal certificate grows old while the date moves
after   8-scheduled

screening+manager deferRegistration                   -> refused ILLEGAL_TRANSITION
system           stalePapers                          -> refused N-PAPERS-STALE
scrivener        cancelRegistration                   -> refused ILLEGAL_TRANSITION
clerk            stopRegistration                     -> refused N-CASE-ENDING
applicant        releaseDate                          -> CONTRACTED
clock 2026-08-20
clerk            instructScrivener                    -> refused ILLEGAL_TRANSITION
system           stalePapers                          -> REG INSTRUCTED
