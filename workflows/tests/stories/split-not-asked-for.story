story   A drawing without an application for split lending (S-09)
after   8-scheduled

clerk            recordCompletion                     -> refused N-DRAWING
clerk            releaseDate                          -> CONTRACTED
applicant        nameDate date=2026-06-15             -> noted
clerk            scheduleDisbursement date=2026-06-15 drawing_yen=1000000 -> refused G-SPLIT-90 S-09
clerk            scheduleDisbursement date=2026-06-15 -> SCHEDULED
