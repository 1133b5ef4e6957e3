story   The date must be named, ahead, a business day, and every decision must hold on it
form    purchase
after   7-contracted

clerk            scheduleDisbursement date=2026-06-14 -> refused N-DATE-NAMED G-BUSINESS-DAY
clerk            scheduleDisbursement date=2026-05-15 -> refused N-DATE-AHEAD
applicant        nameDate date=2027-04-05             -> noted tells W01
clerk            scheduleDisbursement date=2027-04-05 -> refused G-INS-VALID N-GUAR-VALID-ON-DATE
applicant        nameDate date=2026-07-13             -> noted
clerk            scheduleDisbursement date=2026-07-13 -> SCHEDULED
applicant        releaseDate                          -> CONTRACTED tells N32
