story   The main posting is fixed before the funding deadline; its date is given up
after   split-drawn

applicant        nameDate date=2027-03-15             -> noted
clerk            scheduleDisbursement date=2027-03-15 -> refused N-FUNDING-DEADLINE
applicant        nameDate date=2026-07-15             -> noted
clerk            scheduleDisbursement date=2026-07-15 drawing_yen=5000000 -> SCHEDULED tells N12
clerk            releaseDate                          -> PARTIALLY_DISBURSED tells N32
